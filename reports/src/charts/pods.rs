//! Pods and endpoints of one service over time, and below them the share of requests that succeed.

use std::io;

use plotters::style::Color;
use sim_core::ids::ServiceId;
use sim_core::outcome::{Recording, Sample};

use super::Chart;
use super::axis::Axis;
use super::canvas::{Area, Canvas, Drawn, Room, sheet};
use super::direct::{End, label_ends};
use super::palette::{PALETTE, series_colour};
use super::window::{Window, staircase};
use crate::labels::RunLabels;
use crate::words;

const SIZE: (u32, u32) = (960, 600);

type Count = fn(&Sample) -> u32;

/// The counts that are drawn, from what the API knows to what really answers.
const COUNTS: [(&str, Count); 4] = [
    ("pods", |sample| sample.pods),
    ("ready in the API", |sample| sample.ready),
    ("proxies send to", |sample| sample.programmed),
    ("really serving", |sample| sample.serving),
];

/// Step lines of one service in a window of a recorded run.
pub fn chart(
    labels: &RunLabels,
    recording: &Recording,
    service: ServiceId,
    slug: &str,
    window: &Window,
) -> io::Result<Chart> {
    let title = format!("Pods and endpoints of {}: {}", words::name(labels.service(service)), window.title);
    let subtitle = format!(
        "Run {}, seed {}; lines are set apart a little so that each can be seen",
        labels.seed.run, labels.seed.master
    );
    let samples = samples_in(recording, service, window);
    let svg = sheet(SIZE, &title, &subtitle, |area| {
        let (upper, lower) = area.split_vertically(330);
        counts(&upper, &samples, window)?;
        success(&lower, &samples, window)
    })?;
    Ok(Chart::new(window.stem, slug, title, subtitle, svg))
}

/// The state at the left end of the window, and every change in it.
fn samples_in(recording: &Recording, service: ServiceId, window: &Window) -> Vec<Sample> {
    let own = recording.samples.iter().filter(|sample| sample.service == service && sample.at <= window.to);
    let (before, mut inside): (Vec<Sample>, Vec<Sample>) = own.partition(|sample| sample.at < window.from);
    inside.splice(0..0, before.last().map(|&last| Sample { at: window.from, ..last }));
    inside
}

const SIDES: Room = Room { left: 84, right: 150, bottom: 30 };

fn counts(area: &Area, samples: &[Sample], window: &Window) -> Drawn {
    let most = samples.iter().map(|sample| sample.pods.max(sample.programmed)).max().unwrap_or(0);
    let y = Axis::counts(most, "pods and endpoints");
    let canvas = Canvas::new(area, window.axis(""), y.clone(), SIDES)?;
    let apart = (y.high - y.low) / 80.0;
    let mut ends = Vec::new();
    for (series, (name, count)) in COUNTS.into_iter().enumerate() {
        let aside = (1.5 - series as f64) * apart;
        let value = |sample: &Sample| f64::from(count(sample)) + aside;
        let line = steps(&canvas, samples, window, value);
        let last = line.last().copied();
        canvas.line(line, series_colour(series, COUNTS.len()).stroke_width(2))?;
        ends.extend(last.map(|at| End {
            at: canvas.pixel(at),
            name: name.into(),
            colour: series_colour(series, COUNTS.len()),
        }));
    }
    let corner = canvas.pixel((window.seconds(window.to), y.low));
    label_ends(&canvas, ends, corner.0 + 14, (canvas.pixel((0.0, y.high)).1 + 8, corner.1 - 8))
}

fn success(area: &Area, samples: &[Sample], window: &Window) -> Drawn {
    let ticks = [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| (share, words::share(share))).to_vec();
    let y = Axis { low: 0.0, high: 1.04, ticks, label: "requests that succeed".into() };
    let x = window.axis(&format!("time since the {}", window.origin_is));
    let canvas = Canvas::new(area, x.clone(), y, Room { bottom: 46, ..SIDES })?;
    let line = steps(&canvas, samples, window, |sample| sample.success);
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return Ok(()) };
    let mut filled = line.clone();
    filled.extend([(last.0, 0.0), (first.0, 0.0)]);
    canvas.shape(filled, PALETTE[0].mix(0.18).filled())?;
    canvas.line(line, PALETTE[0].stroke_width(2))
}

/// The staircase of one value, up to the right end of the window.
fn steps(
    canvas: &Canvas,
    samples: &[Sample],
    window: &Window,
    value: impl Fn(&Sample) -> f64,
) -> Vec<(f64, f64)> {
    let points = samples.iter().map(|sample| (window.seconds(sample.at), value(sample)));
    staircase(canvas, points, window.seconds(window.to))
}
