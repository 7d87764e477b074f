//! Operations: what people do to workloads and nodes while the cluster runs.

use serde::Serialize;

use super::Scenario;
use crate::ids::{Cause, NodeId, WorkloadId};
use crate::time::{Instant, Span};

/// One scheduled change by a user.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operation {
    /// When.
    pub at: Instant,
    /// What.
    pub action: Action,
}

/// What is wrong with a pod template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Defect {
    /// Each process of an app container exits instead of answering, after its startup time.
    Crash,
    /// The registry does not have the images of its app containers.
    Image,
}

/// What the user changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Action {
    /// A new pod template of a Deployment, StatefulSet or DaemonSet, alike in all that the model sees (`kubectl rollout restart`).
    Rollout(WorkloadId),
    /// A new pod template with a fault in it.
    FaultyRollout(WorkloadId, Defect),
    /// `kubectl rollout undo`: back to the template before. Nothing happens without one, or while it is paused.
    Undo(WorkloadId),
    /// `kubectl rollout pause` and `resume`.
    SetPaused(WorkloadId, bool),
    /// `kubectl scale`.
    Scale(WorkloadId, u32),
    /// `kubectl delete pod NAME-ORDINAL` of a StatefulSet.
    DeletePod {
        /// The StatefulSet.
        workload: WorkloadId,
        /// Which of its pods.
        ordinal: u32,
        /// With `--force --grace-period=0`: the object goes at once, whatever still runs.
        force: bool,
    },
    /// `kubectl taint node NAME node.kubernetes.io/out-of-service=nodeshutdown:NoExecute`, or the removal of that taint.
    SetOutOfService(NodeId, bool),
    /// `kubectl delete node`: the object goes, the machine runs on. It comes back when its kubelet starts again.
    DeleteNode(NodeId),
    /// `kubectl cordon`.
    Cordon(NodeId),
    /// `kubectl uncordon`.
    Uncordon(NodeId),
    /// `kubectl drain`.
    Drain(Drain),
    /// New software on all nodes of a pool, a few at a time.
    Upgrade(NodeUpgrade),
}

/// `kubectl drain`, with `--ignore-daemonsets` and `--delete-emptydir-data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Drain {
    /// The node to empty.
    pub node: NodeId,
    /// `--timeout`; `None` is for ever.
    pub timeout: Option<Span>,
    /// `--force`: pods without a controller go too.
    pub force: bool,
    /// `--disable-eviction`: pods are deleted, and no budget is asked.
    pub disable_eviction: bool,
}

/// How the nodes of a pool get new software.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeUpgrade {
    /// Name of the pool.
    pub pool: String,
    /// Its nodes, those too that are not there yet.
    pub nodes: Vec<NodeId>,
    /// What becomes of a drained machine.
    pub how: Renewal,
    /// New nodes that come before old ones are drained; 0 in place.
    pub max_surge: u32,
    /// Nodes that may be away at once without a new one in their stead.
    pub max_unavailable: u32,
    /// After so long a drain is given up; `None` is never.
    pub drain_timeout: Option<Span>,
    /// What follows a drain that was given up.
    pub after_timeout: AfterTimeout,
}

/// What becomes of a drained machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Renewal {
    /// It reboots, without power for so long.
    Reboot(Span),
    /// It is deleted, and a new one takes so long to come.
    Replace(Span),
}

/// What follows a drain that was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum AfterTimeout {
    /// The upgrade ends; the node stays cordoned.
    Fail,
    /// The upgrade goes on: the pods that are left lose their machine.
    Force,
}

impl Scenario {
    /// The name of a fault or an operation, for reports.
    pub fn name_of(&self, cause: Cause) -> String {
        match cause {
            Cause::Fault(fault) => self.faults[fault.index()].name.clone(),
            Cause::Operation(operation) => self.name_of_action(&self.operations[operation.index()].action),
        }
    }

    fn name_of_action(&self, action: &Action) -> String {
        let node = |node: &NodeId| &self.cluster.nodes[node.index()].name;
        let workload = |id: &WorkloadId| &self.workloads[id.index()].name;
        match action {
            Action::Rollout(id) => format!("rollout {}", workload(id)),
            Action::FaultyRollout(id, _) => format!("bad rollout {}", workload(id)),
            Action::Undo(id) => format!("rollback {}", workload(id)),
            Action::SetPaused(id, true) => format!("pause {}", workload(id)),
            Action::SetPaused(id, false) => format!("resume {}", workload(id)),
            Action::Scale(id, replicas) => format!("scale {} to {replicas}", workload(id)),
            Action::SetOutOfService(id, true) => format!("taint {}", node(id)),
            Action::SetOutOfService(id, false) => format!("untaint {}", node(id)),
            Action::DeletePod { workload: id, ordinal, .. } => format!("delete {}-{ordinal}", workload(id)),
            Action::DeleteNode(id) => format!("delete {}", node(id)),
            Action::Cordon(id) => format!("cordon {}", node(id)),
            Action::Uncordon(id) => format!("uncordon {}", node(id)),
            Action::Drain(drain) => format!("drain {}", node(&drain.node)),
            Action::Upgrade(upgrade) => format!("upgrade {}", upgrade.pool),
        }
    }
}
