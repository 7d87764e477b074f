//! The table: what was expected, what was found, how sure that is, and what the whole file says.

use std::fmt;

use crate::case::{Case, Reason};
use crate::estimate::Estimate;
use crate::{families, unmodelled};

/// The chance that a file is found to disagree although nothing is wrong: Holm's correction.
const FAMILY_WISE: f64 = 0.01;
/// The widest half-width that means something, as a share of the value.
const WIDEST: f64 = 0.05;

/// What is said of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The exact value is in the interval, which is narrow.
    Agrees,
    /// It is outside, as one of a hundred is by luck: not enough to reject it among so many.
    AgreesByCorrection,
    /// Nothing speaks against it, but the interval is wide.
    TooWide,
    /// The correction over all cases rejects it.
    Disagrees,
    /// The model has no such thing.
    CannotExpress,
}

impl Verdict {
    fn words(self) -> &'static str {
        match self {
            Verdict::Agrees => "agrees",
            Verdict::AgreesByCorrection => "agrees (outside, within Holm)",
            Verdict::TooWide => "too wide",
            Verdict::Disagrees => "DISAGREES",
            Verdict::CannotExpress => "cannot express",
        }
    }
}

/// A line of the table.
struct Line {
    name: String,
    exact: f64,
    found: Result<Estimate, Reason>,
    /// What the width is measured by.
    scale: f64,
    verdict: Verdict,
}

/// What is said of a file.
pub struct Report {
    lines: Vec<Line>,
}

/// Runs every case that a family expresses.
pub fn run(cases: &[Case]) -> Report {
    let mut lines: Vec<Line> = cases.iter().map(line).collect();
    let rejected = rejected(&lines);
    for (at, line) in lines.iter_mut().enumerate() {
        if rejected.contains(&at) {
            line.verdict = Verdict::Disagrees;
        }
    }
    Report { lines }
}

fn line(case: &Case) -> Line {
    let found =
        match families::find(case) {
            Some(family) => family(case),
            None => Err(unmodelled::reason(case)
                .unwrap_or_else(|| String::from("no family of this name and quantity"))),
        };
    // Of an availability, the share that is missing is what matters.
    let is_availability = case.exact > 0.9 && case.exact < 1.0;
    let scale = if is_availability { 1.0 - case.exact } else { case.exact.abs() };
    let verdict = found.as_ref().map_or(Verdict::CannotExpress, |estimate| judge(case, estimate, scale));
    Line { name: case.name.clone(), exact: case.exact, found, scale, verdict }
}

fn judge(case: &Case, estimate: &Estimate, scale: f64) -> Verdict {
    if estimate.half_width().is_nan() || estimate.half_width() > WIDEST * scale {
        return Verdict::TooWide;
    }
    let inside = (estimate.low..=estimate.high).contains(&case.exact);
    if inside { Verdict::Agrees } else { Verdict::AgreesByCorrection }
}

/// Holm's procedure: the lines whose chance is too small even among so many.
fn rejected(lines: &[Line]) -> Vec<usize> {
    let chance = |line: &Line| line.found.as_ref().map(|found| found.chance).ok();
    let mut chances: Vec<(f64, usize)> =
        lines.iter().enumerate().filter_map(|(at, line)| Some((chance(line)?, at))).collect();
    chances.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all = chances.len();
    let small = |(rank, (chance, _)): &(usize, (f64, usize))| {
        chance.is_nan() || *chance <= FAMILY_WISE / (all - rank) as f64
    };
    chances.into_iter().enumerate().take_while(small).map(|(_, (_, at))| at).collect()
}

impl Report {
    /// How many are so.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.lines.iter().filter(|line| line.verdict == verdict).count()
    }

    /// Each reason for which cases cannot be expressed, with how many there are, in order of the file.
    fn reasons(&self) -> Vec<(&str, usize)> {
        let mut reasons: Vec<(&str, usize)> = Vec::new();
        for reason in self.lines.iter().filter_map(|line| line.found.as_ref().err()) {
            match reasons.iter_mut().find(|known| known.0 == reason) {
                Some(known) => known.1 += 1,
                None => reasons.push((reason, 1)),
            }
        }
        reasons
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "{:<56} {:>16} {:>16} {:>33} {:>8} {:>7} {:>10}  verdict",
            "case", "exact", "estimate", "99% interval", "± / of", "runs", "events"
        )?;
        for line in &self.lines {
            writeln!(out, "{line}")?;
        }
        let count = |verdict| self.count(verdict);
        let agree = count(Verdict::Agrees) + count(Verdict::AgreesByCorrection);
        writeln!(out)?;
        writeln!(
            out,
            "{} cases: {agree} agree ({} of them outside their 99% interval, within Holm's correction), {} disagree, {} \
             too wide, {} cannot be expressed",
            self.lines.len(),
            count(Verdict::AgreesByCorrection),
            count(Verdict::Disagrees),
            count(Verdict::TooWide),
            count(Verdict::CannotExpress)
        )?;
        for (reason, cases) in self.reasons() {
            writeln!(out, "  {cases:>4} cannot be expressed: {reason}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line { name, exact, found, scale, verdict } = self;
        write!(out, "{name:<56} {:>16} ", figure(*exact))?;
        let Ok(found) = found else {
            return write!(
                out,
                "{:>16} {:>33} {:>8} {:>7} {:>10}  {}",
                "-",
                "-",
                "-",
                "-",
                "-",
                verdict.words()
            );
        };
        let interval = format!("[{}, {}]", figure(found.low), figure(found.high));
        let width = 100.0 * found.half_width() / scale;
        let Estimate { value, runs, events, .. } = found;
        let value = figure(*value);
        write!(out, "{value:>16} {interval:>33} {width:>7.2}% {runs:>7} {events:>10}  {}", verdict.words())
    }
}

/// A number with as many digits as matter: of one that is nearly 1, those of what is missing.
fn figure(value: f64) -> String {
    if value != 0.0 && (value.abs() < 0.001 || value.abs() >= 1e7) {
        format!("{value:.5e}")
    } else if (0.999..1.0).contains(&value) {
        format!("{value:.11}")
    } else {
        format!("{value:.6}")
    }
}

#[test]
fn holm_rejects_what_is_surprising_among_so_many() {
    let line = |chance: f64| Line {
        name: String::new(),
        exact: 1.0,
        found: Ok(Estimate { value: 1.0, low: 1.0, high: 1.0, chance, runs: 0, events: 0 }),
        scale: 1.0,
        verdict: Verdict::Agrees,
    };
    let mut lines: Vec<Line> = (0..100).map(|at| line(f64::from(at + 1) / 100.0)).collect();
    assert!(rejected(&lines).is_empty(), "a hundred cases of which one is outside its 99% interval");
    lines[70] = line(0.000_05);
    lines[80] = line(0.000_101);
    assert_eq!(rejected(&lines), [70, 80]);
}
