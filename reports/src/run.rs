//! One run as a short document: what each service met, and why requests failed.

use sim_core::outcome::{Recording, ServiceOutcome};
use sim_core::spec::{Measure, Objective};

use crate::grid::{Cell, Column, Grid, Row, escape};
use crate::labels::{RunLabels, ServiceLabel};
use crate::paint::{Paint, Tone};
use crate::story::{Telling, painted, told};
use crate::table::{Look, captioned, folded};
use crate::{causes, control_plane, ratio, words};

/// The summary of a run as plain text.
pub fn summary(labels: &RunLabels, recording: &Recording, telling: Telling, look: Look) -> String {
    let paint = Paint { colour: look.colour };
    let mut text = format!("{}\n\n", headline(labels, recording));
    for (sentence, tone) in sentences(labels, recording) {
        text += &folded(&sentence, look.width, |line| paint.tone(line, tone));
    }
    let grid = grid(labels, recording);
    text += &format!("\n  {}\n{}", paint.tone(&grid.caption, Tone::Strong), grid.to_text(look.width, paint));
    for line in where_time_goes(labels, recording) {
        text += &folded(&line, look.width.saturating_sub(2), |line| format!("  {line}"));
    }
    text += &captioned(&ratio::of_run(labels, recording), look);
    text += &captioned(&control_plane::of_run(recording), look);
    text + "\n" + &painted(labels, recording, telling, paint)
}

/// The summary of a run as Markdown.
pub fn markdown(labels: &RunLabels, recording: &Recording, telling: Telling) -> String {
    let mut text = format!("## {}\n\n", escape(&headline(labels, recording)));
    for (sentence, _) in sentences(labels, recording) {
        text += &format!("**{}**\n\n", escape(&sentence));
    }
    let grid = grid(labels, recording);
    text += &format!("### {}\n\n{}\n", escape(&grid.caption), grid.to_markdown());
    for line in where_time_goes(labels, recording) {
        text += &format!("{}\n\n", escape(&line));
    }
    let ratios = ratio::of_run(labels, recording);
    text += &format!("### {}\n\n{}\n", escape(&ratios.caption), ratios.to_markdown());
    let plane = control_plane::of_run(recording);
    if !plane.rows.is_empty() {
        text += &format!("### {}\n\n{}\n", escape(&plane.caption), plane.to_markdown());
    }
    text + &format!("```text\n{}```\n", told(labels, recording, telling))
}

/// Whether every objective of every service is kept in this run.
pub fn objectives_hold(labels: &RunLabels, recording: &Recording) -> bool {
    pairs(labels, recording).all(|(label, outcome)| missed(label, outcome, recording).is_empty())
}

/// What was run: `Run of web: 365 d, run 0, seed 42`.
pub fn headline(labels: &RunLabels, recording: &Recording) -> String {
    let span = words::span(recording.outcome.measured.as_secs_f64());
    let events = words::counted(recording.outcome.events as usize, "event");
    format!(
        "Run of {}: {span} measured · run {} · seed {} · {events}",
        labels.scenario, labels.seed.run, labels.seed.master
    )
}

/// The verdict in sentences, each with its tone.
pub fn sentences(labels: &RunLabels, recording: &Recording) -> Vec<(String, Tone)> {
    let mut said = Vec::new();
    for (label, outcome) in pairs(labels, recording) {
        for objective in missed(label, outcome, recording) {
            let reached = words::plain_availability(share(outcome, recording, objective.measure));
            let (measure, target) = (measure_words(objective.measure), words::target(objective.target));
            said.push((
                format!(
                    "{} misses its objective: {measure} {reached} against {target}.",
                    words::name(&label.name)
                ),
                Tone::Bad,
            ));
        }
    }
    let promised = labels.services.iter().filter(|label| !label.objectives.is_empty()).count();
    match (said.is_empty(), promised) {
        (false, _) => {}
        (true, 0) => said.push(("No objective is set.".into(), Tone::Plain)),
        (true, _) => said.push(("Every objective is kept.".into(), Tone::Good)),
    }
    said
}

