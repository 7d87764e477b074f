//! Availability against a factor: one line per level of a second factor, on an axis of nines.

use std::io;

use plotters::style::{Color, RGBColor};
use scenarios::summary::{Estimate, SweepResult};

use super::Chart;
use super::axis::Axis;
use super::canvas::{Canvas, DrawError, Drawn, LABEL_SIZE, Room, sheet, text_width};
use super::direct::{End, label_ends};
use super::palette::{INK, series_colour};
use super::slice::{Slice, is_ordered};
use crate::group::Group;
use crate::per::Per;
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
    let subtitle = format!("Mean of {runs} of {}{rest}, with 95% intervals", words::span(result.measured_s));
    let svg = sheet(SIZE, &title, &subtitle, |area| {
        let room = Room { left: 178, right: label_room(result, service, &slice), bottom: 46 };
        let width = SIZE.0 - room.left - room.right - 14;
        let x = Axis::categories(&factor.levels, width, &factor.label);
        let y = nines_axis(result, service);
        let canvas = Canvas::new(area, x, y.clone(), room)?;
        all_series(&canvas, &y, result, service, &slice)
    })?;
    Ok(Some(Chart::new("availability", &group.slug, title, subtitle, svg)))
}

fn nines_axis(result: &SweepResult, service: usize) -> Axis {
    let per = Per::of(result);
    let estimates = result.points.iter().map(|point| point.services[service].request_availability);
    let ends = estimates.flat_map(|e| [e.low, e.value, e.high]);
    Axis::nines(
        ends.chain(verdict::common_request_target(result, service)),
        per,
        &format!("request availability · downtime {}", per.words()),
    )
}

fn label_room(result: &SweepResult, service: usize, slice: &Slice) -> u32 {
    let names = (0..slice.series_levels(result)).map(|level| series_name(result, slice, level));
    let names = names.chain(verdict::common_request_target(result, service).map(objective_name));
    let widest = names.map(|name| text_width(&name, LABEL_SIZE)).fold(0.0, f64::max);
    (widest as u32 + 40).min(280)
}

/// The promise as a dashed line across the plot; answers where its name belongs.
fn objective(canvas: &Canvas, y: &Axis, target: f64, right: f64) -> Result<End, DrawError> {
    let at = y.place_of(target);
    canvas.dashes((-0.5, at), (right, at), INK)?;
    let (x, y) = canvas.pixel((right, at));
    Ok(End { at: (x - 5, y), name: objective_name(target), colour: INK })
}

fn objective_name(target: f64) -> String {
    format!("objective {}", words::target(target))
}

fn all_series(canvas: &Canvas, y: &Axis, result: &SweepResult, service: usize, slice: &Slice) -> Drawn {
    let levels = slice.series_levels(result);
    let right = result.factors[slice.x].levels.len() as f64 - 0.5;
    let promise = verdict::common_request_target(result, service)
        .map(|target| objective(canvas, y, target, right))
        .transpose()?;
    let mut ends: Vec<End> = promise.into_iter().collect();
    for series in 0..levels {
        // Side by side, so that no interval hides another.
        let aside = (series as f64 - (levels as f64 - 1.0) / 2.0) * (0.4 / levels as f64).min(0.07);
        let marks = marks(result, service, slice, series, aside);
        one_series(canvas, y, &marks, series_colour(series, levels), is_ordered(&result.factors[slice.x]))?;
        if let (Some((x, last)), Some(_)) = (marks.last(), slice.series) {
            let at = canvas.pixel((*x, y.place_of(last.value)));
            ends.push(End {
                at,
                name: series_name(result, slice, series),
                colour: series_colour(series, levels),
            });
        }
    }
    let corner = canvas.pixel((right, y.low));
    label_ends(canvas, ends, corner.0 + 10, (canvas.pixel((0.0, y.high)).1 + 6, corner.1 - 6))
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

fn one_series(canvas: &Canvas, y: &Axis, marks: &[(f64, Estimate)], colour: RGBColor, joined: bool) -> Drawn {
    if joined {
        canvas.line(marks.iter().map(|(x, e)| (*x, y.place_of(e.value))), colour.stroke_width(2))?;
    }
    for (x, estimate) in marks {
        canvas.interval_up(*x, (y.place_of(estimate.low), y.place_of(estimate.high)), colour)?;
        canvas.dot((*x, y.place_of(estimate.value)), colour, estimate.value >= 1.0)?;
    }
    Ok(())
}
