//! The cluster that performance is measured on: 100 nodes in three zones, 100 Deployments of 10 pods, each behind
//! a Service; machines fail every 30 days for 2 hours, containers crash every 7 days.

use sim_core::ids::{ImageId, NodeId, RegionId, TemplateId, WorkloadId, ZoneId};
use sim_core::spec::*;
use sim_core::time::Span;

/// Its size.
#[derive(Clone, Copy)]
pub struct Size {
    /// Nodes.
    pub nodes: usize,
    /// Deployments, each with a Service.
    pub deployments: usize,
    /// Pods of each Deployment.
    pub replicas: u32,
}

/// The usual size: 1,000 pods on 100 nodes.
pub const HUNDRED: Size = Size { nodes: 100, deployments: 100, replicas: 10 };

/// The scenario for a horizon.
pub fn cluster(size: Size, horizon: Span) -> Scenario {
    Scenario {
        name: "cluster year".into(),
        horizon,
        warm_up: Span::ZERO,
        timing: Timing::for_kubernetes(36),
        cluster: Cluster {
            regions: vec!["here".into()],
            zones: ["a", "b", "c"].map(|name| Zone { name: name.into(), region: RegionId(0) }).into(),
            racks: Vec::new(),
            nodes: (0..size.nodes).map(node).collect(),
        },
        images: vec![Image { name: "app:1".into(), size_bytes: 50_000_000 }],
        templates: (0..size.deployments).map(template).collect(),
        workloads: (0..size.deployments).map(|index| deployment(index, size.replicas)).collect(),
        services: (0..size.deployments).map(|index| service(index, size.replicas)).collect(),
        faults: vec![machine_crashes(size), container_crashes(size)],
        budgets: Vec::new(),
        quotas: Vec::new(),
        control_plane: None,
        operations: Vec::new(),
        scaling: Scaling::default(),
    }
}

fn node(index: usize) -> Node {
    let name = format!("node-{index}");
    let zone = ZoneId::from(index % 3);
    let labels = [
        ("kubernetes.io/hostname", name.as_str()),
        ("topology.kubernetes.io/region", "here"),
        ("topology.kubernetes.io/zone", ["a", "b", "c"][zone.index()]),
    ];
    Node {
        labels: labels_of(&labels),
        name,
        pool: "pool".into(),
        zone,
        rack: None,
        taints: Vec::new(),
        allocatable: Resources { cpu_milli: 8_000, memory_bytes: 32 << 30, pods: 110, extended: Vec::new() },
        unschedulable: false,
        spare: false,
        price_per_hour: 0.0,
    }
}

fn template(index: usize) -> PodTemplate {
    PodTemplate {
        namespace: "default".into(),
        labels: labels_of(&[("app", &format!("app-{index}"))]),
        containers: vec![container()],
        requests: Resources { cpu_milli: 250, memory_bytes: 256 << 20, ..Resources::default() },
        node_name: None,
        node_selector: Selector::default(),
        node_affinity: None,
        preferred_node_affinity: Vec::new(),
        pod_affinity: PodAffinity::default(),
        spread: Vec::new(),
        tolerations: ["not-ready", "unreachable"].map(default_toleration).into(),
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

/// What admission adds to every pod (DefaultTolerationSeconds).
fn default_toleration(condition: &str) -> Toleration {
    Toleration {
        key: Some(format!("node.kubernetes.io/{condition}")),
        value: None,
        effect: Some(TaintEffect::NoExecute),
        seconds: Some(300),
    }
}

fn container() -> Container {
    Container {
        name: "app".into(),
        image: ImageId(0),
        always_pull: false,
        startup_time: Distribution::Deterministic(Span::secs(2)),
        work: None,
        serves_after_stop_signal: Span::ZERO,
        shutdown_time: Span::secs(1),
        pre_stop: Span::ZERO,
        readiness: Some(Probe {
            initial_delay: Span::ZERO,
            period: Span::secs(10),
            timeout: Span::secs(1),
            success_threshold: 1,
            failure_threshold: 3,
            handler: Handler::Process,
        }),
        liveness: None,
        startup: None,
        hooks: Hooks::default(),
    }
}

fn deployment(index: usize, replicas: u32) -> Workload {
    let strategy = Strategy::RollingUpdate {
        max_surge: IntOrPercent::Percent(25),
        max_unavailable: IntOrPercent::Percent(25),
    };
    Workload {
        name: format!("app-{index}"),
        namespace: "default".into(),
        kind: WorkloadKind::Deployment(DeploymentSpec {
            strategy,
            progress_deadline: Span::secs(600),
            revision_history_limit: 10,
            paused: false,
        }),
        replicas,
        min_ready: Span::ZERO,
        template: TemplateId::from(index),
    }
}

fn service(index: usize, replicas: u32) -> Service {
    Service {
        name: format!("app-{index}"),
        namespace: "default".into(),
        selector: Selector::from_labels(&labels_of(&[("app", &format!("app-{index}"))])),
        exposure: Exposure::Cluster,
        routing: Routing::default(),
        publish_not_ready: false,
        traffic: Traffic::constant(100.0),
        depends_on: Vec::new(),
        required_serving: replicas.div_ceil(2),
        outage_below: 1.0,
        objectives: Vec::new(),
    }
}

fn machine_crashes(size: Size) -> Fault {
    Fault {
        name: "machines".into(),
        kind: FaultKind::MachineCrash((0..size.nodes).map(NodeId::from).collect()),
        timing: FaultTiming::stochastic(
            Distribution::Exponential { mean: Span::days(30) },
            Distribution::Exponential { mean: Span::hours(2) },
        ),
    }
}

fn container_crashes(size: Size) -> Fault {
    Fault {
        name: "containers".into(),
        kind: FaultKind::ContainerCrash(PodTarget {
            templates: (0..size.deployments).map(TemplateId::from).collect(),
            workloads: (0..size.deployments).map(WorkloadId::from).collect(),
        }),
        timing: FaultTiming::stochastic(
            Distribution::Exponential { mean: Span::days(7) },
            Distribution::Deterministic(Span::ZERO),
        ),
    }
}

fn labels_of(pairs: &[(&str, &str)]) -> Labels {
    pairs.iter().copied().collect()
}
