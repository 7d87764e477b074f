//! Cluster Autoscaler: nodes for pods that fit nowhere, and fewer nodes when pods fit on others.
//!
//! It works on a copy of the scheduler's cache, in which it tries what the real scheduler would do. Upstream:
//! `RunOnce` in `cluster-autoscaler/core/static_autoscaler.go`, a pass every `--scan-interval`. Passes that could find
//! nothing new are left out: what it looks at wakes it.

mod expander;
mod scale_down;
mod scale_up;

use crate::controllers::scheduler::Scheduler;
use crate::ids::NodeId;
use crate::model::Model;
use crate::moment::Moment;
use crate::rng::{EntityKey, Luck, Purpose};
use crate::spec::{ClusterAutoscaler as Spec, WorkloadKind};
use crate::time::{Instant, Span};
use crate::world::api::{Api, NodeReady, Pod, Request};

/// What it asks of the cloud provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloudRequest {
    /// A machine for this node.
    Add(NodeId),
    /// The machine under this node goes, and with it the node.
    Remove(NodeId),
}

impl CloudRequest {
    /// The node that it is about.
    pub fn node(self) -> NodeId {
        match self {
            CloudRequest::Add(node) | CloudRequest::Remove(node) => node,
        }
    }
}

/// The controller's own memory.
#[derive(Clone, Debug)]
pub struct ClusterAutoscaler {
    /// Passes come at this phase of the scan interval.
    phase: Span,
    /// By node.
    nodes: Vec<Known>,
    /// By pool: how long it is left alone after a node that never came.
    backoffs: Vec<Backoff>,
    /// When a pass last added nodes.
    last_added: Option<Instant>,
    /// When the removal of a node last failed.
    last_failed: Option<Instant>,
    decisions: u64,
}

/// What is remembered of a node.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// Since when the cloud has been asked for it; until it is Ready.
    requested: Option<Instant>,
    /// Since when it has been unneeded in every pass.
    unneeded: Option<Instant>,
    /// Its pods are being moved away, to remove it.
    draining: Option<Drain>,
}

/// The end of a node that was not empty.
#[derive(Clone, Copy, Debug)]
struct Drain {
    since: Instant,
    /// When pods whose eviction was refused are asked for again; never once all go.
    asks_at: Instant,
}

/// After a node that was not there in time: 5 minutes, doubling to 30 (`cluster-autoscaler/clusterstate`, MaxNodeGroup
/// BackoffDuration and the like).
#[derive(Clone, Copy, Debug, Default)]
struct Backoff {
    until: Instant,
    last: Span,
}

/// What a pass may look at.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The moment.
    pub moment: &'a Moment<'a>,
    /// Objects.
    pub api: &'a Api,
    /// The scheduler's cache, to try things on a copy of it.
    pub scheduler: &'a Scheduler,
}

/// What a pass decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// What the cloud is to do, in order.
    pub cloud: Vec<CloudRequest>,
    /// Nodes that have to be empty before they go.
    pub drains: Vec<NodeId>,
    /// Nodes that stay after all, for their pods could not be evicted.
    pub given_up: Vec<NodeId>,
    /// Pods that the nodes to come are for.
    pub helped: u32,
    /// Too many nodes are unready: nothing was done.
    pub stopped: bool,
}

impl ClusterAutoscaler {
    /// A controller that has just started.
    pub fn new(model: &Model, luck: &Luck) -> ClusterAutoscaler {
        let spec = model.scenario().scaling.cluster.as_ref();
        let key = EntityKey::new("cluster-autoscaler");
        let phase = luck.draw(Purpose::AutoscalerPhase, key, 0).unit();
        ClusterAutoscaler {
            phase: spec.map_or(Span::ZERO, |spec| spec.scan_interval.part(phase)),
            nodes: vec![Known::default(); spec.map_or(0, |_| model.scenario().cluster.nodes.len())],
            backoffs: vec![Backoff::default(); spec.map_or(0, |spec| spec.pools.len())],
            last_added: None,
            last_failed: None,
            decisions: 0,
        }
    }

    /// The first pass at `at` or later.
    pub fn next_scan(&self, spec: &Spec, at: Instant) -> Instant {
        (Instant::ZERO + self.phase).next_tick(spec.scan_interval, at)
    }

    /// A pass. Returns what it decided, and when the next one is if nothing happens.
    pub fn scan(&mut self, spec: &Spec, view: &View, requests: &mut Vec<Request>) -> (Scan, Instant) {
        let now = view.moment.now;
        let mut scan = Scan::default();
        self.take_note(spec, view, &mut scan);
        self.ask_again(spec, view, &mut scan, requests);
        if is_unhealthy(spec, &self.nodes, view) {
            scan.stopped = true;
            return (scan, self.next_scan(spec, now + Span::nanos(1)));
        }
        let left = self.scale_up(spec, view, &mut scan);
        if scan.helped == 0 {
            self.scale_down(spec, view, &mut scan, requests);
        }
        let next = self.next_deadline(spec, &scan, left, now);
        (scan, if next == Instant::NEVER { next } else { self.next_scan(spec, next) })
    }

