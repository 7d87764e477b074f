//! Designs side by side: which is better, by how much downtime, and how sure that is.

use scenarios::compare::{Comparison, Contest, Difference, Verdict};
use scenarios::summary::Estimate;

use crate::grid::{Cell, Column, Grid, Row, escape};
use crate::paint::{Paint, Tone};
use crate::per::Per;
use crate::table::{Look, captioned, folded};
use crate::words;

/// What is about to be run.
pub fn headline(contest: &Contest) -> String {
    let names: Vec<&str> = contest.designs.iter().map(|design| design.name.as_str()).collect();
    let (first, others) = names.split_first().expect("at least two designs");
    format!(
        "Nines {} · {first} against {}: {} each · seed {}",
        env!("CARGO_PKG_VERSION"),
        others.join(", "),
        words::counted(contest.repetitions as usize, "run"),
        contest.seed
    )
}

/// What a report is of.
pub fn title(comparison: &Comparison) -> String {
    format!("Comparison of {} designs", comparison.designs.len())
}

/// How it was made.
pub fn design(comparison: &Comparison) -> String {
    let runs = words::counted(comparison.repetitions as usize, "run");
    let span = words::span(comparison.measured_s);
    format!("{runs} of {span} each, under the same luck · seed {}", comparison.seed)
}

/// The verdict, a sentence for each difference, and what the pairing was worth.
pub fn sentences(comparison: &Comparison) -> Vec<(String, Tone)> {
    let mut said: Vec<_> =
        comparison.differences.iter().map(|difference| sentence(comparison, difference)).collect();
    said.extend(savings(comparison).map(|saved| (saved, Tone::Plain)));
    if !comparison.left_out.is_empty() {
        let names = comparison.left_out.join(", ");
        said.push((format!("Left out, because not every design has it: {names}."), Tone::Quiet));
    }
    said
}

fn sentence(comparison: &Comparison, difference: &Difference) -> (String, Tone) {
    let name = |design: usize| &comparison.designs[design].design.name;
    let service = words::name(&comparison.services[difference.service]);
    let (first, second) = (name(0), name(difference.design));
    let per = Per::of_span(comparison.measured_s);
    let less = Downtime::of(&difference.difference, per);
    match difference.verdict {
        Verdict::Better => (
            format!(
                "{service}: {second} is better than {first}, by {} of downtime {}.",
                less.span(),
                per.words()
            ),
            Tone::Good,
        ),
        Verdict::Worse => (
            format!(
                "{service}: {second} is worse than {first}, by {} of downtime {}.",
                less.negated().span(),
                per.words()
            ),
            Tone::Bad,
        ),
        Verdict::Same => (format!("{service}: {second} and {first} are the same in every run."), Tone::Plain),
        Verdict::Unclear => (unclear(&service, first, second, less, per, difference), Tone::Plain),
    }
}

fn unclear(
    service: &str,
    first: &str,
    second: &str,
    less: Downtime,
    per: Per,
    difference: &Difference,
) -> String {
    let needed = difference.runs_needed.map_or(String::new(), |runs| {
        format!(
            " About {} runs would tell a difference of the size that was seen.",
            words::count(rounded(runs))
        )
    });
    format!(
        "{service}: these runs do not tell {second} from {first}: it is between {} less and {} more downtime {}.{needed}",
        words::duration(less.high),
        words::duration(-less.low),
        per.words()
    )
}

/// Two digits: it is an estimate.
fn rounded(runs: u64) -> u64 {
    let unit = 10_u64.pow(runs.max(1).ilog10().saturating_sub(1));
    runs.div_ceil(unit) * unit
}

/// Seconds of downtime that are saved.
#[derive(Clone, Copy)]
struct Downtime {
    value: f64,
    low: f64,
    high: f64,
}

impl Downtime {
    fn of(difference: &Estimate, per: Per) -> Downtime {
        let seconds = |share: f64| share * per.seconds();
        Downtime {
            value: seconds(difference.value),
            low: seconds(difference.low),
            high: seconds(difference.high),
        }
    }

    fn negated(self) -> Downtime {
        Downtime { value: -self.value, low: -self.high, high: -self.low }
    }

    /// `26 min [22 min, 31 min]`
    fn span(self) -> String {
        let [value, low, high] = [self.value, self.low, self.high].map(words::duration);
        format!("{value} [{low}, {high}]")
    }

    /// The same of what may be less than nothing.
    fn signed(self) -> String {
        let [value, low, high] = [self.value, self.low, self.high].map(words::signed_duration);
        format!("{value} [{low}, {high}]")
    }
}

