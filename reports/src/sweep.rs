//! The summary of a sweep as a short document: verdict first, then a table per service, then why.

use scenarios::summary::{Estimate, FactorAxis, ObjectiveSummary, SweepResult, WorkloadSummary};

use crate::grid::{Cell, Column, Grid, Row};
use crate::group::{Group, Lane, groups};
use crate::paint::Tone;
use crate::{verdict, words};

/// Remark beside the best buy.
pub const CHEAPEST: &str = "<- cheapest that holds";

/// What was varied, and how often it was repeated: `replicas 1, 2, 3 x spread none, zone · 6 design points x ...`.
pub fn design(result: &SweepResult) -> String {
    let runs = words::counted(result.repetitions as usize, "run");
    let repeated = format!("{runs} of {} each · seed {}", words::duration(result.measured_s), result.seed);
    if result.factors.is_empty() {
        return repeated;
    }
    let factors: Vec<String> = result.factors.iter().map(levels).collect();
    let points = words::counted(result.points.len(), "design point");
    format!("{} · {points} x {repeated}", factors.join(" x "))
}

/// `replicas 1, 2, 3`, or `toleration_s 10 .. 400 (40 levels)`.
fn levels(factor: &FactorAxis) -> String {
    match factor.levels.as_slice() {
        [first, .., last] if factor.levels.len() > 6 => {
            format!("{} {first} .. {last} ({} levels)", factor.label, factor.levels.len())
        }
        few => format!("{} {}", factor.label, few.join(", ")),
    }
}

/// The main table of a group.
pub fn availability_grid(result: &SweepResult, group: &Group) -> Grid {
    let has_price = group.lanes.iter().any(|lane| lane.result.price_per_hour > 0.0);
    let mut columns = lane_columns(result, group);
    columns.extend(has_price.then(|| Column::numbers("price/h").spare(4)));
    columns.push(Column::words("availability"));
    columns.push(Column::numbers("downtime/yr"));
    columns.push(Column::numbers("p95").spare(3));
    columns.push(Column::numbers("outages/yr").spare(5));
    columns.extend(objective_columns(group));
    let rows = group.lanes.iter().map(|lane| lane_row(result, group, lane, has_price)).collect();
    Grid { caption: caption(result, group), columns, rows }
}

fn caption(result: &SweepResult, group: &Group) -> String {
    let runs = words::counted(result.repetitions as usize, "run");
    format!("{}: request availability, mean of {runs} [95% interval]", group.title)
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
    if group.service.is_none() {
        return vec![Column::words("objective").spare(1), Column::numbers("runs meeting it")];
    }
    let objectives = group.lanes.first().map(|lane| lane.summary.objectives.as_slice()).unwrap_or_default();
    objectives.iter().map(|o| Column::numbers(format!("runs meeting {}", promise(o)))).collect()
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
    let tone = if lane.cheapest { Tone::Strong } else { Tone::Plain };
    cells.push(Cell::toned(words::availability(&lane.summary.request_availability), tone));
    cells.push(Cell::toned(words::duration(lane.summary.annual_downtime_s.value), tone));
    cells.push(Cell::plain(quantile(lane, 0.95).map_or(String::new(), |e| words::duration(e.value))));
    cells.push(Cell::plain(words::rate(lane.summary.outages_per_year.value)));
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
    if group.service.is_some() {
        return kept;
    }
    let promised: Vec<String> = lane.summary.objectives.iter().map(promise).collect();
    let said = kept.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" / ");
    let tone = kept.iter().map(|cell| cell.tone).find(|&tone| tone == Tone::Bad);
    let tone = tone.or(kept.first().map(|cell| cell.tone)).unwrap_or_default();
    vec![Cell::plain(promised.join(" / ")), Cell::toned(said, tone)]
}

fn kept_cell(objective: &ObjectiveSummary) -> Cell {
    let tone = if objective.met { Tone::Good } else { Tone::Bad };
    Cell::toned(words::share(objective.runs_meeting.value), tone)
}

/// The point that explanations turn to in a group, with its name in brackets where there are several.
fn explained<'g, 'a>(result: &SweepResult, group: &'g Group<'a>) -> Vec<(&'g Lane<'a>, String)> {
    match group.service {
        Some(service) => verdict::point_of_interest(result, service)
            .map(|point| {
                let name = verdict::point_name(result, point);
                (&group.lanes[point], if name.is_empty() { name } else { format!(" ({name})") })
            })
            .into_iter()
            .collect(),
        None => worst_lanes(group).into_iter().map(|lane| (lane, format!(" ({})", lane.label))).collect(),
    }
}

/// The three services that lose the most time.
fn worst_lanes<'g, 'a>(group: &'g Group<'a>) -> Vec<&'g Lane<'a>> {
    let mut lanes: Vec<&Lane> = group.lanes.iter().collect();
    let downtime = |lane: &Lane| lane.summary.annual_downtime_s.value;
    lanes.sort_by(|a, b| downtime(b).total_cmp(&downtime(a)));
    lanes.truncate(3);
    lanes
}

/// Why requests failed, and which faults began the outages.
pub fn where_time_goes(result: &SweepResult, group: &Group) -> Vec<String> {
    explained(result, group)
        .into_iter()
        .map(|(lane, name)| match (verdict::losses(lane.summary.lost_share), verdict::roots(lane.summary)) {
            (None, _) => format!("Where the time goes{name}: no request was lost"),
            (Some(losses), None) => format!("Where the time goes{name}: {losses}"),
            (Some(losses), Some(roots)) => {
                format!("Where the time goes{name}: {losses}\nWhat begins the outages{name}: {roots}")
            }
        })
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// Most workloads that are worth a line each in a summary.
const MOST_RATIO_LINES: usize = 3;

/// How well the controllers kept R = N / P, desired over current pods, at the point that matters: the worst first.
pub fn replica_ratio(result: &SweepResult) -> Vec<String> {
    let point = verdict::cheapest_for_all(result)
        .or_else(|| (!result.services.is_empty()).then(|| verdict::point_of_interest(result, 0)).flatten());
    let Some(point) = point.or((!result.points.is_empty()).then_some(0)) else { return Vec::new() };
    let mut workloads: Vec<_> = result.workloads.iter().zip(&result.points[point].workloads).collect();
    workloads.sort_by(|a, b| a.1.share_at_ratio_one.value.total_cmp(&b.1.share_at_ratio_one.value));
    let name = verdict::point_name(result, point);
    let name = if name.is_empty() { name } else { format!(" ({name})") };
    let line = |(workload, summary): &(&String, &WorkloadSummary)| {
        let at_one = words::availability_value(&summary.share_at_ratio_one);
        let ready = words::availability_value(&summary.share_all_ready);
        let mean = words::trimmed(summary.mean_ratio.value, 6);
        format!(
            "Replica ratio R = N / P{name}: {workload} at R = 1 for {at_one} of the time, mean R {mean}; all Ready {ready}"
        )
    };
    let hidden = workloads.len().saturating_sub(MOST_RATIO_LINES);
    let mut lines: Vec<String> = workloads.iter().take(MOST_RATIO_LINES).map(line).collect();
    lines.extend(
        (hidden > 0).then(|| format!("{} with a better R not shown", words::counted(hidden, "workload"))),
    );
    lines
}

/// Every group with its table.
pub fn tables(result: &SweepResult) -> Vec<(Group<'_>, Grid)> {
    let with_grid = |group| {
        let grid = availability_grid(result, &group);
        (group, grid)
    };
    groups(result).into_iter().map(with_grid).collect()
}
