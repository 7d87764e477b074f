//! Preemption tried out: on each node that might help, pods of lower priority are taken off and put back in the
//! scheduler's own cache, which is as before when the trial is over.

use super::nomination::Candidate;
use super::preemption::{Resident, Trial, Victims, candidates_to_find, might_help, pick, select_victims};
use super::select::Scheduler;
use crate::ids::{NodeId, PodId, TemplateId};

/// A pod on a node.
#[derive(Clone, Debug)]
pub struct Occupant {
    /// The pod.
    pub pod: PodId,
    /// Its template.
    pub template: TemplateId,
    /// Revision of its Deployment.
    pub revision: u32,
    /// Whether it has a deletion timestamp.
    pub terminating: bool,
    /// How preemption sees it.
    pub resident: Resident,
}

/// Room that can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preemption {
    /// On this node.
    pub node: NodeId,
    /// By deleting these pods, the most important first.
    pub victims: Vec<PodId>,
    /// Pods of lower priority that are nominated there and have to look elsewhere.
    pub weaker_nominees: Vec<PodId>,
}

impl Scheduler {
    /// The node where making room for a pod costs the least. `offset` gives a number below the number of nodes tried:
    /// where to begin. `allowed` is `disruptionsAllowed` of each budget.
    pub fn preempt(
        &mut self,
        preemptor: &Candidate,
        allowed: &[u32],
        offset: impl FnOnce(u64) -> u64,
        occupants: impl Fn(NodeId) -> Vec<Occupant>,
    ) -> Option<Preemption> {
        let potential = self.potential_nodes(preemptor);
        if potential.is_empty() {
            return None;
        }
        let (wanted, offset) = (candidates_to_find(potential.len()), offset(potential.len() as u64) as usize);
        let mut found: Vec<(usize, Vec<PodId>)> = Vec::new();
        let mut costs: Vec<Victims> = Vec::new();
        for at in potential.iter().cycle().skip(offset).take(potential.len()) {
            let pods = occupants(self.tables.snapshot.node(*at));
            if let Some(victims) = self.try_node(preemptor, *at, &pods, allowed) {
                found.push((*at, victims.pods.iter().map(|pod| pods[*pod].pod).collect()));
                costs.push(victims);
            }
            if costs.len() >= wanted && costs.iter().any(|victims| victims.budget_violations == 0) {
                break;
            }
        }
        let (at, victims) = found.swap_remove(pick(&costs)?);
        let weaker_nominees = self.weaker_nominees(preemptor, at);
        Some(Preemption { node: self.tables.snapshot.node(at), victims, weaker_nominees })
    }

    fn potential_nodes(&mut self, preemptor: &Candidate) -> Vec<usize> {
        let nodes = self.tables.nodes();
        let cycle = self.cycle_of(preemptor);
        (0..nodes).filter(|at| might_help(cycle.rejection(*at))).collect()
    }

    fn try_node(
        &mut self,
        preemptor: &Candidate,
        at: usize,
        occupants: &[Occupant],
        allowed: &[u32],
    ) -> Option<Victims> {
        let priority = self.tables.template(preemptor.template).priority;
        let residents: Vec<Resident> = occupants.iter().map(|occupant| occupant.resident.clone()).collect();
        let mut trial =
            OnNode { scheduler: self, preemptor, at, occupants, removed: vec![false; occupants.len()] };
        let victims = select_victims(&residents, priority, allowed, &mut trial);
        for resident in 0..occupants.len() {
            if trial.removed[resident] {
                trial.put_back(resident);
            }
        }
        victims
    }

    fn weaker_nominees(&self, preemptor: &Candidate, at: usize) -> Vec<PodId> {
        let priority = |candidate: &Candidate| self.tables.template(candidate.template).priority;
        let there = self.nominees.iter().filter(|nominee| nominee.at == at).map(|nominee| nominee.candidate);
        let weaker = there.filter(|nominee| priority(nominee) < priority(preemptor));
        weaker.map(|nominee| nominee.pod).collect()
    }
}

struct OnNode<'a> {
    scheduler: &'a mut Scheduler,
    preemptor: &'a Candidate,
    at: usize,
    occupants: &'a [Occupant],
    removed: Vec<bool>,
}

impl Trial for OnNode<'_> {
    fn remove(&mut self, resident: usize) {
        let Occupant { template, revision, terminating, .. } = self.occupants[resident];
        let Scheduler { cluster, tables, .. } = self.scheduler;
        cluster.remove(tables, template, revision, self.at, terminating);
        self.removed[resident] = true;
    }

    fn put_back(&mut self, resident: usize) {
        let Occupant { template, revision, terminating, .. } = self.occupants[resident];
        let Scheduler { cluster, tables, .. } = self.scheduler;
        cluster.add(tables, template, revision, self.at);
        if terminating {
            cluster.terminate(tables, template, revision, self.at);
        }
        self.removed[resident] = false;
    }

    fn fits(&mut self) -> bool {
        self.scheduler.rejection_with_nominees(self.preemptor, self.at).is_none()
    }
}
