//! Topology spread constraints of a template, its own or the system's defaults, tied to what they count.

use std::collections::BTreeMap;

use super::builder::Builder;
use super::nodes::NodeSetId;
use super::tally::{TallyId, TallySpec};
use super::topology::{HOSTNAME, Topology, TopologyId, TopologyQuery, ZONE};
use crate::spec::{PodTemplate, Selector, SpreadConstraint, WorkloadKind};

/// One constraint of one template.
#[derive(Clone, Debug)]
pub(crate) struct SpreadRule {
    /// `maxSkew`.
    pub max_skew: u32,
    /// `minDomains`.
    pub min_domains: u32,
    /// Whether a pod of the template matches the constraint's own selector.
    pub matches_itself: bool,
    /// Whether the key is the hostname.
    pub by_hostname: bool,
    /// Domains of the key.
    pub topology: TopologyId,
    /// Matching pods by domain.
    pub tally: TallyId,
    /// With `nodeTaintsPolicy: Honor`: matching pods by node, from which `tally` is filled in for each decision.
    pub by_node: Option<TallyId>,
}

/// The constraints that only score.
#[derive(Clone, Debug, Default)]
pub(crate) struct SoftSpread {
    /// In the order of the template.
    pub rules: Vec<SpreadRule>,
    /// Nodes that score 0 because they lack a key, by position; `None` if there are none.
    pub ignored: Option<Vec<bool>>,
    /// Group of each node, by position: nodes of one group differ in nothing but what is counted by hostname.
    pub groups: Vec<u32>,
    /// Number of groups.
    pub group_count: u32,
}

/// Which nodes a template may count pods on.
#[derive(Clone, Copy)]
pub(super) struct Eligible {
    /// Nodes that match its node selector and required node affinity.
    pub affinity: NodeSetId,
    /// Nodes whose lasting taints it tolerates.
    pub taints: NodeSetId,
}

/// Which pods a constraint counts.
struct Counted {
    templates: Vec<bool>,
    by_revision: bool,
}

/// `DoNotSchedule` constraints.
pub(super) fn hard(builder: &mut Builder, template: usize, eligible: Eligible) -> Vec<SpreadRule> {
    let scenario = builder.scenario;
    let own: Vec<&SpreadConstraint> = scenario.templates[template].spread.iter().filter(|c| c.hard).collect();
    rules(builder, template, &own, eligible, true)
}

/// `ScheduleAnyway` constraints; the system's defaults if the template has no constraint of either kind.
pub(super) fn soft(builder: &mut Builder, template: usize, eligible: Eligible) -> SoftSpread {
    let scenario = builder.scenario;
    let constraints = &scenario.templates[template].spread;
    if constraints.is_empty() {
        let rules = defaults(builder, template, eligible);
        return grouped(builder, rules, None);
    }
    let own: Vec<&SpreadConstraint> = constraints.iter().filter(|c| !c.hard).collect();
    let ignored = builder.nodes_lacking(own.iter().map(|c| c.topology_key.as_str()));
    let rules = rules(builder, template, &own, eligible, true);
    grouped(builder, rules, ignored)
}

fn grouped(builder: &Builder, rules: Vec<SpreadRule>, ignored: Option<Vec<bool>>) -> SoftSpread {
    let wide = rules.iter().filter(|rule| !rule.by_hostname).map(|rule| rule.topology);
    let wide: Vec<&Topology> = wide.map(|topology| builder.topologies.get(topology)).collect();
    let is_ignored = |at: usize| ignored.as_ref().is_some_and(|ignored| ignored[at]);
    let mut known = BTreeMap::new();
    let mut group = |at: usize| {
        let domains: Vec<u32> = wide.iter().map(|topology| topology.looked_up[at]).collect();
        let next = known.len() as u32;
        *known.entry((is_ignored(at), domains)).or_insert(next)
    };
    let groups = (0..builder.nodes()).map(&mut group).collect();
    let group_count = known.len() as u32;
    SoftSpread { rules, ignored, groups, group_count }
}

fn rules<'a>(
    builder: &mut Builder<'a>,
    template: usize,
    constraints: &[&'a SpreadConstraint],
    eligible: Eligible,
    all_keys_required: bool,
) -> Vec<SpreadRule> {
    let keys = constraints.iter().map(|c| c.topology_key.as_str());
    let required_keys: Vec<&str> = if all_keys_required { keys.collect() } else { Vec::new() };
    let each = |constraint: &&'a SpreadConstraint| {
        let query = query(constraint, &required_keys, eligible);
        let counted = counted(builder, template, constraint);
        rule(builder, template, constraint, query, counted)
    };
    constraints.iter().map(each).collect()
}

