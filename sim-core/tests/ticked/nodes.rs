//! Leases, monitor passes and tainting, tick by tick.

use std::collections::{BTreeMap, VecDeque};

use sim_core::engine::Sim;
use sim_core::ids::{NodeId, RackId};
use sim_core::observers::timeline::Silent;
use sim_core::rng::{Draw, EntityKey, Luck, Purpose};
use sim_core::spec::*;
use sim_core::time::{Instant, Span};
use sim_core::world::api::NodeReady;
use sim_core::{Model, Seed};

use crate::naive::{Naive, Tick};
use crate::support::{cluster, random};

/// What the API says of a node: Ready, and whether it has a `NoExecute` taint.
type State = (NodeReady, bool);

/// Every state of every node, from the instant on at which it holds.
type History = BTreeMap<NodeId, Vec<(Instant, State)>>;

const SEED: Seed = Seed { master: 11, run: 0 };
const HORIZON: Span = Span::mins(100);

/// A cluster whose machines flap: each is down now and then, from less than a second to twenty minutes.
fn flapping(index: u64) -> Scenario {
    let mut draw = random::numbers("flapping", index);
    let zones = 1 + draw.below(3) as u32;
    let mut scenario = cluster(zones, zones + draw.below(9) as u32);
    scenario.horizon = HORIZON;
    scenario.timing.large_cluster_size_threshold = if draw.below(2) == 0 { 50 } else { 2 };
    if draw.below(3) == 0 {
        scenario.timing.node_monitor_grace_period = Span::secs(15 + draw.below(50));
    }
    for node in (0..scenario.cluster.nodes.len()).map(NodeId::from) {
        let fault = FaultKind::MachineCrash(vec![node]);
        (0..draw.below(6)).for_each(|_| add_outage(&mut scenario, fault.clone(), &mut draw));
    }
    for rack in 0..draw.below(4) {
        let rack = RackId((rack % u64::from(2 * zones)) as u32);
        add_outage(&mut scenario, FaultKind::RackOutage(vec![rack]), &mut draw);
    }
    if draw.below(3) == 0 {
        let everybody = (0..scenario.cluster.nodes.len()).map(NodeId::from).collect();
        add_outage(&mut scenario, FaultKind::MachineCrash(everybody), &mut draw);
    }
    scenario
}

fn add_outage(scenario: &mut Scenario, kind: FaultKind, draw: &mut Draw) {
    let longest = [Span::secs(2), Span::secs(70), Span::mins(20)][draw.below(3) as usize];
    let at = vec![Instant(draw.below(Span::mins(70).0))];
    let timing = FaultTiming::Scheduled { at, duration: Span(1 + draw.below(longest.0)) };
    scenario.faults.push(Fault { name: format!("outage-{}", scenario.faults.len()), kind, timing });
}

/// What the simulator says.
fn computed(model: &Model) -> History {
    let mut sim = Sim::new(model, SEED, Silent);
    let mut history = History::new();
    while sim.step() {
        for (id, node) in sim.api().nodes().iter().enumerate() {
            note(&mut history, NodeId::from(id), sim.now(), (node.ready, node.no_execute));
        }
    }
    history
}

/// Of several states at one instant the last one counts.
fn note(history: &mut History, node: NodeId, now: Instant, state: State) {
    let states = history.entry(node).or_default();
    let before = states.iter().rev().find(|(at, _)| *at < now).map_or((NodeReady::True, false), |(_, s)| *s);
    if states.last().is_some_and(|(at, _)| *at == now) {
        states.pop();
    }
    if state != before {
        states.push((now, state));
    }
}

fn ticked(model: &Model) -> History {
    let mut naive = Naive::new(model);
    let mut agenda: VecDeque<(Instant, Tick)> = ticks(model).into();
    let mut history = History::new();
    while let Some(now) = next_instant(&agenda, &naive) {
        let mut taints = naive.token_due() == now;
        while agenda.front().is_some_and(|(at, _)| *at == now) {
            let (_, tick) = agenda.pop_front().expect("it is there");
            naive.tick(tick, now);
            taints |= tick == Tick::Pass;
        }
        if taints {
            naive.tick(Tick::Taint, now);
        }
        for node in 0..naive.ready.len() {
            note(&mut history, NodeId::from(node), now, (naive.ready[node], naive.no_execute[node]));
        }
    }
    history
}

