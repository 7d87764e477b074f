//! Inter-pod affinity and host ports of a template, tied to the tallies that decide about them.

use super::builder::Builder;
use super::tally::{TallyId, TallySpec};
use super::topology::TopologyId;
use crate::spec::{PodAffinityTerm, PodTemplate};

/// Score of a domain for each pod in it that requires affinity to the new pod (`hardPodAffinityWeight`).
const HARD_POD_AFFINITY_WEIGHT: i64 = 1;

/// Pods that a rule counts, by domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Domains of the rule's key.
    pub topology: TopologyId,
    /// Pods that the rule speaks of.
    pub tally: TallyId,
}

/// The rules about other pods that bind the pods of one template.
#[derive(Clone, Debug, Default)]
pub(crate) struct AffinityRules {
    /// Required affinity terms: each domain must hold a pod that matches all terms.
    pub required: Vec<Counts>,
    /// Whether a pod matches its own required terms, and so may be the first.
    pub matches_itself: bool,
    /// Required anti-affinity terms: no matching pod in the domain.
    pub required_anti: Vec<Counts>,
    /// Required anti-affinity of others that match this template: none of those others in the domain.
    pub anti_of_others: Vec<Counts>,
    /// Preferences, its own and those of others: weight for each pod counted in the domain.
    pub weighted: Vec<(i64, Counts)>,
    /// Host ports it claims: no other claimant on the node.
    pub host_ports: Vec<Counts>,
}

impl AffinityRules {
    /// Whether any rule can make a node infeasible.
    pub fn can_reject(&self) -> bool {
        [&self.required, &self.required_anti, &self.anti_of_others, &self.host_ports]
            .iter()
            .any(|rules| !rules.is_empty())
    }
}

/// All rules of a template.
pub(super) fn rules<'a>(builder: &mut Builder<'a>, template: usize) -> AffinityRules {
    let own: &'a PodTemplate = &builder.scenario.templates[template];
    let (required, matches_itself) = required(builder, own, template);
    AffinityRules {
        required,
        matches_itself,
        required_anti: own.pod_affinity.required_anti.iter().map(|t| matching(builder, t)).collect(),
        anti_of_others: anti_of_others(builder, own),
        weighted: weighted(builder, own),
        host_ports: host_ports(builder, own),
    }
}

/// Upstream counts only pods that match every term (`podMatchesAllAffinityTerms`).
fn required<'a>(builder: &mut Builder<'a>, own: &'a PodTemplate, template: usize) -> (Vec<Counts>, bool) {
    let terms = &own.pod_affinity.required;
    let match_all = |pod: &PodTemplate| terms.iter().all(|term| matches(term, pod));
    let templates: Vec<bool> = builder.scenario.templates.iter().map(match_all).collect();
    let matches_itself = templates[template];
    let counts = terms.iter().map(|term| count(builder, &term.topology_key, templates.clone())).collect();
    (counts, matches_itself)
}

fn anti_of_others<'a>(builder: &mut Builder<'a>, own: &PodTemplate) -> Vec<Counts> {
    let mut rules = Vec::new();
    for (index, other) in builder.scenario.templates.iter().enumerate() {
        for term in other.pod_affinity.required_anti.iter().filter(|term| matches(term, own)) {
            let counts = holders(builder, index, term);
            if !rules.contains(&counts) {
                rules.push(counts);
            }
        }
    }
    rules
}

fn weighted<'a>(builder: &mut Builder<'a>, own: &'a PodTemplate) -> Vec<(i64, Counts)> {
    let preferred = own.pod_affinity.preferred.iter();
    let mut rules: Vec<_> = preferred.map(|(weight, term)| (*weight, matching(builder, term))).collect();
    for (index, other) in builder.scenario.templates.iter().enumerate() {
        let required = other.pod_affinity.required.iter().map(|term| (HARD_POD_AFFINITY_WEIGHT, term));
        let preferred = other.pod_affinity.preferred.iter().map(|(weight, term)| (*weight, term));
        for (weight, term) in required.chain(preferred).filter(|(_, term)| matches(term, own)) {
            rules.push((weight, holders(builder, index, term)));
        }
    }
    rules
}

fn host_ports(builder: &mut Builder, own: &PodTemplate) -> Vec<Counts> {
    let topology = builder.topologies.by_node();
    let mut claimants = |port| {
        let claims = |pod: &PodTemplate| pod.host_ports.contains(port);
        let templates = builder.scenario.templates.iter().map(claims).collect();
        tally(builder, topology, templates)
    };
    own.host_ports.iter().map(&mut claimants).collect()
}

/// Counts the pods that match a term.
fn matching<'a>(builder: &mut Builder<'a>, term: &'a PodAffinityTerm) -> Counts {
    let templates = builder.scenario.templates.iter().map(|pod| matches(term, pod)).collect();
    count(builder, &term.topology_key, templates)
}

/// Counts the pods that have a term: those of one template.
fn holders<'a>(builder: &mut Builder<'a>, template: usize, term: &'a PodAffinityTerm) -> Counts {
    let templates = (0..builder.scenario.templates.len()).map(|other| other == template).collect();
    count(builder, &term.topology_key, templates)
}

fn count<'a>(builder: &mut Builder<'a>, key: &'a str, templates: Vec<bool>) -> Counts {
    let topology = builder.topologies.by_key(key, &builder.sets);
    tally(builder, topology, templates)
}

fn tally(builder: &mut Builder, topology: TopologyId, templates: Vec<bool>) -> Counts {
    let spec = TallySpec { topology, templates, by_revision: false, with_terminating: true };
    Counts { topology, tally: builder.tallies.intern(spec) }
}

fn matches(term: &PodAffinityTerm, pod: &PodTemplate) -> bool {
    let in_namespace = |names: &Vec<String>| names.contains(&pod.namespace);
    term.namespaces.as_ref().is_none_or(in_namespace) && term.selector.matches(&pod.labels)
}
