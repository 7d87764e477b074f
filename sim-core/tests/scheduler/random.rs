//! Random clusters and histories, on which the scheduler is held against the oracle.

use std::ops::Range;
use std::sync::Arc;

use sim_core::controllers::scheduler::{
    Decision, Explanation, NodeTaints, Reason, Scheduler, Tables, feasible_nodes_to_find,
};
use sim_core::ids::{ImageId, NodeId, TemplateId};
use sim_core::spec::*;

use crate::common::*;
use crate::oracle::{Incoming, Oracle, Pod};
use crate::preemption;

#[test]
fn the_scheduler_agrees_with_the_oracle_on_small_clusters() {
    let (bound, rejected, scored, preempted) = compare(0..600, 60, 2..15);
    assert!(
        bound > 10_000 && rejected > 5_000 && scored > 60_000 && preempted > 500,
        "all sides of the rules are tried"
    );
}

/// From 100 nodes on, a decision looks at a part of them, and the next begins where it ended.
#[test]
fn the_scheduler_agrees_with_the_oracle_on_clusters_that_it_examines_in_part() {
    let (bound, _, scored, _) = compare(0..6, 30, 101..180);
    assert!(bound > 100 && scored > 5_000, "all sides of the rules are tried");
}

/// Lets both play histories; gives how many pods were bound and rejected, how many candidates scored, and for how many
/// pods room could be made.
fn compare(seeds: Range<u64>, changes: usize, nodes: Range<usize>) -> (usize, usize, usize, usize) {
    let (mut bound, mut rejected, mut scored, mut preempted) = (0, 0, 0, 0);
    for seed in seeds {
        let mut luck = Luck(seed);
        let nodes = nodes.start + luck.below(nodes.len());
        let mut scenario = luck.scenario(nodes);
        preemption::give_priorities(&mut scenario);
        let mut history = History::new(&scenario);
        for change in 0..changes {
            history.change(&mut luck);
            match history.place(&mut luck, &format!("seed {seed}, change {change}")) {
                0 => rejected += 1,
                candidates => (bound, scored) = (bound + 1, scored + candidates),
            }
        }
        preempted += history.preempted;
    }
    println!("{bound} pods bound, {rejected} rejected, {scored} candidates scored, {preempted} given room");
    (bound, rejected, scored, preempted)
}

/// The scheduler and the oracle, told the same.
struct History<'a> {
    scheduler: Scheduler,
    oracle: Oracle<'a>,
    start: usize,
    order: Vec<NodeId>,
    placed: u32,
    preempted: usize,
}

