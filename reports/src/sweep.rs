//! The summary of a sweep as a short document: verdict first, then a table per service, then why.

use scenarios::summary::{Estimate, FactorAxis, ObjectiveSummary, SweepResult};

use crate::grid::{Cell, Column, Grid, Row};
use crate::group::{Group, Lane, groups};
use crate::paint::Tone;
use crate::per::Per;
use crate::{causes, verdict, words};

/// Remark beside the best buy.
pub const CHEAPEST: &str = "← cheapest that holds";

/// What a report is of: `Sweep of web`, or `Runs of web` where nothing was varied.
pub fn title(result: &SweepResult) -> String {
    format!("{} of {}", if result.factors.is_empty() { "Runs" } else { "Sweep" }, result.scenario)
}

/// What was varied, and how often it was repeated: `replicas 1, 2, 3 x spread none, zone · 6 design points x ...`.
pub fn design(result: &SweepResult) -> String {
    let runs = words::counted(result.repetitions as usize, "run");
    let repeated = format!("{runs} of {} · seed {}", words::span(result.measured_s), result.seed);
    if result.factors.is_empty() {
        return repeated;
    }
    let factors: Vec<String> = result.factors.iter().map(levels).collect();
    let points = words::counted(result.points.len(), "design point");
    format!("{} · {points} x {repeated}", factors.join(" x "))
}

/// What `--until` came to: how many runs it took, or that they were not enough.
pub fn stopped(result: &SweepResult) -> Option<(String, Tone)> {
    let stopped = result.stopped.as_ref()?;
    let took = format!(
        "{} at each design point, in {}",
        words::counted(result.repetitions as usize, "run"),
        words::counted(stopped.rounds as usize, "round")
    );
    Some(if stopped.reached {
        (format!("{} is reached after {took}.", stopped.until), Tone::Good)
    } else {
        let most = words::count(stopped.most_runs);
        (format!("{} is not reached after {took} (at most {most}).", stopped.until), Tone::Bad)
    })
}

/// `zones one, three`, `replicas 1..4`, or `toleration_s 10 .. 400 (40 levels)`.
fn levels(factor: &FactorAxis) -> String {
    match factor.levels.as_slice() {
        [first, _, .., last] if is_run_of_numbers(&factor.levels) => {
            format!("{} {first}..{last}", factor.label)
        }
        [first, .., last] if factor.levels.len() > 6 => {
            format!("{} {first} .. {last} ({} levels)", factor.label, factor.levels.len())
        }
        few => format!("{} {}", factor.label, few.join(", ")),
    }
}

fn is_run_of_numbers(levels: &[String]) -> bool {
    let numbers: Option<Vec<i64>> = levels.iter().map(|level| level.parse().ok()).collect();
    levels.len() > 2 && numbers.is_some_and(|numbers| numbers.windows(2).all(|pair| pair[1] == pair[0] + 1))
}

/// The main table of a group.
pub fn availability_grid(result: &SweepResult, group: &Group) -> Grid {
    let has_price =
        group.service.is_some() && group.lanes.iter().any(|lane| lane.result.price_per_hour > 0.0);
    let unit = Per::of(result).unit();
    let mut columns = lane_columns(result, group);
    columns.extend(has_price.then(|| Column::numbers("price/h").spare(4)));
    columns.push(Column::words("availability"));
    columns.push(Column::numbers(format!("downtime/{unit}")));
    columns.push(Column::numbers("p95").spare(3));
    columns.push(Column::numbers(format!("outages/{unit}")).spare(5));
    columns.extend(objective_columns(group));
    let rows = group.lanes.iter().map(|lane| lane_row(result, group, lane, has_price)).collect();
    Grid { caption: caption(result, group), columns, rows }
}

fn caption(result: &SweepResult, group: &Group) -> String {
    let runs = words::counted(result.repetitions as usize, "run");
    let promised = anything_promised(group);
    let meeting = if promised { " · meet: share of runs" } else { "" };
    format!("{}: request availability, mean of {runs} [95% interval]{meeting}", group.title)
}

fn anything_promised(group: &Group) -> bool {
    group.lanes.iter().any(|lane| !lane.summary.objectives.is_empty())
}

fn lane_columns(result: &SweepResult, group: &Group) -> Vec<Column> {
    if group.service.is_some() && !result.factors.is_empty() {
        result.factors.iter().map(|factor| Column::words(factor.label.as_str())).collect()
    } else {
        vec![Column::words("service")]
    }
}

/// One column per objective where all lanes have the same; else what was promised, and how many runs kept it.
fn objective_columns(group: &Group) -> Vec<Column> {
    match common_promises(group) {
        Some(promises) => promises.iter().map(|p| Column::numbers(format!("meet {p}")).spare(1)).collect(),
        None if !anything_promised(group) => Vec::new(),
        None => vec![Column::words("objective").spare(2), Column::numbers("meet it").spare(1)],
    }
}

