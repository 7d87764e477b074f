//! Which estimator made which interval: named on the page, as `method` is in the files.

use std::collections::BTreeSet;

use scenarios::summary::{Estimate, Method, ServiceSummary, SweepResult};

use crate::grid::{Cell, Column, Grid, Row};

/// One row per measure, with the methods that its intervals have at any design point.
pub fn grid(result: &SweepResult) -> Grid {
    let columns = vec![Column::words("Measure"), Column::words("Interval")];
    let rows = MEASURES.iter().filter_map(|(measure, of)| {
        let services = result.points.iter().flat_map(|point| &point.services);
        let methods: BTreeSet<Method> = services.flat_map(of).map(|estimate| estimate.method).collect();
        let said: Vec<&str> = methods.into_iter().map(words).collect();
        (!said.is_empty()).then(|| row(measure, &said.join("; ")))
    });
    Grid { caption: "How the 95% intervals were made".into(), columns, rows: rows.collect() }
}

fn row(measure: &str, said: &str) -> Row {
    Row { cells: vec![Cell::plain(measure), Cell::plain(said)], ..Row::default() }
}

type Estimates = fn(&ServiceSummary) -> Vec<Estimate>;

const MEASURES: [(&str, Estimates); 6] = [
    ("request availability and downtime: ratio of all requests", |s| vec![s.request_availability]),
    ("time availability: mean of runs", |s| vec![s.time_availability]),
    ("capacity availability: mean of runs", |s| vec![s.capacity_availability]),
    ("outages a year: mean of runs", |s| vec![s.outages_per_year]),
    ("quantiles of annual downtime", |s| s.annual_downtime_quantiles.iter().map(|(_, e)| *e).collect()),
    ("share of runs that keep an objective", |s| s.objectives.iter().map(|o| o.runs_meeting).collect()),
];

fn words(method: Method) -> &'static str {
    match method {
        Method::Nothing => "none: nothing was measured",
        Method::Student => "Student's, over runs",
        Method::SkewedStudent => "Student's, corrected for the skewness of the runs",
        Method::BatchMeans => "Student's, over batches of one long run",
        Method::OneRun => "none: one run bounds nothing",
        Method::AllAlike => "exact for a thing seen in no run (0 of n)",
        Method::NoneSeen => "exact for something never seen",
        Method::Wilson => "Wilson's",
        Method::ClopperPearson => "Clopper and Pearson's",
        Method::OrderStatistics => "between two runs in order",
    }
}
