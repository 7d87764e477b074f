//! Distributions fitted to times: the share of times that last longer, measured as a staircase and fitted as curves.

use std::io;

use plotters::style::Color;
use scenarios::fit::{Fit, Fitted};

use super::Chart;
use super::axis::Axis;
use super::canvas::{Canvas, DrawError, Drawn, LABEL_SIZE, Room, sheet, text_width};
use super::direct::{End, label_ends};
use super::palette::{INK, PALETTE};
use crate::fit::family;
use crate::words;

const SIZE: (u32, u32) = (960, 540);

/// Points of a curve.
const POINTS: usize = 300;

/// The fits to `what`, such as "up times".
pub fn chart(what: &str, fitted: &Fitted) -> io::Result<Chart> {
    let best = &fitted.fits[0];
    let title = format!("How long {what} last");
    let subtitle = format!(
        "Share that lasts longer; {}; best by AIC: {}, distance {:.3}, p {}",
        words::counted(fitted.times_s.len(), "time"),
        family(best.family),
        best.distance,
        crate::fit::p_value(best.p_value)
    );
    let svg = sheet(SIZE, &title, &subtitle, |area| {
        let x = Axis::log_durations(fitted.times_s.iter().copied(), false, "duration (log scale)");
        let y = Axis::log_shares(fitted.times_s.len(), "share that lasts longer");
        let room = Room { left: 76, right: text_width("exponential", LABEL_SIZE) as u32 + 46, bottom: 46 };
        let canvas = Canvas::new(area, x.clone(), y.clone(), room)?;
        curves(&canvas, &x, &y, fitted)
    })?;
    let name = format!("fit-{}", what.replace(' ', "-"));
    Ok(Chart::new(&name, "", title, subtitle, svg))
}

fn curves(canvas: &Canvas, x: &Axis, y: &Axis, fitted: &Fitted) -> Drawn {
    let mut ends = Vec::new();
    for (fit, colour) in fitted.fits.iter().zip(PALETTE) {
        let end = curve(canvas, x, y, fit, colour.stroke_width(2))?;
        ends.push(End { at: canvas.pixel(end), name: family(fit.family).to_owned(), colour });
    }
    let corners = stairs(&fitted.times_s, y.low);
    let last = corners.last().copied().unwrap_or((x.high, y.low));
    canvas.line(corners, INK.stroke_width(2))?;
    ends.push(End { at: canvas.pixel(last), name: "measured".to_owned(), colour: INK });
    let corner = canvas.pixel((x.high, y.low));
    label_ends(canvas, ends, corner.0 + 14, (canvas.pixel((x.high, y.high)).1 + 8, corner.1 - 8))
}

/// Draws a fitted curve as far as it is in the picture, and answers where it ends.
fn curve(
    canvas: &Canvas,
    x: &Axis,
    y: &Axis,
    fit: &Fit,
    style: impl Into<plotters::style::ShapeStyle>,
) -> Result<(f64, f64), DrawError> {
    let at = |point: usize| x.low + (x.high - x.low) * point as f64 / POINTS as f64;
    let longer = |log: f64| (1.0 - fit.cdf(10f64.powf(log))).log10();
    let points = (0..=POINTS).map(at).map(|log| (log, longer(log)));
    let points: Vec<(f64, f64)> = points.take_while(|(_, share)| *share >= y.low).collect();
    let end = points.last().copied().unwrap_or((x.low, 0.0));
    canvas.line(points, style)?;
    Ok(end)
}

/// Corners of the measured staircase, in logarithms.
fn stairs(times_s: &[f64], lowest: f64) -> Vec<(f64, f64)> {
    let count = times_s.len() as f64;
    let share = |left: usize| if left == 0 { lowest } else { (left as f64 / count).log10().max(lowest) };
    let steps = times_s.iter().enumerate().flat_map(|(at, time)| {
        let place = time.log10();
        [(place, share(times_s.len() - at)), (place, share(times_s.len() - at - 1))]
    });
    steps.collect()
}
