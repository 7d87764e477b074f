//! What only a StatefulSet has, and the volumes of its pods.

use serde::Serialize;

use super::IntOrPercent;

/// What only a StatefulSet has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StatefulSetSpec {
    /// `spec.podManagementPolicy`.
    pub management: PodManagement,
    /// `spec.updateStrategy`.
    pub update: StatefulSetUpdate,
    /// `spec.ordinals.start`.
    pub start: u32,
    /// Where the volumes of `spec.volumeClaimTemplates` can be used, all of a pod's together; `None` without any.
    pub volume: Option<VolumeReach>,
}

/// `spec.podManagementPolicy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum PodManagement {
    /// One at a time, each only when those before it are available.
    #[default]
    OrderedReady,
    /// All at once; updates still go one by one.
    Parallel,
}

/// `spec.updateStrategy` of a StatefulSet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum StatefulSetUpdate {
    /// Pods are updated when somebody deletes them.
    OnDelete,
    /// From the highest ordinal down.
    RollingUpdate {
        /// The first so many pods keep the current revision; `None` if `rollingUpdate` is left out, which defaulting
        /// does not fill in beside an explicit `type`.
        partition: Option<u32>,
        /// Pods that may be unavailable at a time; `None` without the feature gate `MaxUnavailableStatefulSet`.
        max_unavailable: Option<IntOrPercent>,
    },
}

/// Where a volume can be used: the node affinity that its PersistentVolume has once it is made, which is when its first
/// pod is scheduled (`WaitForFirstConsumer`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum VolumeReach {
    /// On the node of its first pod only: a local disk, always attached.
    Node,
    /// In the zone of its first pod: a block volume of a cloud.
    Zone,
    /// Everywhere: a regional or replicated volume. It still has to be attached.
    Region,
}
