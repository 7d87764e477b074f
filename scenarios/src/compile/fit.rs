//! Whether pods fit the nodes, as far as it can be said without the scheduler.

use sim_core::spec::{Cluster, Node, PodTemplate, Resources, Workload, WorkloadKind};

use super::report::Report;
use super::workloads::Pods;
use crate::diagnostic::{Diagnostic, codes};

/// Reports pods that no node can hold, pods that ask for nodes that do not exist, and a cluster that is too small.
pub(super) fn check(cluster: &Cluster, pods: &mut Pods, report: &mut Report) {
    for index in 0..pods.templates.len() {
        check_template(cluster, pods, index, report);
    }
    check_total(cluster, pods, report);
}

fn check_template(cluster: &Cluster, pods: &mut Pods, index: usize, report: &mut Report) {
    let template = &mut pods.templates[index];
    let origin = &pods.origins[index];
    if !cluster.nodes.is_empty()
        && !cluster.nodes.iter().any(|node| holds(&node.allocatable, &template.requests))
    {
        let message = format!(
            "{}: the pod is larger than every node: it requests {}",
            origin.title,
            shown(&template.requests)
        );
        report
            .push(Diagnostic::new(&codes::TOO_BIG, message).at(&origin.resources, "").help(largest(cluster)));
    }
    if !cluster.nodes.iter().any(|node| accepts(node, template)) {
        let message = format!("{}: no node has the labels that the pod asks for", origin.title);
        report.push(Diagnostic::new(&codes::SELECTS_NOTHING, message).at(&origin.place, ""));
    }
    let bound = template.node_name.take_if(|name| !cluster.nodes.iter().any(|node| node.name == *name));
    if let Some(name) = bound {
        let message = format!("{} is bound to node {name}, which is not in the input", origin.title);
        report.push(Diagnostic::new(&codes::NODE_NAME, message).at(&origin.place, ""));
    }
}

fn check_total(cluster: &Cluster, pods: &Pods, report: &mut Report) {
    let there = || cluster.nodes.iter().filter(|node| !node.spare);
    let offered = there().map(|node| (node.allocatable.cpu_milli, node.allocatable.memory_bytes));
    let (cpu, memory) = offered.fold((0, 0), |sum: (u128, u128), (cpu, memory)| {
        (sum.0 + u128::from(cpu), sum.1 + u128::from(memory))
    });
    let wanted = |amount: fn(&Resources) -> u64| -> u128 {
        pods.counted()
            .map(|(template, count)| u128::from(amount(&template.requests)) * u128::from(count))
            .sum()
    };
    let room: u128 = there().map(|node| u128::from(node.allocatable.pods)).sum();
    let count: u128 = pods.counted().map(|(_, count)| u128::from(count)).sum();
    for (name, wanted, offered, unit) in [
        ("CPUs", wanted(|r| r.cpu_milli), cpu, 1000.0),
        ("GiB of memory", wanted(|r| r.memory_bytes), memory, f64::from(1 << 30)),
        ("pods", count, room, 1.0),
    ] {
        if wanted > offered {
            let (wanted, offered) = (wanted as f64 / unit, offered as f64 / unit);
            let message =
                format!("the pods do not fit the cluster: they want {wanted:.1} of {offered:.1} {name}");
            report.push(Diagnostic::new(&codes::CROWDED, message).help("some pods will stay Pending"));
        }
    }
}

fn accepts(node: &Node, template: &PodTemplate) -> bool {
    let affinity = template.node_affinity.as_ref();
    template.node_selector.matches(&node.labels)
        && affinity.is_none_or(|terms| terms.iter().any(|term| term.matches(&node.labels)))
}

fn holds(offered: &Resources, wanted: &Resources) -> bool {
    let extended =
        |name: &str| offered.extended.iter().find(|(n, _)| n == name).map_or(0, |(_, amount)| *amount);
    wanted.cpu_milli <= offered.cpu_milli
        && wanted.memory_bytes <= offered.memory_bytes
        && wanted.extended.iter().all(|(name, amount)| *amount <= extended(name))
}

fn shown(resources: &Resources) -> String {
    let cpu = resources.cpu_milli as f64 / 1000.0;
    let memory = resources.memory_bytes as f64 / f64::from(1 << 30);
    let extended = resources.extended.iter().map(|(name, amount)| format!(", {name} {amount}"));
    format!("cpu {cpu}, memory {memory:.1}Gi{}", extended.collect::<String>())
}

fn largest(cluster: &Cluster) -> String {
    let node =
        cluster.nodes.iter().max_by_key(|node| (node.allocatable.cpu_milli, node.allocatable.memory_bytes));
    node.map_or_else(String::new, |node| {
        format!("the largest node, {}, offers {}", node.name, shown(&node.allocatable))
    })
}

/// Doubles a capacity until the largest pod fits into it.
pub(super) fn raise_to_largest(capacity: &mut Resources, pods: &Pods) {
    for (template, _) in pods.counted() {
        while capacity.cpu_milli < template.requests.cpu_milli {
            capacity.cpu_milli = capacity.cpu_milli.max(1).saturating_mul(2);
        }
        while capacity.memory_bytes < template.requests.memory_bytes {
            capacity.memory_bytes = capacity.memory_bytes.max(1).saturating_mul(2);
        }
    }
}

/// Nodes of one capacity that hold all pods when filled one workload after the other.
pub(super) fn nodes_needed(capacity: &Resources, pods: &Pods) -> u32 {
    let mut free: Vec<Resources> = Vec::new();
    for (template, mut count) in pods.counted() {
        for node in &mut free {
            count -= fill(node, &template.requests, count);
        }
        while count > 0 {
            let mut node = without_daemons(capacity, pods);
            let placed = fill(&mut node, &template.requests, count);
            if placed == 0 {
                break;
            }
            count -= placed;
            free.push(node);
        }
    }
    u32::try_from(free.len()).unwrap_or(u32::MAX)
}

/// What is left of a node when every DaemonSet has a pod there.
fn without_daemons(capacity: &Resources, pods: &Pods) -> Resources {
    let is_daemon_set = |workload: &Workload| matches!(workload.kind, WorkloadKind::DaemonSet(_));
    let mut left = capacity.clone();
    for (template, workload) in pods.templates.iter().zip(&pods.workloads) {
        if is_daemon_set(workload) {
            fill(&mut left, &template.requests, 1);
        }
    }
    left
}

/// Puts as many of `count` pods on a node as there is room for.
fn fill(free: &mut Resources, each: &Resources, count: u32) -> u32 {
    let fits = |free: u64, each: u64| free.checked_div(each).unwrap_or(u64::from(count));
    let most = fits(free.cpu_milli, each.cpu_milli).min(fits(free.memory_bytes, each.memory_bytes));
    let placed = u32::try_from(most).unwrap_or(u32::MAX).min(count).min(free.pods);
    free.cpu_milli -= each.cpu_milli * u64::from(placed);
    free.memory_bytes -= each.memory_bytes * u64::from(placed);
    free.pods -= placed;
    placed
}
