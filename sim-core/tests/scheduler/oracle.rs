//! The scheduler's rules once more, straight from the reference: slow, without tables, over a plain list of pods.
//! Random clusters must get the same answers from both.

use sim_core::controllers::scheduler::{Explanation, NodeTaints, Plugin, Reason};
use sim_core::ids::{NodeId, TemplateId};
use sim_core::spec::*;

use crate::common::{HOSTNAME, ZONE};

/// A pod on a node.
#[derive(Clone, Debug)]
pub struct Pod {
    pub template: TemplateId,
    pub revision: u32,
    pub node: NodeId,
    pub terminating: bool,
    /// The how-many-th it was to be placed.
    pub number: u32,
}

/// What a naive scheduler looks at.
#[derive(Clone)]
pub struct Oracle<'a> {
    pub scenario: &'a Scenario,
    pub pods: Vec<Pod>,
    /// By node.
    pub taints: Vec<NodeTaints>,
    /// By node, by image.
    pub images: Vec<Vec<bool>>,
}

/// The pod to place.
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    pub id: TemplateId,
    pub revision: u32,
    pub template: &'a PodTemplate,
}

impl<'a> Oracle<'a> {
    pub fn incoming(&self, id: TemplateId, revision: u32) -> Incoming<'a> {
        Incoming { id, revision, template: &self.scenario.templates[id.index()] }
    }

    fn template(&self, pod: &Pod) -> &'a PodTemplate {
        &self.scenario.templates[pod.template.index()]
    }

    fn node(&self, node: NodeId) -> &'a Node {
        &self.scenario.cluster.nodes[node.index()]
    }

    fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.scenario.cluster.nodes.len()).map(NodeId::from)
    }

    fn pods_on(&self, node: NodeId) -> impl Iterator<Item = &Pod> {
        self.pods.iter().filter(move |pod| pod.node == node)
    }

    fn owned_by(&self, id: TemplateId, kind: impl Fn(&WorkloadKind) -> bool) -> bool {
        self.scenario.workloads.iter().any(|w| w.template == id && kind(&w.kind))
    }

    /// Taints of the node that the pod does not tolerate, by effect.
    fn untolerated(&self, pod: Incoming, node: NodeId, effects: &[TaintEffect]) -> Vec<Taint> {
        let all = self.node(node).taints.iter().cloned().chain(self.taints[node.index()].iter());
        all.filter(|taint| effects.contains(&taint.effect))
            .filter(|taint| !pod.template.tolerations.iter().any(|t| t.tolerates(taint)))
            .collect()
    }

    fn matches_node(&self, pod: Incoming, node: NodeId) -> bool {
        let labels = &self.node(node).labels;
        let terms = pod.template.node_affinity.as_ref();
        pod.template.node_selector.matches(labels)
            && terms.is_none_or(|terms| terms.iter().any(|term| !term.0.is_empty() && term.matches(labels)))
    }

    // ---- filters ----

    pub fn rejection(&self, pod: Incoming, node: NodeId) -> Option<Reason> {
        let hard = [TaintEffect::NoSchedule, TaintEffect::NoExecute];
        let untolerated = self.untolerated(pod, node, &hard);
        let cordon = "node.kubernetes.io/unschedulable";
        if self.taints[node.index()].intersects(NodeTaints::UNSCHEDULABLE)
            && untolerated.iter().any(|taint| taint.key == cordon)
        {
            Some(Reason::Unschedulable)
        } else if pod.template.node_name.as_ref().is_some_and(|name| *name != self.node(node).name) {
            Some(Reason::NodeName)
        } else if !untolerated.is_empty() {
            Some(Reason::Taint)
        } else if !self.matches_node(pod, node) {
            Some(Reason::NodeAffinity)
        } else if self.has_port_conflict(pod, node) {
            Some(Reason::HostPort)
        } else {
            self.shortage(pod, node).or_else(|| self.skew(pod, node)).or_else(|| self.affinity(pod, node))
        }
    }

    fn has_port_conflict(&self, pod: Incoming, node: NodeId) -> bool {
        let taken = |port| self.pods_on(node).any(|other| self.template(other).host_ports.contains(port));
        pod.template.host_ports.iter().any(taken)
    }

    fn shortage(&self, pod: Incoming, node: NodeId) -> Option<Reason> {
        let capacity = &self.node(node).allocatable;
        let sum = |amount: &dyn Fn(&Resources) -> u64| -> u64 {
            self.pods_on(node).map(|other| amount(&self.template(other).requests)).sum()
        };
        let lacks = |amount: &dyn Fn(&Resources) -> u64| {
            let asked = amount(&pod.template.requests);
            asked > 0 && sum(amount) + asked > amount(capacity)
        };
        let amount = |resources: &Resources, name: &str| {
            resources.extended.iter().find(|(other, _)| other == name).map_or(0, |(_, amount)| *amount)
        };
        if self.pods_on(node).count() as u32 + 1 > capacity.pods {
            Some(Reason::TooManyPods)
        } else if lacks(&|resources| resources.cpu_milli) {
            Some(Reason::InsufficientCpu)
        } else if lacks(&|resources| resources.memory_bytes) {
            Some(Reason::InsufficientMemory)
        } else {
            let names = pod.template.requests.extended.iter().map(|(name, _)| name);
            let mut short = names.filter(|name| lacks(&|resources| amount(resources, name)));
            short.next().map(|_| Reason::InsufficientExtended)
        }
    }

    fn affinity(&self, pod: Incoming, node: NodeId) -> Option<Reason> {
        let rules = &pod.template.pod_affinity;
        let here = |key: &str| self.node(node).labels.get(key);
        let in_domain = |key: &str, other: &Pod| {
            here(key).is_some() && self.node(other.node).labels.get(key) == here(key)
        };
        let near = |key: &str, matches: &dyn Fn(&Pod) -> bool| {
            self.pods.iter().any(|other| in_domain(key, other) && matches(other))
        };
        let all = |other: &PodTemplate| rules.required.iter().all(|term| matches(term, other));
        let labelled = rules.required.iter().all(|term| here(&term.topology_key).is_some());
        let satisfied =
            rules.required.iter().all(|term| near(&term.topology_key, &|other| all(self.template(other))));
        let nowhere = !self.pods.iter().any(|other| {
            let has_key =
                |term: &PodAffinityTerm| self.node(other.node).labels.get(&term.topology_key).is_some();
            all(self.template(other)) && rules.required.iter().any(has_key)
        });
        let first = nowhere && all(pod.template);
        if !rules.required.is_empty() && !(labelled && (satisfied || first)) {
            return Some(Reason::PodAffinity);
        }
        let repelled =
            |term: &PodAffinityTerm| near(&term.topology_key, &|other| matches(term, self.template(other)));
        if rules.required_anti.iter().any(repelled) {
            return Some(Reason::PodAntiAffinity);
        }
        let repels = |other: &Pod| {
            let terms = &self.template(other).pod_affinity.required_anti;
            terms.iter().any(|term| matches(term, pod.template) && in_domain(&term.topology_key, other))
        };
        self.pods.iter().any(repels).then_some(Reason::AntiAffinityOfOthers)
    }

    // ---- topology spread ----

    fn counts(&self, pod: Incoming, constraint: &SpreadConstraint, other: &Pod) -> bool {
        let template = self.template(other);
        let by_revision = constraint.same_revision
            && self.owned_by(pod.id, |kind| matches!(kind, WorkloadKind::Deployment(_)));
        let same = other.template == pod.id && other.revision == pod.revision;
        !other.terminating
            && template.namespace == pod.template.namespace
            && constraint.selector.matches(&template.labels)
            && (!by_revision || same)
    }

    fn is_eligible(&self, pod: Incoming, constraint: &SpreadConstraint, node: NodeId) -> bool {
        let hard = [TaintEffect::NoSchedule, TaintEffect::NoExecute];
        (!constraint.honor_affinity || self.matches_node(pod, node))
            && (!constraint.honor_taints || self.untolerated(pod, node, &hard).is_empty())
    }

    fn has_keys(&self, constraints: &[&SpreadConstraint], node: NodeId) -> bool {
        constraints.iter().all(|c| self.node(node).labels.get(&c.topology_key).is_some())
    }

    fn skew(&self, pod: Incoming, node: NodeId) -> Option<Reason> {
        let constraints: Vec<_> = pod.template.spread.iter().filter(|c| c.hard).collect();
        for constraint in &constraints {
            let value = |node| self.node(node).labels.get(&constraint.topology_key);
            let Some(here) = value(node) else { return Some(Reason::SpreadLabel) };
            let eligible: Vec<NodeId> = self
                .nodes()
                .filter(|n| self.has_keys(&constraints, *n) && self.is_eligible(pod, constraint, *n))
                .collect();
            let count = |domain: &str| {
                let counted = |other: &&Pod| {
                    eligible.contains(&other.node)
                        && value(other.node) == Some(domain)
                        && self.counts(pod, constraint, other)
                };
                self.pods.iter().filter(counted).count() as i64
            };
            let mut domains: Vec<&str> = eligible.iter().filter_map(|node| value(*node)).collect();
            domains.sort_unstable();
            domains.dedup();
            let least = domains.iter().map(|domain| count(domain)).min().unwrap_or(0);
            let least = if domains.len() < constraint.min_domains as usize { 0 } else { least };
            let itself = i64::from(constraint.selector.matches(&pod.template.labels));
            if count(here) + itself - least > i64::from(constraint.max_skew) {
                return Some(Reason::SpreadSkew);
            }
        }
        None
    }

    /// `(constraint, count)` pairs: the template's own, or the defaults.
    fn soft_constraints(&self, pod: Incoming) -> (Vec<SpreadConstraint>, bool) {
        let own = &pod.template.spread;
        if !own.is_empty() {
            return (own.iter().filter(|c| !c.hard).cloned().collect(), true);
        }
        let owned = self.owned_by(pod.id, |kind| *kind != WorkloadKind::Pod);
        let selected = |service: &&Service| {
            service.namespace == pod.template.namespace && service.selector.matches(&pod.template.labels)
        };
        let services: Vec<_> = self.scenario.services.iter().filter(selected).collect();
        if !owned && services.is_empty() {
            return (Vec::new(), false);
        }
        let requirements = services.iter().flat_map(|service| service.selector.0.clone());
        let default = |key: &str, max_skew| SpreadConstraint {
            max_skew,
            topology_key: key.to_owned(),
            hard: false,
            selector: Selector(requirements.clone().collect()),
            same_revision: true,
            min_domains: 1,
            honor_affinity: true,
            honor_taints: false,
        };
        (vec![default(HOSTNAME, 3), default(ZONE, 5)], false)
    }

    fn spread_scores(&self, pod: Incoming, candidates: &[NodeId]) -> Vec<u32> {
        let (constraints, own) = self.soft_constraints(pod);
        if constraints.is_empty() {
            return vec![0; candidates.len()];
        }
        let references: Vec<&SpreadConstraint> = constraints.iter().collect();
        let scored = |node: &NodeId| !own || self.has_keys(&references, *node);
        let owned = self.owned_by(pod.id, |kind| *kind != WorkloadKind::Pod);
        let counted = |constraint: &SpreadConstraint, other: &Pod| {
            self.counts(pod, constraint, other) && (own || !owned || other.template == pod.id)
        };
        let raw = |node: &NodeId| -> i64 {
            let mut sum = 0.0;
            for constraint in &constraints {
                let value = |node: NodeId| self.node(node).labels.get(&constraint.topology_key);
                if value(*node).is_none() {
                    continue;
                }
                let by_hostname = constraint.topology_key == HOSTNAME;
                let mut domains: Vec<_> =
                    candidates.iter().filter(|n| scored(n)).map(|n| value(*n)).collect();
                if !by_hostname {
                    domains.sort_unstable();
                    domains.dedup();
                }
                let pods = self.pods.iter().filter(|other| {
                    value(other.node) == value(*node)
                        && scored(&other.node)
                        && self.is_eligible(pod, constraint, other.node)
                        && counted(constraint, other)
                });
                let weight = libm::log((domains.len() + 2) as f64);
                sum += pods.count() as f64 * weight + f64::from(constraint.max_skew - 1);
            }
            sum.round() as i64
        };
        let raws: Vec<Option<i64>> = candidates.iter().map(|node| scored(node).then(|| raw(node))).collect();
        let known = || raws.iter().flatten().copied();
        let (lowest, highest) = (known().min().unwrap_or(0), known().max().unwrap_or(0));
        let normalize = |raw: &Option<i64>| match raw {
            None => 0,
            Some(_) if highest == 0 => 100,
            Some(raw) => (100 * (highest + lowest - raw) / highest) as u32,
        };
        raws.iter().map(normalize).collect()
    }

    // ---- the other scores ----

    pub fn explain(&self, pod: Incoming, candidates: &[NodeId]) -> Vec<Explanation> {
        let by_plugin = [
            self.taint_scores(pod, candidates),
            self.node_affinity_scores(pod, candidates),
            self.spread_scores(pod, candidates),
            self.pod_affinity_scores(pod, candidates),
            candidates.iter().map(|node| self.least_allocated(pod, *node)).collect(),
            candidates.iter().map(|node| self.balanced(pod, *node)).collect(),
            candidates.iter().map(|node| self.image_score(pod, *node)).collect(),
        ];
        let explanation = |(index, node): (usize, &NodeId)| {
            let scores = std::array::from_fn(|plugin| by_plugin[plugin][index]);
            let total = [3, 2, 2, 2, 1, 1, 1].iter().zip(scores).map(|(weight, score)| weight * score).sum();
            Explanation { node: *node, scores, total }
        };
        assert_eq!(Plugin::ALL.len(), by_plugin.len());
        candidates.iter().enumerate().map(explanation).collect()
    }

    fn taint_scores(&self, pod: Incoming, candidates: &[NodeId]) -> Vec<u32> {
        let raw = |node: &NodeId| self.untolerated(pod, *node, &[TaintEffect::PreferNoSchedule]).len() as u32;
        let highest = candidates.iter().map(raw).max().unwrap_or(0);
        let score = |node| 100 - (100 * raw(node)).checked_div(highest).unwrap_or(0);
        candidates.iter().map(score).collect()
    }

    fn node_affinity_scores(&self, pod: Incoming, candidates: &[NodeId]) -> Vec<u32> {
        let terms = &pod.template.preferred_node_affinity;
        let raw = |node: &NodeId| -> i64 {
            let holds = |term: &Selector| !term.0.is_empty() && term.matches(&self.node(*node).labels);
            terms.iter().filter(|(_, term)| holds(term)).map(|(weight, _)| weight).sum()
        };
        let highest = candidates.iter().map(raw).max().unwrap_or(0);
        let score = |node| if highest == 0 { 0 } else { (100 * raw(node) / highest) as u32 };
        candidates.iter().map(score).collect()
    }

    fn pod_affinity_scores(&self, pod: Incoming, candidates: &[NodeId]) -> Vec<u32> {
        let raw = |node: &NodeId| -> i64 {
            let in_domain = |key: &str, other: &Pod| {
                let here = self.node(*node).labels.get(key);
                here.is_some() && here == self.node(other.node).labels.get(key)
            };
            let score = |weight: i64, term: &PodAffinityTerm, template: &PodTemplate, other: &Pod| {
                if matches(term, template) && in_domain(&term.topology_key, other) { weight } else { 0 }
            };
            let of = |other: &Pod| -> i64 {
                let (own, theirs) = (&pod.template.pod_affinity, &self.template(other).pod_affinity);
                let own: i64 =
                    own.preferred.iter().map(|(w, term)| score(*w, term, self.template(other), other)).sum();
                let hard: i64 = theirs.required.iter().map(|term| score(1, term, pod.template, other)).sum();
                let soft: i64 = theirs.preferred.iter().map(|(w, t)| score(*w, t, pod.template, other)).sum();
                own + hard + soft
            };
            self.pods.iter().map(of).sum()
        };
        let raws: Vec<i64> = candidates.iter().map(raw).collect();
        let (lowest, highest) = (raws.iter().min().copied(), raws.iter().max().copied());
        let (Some(lowest), Some(highest)) = (lowest, highest) else { return Vec::new() };
        let scale = |raw: &i64| match highest - lowest {
            0 => 0,
            range => (100.0 * ((raw - lowest) as f64 / range as f64)) as u32,
        };
        raws.iter().map(scale).collect()
    }

    fn used(&self, pod: Incoming, node: NodeId, amount: impl Fn(&PodTemplate) -> u64) -> u64 {
        amount(pod.template) + self.pods_on(node).map(|other| amount(self.template(other))).sum::<u64>()
    }

    fn least_allocated(&self, pod: Incoming, node: NodeId) -> u32 {
        let or = |asked: u64, each: u64, template: &PodTemplate| {
            if asked == 0 { each * template.containers.len() as u64 } else { asked }
        };
        let capacity = &self.node(node).allocatable;
        let cpu = self.used(pod, node, |t| or(t.requests.cpu_milli, 100, t));
        let memory = self.used(pod, node, |t| or(t.requests.memory_bytes, 200 << 20, t));
        let left = |used: u64, all: u64| if used > all { 0 } else { (all - used) * 100 / all };
        ((left(cpu, capacity.cpu_milli) + left(memory, capacity.memory_bytes)) / 2) as u32
    }

    fn balanced(&self, pod: Incoming, node: NodeId) -> u32 {
        let requests = &pod.template.requests;
        if requests.cpu_milli == 0 && requests.memory_bytes == 0 {
            return 0;
        }
        let capacity = &self.node(node).allocatable;
        let share = |used: u64, all: u64| (used as f64 / all as f64).min(1.0);
        let cpu = share(self.used(pod, node, |t| t.requests.cpu_milli), capacity.cpu_milli);
        let memory = share(self.used(pod, node, |t| t.requests.memory_bytes), capacity.memory_bytes);
        ((1.0 - ((cpu - memory) / 2.0).abs()) * 100.0) as u32
    }

    fn image_score(&self, pod: Incoming, node: NodeId) -> u32 {
        let mebi = 1024 * 1024;
        let containers = &pod.template.containers;
        let scaled = |image: usize| {
            let with = self.images.iter().filter(|images| images[image]).count();
            let size = self.scenario.images[image].size_bytes as f64;
            (size * (with as f64 / self.images.len() as f64)) as u64
        };
        let images = containers.iter().map(|container| container.image.index());
        let sum: u64 = images.filter(|image| self.images[node.index()][*image]).map(scaled).sum();
        let (least, most) = (23 * mebi, 1000 * mebi * containers.len() as u64);
        (100 * (sum.clamp(least, most) - least) / (most - least)) as u32
    }
}

fn matches(term: &PodAffinityTerm, pod: &PodTemplate) -> bool {
    let namespaces = term.namespaces.as_ref();
    namespaces.is_none_or(|names| names.contains(&pod.namespace)) && term.selector.matches(&pod.labels)
}
