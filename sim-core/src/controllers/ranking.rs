//! Which pods a ReplicaSet deletes first, and in which batches it creates them.
//!
//! Upstream: `ActivePodsWithRanks` in `pkg/controller/controller_utils.go`, `getPodsToDelete` and
//! `slowStartBatch` in `pkg/controller/replicaset/replica_set.go`.

use std::cmp::{Ordering, Reverse};

use crate::ids::NodeId;
use crate::time::Span;

/// What decides about an active pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Whether it is bound to a node.
    pub bound: bool,
    /// `status.phase`.
    pub phase: Phase,
    /// Condition Ready.
    pub ready: bool,
    /// Annotation `controller.kubernetes.io/pod-deletion-cost`, 0 without.
    pub deletion_cost: i32,
    /// Active pods of sets with the same owner on its node, see [`co_location_ranks`].
    pub rank: u32,
    /// Time since it became Ready; `None` if the condition carries no time.
    pub ready_age: Option<Span>,
    /// Most restarts of one of its containers.
    pub restarts: u32,
    /// Time since its creation; `None` if it carries no time.
    pub age: Option<Span>,
    /// `metadata.uid`.
    pub uid: u64,
}

/// Phase of an active pod, in order of deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // the names are upstream's
pub enum Phase {
    Pending,
    Unknown,
    Running,
}

/// Indices of the pods to delete, in order. If all must go, in the order given.
pub fn choose(candidates: &[Candidate], count: usize) -> Vec<usize> {
    let given: Vec<usize> = (0..candidates.len()).collect();
    if count >= candidates.len() {
        return given;
    }
    let mut order = merge_sort(given, &|a, b| compare(&candidates[a], &candidates[b]));
    order.truncate(count);
    order
}

/// Less is deleted first; equal only if nothing tells the two apart. As upstream's, not quite an order: pods that
/// turned Ready at one time and one in their bucket that did not can form a ring.
pub fn compare(a: &Candidate, b: &Candidate) -> Ordering {
    let state = |pod: &Candidate| (pod.bound, pod.phase, pod.ready, pod.deletion_cost, Reverse(pod.rank));
    state(a)
        .cmp(&state(b))
        .then_with(
            || if a.ready && b.ready { by_age(a, b, a.ready_age, b.ready_age) } else { Ordering::Equal },
        )
        .then_with(|| b.restarts.cmp(&a.restarts))
        .then_with(|| by_age(a, b, a.age, b.age))
}

/// Number of related pods on the node of each candidate, `None` being a node like any other.
pub fn co_location_ranks(candidates: &[Option<NodeId>], related: &[Option<NodeId>]) -> Vec<u32> {
    let on = |node: &Option<NodeId>| related.iter().filter(|other| *other == node).count() as u32;
    candidates.iter().map(on).collect()
}

/// Sizes of the batches in which `count` pods are created: twice as many each time, after `initial` at first. A
/// batch with a failure is the last.
pub fn slow_start_batches(count: u32, initial: u32) -> impl Iterator<Item = u32> {
    let mut left = count;
    let mut size = initial;
    std::iter::from_fn(move || {
        let batch = size.min(left);
        left -= batch;
        size = batch.saturating_mul(2);
        (batch > 0).then_some(batch)
    })
}

/// The standard library's sort may panic where the comparison is no order.
fn merge_sort(mut items: Vec<usize>, compare: &impl Fn(usize, usize) -> Ordering) -> Vec<usize> {
    if items.len() < 2 {
        return items;
    }
    let right = merge_sort(items.split_off(items.len() / 2), compare);
    let left = merge_sort(items, compare);
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    let next = || match (left.peek(), right.peek()) {
        (Some(a), Some(b)) if compare(*a, *b).is_gt() => right.next(),
        (Some(_), _) => left.next(),
        (None, _) => right.next(),
    };
    std::iter::from_fn(next).collect()
}

/// Younger first, in buckets of powers of two (`LogarithmicScaleDown`); in one bucket the UID decides at once,
/// ahead of all later keys. No time at all comes before any.
fn by_age(a: &Candidate, b: &Candidate, age_a: Option<Span>, age_b: Option<Span>) -> Ordering {
    match (age_a, age_b) {
        (Some(x), Some(y)) if x != y => bucket(x).cmp(&bucket(y)).then(a.uid.cmp(&b.uid)),
        (x, y) => x.is_some().cmp(&y.is_some()),
    }
}

fn bucket(age: Span) -> Option<u32> {
    age.0.checked_ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_of_pods_does_not_stop_the_choice() {
        let pod = |ready_secs, restarts, uid| Candidate {
            bound: true,
            phase: Phase::Running,
            ready: true,
            deletion_cost: 0,
            rank: 1,
            ready_age: Some(Span::secs(ready_secs)),
            restarts,
            age: None,
            uid,
        };
        let (a, b, c) = (pod(100, 5, 3), pod(100, 0, 1), pod(101, 0, 2));
        assert!(compare(&a, &b).is_lt() && compare(&b, &c).is_lt() && compare(&c, &a).is_lt());
        let many: Vec<Candidate> = [a, b, c].into_iter().cycle().take(300).collect();
        assert_eq!(choose(&many, 100).len(), 100);
    }
}
