//! Availability against a factor: one line per level of a second factor, on an axis of nines.

use std::io;

use scenarios::summary::{Estimate, SweepResult};

use super::Chart;
use super::axis::Axis;
use super::canvas::{Canvas, Drawn, INK, LABEL_SIZE, LEFT, Room, colour, sheet, style, text_width};
use super::direct::{End, label_ends};
use super::slice::{Slice, is_ordered};
use crate::group::Group;
use crate::{verdict, words};

const SIZE: (u32, u32) = (960, 560);

/// None where nothing was varied.
pub fn chart(result: &SweepResult, group: &Group) -> io::Result<Option<Chart>> {
    let Some((service, slice)) = group.service.and_then(|s| Some((s, Slice::of(result, s)?))) else {
        return Ok(None);
    };
    let factor = &result.factors[slice.x];
    let title = format!("Request availability of {} by {}", group.title, factor.label);
    let runs = words::counted(result.repetitions as usize, "run");
    let rest = slice.rest_words(result);
    let subtitle =
        format!("Mean of {runs} of {} each, with 95% intervals{rest}", words::duration(result.measured_s));
    let svg = sheet(SIZE, &title, &subtitle, |area| {
        let room = Room { left: 178, right: label_room(result, &slice), bottom: 46 };
        let width = SIZE.0 - room.left - room.right - 14;
        let x = Axis::categories(&factor.levels, width, &factor.label);
        let y = nines_axis(result, service);
        let canvas = Canvas::new(area, x, y.clone(), room)?;
        objective(&canvas, &y, target(result, service), factor.levels.len() as f64 - 0.5)?;
        all_series(&canvas, &y, result, service, &slice)
    })?;
    Ok(Some(Chart::new("availability", &group.slug, title, subtitle, svg)))
}

fn nines_axis(result: &SweepResult, service: usize) -> Axis {
    let estimates = result.points.iter().map(|point| point.services[service].request_availability);
    let ends = estimates.flat_map(|e| [e.low, e.value, e.high]);
    Axis::nines(ends.chain(target(result, service)), "request availability · downtime a year")
}

fn target(result: &SweepResult, service: usize) -> Option<f64> {
    result.points.first().and_then(|point| verdict::request_target(&point.services[service]))
}

fn label_room(result: &SweepResult, slice: &Slice) -> u32 {
    let names = (0..slice.series_levels(result)).map(|level| series_name(result, slice, level));
    let widest = names.map(|name| text_width(&name, LABEL_SIZE)).fold(0.0, f64::max);
    (widest as u32 + 40).min(280)
}

/// The promise as a dashed line across the plot.
fn objective(canvas: &Canvas, y: &Axis, target: Option<f64>, right: f64) -> Drawn {
    let Some(target) = target else { return Ok(()) };
    let at = y.place_of(target);
    canvas.dashes((-0.5, at), (right, at), INK)?;
    let name = format!("objective {}", words::target(target));
    canvas.text(&name, (-0.5, at), (8, -11), &style(LABEL_SIZE, INK), LEFT)
}

fn all_series(canvas: &Canvas, y: &Axis, result: &SweepResult, service: usize, slice: &Slice) -> Drawn {
    let levels = slice.series_levels(result);
    let mut ends = Vec::new();
    for series in 0..levels {
        // Side by side, so that no interval hides another.
        let aside = (series as f64 - (levels as f64 - 1.0) / 2.0) * (0.4 / levels as f64).min(0.07);
        let marks = marks(result, service, slice, series, aside);
        one_series(canvas, y, &marks, series, is_ordered(&result.factors[slice.x]))?;
        if let (Some((x, last)), Some(_)) = (marks.last(), slice.series) {
            let at = canvas.pixel((*x, y.place_of(last.value)));
            ends.push(End { at, name: series_name(result, slice, series), colour: colour(series) });
        }
    }
    let right = canvas.pixel((result.factors[slice.x].levels.len() as f64 - 0.5, y.low));
    label_ends(canvas, ends, right.0 + 10, (canvas.pixel((0.0, y.high)).1 + 6, right.1 - 6))
}

fn series_name(result: &SweepResult, slice: &Slice, level: usize) -> String {
    slice.series.map_or(String::new(), |factor| {
        let factor = &result.factors[factor];
        format!("{} {}", factor.label, factor.levels[level])
    })
}

fn marks(
    result: &SweepResult,
    service: usize,
    slice: &Slice,
    series: usize,
    aside: f64,
) -> Vec<(f64, Estimate)> {
    (0..result.factors[slice.x].levels.len())
        .filter_map(|level| {
            let point = slice.point(result, level, series)?;
            Some((level as f64 + aside, result.points[point].services[service].request_availability))
        })
        .collect()
}

fn one_series(canvas: &Canvas, y: &Axis, marks: &[(f64, Estimate)], series: usize, joined: bool) -> Drawn {
    let colour = colour(series);
    if joined {
        use plotters::style::Color;
        canvas.line(marks.iter().map(|(x, e)| (*x, y.place_of(e.value))), colour.stroke_width(2))?;
    }
    for (x, estimate) in marks {
        canvas.interval_up(*x, (y.place_of(estimate.low), y.place_of(estimate.high)), colour)?;
        canvas.dot((*x, y.place_of(estimate.value)), colour, estimate.value >= 1.0)?;
    }
    Ok(())
}
