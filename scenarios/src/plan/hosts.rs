//! Which nodes could host a workload's pods, by what the scheduler's filters hold against a node for good.

use sim_core::spec::{Node, PodTemplate, Resources, Scenario, Taint, TaintEffect};

/// Workloads behind a service, each with the nodes that could host its pods.
pub fn of_service(scenario: &Scenario, service: usize) -> Vec<(usize, Vec<usize>)> {
    let service = &scenario.services[service];
    let behind = |template: &PodTemplate| template.is_selected(&service.namespace, &service.selector);
    let workloads = scenario.workloads.iter().enumerate();
    workloads
        .map(|(index, workload)| (index, &scenario.templates[workload.template.index()]))
        .filter(|(_, template)| behind(template))
        .map(|(index, template)| (index, candidates(&scenario.cluster.nodes, template)))
        .collect()
}

fn candidates(nodes: &[Node], template: &PodTemplate) -> Vec<usize> {
    nodes.iter().enumerate().filter(|(_, node)| can_host(node, template)).map(|(index, _)| index).collect()
}

fn can_host(node: &Node, template: &PodTemplate) -> bool {
    if let Some(name) = &template.node_name {
        return *name == node.name;
    }
    let affinity = template.node_affinity.as_ref();
    !node.spare
        && template.node_selector.matches(&node.labels)
        && affinity.is_none_or(|terms| terms.iter().any(|term| term.matches(&node.labels)))
        && keep_off(node)
            .all(|taint| template.tolerations.iter().any(|toleration| toleration.tolerates(&taint)))
        && fits(&template.requests, &node.allocatable)
}

/// Taints that keep pods off, with the one that stands for `spec.unschedulable` (kubectl cordon).
fn keep_off(node: &Node) -> impl Iterator<Item = Taint> {
    let cordon = node.unschedulable.then(|| Taint {
        key: "node.kubernetes.io/unschedulable".to_owned(),
        value: String::new(),
        effect: TaintEffect::NoSchedule,
    });
    let hard = |taint: &&Taint| taint.effect != TaintEffect::PreferNoSchedule;
    node.taints.iter().filter(hard).cloned().chain(cordon)
}

fn fits(wanted: &Resources, offered: &Resources) -> bool {
    let amount =
        |name: &str| offered.extended.iter().find(|(n, _)| n == name).map_or(0, |(_, amount)| *amount);
    wanted.cpu_milli <= offered.cpu_milli
        && wanted.memory_bytes <= offered.memory_bytes
        && offered.pods > 0
        && wanted.extended.iter().all(|(name, wanted)| *wanted <= amount(name))
}
