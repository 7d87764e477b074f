//! Availability where nothing was varied: one row per service, on an axis of nines.

use std::io;

use plotters::style::Color;
use scenarios::summary::SweepResult;

use super::Chart;
use super::axis::Axis;
use super::canvas::{Canvas, Drawn, LABEL_SIZE, LEFT, Room, sheet, style};
use super::lanes;
use super::palette::{INK, PALETTE, QUIET};
use crate::group::{Group, Lane};
use crate::per::Per;
use crate::{verdict, words};

/// None where factors were varied.
pub fn chart(result: &SweepResult, group: &Group) -> io::Result<Option<Chart>> {
    if !result.factors.is_empty() && group.service.is_some() {
        return Ok(None);
    }
    let title = match group.service {
        Some(_) => format!("Request availability of {}", group.title),
        None => "Request availability of each service".into(),
    };
    let runs = words::counted(result.repetitions as usize, "run");
    let each = words::span(result.measured_s);
    let promised = group.lanes.iter().any(|lane| verdict::request_target(lane.summary).is_some());
    let promise = if promised { "; black: objective" } else { "" };
    let subtitle = format!("Mean of {runs} of {each}, with 95% intervals{promise}");
    let svg = sheet((960, lanes::height(group)), &title, &subtitle, |area| {
        let y = lanes::axis(result, group);
        let per = Per::of(result);
        let x = nines_axis(group, per);
        let room = Room { left: lanes::name_room(group), right: 200, bottom: 46 };
        let canvas = Canvas::new(area, x.clone(), y, room)?;
        group.lanes.iter().enumerate().try_for_each(|(row, lane)| mark(&canvas, &x, -(row as f64), lane, per))
    })?;
    Ok(Some(Chart::new("availability", &group.slug, title, subtitle, svg)))
}

fn nines_axis(group: &Group, per: Per) -> Axis {
    let ends = group.lanes.iter().flat_map(|lane| {
        let e = lane.summary.request_availability;
        [Some(e.low), Some(e.value), Some(e.high), verdict::request_target(lane.summary)]
            .into_iter()
            .flatten()
    });
    let mut axis = Axis::nines(ends, per, "request availability");
    // Along a horizontal axis there is no room for the downtime.
    for (_, text) in &mut axis.ticks {
        text.truncate(text.find(' ').unwrap_or(text.len()));
    }
    axis
}

fn mark(canvas: &Canvas, x: &Axis, row: f64, lane: &Lane, per: Per) -> Drawn {
    if let Some(target) = verdict::request_target(lane.summary) {
        let at = x.place_of(target);
        canvas.line([(at, row - 0.4), (at, row + 0.4)], INK.stroke_width(2))?;
    }
    let estimate = lane.summary.request_availability;
    let colour = if verdict::holds(lane.summary) == Some(false) { PALETTE[1] } else { PALETTE[0] };
    canvas.interval_along(row, (x.place_of(estimate.low), x.place_of(estimate.high)), colour)?;
    canvas.dot((x.place_of(estimate.value), row), colour, estimate.value >= 1.0)?;
    let downtime = words::duration(per.of_annual(lane.summary.annual_downtime_s.value));
    let said = format!("{} · {downtime}/{}", words::availability_value(&estimate), per.unit());
    canvas.text(&said, (x.high, row), (12, 0), &style(LABEL_SIZE, QUIET), LEFT)
}
