//! Machines with one pod on each, and services that need so many of so many: failure and repair and nothing else.

use sim_core::ids::NodeId;
use sim_core::outcome::Outcome;
use sim_core::spec::*;
use sim_core::time::Span;
use sim_core::{Model, Seed, run};

use crate::support::*;

/// Warm-up of every fleet: its pods pull their image and start.
pub const START: Span = Span::mins(1);
/// A year of 365 days.
pub const YEAR: Span = Span::hours(8760);

/// A service of several machines of a fleet, of which `required` must be up.
pub struct Group {
    pub machines: std::ops::Range<u32>,
    pub required: u32,
}

/// `count` groups of `size` machines side by side.
pub fn groups(count: u32, size: u32, required: u32) -> impl Iterator<Item = Group> {
    (0..count).map(move |at| Group { machines: at * size..(at + 1) * size, required })
}

/// A fleet in `zones` zones. Its services, one for each group, keep the order of the groups.
pub fn fleet(zones: u32, machines: u32, span: Span, groups: impl IntoIterator<Item = Group>) -> Scenario {
    let mut scenario = cluster(zones, machines);
    scenario.warm_up = START;
    scenario.horizon = START + span;
    for machine in 0..machines {
        add_workload(&mut scenario, &format!("on-n{machine}"), WorkloadKind::Pod, 1);
        scenario.templates[machine as usize].node_name = Some(format!("n{machine}"));
    }
    scenario.services.clear();
    for (number, group) in groups.into_iter().enumerate() {
        add_group(&mut scenario, number, group);
    }
    quiet(&mut scenario);
    scenario
}

fn add_group(scenario: &mut Scenario, number: usize, Group { machines, required }: Group) {
    let name = format!("group-{number}");
    for machine in machines.clone() {
        scenario.templates[machine as usize].labels.set(name.clone(), String::from("yes"));
    }
    scenario.services.push(Service {
        name: name.clone(),
        namespace: String::from("default"),
        selector: Selector::from_labels(&[(name, "yes")].into_iter().collect()),
        exposure: Exposure::Cluster,
        routing: Routing::default(),
        // Dead pods stay endpoints, so the share that succeeds is the share of machines that are up.
        publish_not_ready: true,
        traffic: Traffic::constant(1.0),
        depends_on: Vec::new(),
        required_serving: required,
        outage_below: (f64::from(required) - 0.5) / machines.len() as f64,
        objectives: Vec::new(),
    });
}

/// Laws of failure and repair know neither recovery times nor crash loops, and what the control plane thinks of silent
/// nodes does not matter to pods that stay where they are.
pub fn quiet(scenario: &mut Scenario) {
    make_recovery_instant(scenario);
    scenario.timing.crash_backoff_initial = Span::ZERO;
    scenario.timing.crash_backoff_max = Span::ZERO;
    scenario.timing.node_monitor_grace_period = Span::days(100 * 365);
}

/// Machines without pods, all of one fault: for laws of the fault process itself.
pub fn bare_machines(machines: u32, span: Span, timing: FaultTiming) -> Scenario {
    let mut scenario = cluster(1, machines);
    scenario.horizon = span;
    quiet(&mut scenario);
    add_crashes(&mut scenario, 0..machines, timing);
    scenario
}

/// Some machines crash and are repaired.
pub fn add_crashes(scenario: &mut Scenario, machines: std::ops::Range<u32>, timing: FaultTiming) {
    let name = format!("crash-{}", scenario.faults.len());
    let kind = FaultKind::MachineCrash(machines.map(NodeId).collect());
    scenario.faults.push(Fault { name, kind, timing });
}

/// The outcomes of so many runs.
pub fn outcomes(scenario: Scenario, runs: u64) -> Vec<Outcome> {
    let model = Model::new(scenario);
    (0..runs).map(|index| run(&model, Seed { master: 1, run: index })).collect()
}
