//! All runs at one design point, summed up. Sums go through the runs in order.

use std::collections::BTreeMap;

use sim_core::ids::Cause;
use sim_core::outcome::Loss;
use sim_core::spec::{Measure, Objective, Scenario, Service};
use sim_core::time::Span;

use crate::record::{self, RunRecord, ServiceRecord};
use crate::statistics::{self, SHARE};
use crate::summary::{ControlPlaneSummary, RunControlPlane, ServiceSummary, WorkloadSummary};
use crate::summary::{Estimate, ObjectiveSummary, PointResult, RunService, RunWorkload};

/// A year of 365 days, to which rates and downtimes are scaled.
pub const YEAR_S: f64 = 365.0 * 86_400.0;

const QUANTILES: [f64; 4] = [0.5, 0.9, 0.95, 0.99];

/// The result of the design point with these levels; there is at least one run.
pub fn point(levels: Vec<usize>, scenario: &Scenario, mut runs: Vec<RunRecord>) -> PointResult {
    let durations: Vec<_> =
        (0..scenario.services.len()).map(|index| outage_durations(&mut runs, index)).collect();
    let services = scenario.services.iter().zip(durations).enumerate();
    let workloads = 0..scenario.workloads.len();
    PointResult {
        levels,
        price_per_hour: scenario.cluster.nodes.iter().map(|node| node.price_per_hour).sum(),
        services: services
            .map(|(index, (spec, durations))| {
                service(scenario, spec, &Runs { runs: &runs, index }, durations)
            })
            .collect(),
        workloads: workloads.map(|index| workload(&Runs { runs: &runs, index })).collect(),
        control_plane: control_plane(&runs),
        runs: runs.into_iter().map(|run| run.row).collect(),
    }
}

/// One kind of availability of each service of a design point.
pub fn availabilities(runs: &[RunRecord], measure: Measure) -> impl Iterator<Item = Estimate> {
    let services = 0..runs.first().map_or(0, |run| run.services.len());
    services.map(move |index| Runs { runs, index }.availability(measure))
}

/// All runs, seen as those of one service or one workload.
struct Runs<'a> {
    runs: &'a [RunRecord],
    index: usize,
}

impl Runs<'_> {
    fn services(&self) -> impl Iterator<Item = &RunService> {
        self.runs.iter().map(|run| &run.row.services[self.index])
    }

    fn records(&self) -> impl Iterator<Item = &ServiceRecord> {
        self.runs.iter().map(|run| &run.services[self.index])
    }

    fn years(&self) -> impl Iterator<Item = f64> {
        self.runs.iter().map(|run| run.measured.as_secs_f64() / YEAR_S)
    }

    fn availability(&self, measure: Measure) -> Estimate {
        match measure {
            Measure::Request => statistics::ratio(&self.losses()).complement(),
            Measure::Time => self.mean_share(|run| run.time_availability),
            Measure::Capacity => self.mean_share(|run| run.capacity_availability),
        }
    }

    /// Lost requests, and all.
    fn losses(&self) -> Vec<(f64, f64)> {
        self.services().map(|run| (run.lost_requests, run.requests)).collect()
    }

    fn mean_share(&self, of: impl Fn(&RunService) -> f64) -> Estimate {
        statistics::mean(&self.services().map(of).collect::<Vec<_>>(), SHARE)
    }

    fn mean_of(&self, of: impl Fn(&RunWorkload) -> f64, greatest: f64) -> Estimate {
        let values: Vec<f64> = self.runs.iter().map(|run| of(&run.row.workloads[self.index])).collect();
        statistics::mean(&values, 0.0..=greatest)
    }
}

fn service(scenario: &Scenario, spec: &Service, runs: &Runs, durations: Vec<f64>) -> ServiceSummary {
    let of = |measure| runs.availability(measure);
    let request = of(Measure::Request);
    ServiceSummary {
        objectives: spec.objectives.iter().map(|o| objective(o, of(o.measure).value, runs)).collect(),
        request_availability: request,
        time_availability: of(Measure::Time),
        capacity_availability: of(Measure::Capacity),
        annual_downtime_s: request.complement().times(YEAR_S),
        annual_downtime_quantiles: downtime_quantiles(runs),
        outages_per_year: outages_per_year(runs),
        outage_durations_s: durations,
        lost_share: lost_share(runs),
        root_share: root_share(scenario, runs),
    }
}

fn objective(objective: &Objective, mean: f64, runs: &Runs) -> ObjectiveSummary {
    let keeps = |run: &&RunService| record::availability(run, objective.measure) >= objective.target;
    let keeping = runs.services().filter(keeps).count() as u64;
    ObjectiveSummary {
        measure: measure_name(objective.measure).to_owned(),
        target: objective.target,
        met: mean >= objective.target,
        runs_meeting: statistics::wilson(keeping, runs.runs.len() as u64),
    }
}

/// Its name in files.
pub fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Request => "request",
        Measure::Time => "time",
        Measure::Capacity => "capacity",
    }
}