impl<'a> History<'a> {
    fn new(scenario: &'a Scenario) -> History<'a> {
        let nodes = &scenario.cluster.nodes;
        let taints = nodes.iter().map(|node| match node.unschedulable {
            true => NodeTaints::UNSCHEDULABLE,
            false => NodeTaints::NONE,
        });
        History {
            scheduler: Scheduler::new(Arc::new(Tables::new(scenario))),
            oracle: Oracle {
                scenario,
                pods: Vec::new(),
                taints: taints.collect(),
                images: vec![vec![false; scenario.images.len()]; nodes.len()],
            },
            start: 0,
            order: zones_in_turn(&scenario.cluster),
            placed: 0,
            preempted: 0,
        }
    }

    /// A pod begins or ends to terminate, a node's taints or images change.
    fn change(&mut self, luck: &mut Luck) {
        let node = NodeId::from(luck.below(self.oracle.taints.len()));
        match luck.below(6) {
            0 if !self.oracle.pods.is_empty() => {
                let pod = luck.below(self.oracle.pods.len());
                let pod = &mut self.oracle.pods[pod];
                if !pod.terminating {
                    pod.terminating = true;
                    self.scheduler.pod_terminating(pod.template, pod.revision, pod.node);
                }
            }
            1 if !self.oracle.pods.is_empty() => {
                let pod = luck.below(self.oracle.pods.len());
                let pod = self.oracle.pods.swap_remove(pod);
                self.scheduler.pod_removed(pod.template, pod.revision, pod.node, pod.terminating);
            }
            2 => {
                let all = [NodeTaints::NOT_READY, NodeTaints::UNREACHABLE, NodeTaints::UNSCHEDULABLE];
                let taints = if luck.one_in(2) { NodeTaints::NONE } else { all[luck.below(3)] };
                self.scheduler.set_taints(node, taints);
                self.oracle.taints[node.index()] = taints;
            }
            3 => {
                let (image, present) = (luck.below(self.oracle.scenario.images.len()), luck.one_in(2));
                self.scheduler.set_image(node, ImageId::from(image), present);
                self.oracle.images[node.index()][image] = present;
            }
            _ => {}
        }
    }

    /// Both judge a random pod, which is then placed. Returns the number of candidates.
    fn place(&mut self, luck: &mut Luck, moment: &str) -> usize {
        let template = TemplateId::from(luck.below(self.oracle.scenario.templates.len()));
        let revision = luck.below(3) as u32;
        let pod = self.oracle.incoming(template, revision);
        let reasons = self.reasons(pod, moment);
        let candidates = self.candidates(&reasons);
        let expected = self.oracle.explain(pod, &candidates);
        assert_eq!(self.scheduler.explain(template, revision), expected, "{moment}: {template:?}");
        let draw = luck.next();
        match self.scheduler.schedule(template, revision, |ties| draw % ties) {
            Decision::Bound(node) => {
                assert_eq!(node, pick(&expected, draw), "{moment}: {template:?}");
                self.scheduler.assume(template, revision, node);
                self.placed += 1;
                let number = self.placed;
                self.oracle.pods.push(Pod { template, revision, node, terminating: false, number });
            }
            Decision::Unschedulable(rejections) => {
                let count = |reason| reasons.iter().filter(|r| **r == Some(reason)).count() as u32;
                assert!(candidates.is_empty() && rejections.iter().all(|(r, n)| n == count(r)), "{moment}");
                let offset = luck.next();
                let (scheduler, oracle) = (&mut self.scheduler, &self.oracle);
                self.preempted += preemption::compare(scheduler, oracle, &self.order, pod, offset, moment);
            }
        }
        candidates.len()
    }

    /// Why each node cannot hold the pod, on which both agree.
    fn reasons(&mut self, pod: Incoming, moment: &str) -> Vec<Option<Reason>> {
        let judge = |node| {
            let expected = self.oracle.rejection(pod, node);
            let actual = self.scheduler.rejection(pod.id, pod.revision, node);
            assert_eq!(actual, expected, "{moment}: {:?} on {node:?}", pod.id);
            expected
        };
        (0..self.order.len()).map(NodeId::from).map(judge).collect()
    }

    /// The nodes to choose from, from where the last decision ended until there are enough.
    fn candidates(&mut self, reasons: &[Option<Reason>]) -> Vec<NodeId> {
        let wanted = feasible_nodes_to_find(self.order.len(), 0);
        let (mut candidates, mut examined) = (Vec::new(), 0);
        for node in self.order.iter().cycle().skip(self.start).take(self.order.len()) {
            examined += 1;
            candidates.extend(reasons[node.index()].is_none().then_some(*node));
            if candidates.len() == wanted {
                break;
            }
        }
        self.start = (self.start + examined) % self.order.len();
        candidates
    }
}

/// One of the best, by the draw if there are several.
fn pick(candidates: &[Explanation], draw: u64) -> NodeId {
    let best = candidates.iter().map(|candidate| candidate.total).max();
    let tied: Vec<NodeId> =
        candidates.iter().filter(|candidate| Some(candidate.total) == best).map(|c| c.node).collect();
    tied[(draw % tied.len() as u64) as usize]
}

/// Snapshot order: a node of each zone in turn (`pkg/scheduler/backend/cache/node_tree.go`).
fn zones_in_turn(cluster: &Cluster) -> Vec<NodeId> {
    let mut zones: Vec<_> = cluster.nodes.iter().map(|node| node.zone).collect();
    let mut seen = Vec::new();
    zones.retain(|zone| {
        !seen.contains(zone) && {
            seen.push(*zone);
            true
        }
    });
    let in_zone = |zone| (0..cluster.nodes.len()).filter(move |node| cluster.nodes[*node].zone == zone);
    (0..cluster.nodes.len())
        .flat_map(|turn| zones.iter().filter_map(move |zone| in_zone(*zone).nth(turn)))
        .map(NodeId::from)
        .collect()
}

/// A small generator (splitmix64) for tests.
pub struct Luck(u64);

impl Luck {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn some<T>(&mut self, one_in: usize, make: impl Fn(&mut Luck) -> T) -> Vec<T> {
        if self.one_in(one_in) { (0..=self.below(2)).map(|_| make(self)).collect() } else { Vec::new() }
    }

    fn scenario(&mut self, nodes: usize) -> Scenario {
        let mut scenario = scenario();
        scenario.images = [10, 200, 900].map(|mebi| image("i", mebi << 20)).to_vec();
        for index in 0..nodes {
            self.add_node(&mut scenario, index);
        }
        for _ in 0..2 + self.below(4) {
            let template = self.template(&scenario);
            let kind = [deployment(), WorkloadKind::ReplicaSet, WorkloadKind::Pod][self.below(3)].clone();
            add_template(&mut scenario, template, kind);
        }
        scenario.services = self.some(2, |luck| luck.service());
        scenario
    }

