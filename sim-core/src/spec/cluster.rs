//! The cluster: failure domains, and nodes in them.

use serde::Serialize;

use super::{Labels, Taint};
use crate::ids::{RackId, RegionId, ZoneId};

/// Failure domains and nodes; ids of the contents are positions in these lists.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cluster {
    /// Names of regions.
    pub regions: Vec<String>,
    /// Zones, each in a region.
    pub zones: Vec<Zone>,
    /// Racks, each in a zone; may be empty.
    pub racks: Vec<Rack>,
    /// Nodes in creation order.
    pub nodes: Vec<Node>,
}

/// An availability zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Zone {
    /// Value of `topology.kubernetes.io/zone`; empty for the one zone of unlabelled nodes.
    pub name: String,
    /// The region around it.
    pub region: RegionId,
}

/// A rack, or any other group of machines that fails together inside a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rack {
    /// Name, unique in the cluster.
    pub name: String,
    /// The zone around it.
    pub zone: ZoneId,
}

/// A node: the API object, and by position the machine under it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Node {
    /// `metadata.name`.
    pub name: String,
    /// Name of the pool that it was made from, empty for nodes read from manifests.
    pub pool: String,
    /// The zone it stands in.
    pub zone: ZoneId,
    /// The rack it stands in.
    pub rack: Option<RackId>,
    /// Labels, with `kubernetes.io/hostname`, zone and region filled in.
    pub labels: Labels,
    /// Taints from the manifest or the pool; those of the node lifecycle come and go in the run.
    pub taints: Vec<Taint>,
    /// What pods may request here.
    pub allocatable: Resources,
    /// `spec.unschedulable`.
    pub unschedulable: bool,
    /// Not there at the start: a machine that upgrades of its pool bring in.
    pub spare: bool,
    /// Price per hour in the user's currency, for cost reports.
    pub price_per_hour: f64,
}

impl Node {
    /// Whether it has the label that topology hints and load balancers know nodes of the control plane by
    /// (`isControlPlaneNode`, endpointslice/topologycache/utils.go).
    pub fn is_control_plane(&self) -> bool {
        ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"]
            .iter()
            .any(|label| self.labels.get(label).is_some())
    }
}

/// Amounts of node resources, requested or offered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Resources {
    /// CPU in thousandths of a core.
    pub cpu_milli: u64,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// Number of pods; meaningful for nodes only (upstream default 110).
    pub pods: u32,
    /// Other resources by name (`nvidia.com/gpu`), in their own integer unit, sorted by name.
    pub extended: Vec<(String, u64)>,
}
