//! Fewer nodes: one that is little used, and whose pods all fit elsewhere, goes once that has been so for 10 minutes.
//!
//! Upstream: `core/scaledown` (`planner`, `eligibility`, `actuation`), `simulator/drain.go`.

use super::{CloudRequest, ClusterAutoscaler, Drain, Known, Scan, View, weight};
use crate::controllers::scheduler::{Decision, NodeTaints, Scheduler};
use crate::ids::NodeId;
use crate::spec::{ClusterAutoscaler as Spec, ScalablePool};
use crate::time::{Instant, Span};
use crate::world::api::{Deletion, NodeReady, Owner, Pod, Request};

/// `--max-scale-down-parallelism`: nodes that begin to go in one pass.
const MOST_AT_ONCE: usize = 10;
/// `--max-pod-eviction-time`.
const MAX_POD_EVICTION_TIME: Span = Span::mins(2);
/// `EvictionRetryTime` (core/scaledown/actuation/drain.go).
const EVICTION_RETRY_TIME: Span = Span::secs(10);
/// `--scale-down-delay-after-failure`.
const DELAY_AFTER_FAILURE: Span = Span::mins(3);

/// The cluster as it would be, and what budgets would still allow.
#[derive(Clone)]
struct Trial {
    scheduler: Scheduler,
    allowed: Vec<u32>,
}

impl ClusterAutoscaler {
    /// Brings up to date which nodes are unneeded, and removes those that have been for long enough.
    pub(super) fn scale_down(
        &mut self,
        spec: &Spec,
        view: &View,
        scan: &mut Scan,
        requests: &mut Vec<Request>,
    ) {
        if !spec.scale_down {
            return;
        }
        self.find_unneeded(spec, view);
        if view.moment.now < self.calm_from(spec) {
            return;
        }
        for pool in &spec.pools {
            self.shrink(spec, pool, view, scan, requests);
        }
    }

    /// No node goes before that, after one was added or one could not be removed.
    pub(super) fn calm_from(&self, spec: &Spec) -> Instant {
        let added = self.last_added.map_or(Instant::ZERO, |at| at + spec.scale_down_delay_after_add);
        let failed = self.last_failed.map_or(Instant::ZERO, |at| at + DELAY_AFTER_FAILURE);
        added.max(failed)
    }

    /// Pods whose eviction was refused are asked for again, until their node is given up.
    pub(super) fn ask_again(
        &mut self,
        spec: &Spec,
        view: &View,
        scan: &mut Scan,
        requests: &mut Vec<Request>,
    ) {
        let now = view.moment.now;
        for (node, known) in (0..).map(NodeId).zip(&mut self.nodes) {
            let Some(drain) = &mut known.draining else { continue };
            if view.staying_on(node).next().is_none() {
                drain.asks_at = Instant::NEVER;
            } else if now >= drain.since + MAX_POD_EVICTION_TIME {
                *known = Known::default();
                self.last_failed = Some(now);
                requests.push(Request::TaintForRemoval(node, false));
                scan.given_up.push(node);
            } else if now >= drain.asks_at {
                drain.asks_at = now + EVICTION_RETRY_TIME;
                evict(spec, node, view, requests);
            }
        }
    }

    /// Empty nodes first, then those that were unneeded before, each on top of what was moved for the ones before it.
    fn find_unneeded(&mut self, spec: &Spec, view: &View) {
        let mut candidates: Vec<NodeId> = spec
            .pools
            .iter()
            .flat_map(|pool| &pool.nodes)
            .copied()
            .filter(|n| self.may_go(spec, *n, view))
            .collect();
        let is_used = |node: NodeId| !view.is_empty(node);
        candidates.sort_by_key(|node| (is_used(*node), self.nodes[node.index()].unneeded.is_none()));
        let allowed = view.api.budgets().iter().map(|budget| budget.status.disruptions_allowed).collect();
        let mut trial = Trial { scheduler: view.scheduler.clone(), allowed };
        let mut unneeded = vec![false; self.nodes.len()];
        let mut received = vec![false; self.nodes.len()];
        for node in candidates.into_iter() {
            if !received[node.index()]
                && let Some(moved) = trial.without(node, &mut received, view)
            {
                trial = moved;
                unneeded[node.index()] = true;
            }
        }
        for (known, unneeded) in self.nodes.iter_mut().zip(unneeded) {
            known.unneeded = unneeded.then(|| known.unneeded.unwrap_or(view.moment.now));
        }
    }

