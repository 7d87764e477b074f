//! More nodes: pods that fit nowhere, not even on the nodes to come, are packed onto new nodes of each pool.
//!
//! Upstream: `core/scaleup/orchestrator`, `estimator/binpacking_estimator.go`. The template of a pool's nodes is its
//! next node itself.

use super::expander::{Growth, choose};
use super::{CloudRequest, ClusterAutoscaler, Scan, View, weight};
use crate::controllers::scheduler::{Decision, NodeTaints, Scheduler};
use crate::ids::{NodeId, PodId};
use crate::rng::{EntityKey, Purpose};
use crate::spec::ClusterAutoscaler as Spec;

impl ClusterAutoscaler {
    /// Asks for the nodes of the best pool. Returns how many pods were without hope before that.
    pub(super) fn scale_up(&mut self, spec: &Spec, view: &View, scan: &mut Scan) -> usize {
        let unschedulable = pods_to_help(spec, view);
        if unschedulable.is_empty() {
            return 0;
        }
        let mut trial = view.scheduler.clone();
        for (node, _) in self.nodes.iter().enumerate().filter(|(_, known)| known.requested.is_some()) {
            trial.set_taints(NodeId::from(node), NodeTaints::NONE);
        }
        let hopeless: Vec<PodId> =
            unschedulable.into_iter().filter(|pod| !settle(*pod, &mut trial, view)).collect();
        let pools = (0..spec.pools.len()).filter(|pool| self.backoffs[*pool].until <= view.moment.now);
        let options: Vec<Growth> =
            pools.filter_map(|pool| self.pack(spec, pool, &hopeless, &trial, view)).collect();
        let key = EntityKey::new("cluster-autoscaler");
        let mut luck = view.moment.luck.draw(Purpose::ExpanderTie, key, self.decisions);
        if let Some(best) = choose(spec, options, view.api, view.moment.model, &mut luck) {
            self.decisions += 1;
            self.last_added = Some(view.moment.now);
            scan.helped = best.pods.len() as u32;
            for node in best.nodes {
                self.nodes[node.index()].requested = Some(view.moment.now);
                scan.cloud.push(CloudRequest::Add(node));
            }
        }
        hopeless.len()
    }

    /// As many new nodes of one pool as its pods need and it may have.
    fn pack(
        &self,
        spec: &Spec,
        pool: usize,
        pods: &[PodId],
        trial: &Scheduler,
        view: &View,
    ) -> Option<Growth> {
        let mut trial = trial.clone();
        let absent =
            |node: &NodeId| !view.api.node(*node).exists && self.nodes[node.index()].requested.is_none();
        let mut room = spec.pools[pool].nodes.iter().copied().filter(absent).peekable();
        let mut growth = Growth { pool, nodes: Vec::new(), pods: Vec::new() };
        for pod in largest_first(pods, *room.peek()?, view) {
            let object = view.api.expect_pod(pod);
            let mut fits = |node: NodeId| trial.rejection(object.template, object.revision, node).is_none();
            let mut place = growth.nodes.iter().copied().find(|node| fits(*node));
            if let (None, Some(next)) = (place, room.peek().copied()) {
                trial.set_taints(next, NodeTaints::NONE);
                if trial.rejection(object.template, object.revision, next).is_none() {
                    room.next();
                    growth.nodes.push(next);
                    place = Some(next);
                } else {
                    trial.set_taints(next, NodeTaints::ABSENT);
                }
            }
            if let Some(node) = place {
                trial.assume(object.template, object.revision, node);
                growth.pods.push(pod);
            }
        }
        (!growth.nodes.is_empty()).then_some(growth)
    }
}

/// Pods with the condition Unschedulable that are worth a node, the most important and oldest first.
fn pods_to_help(spec: &Spec, view: &View) -> Vec<PodId> {
    let priority = |template| view.moment.model.template(template).priority;
    let waits = view.api.pods().filter(|pod| pod.unschedulable && pod.node.is_none() && pod.is_active());
    let mut pods: Vec<_> =
        waits.filter(|pod| priority(pod.template) >= spec.expendable_pods_priority_cutoff).collect();
    pods.sort_by_key(|pod| (-i64::from(priority(pod.template)), pod.created, pod.workload, pod.ordinal));
    pods.iter().map(|pod| pod.id).collect()
}

/// Whether the pod would fit somewhere; if so it is taken to be there.
fn settle(pod: PodId, trial: &mut Scheduler, view: &View) -> bool {
    let object = view.api.expect_pod(pod);
    match trial.schedule(object.template, object.revision, |_| 0) {
        Decision::Bound(node) => {
            trial.assume(object.template, object.revision, node);
            true
        }
        Decision::Unschedulable(_) => false,
    }
}

/// By the shares of a node's CPU and memory that they ask for, added up (`DecreasingPodOrderer`).
fn largest_first(pods: &[PodId], node: NodeId, view: &View) -> Vec<PodId> {
    let mut pods = pods.to_vec();
    let size = |pod: &PodId| {
        let (cpu, memory) = weight(view.api.expect_pod(*pod), node, view.moment.model);
        cpu + memory
    };
    pods.sort_by(|a, b| size(b).total_cmp(&size(a)));
    pods
}
