//! Morris' plane: how much each screened parameter matters, against how much that depends on the others.

use std::io;

use scenarios::sensitivity::{Effects, Ranked, Sensitivity};

use super::Chart;
use super::axis::Axis;
use super::canvas::{Canvas, LABEL_SIZE, Room, sheet};
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
    let trajectories = words::counted(found.trajectories, "trajector").replace("trajectors", "trajectories");
    let subtitle = format!(
        "Effect of a whole range on downtime {}; {trajectories} (Morris). Above the line it depends on the others",
        per.words()
    );
    let most =
        |of: fn(&Effects) -> f64| screened.iter().map(|(_, e)| of(e)).fold(0.0, f64::max) * per.seconds();
    let (x_end, y_end) = (1.1 * most(|e| e.mean_absolute), 1.1 * most(|e| e.deviation));
    let svg = sheet(SIZE, &title, &subtitle, |area| {
        let x = Axis::elapsed(0.0, x_end.max(1e-3), "mean absolute effect, mu*");
        let y = Axis::elapsed(0.0, y_end.max(1e-3), "spread, sigma");
        let canvas = Canvas::new(area, x, y, Room { left: 96, right: 250, bottom: 46 })?;
        let diagonal = x_end.min(y_end).max(1e-3);
        canvas.line([(0.0, 0.0), (diagonal, diagonal)], CONTEXT)?;
        let mut ends = Vec::new();
        for (series, (ranked, effects)) in screened.iter().enumerate() {
            let at = (effects.mean_absolute * per.seconds(), effects.deviation * per.seconds());
            let colour = series_colour(series, screened.len());
            canvas.dot(at, colour, false)?;
            ends.push(End { at: canvas.pixel(at), name: tail(short(&ranked.path)), colour });
        }
        let corner = canvas.pixel((x_end, 0.0));
        label_ends(&canvas, ends, corner.0 + 14 + LABEL_SIZE as i32 / 2, (20, corner.1 - 8))
    })?;
    Ok(Some(Chart::new("screening", "", title, subtitle, svg)))
}
