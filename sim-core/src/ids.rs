//! Identities: one type per kind of thing, so that a zone is never mistaken for a node.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// Position in the list that holds the things of this kind.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl From<usize> for $name {
            fn from(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 of a kind"))
            }
        }
    )*};
}

ids! {
    /// A region of [`crate::spec::Cluster`].
    RegionId,
    /// A zone of [`crate::spec::Cluster`].
    ZoneId,
    /// A rack of [`crate::spec::Cluster`].
    RackId,
    /// A node, and the machine under it: the two are one to one.
    NodeId,
    /// A machine of [`crate::spec::ControlPlane`].
    MemberId,
    /// A container image of [`crate::spec::Scenario::images`].
    ImageId,
    /// A pod template of [`crate::spec::Scenario::templates`].
    TemplateId,
    /// A workload of [`crate::spec::Scenario::workloads`].
    WorkloadId,
    /// A service of [`crate::spec::Scenario::services`].
    ServiceId,
    /// A fault of [`crate::spec::Scenario::faults`].
    FaultId,
    /// A HorizontalPodAutoscaler of [`crate::spec::Scaling`].
    AutoscalerId,
    /// An operation of [`crate::spec::Scenario::operations`].
    OperationId,
    /// A PodDisruptionBudget of [`crate::spec::Scenario::budgets`].
    BudgetId,
    /// A ResourceQuota of [`crate::spec::Scenario::quotas`].
    QuotaId,
    /// A PersistentVolumeClaim in the API, with its volume: claims outlive their pods.
    ClaimId,
    /// A Job in the API; positions of deleted ones are used again.
    JobId,
    /// A ReplicaSet or ReplicationController in the API; positions of deleted ones are used again.
    SetId,
}

/// What a failure goes back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Cause {
    /// Something went wrong.
    Fault(FaultId),
    /// People took something out of service: a drain, a node upgrade.
    Operation(OperationId),
}

impl From<FaultId> for Cause {
    fn from(fault: FaultId) -> Cause {
        Cause::Fault(fault)
    }
}

/// A pod of the API store: its slot, and which of the slot's pods it is, for slots are used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PodId {
    /// Position in the store.
    pub slot: u32,
    /// How many pods had this slot before.
    pub generation: u32,
}

impl PodId {
    /// Position in a list that runs parallel to the store.
    pub const fn index(self) -> usize {
        self.slot as usize
    }
}
