//! Node pools and topology in a scenario file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::DistributionFile;
use crate::quantity_value::QuantityValue;

/// Regions, zones and racks that nodes stand in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Topology {
    /// Zones with their region. Zones named only by pools or node labels stand in one region.
    pub zones: Vec<ZoneFile>,
    /// Racks with their zone: groups of machines that fail together.
    pub racks: Vec<RackFile>,
}

/// An availability zone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ZoneFile {
    /// Value of the node label `topology.kubernetes.io/zone`.
    pub name: String,
    /// Value of the node label `topology.kubernetes.io/region`.
    pub region: Option<String>,
}

/// A rack, or any group of machines with a common power feed or switch.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RackFile {
    /// Value of the node label `topology.nines.dev/rack`; unique.
    pub name: String,
    /// The zone around it.
    pub zone: String,
}

/// Nodes that are alike.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodePool {
    /// Name; nodes are called NAME-1, NAME-2 and so on.
    pub name: String,
    /// How many nodes, at the start.
    pub count: u32,
    /// The Cluster Autoscaler leaves at least so many. Default: 0.
    pub min_count: Option<u32>,
    /// The Cluster Autoscaler adds nodes up to so many. Default: `count`.
    pub max_count: Option<u32>,
    /// From the Cluster Autoscaler's request to a machine that starts its kubelet. Default: 60s.
    pub provision_time: Option<DistributionFile>,
    /// For the expander `priority`: the greatest grows first.
    #[serde(default)]
    pub priority: i32,
    /// Zones that the nodes are dealt to in turn. Default: one common zone without a name.
    #[serde(default)]
    pub zones: Vec<String>,
    /// Racks that the nodes of a zone are dealt to in turn. Default: all racks of the zone.
    #[serde(default)]
    pub racks: Vec<String>,
    /// What pods may request on each node. Default: cpu 4, memory 16Gi, pods 110.
    #[serde(default)]
    pub capacity: BTreeMap<String, QuantityValue>,
    /// Further node labels.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Taints of each node.
    #[serde(default)]
    pub taints: Vec<TaintFile>,
    /// Price of one node for an hour, in your currency.
    #[serde(default)]
    pub price_per_hour: f64,
}

/// A taint.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaintFile {
    /// Key.
    pub key: String,
    /// Value.
    #[serde(default)]
    pub value: String,
    /// Effect.
    pub effect: TaintEffect,
}

/// What a taint does to pods that do not tolerate it.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub enum TaintEffect {
    /// New pods are not placed here.
    NoSchedule,
    /// New pods are placed here only if nothing better is found.
    PreferNoSchedule,
    /// New pods are not placed here, and those here are evicted.
    NoExecute,
}
