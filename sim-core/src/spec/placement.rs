//! Where pods want to be, as other pods are concerned.

use serde::Serialize;

use super::Selector;

/// `spec.affinity.podAffinity` and `podAntiAffinity`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PodAffinity {
    /// A domain must hold a matching pod.
    pub required: Vec<PodAffinityTerm>,
    /// A domain must hold no matching pod.
    pub required_anti: Vec<PodAffinityTerm>,
    /// Domains with matching pods are preferred by weight; anti-affinity has negative weight.
    pub preferred: Vec<(i64, PodAffinityTerm)>,
}

/// One inter-pod affinity term.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PodAffinityTerm {
    /// Node label whose value names the domain.
    pub topology_key: String,
    /// Pods that match.
    pub selector: Selector,
    /// Namespaces they are looked for in; `None` is all.
    pub namespaces: Option<Vec<String>>,
}

/// One of `spec.topologySpreadConstraints`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpreadConstraint {
    /// `maxSkew`.
    pub max_skew: u32,
    /// `topologyKey`.
    pub topology_key: String,
    /// `whenUnsatisfiable: DoNotSchedule`, else `ScheduleAnyway`.
    pub hard: bool,
    /// `labelSelector`.
    pub selector: Selector,
    /// `matchLabelKeys` has `pod-template-hash`: count pods of the same revision only.
    pub same_revision: bool,
    /// `minDomains` (hard only).
    pub min_domains: u32,
    /// `nodeAffinityPolicy: Honor` (upstream default).
    pub honor_affinity: bool,
    /// `nodeTaintsPolicy: Honor` (upstream default is `Ignore`).
    pub honor_taints: bool,
}
