//! A sync of one DaemonSet with the API.

use std::collections::BTreeMap;

use super::{Action, Fit, NodeView, PodView, manage, roll};
use crate::controllers::backoff::{Backoff, Entry};
use crate::controllers::scheduler::NodeTaints;
use crate::ids::{NodeId, PodId, WorkloadId};
use crate::moment::Moment;
use crate::rng::Purpose;
use crate::spec::{DaemonSetUpdate, IntOrPercent, WorkloadKind};
use crate::time::{Instant, Span};
use crate::world::api::{Api, Deletion, Owner, Pod, Request};

/// Upstream's `BurstReplicas`: creations or deletions in one sync at most.
const BURST_REPLICAS: usize = 250;
/// Back-off of pods that have failed, per set and node: `NewBackOff(1s, 15m)` in cmd/kube-controller-manager/app.
const FAILED_PODS: Backoff =
    Backoff { initial: Span::secs(1), max: Span::mins(15), reset_after: Span::mins(30) };

/// The controller's own memory.
#[derive(Clone, Debug, Default)]
pub struct DaemonSets {
    failed: BTreeMap<(WorkloadId, NodeId), Entry>,
}

impl DaemonSets {
    /// One sync. Returns when the next one is due although nothing else happens.
    pub fn reconcile(
        &mut self,
        workload: WorkloadId,
        at: &Moment,
        api: &Api,
        requests: &mut Vec<Request>,
    ) -> Instant {
        let WorkloadKind::DaemonSet(spec) = &at.model.workload(workload).kind else { return Instant::NEVER };
        let pods = pods(workload, at, api);
        let nodes: Vec<NodeView> = nodes(workload, &pods, at, api).collect();
        let mut actions = Vec::new();
        nodes.iter().for_each(|on| manage::manage(on, surges(spec.update), &mut actions));
        if actions.is_empty() {
            // What it has just done itself it would have to see first (expectations).
            actions = roll::roll(spec.update, &nodes);
        }
        let retry = self.act(workload, &actions, at, api, requests);
        retry.min(next_available(workload, at, api))
    }

    fn act(
        &mut self,
        workload: WorkloadId,
        actions: &[Action],
        at: &Moment,
        api: &Api,
        requests: &mut Vec<Request>,
    ) -> Instant {
        let mut retry = Instant::NEVER;
        let mut creations = api.pods_created(workload)..;
        let revision = api.daemon_set(workload).map_or(0, |set| set.revision);
        for action in actions.iter().take(BURST_REPLICAS) {
            match *action {
                Action::Create(NodeId(place)) => {
                    let number = creations.next().unwrap_or_default();
                    let uid = at.luck.draw(Purpose::PodUid, at.model.workload_key(workload), number).bits();
                    requests.push(Request::CreateOwnPod { workload, place, revision, uid });
                }
                Action::Delete(pod) => requests.push(delete(pod)),
                Action::DeleteEnded(pod) => {
                    match self.waits_until(workload, named_node(api.expect_pod(pod)), at) {
                        Some(until) => retry = retry.min(until),
                        None => requests.push(delete(pod)),
                    }
                }
            }
        }
        if actions.len() > BURST_REPLICAS { at.now + Span::millis(1) } else { retry }
    }

    /// Until when pods that have ended stay on a node; none if one may go now, and then the next has to wait.
    fn waits_until(&mut self, workload: WorkloadId, node: NodeId, at: &Moment) -> Option<Instant> {
        let known = self.failed.get(&(workload, node)).copied();
        let until = known.map(|entry| entry.updated + entry.delay).filter(|until| *until > at.now);
        if until.is_none() {
            self.failed.insert((workload, node), FAILED_PODS.next(known, at.now, at.now));
        }
        until
    }
}

/// `status`: nodes that are to have a pod, those of them that have one that counts, and those whose pod is Ready.
pub fn count(workload: WorkloadId, at: &Moment, api: &Api) -> (u32, u32, u32) {
    let (mut desired, mut current, mut ready) = (0, 0, 0);
    let pods = pods(workload, at, api);
    for on in nodes(workload, &pods, at, api).filter(|on| on.fit == Some(Fit::Run)) {
        let mut counted = on.pods.iter().filter(|pod| !pod.terminating && !pod.ended);
        desired += 1;
        current += u32::from(counted.clone().next().is_some());
        ready += u32::from(counted.any(|pod| pod.ready));
    }
    (desired, current, ready)
}

/// Every node with its pods, out of all pods of the set by node.
fn nodes<'a>(
    workload: WorkloadId,
    mut pods: &'a [PodView],
    at: &'a Moment,
    api: &'a Api,
) -> impl Iterator<Item = NodeView<'a>> {
    let untolerated =
        NodeTaints::untolerated(&at.model.template(at.model.workload(workload).template).tolerations);
    at.model.lasting_fits(workload).iter().enumerate().map(move |(index, lasting)| {
        let node = NodeId::from(index);
        let (here, rest) = pods.split_at(pods.partition_point(|pod| pod.node <= node));
        pods = rest;
        let object = api.node(node);
        let fit = object.exists.then(|| lasting.with(NodeTaints::of(object), untolerated));
        NodeView { node, fit, pods: here }
    })
}

/// The pods of the set, by node and then in creation order.
fn pods(workload: WorkloadId, at: &Moment, api: &Api) -> Vec<PodView> {
    let revision = api.daemon_set(workload).map_or(0, |set| set.revision);
    let min_ready = at.model.workload(workload).min_ready;
    let view = |pod: &Pod| PodView {
        pod: pod.id,
        node: named_node(pod),
        bound: pod.node.is_some(),
        updated: pod.revision == revision,
        ready: pod.ready,
        available: pod.is_available(min_ready, at.now),
        terminating: pod.deletion.is_some(),
        ended: pod.is_terminal(),
    };
    let mut pods: Vec<PodView> = own(workload, api).map(view).collect();
    pods.sort_by_key(|pod| pod.node);
    pods
}

/// When the next Ready pod will have been so for `minReadySeconds`.
fn next_available(workload: WorkloadId, at: &Moment, api: &Api) -> Instant {
    let min_ready = at.model.workload(workload).min_ready;
    let ready = own(workload, api).filter(|pod| pod.counts_as_ready());
    let available_at = ready.map(|pod| pod.ready_since + min_ready).filter(|then| *then > at.now);
    available_at.min().unwrap_or(Instant::NEVER)
}

fn own(workload: WorkloadId, api: &Api) -> impl Iterator<Item = &Pod> {
    api.roster(workload).pods.iter().map(|pod| api.expect_pod(*pod))
}

/// The node that a pod of a DaemonSet names.
fn named_node(pod: &Pod) -> NodeId {
    match pod.owner {
        Owner::Workload(node) => NodeId(node),
        _ => unreachable!("a DaemonSet's pods name a node"),
    }
}

fn delete(pod: PodId) -> Request {
    Request::Delete { pod, grace: None, why: Deletion::Update }
}

fn surges(update: DaemonSetUpdate) -> bool {
    let is_zero = |of| matches!(of, IntOrPercent::Int(0) | IntOrPercent::Percent(0));
    matches!(update, DaemonSetUpdate::RollingUpdate { max_surge, .. } if !is_zero(max_surge))
}
