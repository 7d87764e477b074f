//! The state of building [`super::Tables`]: what is shared between templates is built once.

use std::collections::BTreeMap;

use super::affinity;
use super::nodes::{NodeSetId, NodeSets, Snapshot};
use super::requests::{self, RequestClass};
use super::spread::{self, Eligible};
use super::tally::Tallies;
use super::topology::Topologies;
use super::{Tables, TemplateTable};
use crate::controllers::scheduler::filter::{AFFINITY_MISMATCH, NAME_MISMATCH, UNTOLERATED_TAINT};
use crate::controllers::scheduler::taints::{NodeTaints, tolerates};
use crate::ids::{ImageId, TemplateId};
use crate::spec::{Node, PodTemplate, Scenario, Selector, Taint, TaintEffect, WorkloadKind};

pub(super) struct Builder<'a> {
    pub scenario: &'a Scenario,
    pub sets: NodeSets,
    pub topologies: Topologies<'a>,
    pub tallies: Tallies,
    nodes: Vec<&'a Node>,
    extended: Vec<&'a str>,
    classes: Vec<RequestClass>,
    verdicts: BTreeMap<Vec<u8>, u32>,
    images: BTreeMap<Vec<ImageId>, u32>,
}

/// Builds the tables of a scenario.
pub(super) fn build(scenario: &Scenario) -> Tables {
    let snapshot = Snapshot::new(&scenario.cluster);
    let mut builder = Builder::new(scenario, &snapshot);
    let templates: Vec<_> =
        (0..scenario.templates.len()).map(|template| builder.template(template)).collect();
    let capacities = requests::capacities(&scenario.cluster, &snapshot, &builder.extended);
    let initial_taints = builder.nodes.iter().map(|node| initial_taints(node)).collect();
    builder.finish(snapshot, templates, capacities, initial_taints)
}

