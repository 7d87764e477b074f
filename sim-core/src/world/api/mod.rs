//! What is known: the objects that the API server holds. They change only in [`commit`](Api::commit).

mod claim;
mod commit;
mod endpoints;
mod job;
mod objects;
mod request;

pub use claim::*;
pub use endpoints::*;
pub use job::*;
pub use objects::*;
pub use request::*;

use crate::ids::{BudgetId, ClaimId, NodeId, PodId, QuotaId, ServiceId, SetId, WorkloadId};
use crate::spec::Scenario;
use crate::time::Instant;

/// The API server's store.
#[derive(Clone, Debug)]
pub struct Api {
    pods: Vec<Pod>,
    free_pods: Vec<u32>,
    sets: Vec<ReplicaSet>,
    free_sets: Vec<SetId>,
    sets_of: Vec<Vec<SetId>>,
    deployments: Vec<Option<Deployment>>,
    stateful_sets: Vec<Option<StatefulSet>>,
    daemon_sets: Vec<Option<DaemonSet>>,
    jobs: Jobs,
    claims: Vec<Claim>,
    rosters: Vec<Roster>,
    nodes: Vec<Node>,
    slices: Vec<EndpointSlice>,
    budgets: Vec<DisruptionBudget>,
    /// By ResourceQuota: what is charged of each of its limits, `status.used`.
    charged: Vec<Vec<u64>>,
    /// By service: pods that changed since its endpoints were last written.
    stale: Vec<Vec<PodId>>,
    pods_created: Vec<u64>,
}

impl Api {
    /// A store with the nodes of a scenario, and no pods yet.
    pub fn new(scenario: &Scenario) -> Api {
        let (services, workloads) = (scenario.services.len(), scenario.workloads.len());
        let node = |spec: &crate::spec::Node| Node { unschedulable: spec.unschedulable, ..Node::default() };
        Api {
            pods: Vec::new(),
            free_pods: Vec::new(),
            sets: Vec::new(),
            free_sets: Vec::new(),
            sets_of: vec![Vec::new(); workloads],
            deployments: vec![None; workloads],
            stateful_sets: vec![None; workloads],
            daemon_sets: vec![None; workloads],
            jobs: Jobs::new(workloads),
            claims: Vec::new(),
            rosters: vec![Roster::default(); workloads],
            nodes: scenario.cluster.nodes.iter().map(node).collect(),
            slices: vec![EndpointSlice::default(); services],
            charged: scenario.quotas.iter().map(|quota| vec![0; quota.hard.len()]).collect(),
            budgets: vec![DisruptionBudget::default(); scenario.budgets.len()],
            stale: vec![Vec::new(); services],
            pods_created: vec![0; workloads],
        }
    }

    /// The pod, if it still exists.
    pub fn pod(&self, id: PodId) -> Option<&Pod> {
        self.pods.get(id.index()).filter(|pod| pod.exists && pod.id == id)
    }

    /// The pod in its slot, even when it was just removed.
    pub fn pods_slot(&self, id: PodId) -> &Pod {
        let pod = &self.pods[id.index()];
        debug_assert_eq!(pod.id, id, "nobody else has the slot yet");
        pod
    }

    /// The pod, which must exist.
    pub fn expect_pod(&self, id: PodId) -> &Pod {
        self.pod(id).expect("the pod exists in the API")
    }

    /// Every pod that exists, by slot.
    pub fn pods(&self) -> impl Iterator<Item = &Pod> {
        self.pods.iter().filter(|pod| pod.exists)
    }

    /// Slots for pods made so far, used or free.
    pub fn pod_slots(&self) -> usize {
        self.pods.len()
    }

    /// A ReplicaSet or ReplicationController.
    pub fn set(&self, id: SetId) -> &ReplicaSet {
        &self.sets[id.index()]
    }

    /// Slots for sets made so far, used or free.
    pub fn set_slots(&self) -> usize {
        self.sets.len()
    }

    /// Every set that exists.
    pub fn sets(&self) -> impl Iterator<Item = &ReplicaSet> {
        self.sets.iter().filter(|set| set.exists)
    }

    /// The sets of a workload, in creation order; one for a ReplicaSet or ReplicationController.
    pub fn sets_of(&self, workload: WorkloadId) -> &[SetId] {
        &self.sets_of[workload.index()]
    }

    /// The pods that belong to a workload with no set between.
    pub fn roster(&self, workload: WorkloadId) -> &Roster {
        &self.rosters[workload.index()]
    }

    /// The pods of a workload that exist, set by set.
    pub fn pods_of(&self, workload: WorkloadId) -> impl Iterator<Item = PodId> {
        let of_sets =
            self.sets_of[workload.index()].iter().flat_map(|set| self.set(*set).pods.iter().copied());
        of_sets.chain(self.rosters[workload.index()].pods.iter().copied())
    }

    /// The Deployment of a workload that is one.
    pub fn deployment(&self, id: WorkloadId) -> Option<&Deployment> {
        self.deployments[id.index()].as_ref()
    }

    /// The StatefulSet of a workload that is one.
    pub fn stateful_set(&self, id: WorkloadId) -> Option<&StatefulSet> {
        self.stateful_sets[id.index()].as_ref()
    }

    /// The DaemonSet of a workload that is one.
    pub fn daemon_set(&self, id: WorkloadId) -> Option<&DaemonSet> {
        self.daemon_sets[id.index()].as_ref()
    }

    /// A claim.
    pub fn claim(&self, id: ClaimId) -> &Claim {
        &self.claims[id.index()]
    }

    /// Every claim, in creation order.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// Every node, in order of ids.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The endpoints of a service.
    pub fn slice(&self, id: ServiceId) -> &EndpointSlice {
        &self.slices[id.index()]
    }

    /// A PodDisruptionBudget.
    pub fn budget(&self, id: BudgetId) -> &DisruptionBudget {
        &self.budgets[id.index()]
    }

    /// Every PodDisruptionBudget, in order of ids.
    pub fn budgets(&self) -> &[DisruptionBudget] {
        &self.budgets
    }

    /// What is charged of each limit of a ResourceQuota.
    pub fn charged(&self, id: QuotaId) -> &[u64] {
        &self.charged[id.index()]
    }

    /// How many pods of a workload were ever created.
    pub fn pods_created(&self, workload: WorkloadId) -> u64 {
        self.pods_created[workload.index()]
    }

    /// When the next pod of `set` will have been Ready for its `minReadySeconds`.
    pub fn next_available(&self, set: SetId, now: Instant) -> Instant {
        let set = self.set(set);
        let ready = set.pods.iter().map(|pod| self.expect_pod(*pod)).filter(|pod| pod.counts_as_ready());
        let available_at = ready.map(|pod| pod.ready_since + set.min_ready);
        available_at.filter(|at| *at > now).min().unwrap_or(Instant::NEVER)
    }

    /// Pods of `set` that are Ready and have been for its `minReadySeconds`.
    pub fn available(&self, set: SetId, now: Instant) -> u32 {
        let set = self.set(set);
        if set.min_ready.0 == 0 {
            return set.ready;
        }
        let available = |pod: &&PodId| {
            let pod = self.expect_pod(**pod);
            pod.counts_as_ready() && now >= pod.ready_since + set.min_ready
        };
        set.pods.iter().filter(available).count() as u32
    }
}