/// The promises of a service, unless they differ from lane to lane.
fn common_promises(group: &Group) -> Option<Vec<String>> {
    let first = group.lanes.first().map(promises).unwrap_or_default();
    (group.service.is_some() && group.lanes.iter().all(|lane| promises(lane) == first)).then_some(first)
}

fn promises(lane: &Lane) -> Vec<String> {
    lane.summary.objectives.iter().map(promise).collect()
}

/// `99.95%`, `time 99.9%`.
fn promise(objective: &ObjectiveSummary) -> String {
    let target = words::target(objective.target);
    if objective.measure == "request" { target } else { format!("{} {target}", objective.measure) }
}

fn lane_row(result: &SweepResult, group: &Group, lane: &Lane, has_price: bool) -> Row {
    let by_factor = group.service.is_some() && !result.factors.is_empty();
    let mut cells: Vec<Cell> =
        if by_factor { level_cells(result, lane) } else { vec![Cell::plain(&lane.label)] };
    cells.extend(has_price.then(|| Cell::plain(words::trimmed(lane.result.price_per_hour, 4))));
    let per = Per::of(result);
    let downtime = |annual_s: f64| words::duration(per.of_annual(annual_s));
    let tone = if lane.cheapest { Tone::Strong } else { Tone::Plain };
    cells.push(Cell::toned(words::availability(&lane.summary.request_availability), tone));
    cells.push(Cell::toned(downtime(lane.summary.annual_downtime_s.value), tone));
    cells.push(Cell::plain(quantile(lane, 0.95).map_or(String::new(), |e| downtime(e.value))));
    cells.push(Cell::plain(words::rate(per.of_annual(lane.summary.outages_per_year.value))));
    cells.extend(objective_cells(group, lane));
    Row { cells, remark: if lane.cheapest { CHEAPEST.into() } else { String::new() } }
}

fn level_cells(result: &SweepResult, lane: &Lane) -> Vec<Cell> {
    let levels = result.factors.iter().zip(&lane.result.levels);
    levels.map(|(factor, &level)| Cell::plain(factor.levels[level].as_str())).collect()
}

/// Annual downtime at one of the quantiles that were estimated.
pub fn quantile(lane: &Lane, probability: f64) -> Option<Estimate> {
    let near = |p: f64| (p - probability).abs() < 1e-9;
    lane.summary.annual_downtime_quantiles.iter().find(|(p, _)| near(*p)).map(|(_, estimate)| *estimate)
}

fn objective_cells(group: &Group, lane: &Lane) -> Vec<Cell> {
    let kept: Vec<Cell> = lane.summary.objectives.iter().map(kept_cell).collect();
    if common_promises(group).is_some() || !anything_promised(group) {
        return kept;
    }
    let said = kept.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" / ");
    let tone = kept.iter().map(|cell| cell.tone).find(|&tone| tone == Tone::Bad);
    let tone = tone.or(kept.first().map(|cell| cell.tone)).unwrap_or_default();
    vec![Cell::plain(promises(lane).join(" / ")), Cell::toned(said, tone)]
}

fn kept_cell(objective: &ObjectiveSummary) -> Cell {
    let tone = if objective.met { Tone::Good } else { Tone::Bad };
    Cell::toned(words::share(objective.runs_meeting.value), tone)
}

/// Why requests failed, and which faults began the outages, for the lane that matters.
pub fn where_time_goes(result: &SweepResult, group: &Group) -> Vec<String> {
    let Some((lane, name)) = explained(result, group) else { return Vec::new() };
    let Some(losses) = causes::losses(lane.summary.lost_share) else {
        return vec![format!("Where the time goes{name}: no request was lost")];
    };
    let roots = causes::roots(lane.summary).map(|roots| format!("What begins the outages{name}: {roots}"));
    [format!("Where the time goes{name}: {losses}")].into_iter().chain(roots).collect()
}

/// The point of interest of a service, or the service that loses the most; with its name in brackets.
fn explained<'g, 'a>(result: &SweepResult, group: &'g Group<'a>) -> Option<(&'g Lane<'a>, String)> {
    let Some(service) = group.service else {
        let downtime = |lane: &Lane| lane.summary.annual_downtime_s.value;
        let worst = group.lanes.iter().reduce(|a, b| if downtime(b) > downtime(a) { b } else { a })?;
        return Some((worst, format!(" ({})", worst.label)));
    };
    let point = verdict::point_of_interest(result, service)?;
    Some((&group.lanes[point], in_brackets(verdict::point_name(result, point))))
}

fn in_brackets(name: String) -> String {
    if name.is_empty() { name } else { format!(" ({name})") }
}

/// Every group with its table.
pub fn tables(result: &SweepResult) -> Vec<(Group<'_>, Grid)> {
    let with_grid = |group| {
        let grid = availability_grid(result, &group);
        (group, grid)
    };
    groups(result).into_iter().map(with_grid).collect()
}
