//! The scheduler's decision: filter, score, and pick one of the best at random.

use std::sync::Arc;

use super::cluster::Cluster;
use super::confines::Confines;
use super::cycle::{Cycle, Scratch};
use super::filter::{Reason, Rejections};
use super::nomination::Nominee;
use super::queue::Events;
use super::score::Plugin;
use super::tables::Tables;
use super::taints::NodeTaints;
use crate::ids::{ImageId, NodeId, TemplateId};

/// Clusters smaller than this are examined whole (`minFeasibleNodesToFind`).
const MIN_FEASIBLE_NODES: usize = 100;
/// Least adaptive percentage of nodes to score (`minFeasibleNodesPercentageToFind`).
const MIN_PERCENTAGE: usize = 5;

/// kube-scheduler's decisions and the cache that it decides from.
#[derive(Clone, Debug)]
pub struct Scheduler {
    pub(super) tables: Arc<Tables>,
    pub(super) cluster: Cluster,
    pub(super) nominees: Vec<Nominee>,
    scratch: Scratch,
    /// Where the next cycle starts to look (`nextStartNodeIndex`).
    start: usize,
    wanted: usize,
}

/// What becomes of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is to be bound to this node.
    Bound(NodeId),
    /// No node can hold it.
    Unschedulable(Rejections),
}

/// Scores of one candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The node.
    pub node: NodeId,
    /// Score 0..=100 of each plugin, in the order of [`Plugin::ALL`].
    pub scores: [u32; Plugin::ALL.len()],
    /// Weighted sum.
    pub total: u32,
}

impl Scheduler {
    /// A scheduler that knows the nodes, and no pod.
    pub fn new(tables: Arc<Tables>) -> Scheduler {
        let cluster = Cluster::new(&tables);
        let wanted = feasible_nodes_to_find(tables.nodes(), 0);
        Scheduler { tables, cluster, nominees: Vec::new(), scratch: Scratch::default(), start: 0, wanted }
    }

    /// Decides where a pod goes; changes nothing that the next decision would see but where it starts to look.
    /// `draw(n)` gives a number below `n`, each equally likely; it is asked only to break a tie.
    pub fn schedule(
        &mut self,
        template: TemplateId,
        revision: u32,
        draw: impl FnOnce(u64) -> u64,
    ) -> Decision {
        self.schedule_within(template, revision, Confines::Anywhere, draw)
    }

    /// The same for a pod that is confined to some nodes by more than its template.
    pub fn schedule_within(
        &mut self,
        template: TemplateId,
        revision: u32,
        confines: Confines,
        draw: impl FnOnce(u64) -> u64,
    ) -> Decision {
        self.schedule_elsewhere(template, revision, confines, &[], draw)
    }

    /// Decides likewise, on other nodes than those reserved for others, in order of their positions.
    pub(super) fn schedule_elsewhere(
        &mut self,
        template: TemplateId,
        revision: u32,
        confines: Confines,
        reserved: &[(u32, Reason)],
        draw: impl FnOnce(u64) -> u64,
    ) -> Decision {
        let (start, wanted) = (self.start, self.wanted);
        let mut cycle = self.cycle(template, revision);
        cycle.confines = confines;
        let mut examined = cycle.filter(start, wanted + reserved.len());
        if !reserved.is_empty() {
            examined = cycle.leave_out(reserved, start, wanted, examined);
        }
        let decision = cycle.decide(reserved, draw);
        self.start = (start + examined) % self.tables.nodes().max(1);
        decision
    }

    /// A pod is on a node, or just assumed to be.
    pub fn assume(&mut self, template: TemplateId, revision: u32, node: NodeId) {
        let at = self.tables.snapshot.position(node);
        self.cluster.add(&self.tables, template, revision, at);
    }

    /// A pod on a node gets its deletion timestamp.
    pub fn pod_terminating(&mut self, template: TemplateId, revision: u32, node: NodeId) {
        let at = self.tables.snapshot.position(node);
        self.cluster.terminate(&self.tables, template, revision, at);
    }

    /// The object of a pod on a node is gone, or has finished; `terminating` if [`Self::pod_terminating`] was
    /// told before.
    pub fn pod_removed(&mut self, template: TemplateId, revision: u32, node: NodeId, terminating: bool) {
        let at = self.tables.snapshot.position(node);
        self.cluster.remove(&self.tables, template, revision, at, terminating);
    }

    /// The node's taints of the node lifecycle are now these.
    pub fn set_taints(&mut self, node: NodeId, taints: NodeTaints) {
        let at = self.tables.snapshot.position(node);
        let before = std::mem::replace(&mut self.cluster.taints[at], taints);
        let is_absent = |taints: NodeTaints| u32::from(taints.intersects(NodeTaints::ABSENT));
        self.cluster.absent = self.cluster.absent + is_absent(taints) - is_absent(before);
    }

    /// The node's taints of the node lifecycle.
    pub fn taints(&self, node: NodeId) -> NodeTaints {
        self.cluster.taints[self.tables.snapshot.position(node)]
    }

    /// The node's status begins or ceases to list an image.
    pub fn set_image(&mut self, node: NodeId, image: ImageId, present: bool) {
        let at = self.tables.snapshot.position(node);
        self.cluster.images.set(&self.tables, image, at, present);
    }

