//! Small scenarios for tests of the scheduler, made by hand.
#![allow(dead_code)] // each test binary uses its part

use sim_core::ids::{ImageId, RegionId, TemplateId, ZoneId};
use sim_core::spec::*;
use sim_core::time::Span;

pub const HOSTNAME: &str = "kubernetes.io/hostname";
pub const ZONE: &str = "topology.kubernetes.io/zone";

/// A scenario with nothing in it.
pub fn scenario() -> Scenario {
    Scenario {
        name: "test".to_owned(),
        horizon: Span::days(1),
        warm_up: Span::ZERO,
        timing: Timing::for_kubernetes(34),
        cluster: Cluster { regions: vec![String::new()], ..Cluster::default() },
        images: vec![image("app", 100 << 20)],
        templates: Vec::new(),
        workloads: Vec::new(),
        services: Vec::new(),
        budgets: Vec::new(),
        quotas: Vec::new(),
        faults: Vec::new(),
        control_plane: None,
        operations: Vec::new(),
        scaling: Scaling::default(),
    }
}

pub fn image(name: &str, size_bytes: u64) -> Image {
    Image { name: name.to_owned(), size_bytes }
}

/// Adds a node with these labels and no others; it stands in the zone that its label names.
pub fn add_node<'a>(
    scenario: &mut Scenario,
    name: &str,
    labels: impl IntoIterator<Item = (&'a str, &'a str)>,
) {
    let labels: Labels = labels.into_iter().collect();
    let zone = zone(scenario, labels.get(ZONE).unwrap_or(""));
    scenario.cluster.nodes.push(Node {
        name: name.to_owned(),
        pool: String::new(),
        zone,
        rack: None,
        labels,
        taints: Vec::new(),
        allocatable: resources(4000, 16 << 30),
        unschedulable: false,
        spare: false,
        price_per_hour: 0.0,
    });
}

/// Adds a node with hostname and zone labels.
pub fn add_node_in_zone(scenario: &mut Scenario, name: &str, zone: &str) {
    add_node(scenario, name, [(HOSTNAME, name), (ZONE, zone)]);
}

fn zone(scenario: &mut Scenario, name: &str) -> ZoneId {
    let zones = &mut scenario.cluster.zones;
    let known = zones.iter().position(|zone| zone.name == name);
    known
        .unwrap_or_else(|| {
            zones.push(Zone { name: name.to_owned(), region: RegionId(0) });
            zones.len() - 1
        })
        .into()
}

pub fn resources(cpu_milli: u64, memory_bytes: u64) -> Resources {
    Resources { cpu_milli, memory_bytes, pods: 110, extended: Vec::new() }
}

/// A template of one container that asks for nothing.
pub fn template<'a>(labels: impl IntoIterator<Item = (&'a str, &'a str)>) -> PodTemplate {
    PodTemplate {
        namespace: "default".to_owned(),
        labels: labels.into_iter().collect(),
        containers: vec![container(ImageId(0))],
        requests: resources(0, 0),
        node_name: None,
        node_selector: Selector::default(),
        node_affinity: None,
        preferred_node_affinity: Vec::new(),
        pod_affinity: PodAffinity::default(),
        spread: Vec::new(),
        tolerations: Vec::new(),
        host_ports: Vec::new(),
        priority: 0,
        preempts: true,
        termination_grace: Span::secs(30),
        restart_policy: RestartPolicy::Always,
        init: Vec::new(),
        capacity_rps: f64::INFINITY,
        usage: Usage::default(),
    }
}

pub fn container(image: ImageId) -> Container {
    Container {
        name: "app".to_owned(),
        image,
        always_pull: false,
        startup_time: Distribution::Deterministic(Span::ZERO),
        work: None,
        serves_after_stop_signal: Span::ZERO,
        shutdown_time: Span::ZERO,
        pre_stop: Span::ZERO,
        readiness: None,
        liveness: None,
        startup: None,
        hooks: Hooks::default(),
    }
}

/// Adds a template with a workload that makes its pods.
pub fn add_template(scenario: &mut Scenario, template: PodTemplate, kind: WorkloadKind) -> TemplateId {
    let id = TemplateId::from(scenario.templates.len());
    scenario.templates.push(template);
    scenario.workloads.push(Workload {
        name: format!("w{}", id.0),
        namespace: "default".to_owned(),
        kind,
        replicas: 1,
        min_ready: Span::ZERO,
        template: id,
    });
    id
}

pub fn deployment() -> WorkloadKind {
    WorkloadKind::Deployment(DeploymentSpec {
        strategy: Strategy::Recreate,
        progress_deadline: Span::secs(600),
        revision_history_limit: 10,
        paused: false,
    })
}

pub fn constraint(key: &str, max_skew: u32, hard: bool, selector: Selector) -> SpreadConstraint {
    SpreadConstraint {
        max_skew,
        topology_key: key.to_owned(),
        hard,
        selector,
        same_revision: false,
        min_domains: 1,
        honor_affinity: true,
        honor_taints: false,
    }
}

/// The selector of objects that have a label, whatever its value.
pub fn has_label(key: &str) -> Selector {
    Selector(vec![Requirement { key: key.to_owned(), is: Operator::Exists }])
}
