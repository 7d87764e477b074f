//! Small clusters whose weak points a person can see.

use sim_core::ids::{NodeId, RackId, RegionId, ServiceId, TemplateId, ZoneId};
use sim_core::spec::*;

use super::*;
use crate::sample;

/// Zones a and b of one region: n1 and n2 in rack a1 of zone a, n3 in zone b. Services `web` of two replicas, `db`
/// of one; web needs db.
fn two_zones() -> Scenario {
    let mut scenario = sample::scenario();
    let zone = |name: &str| Zone { name: name.to_owned(), region: RegionId(0) };
    scenario.cluster.zones = vec![zone("a"), zone("b")];
    scenario.cluster.racks = vec![Rack { name: "a1".to_owned(), zone: ZoneId(0) }];
    scenario.cluster.nodes = vec![in_zone("n1", 0), in_zone("n2", 0), in_zone("n3", 1)];
    scenario.templates = vec![sample::template("web"), sample::template("db")];
    scenario.workloads = vec![sample::workload("web"), sample::workload("db")];
    scenario.workloads[0].replicas = 2;
    scenario.workloads[1].template = TemplateId(1);
    scenario.services = vec![sample::service("web"), sample::service("db")];
    scenario.services[0].depends_on = vec![ServiceId(1)];
    scenario
}

fn in_zone(name: &str, zone: u32) -> Node {
    let mut node = sample::node(name);
    node.zone = ZoneId(zone);
    node.rack = (zone == 0).then_some(RackId(0));
    node.labels = Labels::from_iter([("topology.kubernetes.io/zone", ["a", "b"][zone as usize])]);
    node
}

fn zone_is(name: &str) -> Selector {
    Selector::from_labels(&Labels::from_iter([("topology.kubernetes.io/zone", name)]))
}

fn points(plan: &Plan, service: usize) -> Vec<String> {
    let told = |point: &SinglePoint| match &point.through {
        Some(service) => format!("{} through {service}", point.what),
        None => point.what.clone(),
    };
    plan.services[service].single_points.iter().map(told).collect()
}