    /// Why a node could not hold a pod now, if so.
    pub fn rejection(&mut self, template: TemplateId, revision: u32, node: NodeId) -> Option<Reason> {
        let at = self.tables.snapshot.position(node);
        self.cycle(template, revision).rejection(at)
    }

    /// Which events may let a rejected pod in (the plugins' queueing hints).
    pub fn helped_by(&self, template: TemplateId, rejections: &Rejections) -> Events {
        let honors_taints =
            self.tables.template(template).hard_spread.iter().any(|rule| rule.by_node.is_some());
        let by_taints = |reason| match reason {
            Reason::SpreadSkew if honors_taints => Events::NODE_TAINTS,
            _ => Events::NONE,
        };
        let may_come = self.cluster.taints.iter().any(|taints| taints.intersects(NodeTaints::ABSENT));
        let of_new_nodes = if may_come { Events::NODE_TAINTS } else { Events::NONE };
        rejections.iter().fold(of_new_nodes, |events, (reason, _)| {
            events.with(Events::that_help(reason)).with(by_taints(reason))
        })
    }

    /// The scores of all nodes that a decision would choose from now, in the order in which it finds them.
    pub fn explain(&mut self, template: TemplateId, revision: u32) -> Vec<Explanation> {
        let (start, wanted) = (self.start, self.wanted);
        let mut cycle = self.cycle(template, revision);
        cycle.filter(start, wanted);
        let by_plugin = Plugin::ALL.map(|plugin| {
            cycle.score_by(plugin);
            cycle.scratch.totals.clone()
        });
        let explanation = |(index, at): (usize, &u32)| {
            let scores = std::array::from_fn(|plugin| by_plugin[plugin][index]);
            let total = Plugin::ALL.iter().zip(scores).map(|(plugin, score)| plugin.weight() * score).sum();
            Explanation { node: self.tables.snapshot.node(*at as usize), scores, total }
        };
        self.scratch.candidates.iter().enumerate().map(explanation).collect()
    }

    pub(super) fn cycle(&mut self, template: TemplateId, revision: u32) -> Cycle<'_> {
        let tables = &*self.tables;
        let table = tables.template(template);
        let mut cycle = Cycle {
            tables,
            template: table,
            verdicts: &tables.verdicts[table.verdicts as usize],
            cluster: &mut self.cluster,
            scratch: &mut self.scratch,
            revision,
            confines: Confines::Anywhere,
        };
        cycle.prepare();
        cycle
    }
}

/// After how many feasible nodes the search ends (`numFeasibleNodesToFind`); percentage 0 adapts to the size.
pub fn feasible_nodes_to_find(nodes: usize, percentage: usize) -> usize {
    if nodes < MIN_FEASIBLE_NODES {
        return nodes;
    }
    let adaptive = || 50usize.saturating_sub(nodes / 125).max(MIN_PERCENTAGE);
    let percentage = if percentage == 0 { adaptive() } else { percentage.min(100) };
    (nodes * percentage / 100).max(MIN_FEASIBLE_NODES)
}

impl Cycle<'_> {
    /// A single candidate needs no score.
    fn decide(&mut self, reserved: &[(u32, Reason)], draw: impl FnOnce(u64) -> u64) -> Decision {
        let at = match *self.scratch.candidates.as_slice() {
            [] => return Decision::Unschedulable(self.rejections(reserved)),
            [only] => only,
            _ => {
                self.score();
                self.pick(draw)
            }
        };
        Decision::Bound(self.tables.snapshot.node(at as usize))
    }

    /// Takes reserved nodes out of the candidates, and gives how many nodes a search for the others looks at.
    fn leave_out(
        &mut self,
        reserved: &[(u32, Reason)],
        start: usize,
        wanted: usize,
        examined: usize,
    ) -> usize {
        let Scratch { candidates, totals, .. } = &mut *self.scratch;
        let is_reserved = |at: u32| reserved.binary_search_by_key(&at, |(at, _)| *at).is_ok();
        let free: Vec<bool> = candidates.iter().map(|at| !is_reserved(*at)).collect();
        let mut flags = free.iter();
        totals.retain(|_| *flags.next().expect("as many scores as candidates"));
        candidates.retain(|at| !is_reserved(*at));
        if candidates.len() < wanted {
            return examined;
        }
        candidates.truncate(wanted);
        totals.truncate(wanted);
        let (last, nodes) = (candidates[wanted - 1] as usize, self.tables.nodes());
        (last + nodes - start) % nodes + 1
    }

    /// One of the best (`selectHost`).
    fn pick(&self, draw: impl FnOnce(u64) -> u64) -> u32 {
        let totals = &self.scratch.totals;
        let best = totals.iter().copied().max().unwrap_or(0);
        let ties = totals.iter().filter(|total| **total == best).count();
        let chosen = if ties > 1 { draw(ties as u64) as usize } else { 0 };
        let mut tied = totals.iter().zip(&self.scratch.candidates).filter(|(total, _)| **total == best);
        *tied.nth(chosen).expect("the draw is below the number of ties").1
    }
}
