//! Nodes: of Node manifests, of node pools, or by default.

use std::collections::BTreeMap;

use sim_core::ids::{RackId, ZoneId};
use sim_core::spec::{Cluster, Labels, Node, Resources, Taint};

use super::domains::{Domains, RACK_LABEL, REGION_LABEL, ZONE_LABEL};
use super::{fit, node_scaling, report::Report, upgrades, workloads::Pods};
use crate::diagnostic::{Diagnostic, codes};
use crate::manifest::{self, Manifests};
use crate::quantity_value::QuantityValue;
use crate::scenario_file::{NodePool, ScenarioSpec, TaintEffect, defaults};
use crate::tree::decode::decode;

/// Upstream supports 5,000; some run more.
const MAX_NODES: u32 = 100_000;

/// Makes the cluster.
pub(super) fn compile(
    spec: &ScenarioSpec,
    manifests: &Manifests,
    pods: &Pods,
    report: &mut Report,
) -> Cluster {
    let mut domains = Domains::of_topology(&spec.topology, report);
    let mut nodes: Vec<Node> = Vec::new();
    for node in &manifests.nodes {
        nodes.push(manifest::compile_node(node, &mut domains, report.diagnostics));
    }
    report.check_unique("nodePools", "node pools", spec.node_pools.iter().map(|pool| pool.name.as_str()));
    for (index, pool) in spec.node_pools.iter().enumerate() {
        check_pool(index, pool, report);
        nodes.extend(pool_nodes(&enlarged(index, pool, pods, report), &mut domains));
    }
    for pool in &spec.node_pools {
        let there = nodes.iter().filter(|node| node.pool == pool.name).count();
        nodes.extend(spare_nodes(pool, there, upgrades::spares(&pool.name, &spec.operations), &mut domains));
    }
    if nodes.is_empty() {
        report.error(&codes::NOTHING, "spec.nodePools", "there are no nodes");
    }
    let Domains { regions, zones, racks } = domains;
    Cluster { regions, zones, racks, nodes }
}

fn check_pool(index: usize, pool: &NodePool, report: &mut Report) {
    let path = |field: &str| format!("spec.nodePools.{index}.{field}");
    if node_scaling::most(pool) > MAX_NODES {
        report.error(&codes::RANGE, &path("count"), format!("a pool has at most {MAX_NODES} nodes"));
    }
    if !(pool.price_per_hour >= 0.0 && pool.price_per_hour.is_finite()) {
        report.error(&codes::RANGE, &path("pricePerHour"), "a price is not negative");
    }
}

/// The default pool grows until the pods fit; a pool of the user's own never does.
fn enlarged(index: usize, pool: &NodePool, pods: &Pods, report: &mut Report) -> NodePool {
    let mut pool = pool.clone();
    if !defaults::is_default(report.node.place_of(&format!("spec.nodePools.{index}.count"))) {
        return pool;
    }
    let mut capacity = capacity(&pool);
    fit::raise_to_largest(&mut capacity, pods);
    let zones = pool.zones.len().max(1) as u32;
    let needed = fit::nodes_needed(&capacity, pods).div_ceil(zones) * zones;
    let larger = needed > pool.count || capacity != default_capacity();
    pool.count = pool.count.max(needed);
    pool.capacity = quantities(&capacity);
    let size = format!("{} CPU and {} GiB", capacity.cpu_milli / 1000, capacity.memory_bytes >> 30);
    let why = if larger { ", enlarged so that the pods fit" } else { "" };
    let message =
        format!("no nodes given, so {} nodes of {size} in {zones} zones are assumed{why}", pool.count);
    report.push(
        Diagnostic::new(&codes::ASSUMED, message).help("set scenario.spec.nodePools, or add Node manifests"),
    );
    pool
}

/// What the default says, or what is said in part over it.
fn capacity(pool: &NodePool) -> Resources {
    let mut all: BTreeMap<String, QuantityValue> =
        decode(&defaults::NODE_CAPACITY.node()).value.unwrap_or_default();
    all.extend(pool.capacity.clone());
    let mut units = |name: &str| all.remove(name).map_or(0, |quantity| quantity.units());
    let (pods, memory_bytes) = (units("pods"), units("memory"));
    let cpu_milli = all.remove("cpu").map_or(0, |quantity| quantity.milli_units());
    Resources {
        cpu_milli,
        memory_bytes,
        pods: u32::try_from(pods).unwrap_or(u32::MAX),
        extended: all.into_iter().map(|(name, quantity)| (name, quantity.units())).collect(),
    }
}

