//! A small scenario and invented outcomes, for the tests of this crate that need no simulation; input for those that do.

use sim_core::ids::{FaultId, RegionId, TemplateId, ZoneId};
use sim_core::outcome::{ClusterOutcome, Digest, Outage, Outcome, ServiceOutcome, WorkloadOutcome};
use sim_core::spec::*;
use sim_core::time::{Instant, Span};
use sim_core::{Model, Seed};

use crate::{Input, Loaded, Options, load};

const WEB: &str = "\
---
apiVersion: v1
kind: ReplicationController
metadata: {name: web}
spec:
  replicas: REPLICAS
  selector: {app: web}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
";

/// A scenario as text, with a service `web` before so many pods.
pub fn input(scenario: &str, replicas: u32) -> String {
    format!("{scenario}{WEB}").replace("REPLICAS", &replicas.to_string())
}

/// What is loaded from a text, with fields set.
pub fn loaded(text: &str, sets: &[String]) -> Loaded {
    load(&[Input::Text { name: "sample.yaml".into(), text: text.into() }], sets, Options::default())
}

/// A service `shop/web` that promises 99.9% of requests, one node at 0.25 an hour, one fault `crash`.
pub fn scenario() -> Scenario {
    Scenario {
        name: "sample".to_owned(),
        horizon: Span::days(366),
        warm_up: Span::days(1),
        timing: Timing::for_kubernetes(34),
        cluster: Cluster {
            regions: vec!["r".to_owned()],
            zones: vec![Zone { name: "a".to_owned(), region: RegionId(0) }],
            racks: Vec::new(),
            nodes: vec![node("n1")],
        },
        images: Vec::new(),
        templates: vec![template("web")],
        workloads: vec![workload("web")],
        services: vec![service("web")],
        faults: vec![crash()],
        budgets: Vec::new(),
        quotas: Vec::new(),
        control_plane: None,
        operations: Vec::new(),
        scaling: Scaling::default(),
    }
}

/// A Ready node in zone 0.
pub fn node(name: &str) -> Node {
    Node {
        name: name.to_owned(),
        pool: String::new(),
        zone: ZoneId(0),
        rack: None,
        labels: Labels::default(),
        taints: Vec::new(),
        allocatable: Resources { cpu_milli: 4000, memory_bytes: 16 << 30, pods: 110, extended: Vec::new() },
        unschedulable: false,
        spare: false,
        price_per_hour: 0.25,
    }
}

/// A service with the selector `app: <name>`.
pub fn service(name: &str) -> Service {
    Service {
        name: name.to_owned(),
        namespace: "shop".to_owned(),
        selector: Selector::from_labels(&Labels::from_iter([("app", name)])),
        exposure: Exposure::Cluster,
        routing: Routing::default(),
        publish_not_ready: false,
        traffic: Traffic::constant(100.0),
        depends_on: Vec::new(),
        required_serving: 1,
        outage_below: 0.99,
        objectives: vec![Objective { measure: Measure::Request, target: 0.999, window: Span::days(30) }],
    }
}

/// A pod template with the label `app: <app>`, half a core and no container.
pub fn template(app: &str) -> PodTemplate {
    PodTemplate {
        namespace: "shop".to_owned(),
        labels: Labels::from_iter([("app", app)]),
        containers: Vec::new(),
        requests: Resources { cpu_milli: 500, ..Resources::default() },
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

/// A ReplicationController of one replica of template 0.
pub fn workload(name: &str) -> Workload {
    Workload {
        name: name.to_owned(),
        namespace: "shop".to_owned(),
        kind: WorkloadKind::ReplicationController,
        replicas: 1,
        min_ready: Span::ZERO,
        template: TemplateId(0),
    }
}

fn crash() -> Fault {
    Fault {
        name: "crash".to_owned(),
        kind: FaultKind::MachineCrash(Vec::new()),
        timing: FaultTiming::Scheduled { at: Vec::new(), duration: Span::ZERO },
    }
}

/// An outcome that depends on nothing but the seed: `run` x 100 s of outage that lose all of 1,000 requests' tenth.
pub fn outcome(model: &Model, seed: Seed) -> Outcome {
    let measured = model.scenario().horizon.saturating_sub(model.scenario().warm_up);
    let down = Span::secs(100 * seed.run);
    let lost = 100.0 * seed.run as f64;
    let outage = |root| Outage {
        start: Instant::ZERO + Span::days(2),
        end: Instant::ZERO + Span::days(2) + down,
        root,
        worst: 1.0,
        lost_requests: lost,
    };
    let outages =
        if seed.run == 0 { Vec::new() } else { vec![outage(Some(FaultId(0).into())), outage(None)] };
    let mut lost_by = [0.0; 9];
    (lost_by[0], lost_by[2]) = (0.25 * lost, 0.75 * lost);
    Outcome {
        measured,
        services: vec![ServiceOutcome {
            requests: 1000.0,
            lost_requests: lost,
            lost_by,
            down,
            short: down * 2,
            outages,
        }],
        workloads: vec![WorkloadOutcome {
            at_ratio_one: measured / 2,
            ratio_integral: 1.5 * measured.0 as f64,
            restarts: seed.run,
            ..WorkloadOutcome::default()
        }],
        cluster: ClusterOutcome { machines_up_integral: u128::from(measured.0), ..ClusterOutcome::default() },
        events: 10 + seed.run,
        digest: Digest(seed.master.wrapping_mul(31).wrapping_add(seed.run)),
    }
}
