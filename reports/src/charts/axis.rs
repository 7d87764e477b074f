//! Axes: where values fall, which of them are marked, and what the marks say.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use super::canvas::{TICK_SIZE, text_width};
use crate::per::Per;
use crate::words;

/// A linear axis with its own ticks. Scales that are not linear transform their values first.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Value at the left or bottom end.
    pub low: f64,
    /// Value at the right or top end.
    pub high: f64,
    /// Marked values and what they say.
    pub ticks: Vec<(f64, String)>,
    /// What the axis shows, with its unit.
    pub label: String,
}

impl Axis {
    /// Nines of availabilities. What never failed lies at the top, half a nine above the next round number.
    pub fn nines(availabilities: impl Iterator<Item = f64>, per: Per, label: &str) -> Axis {
        let finite: Vec<f64> = availabilities.map(words::nines).filter(|nines| nines.is_finite()).collect();
        let least = finite.iter().copied().fold(f64::INFINITY, f64::min).min(5.0);
        let most = finite.iter().copied().fold(least, f64::max).min(11.0);
        let low = ((least - 0.1).max(0.0) * 2.0).floor() / 2.0;
        let top = (((most + 0.1) * 2.0).ceil() / 2.0).max(low + 1.0);
        let high = top + 0.5;
        let mut ticks: Vec<(f64, String)> = marked_nines(top - low > 3.5)
            .filter(|&nines| nines >= low - 1e-9 && nines <= top + 1e-9)
            .map(|nines| (nines, nines_words(nines, per)))
            .collect();
        ticks.push((high, "100%".into()));
        Axis { low, high, ticks, label: label.into() }
    }

    /// Where an availability lies on an axis of [`Axis::nines`].
    pub fn place_of(&self, availability: f64) -> f64 {
        words::nines(availability.max(0.0)).clamp(self.low, self.high)
    }

    /// Logarithms of durations in seconds. If asked for, there is room on the left for "none".
    pub fn log_durations(seconds: impl Iterator<Item = f64>, with_none: bool, label: &str) -> Axis {
        let logs = seconds.filter(|&s| s > 0.0 && s.is_finite()).map(f64::log10);
        let none = (f64::INFINITY, f64::NEG_INFINITY);
        let (least, most) = match logs.fold(none, |(least, most), log| (least.min(log), most.max(log))) {
            (least, most) if least <= most => (least.min(most - 0.8).max(-3.0), most.max(-2.0)),
            _ => (0.0, 3600f64.log10()),
        };
        let margin = 0.04 * (most - least);
        let (from, high) = (least - margin, most + margin);
        let low = if with_none { from - 0.12 * (high - from) } else { from };
        let round: &[f64] = if high - from < SHORT_LOG { &FINE_DURATIONS_S } else { &ROUND_DURATIONS_S };
        let mut ticks: Vec<(f64, String)> = round
            .iter()
            .map(|&s| (s.log10(), words::duration(s)))
            .filter(|(at, _)| (from..=high).contains(at))
            .collect();
        if with_none {
            ticks.insert(0, (low + 0.04 * (high - low), "none".into()));
        }
        Axis { low, high, ticks, label: label.into() }
    }

    /// Logarithms of shares of a whole of `parts` parts.
    pub fn log_shares(parts: usize, label: &str) -> Axis {
        let decades = (parts.max(10) as f64).log10().ceil() as i32;
        let ticks = (0..=decades).map(|d| (f64::from(-d), words::target(10f64.powi(-d)))).collect();
        Axis { low: f64::from(-decades), high: 0.04, ticks, label: label.into() }
    }

    /// Names at 0, 1, 2 ...; as many are written as fit into `pixels`.
    pub fn categories(names: &[String], pixels: u32, label: &str) -> Axis {
        let widest =
            names.iter().map(|name| text_width(&shortened(name), TICK_SIZE)).fold(0.0, f64::max) + 14.0;
        let fitting = ((f64::from(pixels) / widest) as usize).max(1);
        let step = names.len().div_ceil(fitting).max(1);
        let ticks = names.iter().enumerate().step_by(step).map(|(at, name)| (at as f64, shortened(name)));
        let ticks = ticks.collect();
        Axis { low: -0.5, high: names.len().max(1) as f64 - 0.5, ticks, label: label.into() }
    }

