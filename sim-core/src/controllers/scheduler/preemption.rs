//! Preemption: which pods of lower priority make room for a pod that fits nowhere, and on which node.
//!
//! Upstream: `pkg/scheduler/framework/preemption/preemption.go` and
//! `pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go`.

use std::cmp::Reverse;

use super::filter::Reason;
use crate::time::Instant;

/// Candidates are looked for on at least this many nodes: `minCandidateNodesAbsolute`.
const MIN_CANDIDATES: usize = 100;
/// And on at least this part of them: `minCandidateNodesPercentage`.
const MIN_CANDIDATES_PERCENT: usize = 10;

/// A pod on a node, as preemption sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// `spec.priority`.
    pub priority: i32,
    /// `status.startTime`.
    pub started: Instant,
    /// Budgets that cover it and have not yet approved its eviction, as positions in the list of budgets.
    pub budgets: Vec<usize>,
}

/// What making room on one node costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Victims {
    /// Positions of the victims among the residents, most important first.
    pub pods: Vec<usize>,
    /// Priority and start of each.
    pub ranks: Vec<(i32, Instant)>,
    /// How many of them their budgets do not allow.
    pub budget_violations: u32,
}

/// A node on which pods are taken off and put back, to see whether another would fit.
pub trait Trial {
    /// Takes a resident off.
    fn remove(&mut self, resident: usize);
    /// Puts it back.
    fn put_back(&mut self, resident: usize);
    /// Whether the preemptor fits now.
    fn fits(&mut self) -> bool;
}

/// Whether removing pods from a node can help: not if it was rejected for something that no pod causes
/// (`NodesForStatusCode`). A node without a rejection was not looked at, and is tried.
pub fn might_help(rejection: Option<Reason>) -> bool {
    rejection.is_none_or(Reason::is_resolvable)
}

/// How many candidates a dry run looks for: `GetOffsetAndNumCandidates`.
pub fn candidates_to_find(nodes: usize) -> usize {
    (nodes * MIN_CANDIDATES_PERCENT / 100).max(MIN_CANDIDATES).min(nodes)
}

/// The fewest residents of lower priority that have to go: all are taken off, then as many as possible are put back,
/// first those that their budgets protect, more important ones first (`SelectVictimsOnNode`). `None` if the pod would
/// not even fit without any of them. `allowed` is `disruptionsAllowed` of each budget.
pub fn select_victims(
    residents: &[Resident],
    priority: i32,
    allowed: &[u32],
    node: &mut impl Trial,
) -> Option<Victims> {
    let mut lower: Vec<usize> =
        (0..residents.len()).filter(|pod| residents[*pod].priority < priority).collect();
    lower.sort_by_key(|pod| (Reverse(residents[*pod].priority), residents[*pod].started));
    lower.iter().for_each(|pod| node.remove(*pod));
    if lower.is_empty() || !node.fits() {
        return None;
    }
    let (violating, others) = split_by_budget(residents, &lower, allowed);
    let mut victims = violating;
    victims.retain(|pod| !is_reprieved(*pod, node));
    let budget_violations = victims.len() as u32;
    victims.extend(others.into_iter().filter(|pod| !is_reprieved(*pod, node)));
    victims.sort_by_key(|pod| lower.iter().position(|other| other == pod));
    let ranks = victims.iter().map(|pod| (residents[*pod].priority, residents[*pod].started)).collect();
    Some(Victims { pods: victims, ranks, budget_violations })
}

/// Which node to take: `pickOneNodeForPreemption`. Candidates are in the order of nodes; the first of equals wins.
pub fn pick(candidates: &[Victims]) -> Option<usize> {
    (0..candidates.len()).min_by_key(|node| cost(&candidates[*node]))
}

/// Fewest violated budgets, then the least important first victim, the least sum of priorities, the fewest victims,
/// and the latest start of the most important ones.
fn cost(victims: &Victims) -> (u32, i64, i64, usize, Reverse<Instant>) {
    let priorities = || victims.ranks.iter().map(|(priority, _)| i64::from(*priority));
    let highest = priorities().max().unwrap_or(i64::MIN);
    // Shifted to be positive, so that more victims of negative priority are not cheaper.
    let sum = priorities().map(|priority| priority + (1 << 31)).sum();
    let most_important = victims.ranks.iter().filter(|(priority, _)| i64::from(*priority) == highest);
    let earliest = most_important.map(|(_, started)| *started).min().unwrap_or(Instant::ZERO);
    (victims.budget_violations, highest, sum, victims.ranks.len(), Reverse(earliest))
}