fn quantities(capacity: &Resources) -> BTreeMap<String, QuantityValue> {
    let own = [
        ("cpu".to_owned(), format!("{}m", capacity.cpu_milli)),
        ("memory".to_owned(), capacity.memory_bytes.to_string()),
        ("pods".to_owned(), capacity.pods.to_string()),
    ];
    own.into_iter().map(|(name, amount)| (name, QuantityValue(amount))).collect()
}

/// The capacity of a node of which nothing is said.
pub(crate) fn default_capacity() -> Resources {
    let pool = NodePool::default();
    capacity(&pool)
}

/// Nodes that upgrades of a pool bring in, numbered after those that are there.
fn spare_nodes(pool: &NodePool, there: usize, spares: u32, domains: &mut Domains) -> Vec<Node> {
    let count = u32::try_from(there).unwrap_or(MAX_NODES).saturating_add(spares);
    let all = pool_nodes(&NodePool { count, ..pool.clone() }, domains);
    all.into_iter().skip(there).map(|node| Node { spare: true, price_per_hour: 0.0, ..node }).collect()
}

/// Nodes are dealt to the zones in turn, and within each zone to its racks.
fn pool_nodes(pool: &NodePool, domains: &mut Domains) -> Vec<Node> {
    let common = [String::new()];
    let zones: &[String] = if pool.zones.is_empty() { &common } else { &pool.zones };
    let zones: Vec<ZoneId> = zones.iter().map(|zone| domains.zone(zone, None)).collect();
    let racks: Vec<Vec<RackId>> = zones.iter().map(|zone| racks_of(pool, *zone, domains)).collect();
    let allocatable = capacity(pool);
    let node = |index: usize| {
        let (turn, round) = (index % zones.len(), index / zones.len());
        let rack = (!racks[turn].is_empty()).then(|| racks[turn][round % racks[turn].len()]);
        pool_node(pool, index, zones[turn], rack, &allocatable, domains)
    };
    (0..node_scaling::most(pool).min(MAX_NODES) as usize).map(node).collect()
}

fn racks_of(pool: &NodePool, zone: ZoneId, domains: &Domains) -> Vec<RackId> {
    let wanted = |name: &str| pool.racks.is_empty() || pool.racks.iter().any(|rack| rack == name);
    let racks = domains.racks.iter().enumerate().filter(|(_, rack)| rack.zone == zone && wanted(&rack.name));
    racks.map(|(index, _)| RackId::from(index)).collect()
}

fn pool_node(
    pool: &NodePool,
    index: usize,
    zone: ZoneId,
    rack: Option<RackId>,
    allocatable: &Resources,
    domains: &Domains,
) -> Node {
    let name = format!("{}-{}", pool.name, index + 1);
    Node {
        labels: node_labels(pool, &name, zone, rack, domains),
        name,
        pool: pool.name.clone(),
        zone,
        rack,
        taints: taints(pool),
        allocatable: allocatable.clone(),
        unschedulable: false,
        spare: false,
        price_per_hour: pool.price_per_hour,
    }
}

/// The pool's labels, with those that every cloud gives its nodes.
fn node_labels(pool: &NodePool, name: &str, zone: ZoneId, rack: Option<RackId>, domains: &Domains) -> Labels {
    let given = &domains.zones[zone.index()];
    let mut labels: Labels =
        [("kubernetes.io/os", "linux"), ("kubernetes.io/arch", "amd64")].into_iter().collect();
    labels.set("kubernetes.io/hostname".to_owned(), name.to_owned());
    if !given.name.is_empty() {
        labels.set(ZONE_LABEL.to_owned(), given.name.clone());
        labels.set(REGION_LABEL.to_owned(), domains.regions[given.region.index()].clone());
    }
    if let Some(rack) = rack {
        labels.set(RACK_LABEL.to_owned(), domains.racks[rack.index()].name.clone());
    }
    for (key, value) in &pool.labels {
        labels.set(key.clone(), value.clone());
    }
    labels
}

fn taints(pool: &NodePool) -> Vec<Taint> {
    use sim_core::spec::TaintEffect as Effect;
    let effect = |effect: TaintEffect| match effect {
        TaintEffect::NoSchedule => Effect::NoSchedule,
        TaintEffect::PreferNoSchedule => Effect::PreferNoSchedule,
        TaintEffect::NoExecute => Effect::NoExecute,
    };
    let taints = pool.taints.iter();
    taints.map(|t| Taint { key: t.key.clone(), value: t.value.clone(), effect: effect(t.effect) }).collect()
}
