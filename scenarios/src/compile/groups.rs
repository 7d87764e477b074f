//! Groups of nodes by what they have in common: failure domains of any sort.

use std::collections::BTreeMap;

use sim_core::ids::NodeId;
use sim_core::spec::{Cluster, Node, NodeGroup};

use super::report::Report;

/// The groups of some nodes by zone, region, rack, pool, all, or the value of a label. Nodes without a value are in no group.
pub(super) fn of(
    nodes: &[NodeId],
    by: &str,
    cluster: &Cluster,
    path: &str,
    report: &mut Report,
) -> Vec<NodeGroup> {
    let mut groups: BTreeMap<String, Vec<NodeId>> = BTreeMap::new();
    for id in nodes {
        if let Some(value) = value(&cluster.nodes[id.index()], by, cluster) {
            groups.entry(value).or_default().push(*id);
        }
    }
    if groups.is_empty() && !nodes.is_empty() {
        let labels = nodes.iter().flat_map(|id| cluster.nodes[id.index()].labels.iter().map(|(key, _)| key));
        let mut known: Vec<&str> =
            ["zone", "region", "rack", "pool", "all"].into_iter().chain(labels).collect();
        known.sort_unstable();
        known.dedup();
        report.not_found(path, "label of these nodes", by, known.into_iter());
    }
    groups.into_iter().map(|(name, nodes)| NodeGroup { name, nodes }).collect()
}

fn value(node: &Node, by: &str, cluster: &Cluster) -> Option<String> {
    let zone = &cluster.zones[node.zone.index()];
    match by {
        "all" => Some("all".to_owned()),
        "zone" => Some(zone.name.clone()),
        "region" => Some(cluster.regions[zone.region.index()].clone()),
        "rack" => node.rack.map(|rack| cluster.racks[rack.index()].name.clone()),
        "pool" => (!node.pool.is_empty()).then(|| node.pool.clone()),
        key => node.labels.get(key).map(str::to_owned),
    }
}
