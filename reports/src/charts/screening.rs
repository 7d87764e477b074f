//! Morris' plane: how much each screened parameter matters, against how much that depends on the others.

use std::io;

use scenarios::sensitivity::{Effects, Ranked, Sensitivity};

use super::Chart;
use super::axis::Axis;
use super::canvas::{Canvas, Room, sheet};
use super::direct::{End, label_ends};
use super::palette::{CONTEXT, series_colour};
use super::tornado::tail;
use crate::per::Per;
use crate::sensitivity::short;
use crate::words;

const SIZE: (u32, u32) = (960, 520);

/// None where nothing was screened.
pub fn chart(found: &Sensitivity) -> io::Result<Option<Chart>> {
    let per = Per::of_span(found.measured_s);
    let screened: Vec<(&Ranked, Effects)> =
        found.parameters.iter().filter_map(|ranked| Some((ranked, ranked.effects?))).collect();
    if screened.is_empty() {
        return Ok(None);
    }
    let title = format!("Parameters of {} moved together", words::name(&found.service));
    let subtitle = format!(
        "Effect of a whole range on downtime {}; {} trajectories (Morris). Above the line it depends on the others",
        per.words(),
        found.trajectories
    );
    let mu = |effects: &Effects| effects.mean_absolute * per.seconds();
    let sigma = |effects: &Effects| effects.deviation * per.seconds();
    let of = |figure: &dyn Fn(&Effects) -> f64| -> Vec<f64> {
        screened.iter().map(|(_, effects)| figure(effects)).collect()
    };
    let svg = sheet(SIZE, &title, &subtitle, |area| {
        let x = Axis::log_durations(of(&mu).into_iter(), false, "mean absolute effect, mu* (log scale)");
        let y = Axis::log_durations(of(&sigma).into_iter(), false, "spread, sigma (log scale)");
        let canvas = Canvas::new(area, x.clone(), y.clone(), Room { left: 96, right: 250, bottom: 46 })?;
        let (from, to) = (x.low.max(y.low), x.high.min(y.high));
        if from < to {
            canvas.line([(from, from), (to, to)], CONTEXT)?;
        }
        let mut ends = Vec::new();
        for (series, (ranked, effects)) in screened.iter().enumerate() {
            let place = |seconds: f64, axis: &Axis| seconds.log10().clamp(axis.low, axis.high);
            let at = (place(mu(effects), &x), place(sigma(effects), &y));
            let colour = series_colour(series, screened.len());
            canvas.dot(at, colour, false)?;
            ends.push(End { at: canvas.pixel(at), name: tail(short(&ranked.path)), colour });
        }
        let corner = canvas.pixel((x.high, y.low));
        label_ends(&canvas, ends, corner.0 + 20, (20, corner.1 - 8))
    })?;
    Ok(Some(Chart::new("screening", "", title, subtitle, svg)))
}
