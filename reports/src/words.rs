//! Numbers as people say them. Files for machines never pass through here.

use scenarios::summary::Estimate;
use sim_core::time::Instant;

/// Seconds in the year that "a year" means in every report: 365 days.
pub const YEAR_S: f64 = 365.0 * 86_400.0;

/// More decimals than this say nothing a simulation can know.
const MOST_DECIMALS: usize = 9;

/// A length of time: `12 h 05 min`, `28 min`, `47.5 s`; whole years are said as such.
pub fn duration(seconds: f64) -> String {
    match seconds {
        s if !s.is_finite() => "unknown".into(),
        s if s <= 0.0 => "0 s".into(),
        s if s < 0.0095 => "< 10 ms".into(),
        s if s < 0.9995 => format!("{:.0} ms", s * 1e3),
        s if s < 59.95 => format!("{} s", trimmed(s, 1)),
        s if s < 599.5 => pair(s.round() as u64, 60, "min", "s"),
        s if s < 48.0 * 3600.0 && s % 86_400.0 == 0.0 => format!("{} d", s / 86_400.0),
        s if s < 48.0 * 3600.0 => pair((s / 60.0).round() as u64, 60, "h", "min"),
        s if s % YEAR_S == 0.0 => counted((s / YEAR_S) as usize, "year"),
        s if s < 100.0 * 86_400.0 => pair((s / 3600.0).round() as u64, 24, "d", "h"),
        s => format!("{} d", count((s / 86_400.0).round() as u64)),
    }
}

/// The same of what may be negative: `-28 min`, `+1 h 05 min`.
pub fn signed_duration(seconds: f64) -> String {
    match seconds {
        s if s < 0.0 => format!("-{}", duration(-s)),
        s if s > 0.0 => format!("+{}", duration(s)),
        _ => "0".into(),
    }
}

/// A simulated span: whole years as such, although a warm-up was cut off them.
pub fn span(seconds: f64) -> String {
    let years = (seconds / YEAR_S).round();
    let whole = years >= 1.0 && (seconds - years * YEAR_S).abs() < 0.005 * YEAR_S;
    if whole { counted(years as usize, "year") } else { duration(seconds) }
}

/// `namespace/name`, with or without a kind before it, as people say it: the namespace `default` says nothing.
pub fn name(full: &str) -> String {
    match full.split_once(' ') {
        Some((kind, rest)) => format!("{kind} {}", name(rest)),
        None => full.strip_prefix("default/").unwrap_or(full).to_owned(),
    }
}

/// `total` small units as large and small ones; a part that is zero is left unsaid.
fn pair(total: u64, per_large: u64, large: &str, small: &str) -> String {
    match (total / per_large, total % per_large) {
        (0, rest) => format!("{rest} {small}"),
        (whole, 0) => format!("{whole} {large}"),
        (whole, rest) => format!("{whole} {large} {rest:02} {small}"),
    }
}

/// An availability and its 95% interval, with as many digits as the interval is sure of:
/// `99.862% [99.855, 99.869]`.
pub fn availability(estimate: &Estimate) -> String {
    let Estimate { value, low, high, .. } = *estimate;
    if !value.is_finite() {
        return "unknown".into();
    }
    let decimals = decimals_of_availability(estimate);
    if low == high {
        return percent(value, decimals);
    }
    let end = |share: f64| percent(share, decimals).trim_end_matches('%').to_owned();
    format!("{} [{}, {}]", percent(value, decimals), end(low), end(high))
}

/// The value of [`availability`] without its interval.
pub fn availability_value(estimate: &Estimate) -> String {
    if estimate.value.is_finite() {
        percent(estimate.value, decimals_of_availability(estimate))
    } else {
        "unknown".into()
    }
}

/// An availability that has no interval, with two digits of its failures: `99.984%`.
pub fn plain_availability(share: f64) -> String {
    availability_value(&Estimate::exactly(share))
}

/// Decimals of a percentage such that its last digit is of the size of the interval's half.
fn decimals_of_availability(estimate: &Estimate) -> usize {
    let half = (estimate.high - estimate.low) / 2.0;
    let from_interval = first_digit(half * 100.0);
    let from_failures = first_digit((1.0 - estimate.value) * 100.0).map(|digit| digit + 1);
    let wanted = from_interval.or(from_failures).unwrap_or(0);
    // "100%" is for what never failed, whatever the interval.
    (wanted..MOST_DECIMALS)
        .find(|&decimals| estimate.value >= 1.0 || !percent(estimate.value, decimals).starts_with("100"))
        .unwrap_or(MOST_DECIMALS)
}

/// The decimal that holds the first significant digit of a positive number.
fn first_digit(size: f64) -> Option<usize> {
    // A hair off, because 0.01 is rarely exactly that.
    let decimal = (-size.log10() - 1e-6).ceil().clamp(0.0, MOST_DECIMALS as f64);
    (size > 0.0 && size.is_finite()).then_some(decimal as usize)
}

fn percent(share: f64, decimals: usize) -> String {
    if share >= 1.0 { "100%".into() } else { format!("{:.decimals$}%", share * 100.0) }
}

/// A promised share: `99.95%`.
pub fn target(share: f64) -> String {
    format!("{}%", trimmed(share * 100.0, MOST_DECIMALS))
}

/// A part of a whole: `61%`, `0.4%`; `0%` and `100%` are said only when they are exact.
pub fn share(share: f64) -> String {
    match share * 100.0 {
        p if !p.is_finite() => "unknown".into(),
        p if p <= 0.0 => "0%".into(),
        p if p >= 100.0 => "100%".into(),
        p if p < 0.1 => "< 0.1%".into(),
        p if p > 99.9 => "> 99.9%".into(),
        p if !(0.95..=99.0).contains(&p) => format!("{p:.1}%"),
        p => format!("{p:.0}%"),
    }
}

/// A number of things per year and the like: `12`, `1.3`, `0.04`.
pub fn rate(number: f64) -> String {
    match number {
        n if !n.is_finite() => "unknown".into(),
        n if n <= 0.0 => "0".into(),
        n if n < 0.0005 => "< 0.001".into(),
        n if n < 0.095 => trimmed(n, 3),
        n if n < 0.995 => trimmed(n, 2),
        n if n < 9.95 => trimmed(n, 1),
        n => count(n.round() as u64),
    }
}

/// A whole number with its thousands set apart: `2,000`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut said = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

/// `1 run`, `250 runs`.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", count(number as u64), if number == 1 { "" } else { "s" })
}

/// A number with at most so many decimals, and no zeros at its end.
pub fn trimmed(number: f64, decimals: usize) -> String {
    let fixed = format!("{number:.decimals$}");
    if fixed.contains('.') { fixed.trim_end_matches('0').trim_end_matches('.').to_owned() } else { fixed }
}

/// How many nines an availability has: 3 for 99.9%, infinitely many for one that never failed.
pub fn nines(availability: f64) -> f64 {
    -(1.0 - availability).log10()
}

/// The day of a run, counted from 1.
pub fn day(at: Instant) -> u64 {
    at.0 / 86_400_000_000_000 + 1
}

/// The time of day, where runs start at midnight: `03:12:09.3`.
pub fn time_of_day(at: Instant) -> String {
    let tenths = at.0 / 100_000_000;
    let seconds = tenths / 10;
    format!("{:02}:{:02}:{:02}.{}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60, tenths % 10)
}
