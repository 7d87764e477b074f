//! Faults: what goes wrong in the physical world, and when.

use serde::Serialize;

use super::{Component, Distribution};
use crate::ids::{FaultId, MemberId, NodeId, RackId, RegionId, TemplateId, WorkloadId, ZoneId};
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
    /// The machine restarts: like a crash, repaired when it has booted.
    MachineReboot(Vec<NodeId>),
    /// A whole rack loses power.
    RackOutage(Vec<RackId>),
    /// A whole zone loses power.
    ZoneOutage(Vec<ZoneId>),
    /// A whole region loses power.
    RegionOutage(Vec<RegionId>),
    /// All machines of a group lose power: those on one power feed, of one pool, with one kernel.
    GroupOutage(Vec<NodeGroup>),
    /// The cloud takes a spot machine back. Its node is cordoned and its pods are deleted `notice` before; with the machine
    /// goes the node's object. After the repair a new machine is there, with an empty disk.
    SpotInterruption {
        /// Spot machines.
        nodes: Vec<NodeId>,
        /// From the notice to the end.
        notice: Span,
    },
    /// A common cause strikes several machines that another fault has clocks for: it brings their next failures
    /// forward. Each is then repaired by itself, as that fault says.
    Shock(Shock),
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
    /// How long before a strike it is known; zero for most.
    pub fn notice(&self) -> Span {
        match self {
            FaultKind::SpotInterruption { notice, .. } => *notice,
            _ => Span::ZERO,
        }
    }

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

/// Machines that have something in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeGroup {
    /// What they have in common, such as a label's value.
    pub name: String,
    /// The machines.
    pub nodes: Vec<NodeId>,
}

/// What a common cause strikes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shock {
    /// The fault, of machines and stochastic, whose failures are brought forward.
    pub of: FaultId,
    /// Groups of its machines; each has a clock of shocks.
    pub groups: Vec<NodeGroup>,
    /// How many machines of the group a shock strikes, with weights; empty: all of them.
    pub sizes: Vec<(u32, f64)>,
    /// The victims fail at random moments within this time.
    pub window: Span,
    /// Share of the fault's failures that these shocks are meant to be.
    pub share: f64,
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
    /// A renewal process per target: up for `time_to_failure`, down for `time_to_repair`.
    Stochastic {
        /// Time from (re)start to failure.
        time_to_failure: Distribution,
        /// Time from failure to repair.
        time_to_repair: Distribution,
        /// State at the start of a run.
        initially: Initially,
    },
    /// As it once was: for each target of the fault, in order, when it was down.
    Replayed(Vec<Vec<Downtime>>),
    /// At fixed moments, for a fixed duration, on every target at once.
    Scheduled {
        /// Onsets, ascending.
        at: Vec<Instant>,
        /// Duration of each.
        duration: Span,
    },
}

/// The state in which a renewal process begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Initially {
    /// Up, and as if just repaired.
    #[default]
    New,
    /// As after running for ever: down with the chance of the long run, and somewhere within its up or down time.
    Stationary,
}

/// A time in which a target was down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Downtime {
    /// When it failed.
    pub from: Instant,
    /// When it was back, later than that.
    pub until: Instant,
}

impl FaultTiming {
    /// A renewal process that begins new.
    pub fn stochastic(time_to_failure: Distribution, time_to_repair: Distribution) -> FaultTiming {
        FaultTiming::Stochastic { time_to_failure, time_to_repair, initially: Initially::New }
    }
}
