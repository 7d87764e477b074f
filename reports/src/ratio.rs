//! The replica ratio R = N / P: pods that a controller should have over pods that it has. 1 is as it should be; above
//! 1 pods are missing, below 1 there are more than wanted, as in a rollout.

use scenarios::summary::{SweepResult, WorkloadSummary};
use sim_core::outcome::{Recording, WorkloadOutcome};

use crate::grid::{Cell, Column, Grid, Row};
use crate::labels::RunLabels;
use crate::per::Per;
use crate::{verdict, words};

/// What the ratio is, in a sentence.
pub const DEFINITION: &str = "R = N / P is the number of pods that a controller should have over the number that it \
    has: 1 is as it should be, above 1 pods are missing, below 1 there are more than wanted, as in a rollout.";

/// What the ratio over time says, and what it does not.
pub const OVER_TIME: &str = "While R is above 1 pods are missing, and while it is below 1 there is a surplus, as in the \
    surge of a rollout; a pod on a dead node counts until it is evicted, so that R = 1 does not yet mean that anybody \
    is served.";

/// More rows than this are left to `replica-ratio.csv`.
const MOST_ROWS: usize = 64;

/// Every controller at the design point that matters, the worst first.
pub fn at_point_of_interest(result: &SweepResult) -> Grid {
    let Some(point) = point_for_workloads(result) else { return Grid::default() };
    let name = verdict::point_name(result, point);
    let at = if name.is_empty() { name } else { format!(" ({name})") };
    let mut workloads: Vec<_> = controlled(result).collect();
    let share = |w: usize| result.points[point].workloads[w].share_at_ratio_one.value;
    workloads.sort_by(|&a, &b| share(a).total_cmp(&share(b)));
    Grid {
        caption: format!("Replica ratio R = N / P, desired over current pods{at}"),
        columns: columns(Per::of(result)),
        rows: workloads.into_iter().map(|w| row(result, point, w)).collect(),
    }
}

/// Every controller at every design point; where that is too much, at the one that matters.
pub fn everywhere(result: &SweepResult) -> Grid {
    if result.points.len() < 2 || result.points.len() * controlled(result).count() > MOST_ROWS {
        return at_point_of_interest(result);
    }
    let mut grid = Grid {
        caption: "Replica ratio R = N / P, desired over current pods, at each design point".into(),
        columns: result.factors.iter().map(|factor| Column::words(factor.label.as_str())).collect(),
        rows: Vec::new(),
    };
    grid.columns.extend(columns(Per::of(result)));
    for (at, point) in result.points.iter().enumerate() {
        for workload in controlled(result) {
            let levels = result.factors.iter().zip(&point.levels);
            let mut cells: Vec<Cell> =
                levels.map(|(f, &level)| Cell::plain(f.levels[level].as_str())).collect();
            cells.extend(row(result, at, workload).cells);
            grid.rows.push(Row { cells, remark: String::new() });
        }
    }
    grid
}

/// Every controller in one run.
pub fn of_run(labels: &RunLabels, recording: &Recording) -> Grid {
    let measured = recording.outcome.measured.as_secs_f64();
    let workloads = labels.workloads.iter().zip(&recording.outcome.workloads);
    let rows = workloads.filter(|(name, _)| is_controlled(name)).map(|(name, w)| run_row(name, w, measured));
    Grid {
        caption: "Replica ratio R = N / P, desired over current pods".into(),
        columns: columns(Per::Run(measured)),
        rows: rows.collect(),
    }
}

fn columns(per: Per) -> Vec<Column> {
    vec![
        Column::words("controller"),
        Column::numbers("time at R = 1"),
        Column::numbers(format!("R ≠ 1/{}", per.unit())),
        Column::numbers("mean R"),
        Column::numbers("all Ready"),
    ]
}

fn row(result: &SweepResult, point: usize, workload: usize) -> Row {
    let w: &WorkloadSummary = &result.points[point].workloads[workload];
    let shares = [w.share_at_ratio_one.value, w.share_all_ready.value];
    cells(&result.workloads[workload], shares, w.mean_ratio.value, Per::of(result))
}

fn run_row(name: &str, outcome: &WorkloadOutcome, measured_s: f64) -> Row {
    let share = |seconds: f64| if measured_s > 0.0 { seconds / measured_s } else { 1.0 };
    let shares = [outcome.at_ratio_one, outcome.all_ready].map(|span| share(span.as_secs_f64()));
    let finite_s = measured_s - outcome.without_pods.as_secs_f64();
    let mean = if finite_s > 0.0 { outcome.ratio_integral / 1e9 / finite_s } else { f64::NAN };
    cells(name, shares, mean, Per::Run(measured_s))
}

fn cells(name: &str, [at_one, all_ready]: [f64; 2], mean: f64, per: Per) -> Row {
    let cells = vec![
        Cell::plain(words::name(name)),
        Cell::plain(nearly_always(at_one)),
        Cell::plain(words::duration(per.downtime_s(at_one))),
        Cell::plain(if mean.is_finite() { words::trimmed(mean, 5) } else { "infinite".into() }),
        Cell::plain(words::plain_availability(all_ready)),
    ];
    Row { cells, remark: String::new() }
}

/// A share that is mostly close to 1; the column beside it says how much is missing.
fn nearly_always(share: f64) -> String {
    if share < 1.0 && share > 0.99999 { "> 99.999%".into() } else { words::plain_availability(share) }
}

fn controlled(result: &SweepResult) -> impl Iterator<Item = usize> {
    (0..result.workloads.len()).filter(|&workload| is_controlled(&result.workloads[workload]))
}

/// Pods of their own have nobody who keeps their number.
pub fn is_controlled(workload: &str) -> bool {
    !workload.starts_with("Pod ")
}

/// The cheapest point at which all holds, else the point of interest of the first service.
pub fn point_for_workloads(result: &SweepResult) -> Option<usize> {
    verdict::cheapest_for_all(result).or_else(|| match result.services.is_empty() {
        true => (!result.points.is_empty()).then_some(0),
        false => verdict::point_of_interest(result, 0),
    })
}