fn downtime_quantiles(runs: &Runs) -> Vec<(f64, Estimate)> {
    let downtime = |run: &RunService| (1.0 - run.request_availability) * YEAR_S;
    let mut ascending: Vec<f64> = runs.services().map(downtime).collect();
    ascending.sort_by(f64::total_cmp);
    QUANTILES.map(|p| (p, statistics::quantile(&ascending, p, 0.0..=YEAR_S))).to_vec()
}

fn outages_per_year(runs: &Runs) -> Estimate {
    let per_year: Vec<f64> =
        runs.services().zip(runs.years()).map(|(run, years)| run.outages as f64 / years).collect();
    statistics::rate(&per_year, runs.years().sum())
}

/// Takes the outages of a service out of its runs: there may be millions, and nobody needs them twice.
fn outage_durations(runs: &mut [RunRecord], service: usize) -> Vec<f64> {
    let all = runs.iter().map(|run| run.services[service].outages.len()).sum();
    let mut spans: Vec<Span> = Vec::with_capacity(all);
    for run in runs {
        spans.extend(std::mem::take(&mut run.services[service].outages));
    }
    spans.sort_unstable();
    spans.into_iter().map(|span| span.as_secs_f64()).collect()
}

fn lost_share(runs: &Runs) -> [f64; Loss::ALL.len()] {
    let mut sums = [0.0; Loss::ALL.len()];
    for record in runs.records() {
        sums.iter_mut().zip(record.lost_by).for_each(|(sum, lost)| *sum += lost);
    }
    let all: f64 = sums.iter().sum();
    if all > 0.0 { sums.map(|sum| sum / all) } else { sums }
}

/// Operations of one name are one root, whenever they came.
fn root_share(scenario: &Scenario, runs: &Runs) -> Vec<(String, f64)> {
    let mut by_root: BTreeMap<Option<Cause>, u128> = BTreeMap::new();
    for (root, time) in runs.records().flat_map(|record| &record.root_time) {
        *by_root.entry(*root).or_default() += u128::from(time.0);
    }
    let unknown = by_root.remove(&None);
    let mut roots: Vec<(String, u128)> = Vec::new();
    for (root, time) in by_root.into_iter().chain(unknown.map(|time| (None, time))) {
        let name = root.map_or("none".to_owned(), |root| scenario.name_of(root));
        match roots.iter_mut().find(|(other, _)| *other == name) {
            Some((_, sum)) => *sum += time,
            None => roots.push((name, time)),
        }
    }
    roots.retain(|(_, time)| *time > 0);
    roots.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    let all: u128 = roots.iter().map(|(_, time)| time).sum();
    roots.into_iter().map(|(name, time)| (name, time as f64 / all as f64)).collect()
}

fn workload(runs: &Runs) -> WorkloadSummary {
    let years: Vec<f64> = runs.years().collect();
    let restarts = runs
        .runs
        .iter()
        .zip(&years)
        .map(|(run, years)| run.row.workloads[runs.index].restarts as f64 / years);
    WorkloadSummary {
        share_at_ratio_one: runs.mean_of(|run| run.share_at_ratio_one, 1.0),
        mean_ratio: runs.mean_of(|run| run.mean_ratio, f64::INFINITY),
        share_all_ready: runs.mean_of(|run| run.share_all_ready, 1.0),
        mean_ready: runs.mean_of(|run| run.mean_ready, f64::INFINITY),
        restarts_per_year: statistics::rate(&restarts.collect::<Vec<_>>(), years.iter().sum()),
    }
}

/// The control plane, if it can fail; then it can in all runs.
fn control_plane(runs: &[RunRecord]) -> Option<ControlPlaneSummary> {
    let planes: Vec<&RunControlPlane> =
        runs.iter().filter_map(|run| run.row.control_plane.as_ref()).collect();
    let years: Vec<f64> = runs.iter().map(|run| run.measured.as_secs_f64() / YEAR_S).collect();
    let share = |of: fn(&RunControlPlane) -> f64| {
        statistics::mean(&planes.iter().map(|plane| of(plane)).collect::<Vec<_>>(), SHARE)
    };
    let rate = |of: fn(&RunControlPlane) -> u64| {
        let per_year: Vec<f64> =
            planes.iter().zip(&years).map(|(plane, years)| of(plane) as f64 / years).collect();
        statistics::rate(&per_year, years.iter().sum())
    };
    (!planes.is_empty()).then(|| ControlPlaneSummary {
        api_availability: share(|plane| plane.api_availability),
        etcd_quorum: share(|plane| plane.etcd_quorum),
        controller_manager_active: share(|plane| plane.controller_manager_active),
        scheduler_active: share(|plane| plane.scheduler_active),
        api_outages_per_year: rate(|plane| plane.api_outages),
        failovers_per_year: rate(|plane| plane.failovers),
    })
}

#[cfg(test)]
mod tests;