impl<'a> Builder<'a> {
    fn new(scenario: &'a Scenario, snapshot: &Snapshot) -> Builder<'a> {
        let nodes: Vec<&Node> =
            (0..snapshot.len()).map(|at| &scenario.cluster.nodes[snapshot.node(at).index()]).collect();
        Builder {
            scenario,
            sets: NodeSets::default(),
            topologies: Topologies::new(nodes.iter().map(|node| &node.labels).collect()),
            tallies: Tallies::default(),
            nodes,
            extended: requests::extended_names(&scenario.templates),
            classes: Vec::new(),
            verdicts: BTreeMap::new(),
            images: BTreeMap::new(),
        }
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Nodes that lack one of these label keys, by position; `None` if all have all.
    pub fn nodes_lacking<'k>(&self, keys: impl Iterator<Item = &'k str> + Clone) -> Option<Vec<bool>> {
        let lacks = |node: &&Node| keys.clone().any(|key| node.labels.get(key).is_none());
        let lacking: Vec<bool> = self.nodes.iter().map(lacks).collect();
        lacking.contains(&true).then_some(lacking)
    }

    /// Whether a workload of such a kind makes pods of the template.
    pub fn has_workload(&self, template: usize, kind: impl Fn(&WorkloadKind) -> bool) -> bool {
        self.scenario.workloads.iter().any(|w| w.template.index() == template && kind(&w.kind))
    }

    fn template(&mut self, index: usize) -> TemplateTable {
        let template = &self.scenario.templates[index];
        let eligible = Eligible {
            affinity: self.set(|node| admits(template, node)),
            taints: self.set(|node| lasting_taints(node).all(|t| tolerates(&template.tolerations, t))),
        };
        let hard_spread = spread::hard(self, index, eligible);
        let affinity = affinity::rules(self, index);
        TemplateTable {
            priority: template.priority,
            class: self.class(template),
            verdicts: self.verdicts(template, eligible),
            untolerated: NodeTaints::untolerated(&template.tolerations),
            unpreferred: self.unpreferred(template),
            preferred: self.preferred(template),
            has_pod_rules: !hard_spread.is_empty() || affinity.can_reject(),
            hard_spread,
            soft_spread: spread::soft(self, index, eligible),
            affinity,
            images: self.images(template),
        }
    }

    fn set(&mut self, holds: impl Fn(&Node) -> bool) -> NodeSetId {
        let set = self.nodes.iter().map(|node| holds(node)).collect();
        self.sets.intern(set)
    }

    fn class(&mut self, template: &PodTemplate) -> u32 {
        let class = requests::request_class(template, &self.extended);
        let known = self.classes.iter().position(|other| *other == class);
        known.unwrap_or_else(|| {
            self.classes.push(class);
            self.classes.len() - 1
        }) as u32
    }

    fn verdicts(&mut self, template: &PodTemplate, eligible: Eligible) -> u32 {
        let admitted = self.sets.get(eligible.affinity).iter().zip(self.sets.get(eligible.taints));
        let verdict = |(node, (affinity, taints)): (&&Node, (&bool, &bool))| {
            let named = template.node_name.as_ref().is_none_or(|name| *name == node.name);
            flag(!named, NAME_MISMATCH)
                | flag(!affinity, AFFINITY_MISMATCH)
                | flag(!taints, UNTOLERATED_TAINT)
        };
        let row = self.nodes.iter().zip(admitted).map(verdict).collect();
        let next = self.verdicts.len() as u32;
        *self.verdicts.entry(row).or_insert(next)
    }

    /// Numbers of `PreferNoSchedule` taints that the template does not tolerate; `None` if all are 0.
    fn unpreferred(&self, template: &PodTemplate) -> Option<Vec<i64>> {
        let prefer = |taint: &&Taint| taint.effect == TaintEffect::PreferNoSchedule;
        let untolerated = |taint: &&Taint| !tolerates(&template.tolerations, taint);
        let count = |node: &&Node| node.taints.iter().filter(prefer).filter(untolerated).count() as i64;
        some_unless_zero(self.nodes.iter().map(count).collect())
    }

    /// Sums of the weights of the preferred node affinity terms that hold; `None` if all are 0.
    fn preferred(&self, template: &PodTemplate) -> Option<Vec<i64>> {
        let terms = &template.preferred_node_affinity;
        let holds = |term: &Selector, node: &Node| !term.0.is_empty() && term.matches(&node.labels);
        let sum =
            |node: &&Node| terms.iter().filter(|(_, term)| holds(term, node)).map(|(weight, _)| weight).sum();
        some_unless_zero(self.nodes.iter().map(sum).collect())
    }

    fn images(&mut self, template: &PodTemplate) -> u32 {
        let images = template.containers.iter().map(|container| container.image).collect();
        let next = self.images.len() as u32;
        *self.images.entry(images).or_insert(next)
    }

    fn finish(
        self,
        snapshot: Snapshot,
        templates: Vec<TemplateTable>,
        capacities: Vec<requests::Capacity>,
        initial_taints: Vec<NodeTaints>,
    ) -> Tables {
        let tallies = self.tallies.into_list();
        let counted_in = |template| (0..).zip(&tallies).filter(move |(_, t)| t.templates[template]);
        Tables {
            tallies_of: (0..templates.len())
                .map(|template| counted_in(template).map(|(id, _)| super::TallyId(id)).collect())
                .collect(),
            spread_weights: (0..=snapshot.len()).map(|size| libm::log((size + 2) as f64)).collect(),
            verdicts: in_order(self.verdicts),
            image_sets: in_order(self.images),
            image_sizes: self.scenario.images.iter().map(|image| image.size_bytes).collect(),
            topologies: self.topologies.into_list(),
            classes: self.classes,
            snapshot,
            templates,
            capacities,
            initial_taints,
            tallies,
        }
    }
}

fn in_order<T>(ids: BTreeMap<T, u32>) -> Vec<T> {
    let mut entries: Vec<(T, u32)> = ids.into_iter().collect();
    entries.sort_unstable_by_key(|(_, id)| *id);
    entries.into_iter().map(|(entry, _)| entry).collect()
}

/// Whether a node has the labels that a template asks for.
pub(crate) fn admits(template: &PodTemplate, node: &Node) -> bool {
    // A term without expressions matches no node (`nodeaffinity.GetRequiredNodeAffinity`).
    let holds = |term: &Selector| !term.0.is_empty() && term.matches(&node.labels);
    template.node_selector.matches(&node.labels)
        && template.node_affinity.as_ref().is_none_or(|terms| terms.iter().any(holds))
}

fn lasting_taints(node: &Node) -> impl Iterator<Item = &Taint> {
    node.taints.iter().filter(|taint| taint.effect != TaintEffect::PreferNoSchedule)
}

fn initial_taints(node: &Node) -> NodeTaints {
    if node.unschedulable { NodeTaints::UNSCHEDULABLE } else { NodeTaints::NONE }
}

fn flag(set: bool, bit: u8) -> u8 {
    if set { bit } else { 0 }
}

fn some_unless_zero(row: Vec<i64>) -> Option<Vec<i64>> {
    row.iter().any(|value| *value != 0).then_some(row)
}

impl Tables {
    /// The table of a template.
    pub(crate) fn template(&self, template: TemplateId) -> &TemplateTable {
        &self.templates[template.index()]
    }
}
