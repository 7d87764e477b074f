//! Faults: what goes wrong in the physical world, and when.

use serde::Serialize;

use super::{Component, Distribution};
use crate::ids::{MemberId, NodeId, RackId, TemplateId, WorkloadId, ZoneId};
use crate::time::{Instant, Span};

/// One fault: a kind of harm, its targets, and its timing. Each target has a clock of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fault {
    /// Name, unique in the scenario: outages name it as their root.
    pub name: String,
    /// What happens to whom.
    pub kind: FaultKind,
    /// When it happens.
    pub timing: FaultTiming,
}

/// What a fault does. Durations come from [`FaultTiming`], except where a variant says otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum FaultKind {
    /// The machine loses power and stays down until repaired; disks and API objects survive.
    MachineCrash(Vec<NodeId>),
    /// The machine is told to restart: like a crash, repaired when it has booted, but for kubelets that delay it
    /// (`shutdown_grace_period`).
    MachineReboot(Vec<NodeId>),
    /// A whole rack loses power.
    RackOutage(Vec<RackId>),
    /// A whole zone loses power.
    ZoneOutage(Vec<ZoneId>),
    /// A container's process exits; the kubelet restarts it. Stochastic time to failure is the running time of
    /// the container; the repair is the kubelet's work, so the timing's duration is not used.
    ContainerCrash(PodTarget),
    /// The kernel kills a container's process for want of memory (exit code 137, OOMKilled); the rest is as with a crash.
    /// A stochastic time to failure is the time that a leak takes to reach the limit.
    OomKill(PodTarget),
    /// A kubelet's process is gone; the machine and its containers run on.
    KubeletCrash(Vec<NodeId>),
    /// The image registry answers nobody: images that a node does not have cannot be pulled.
    RegistryOutage,
    /// A container's process stops answering but does not exit, until killed by its liveness probe, or until
    /// the timing's duration has passed.
    ContainerHang(PodTarget),
    /// A pod object is deleted, as `kubectl delete pod` or a chaos experiment does; `None` is the pod's own
    /// grace period. Stochastic: one clock per workload, one random pod of it each time.
    PodKill {
        /// Whose pods.
        target: PodTarget,
        /// Grace period given with the deletion.
        grace: Option<Span>,
    },
    /// A machine of the control plane loses power, with all that runs on it.
    ControlPlaneCrash(Vec<MemberId>),
    /// A member of etcd stops; the machine and what else runs there goes on.
    EtcdMemberCrash(Vec<MemberId>),
    /// Nobody reaches any API server: an expired certificate, a bad upgrade, a dead load balancer.
    ApiServerOutage,
    /// The leading process of a component exits, and as long as this lasts no other one can take its place.
    LeaderCrash(Component),
}

impl FaultKind {
    /// Whether it strikes the control plane and nothing else.
    pub fn is_of_control_plane(&self) -> bool {
        matches!(
            self,
            FaultKind::ControlPlaneCrash(_)
                | FaultKind::EtcdMemberCrash(_)
                | FaultKind::ApiServerOutage
                | FaultKind::LeaderCrash(_)
        )
    }
}

/// The pods that a fault concerns: every pod made from one of these templates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PodTarget {
    /// Templates whose pods are meant.
    pub templates: Vec<TemplateId>,
    /// Workloads that use these templates.
    pub workloads: Vec<WorkloadId>,
}

/// When a fault strikes, and for how long.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum FaultTiming {
    /// A renewal process per target: up for `time_to_failure`, down for `time_to_repair`, starting up.
    Stochastic {
        /// Time from (re)start to failure.
        time_to_failure: Distribution,
        /// Time from failure to repair.
        time_to_repair: Distribution,
    },
    /// At fixed moments, for a fixed duration, on every target at once.
    Scheduled {
        /// Onsets, ascending.
        at: Vec<Instant>,
        /// Duration of each.
        duration: Span,
    },
}
