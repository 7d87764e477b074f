//! One run, reduced to what a summary needs: an outcome may hold thousands of outages, a sweep thousands of outcomes.

use sim_core::ids::Cause;
use sim_core::outcome::{ControlPlaneOutcome, Loss, Outcome, ServiceOutcome, WorkloadOutcome};
use sim_core::spec::{Measure, Scenario, Service};
use sim_core::time::Span;

use crate::summary::{RunControlPlane, RunRow, RunService, RunWorkload};

/// A row for the reports, and sums that only the summary of a design point needs.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    /// What reports show of the run.
    pub row: RunRow,
    /// Measured span.
    pub measured: Span,
    /// One per service.
    pub services: Vec<ServiceRecord>,
}

/// What is kept of one service besides its row.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceRecord {
    /// Lost requests by reason, in the order of [`Loss::ALL`].
    pub lost_by: [f64; Loss::ALL.len()],
    /// Durations of its outages, in order of their start.
    pub outages: Vec<Span>,
    /// Time in outage by root, for each root that occurred; `None` is "no fault".
    pub root_time: Vec<(Option<Cause>, Span)>,
}

impl RunRecord {
    /// Reduces `outcome` of run number `run` of `scenario`.
    pub fn new(scenario: &Scenario, run: u64, outcome: &Outcome) -> RunRecord {
        let measured = outcome.measured;
        let cluster = &outcome.cluster;
        let services = scenario.services.iter().zip(&outcome.services);
        let row = RunRow {
            run,
            digest: outcome.digest,
            events: outcome.events,
            machines_up: average(cluster.machines_up_integral, measured),
            nodes_ready: average(cluster.nodes_ready_integral, measured),
            pods_ready: average(cluster.pods_ready_integral, measured),
            evictions: cluster.evictions,
            services: services.map(|(spec, service)| service_row(spec, service, measured)).collect(),
            workloads: outcome.workloads.iter().map(|workload| workload_row(workload, measured)).collect(),
            control_plane: cluster.control_plane.map(|plane| control_plane_row(&plane, measured)),
        };
        let services = outcome.services.iter().map(ServiceRecord::new).collect();
        RunRecord { row, measured, services }
    }
}

impl ServiceRecord {
    fn new(service: &ServiceOutcome) -> ServiceRecord {
        let mut root_time: Vec<(Option<Cause>, Span)> = Vec::new();
        for outage in &service.outages {
            match root_time.iter_mut().find(|(root, _)| *root == outage.root) {
                Some((_, time)) => *time += outage.duration(),
                None => root_time.push((outage.root, outage.duration())),
            }
        }
        let outages = service.outages.iter().map(|outage| outage.duration()).collect();
        ServiceRecord { lost_by: service.lost_by, outages, root_time }
    }
}

/// The measured value of one kind of availability.
pub fn availability(row: &RunService, measure: Measure) -> f64 {
    match measure {
        Measure::Request => row.request_availability,
        Measure::Time => row.time_availability,
        Measure::Capacity => row.capacity_availability,
    }
}

fn service_row(spec: &Service, service: &ServiceOutcome, measured: Span) -> RunService {
    let duration = |outage: &sim_core::outcome::Outage| outage.duration();
    let longest = service.outages.iter().map(duration).max().unwrap_or_default();
    let total = service.outages.iter().map(duration).fold(Span::ZERO, |sum, span| sum + span);
    let lost = if service.requests > 0.0 { service.lost_requests / service.requests } else { 0.0 };
    let mut row = RunService {
        requests: service.requests,
        lost_requests: service.lost_requests,
        request_availability: 1.0 - lost,
        time_availability: 1.0 - share(service.down, measured),
        capacity_availability: 1.0 - share(service.short, measured),
        outages: service.outages.len() as u64,
        longest_outage_s: longest.as_secs_f64(),
        outage_s: total.as_secs_f64(),
        objectives_met: true,
    };
    row.objectives_met =
        spec.objectives.iter().all(|objective| availability(&row, objective.measure) >= objective.target);
    row
}

fn workload_row(workload: &WorkloadOutcome, measured: Span) -> RunWorkload {
    let finite = measured.saturating_sub(workload.without_pods);
    RunWorkload {
        share_at_ratio_one: share(workload.at_ratio_one, measured),
        mean_ratio: if finite == Span::ZERO { 0.0 } else { workload.ratio_integral / finite.0 as f64 },
        share_all_ready: share(workload.all_ready, measured),
        mean_ready: average(workload.ready_integral, measured),
        restarts: workload.restarts,
    }
}

fn control_plane_row(plane: &ControlPlaneOutcome, measured: Span) -> RunControlPlane {
    RunControlPlane {
        api_availability: share(plane.api_available, measured),
        etcd_quorum: share(plane.etcd_quorum, measured),
        controller_manager_active: share(plane.controller_manager_active, measured),
        scheduler_active: share(plane.scheduler_active, measured),
        api_outages: plane.api_outages,
        failovers: plane.failovers,
    }
}

fn share(part: Span, whole: Span) -> f64 {
    if whole == Span::ZERO { 0.0 } else { part.0 as f64 / whole.0 as f64 }
}

fn average(integral: u128, measured: Span) -> f64 {
    if measured == Span::ZERO { 0.0 } else { integral as f64 / measured.0 as f64 }
}