/// Hostname 3 and zone 5 for pods of a Service or controller, nodes without the key included
/// (`podtopologyspread/plugin.go`, `systemDefaultConstraints`).
fn defaults(builder: &mut Builder, template: usize, eligible: Eligible) -> Vec<SpreadRule> {
    let Some(counted) = counted_by_default(builder, template) else { return Vec::new() };
    let mut rule_for = |key: &'static str, max_skew| {
        let constraint = default_constraint(key, max_skew);
        let query = TopologyQuery { key, required_keys: Vec::new(), within: vec![eligible.affinity] };
        let counted = Counted { templates: counted.templates.clone(), ..counted };
        rule(builder, template, &constraint, query, counted)
    };
    vec![rule_for(HOSTNAME, 3), rule_for(ZONE, 5)]
}

fn default_constraint(key: &str, max_skew: u32) -> SpreadConstraint {
    SpreadConstraint {
        max_skew,
        topology_key: key.to_owned(),
        hard: false,
        selector: Selector::default(),
        same_revision: false,
        min_domains: 1,
        honor_affinity: true,
        honor_taints: false,
    }
}

fn query<'a>(
    constraint: &'a SpreadConstraint,
    required_keys: &[&'a str],
    eligible: Eligible,
) -> TopologyQuery<'a> {
    let affinity = constraint.honor_affinity.then_some(eligible.affinity);
    let taints = constraint.honor_taints.then_some(eligible.taints);
    TopologyQuery {
        key: &constraint.topology_key,
        required_keys: required_keys.to_vec(),
        within: affinity.into_iter().chain(taints).collect(),
    }
}

fn rule<'a>(
    builder: &mut Builder<'a>,
    template: usize,
    constraint: &SpreadConstraint,
    query: TopologyQuery<'a>,
    counted: Counted,
) -> SpreadRule {
    let matches_itself = counted.templates[template];
    let topology = builder.topologies.intern(query, &builder.sets);
    let (tally, by_node) = tallies(builder, topology, counted, constraint.honor_taints);
    SpreadRule {
        max_skew: constraint.max_skew,
        min_domains: constraint.min_domains,
        matches_itself,
        by_hostname: constraint.topology_key == HOSTNAME,
        topology,
        tally,
        by_node,
    }
}

fn tallies(
    builder: &mut Builder,
    topology: TopologyId,
    counted: Counted,
    honor_taints: bool,
) -> (TallyId, Option<TallyId>) {
    let Counted { templates, by_revision } = counted;
    let spec = |topology| TallySpec { topology, templates, by_revision, with_terminating: false };
    if !honor_taints {
        return (builder.tallies.intern(spec(topology)), None);
    }
    let by_node = spec(builder.topologies.by_node());
    let reserved = builder.tallies.reserve(topology, builder.scenario.templates.len());
    (reserved, Some(builder.tallies.intern(by_node)))
}

/// Pods of the template's namespace that the selector matches. `pod-template-hash` in `matchLabelKeys` leaves
/// those of one revision of one Deployment; on pods without that label it is ignored, as upstream does.
fn counted(builder: &Builder, template: usize, constraint: &SpreadConstraint) -> Counted {
    let own = &builder.scenario.templates[template];
    let by_revision = constraint.same_revision && is_of_deployment(builder, template);
    let matches = |(index, other): (usize, &PodTemplate)| {
        (index == template || !by_revision)
            && other.namespace == own.namespace
            && constraint.selector.matches(&other.labels)
    };
    Counted { templates: builder.scenario.templates.iter().enumerate().map(matches).collect(), by_revision }
}

/// What `helper.DefaultSelector` selects: the selectors of the pod's Services and of its controller together. A
/// ReplicaSet made by a Deployment selects one `pod-template-hash`, hence one revision. `None` for a pod that
/// has neither.
fn counted_by_default(builder: &Builder, template: usize) -> Option<Counted> {
    let scenario = builder.scenario;
    let templates = scenario.templates.len();
    if is_owned(builder, template) {
        let templates = (0..templates).map(|other| other == template).collect();
        return Some(Counted { templates, by_revision: is_of_deployment(builder, template) });
    }
    let own = &scenario.templates[template];
    let mut services =
        scenario.services.iter().filter(|s| own.is_selected(&s.namespace, &s.selector)).peekable();
    services.peek()?;
    let services: Vec<_> = services.collect();
    let in_all = |pod: &PodTemplate| services.iter().all(|s| pod.is_selected(&s.namespace, &s.selector));
    Some(Counted { templates: scenario.templates.iter().map(in_all).collect(), by_revision: false })
}

fn is_owned(builder: &Builder, template: usize) -> bool {
    builder.has_workload(template, |kind| *kind != WorkloadKind::Pod && !kind.is_batch())
}

fn is_of_deployment(builder: &Builder, template: usize) -> bool {
    builder.has_workload(template, |kind| matches!(kind, WorkloadKind::Deployment(_)))
}