/// How many unpaired runs would have been as sure.
fn savings(comparison: &Comparison) -> Option<String> {
    let saved: Vec<f64> = comparison.differences.iter().filter_map(|difference| difference.saved).collect();
    let (least, most) =
        saved.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), &s| (least.min(s), most.max(s)));
    let runs = |times: f64| words::count(rounded((times * comparison.repetitions as f64).round() as u64));
    let worth = if saved.len() > 1 && runs(least) != runs(most) {
        format!("{} to {}", runs(least), runs(most))
    } else {
        runs(most)
    };
    let own = words::count(comparison.repetitions);
    (!saved.is_empty()).then(|| {
        format!("The same luck in every design makes {own} runs worth {worth} runs with luck of their own.")
    })
}

/// Each design by itself.
pub fn designs(comparison: &Comparison) -> Grid {
    let priced = comparison.designs.iter().any(|result| result.price_per_hour > 0.0);
    let per = Per::of_span(comparison.measured_s);
    let mut columns = vec![Column::words("design"), Column::words("service").spare(2)];
    columns.extend(priced.then(|| Column::numbers("price/h").spare(1)));
    columns.push(Column::words(format!("{} availability", comparison.measure)));
    columns.push(Column::numbers(format!("downtime/{}", per.unit())));
    let mut rows = Vec::new();
    for result in &comparison.designs {
        for (service, estimate) in comparison.services.iter().zip(&result.availability) {
            let mut cells = vec![Cell::plain(result.design.name.as_str()), Cell::plain(words::name(service))];
            cells.extend(priced.then(|| Cell::plain(words::trimmed(result.price_per_hour, 4))));
            cells.push(Cell::plain(words::availability(estimate)));
            cells.push(Cell::plain(words::duration(per.downtime_s(estimate.value))));
            rows.push(Row { cells, remark: String::new() });
        }
    }
    Grid { caption: format!("Each design by itself, {}", interval_words()), columns, rows }
}

fn interval_words() -> &'static str {
    "mean of its runs [95% interval]"
}

/// Each other design against the first.
pub fn differences(comparison: &Comparison) -> Grid {
    let per = Per::of_span(comparison.measured_s);
    let columns = vec![
        Column::words("design"),
        Column::words("service").spare(2),
        Column::words(format!("downtime/{} saved", per.unit())),
        Column::numbers("pairing").spare(1),
        Column::words("verdict"),
    ];
    let row = |difference: &Difference| {
        let saved = difference.saved.map_or("-".into(), |times| format!("x{}", words::rate(times)));
        let (verdict, tone) = verdict_words(difference.verdict);
        let cells = vec![
            Cell::plain(comparison.designs[difference.design].design.name.as_str()),
            Cell::plain(words::name(&comparison.services[difference.service])),
            Cell::plain(Downtime::of(&difference.difference, per).signed()),
            Cell::plain(saved),
            Cell::toned(verdict, tone),
        ];
        Row { cells, remark: String::new() }
    };
    let together = if comparison.differences.len() > 1 { ", all intervals together" } else { "" };
    Grid {
        caption: format!(
            "Against {} [95%{together}] · pairing: as many times as many unpaired runs",
            comparison.designs[0].design.name
        ),
        columns,
        rows: comparison.differences.iter().map(row).collect(),
    }
}

/// What a verdict is called.
pub fn verdict_words(verdict: Verdict) -> (&'static str, Tone) {
    match verdict {
        Verdict::Better => ("better", Tone::Good),
        Verdict::Worse => ("worse", Tone::Bad),
        Verdict::Same => ("the same", Tone::Plain),
        Verdict::Unclear => ("not told", Tone::Quiet),
    }
}

/// All of it for a terminal.
pub fn text(comparison: &Comparison, look: Look) -> String {
    let paint = Paint { colour: look.colour };
    let mut text = format!("{}: {}\n\n", title(comparison), design(comparison));
    for (sentence, tone) in sentences(comparison) {
        text += &folded(&sentence, look.width, |line| paint.tone(line, tone));
    }
    text += &captioned(&designs(comparison), look);
    text + &captioned(&differences(comparison), look)
}

/// All of it as Markdown.
pub fn markdown(comparison: &Comparison) -> String {
    let mut text = format!("## {}\n\n{}\n\n", escape(&title(comparison)), escape(&design(comparison)));
    for (sentence, _) in sentences(comparison) {
        text += &format!("**{}**\n\n", escape(&sentence));
    }
    for grid in [designs(comparison), differences(comparison)] {
        text += &format!("### {}\n\n{}\n", escape(&grid.caption), grid.to_markdown());
    }
    text + &format!("seed {} · digest {}\n", comparison.seed, comparison.digest)
}
