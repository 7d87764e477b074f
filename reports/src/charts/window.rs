//! The part of a run that a picture shows, and staircases of what holds from one moment to the next.

use sim_core::ids::ServiceId;
use sim_core::outcome::Recording;
use sim_core::time::{Instant, Span};

use super::axis::Axis;
use super::canvas::Canvas;
use crate::labels::RunLabels;
use crate::story;

/// The window of a run that a picture shows, and the moment from which its time is counted.
#[derive(Clone, Debug)]
pub struct Window {
    /// Left end.
    pub from: Instant,
    /// Right end.
    pub to: Instant,
    /// Where the time axis says 0.
    pub origin: Instant,
    /// What the origin is: "start of the run", "onset of the outage".
    pub origin_is: &'static str,
    /// What the window is, for the title: "the longest outage".
    pub title: String,
    /// Start of the file's name.
    pub stem: &'static str,
}

impl Window {
    /// The whole run.
    pub fn whole(labels: &RunLabels, recording: &Recording) -> Window {
        let samples = recording.samples.iter().map(|sample| sample.at);
        let last = samples.chain(recording.replicas.iter().map(|sample| sample.at)).max();
        let horizon = Instant::ZERO + labels.horizon.max(Span::secs(1));
        let end = last.unwrap_or(Instant::ZERO).max(horizon);
        Window {
            from: Instant::ZERO,
            to: end,
            origin: Instant::ZERO,
            origin_is: "start of the run",
            title: "the whole run".into(),
            stem: "run",
        }
    }

    /// Something from `start` to `end`, with some room on both sides.
    pub fn around(start: Instant, end: Instant, margin: Span, whole: &Window) -> Window {
        Window {
            from: Instant(start.0.saturating_sub(margin.0)),
            to: (end + margin).min(whole.to.max(end)),
            origin: start,
            ..whole.clone()
        }
    }

    /// The longest outage of a service, if it had one.
    pub fn longest_outage(labels: &RunLabels, recording: &Recording, service: ServiceId) -> Option<Window> {
        let outcome = recording.outcome.services.get(service.index())?;
        let longest = outcome.outages.iter().max_by_key(|outage| outage.duration())?;
        let margin = Span((longest.duration() / 4).0.max(Span::secs(20).0));
        Some(Window {
            origin_is: "onset of the outage",
            title: format!("the longest outage, {}", story::moment(longest.start)),
            stem: "outage",
            ..Window::around(longest.start, longest.end, margin, &Window::whole(labels, recording))
        })
    }

    /// Where a moment lies on the time axis.
    pub fn seconds(&self, at: Instant) -> f64 {
        at.as_secs_f64() - self.origin.as_secs_f64()
    }

    /// The time axis.
    pub fn axis(&self, label: &str) -> Axis {
        Axis::elapsed(self.seconds(self.from), self.seconds(self.to), label)
    }
}

/// A staircase through points in order of time, up to `end`. In each column of pixels only its extremes are kept.
pub fn staircase(canvas: &Canvas, points: impl IntoIterator<Item = (f64, f64)>, end: f64) -> Vec<(f64, f64)> {
    let mut line: Vec<(f64, f64)> = Vec::new();
    let mut column = Vec::new();
    for at in points {
        if column.first().is_some_and(|&first| canvas.pixel(first).0 != canvas.pixel(at).0) {
            flush(&mut column, &mut line);
        }
        column.push(at);
    }
    flush(&mut column, &mut line);
    line.extend(line.last().map(|&(_, y)| (end, y)));
    line
}

/// Adds one column of pixels to a staircase: from the level before, over its extremes, to its last level.
fn flush(column: &mut Vec<(f64, f64)>, line: &mut Vec<(f64, f64)>) {
    let (Some(&(x, first)), Some(&(_, last))) = (column.first(), column.last()) else { return };
    let low = column.iter().map(|(_, y)| *y).fold(f64::INFINITY, f64::min);
    let high = column.iter().map(|(_, y)| *y).fold(f64::NEG_INFINITY, f64::max);
    line.extend(line.last().map(|&(_, before)| (x, before)));
    line.extend(if column.len() > 1 {
        vec![(x, first), (x, low), (x, high), (x, last)]
    } else {
        vec![(x, last)]
    });
    column.clear();
}
