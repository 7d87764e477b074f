//! How often each fault is to be expected.

use serde::Serialize;
use sim_core::spec::{Fault, FaultKind, FaultTiming, PodTarget, Scenario};

use crate::summarize::YEAR_S;

/// A fault before the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FaultPlan {
    /// Its name.
    pub name: String,
    /// What it strikes: `6 machines`.
    pub targets: String,
    /// Strikes to be expected in a year on all targets together; none where they are scheduled.
    pub per_year: Option<f64>,
    /// Fixed moments at which it strikes all targets at once.
    pub scheduled: usize,
}

impl FaultPlan {
    /// Looks at one fault of `scenario`.
    pub fn of(scenario: &Scenario, fault: &Fault) -> FaultPlan {
        let (count, noun) = targets(scenario, &fault.kind);
        let (per_year, scheduled) = match &fault.timing {
            FaultTiming::Stochastic { .. } => (Some(count as f64 * YEAR_S / mean_cycle_s(fault)), 0),
            FaultTiming::Scheduled { at, .. } => (None, at.len()),
            FaultTiming::Replayed(histories) => (None, histories.iter().map(Vec::len).sum()),
        };
        let targets = format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        FaultPlan { name: fault.name.clone(), targets, per_year, scheduled }
    }
}

fn targets(scenario: &Scenario, kind: &FaultKind) -> (usize, &'static str) {
    match kind {
        FaultKind::MachineCrash(nodes) | FaultKind::MachineReboot(nodes) => (nodes.len(), "machine"),
        FaultKind::RackOutage(racks) => (racks.len(), "rack"),
        FaultKind::ZoneOutage(zones) => (zones.len(), "zone"),
        FaultKind::SpotInterruption { nodes, .. } => (nodes.len(), "spot machine"),
        FaultKind::RegionOutage(regions) => (regions.len(), "region"),
        FaultKind::GroupOutage(groups) => (groups.len(), "group"),
        FaultKind::Shock(shock) => (shock.groups.len(), "group"),
        FaultKind::KubeletCrash(nodes) => (nodes.len(), "kubelet"),
        FaultKind::RegistryOutage => (1, "registry"),
        FaultKind::ContainerCrash(target) | FaultKind::OomKill(target) | FaultKind::ContainerHang(target) => {
            (containers(scenario, target), "container")
        }
        FaultKind::PodKill { target, .. } => (target.workloads.len(), "workload"),
        FaultKind::ControlPlaneCrash(members) => (members.len(), "control-plane machine"),
        FaultKind::EtcdMemberCrash(members) => (members.len(), "etcd member"),
        FaultKind::ApiServerOutage => (1, "API"),
        FaultKind::LeaderCrash(_) => (1, "leader"),
    }
}

fn containers(scenario: &Scenario, target: &PodTarget) -> usize {
    let workloads = target.workloads.iter().map(|workload| &scenario.workloads[workload.index()]);
    let of = |template: usize| scenario.templates[template].containers.len();
    workloads.map(|workload| workload.replicas as usize * of(workload.template.index())).sum()
}

/// From one strike to the next on one target. The repair of a crashed container is the kubelet's, and short.
fn mean_cycle_s(fault: &Fault) -> f64 {
    let FaultTiming::Stochastic { time_to_failure, time_to_repair, .. } = &fault.timing else {
        return f64::INFINITY;
    };
    let repaired = !matches!(
        fault.kind,
        FaultKind::ContainerCrash(_) | FaultKind::OomKill(_) | FaultKind::PodKill { .. }
    );
    let repair_s = if repaired { time_to_repair.mean().as_secs_f64() } else { 0.0 };
    time_to_failure.mean().as_secs_f64() + repair_s
}
