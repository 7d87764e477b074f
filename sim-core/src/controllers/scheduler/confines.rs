//! Nodes to which one pod is confined, besides what its template asks: by its name for one, or by its volume.

use super::filter::Reason;
use super::tables::Snapshot;
use crate::ids::{NodeId, ZoneId};
use crate::model::Model;
use crate::spec::{VolumeReach, WorkloadKind};
use crate::world::api::{Api, Owner, Pod};

/// Where a pod may go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confines {
    /// Wherever its template lets it.
    #[default]
    Anywhere,
    /// A DaemonSet's pod: required node affinity on `metadata.name`.
    Name(NodeId),
    /// Its volume is a disk of this node.
    VolumeOnNode(NodeId),
    /// Its volume is in this zone.
    VolumeInZone(ZoneId),
}

impl Confines {
    /// Those of a pod. A volume that was never used is made wherever the pod goes (`WaitForFirstConsumer`).
    pub fn of(pod: &Pod, model: &Model, api: &Api) -> Confines {
        if let (WorkloadKind::DaemonSet(_), Owner::Workload(node)) =
            (&model.workload(pod.workload).kind, pod.owner)
        {
            return Confines::Name(NodeId(node));
        }
        let Some(claim) = pod.claim.map(|claim| api.claim(claim)) else { return Confines::Anywhere };
        match (claim.home, claim.reach) {
            (None, _) | (_, VolumeReach::Region) => Confines::Anywhere,
            (Some(home), VolumeReach::Node) => Confines::VolumeOnNode(home),
            (Some(home), VolumeReach::Zone) => {
                Confines::VolumeInZone(model.scenario().cluster.nodes[home.index()].zone)
            }
        }
    }

    /// Whether the node at a position is among them.
    pub(super) fn admit(self, snapshot: &Snapshot, at: usize) -> bool {
        match self {
            Confines::Anywhere => true,
            Confines::Name(node) | Confines::VolumeOnNode(node) => snapshot.node(at) == node,
            Confines::VolumeInZone(zone) => snapshot.zone(at) == zone,
        }
    }

    /// Why it is not.
    pub(super) fn rejection(self, snapshot: &Snapshot, at: usize) -> Option<Reason> {
        let reason = match self {
            Confines::Anywhere | Confines::Name(_) => Reason::NodeAffinity,
            Confines::VolumeOnNode(_) | Confines::VolumeInZone(_) => Reason::VolumeAffinity,
        };
        (!self.admit(snapshot, at)).then_some(reason)
    }
}