    /// Ready, little used, and nothing on it that must not be moved.
    fn may_go(&self, spec: &Spec, node: NodeId, view: &View) -> bool {
        let (object, known) = (view.api.node(node), &self.nodes[node.index()]);
        let stays = |namespace: &str| namespace == "kube-system";
        let movable = view.pods_on(node).all(|pod| {
            let template = view.moment.model.template(pod.template);
            pod.owner != Owner::Nobody && !stays(&template.namespace)
        });
        let all = object.pods.iter().map(|pod| view.api.expect_pod(*pod)).filter(|pod| !pod.is_terminal());
        let weights = all.map(|pod| weight(pod, node, view.moment.model));
        let (cpu, memory) = weights.fold((0.0, 0.0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
        let utilization = f64::max(cpu, memory);
        object.exists
            && object.ready == NodeReady::True
            && known.requested.is_none()
            && known.draining.is_none()
            && movable
            && utilization < spec.scale_down_utilization_threshold
    }

    fn shrink(
        &mut self,
        spec: &Spec,
        pool: &ScalablePool,
        view: &View,
        scan: &mut Scan,
        requests: &mut Vec<Request>,
    ) {
        let now = view.moment.now;
        let goes = |known: &Known| known.unneeded.is_some_and(|at| now >= at + spec.scale_down_unneeded_time);
        let due: Vec<NodeId> =
            pool.nodes.iter().copied().filter(|node| goes(&self.nodes[node.index()])).collect();
        let stays = |node: &&NodeId| {
            let known = &self.nodes[node.index()];
            (view.api.node(**node).exists || known.requested.is_some()) && known.draining.is_none()
        };
        let mut spare = pool.nodes.iter().filter(stays).count().saturating_sub(pool.min_count as usize);
        let mut at_once = MOST_AT_ONCE.saturating_sub(scan.cloud.len() + scan.drains.len());
        for node in due {
            let is_empty = view.is_empty(node);
            let may_drain = is_empty || !self.nodes.iter().any(|known| known.draining.is_some());
            if spare == 0 || at_once == 0 || !may_drain {
                continue;
            }
            (spare, at_once) = (spare - 1, at_once - 1);
            self.nodes[node.index()].unneeded = None;
            if is_empty {
                scan.cloud.push(CloudRequest::Remove(node));
            } else {
                let drain = Drain { since: now, asks_at: now + EVICTION_RETRY_TIME };
                self.nodes[node.index()].draining = Some(drain);
                scan.drains.push(node);
                requests.push(Request::TaintForRemoval(node, true));
                evict(spec, node, view, requests);
            }
        }
    }
}

impl Trial {
    /// The cluster with the node's pods on other nodes, if they may go and all fit there.
    fn without(&self, node: NodeId, received: &mut [bool], view: &View) -> Option<Trial> {
        let mut trial = self.clone();
        trial.scheduler.set_taints(node, NodeTaints::UNSCHEDULABLE);
        let mut places = Vec::new();
        for pod in view.pods_on(node) {
            trial.scheduler.pod_removed(pod.template, pod.revision, node, pod.deletion.is_some());
            if !pod.is_active() {
                continue;
            }
            trial.pay_for(pod, view)?;
            match trial.scheduler.schedule(pod.template, pod.revision, |_| 0) {
                Decision::Bound(place) => {
                    trial.scheduler.assume(pod.template, pod.revision, place);
                    places.push(place);
                }
                Decision::Unschedulable(_) => return None,
            }
        }
        places.into_iter().for_each(|place| received[place.index()] = true);
        Some(trial)
    }

    /// Every budget that covers the pod allows one disruption less (`simulator/drainability/rules/pdb`).
    fn pay_for(&mut self, pod: &Pod, view: &View) -> Option<()> {
        for budget in view.moment.model.budgets_of(pod.template) {
            let allowed = &mut self.allowed[budget.index()];
            *allowed = allowed.checked_sub(1)?;
        }
        Some(())
    }
}

/// The Eviction API is asked for every pod that stays, with at most `--max-graceful-termination-sec`.
fn evict(spec: &Spec, node: NodeId, view: &View, requests: &mut Vec<Request>) {
    for pod in view.staying_on(node) {
        let own = view.moment.model.template(pod.template).termination_grace;
        let grace = Some(own.min(spec.max_graceful_termination));
        requests.push(Request::Evict { pod: pod.id, grace, why: Deletion::NodeRemoval });
    }
}
