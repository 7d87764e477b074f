//! Preemption once more, straight from the reference: on each node the list of pods is cut down and filled up again, and
//! everything is filtered anew each time. And reserved places, on clusters that can be checked in the head.

use std::cmp::Reverse;

use sim_core::controllers::scheduler::preemption::Resident;
use sim_core::controllers::scheduler::{
    Candidate, Confines, Decision, NodeTaints, Occupant, Preemption, Reason, Scheduler,
};
use sim_core::ids::{NodeId, PodId, TemplateId};
use sim_core::spec::Scenario;
use sim_core::time::Instant;

use crate::common::*;
use crate::oracle::{Incoming, Oracle, Pod};
use crate::{place, scheduler, three_zones};

/// Templates differ in priority; two of them are equal.
const PRIORITIES: [i32; 5] = [0, 100, -10, 0, 2_000_000_000];
/// What budgets allow: the n-th covers the templates whose number is a multiple of n + 2.
const ALLOWED: [u32; 2] = [1, 0];

pub fn give_priorities(scenario: &mut Scenario) {
    for (template, priority) in scenario.templates.iter_mut().zip(PRIORITIES.into_iter().cycle()) {
        template.priority = priority;
    }
}

/// Both make room for a pod that fits nowhere. Returns 1 if there is a way.
pub fn compare(
    scheduler: &mut Scheduler,
    oracle: &Oracle,
    order: &[NodeId],
    pod: Incoming,
    offset: u64,
    moment: &str,
) -> usize {
    let candidate = Candidate {
        pod: NEW,
        template: pod.id,
        revision: pod.revision,
        confines: Confines::Anywhere,
        nominated: None,
    };
    let occupants =
        |node| oracle.pods.iter().filter(|p| p.node == node).map(|p| occupant(oracle, p)).collect();
    let actual = scheduler.preempt(&candidate, &ALLOWED, |nodes| offset % nodes, occupants);
    let expected = preempt(oracle, order, pod, offset);
    assert_eq!(actual.map(|room: Preemption| (room.node, room.victims)), expected, "{moment}: {:?}", pod.id);
    usize::from(expected.is_some())
}

const NEW: PodId = PodId { slot: 0, generation: u32::MAX };

fn id(pod: &Pod) -> PodId {
    PodId { slot: pod.number, generation: 0 }
}

fn budgets(template: TemplateId) -> Vec<usize> {
    (0..ALLOWED.len()).filter(|budget| template.index().is_multiple_of(budget + 2)).collect()
}

fn priority(oracle: &Oracle, pod: &Pod) -> i32 {
    oracle.scenario.templates[pod.template.index()].priority
}

fn occupant(oracle: &Oracle, pod: &Pod) -> Occupant {
    let started = Instant(u64::from(pod.number));
    let resident = Resident { priority: priority(oracle, pod), started, budgets: budgets(pod.template) };
    let Pod { template, revision, terminating, .. } = *pod;
    Occupant { pod: id(pod), template, revision, terminating, resident }
}

/// What a node costs, and who has to go there.
struct Cost {
    node: NodeId,
    violations: usize,
    victims: Vec<(i32, u32)>,
}

fn preempt(oracle: &Oracle, order: &[NodeId], pod: Incoming, offset: u64) -> Option<(NodeId, Vec<PodId>)> {
    let helps = |node: &&NodeId| oracle.rejection(pod, **node).is_none_or(Reason::is_resolvable);
    let nodes: Vec<NodeId> = order.iter().filter(helps).copied().collect();
    let start = if nodes.is_empty() { 0 } else { (offset % nodes.len() as u64) as usize };
    let in_turn = nodes.iter().cycle().skip(start).take(nodes.len());
    let mut best: Option<Cost> = None;
    for cost in in_turn.filter_map(|node| cost(oracle, pod, *node)) {
        if best.as_ref().is_none_or(|other| is_less(&cost, other)) {
            best = Some(cost);
        }
    }
    best.map(|cost| {
        (cost.node, cost.victims.iter().map(|(_, slot)| PodId { slot: *slot, generation: 0 }).collect())
    })
}

fn cost(oracle: &Oracle, pod: Incoming, node: NodeId) -> Option<Cost> {
    let weaker = |other: &&Pod| other.node == node && priority(oracle, other) < pod.template.priority;
    let mut lower: Vec<Pod> = oracle.pods.iter().filter(weaker).cloned().collect();
    lower.sort_by_key(|other| (Reverse(priority(oracle, other)), other.number));
    let mut rest = oracle.clone();
    rest.pods.retain(|other| !lower.iter().any(|gone| gone.number == other.number));
    if lower.is_empty() || rest.rejection(pod, node).is_some() {
        return None;
    }
    let mut left = ALLOWED.map(i64::from);
    let mut violates = Vec::new();
    for other in &lower {
        budgets(other.template).iter().for_each(|budget| left[*budget] -= 1);
        violates.push(budgets(other.template).iter().any(|budget| left[*budget] < 0));
    }
    let mut victims = Vec::new();
    let mut violations = 0;
    for protected in [true, false] {
        for (other, _) in lower.iter().zip(&violates).filter(|(_, violates)| **violates == protected) {
            rest.pods.push(other.clone());
            if rest.rejection(pod, node).is_some() {
                rest.pods.pop();
                victims.push((priority(oracle, other), other.number));
                violations += usize::from(protected);
            }
        }
    }
    victims.sort_by_key(|(priority, number)| (Reverse(*priority), *number));
    Some(Cost { node, violations, victims })
}

