//! Health checks of the load balancer, check by check.

use sim_core::agents::load_balancer::LoadBalancer;
use sim_core::ids::NodeId;
use sim_core::rng::{Luck, Purpose};
use sim_core::spec::{Exposure, Scenario, WorkloadKind};
use sim_core::time::{Instant, Span};
use sim_core::{Model, Seed};

use crate::support::{add_workload, cluster, random};

const SEED: Seed = Seed { master: 11, run: 0 };
const NODE: NodeId = NodeId(0);
const END: Instant = Instant(Span::mins(40).0);

/// A load balancer with checks of its own kind.
fn checked(index: u64) -> Scenario {
    let mut draw = random::numbers("checks", index);
    let mut scenario = cluster(1, 2);
    add_workload(&mut scenario, "web", WorkloadKind::ReplicaSet, 1);
    scenario.services[0].exposure = Exposure::LoadBalancer;
    let timing = &mut scenario.timing;
    timing.lb_interval = Span::secs(2 + draw.below(20));
    timing.lb_timeout = Span(1 + draw.below(timing.lb_interval.0));
    timing.lb_healthy_threshold = 1 + draw.below(3) as u32;
    timing.lb_unhealthy_threshold = 1 + draw.below(4) as u32;
    timing.lb_propagation = Span(draw.below(2) * draw.below(Span::secs(5).0));
    scenario
}

/// When a machine goes down, when it has power again, and when it forwards again: never if it went down before.
struct Outage {
    down: Instant,
    power: Instant,
    forwards: Instant,
}

fn outages(index: u64) -> Vec<Outage> {
    let mut draw = random::numbers("flaps", index);
    let mut now = Instant::ZERO;
    let mut outages: Vec<Outage> = Vec::new();
    loop {
        let longest = [Span::secs(5), Span::secs(60), Span::mins(5)][draw.below(3) as usize];
        let down = now + Span(1 + draw.below(longest.0));
        let power = down + Span(1 + draw.below(longest.0));
        if power > END {
            return outages;
        }
        if let Some(last) = outages.last_mut().filter(|last| last.forwards > down) {
            last.forwards = Instant::NEVER;
        }
        outages.push(Outage { down, power, forwards: power + Span::millis(1_300) });
        now = power;
    }
}

/// Changes of rotation: when, and whether the node joins.
type Rotation = Vec<(Instant, bool)>;

fn computed(model: &Model, outages: &[Outage]) -> Rotation {
    let mut balancer = LoadBalancer::new(model, &Luck::new(SEED), true);
    let mut rotation = Rotation::new();
    for outage in outages {
        wake_until(outage.down, model, &mut balancer, &mut rotation);
        balancer.node_down(NODE, model, outage.down);
        wake_until(outage.power, model, &mut balancer, &mut rotation);
        balancer.node_up(NODE, outage.power + Span::millis(1_300));
    }
    wake_until(END, model, &mut balancer, &mut rotation);
    rotation
}

fn wake_until(until: Instant, model: &Model, balancer: &mut LoadBalancer, rotation: &mut Rotation) {
    while balancer.next_wake(NODE) < until {
        let now = balancer.next_wake(NODE);
        rotation.extend(balancer.wake(NODE, model, now).map(|joins| (now, joins)));
    }
}

/// A check that begins while the node does not forward fails when it times out; another one succeeds at once.
fn ticked(model: &Model, outages: &[Outage]) -> Rotation {
    let timing = &model.scenario().timing;
    let phase = Luck::new(SEED).draw(Purpose::HealthCheckPhase, model.node_key(NODE), 0).unit();
    let mut rotation = Rotation::new();
    let (mut last, mut run_length, mut healthy) = (true, 0, true);
    for check in (0..).map(|n| Instant::ZERO + timing.lb_interval.part(phase) + timing.lb_interval * n) {
        if check >= END {
            rotation.retain(|(at, _)| *at < END);
            return rotation;
        }
        let success =
            !outages.iter().any(|outage| outage.down <= check && check < next_forwarding(outage, outages));
        run_length = if last == success { run_length + 1 } else { 1 };
        last = success;
        let (threshold, verdict) = match success {
            true => (timing.lb_healthy_threshold, check),
            false => (timing.lb_unhealthy_threshold, check + timing.lb_timeout),
        };
        if success != healthy && run_length >= threshold {
            healthy = success;
            rotation.push((verdict + timing.lb_propagation, healthy));
        }
    }
    unreachable!("checks go on for ever")
}

/// When the node forwards again after this outage, or after one that followed too soon.
fn next_forwarding(outage: &Outage, outages: &[Outage]) -> Instant {
    outages.iter().map(|other| other.forwards).filter(|at| *at > outage.down).min().unwrap_or(Instant::NEVER)
}

#[test]
fn nodes_leave_and_join_at_the_same_instants() {
    let mut changes = 0;
    for index in 0..10_000 {
        let (model, outages) = (Model::new(checked(index)), outages(index));
        let ticked = ticked(&model, &outages);
        assert_eq!(computed(&model, &outages), ticked, "pattern {index}");
        changes += ticked.len();
    }
    assert!(changes > 50_000, "{changes} changes are too few to mean anything");
}
