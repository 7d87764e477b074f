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
    /// A ReplicaSet or ReplicationController in the API; positions of deleted ones are used again.
    SetId,
}

/// A pod. Slots are used again; the generation tells a pod from those that had its slot before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PodId {
    /// Position in every table of pods.
    pub slot: u32,
    /// How many pods had the slot before.
    pub generation: u32,
}

impl PodId {
    /// Position in every table of pods.
    pub const fn index(self) -> usize {
        self.slot as usize
    }
}