/// Criterion by criterion, as the reference lists them.
fn is_less(a: &Cost, b: &Cost) -> bool {
    let highest = |cost: &Cost| cost.victims.iter().map(|(priority, _)| *priority).max().unwrap_or(i32::MIN);
    let sum = |cost: &Cost| -> i64 {
        cost.victims.iter().map(|(priority, _)| i64::from(*priority) + (1 << 31)).sum()
    };
    let earliest = |cost: &Cost| {
        let top = cost.victims.iter().filter(|(priority, _)| *priority == highest(cost));
        top.map(|(_, number)| *number).min().unwrap_or(0)
    };
    if a.violations != b.violations {
        return a.violations < b.violations;
    }
    if highest(a) != highest(b) {
        return highest(a) < highest(b);
    }
    if sum(a) != sum(b) {
        return sum(a) < sum(b);
    }
    if a.victims.len() != b.victims.len() {
        return a.victims.len() < b.victims.len();
    }
    earliest(a) > earliest(b)
}

fn two_sizes(scenario: &mut Scenario) -> (TemplateId, TemplateId) {
    let mut small = template([("app", "small")]);
    small.requests = resources(1000, 1 << 30);
    let mut big = template([("app", "big")]);
    (big.requests, big.priority) = (resources(3000, 1 << 30), 10);
    (add_template(scenario, small, deployment()), add_template(scenario, big, deployment()))
}

fn candidate(slot: u32, template: TemplateId, nominated: Option<NodeId>) -> Candidate {
    Candidate {
        pod: PodId { slot, generation: 0 },
        template,
        revision: 0,
        confines: Confines::Anywhere,
        nominated,
    }
}

#[test]
fn a_nominated_place_is_kept_from_lower_priorities_only() {
    let mut scenario = three_zones(1);
    let (small, big) = two_sizes(&mut scenario);
    let mut scheduler = scheduler(&scenario);
    for node in [1, 2] {
        scheduler.set_taints(NodeId(node), NodeTaints::UNSCHEDULABLE);
    }
    place(&mut scheduler, small, 1);
    let waiting = candidate(7, big, Some(NodeId(0)));
    scheduler.nominate(waiting.pod, Some((waiting, NodeId(0))));
    // 4 cores, 1 taken, 3 promised: a small pod would fit but for the promise.
    let Decision::Unschedulable(reasons) = scheduler.place(&candidate(8, small, None), |_| 0) else {
        panic!()
    };
    assert_eq!(reasons.count(Reason::InsufficientCpu), 1);
    assert_eq!(scheduler.place(&waiting, |_| 0), Decision::Bound(NodeId(0)));
    scheduler.nominate(waiting.pod, None);
    assert_eq!(scheduler.place(&candidate(8, small, None), |_| 0), Decision::Bound(NodeId(0)));
}

#[test]
fn a_pod_goes_to_its_nominated_node_even_where_another_scores_higher() {
    let mut scenario = three_zones(1);
    let (small, big) = two_sizes(&mut scenario);
    let mut scheduler = scheduler(&scenario);
    scheduler.assume(small, 0, NodeId(0));
    let waiting = candidate(7, big, Some(NodeId(0)));
    scheduler.nominate(waiting.pod, Some((waiting, NodeId(0))));
    assert_eq!(scheduler.place(&waiting, |_| 0), Decision::Bound(NodeId(0)));
    scheduler.assume(small, 0, NodeId(0));
    assert_ne!(scheduler.place(&waiting, |_| 0), Decision::Bound(NodeId(0)), "it no longer fits there");
}

#[test]
fn a_deleted_node_is_no_domain() {
    let mut scenario = three_zones(1);
    let mut web = template([("app", "web")]);
    web.spread.push(constraint(ZONE, 1, true, has_label("app")));
    let web = add_template(&mut scenario, web, deployment());
    let mut scheduler = scheduler(&scenario);
    scheduler.set_taints(NodeId(2), NodeTaints::ABSENT);
    assert_eq!(place(&mut scheduler, web, 6).len(), 6);
    scheduler.set_taints(NodeId(2), NodeTaints::NONE);
    assert_eq!(scheduler.rejection(web, 0, NodeId(0)), Some(Reason::SpreadSkew));
}