fn next_instant(agenda: &VecDeque<(Instant, Tick)>, naive: &Naive) -> Option<Instant> {
    let next = agenda.front().map_or(Instant::NEVER, |(at, _)| *at).min(naive.token_due());
    (next < Instant::ZERO + HORIZON).then_some(next)
}

/// Every renewal, report and pass of the run, in order.
fn ticks(model: &Model) -> Vec<(Instant, Tick)> {
    let timing = &model.scenario().timing;
    let luck = Luck::new(SEED);
    let phase = luck.draw(Purpose::NodeMonitorPhase, EntityKey::new("kube-controller-manager"), 0).unit();
    let mut ticks: Vec<_> = every(
        timing.node_monitor_period,
        Instant::ZERO + timing.node_monitor_period.part(phase),
        Instant::NEVER,
    )
    .map(|at| (at, Tick::Pass))
    .collect();
    for node in (0..model.scenario().cluster.nodes.len()).map(NodeId::from) {
        let phase = luck.draw(Purpose::LeasePhase, model.node_key(node), 0).unit();
        let mut begins = Instant::ZERO + timing.lease_renewal.part(phase);
        let mut booted = false;
        ticks.push((Instant::ZERO + timing.watch, Tick::Renewal(node)));
        for (down, up) in outages(model, node) {
            let renewals = every(timing.lease_renewal, begins, down);
            ticks.extend(renewals.map(|at| (at + timing.watch, Tick::Renewal(node))));
            let reports = [(begins, Tick::NotReady(node)), (begins + timing.node_ready, Tick::Ready(node))];
            ticks.extend(reports.into_iter().filter(|(at, _)| booted && *at < down));
            (begins, booted) = (up + timing.kubelet_start, true);
        }
    }
    ticks.sort();
    ticks
}

fn every(period: Span, from: Instant, until: Instant) -> impl Iterator<Item = Instant> {
    let until = until.min(Instant::ZERO + HORIZON);
    (0..).map(move |n| from + period * n).take_while(move |at| *at < until)
}

/// When a machine is without power: overlapping outages are one. The end of the run closes the list.
fn outages(model: &Model, node: NodeId) -> Vec<(Instant, Instant)> {
    let cluster = &model.scenario().cluster;
    let strikes = |kind: &FaultKind| match kind {
        FaultKind::MachineCrash(nodes) => nodes.contains(&node),
        FaultKind::RackOutage(racks) => {
            racks.iter().any(|rack| cluster.nodes[node.index()].rack == Some(*rack))
        }
        _ => false,
    };
    let mut outages = Vec::new();
    for fault in model.scenario().faults.iter().filter(|fault| strikes(&fault.kind)) {
        let FaultTiming::Scheduled { at, duration } = &fault.timing else {
            unreachable!("all are scheduled")
        };
        outages.push((at[0], at[0] + *duration));
    }
    outages.sort();
    outages.push((Instant::NEVER, Instant::NEVER));
    let mut merged: Vec<(Instant, Instant)> = Vec::new();
    for (down, up) in outages {
        match merged.last_mut() {
            Some(last) if down <= last.1 => last.1 = last.1.max(up),
            _ => merged.push((down, up)),
        }
    }
    merged
}

#[test]
fn nodes_turn_unknown_and_get_their_taints_at_the_same_instants() {
    let mut changes = 0;
    for index in 0..4_000 {
        let model = Model::new(flapping(index));
        let (computed, ticked) = (computed(&model), ticked(&model));
        for (node, states) in &computed {
            assert_eq!(states, &ticked[node], "scenario {index}, {node:?}");
            changes += states.len();
        }
    }
    assert!(changes > 50_000, "{changes} changes are too few to mean anything");
}
