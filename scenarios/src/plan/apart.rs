//! What forces a workload's replicas apart, whatever happens.

use sim_core::spec::{PodAffinityTerm, PodTemplate, Scenario, SpreadConstraint};

/// Node labels over which the replicas of each of these workloads are forced apart.
///
/// Hard topology spread and required anti-affinity count, where they concern the workload's own pods. Preferences
/// (and the scheduler's default spread) give way when capacity is short, which is when it matters.
pub fn keys(scenario: &Scenario, workloads: impl Iterator<Item = usize>) -> Vec<String> {
    let template = |at: usize| &scenario.templates[scenario.workloads[at].template.index()];
    let mut of_each = workloads.map(|at| keys_of(template(at)));
    let mut common = of_each.next().unwrap_or_default();
    of_each.for_each(|keys| common.retain(|key| keys.contains(key)));
    common
}

fn keys_of(template: &PodTemplate) -> Vec<String> {
    let spread = template.spread.iter().filter(|constraint| forces(constraint, template));
    let anti = template.pod_affinity.required_anti.iter().filter(|term| repels(term, template));
    let keys = spread.map(|constraint| &constraint.topology_key).chain(anti.map(|term| &term.topology_key));
    let mut keys: Vec<String> = keys.cloned().collect();
    keys.sort();
    keys.dedup();
    keys
}

fn forces(constraint: &SpreadConstraint, template: &PodTemplate) -> bool {
    constraint.hard && constraint.selector.matches(&template.labels)
}

fn repels(term: &PodAffinityTerm, template: &PodTemplate) -> bool {
    let here = |namespaces: &Vec<String>| namespaces.contains(&template.namespace);
    term.selector.matches(&template.labels) && term.namespaces.as_ref().is_none_or(here)
}