/// Pods whose removal a budget does not allow, and the others, counting budgets down in order of importance
/// (`filterPodsWithPDBViolation`).
fn split_by_budget(residents: &[Resident], pods: &[usize], allowed: &[u32]) -> (Vec<usize>, Vec<usize>) {
    let mut left: Vec<i64> = allowed.iter().map(|allowed| i64::from(*allowed)).collect();
    let mut violates = |pod: &usize| {
        let mut violated = false;
        for budget in &residents[*pod].budgets {
            left[*budget] -= 1;
            violated |= left[*budget] < 0;
        }
        violated
    };
    pods.iter().partition(|pod| violates(pod))
}

fn is_reprieved(pod: usize, node: &mut impl Trial) -> bool {
    node.put_back(pod);
    let fits = node.fits();
    if !fits {
        node.remove(pod);
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Room for so many pods, of which the preemptor takes one.
    struct Seats(usize);

    impl Trial for Seats {
        fn remove(&mut self, _: usize) {
            self.0 += 1;
        }
        fn put_back(&mut self, _: usize) {
            self.0 -= 1;
        }
        fn fits(&mut self) -> bool {
            self.0 > 0
        }
    }

    fn resident(priority: i32, started: u64, budgets: &[usize]) -> Resident {
        Resident { priority, started: Instant(started), budgets: budgets.to_vec() }
    }

    #[test]
    fn the_least_important_goes_the_youngest_of_equals() {
        let residents = [resident(5, 1, &[]), resident(1, 1, &[]), resident(1, 9, &[]), resident(7, 1, &[])];
        let victims = select_victims(&residents, 7, &[], &mut Seats(0)).unwrap();
        assert_eq!((victims.pods, victims.budget_violations), (vec![2], 0));
        assert_eq!(select_victims(&residents, 1, &[], &mut Seats(0)), None);
    }

    #[test]
    fn a_protected_pod_is_put_back_before_a_more_important_one() {
        let residents = [resident(5, 1, &[]), resident(1, 1, &[0]), resident(1, 2, &[0])];
        let victims = |allowed| select_victims(&residents, 9, &[allowed], &mut Seats(0)).unwrap();
        // The budget pays for the elder of its two pods, which is looked at first.
        assert_eq!(victims(1).pods, [1]);
        assert_eq!(victims(2).pods, [2]);
        assert_eq!(victims(0).pods, [0]);
    }

    #[test]
    fn what_has_to_go_against_its_budget_is_counted() {
        let residents = [resident(1, 1, &[0, 1]), resident(1, 2, &[0])];
        let victims = select_victims(&residents, 9, &[5, 0], &mut Seats(0)).unwrap();
        assert_eq!((victims.pods.as_slice(), victims.budget_violations), ([1].as_slice(), 0));
        let victims = select_victims(&residents, 9, &[0, 0], &mut Seats(0)).unwrap();
        assert_eq!((victims.pods.as_slice(), victims.budget_violations), ([1].as_slice(), 1));
    }

    #[test]
    fn of_equal_nodes_the_one_whose_victims_started_last_is_taken() {
        let node = |ranks: &[(i32, u64)]| Victims {
            ranks: ranks.iter().map(|(priority, started)| (*priority, Instant(*started))).collect(),
            ..Victims::default()
        };
        assert_eq!(pick(&[node(&[(5, 10), (5, 90)]), node(&[(5, 20), (5, 30)])]), Some(1));
        assert_eq!(pick(&[node(&[(5, 10)]), node(&[(5, 10)])]), Some(0));
        assert_eq!(pick(&[node(&[(-5, 10)]), node(&[])]), Some(1));
        assert_eq!(pick(&[]), None);
    }

    #[test]
    fn a_hundred_nodes_are_tried_or_a_tenth() {
        assert_eq!([10, 100, 999, 5000].map(candidates_to_find), [10, 100, 100, 500]);
    }
}
