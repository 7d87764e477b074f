//! Whom a timer can wake.

use crate::ids::{AutoscalerId, BudgetId, ClaimId, JobId, MemberId, NodeId, ServiceId, SetId, WorkloadId};
use crate::spec::Component;

/// Whom a fired slot wakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The end of the run.
    Horizon,
    /// The end of the warm-up.
    WarmUp,
    /// The user, with the next operation.
    Operation,
    /// Request rates, at the next part of the day.
    Rates,
    /// The scheduler, with its queue.
    Scheduler,
    /// The kube-proxies, at the end of a sync.
    Proxies,
    /// The node controller, with a token for tainting.
    Token,
    /// The node controller, at the end of a pass: after all that happens at the same instant.
    Tainting,
    /// Drains, with the next step of one.
    Drains,
    /// Node upgrades, with a machine to switch on.
    Upgrades,
    /// The ingress controllers, at the end of a sync.
    Ingress,
    /// A fault's clock.
    Clock(u32),
    /// A node's kubelet, booting.
    Boot(NodeId),
    /// The load balancer, about a node.
    Balancer(NodeId),
    /// The node controller's pass, about a node.
    Health(NodeId),
    /// Taint evictions on a node.
    Evictions(NodeId),
    /// Garbage collection of the pods of a node that is gone or out of service.
    PodGc(NodeId),
    /// A Deployment's sync.
    Deployment(WorkloadId),
    /// A StatefulSet's sync.
    StatefulSet(WorkloadId),
    /// A DaemonSet's sync.
    DaemonSet(WorkloadId),
    /// A Job's sync, or its end after it has finished.
    Job(JobId),
    /// A CronJob's sync.
    CronJob(WorkloadId),
    /// A service's endpoint sync.
    Endpoints(ServiceId),
    /// metrics-server, with a scrape.
    Scrape,
    /// A pass over a HorizontalPodAutoscaler.
    Autoscaler(AutoscalerId),
    /// A pass of the Cluster Autoscaler.
    Scan,
    /// The cloud, with a new machine.
    Provision(NodeId),
    /// A disruption budget's sync.
    Budget(BudgetId),
    /// A set's sync.
    Set(SetId),
    /// The attachment of a claim's volume.
    Volume(ClaimId),
    /// A kubelet's worker for the pod in a slot.
    Worker(u32),
    /// A fault of the containers of the pod in a slot.
    Fate(u32),
    /// etcd, with the end of an election.
    EtcdElection,
    /// The election of a component's leader.
    Leadership(Component),
    /// A machine of the control plane, booted.
    Member(MemberId),
    /// A kubelet, with the status that it could not write.
    Report(NodeId),
}