    fn add_node(&mut self, scenario: &mut Scenario, index: usize) {
        let name = format!("n{index}");
        let mut labels = vec![(HOSTNAME, name.as_str())];
        if !self.one_in(8) {
            labels.push((ZONE, ["a", "b", "c"][self.below(3)]));
        }
        if self.one_in(2) {
            labels.push(("disk", ["ssd", "hdd"][self.below(2)]));
        }
        add_node(scenario, &name, labels);
        let node = scenario.cluster.nodes.last_mut().expect("it was added");
        node.allocatable = resources(1000 * (1 + self.below(4) as u64), (1 + self.below(8) as u64) << 30);
        node.allocatable.pods = 3 + self.below(20) as u32;
        node.allocatable.extended = self.some(2, |luck| ("gpu".to_owned(), 1 + luck.below(4) as u64));
        node.allocatable.extended.truncate(1);
        node.taints = self.some(4, Luck::taint);
        node.unschedulable = self.one_in(10);
    }

    fn template(&mut self, scenario: &Scenario) -> PodTemplate {
        let app = ["web", "db", "job"][self.below(3)];
        let mut template = template([("app", app), ("tier", ["front", "back"][self.below(2)])]);
        template.namespace = ["default", "default", "other"][self.below(3)].to_owned();
        template.containers = (0..=self.below(2)).map(|_| container(ImageId(self.below(3) as u32))).collect();
        template.requests = resources(100 * self.below(6) as u64, (self.below(4) as u64 * 300) << 20);
        template.requests.extended = self.some(6, |luck| ("gpu".to_owned(), 1 + luck.below(2) as u64));
        template.requests.extended.truncate(1);
        template.node_name = self.one_in(25).then(|| scenario.cluster.nodes[0].name.clone());
        template.node_selector = if self.one_in(8) { self.disk() } else { Selector::default() };
        template.node_affinity = self.one_in(6).then(|| vec![self.disk(), has_label(ZONE)]);
        template.preferred_node_affinity = self.some(3, |luck| (1 + luck.below(100) as i64, luck.disk()));
        template.tolerations = self.some(3, Luck::toleration);
        template.host_ports = self.some(8, |luck| (80 + luck.below(2) as u16, "TCP".to_owned()));
        template.spread = self.some(2, Luck::constraint);
        template.pod_affinity = PodAffinity {
            required: self.some(6, Luck::term),
            required_anti: self.some(6, Luck::term),
            preferred: self.some(3, |luck| (luck.below(201) as i64 - 100, luck.term())),
        };
        template
    }

    fn service(&mut self) -> Service {
        Service {
            name: "s".to_owned(),
            namespace: "default".to_owned(),
            selector: self.pods(),
            exposure: Exposure::Cluster,
            routing: Routing::default(),
            publish_not_ready: false,
            traffic: Traffic::constant(1.0),
            depends_on: Vec::new(),
            required_serving: 1,
            outage_below: 0.5,
            objectives: Vec::new(),
        }
    }

    fn constraint(&mut self) -> SpreadConstraint {
        let (key, skew, hard) = (self.key(), 1 + self.below(3) as u32, self.one_in(2));
        SpreadConstraint {
            same_revision: self.one_in(3),
            min_domains: 1 + self.below(3) as u32,
            honor_affinity: !self.one_in(3),
            honor_taints: self.one_in(3),
            ..constraint(key, skew, hard, self.pods())
        }
    }

    fn term(&mut self) -> PodAffinityTerm {
        let namespaces = [None, Some(vec!["default".to_owned()]), Some(vec!["other".to_owned()])];
        PodAffinityTerm {
            topology_key: self.key().to_owned(),
            selector: self.pods(),
            namespaces: namespaces[self.below(3)].clone(),
        }
    }

    fn key(&mut self) -> &'static str {
        [HOSTNAME, ZONE, "disk"][self.below(3)]
    }

    fn pods(&mut self) -> Selector {
        let labels = [("app", "web"), ("app", "db"), ("tier", "front"), ("tier", "back")];
        Selector::from_labels(&[labels[self.below(4)]].into_iter().collect())
    }

    fn disk(&mut self) -> Selector {
        let is = match self.below(3) {
            0 => Operator::Exists,
            1 => Operator::In(vec!["ssd".to_owned()]),
            _ => Operator::NotIn(vec!["ssd".to_owned()]),
        };
        Selector(vec![Requirement { key: "disk".to_owned(), is }])
    }

    fn taint(&mut self) -> Taint {
        let effects = [TaintEffect::NoSchedule, TaintEffect::PreferNoSchedule, TaintEffect::NoExecute];
        Taint {
            key: format!("t{}", self.below(3)),
            value: String::new(),
            effect: effects[[1, 1, 0, 2][self.below(4)]],
        }
    }

    fn toleration(&mut self) -> Toleration {
        let keys = ["t0", "t1", "node.kubernetes.io/unschedulable", "node.kubernetes.io/unreachable"];
        let key = keys[self.below(4)].to_owned();
        Toleration { key: (!self.one_in(6)).then_some(key), value: None, effect: None, seconds: None }
    }
}
