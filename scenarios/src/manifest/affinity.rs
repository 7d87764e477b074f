//! Node affinity, inter-pod affinity and topology spread constraints.

use k8s_openapi::api::core::v1::{
    self as core, Affinity, NodeAffinity, NodeSelectorTerm, TopologySpreadConstraint, WeightedPodAffinityTerm,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use sim_core::spec::{Operator, PodAffinity, PodAffinityTerm, Requirement, Selector, SpreadConstraint};

use super::labels::{nothing, requirement, selector};
use super::pod::{PodReport, PodSource};

const POD_TEMPLATE_HASH: &str = "pod-template-hash";

/// Required node affinity: terms of which one must hold. An empty term holds nowhere.
pub(super) fn required_nodes(affinity: Option<&Affinity>, report: &mut PodReport) -> Option<Vec<Selector>> {
    let required = node_affinity(affinity)?.required_during_scheduling_ignored_during_execution.as_ref()?;
    Some(required.node_selector_terms.iter().filter_map(|term| node_term(term, report)).collect())
}

/// Preferred node affinity with weights.
pub(super) fn preferred_nodes(affinity: Option<&Affinity>, report: &mut PodReport) -> Vec<(i64, Selector)> {
    let Some(affinity) = node_affinity(affinity) else { return Vec::new() };
    let preferred = affinity.preferred_during_scheduling_ignored_during_execution.iter().flatten();
    preferred
        .filter_map(|term| Some((i64::from(term.weight), node_term(&term.preference, report)?)))
        .collect()
}

fn node_affinity(affinity: Option<&Affinity>) -> Option<&NodeAffinity> {
    affinity?.node_affinity.as_ref()
}

fn node_term(term: &NodeSelectorTerm, report: &mut PodReport) -> Option<Selector> {
    let mut requirements = Vec::new();
    for expression in term.match_expressions.iter().flatten() {
        let values = expression.values.clone().unwrap_or_default();
        match requirement(&expression.key, &expression.operator, values) {
            Ok(requirement) => requirements.push(requirement),
            Err(problem) => report.selector("affinity.nodeAffinity", &problem),
        }
    }
    let says_something =
        !requirements.is_empty() || term.match_fields.as_ref().is_some_and(|fields| !fields.is_empty());
    says_something.then_some(Selector(requirements))
}

/// Inter-pod affinity and anti-affinity.
pub(super) fn between_pods(
    source: &PodSource,
    affinity: Option<&Affinity>,
    report: &mut PodReport,
) -> PodAffinity {
    let towards = affinity.and_then(|affinity| affinity.pod_affinity.as_ref());
    let against = affinity.and_then(|affinity| affinity.pod_anti_affinity.as_ref());
    let mut terms = Terms { source, report };
    let mut preferred = Vec::new();
    if let Some(towards) = towards {
        preferred.extend(
            terms.weighted(towards.preferred_during_scheduling_ignored_during_execution.as_deref(), 1),
        );
    }
    if let Some(against) = against {
        preferred.extend(
            terms.weighted(against.preferred_during_scheduling_ignored_during_execution.as_deref(), -1),
        );
    }
    PodAffinity {
        required: terms
            .all(towards.and_then(|a| a.required_during_scheduling_ignored_during_execution.as_deref())),
        required_anti: terms
            .all(against.and_then(|a| a.required_during_scheduling_ignored_during_execution.as_deref())),
        preferred,
    }
}

struct Terms<'a, 'r, 's> {
    source: &'a PodSource<'s>,
    report: &'a mut PodReport<'r>,
}

