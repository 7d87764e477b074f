//! PersistentVolumeClaims, with what is bound to them.

use crate::ids::{ClaimId, NodeId, PodId, WorkloadId};
use crate::spec::VolumeReach;

/// A PersistentVolumeClaim, the volume bound to it, and that volume's attachment.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Identity.
    pub id: ClaimId,
    /// The StatefulSet that it was made for.
    pub workload: WorkloadId,
    /// The ordinal there.
    pub place: u32,
    /// Where the volume can be used.
    pub reach: VolumeReach,
    /// The node of the first pod that used it: the volume is made where that stands.
    pub home: Option<NodeId>,
    /// The pod that there is for it now.
    pub pod: Option<PodId>,
    /// VolumeAttachment.
    pub attachment: Attachment,
    /// The node that lists it in `status.volumesInUse`.
    pub in_use: Option<NodeId>,
}

/// State of a volume's attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attachment {
    /// It is nowhere.
    Detached,
    /// On its way to a node.
    Attaching(NodeId),
    /// On a node.
    Attached(NodeId),
    /// On its way from a node.
    Detaching(NodeId),
}

impl Claim {
    /// Whether a pod on the node may use the volume now. A local disk always may be.
    pub fn is_at(&self, node: NodeId) -> bool {
        self.reach == VolumeReach::Node || self.attachment == Attachment::Attached(node)
    }
}
