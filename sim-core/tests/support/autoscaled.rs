//! Random scenarios with autoscalers, in which everything goes wrong as well.

use sim_core::controllers::horizontal_autoscaler::{
    Behavior, Bounds, Policy, PolicyKind, ScalingRules, Select, Tolerances,
};
use sim_core::ids::{NodeId, ServiceId, WorkloadId};
use sim_core::rng::Draw;
use sim_core::spec::*;
use sim_core::time::{Instant, Span};

use super::random::{TROUBLE, numbers, trouble};

/// The `index`-th of [`trouble`], with surges of traffic, an autoscaler for every workload that can have one, and a Cluster
/// Autoscaler over all nodes.
pub fn autoscaled(index: u64) -> Scenario {
    let mut scenario = trouble(index);
    let mut draw = numbers("autoscaled", index);
    for id in 0..scenario.workloads.len() {
        let template = &mut scenario.templates[id];
        template.capacity_rps = 20.0 + draw.below(50) as f64;
        let cpu = template.requests.cpu_milli as f64;
        template.usage = Usage {
            idle_cpu_milli: 5.0,
            cpu_milli_per_rps: cpu / template.capacity_rps,
            memory_bytes: 50 << 20,
        };
        scenario.services[id].traffic.surges = random_surges(&mut draw);
        if !matches!(scenario.workloads[id].kind, WorkloadKind::Pod | WorkloadKind::DaemonSet(_)) {
            let autoscaler = random_autoscaler(&mut draw, WorkloadId::from(id), &scenario);
            scenario.scaling.autoscalers.push(autoscaler);
        }
    }
    scenario.scaling.cluster = Some(random_cluster_autoscaler(&mut draw, &scenario));
    scenario
}

fn random_surges(draw: &mut Draw) -> Vec<Surge> {
    let surge = |_| {
        let from = Instant(draw.below(TROUBLE.0));
        Surge { from, to: from + Span::secs(60 + draw.below(3600)), times: draw.below(50) as f64 / 10.0 }
    };
    (0..4).map(surge).collect()
}

fn random_autoscaler(draw: &mut Draw, target: WorkloadId, scenario: &Scenario) -> Autoscaler {
    let min = 1 + draw.below(3) as u32;
    let metrics = (0..1 + draw.below(2)).map(|_| random_metric(draw, target, scenario)).collect();
    Autoscaler {
        name: format!("autoscaler-{}", target.0),
        namespace: String::from("default"),
        target,
        bounds: Bounds { min, max: min + draw.below(8) as u32 },
        metrics,
        behavior: (draw.below(2) == 0).then(|| Behavior {
            up: random_rules(draw, ScalingRules::up()),
            down: random_rules(draw, ScalingRules::down()),
        }),
        tolerances: Tolerances::default(),
    }
}

fn random_metric(draw: &mut Draw, target: WorkloadId, scenario: &Scenario) -> Metric {
    let request = scenario.templates[target.index()].requests.cpu_milli;
    let cpu = MetricSource::Resource { resource: Resource::Cpu, serving: true, request: Some(request) };
    let (source, target) = match draw.below(6) {
        0 => (MetricSource::PodRequests, MetricTarget::AverageValue(15_000)),
        1 => (MetricSource::ServiceRequests(ServiceId(target.0)), MetricTarget::Value(60_000)),
        2 => {
            let daily_profile = vec![0.5, 1.5, 0.7, 1.3, 1.0, 1.0];
            let series = Traffic { daily_profile, ..Traffic::constant(100.0) };
            (MetricSource::Given(series), MetricTarget::AverageValue(25_000))
        }
        3 => (MetricSource::Unavailable, MetricTarget::AverageValue(1_000)),
        _ => (cpu, MetricTarget::Utilization(30 + draw.below(60) as u32)),
    };
    Metric { name: String::from("metric"), source, target }
}

fn random_rules(draw: &mut Draw, default: ScalingRules) -> ScalingRules {
    let select = [Select::Max, Select::Min, Select::Disabled][draw.below(3) as usize];
    let kind = if draw.below(2) == 0 { PolicyKind::Pods } else { PolicyKind::Percent };
    let value = if kind == PolicyKind::Pods { 1 + draw.below(3) } else { 10 + draw.below(90) } as u32;
    let policy = Policy { kind, value, period: Span::secs(15 + draw.below(300)) };
    let mut policies = default.policies;
    policies.push(policy);
    ScalingRules { stabilization: Span::secs(draw.below(600)), select, policies }
}

/// Over all nodes, of which some are there at first.
pub fn random_cluster_autoscaler(draw: &mut Draw, scenario: &Scenario) -> ClusterAutoscaler {
    let all = scenario.cluster.nodes.len();
    let initial_count = 1 + draw.below(all as u64) as u32;
    let pool = ScalablePool {
        nodes: (0..all).map(NodeId::from).collect(),
        initial_count,
        min_count: 1 + draw.below(u64::from(initial_count)) as u32,
        provision_time: Distribution::Exponential { mean: Span::secs(120 + draw.below(600)) },
        priority: 0,
    };
    ClusterAutoscaler {
        scan_interval: Span::secs(10),
        scale_down: true,
        scale_down_delay_after_add: Span::secs(draw.below(600)),
        scale_down_unneeded_time: Span::secs(draw.below(600)),
        scale_down_utilization_threshold: 0.5,
        max_node_provision_time: Span::mins(15),
        max_graceful_termination: Span::mins(10),
        ok_total_unready_count: 3,
        max_total_unready_percentage: 45.0,
        expendable_pods_priority_cutoff: -10,
        expander: Expander::LeastWaste,
        pools: vec![pool],
    }
}
