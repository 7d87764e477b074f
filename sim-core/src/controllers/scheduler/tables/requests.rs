//! What pods ask of nodes, and what nodes have to give.

use crate::spec::{Cluster, PodTemplate, Resources};

use super::nodes::Snapshot;

/// CPU that scoring assumes for a container that asks for none (`pkg/scheduler/util/pod_resources.go`).
const DEFAULT_MILLI_CPU: u64 = 100;
/// Memory that scoring assumes for a container that asks for none (likewise).
const DEFAULT_MEMORY: u64 = 200 * 1024 * 1024;

/// Templates with equal requests share a class, and with it all resource scores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestClass {
    /// CPU in thousandths of a core.
    pub cpu: u64,
    /// Memory in bytes.
    pub memory: u64,
    /// CPU with scoring's default in place of none.
    pub assumed_cpu: u64,
    /// Memory with scoring's default in place of none.
    pub assumed_memory: u64,
    /// Other resources, `(index in [`Capacity::extended`], amount > 0)`.
    pub extended: Vec<(u32, u64)>,
}

/// What a node has to give.
#[derive(Clone, Debug, Default)]
pub(crate) struct Capacity {
    /// CPU in thousandths of a core.
    pub cpu: u64,
    /// Memory in bytes.
    pub memory: u64,
    /// Number of pods.
    pub pods: u32,
    /// Other resources, in the scenario-wide order of their names.
    pub extended: Vec<u64>,
}

/// Names of the resources besides CPU, memory and pods that some template asks for.
pub(super) fn extended_names(templates: &[PodTemplate]) -> Vec<&str> {
    let asked = templates.iter().flat_map(|template| &template.requests.extended);
    let mut names: Vec<&str> = asked.map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Allocatable of all nodes in snapshot order.
pub(super) fn capacities(cluster: &Cluster, snapshot: &Snapshot, extended: &[&str]) -> Vec<Capacity> {
    snapshot.iter(cluster).map(|node| capacity(&node.allocatable, extended)).collect()
}

fn capacity(allocatable: &Resources, extended: &[&str]) -> Capacity {
    Capacity {
        cpu: allocatable.cpu_milli,
        memory: allocatable.memory_bytes,
        pods: allocatable.pods,
        extended: extended.iter().map(|name| amount(allocatable, name)).collect(),
    }
}

/// The class of a template. Its requests are sums over containers, so a container without a request beside one
/// with a request cannot be told: the defaults come in only where no container asks for anything.
pub(super) fn request_class(template: &PodTemplate, extended: &[&str]) -> RequestClass {
    let requests = &template.requests;
    let containers = template.containers.len() as u64;
    let or_default = |asked: u64, default: u64| if asked == 0 { containers * default } else { asked };
    let others = extended.iter().enumerate().map(|(index, name)| (index as u32, amount(requests, name)));
    RequestClass {
        cpu: requests.cpu_milli,
        memory: requests.memory_bytes,
        assumed_cpu: or_default(requests.cpu_milli, DEFAULT_MILLI_CPU),
        assumed_memory: or_default(requests.memory_bytes, DEFAULT_MEMORY),
        extended: others.filter(|(_, amount)| *amount > 0).collect(),
    }
}

fn amount(resources: &Resources, name: &str) -> u64 {
    resources.extended.iter().find(|(other, _)| other == name).map_or(0, |(_, amount)| *amount)
}
