//! How long outages last: the share of outages that last longer than a duration (CCDF), both axes logarithmic.

use std::io;

use plotters::style::{Color, RGBColor};
use scenarios::summary::SweepResult;

use super::Chart;
use super::axis::Axis;
use super::canvas::{Canvas, DrawError, Drawn, LABEL_SIZE, MIDDLE, Room, sheet, style, text_width};
use super::direct::{End, label_ends};
use super::palette::{CONTEXT, QUIET, series_colour};
use crate::group::{Group, Lane};
use crate::words;

const SIZE: (u32, u32) = (960, 540);

/// More curves than this are too many to name; then only those that decide are.
const MOST_NAMED: usize = 6;

/// Pixels that a curve must move before its next corner is drawn.
const STEP: i32 = 1;

/// Durations of all outages of each lane.
pub fn chart(result: &SweepResult, group: &Group) -> io::Result<Chart> {
    let title = match group.service {
        Some(_) => format!("How long outages of {} last", group.title),
        None => "How long outages of each service last".into(),
    };
    let all: usize = group.lanes.iter().map(|lane| lane.summary.outage_durations_s.len()).sum();
    let years = words::counted(result.repetitions as usize, "run");
    let outages = words::counted(all, "outage");
    let checked = if group.lanes.iter().any(|lane| lane.cheapest) { "; ✓ cheapest that holds" } else { "" };
    let subtitle = match group.lanes.len() {
        1 => format!("Share of outages that last longer; {outages} in {years}"),
        _ => format!(
            "Share of outages that last longer; {outages} in {years} of each {}{checked}",
            group.lane_is
        ),
    };
    let svg = sheet(SIZE, &title, &subtitle, |area| {
        let durations = group.lanes.iter().flat_map(|lane| lane.summary.outage_durations_s.iter().copied());
        let most = group.lanes.iter().map(|lane| lane.summary.outage_durations_s.len()).max().unwrap_or(0);
        let x = Axis::log_durations(durations, false, "duration of the outage (log scale)");
        let y = Axis::log_shares(most, "share of outages that last longer");
        let room = Room { left: 76, right: label_room(group), bottom: 46 };
        let canvas = Canvas::new(area, x.clone(), y.clone(), room)?;
        if all == 0 {
            let middle = ((x.low + x.high) / 2.0, (y.low + y.high) / 2.0);
            return canvas.text("No outage in any run", middle, (0, 0), &style(LABEL_SIZE, QUIET), MIDDLE);
        }
        curves(&canvas, &x, &y, group)
    })?;
    Ok(Chart::new("outages", &group.slug, title, subtitle, svg))
}

fn label_room(group: &Group) -> u32 {
    let widest = named(group)
        .iter()
        .map(|&lane| text_width(&name(&group.lanes[lane]), LABEL_SIZE))
        .fold(0.0, f64::max);
    (widest as u32 + 46).min(320)
}

fn name(lane: &Lane) -> String {
    if lane.cheapest { format!("{} ✓", lane.name) } else { lane.name.clone() }
}

/// The lanes with a name: all if they are few; else the first, the cheapest that holds, the best and the worst.
fn named(group: &Group) -> Vec<usize> {
    let mut with_outages: Vec<usize> = (0..group.lanes.len())
        .filter(|&lane| !group.lanes[lane].summary.outage_durations_s.is_empty())
        .collect();
    if with_outages.len() <= MOST_NAMED {
        return with_outages;
    }
    let downtime = |lane: &usize| group.lanes[*lane].summary.annual_downtime_s.value;
    let mut chosen: Vec<usize> =
        with_outages.iter().copied().filter(|&lane| group.lanes[lane].cheapest).collect();
    chosen.extend(with_outages.first());
    with_outages.sort_by(|a, b| downtime(a).total_cmp(&downtime(b)).then(a.cmp(b)));
    chosen.extend(with_outages.first());
    chosen.extend(with_outages.last());
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

fn curves(canvas: &Canvas, x: &Axis, y: &Axis, group: &Group) -> Drawn {
    let named = named(group);
    for (_, lane) in group.lanes.iter().enumerate().filter(|(at, _)| !named.contains(at)) {
        curve(canvas, lane, CONTEXT, 1)?;
    }
    let mut ends = Vec::new();
    for (series, &lane) in named.iter().enumerate() {
        let (lane, colour) = (&group.lanes[lane], series_colour(series, named.len()));
        let last = curve(canvas, lane, colour, 2)?;
        ends.extend(last.map(|at| End { at: canvas.pixel(at), name: name(lane), colour }));
    }
    let corner = canvas.pixel((x.high, y.low));
    label_ends(canvas, ends, corner.0 + 14, (canvas.pixel((x.high, y.high)).1 + 8, corner.1 - 8))
}

/// Draws a falling staircase, and answers where it ends.
fn curve(
    canvas: &Canvas,
    lane: &Lane,
    colour: RGBColor,
    width: u32,
) -> Result<Option<(f64, f64)>, DrawError> {
    let corners = thinned(canvas, stairs(&lane.summary.outage_durations_s));
    let last = corners.last().copied();
    canvas.line(corners, colour.stroke_width(width))?;
    Ok(last)
}

/// Corners of the CCDF in logarithms, from ascending durations; the last outage has nothing beyond it to draw.
fn stairs(durations: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    let n = durations.len() as f64;
    let longer = move |outages: usize| (outages as f64 / n).log10();
    let place = |seconds: f64| seconds.max(1e-3).log10();
    durations.iter().enumerate().flat_map(move |(at, &seconds)| {
        let before = (place(seconds), longer(durations.len() - at));
        let after = (at + 1 < durations.len()).then(|| (place(seconds), longer(durations.len() - at - 1)));
        [Some(before), after].into_iter().flatten()
    })
}

/// The corners that a picture can tell apart, and the last.
fn thinned(canvas: &Canvas, corners: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    let mut last = (i32::MIN, i32::MIN);
    let mut left_out = None;
    for corner in corners {
        let pixel = canvas.pixel(corner);
        let moved = pixel.0.abs_diff(last.0).max(pixel.1.abs_diff(last.1)) >= STEP as u32;
        left_out = (!moved).then_some(corner);
        if moved {
            kept.push(corner);
            last = pixel;
        }
    }
    kept.extend(left_out);
    kept
}