    /// Rows counted downwards from the top: row 0 lies at 0, row 1 at -1.
    pub fn rows(names: &[String]) -> Axis {
        let ticks = names.iter().enumerate().map(|(row, name)| (-(row as f64), shortened(name))).collect();
        Axis { low: 0.5 - names.len().max(1) as f64, high: 0.5, ticks, label: String::new() }
    }

    /// Whole numbers from 0.
    pub fn counts(most: u32, label: &str) -> Axis {
        let step =
            [1, 2, 5, 10, 20, 50, 100, 200, 500].into_iter().find(|step| most / step <= 8).unwrap_or(1000);
        let ticks = (0..=most).step_by(step as usize).map(|n| (f64::from(n), n.to_string())).collect();
        Axis { low: -0.3, high: f64::from(most.max(1)) + 0.3, ticks, label: label.into() }
    }

    /// Seconds more or less, marked in round steps.
    pub fn differences(low_s: f64, high_s: f64, label: &str) -> Axis {
        let signed = |(at, _): &(f64, String)| (*at, words::signed_duration(*at));
        let axis = Axis::elapsed(low_s, high_s, label);
        Axis { ticks: axis.ticks.iter().map(signed).collect(), ..axis }
    }

    /// Seconds that have passed since `origin`, marked in round steps.
    pub fn elapsed(from_s: f64, to_s: f64, label: &str) -> Axis {
        let step =
            ROUND_STEPS_S.into_iter().find(|step| (to_s - from_s) / step <= 9.0).unwrap_or(100.0 * 86_400.0);
        let first = (from_s / step).ceil() as i64;
        let last = (to_s / step).floor() as i64;
        let ticks = (first..=last)
            .map(|n| n as f64 * step)
            .map(|s| (s, if from_s < 0.0 { words::signed_duration(s) } else { words::duration(s) }))
            .collect();
        Axis { low: from_s, high: to_s, ticks, label: label.into() }
    }
}

const ROUND_DURATIONS_S: [f64; 13] = [
    0.001,
    0.01,
    0.1,
    1.0,
    10.0,
    60.0,
    600.0,
    3600.0,
    6.0 * 3600.0,
    86_400.0,
    10.0 * 86_400.0,
    100.0 * 86_400.0,
    1000.0 * 86_400.0,
];

/// Decades up to which an axis of durations has room for finer ticks.
const SHORT_LOG: f64 = 1.8;

const FINE_DURATIONS_S: [f64; 20] = [
    0.1,
    0.3,
    1.0,
    3.0,
    10.0,
    30.0,
    60.0,
    120.0,
    300.0,
    600.0,
    1200.0,
    1800.0,
    3600.0,
    2.0 * 3600.0,
    4.0 * 3600.0,
    8.0 * 3600.0,
    86_400.0,
    3.0 * 86_400.0,
    10.0 * 86_400.0,
    30.0 * 86_400.0,
];

const ROUND_STEPS_S: [f64; 20] = [
    0.01,
    0.05,
    0.1,
    0.5,
    1.0,
    5.0,
    10.0,
    30.0,
    60.0,
    120.0,
    300.0,
    600.0,
    1800.0,
    3600.0,
    7200.0,
    21_600.0,
    86_400.0,
    432_000.0,
    1_728_000.0,
    4_320_000.0,
];

/// Whole nines, and between them the places of 95%, 99.5% and so on unless the axis is long.
fn marked_nines(sparse: bool) -> impl Iterator<Item = f64> {
    let half = words::nines(0.95) - 1.0;
    (0..12)
        .flat_map(move |whole| [Some(f64::from(whole)), (!sparse).then_some(f64::from(whole) + half)])
        .flatten()
}

/// `99.9% · 8 h 46 min/yr`.
fn nines_words(nines: f64, per: Per) -> String {
    let unavailability = 10f64.powf(-nines);
    let availability = words::target(1.0 - unavailability);
    format!("{availability} · {}/{}", words::duration(per.seconds() * unavailability), per.unit())
}

/// Names that are too long keep their end, which is what tells them apart.
fn shortened(name: &str) -> String {
    const MOST: usize = 26;
    let length = name.chars().count();
    if length <= MOST {
        return name.to_owned();
    }
    format!("…{}", name.chars().skip(length - MOST + 1).collect::<String>())
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let part = (value - self.low) / (self.high - self.low);
        limit.0 + (part * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            return Vec::new();
        }
        self.ticks.iter().map(|(at, _)| *at).collect()
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.ticks.iter().find(|(at, _)| at == value).map_or(String::new(), |(_, text)| text.clone())
    }
}
