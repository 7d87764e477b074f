//! Nominations: pods that made room for themselves on a node and wait for it to come free.
//!
//! Upstream: `RunFilterPluginsWithNominatedPods` in pkg/scheduler/framework/runtime/framework.go. A node must hold a pod
//! both with and without the pods of equal or higher priority that are nominated there.

use super::confines::Confines;
use super::cycle::Cycle;
use super::filter::Reason;
use super::select::{Decision, Scheduler};
use crate::ids::{NodeId, PodId, TemplateId};

/// A pod that wants a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The pod.
    pub pod: PodId,
    /// Its template.
    pub template: TemplateId,
    /// Revision of its Deployment.
    pub revision: u32,
    /// Where it may go besides what its template says.
    pub confines: Confines,
    /// Where it is nominated.
    pub nominated: Option<NodeId>,
}

/// A candidate and the position of the node where it is nominated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nominee {
    pub candidate: Candidate,
    pub at: usize,
}

impl Scheduler {
    /// A pod is nominated for a node, or no longer for any.
    pub fn nominate(&mut self, pod: PodId, nominee: Option<(Candidate, NodeId)>) {
        self.nominees.retain(|nominee| nominee.candidate.pod != pod);
        if let Some((candidate, node)) = nominee {
            let at = self.tables.snapshot.position(node);
            self.nominees.push(Nominee { candidate, at });
        }
    }

    /// Decides where a pod goes: its nominated node is tried first, and alone (`evaluateNominatedNode`).
    pub fn place(&mut self, candidate: &Candidate, draw: impl FnOnce(u64) -> u64) -> Decision {
        if self.nominees.is_empty() {
            return self.schedule_within(candidate.template, candidate.revision, candidate.confines, draw);
        }
        if let Some(node) = candidate.nominated {
            let at = self.tables.snapshot.position(node);
            if self.rejection_with_nominees(candidate, at).is_none() {
                return Decision::Bound(node);
            }
        }
        let reserved = self.reserved(candidate);
        self.schedule_elsewhere(candidate.template, candidate.revision, candidate.confines, &reserved, draw)
    }

    /// Why a node could not hold a pod now, if so, nominations considered.
    pub(super) fn rejection_with_nominees(&mut self, candidate: &Candidate, at: usize) -> Option<Reason> {
        let alone = self.cycle_of(candidate).rejection(at);
        alone.or_else(|| self.rejection_by_nominees(candidate, at))
    }

    pub(super) fn cycle_of(&mut self, candidate: &Candidate) -> Cycle<'_> {
        let mut cycle = self.cycle(candidate.template, candidate.revision);
        cycle.confines = candidate.confines;
        cycle
    }

    /// Nodes that hold a pod only as long as those nominated there have not come.
    fn reserved(&mut self, candidate: &Candidate) -> Vec<(u32, Reason)> {
        let mut nodes: Vec<usize> = self.nominees.iter().map(|nominee| nominee.at).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let rejected = |at: usize| Some((at as u32, self.rejection_by_nominees(candidate, at)?));
        nodes.into_iter().filter_map(rejected).collect()
    }

    fn rejection_by_nominees(&mut self, candidate: &Candidate, at: usize) -> Option<Reason> {
        let priority = |candidate: &Candidate| self.tables.template(candidate.template).priority;
        let own = priority(candidate);
        let counts = |nominee: &&Nominee| {
            nominee.at == at && nominee.candidate.pod != candidate.pod && priority(&nominee.candidate) >= own
        };
        let there: Vec<Candidate> =
            self.nominees.iter().filter(counts).map(|nominee| nominee.candidate).collect();
        if there.is_empty() {
            return None;
        }
        for nominee in &there {
            self.cluster.add(&self.tables, nominee.template, nominee.revision, at);
        }
        let rejection = self.cycle_of(candidate).rejection(at);
        for nominee in &there {
            self.cluster.remove(&self.tables, nominee.template, nominee.revision, at, false);
        }
        rejection
    }
}
