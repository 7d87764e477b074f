//! Scenarios in a few words, for tests.

#![allow(dead_code)] // each test binary uses a part of it

pub mod autoscaled;
pub mod batch;
pub mod own_pods;
pub mod random;
pub mod shared_fate;

use sim_core::ids::{ImageId, NodeId, RackId, RegionId, TemplateId, WorkloadId, ZoneId};
use sim_core::spec::*;
use sim_core::time::Span;

/// A cluster of `nodes` machines spread evenly over `zones` zones, two racks in each, and nothing on it.
pub fn cluster(zones: u32, nodes: u32) -> Scenario {
    let zone = |id| Zone { name: format!("z{id}"), region: RegionId(0) };
    let rack = |id: u32| Rack { name: format!("r{id}"), zone: ZoneId(id % zones) };
    let node = |id: u32| {
        let labels = [
            ("kubernetes.io/hostname", format!("n{id}")),
            ("topology.kubernetes.io/zone", format!("z{}", id % zones)),
        ];
        Node {
            name: format!("n{id}"),
            pool: String::from("pool"),
            zone: ZoneId(id % zones),
            rack: Some(RackId(id % (2 * zones))),
            labels: labels.into_iter().collect(),
            taints: Vec::new(),
            allocatable: Resources {
                cpu_milli: 4_000,
                memory_bytes: 16 << 30,
                pods: 110,
                extended: Vec::new(),
            },
            unschedulable: false,
            spare: false,
            price_per_hour: 0.1,
        }
    };
    Scenario {
        name: String::from("test"),
        horizon: Span::hours(1),
        warm_up: Span::ZERO,
        timing: Timing::for_kubernetes(35),
        cluster: Cluster {
            regions: vec![String::from("r")],
            zones: (0..zones).map(zone).collect(),
            racks: (0..2 * zones).map(rack).collect(),
            nodes: (0..nodes).map(node).collect(),
        },
        images: vec![Image { name: String::from("image"), size_bytes: 50_000_000 }],
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

/// The two tolerations that admission adds.
pub fn admission_tolerations(seconds: Option<u64>) -> Vec<Toleration> {
    let toleration = |condition| Toleration {
        key: Some(format!("node.kubernetes.io/{condition}")),
        value: None,
        effect: Some(TaintEffect::NoExecute),
        seconds,
    };
    ["not-ready", "unreachable"].map(toleration).to_vec()
}

/// A readiness or liveness probe with upstream's defaults.
pub const PROBE: Probe = Probe {
    initial_delay: Span::ZERO,
    period: Span::secs(10),
    timeout: Span::secs(1),
    success_threshold: 1,
    failure_threshold: 3,
    handler: Handler::Process,
};

/// A rolling update with these limits.
pub fn rolling(surge: IntOrPercent, unavailable: IntOrPercent) -> Strategy {
    Strategy::RollingUpdate { max_surge: surge, max_unavailable: unavailable }
}

/// A Deployment's own part, with upstream's defaults.
pub fn deployment_spec(strategy: Strategy) -> WorkloadKind {
    WorkloadKind::Deployment(DeploymentSpec {
        strategy,
        progress_deadline: Span::secs(600),
        revision_history_limit: 10,
        paused: false,
    })
}

/// Adds a workload with a template and a Service of its own, all called `name`; the process takes a second to
/// answer. Returns its id, which is also that of its template and, if there are no others, its service.
pub fn add_workload(scenario: &mut Scenario, name: &str, kind: WorkloadKind, replicas: u32) -> WorkloadId {
    let labels: Labels = [("app", name)].into_iter().collect();
    let template = TemplateId::from(scenario.templates.len());
    scenario.templates.push(PodTemplate {
        namespace: String::from("default"),
        labels: labels.clone(),
        containers: vec![Container {
            name: String::from("main"),
            image: ImageId(0),
            always_pull: false,
            startup_time: Distribution::Deterministic(Span::secs(1)),
            work: None,
            serves_after_stop_signal: Span::ZERO,
            shutdown_time: Span::secs(1),
            pre_stop: Span::ZERO,
            readiness: None,
            liveness: None,
            startup: None,
            hooks: Hooks::default(),
        }],
        requests: Resources { cpu_milli: 100, memory_bytes: 100 << 20, pods: 0, extended: Vec::new() },
        node_name: None,
        node_selector: Selector::default(),
        node_affinity: None,
        preferred_node_affinity: Vec::new(),
        pod_affinity: PodAffinity::default(),
        spread: Vec::new(),
        tolerations: admission_tolerations(Some(300)),
        host_ports: Vec::new(),
        priority: 0,
        preempts: true,
        termination_grace: Span::secs(30),
        restart_policy: RestartPolicy::Always,
        init: Vec::new(),
        capacity_rps: f64::INFINITY,
        usage: Usage::default(),
    });
    scenario.services.push(Service {
        name: name.to_owned(),
        namespace: String::from("default"),
        selector: Selector::from_labels(&labels),
        exposure: Exposure::Cluster,
        routing: Routing::default(),
        publish_not_ready: false,
        traffic: Traffic::constant(100.0),
        depends_on: Vec::new(),
        required_serving: replicas,
        outage_below: 0.99,
        objectives: Vec::new(),
    });
    let workload = WorkloadId::from(scenario.workloads.len());
    scenario.workloads.push(Workload {
        name: name.to_owned(),
        namespace: String::from("default"),
        kind,
        replicas,
        min_ready: Span::ZERO,
        template,
    });
    workload
}

/// Every machine crashes and is repaired, each on its own exponential clock.
pub fn add_machine_crashes(scenario: &mut Scenario, mttf: Span, mttr: Span) {
    let nodes = (0..scenario.cluster.nodes.len()).map(NodeId::from).collect();
    scenario.faults.push(Fault {
        name: String::from("machine-crash"),
        kind: FaultKind::MachineCrash(nodes),
        timing: exponential(mttf, mttr),
    });
}

/// Exponential time to failure and to repair.
pub fn exponential(mttf: Span, mttr: Span) -> FaultTiming {
    FaultTiming::stochastic(
        Distribution::Exponential { mean: mttf },
        Distribution::Exponential { mean: mttr },
    )
}

/// Every pod of every workload.
pub fn all_pods(scenario: &Scenario) -> PodTarget {
    PodTarget {
        templates: (0..scenario.templates.len()).map(TemplateId::from).collect(),
        workloads: (0..scenario.workloads.len()).map(WorkloadId::from).collect(),
    }
}

/// Times of the cluster's own machinery that vanish beside hours: for laws that know only failure and repair.
pub fn make_recovery_instant(scenario: &mut Scenario) {
    let timing = &mut scenario.timing;
    for span in [
        &mut timing.kubelet_start,
        &mut timing.node_ready,
        &mut timing.pleg_relist,
        &mut timing.sandbox,
        &mut timing.container_start,
        &mut timing.proxy_programming,
        &mut timing.proxy_min_sync_period,
    ] {
        *span = Span::ZERO;
    }
    for template in &mut scenario.templates {
        template.tolerations = admission_tolerations(None);
        for container in &mut template.containers {
            container.startup_time = Distribution::Deterministic(Span::ZERO);
        }
    }
}

/// Nor does it take time that news spreads, that controllers and the scheduler act, and that images are pulled.
pub fn make_control_instant(scenario: &mut Scenario) {
    let timing = &mut scenario.timing;
    for span in [
        &mut timing.api_write,
        &mut timing.watch,
        &mut timing.controller_reaction,
        &mut timing.scheduling,
        &mut timing.pull_latency,
    ] {
        *span = Span::ZERO;
    }
    scenario.images[0].size_bytes = 0;
}