impl Terms<'_, '_, '_> {
    fn all(&mut self, terms: Option<&[core::PodAffinityTerm]>) -> Vec<PodAffinityTerm> {
        terms.into_iter().flatten().map(|term| self.one(term)).collect()
    }

    fn weighted(
        &mut self,
        terms: Option<&[WeightedPodAffinityTerm]>,
        sign: i64,
    ) -> Vec<(i64, PodAffinityTerm)> {
        let terms = terms.into_iter().flatten();
        terms.map(|term| (sign * i64::from(term.weight), self.one(&term.pod_affinity_term))).collect()
    }

    fn one(&mut self, term: &core::PodAffinityTerm) -> PodAffinityTerm {
        let mut pods = self.report.selected("affinity", term.label_selector.as_ref());
        let keys = term.match_label_keys.iter().flatten().map(String::as_str);
        pods.0.extend(same_labels(self.source, keys.filter(|key| *key != POD_TEMPLATE_HASH)));
        let given = term.namespaces.as_deref().unwrap_or_default();
        PodAffinityTerm {
            topology_key: term.topology_key.clone(),
            selector: pods,
            namespaces: self.namespaces(given, term.namespace_selector.as_ref()),
        }
    }

    /// Named namespaces and selected ones; neither means the pod's own, an empty selector all.
    fn namespaces(&mut self, given: &[String], selected: Option<&LabelSelector>) -> Option<Vec<String>> {
        let Some(selected) = selected else {
            let own = || vec![self.source.namespace.to_owned()];
            return Some(if given.is_empty() { own() } else { given.to_vec() });
        };
        let chosen = self.report.selected("affinity", Some(selected));
        if chosen.0.is_empty() {
            return None;
        }
        let matching = self.source.namespaces.iter().filter(|(_, labels)| chosen.matches(labels));
        Some(matching.map(|(name, _)| name.clone()).chain(given.iter().cloned()).collect())
    }
}

/// Topology spread constraints.
pub(super) fn spread(
    source: &PodSource,
    constraints: &[TopologySpreadConstraint],
    report: &mut PodReport,
) -> Vec<SpreadConstraint> {
    let constraints = constraints.iter().enumerate();
    constraints.map(|(index, constraint)| spread_constraint(source, index, constraint, report)).collect()
}

fn spread_constraint(
    source: &PodSource,
    index: usize,
    constraint: &TopologySpreadConstraint,
    report: &mut PodReport,
) -> SpreadConstraint {
    let path = format!("topologySpreadConstraints.{index}");
    let mut pods = report.selected(&path, constraint.label_selector.as_ref());
    let keys = || constraint.match_label_keys.iter().flatten().map(String::as_str);
    pods.0.extend(same_labels(source, keys().filter(|key| *key != POD_TEMPLATE_HASH)));
    if !matches!(constraint.when_unsatisfiable.as_str(), "DoNotSchedule" | "ScheduleAnyway") {
        let path = format!("{path}.whenUnsatisfiable");
        report.choice(&path, &constraint.when_unsatisfiable, "DoNotSchedule or ScheduleAnyway");
    }
    SpreadConstraint {
        max_skew: report.at_least(1, &format!("{path}.maxSkew"), constraint.max_skew),
        topology_key: constraint.topology_key.clone(),
        hard: constraint.when_unsatisfiable == "DoNotSchedule",
        selector: pods,
        same_revision: keys().any(|key| key == POD_TEMPLATE_HASH),
        min_domains: report.at_least(1, &format!("{path}.minDomains"), constraint.min_domains.unwrap_or(1)),
        honor_affinity: constraint.node_affinity_policy.as_deref() != Some("Ignore"),
        honor_taints: constraint.node_taints_policy.as_deref() == Some("Honor"),
    }
}

/// `matchLabelKeys`: the pod's own values, where it has them.
fn same_labels<'a>(source: &PodSource, keys: impl Iterator<Item = &'a str>) -> Vec<Requirement> {
    let same = |key: &str| {
        let value = source.labels.get(key)?.to_owned();
        Some(Requirement { key: key.to_owned(), is: Operator::In(vec![value]) })
    };
    keys.filter_map(same).collect()
}

impl PodReport<'_> {
    /// A label selector below a path; a wrong one is reported and matches nothing.
    fn selected(&mut self, path: &str, given: Option<&LabelSelector>) -> Selector {
        selector(given).unwrap_or_else(|problem| {
            self.selector(path, &problem);
            nothing()
        })
    }
}