    /// Nodes that came, that did not come in time, and that are empty at last.
    fn take_note(&mut self, spec: &Spec, view: &View, scan: &mut Scan) {
        let now = view.moment.now;
        for (at, pool) in spec.pools.iter().enumerate() {
            for node in &pool.nodes {
                let known = &mut self.nodes[node.index()];
                let object = view.api.node(*node);
                if object.exists && object.ready == NodeReady::True {
                    known.requested = None;
                }
                let late = |since: Instant| now >= since + spec.max_node_provision_time;
                if !object.exists && known.requested.is_some_and(late) {
                    *known = Known::default();
                    self.backoffs[at].extend(now);
                    scan.cloud.push(CloudRequest::Remove(*node));
                }
                if known.draining.is_some() && view.is_empty(*node) {
                    *known = Known::default();
                    scan.cloud.push(CloudRequest::Remove(*node));
                }
            }
        }
    }

    /// When the next pass could find something else although nothing happens until then.
    fn next_deadline(&self, spec: &Spec, scan: &Scan, left: usize, now: Instant) -> Instant {
        if scan.helped > 0 && left > 0 {
            return now + Span::nanos(1);
        }
        let late = |known: &Known| known.requested.map(|since| since + spec.max_node_provision_time);
        let rested = self.backoffs.iter().map(|backoff| backoff.until).filter(|_| left > 0);
        let calm = self.calm_from(spec);
        let asks = |known: &Known| known.draining.map(|drain| drain.asks_at);
        let due = |known: &Known| {
            let unneeded = known.unneeded.filter(|_| known.draining.is_none() && spec.scale_down)?;
            Some((unneeded + spec.scale_down_unneeded_time).max(calm))
        };
        let of_nodes = self.nodes.iter().flat_map(|known| [late(known), due(known), asks(known)]).flatten();
        // What was due before has been looked at in this pass.
        of_nodes.chain(rested).filter(|at| *at > now).min().unwrap_or(Instant::NEVER)
    }
}

impl Backoff {
    fn extend(&mut self, now: Instant) {
        let (initial, most, reset) = (Span::mins(5), Span::mins(30), Span::hours(3));
        let again = self.last != Span::ZERO && now.since(self.until) < reset;
        self.last = if again { (self.last * 2).min(most) } else { initial };
        self.until = now + self.last;
    }
}

/// `IsClusterHealthy`: unready nodes are more than a few, and more than a share of all. Nodes that have just been asked
/// for are not there yet rather than unready.
fn is_unhealthy(spec: &Spec, known: &[Known], view: &View) -> bool {
    let registered = || view.api.nodes().iter().zip(known).filter(|(node, _)| node.exists);
    let unready =
        registered().filter(|(node, known)| node.ready != NodeReady::True && known.requested.is_none());
    let (unready, all) = (unready.count(), registered().count());
    unready > spec.ok_total_unready_count as usize
        && unready as f64 > spec.max_total_unready_percentage / 100.0 * all as f64
}

impl<'a> View<'a> {
    /// Pods on a node that would have to move if it went: all but those of DaemonSets, and those that have ended.
    fn pods_on(&self, node: NodeId) -> impl Iterator<Item = &'a Pod> {
        let (api, model) = (self.api, self.moment.model);
        let of_daemons = |pod: &Pod| matches!(model.workload(pod.workload).kind, WorkloadKind::DaemonSet(_));
        let pods = api.node(node).pods.iter().map(|pod| api.expect_pod(*pod));
        pods.filter(move |pod| !pod.is_terminal() && !of_daemons(pod))
    }

    /// Of these, pods that nobody has deleted yet.
    fn staying_on(&self, node: NodeId) -> impl Iterator<Item = &'a Pod> {
        self.pods_on(node).filter(|pod| pod.deletion.is_none())
    }

    fn is_empty(&self, node: NodeId) -> bool {
        self.pods_on(node).next().is_none()
    }
}

/// What a pod asks of a node, as shares of the node's CPU and memory.
fn weight(pod: &Pod, node: NodeId, model: &Model) -> (f64, f64) {
    let requests = &model.template(pod.template).requests;
    let offered = &model.scenario().cluster.nodes[node.index()].allocatable;
    let share = |asked: u64, offered: u64| asked as f64 / (offered.max(1)) as f64;
    (share(requests.cpu_milli, offered.cpu_milli), share(requests.memory_bytes, offered.memory_bytes))
}