fn pairs<'a>(
    labels: &'a RunLabels,
    recording: &'a Recording,
) -> impl Iterator<Item = (&'a ServiceLabel, &'a ServiceOutcome)> {
    labels.services.iter().zip(&recording.outcome.services)
}

fn missed<'a>(
    label: &'a ServiceLabel,
    outcome: &ServiceOutcome,
    recording: &Recording,
) -> Vec<&'a Objective> {
    label.objectives.iter().filter(|o| share(outcome, recording, o.measure) < o.target).collect()
}

fn measure_words(measure: Measure) -> &'static str {
    match measure {
        Measure::Request => "request availability",
        Measure::Time => "time availability",
        Measure::Capacity => "capacity availability",
    }
}

/// One of the three availabilities of a service in this run; 1 where nothing could fail.
fn share(outcome: &ServiceOutcome, recording: &Recording, measure: Measure) -> f64 {
    let measured = recording.outcome.measured.as_secs_f64();
    let (bad, all) = match measure {
        Measure::Request => (outcome.lost_requests, outcome.requests),
        Measure::Time => (outcome.down.as_secs_f64(), measured),
        Measure::Capacity => (outcome.short.as_secs_f64(), measured),
    };
    if all > 0.0 { 1.0 - bad / all } else { 1.0 }
}

/// The main table: one row per service.
pub fn grid(labels: &RunLabels, recording: &Recording) -> Grid {
    let columns = vec![
        Column::words("service"),
        Column::numbers("request"),
        Column::numbers("time").spare(2),
        Column::numbers("capacity").spare(3),
        Column::numbers("outages"),
        Column::numbers("longest"),
        Column::numbers("all outages").spare(1),
    ];
    let rows = pairs(labels, recording).map(|(label, outcome)| row(label, outcome, recording));
    Grid { caption: "Availability and outages of each service".into(), columns, rows: rows.collect() }
}

fn row(label: &ServiceLabel, outcome: &ServiceOutcome, recording: &Recording) -> Row {
    let mut cells = vec![Cell::plain(words::name(&label.name))];
    for measure in [Measure::Request, Measure::Time, Measure::Capacity] {
        let share = share(outcome, recording, measure);
        let promises = label.objectives.iter().filter(|o| o.measure == measure);
        let tone = match promises.map(|o| share >= o.target).min() {
            None => Tone::Plain,
            Some(true) => Tone::Good,
            Some(false) => Tone::Bad,
        };
        cells.push(Cell::toned(words::plain_availability(share), tone));
    }
    let lengths = || outcome.outages.iter().map(|outage| outage.duration().as_secs_f64());
    cells.push(Cell::plain(words::count(outcome.outages.len() as u64)));
    cells.push(Cell::plain(words::duration(lengths().fold(0.0, f64::max))));
    cells.push(Cell::plain(words::duration(lengths().sum())));
    Row { cells, remark: String::new() }
}

/// Why requests failed, for each service that lost any; the worst three.
pub fn where_time_goes(labels: &RunLabels, recording: &Recording) -> Vec<String> {
    let mut lossy: Vec<_> =
        pairs(labels, recording).filter(|(_, outcome)| outcome.lost_requests > 0.0).collect();
    lossy.sort_by(|a, b| b.1.lost_requests.total_cmp(&a.1.lost_requests));
    let shares = |outcome: &ServiceOutcome| outcome.lost_by.map(|lost| lost / outcome.lost_requests);
    let line = |(label, outcome): &(&ServiceLabel, &ServiceOutcome)| {
        Some(format!(
            "Where the time goes ({}): {}",
            words::name(&label.name),
            causes::losses(shares(outcome))?
        ))
    };
    lossy.iter().take(3).filter_map(line).collect()
}
