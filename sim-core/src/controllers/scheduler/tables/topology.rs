//! Topology keys as dense domain numbers.

use std::collections::BTreeMap;

use super::nodes::{NodeSetId, NodeSets};
use crate::spec::Labels;

/// `kubernetes.io/hostname`: every node is a domain of its own.
pub(crate) const HOSTNAME: &str = "kubernetes.io/hostname";
/// `topology.kubernetes.io/zone`.
pub(crate) const ZONE: &str = "topology.kubernetes.io/zone";

/// Domain number of a node without the topology key.
pub(crate) const NO_LABEL: u32 = u32::MAX;
/// Domain number of a node with the key but outside all counted domains.
pub(crate) const UNCOUNTED: u32 = u32::MAX - 1;

/// Position in [`super::Tables::topologies`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TopologyId(pub u32);

/// The nodes divided by the value of one label, as far as they are eligible for counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Topology {
    /// Domain in which the pods of a node are counted, by position; [`UNCOUNTED`] for nodes not eligible.
    pub counted_in: Vec<u32>,
    /// Domain whose count decides about a node, by position; [`UNCOUNTED`] or [`NO_LABEL`] if there is none.
    pub looked_up: Vec<u32>,
    /// Number of domains with an eligible node.
    pub domains: u32,
    /// Number of domains among all nodes, that of the nodes without the key included.
    pub size: u32,
}

/// What distinguishes one topology from another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TopologyQuery<'a> {
    /// Label that names the domain.
    pub key: &'a str,
    /// Labels that a node must have to be eligible.
    pub required_keys: Vec<&'a str>,
    /// Sets that an eligible node must be in.
    pub within: Vec<NodeSetId>,
}

/// Builds each topology once.
pub(super) struct Topologies<'a> {
    labels: Vec<&'a Labels>,
    ids: BTreeMap<TopologyQuery<'a>, TopologyId>,
    list: Vec<Topology>,
}

impl<'a> Topologies<'a> {
    /// From the labels of all nodes in snapshot order.
    pub fn new(labels: Vec<&'a Labels>) -> Topologies<'a> {
        Topologies { labels, ids: BTreeMap::new(), list: Vec::new() }
    }

    /// All nodes with the key, divided by its values.
    pub fn by_key(&mut self, key: &'a str, sets: &NodeSets) -> TopologyId {
        self.intern(TopologyQuery { key, required_keys: Vec::new(), within: Vec::new() }, sets)
    }

    pub fn intern(&mut self, query: TopologyQuery<'a>, sets: &NodeSets) -> TopologyId {
        if let Some(id) = self.ids.get(&query) {
            return *id;
        }
        let topology = self.build(&query, sets);
        let id = self.same_as_before(&topology).unwrap_or_else(|| self.push(topology));
        self.ids.insert(query, id);
        id
    }

    /// Every node a domain of its own, whatever its labels.
    pub fn by_node(&mut self) -> TopologyId {
        let own: Vec<u32> = (0..self.labels.len() as u32).collect();
        let nodes = own.len() as u32;
        let topology = Topology { counted_in: own.clone(), looked_up: own, domains: nodes, size: nodes };
        self.same_as_before(&topology).unwrap_or_else(|| self.push(topology))
    }

    /// One that was built before.
    pub fn get(&self, id: TopologyId) -> &Topology {
        &self.list[id.0 as usize]
    }

    pub fn into_list(self) -> Vec<Topology> {
        self.list
    }

    fn same_as_before(&self, topology: &Topology) -> Option<TopologyId> {
        self.list.iter().position(|other| other == topology).map(|index| TopologyId(index as u32))
    }

    fn push(&mut self, topology: Topology) -> TopologyId {
        self.list.push(topology);
        TopologyId(self.list.len() as u32 - 1)
    }

    fn build(&self, query: &TopologyQuery, sets: &NodeSets) -> Topology {
        let mut domains = BTreeMap::new();
        let counted_in = (0..self.labels.len())
            .map(|at| match self.value(query.key, at) {
                Some(value) if self.is_eligible(query, at, sets) => {
                    let next = domains.len() as u32;
                    *domains.entry(value).or_insert(next)
                }
                _ => UNCOUNTED,
            })
            .collect();
        let looked_up: Vec<u32> = (0..self.labels.len())
            .map(|at| match self.value(query.key, at) {
                Some(value) => domains.get(&value).copied().unwrap_or(UNCOUNTED),
                None => NO_LABEL,
            })
            .collect();
        let domains = domains.len() as u32;
        let unlabelled = u32::from(looked_up.contains(&NO_LABEL));
        Topology { counted_in, looked_up, domains, size: domains + unlabelled }
    }

    /// Hostnames are taken as unique: two nodes that share one are still two domains, as they are in the
    /// per-node counts of upstream's scoring.
    fn value(&self, key: &str, at: usize) -> Option<(&str, usize)> {
        let distinct = if key == HOSTNAME { at } else { 0 };
        self.labels[at].get(key).map(|value| (value, distinct))
    }

    fn is_eligible(&self, query: &TopologyQuery, at: usize, sets: &NodeSets) -> bool {
        query.required_keys.iter().all(|key| self.labels[at].get(key).is_some())
            && query.within.iter().all(|set| sets.get(*set)[at])
    }
}