#[test]
fn a_domain_reaches_the_nodes_in_it() {
    let plan = Plan::of(&two_zones());
    let told: Vec<_> = plan.domains.iter().map(|d| (d.kind, d.name.as_str(), d.nodes)).collect();
    assert_eq!(told, [("region", "r", 3), ("zone", "a", 2), ("zone", "b", 1), ("rack", "a1", 2)]);
    assert!((plan.domains[1].cpu_share - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(plan.domains[0].stops, ["shop/web", "shop/db"]);
    assert!(plan.domains[1].stops.is_empty());
}

#[test]
fn the_only_replica_is_a_single_point_for_all_who_need_it() {
    let plan = Plan::of(&two_zones());
    assert_eq!(points(&plan, 1), ["the only replica of ReplicationController shop/db"]);
    assert_eq!(points(&plan, 0), ["the only replica of ReplicationController shop/db through shop/db"]);
}

#[test]
fn two_workloads_of_one_replica_each_carry_a_service_together() {
    let mut scenario = two_zones();
    scenario.workloads.push(sample::workload("db-spare"));
    scenario.workloads[2].template = TemplateId(1);
    assert!(points(&Plan::of(&scenario), 1).is_empty());
}

#[test]
fn a_node_selector_makes_a_zone_and_all_in_it_a_single_point() {
    let mut scenario = two_zones();
    scenario.templates[0].node_selector = zone_is("a");
    scenario.services[0].depends_on.clear();
    let plan = Plan::of(&scenario);
    assert_eq!(points(&plan, 0), ["zone a", "rack a1"]);
    assert_eq!(plan.domains[1].stops, ["shop/web"]);
    assert_eq!(plan.services[0].hosts, 2);
}

#[test]
fn required_affinity_taints_and_size_leave_one_node() {
    let mut by_affinity = two_zones();
    by_affinity.templates[0].node_affinity = Some(vec![zone_is("b"), zone_is("c")]);
    let mut by_taint = two_zones();
    for node in &mut by_taint.cluster.nodes[..2] {
        let (key, value) = ("dedicated".to_owned(), "batch".to_owned());
        node.taints = vec![Taint { key, value, effect: TaintEffect::NoSchedule }];
    }
    let mut by_size = two_zones();
    by_size.templates[0].requests.cpu_milli = 8000;
    by_size.cluster.nodes[2].allocatable.cpu_milli = 8000;
    let mut by_cordon = two_zones();
    by_cordon.cluster.nodes[..2].iter_mut().for_each(|node| node.unschedulable = true);
    for scenario in [by_affinity, by_taint, by_size, by_cordon] {
        assert_eq!(points(&Plan::of(&scenario), 0)[..2], ["zone b", "node n3"]);
    }
}

#[test]
fn a_service_without_place_has_no_points_and_no_hosts() {
    let mut scenario = two_zones();
    scenario.templates[1].requests.cpu_milli = 64_000;
    let plan = Plan::of(&scenario);
    assert_eq!(plan.services[1].hosts, 0);
    assert!(points(&plan, 1).is_empty());
}

#[test]
fn needs_go_on_and_on_and_cycles_are_told() {
    let mut scenario = two_zones();
    scenario.services.push(sample::service("edge"));
    scenario.services[2].depends_on = vec![ServiceId(0)];
    assert_eq!(Plan::of(&scenario).services[2].needs, ["shop/web", "shop/db"]);
    assert_eq!(Plan::of(&scenario).services[1].needed_by, ["shop/web", "shop/edge"]);
    assert!(Plan::of(&scenario).cycles.is_empty());
    scenario.services[1].depends_on = vec![ServiceId(2)];
    assert_eq!(Plan::of(&scenario).cycles, [["shop/web", "shop/db", "shop/edge"]]);
}

#[test]
fn only_hard_rules_about_its_own_pods_force_a_service_apart() {
    let term = |app: &str, key: &str| PodAffinityTerm {
        topology_key: key.to_owned(),
        selector: Selector::from_labels(&Labels::from_iter([("app", app)])),
        namespaces: Some(vec!["shop".to_owned()]),
    };
    let mut scenario = two_zones();
    scenario.templates[0].pod_affinity.preferred = vec![(-100, term("web", "zone"))];
    scenario.templates[0].pod_affinity.required_anti = vec![term("web", "host"), term("db", "rack")];
    assert_eq!(Plan::of(&scenario).services[0].forced_apart_over, ["host"]);
    scenario.workloads.push(sample::workload("web-canary"));
    assert_eq!(Plan::of(&scenario).services[0].forced_apart_over, ["host"]);
    scenario.templates.push(sample::template("web"));
    scenario.workloads[2].template = TemplateId(2);
    assert!(Plan::of(&scenario).services[0].forced_apart_over.is_empty());
}

#[test]
fn faults_are_expected_by_their_means_and_targets() {
    let mut scenario = two_zones();
    let days = |days| Distribution::Deterministic(sim_core::time::Span::days(days));
    let random = FaultTiming::stochastic(days(72), days(1));
    scenario.faults[0].kind = FaultKind::MachineCrash(vec![NodeId(0), NodeId(1)]);
    scenario.faults[0].timing = random;
    let fault = &Plan::of(&scenario).faults[0];
    assert_eq!((fault.targets.as_str(), fault.per_year), ("2 machines", Some(10.0)));
}

#[test]
fn the_text_says_it_in_one_screen() {
    let expected = "\
Blast radius
  region r                 3 of 3 nodes      100% of CPU   stops every service
  zone a                   2 of 3 nodes       67% of CPU   stops no service for good
  zone b                   1 of 3 nodes       33% of CPU   stops no service for good
  rack a1                  2 of 3 nodes       67% of CPU   stops no service for good
Services
  shop/web                 2 replicas   on 3 possible nodes, kept apart by preference only; needs shop/db
  shop/db                  1 replica    on 3 possible nodes; needed by shop/web
Single points of failure
  shop/web                 the only replica of ReplicationController shop/db (through shop/db)
  shop/db                  the only replica of ReplicationController shop/db
Faults to expect
  crash                    on 0 machines     0 at fixed moments
";
    assert_eq!(Plan::of(&two_zones()).to_string(), expected);
}
