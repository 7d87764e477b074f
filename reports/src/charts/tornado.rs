//! A tornado: what each parameter does to downtime at both ends of its range, the largest effect on top.

use std::io;

use plotters::style::{Color, RGBColor};
use scenarios::sensitivity::{Changed, Ranked, Sensitivity};

use super::Chart;
use super::axis::Axis;
use super::canvas::{Canvas, Drawn, LEFT, RIGHT, Room, TICK_SIZE, sheet, style};
use super::palette::{INK, PALETTE, QUIET};
use crate::per::Per;
use crate::sensitivity::{short, value};
use crate::words;

/// Parameters that a picture can show; the file has all.
const MOST_ROWS: usize = 16;

/// Room for the longest names, which keep their ends, and for the values at the bars.
const SIDES: Room = Room { left: 236, right: 70, bottom: 46 };

/// None where nothing made a difference.
pub fn chart(found: &Sensitivity) -> io::Result<Option<Chart>> {
    let per = Per::of_span(found.measured_s);
    let moving = found.parameters.iter().filter(|ranked| ranked.swing > 0.0);
    let shown: Vec<&Ranked> = moving.take(MOST_ROWS).collect();
    if shown.is_empty() {
        return Ok(None);
    }
    let title = format!("What downtime {} of {} depends on", per.words(), words::name(&found.service));
    let runs = words::counted(found.repetitions as usize, "run");
    let subtitle = format!(
        "Change when one parameter is lowered (blue) or raised (orange); {runs} each, with 95% intervals; \
         from {}",
        words::duration(per.downtime_s(found.base.value))
    );
    let height = 170 + shown.len() as u32 * 34;
    let names: Vec<String> = shown.iter().map(|ranked| tail(short(&ranked.path))).collect();
    let svg = sheet((960, height), &title, &subtitle, |area| {
        let canvas = Canvas::new(area, axis(&shown, per), Axis::rows(&names), SIDES)?;
        canvas.line([(0.0, 0.5), (0.0, 0.5 - shown.len() as f64)], INK)?;
        shown.iter().enumerate().try_for_each(|(row, ranked)| {
            let at = -(row as f64);
            end(&canvas, at + 0.17, &ranked.low, per, PALETTE[0])?;
            end(&canvas, at - 0.17, &ranked.high, per, PALETTE[1])
        })
    })?;
    Ok(Some(Chart::new("tornado", "", title, subtitle, svg)))
}

/// The steps that tell a path apart from most others: the last two, without those that all have.
pub fn tail(path: &str) -> String {
    let object = |step: &str| step.rsplit('/').next().unwrap_or_default().to_owned();
    let steps: Vec<String> = path.split('.').map(object).collect();
    let common = ["exponential", "mean", "lognormal", "median", "uniform", "spec", "template", "timing"];
    let telling: Vec<&str> = steps.iter().map(String::as_str).filter(|step| !common.contains(step)).collect();
    let bound = |step: &&str| ["low", "high", "sigma", "shape"].contains(step);
    let numbered = |step: &&str| step.parse::<usize>().is_ok();
    let more = telling.last().is_some_and(bound) || telling.iter().rev().nth(1).is_some_and(numbered);
    telling[telling.len().saturating_sub(if more { 3 } else { 2 })..].join(" ")
}

fn end(canvas: &Canvas, y: f64, changed: &Changed, per: Per, colour: RGBColor) -> Drawn {
    let Some(change) = changed.change.filter(|change| change.value != 0.0) else { return Ok(()) };
    let [at, low, high] = [change.value, change.low, change.high].map(|share| share * per.seconds());
    canvas.bar((0.0, y - 0.15), (at, y + 0.15), colour.mix(0.55).filled())?;
    canvas.interval_along(y, (low, high), colour)?;
    let (side, place, pos) = if at > 0.0 { (high, 6, LEFT) } else { (low, -6, RIGHT) };
    canvas.text(&value(&changed.value), (side, y), (place, 0), &style(TICK_SIZE - 1.0, QUIET), pos)
}

/// From the least to the most that intervals reach, with room for the values beside them.
fn axis(shown: &[&Ranked], per: Per) -> Axis {
    let changes = shown.iter().flat_map(|ranked| [&ranked.low, &ranked.high]).filter_map(|end| end.change);
    let ends = changes.flat_map(|change| [change.low, change.high]);
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
    let (low, high) = (low * per.seconds(), high * per.seconds());
    let room = 0.1 * (high - low);
    Axis::differences(low - room, high + room, &format!("change of downtime {}", per.words()))
}
