//! t
use sim_core::ids::*;
use sim_core::spec::*;
use sim_core::time::*;
fn main() {
    let nodes: u32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let deps: u32 = std::env::args().nth(2).unwrap().parse().unwrap();
    let reps: u32 = std::env::args().nth(3).unwrap().parse().unwrap();
    let record = std::env::args().nth(4).is_some();
    let labels = |n: u32| Labels::from_iter([("app".to_string(), format!("a{n}"))]);
    let tol = |k: &str| Toleration { key: Some(format!("node.kubernetes.io/{k}")), value: None, effect: Some(TaintEffect::NoExecute), seconds: Some(300) };
    let scenario = Scenario {
        name: "t".into(),
        horizon: Span::days(365),
        warm_up: Span::hours(1),
        timing: Timing::for_kubernetes(35),
        cluster: Cluster {
            regions: vec!["r".into()],
            zones: (0..3).map(|z| Zone { name: format!("z{z}"), region: RegionId(0) }).collect(),
            racks: vec![],
            nodes: (0..nodes).map(|n| Node {
                name: format!("n{n}"), pool: "p".into(), zone: ZoneId(n % 3), rack: None,
                labels: Labels::from_iter([("kubernetes.io/hostname".to_string(), format!("n{n}")), ("topology.kubernetes.io/zone".to_string(), format!("z{}", n % 3))]),
                taints: vec![], allocatable: Resources { cpu_milli: 16000, memory_bytes: 64 << 30, pods: 110, extended: vec![] }, unschedulable: false, price_per_hour: 0.1,
            }).collect(),
        },
        images: vec![Image { name: "i".into(), size_bytes: 100_000_000 }],
        templates: (0..deps).map(|d| PodTemplate {
            namespace: "default".into(), labels: labels(d),
            containers: vec![Container { name: "c".into(), image: ImageId(0), always_pull: false, startup_time: Distribution::Deterministic(Span::secs(2)), serves_after_stop_signal: Span::ZERO, shutdown_time: Span::secs(1), pre_stop: Span::ZERO,
                readiness: Some(Probe { initial_delay: Span::ZERO, period: Span::secs(10), timeout: Span::secs(1), success_threshold: 1, failure_threshold: 3 }), liveness: None, startup: None }],
            requests: Resources { cpu_milli: 100, memory_bytes: 100 << 20, ..Default::default() },
            node_name: None, node_selector: Selector::default(), node_affinity: None, preferred_node_affinity: vec![], pod_affinity: PodAffinity::default(), spread: vec![],
            tolerations: vec![tol("not-ready"), tol("unreachable")], host_ports: vec![], priority: 0, termination_grace: Span::secs(30), restart_policy: RestartPolicy::Always, capacity_rps: f64::INFINITY,
        }).collect(),
        workloads: (0..deps).map(|d| Workload { name: format!("w{d}"), namespace: "default".into(), kind: WorkloadKind::Deployment(DeploymentSpec { strategy: Strategy::RollingUpdate { max_surge: IntOrPercent::Percent(25), max_unavailable: IntOrPercent::Percent(25) }, progress_deadline: Span::secs(600), revision_history_limit: 10, paused: false }), replicas: reps, min_ready: Span::ZERO, template: TemplateId(d) }).collect(),
        services: (0..deps).map(|d| Service { name: format!("s{d}"), namespace: "default".into(), selector: Selector::from_labels(&labels(d)), exposure: Exposure::Cluster, publish_not_ready: false, traffic: Traffic { requests_per_second: 100.0, daily_profile: vec![1.0] }, depends_on: vec![], required_serving: reps, outage_below: 0.99, objectives: vec![] }).collect(),
        faults: vec![
            Fault { name: "node-crash".into(), kind: FaultKind::MachineCrash((0..nodes).map(NodeId).collect()), timing: FaultTiming::Stochastic { time_to_failure: Distribution::Exponential { mean: Span::days(30) }, time_to_repair: Distribution::Exponential { mean: Span::hours(2) } } },
            Fault { name: "pod-crash".into(), kind: FaultKind::ContainerCrash(PodTarget { templates: (0..deps).map(TemplateId).collect(), workloads: (0..deps).map(WorkloadId).collect() }), timing: FaultTiming::Stochastic { time_to_failure: Distribution::Exponential { mean: Span::days(7) }, time_to_repair: Distribution::Deterministic(Span::ZERO) } },
        ],
        operations: vec![],
    };
    let model = sim_core::Model::new(scenario);
    let seed = sim_core::Seed { master: 42, run: 0 };
    if record {
        let r = sim_core::record(&model, seed);
        for e in r.timeline.iter().take(90) { println!("{:>16.3} {:?}: {}", e.at.as_secs_f64(), e.actor, e.text); }
    }
    let t = std::time::Instant::now();
    let o = sim_core::run(&model, seed);
    let el = t.elapsed();
    println!("events {} digest {} ms {:.2} ns/ev {:.1}", o.events, o.digest, el.as_secs_f64() * 1e3, el.as_nanos() as f64 / o.events as f64);
    let s = &o.services[0];
    println!("lost {:e} down {:?} outages {} by {:?}", s.lost_requests / s.requests, s.down, s.outages.len(), s.lost_by);
    println!("{:?}", o.workloads[0]);
    println!("{:?}", o.cluster);
}
