//! The distribution of downtime, counted for a year unless runs are short: one row per design point, a small histogram of its runs in each.

use std::io;

use plotters::style::Color;
use scenarios::summary::SweepResult;

use super::Chart;
use super::axis::Axis;
use super::canvas::{Canvas, Drawn, LABEL_SIZE, LEFT, RIGHT, Room, TICK_SIZE, sheet, style};
use super::lanes;
use super::palette::{INK, PALETTE, QUIET};
use crate::group::{Group, Lane};
use crate::per::Per;
use crate::{sweep, verdict, words};

/// Bins between the ends of the axis; the room for "none" is left of them.
const BINS: usize = 56;

/// Downtime of each lane's runs, on a scale of logarithms.
pub fn chart(result: &SweepResult, group: &Group) -> io::Result<Chart> {
    let per = Per::of(result);
    let title = match group.service {
        Some(_) => format!("Downtime {} of {}, run by run", per.words(), group.title),
        None => format!("Downtime {} of each service, run by run", per.words()),
    };
    let runs = words::counted(result.repetitions as usize, "run");
    let checked = if group.lanes.iter().any(|lane| lane.cheapest) { "; ✓ cheapest that holds" } else { "" };
    let promised = group.lanes.iter().any(|lane| verdict::request_target(lane.summary).is_some());
    let promise = if promised { "; black: objective" } else { "" };
    let subtitle =
        format!("Bars: share of {runs}; dot: median; line: 95% of runs stay left of it{promise}{checked}");
    let svg = sheet((960, lanes::height(group)), &title, &subtitle, |area| {
        let x = downtime_axis(group, per);
        let room = Room { left: lanes::name_room(group), right: 220, bottom: 46 };
        let canvas = Canvas::new(area, x.clone(), lanes::axis(result, group), room)?;
        let lanes = group.lanes.iter().enumerate();
        lanes.clone().try_for_each(|(row, lane)| mark(&canvas, &x, -(row as f64), lane, per))?;
        canvas.text("median · 95% quantile", (x.high, 0.5), (12, -9), &style(TICK_SIZE, INK), LEFT)?;
        objective_name(&canvas, &x, group, per)
    })?;
    Ok(Chart::new("downtime", &group.slug, title, subtitle, svg))
}

fn downtimes(lane: &Lane, per: Per) -> impl Iterator<Item = f64> {
    let runs = lane.result.runs.iter();
    runs.map(move |run| per.downtime_s(run.services[lane.service].request_availability))
}

fn allowed(lane: &Lane, per: Per) -> Option<f64> {
    verdict::request_target(lane.summary).map(|target| per.downtime_s(target))
}

fn downtime_axis(group: &Group, per: Per) -> Axis {
    let seconds = group.lanes.iter().flat_map(|lane| downtimes(lane, per).chain(allowed(lane, per)));
    Axis::log_durations(seconds, true, &format!("downtime {} (log scale)", per.words()))
}

/// Where a downtime lies; none at all lies at its own tick.
fn place(x: &Axis, seconds: f64) -> f64 {
    if seconds > 0.0 { seconds.log10().clamp(first_bin(x), x.high) } else { x.ticks[0].0 }
}

fn first_bin(x: &Axis) -> f64 {
    x.low + (x.high - x.low) * 0.12 / 1.12
}

fn mark(canvas: &Canvas, x: &Axis, row: f64, lane: &Lane, per: Per) -> Drawn {
    histogram(canvas, x, row, lane, per)?;
    if let Some(seconds) = allowed(lane, per) {
        let at = place(x, seconds);
        canvas.line([(at, row - 0.5), (at, row + 0.5)], INK.stroke_width(2))?;
    }
    let (Some(median), Some(p95)) = (sweep::quantile(lane, 0.5), sweep::quantile(lane, 0.95)) else {
        return Ok(());
    };
    let (median, p95) = (per.of_annual(median.value), per.of_annual(p95.value));
    let (dot, end) = (place(x, median), place(x, p95));
    canvas.line([(dot, row - 0.38), (end, row - 0.38)], PALETTE[1].stroke_width(2))?;
    canvas.line([(end, row - 0.46), (end, row - 0.26)], PALETTE[1].stroke_width(3))?;
    canvas.dot((dot, row - 0.38), PALETTE[1], false)?;
    let said = format!("{} · {}", words::duration(median), words::duration(p95));
    canvas.text(&said, (x.high, row), (12, 0), &style(TICK_SIZE, QUIET), LEFT)
}

fn histogram(canvas: &Canvas, x: &Axis, row: f64, lane: &Lane, per: Per) -> Drawn {
    let (first, width) = (first_bin(x), (x.high - first_bin(x)) / BINS as f64);
    let mut bins = [0u32; BINS + 1];
    for seconds in downtimes(lane, per) {
        let bin = ((place(x, seconds) - first) / width).floor();
        bins[if seconds > 0.0 { 1 + (bin as usize).min(BINS - 1) } else { 0 }] += 1;
    }
    let tallest = f64::from(bins.iter().copied().max().unwrap_or(1).max(1));
    let base = row - 0.28;
    bins.iter().enumerate().filter(|(_, count)| **count > 0).try_for_each(|(bin, &count)| {
        let from = if bin == 0 { x.ticks[0].0 - width / 2.0 } else { first + (bin - 1) as f64 * width };
        let top = base + 0.7 * f64::from(count) / tallest;
        canvas.bar((from, base), (from + width, top), PALETTE[0].mix(0.75).filled())
    })
}

/// The promise is named once where it is the same for all.
fn objective_name(canvas: &Canvas, x: &Axis, group: &Group, per: Per) -> Drawn {
    let mut targets: Vec<f64> =
        group.lanes.iter().filter_map(|lane| verdict::request_target(lane.summary)).collect();
    targets.dedup();
    let [target] = targets.as_slice() else { return Ok(()) };
    let downtime = per.downtime_s(*target);
    let name = format!("objective {}: {}", words::target(*target), words::duration(downtime));
    let at = place(x, downtime);
    let side = if at > (x.low + x.high) / 2.0 { RIGHT } else { LEFT };
    canvas.text(&name, (at, 0.5), (0, -9), &style(LABEL_SIZE, INK), side)
}
