//! Two factors at once: a map of request availability, one cell per design point.

use std::io;

use plotters::style::{Color, RGBColor, WHITE};
use scenarios::summary::SweepResult;

use super::Chart;
use super::axis::Axis;
use super::canvas::{Canvas, Drawn, LABEL_SIZE, MIDDLE, Room, TICK_SIZE, sheet, style, text_width};
use super::palette::{BLUES, ORANGES, ink_on, shade};
use super::slice::Slice;
use crate::group::Group;
use crate::{verdict, words};

const WIDTH: u32 = 960;

/// None where fewer than two factors were varied.
pub fn chart(result: &SweepResult, group: &Group) -> io::Result<Option<Chart>> {
    let Some((service, slice)) = group.service.and_then(|s| Some((s, Slice::of(result, s)?))) else {
        return Ok(None);
    };
    let Some(second) = slice.series else { return Ok(None) };
    let (across, down) = (&result.factors[slice.x], &result.factors[second]);
    let title = format!("Request availability of {} by {} and {}", group.title, across.label, down.label);
    let rest = slice.rest_words(result);
    let objective = verdict::common_request_target(result, service);
    let held =
        objective.map_or(String::new(), |o| format!("; blue: at least the objective {}", words::target(o)));
    let subtitle =
        format!("Mean of all runs{rest}, in nines (3 nines = 99.9%){held}; framed: keeps all objectives");
    let rows = down.levels.len() as u32;
    let height = 130 + rows * (420 / rows).clamp(26, 120);
    let svg = sheet((WIDTH, height), &title, &subtitle, |area| {
        let widest = down.levels.iter().map(|level| text_width(level, TICK_SIZE)).fold(30.0, f64::max);
        let room = Room { left: (widest as u32 + 44).min(230), right: 30, bottom: 46 };
        let x = Axis::categories(&across.levels, WIDTH - room.left - room.right - 14, &across.label);
        let y = Axis { label: down.label.clone(), ..Axis::rows(&down.levels) };
        let canvas = Canvas::new(area, x, y, room)?;
        cells(&canvas, result, service, &slice)
    })?;
    Ok(Some(Chart::new("heatmap", &group.slug, title, subtitle, svg)))
}

fn cells(canvas: &Canvas, result: &SweepResult, service: usize, slice: &Slice) -> Drawn {
    let scale = Scale::of(result, service);
    for across in 0..result.factors[slice.x].levels.len() {
        for down in 0..slice.series_levels(result) {
            if let Some(point) = slice.point(result, across, down) {
                let summary = &result.points[point].services[service];
                let holds = verdict::holds(summary) == Some(true);
                let availability = summary.request_availability.value;
                let said = words::availability_value(&summary.request_availability);
                cell(canvas, (across as f64, -(down as f64)), availability, &said, holds, &scale)?;
            }
        }
    }
    Ok(())
}

fn cell(
    canvas: &Canvas,
    (x, y): (f64, f64),
    availability: f64,
    said: &str,
    holds: bool,
    scale: &Scale,
) -> Drawn {
    let fill = scale.colour(availability);
    canvas.bar((x - 0.5, y - 0.5), (x + 0.5, y + 0.5), fill.filled())?;
    canvas.bar((x - 0.5, y - 0.5), (x + 0.5, y + 0.5), WHITE.stroke_width(2))?;
    if holds {
        canvas.bar((x - 0.45, y - 0.42), (x + 0.45, y + 0.42), ink_on(fill).stroke_width(2))?;
    }
    let (left, top) = canvas.pixel((x - 0.5, y + 0.5));
    let (right, bottom) = canvas.pixel((x + 0.5, y - 0.5));
    let fits = |text: &str, size: f64| text_width(text, size) + 12.0 < f64::from(right - left);
    let nines = nines_words(availability);
    let (large, small) = (style(LABEL_SIZE + 4.0, ink_on(fill)), style(TICK_SIZE, ink_on(fill)));
    match (fits(&nines, LABEL_SIZE + 4.0), said != nines && fits(said, TICK_SIZE) && bottom - top > 48) {
        (true, true) => {
            canvas.text(&nines, (x, y), (0, -10), &large, MIDDLE)?;
            canvas.text(said, (x, y), (0, 13), &small, MIDDLE)
        }
        (true, false) => canvas.text(&nines, (x, y), (0, 0), &large, MIDDLE),
        (false, _) if fits(&nines, TICK_SIZE - 2.0) => canvas.text(&nines, (x, y), (0, 0), &small, MIDDLE),
        _ => Ok(()),
    }
}

fn nines_words(availability: f64) -> String {
    let nines = words::nines(availability);
    if nines.is_finite() { format!("{nines:.1} nines") } else { "100%".into() }
}

/// Colours of nines. Where an objective is set, orange is below it and blue above; else all is blue.
/// The two hues are told apart with every common kind of colour blindness.
struct Scale {
    low: f64,
    turn: f64,
    high: f64,
}

impl Scale {
    fn of(result: &SweepResult, service: usize) -> Scale {
        let summaries = result.points.iter().map(|point| &point.services[service]);
        let nines = summaries.map(|summary| words::nines(summary.request_availability.value));
        let finite: Vec<f64> = nines.filter(|nines| nines.is_finite()).collect();
        let low = finite.iter().copied().fold(f64::INFINITY, f64::min).min(9.0);
        let high = finite.iter().copied().fold(low, f64::max);
        let turn = verdict::common_request_target(result, service).map_or(low, words::nines);
        Scale { low: low.min(turn), turn, high: high.max(turn + 0.5) }
    }

    fn colour(&self, availability: f64) -> RGBColor {
        let nines = words::nines(availability);
        if nines >= self.turn {
            shade(&BLUES, (nines - self.turn) / (self.high - self.turn))
        } else {
            shade(&ORANGES, (self.turn - nines) / (self.turn - self.low))
        }
    }
}
