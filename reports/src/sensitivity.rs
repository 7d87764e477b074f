//! What the availability of a service depends on: parameters in the order of their effect.

use scenarios::sensitivity::{Changed, Quantity, Ranked, Sensitivity, Study};
use sim_core::spec::Scenario;
use sim_core::time::Span;

use crate::grid::{Cell, Column, Grid, Row, escape};
use crate::paint::{Paint, Tone};
use crate::per::Per;
use crate::table::{Look, captioned, folded};
use crate::words;

/// What is about to be run.
pub fn headline(study: &Study, scenario: &Scenario) -> String {
    format!(
        "Nines {} · scenario {}: {}, each lowered and raised · {} of each · seed {}",
        env!("CARGO_PKG_VERSION"),
        scenario.name,
        words::counted(study.parameters.len(), "parameter"),
        words::counted(study.repetitions as usize, "run"),
        study.seed
    )
}

/// What a report is of.
pub fn title(found: &Sensitivity) -> String {
    format!("Sensitivity of {}", found.scenario)
}

/// How it was made.
pub fn design(found: &Sensitivity) -> String {
    let runs = words::counted(found.repetitions as usize, "run");
    let span = words::span(found.measured_s);
    let parameters = words::counted(found.parameters.len(), "parameter");
    format!("{parameters}, {runs} of {span} each, under the same luck · seed {}", found.seed)
}

/// The verdict: what matters most, and how many do not.
pub fn sentences(found: &Sensitivity) -> Vec<(String, Tone)> {
    let per = Per::of_span(found.measured_s);
    let service = words::name(&found.service);
    let base = format!(
        "{service}: {} availability {}, {} of downtime {}.",
        found.measure,
        words::availability(&found.base),
        words::duration(per.downtime_s(found.base.value)),
        per.words()
    );
    let mut said = vec![(base, Tone::Plain)];
    said.push(match found.parameters.first().filter(|first| first.swing > 0.0) {
        Some(first) => (most(first, per), Tone::Good),
        None => ("No parameter made any difference in these runs.".into(), Tone::Plain),
    });
    let idle = found.parameters.iter().filter(|ranked| ranked.swing == 0.0).count();
    if idle > 0 && idle < found.parameters.len() {
        let parameters = words::counted(idle, "parameter");
        said.push((format!("{parameters} made no difference in any run."), Tone::Plain));
    }
    said.extend(found.refused.iter().map(|refused| (format!("Refused: {refused}."), Tone::Quiet)));
    said
}

fn most(first: &Ranked, per: Per) -> String {
    format!(
        "It depends most on {}: between {} and {}, downtime differs by {} {}.",
        short(&first.path),
        value(&first.low.value),
        value(&first.high.value),
        words::duration(first.swing * per.seconds()),
        per.words()
    )
}

/// A path without what all of them begin with.
pub fn short(path: &str) -> &str {
    path.strip_prefix("scenario.spec.").unwrap_or(path)
}

/// A value as people say it: durations in their units.
pub fn value(text: &str) -> String {
    match Quantity::of_text(text) {
        Some(Quantity::Duration(Span(nanos))) => words::duration(nanos as f64 / 1e9),
        _ => text.to_owned(),
    }
}

/// The ranking.
pub fn ranking(found: &Sensitivity) -> Grid {
    let per = Per::of_span(found.measured_s);
    let screened = found.parameters.iter().any(|ranked| ranked.effects.is_some());
    let mut columns = vec![
        Column::words("parameter"),
        Column::numbers("value").spare(4),
        Column::numbers("range").spare(3),
        Column::numbers(format!("low: downtime/{}", per.unit())),
        Column::numbers("high"),
    ];
    if screened {
        columns.extend([Column::numbers("mu*").spare(1), Column::numbers("sigma").spare(2)]);
    }
    Grid {
        caption: format!(
            "What {} availability of {} depends on: change of downtime at both ends of the range{}",
            found.measure,
            words::name(&found.service),
            if screened {
                " · mu*, sigma: mean and spread of the effect of the whole range (Morris)"
            } else {
                ""
            }
        ),
        columns,
        rows: found.parameters.iter().map(|ranked| row(ranked, per, screened)).collect(),
    }
}

fn row(ranked: &Ranked, per: Per, screened: bool) -> Row {
    let mut cells = vec![
        Cell::plain(short(&ranked.path)),
        Cell::plain(ranked.value.as_deref().map_or(String::new(), value)),
        Cell::plain(format!("{} .. {}", value(&ranked.low.value), value(&ranked.high.value))),
        change(&ranked.low, per),
        change(&ranked.high, per),
    ];
    if screened {
        let seconds = |share: f64| words::duration(share * per.seconds());
        let effects = ranked.effects.map(|effects| [effects.mean_absolute, effects.deviation].map(seconds));
        cells.extend(effects.unwrap_or_default().map(Cell::plain));
    }
    Row { cells, remark: String::new() }
}

/// More downtime is bad, less is good, and what luck may have done is quiet.
fn change(changed: &Changed, per: Per) -> Cell {
    let Some(change) = changed.change else { return Cell::toned("refused", Tone::Quiet) };
    let tone = match () {
        () if change.low > 0.0 => Tone::Bad,
        () if change.high < 0.0 => Tone::Good,
        () => Tone::Quiet,
    };
    Cell::toned(words::signed_duration(change.value * per.seconds()), tone)
}

/// All of it for a terminal.
pub fn text(found: &Sensitivity, look: Look) -> String {
    let paint = Paint { colour: look.colour };
    let mut text = format!("{}: {}\n\n", title(found), design(found));
    for (sentence, tone) in sentences(found) {
        text += &folded(&sentence, look.width, |line| paint.tone(line, tone));
    }
    text + &captioned(&ranking(found), look)
}

/// All of it as Markdown.
pub fn markdown(found: &Sensitivity) -> String {
    let mut text = format!("## {}\n\n{}\n\n", escape(&title(found)), escape(&design(found)));
    for (sentence, _) in sentences(found) {
        text += &format!("**{}**\n\n", escape(&sentence));
    }
    let grid = ranking(found);
    text += &format!("### {}\n\n{}\n", escape(&grid.caption), grid.to_markdown());
    text + &format!("seed {} · digest {} · inputs {}\n", found.seed, found.digest, found.input_hash)
}
