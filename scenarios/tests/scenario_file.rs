//! What a scenario file means to the model.

use scenarios::diagnostic::human;
use scenarios::{Compiled, Input, Options, load, schema};
use sim_core::spec::*;
use sim_core::time::{Instant, Span};

const DEPLOYMENT: &str = include_str!("../catalog/deployment.yaml");

fn compile_with(spec: &str, sets: &[&str]) -> Compiled {
    let text = format!(
        "{DEPLOYMENT}\n---\napiVersion: nines.dev/v1alpha1\nkind: Scenario\nmetadata: {{name: t}}\nspec:\n{spec}"
    );
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let loaded = load(&[Input::Text { name: "test.yaml".to_owned(), text }], &sets, Options::default());
    loaded.scenario(&[]).unwrap_or_else(|problems| panic!("{}", human(&problems, false)))
}

fn compile(spec: &str) -> Scenario {
    compile_with(spec, &[]).scenario
}

#[test]
fn pools_are_dealt_to_zones_and_racks_in_turn() {
    let scenario = compile(
        "  topology:
    zones: [{name: b, region: west}]
    racks: [{name: a1, zone: a}, {name: a2, zone: a}, {name: b1, zone: b}]
  nodePools:
    - {name: n, count: 5, zones: [a, b], capacity: {cpu: 500m}, labels: {disk: ssd}, pricePerHour: 0.5}
",
    );
    let cluster = &scenario.cluster;
    let place = |node: &Node| {
        let rack = &cluster.racks[node.rack.unwrap().index()].name;
        format!("{} {} {rack}", node.name, cluster.zones[node.zone.index()].name)
    };
    let places: Vec<String> = cluster.nodes.iter().map(place).collect();
    assert_eq!(places, ["n-1 a a1", "n-2 b b1", "n-3 a a2", "n-4 b b1", "n-5 a a1"]);
    let node = &cluster.nodes[1];
    assert_eq!(
        (node.labels.get("disk"), node.labels.get("topology.kubernetes.io/region")),
        (Some("ssd"), Some("west"))
    );
    assert_eq!(
        node.allocatable,
        Resources { cpu_milli: 500, memory_bytes: 16 << 30, pods: 110, extended: Vec::new() }
    );
    assert_eq!(node.price_per_hour, 0.5);
}

#[test]
fn the_default_cluster_grows_until_the_pods_fit() {
    let request = "Deployment/my-app-deployment.spec.template.spec.containers[0].resources.requests";
    let sets = [
        format!("{request}={{cpu: 6, memory: 1Gi}}"),
        "Deployment/my-app-deployment.spec.replicas=20".to_owned(),
    ];
    let compiled = compile_with("  {}\n", &[&sets[0], &sets[1]]);
    let nodes = &compiled.scenario.cluster.nodes;
    assert_eq!((nodes.len(), nodes[0].allocatable.cpu_milli), (21, 8000));
    assert!(compiled.notes.iter().any(|note| note.message.contains("enlarged so that the pods fit")));
}

#[test]
fn distributions_have_the_mean_that_is_written() {
    let scenario = compile(
        "  faults:
    - {name: w, kind: machineCrash, timeToFailure: {weibull: {shape: 0.5, mean: 2h}}, timeToRepair: {erlang: {stages: 4, mean: 8m}}}
    - {name: m, kind: machineReboot, timeToRepair: 30s, timeToFailure: {mixture: [{weight: 3, distribution: {exponential: {mean: 1d}}}, {weight: 1, distribution: 5m}]}}
",
    );
    // The mean of a Weibull of shape 1/2 is twice its scale.
    let FaultTiming::Stochastic { time_to_failure, time_to_repair, .. } = &scenario.faults[0].timing else {
        panic!()
    };
    assert_eq!(*time_to_failure, Distribution::Weibull { shape: 0.5, scale: Span::hours(1) });
    assert_eq!(*time_to_repair, Distribution::Gamma { shape: 4.0, scale: Span::mins(2) });
    let FaultTiming::Stochastic { time_to_failure, .. } = &scenario.faults[1].timing else { panic!() };
    let parts = vec![
        (3.0, Distribution::Exponential { mean: Span::days(1) }),
        (1.0, Distribution::Deterministic(Span::mins(5))),
    ];
    assert_eq!(*time_to_failure, Distribution::Mixture(parts));
}

#[test]
fn faults_find_their_targets() {
    let scenario = compile(
        "  topology: {racks: [{name: r1, zone: a}, {name: r2, zone: b}]}
  nodePools: [{name: x, count: 2, zones: [a, b]}, {name: y, count: 2, zones: [a]}]
  faults:
    - {name: pool, kind: machineCrash, every: 30d, duration: 1h, targets: {pools: [y]}}
    - {name: zone, kind: machineReboot, every: 30d, duration: 1h, targets: {zones: [b]}}
    - {name: racks, kind: rackOutage, every: 30d, duration: 1h, targets: {zones: [a]}}
    - {name: kill, kind: podKill, at: [2d, 1d], gracePeriod: 0s, targets: {workloads: [Deployment/my-app-deployment]}}
    - {name: hang, kind: containerHang, timeToFailure: {exponential: {mean: 9d}}}
",
    );
    let kinds: Vec<&FaultKind> = scenario.faults.iter().map(|fault| &fault.kind).collect();
    assert!(matches!(kinds[0], FaultKind::MachineCrash(nodes) if nodes.iter().map(|id| id.0).eq([2, 3])));
    assert!(matches!(kinds[1], FaultKind::MachineReboot(nodes) if nodes.iter().map(|id| id.0).eq([1])));
    assert!(matches!(kinds[2], FaultKind::RackOutage(racks) if racks.iter().map(|id| id.0).eq([0])));
    let FaultKind::PodKill { target, grace } = kinds[3] else { panic!() };
    assert_eq!((target.workloads.len(), *grace), (1, Some(Span::ZERO)));
    let days = |days: u64| Instant(Span::days(days).0);
    assert_eq!(
        scenario.faults[3].timing,
        FaultTiming::Scheduled { at: vec![days(1), days(2)], duration: Span::ZERO }
    );
    let FaultTiming::Stochastic { time_to_repair, .. } = &scenario.faults[4].timing else { panic!() };
    assert_eq!(
        *time_to_repair,
        Distribution::Deterministic(Span::FOREVER),
        "until the liveness probe kills it"
    );
}

#[test]
fn schedules_repeat_until_the_horizon() {
    let scenario = compile(
        "  horizon: 30d
  operations:
    - {rollout: Deployment/my-app-deployment, every: 7d}
    - {scale: Deployment/my-app-deployment, replicas: 9, at: 1d, every: 14d}
",
    );
    let days: Vec<u64> =
        scenario.operations.iter().map(|operation| operation.at.0 / Span::days(1).0).collect();
    assert_eq!(days, [1, 7, 14, 15, 21, 28, 29]);
    assert!(matches!(scenario.operations[0].action, Action::Scale(_, 9)));
}

#[test]
fn services_get_traffic_promises_and_enough_endpoints() {
    let scenario = compile(
        "  pods:
    - {selector: {matchLabels: {app: my-app}}, requestsPerSecond: 50, startupTime: 3s, imageSize: 1Gi}
  services:
    - name: my-app-deployment
      traffic: {requestsPerSecond: 60, dailyProfile: [1, 3]}
      outageBelow: 95%
      objectives: [{target: 99.9%}, {measure: capacity, target: 0.99, window: 7d}]
",
    );
    let service = &scenario.services[0];
    assert_eq!(service.traffic, Traffic { daily_profile: vec![0.5, 1.5], ..Traffic::constant(60.0) });
    assert_eq!(service.required_serving, 2, "a peak of 90 requests needs two pods of 50");
    assert_eq!(service.outage_below, 0.95);
    let promised: Vec<_> = service.objectives.iter().map(|o| (o.measure, o.target, o.window)).collect();
    assert_eq!(
        promised,
        [(Measure::Request, 0.999, Span::days(30)), (Measure::Capacity, 0.99, Span::days(7))]
    );
    assert_eq!(scenario.templates[0].capacity_rps, 50.0);
    assert_eq!(scenario.images[0].size_bytes, 1 << 30);
    assert_eq!(scenario.templates[0].containers[0].startup_time, Distribution::Deterministic(Span::secs(3)));
}

#[test]
fn timings_follow_the_version_and_the_file() {
    let timing = compile("  kubernetesVersion: v1.31.4\n").timing;
    assert_eq!(timing, Timing::for_kubernetes(31));
    let timing = compile(
        "  timing: {nodeMonitorGracePeriod: 16s, nodeEvictionRate: 0.5, unhealthyZoneThreshold: 0.6, lbUnhealthyThreshold: 2}\n",
    )
    .timing;
    assert_eq!(timing.node_monitor_grace_period, Span::secs(16));
    assert_eq!((timing.eviction_gap, timing.unhealthy_zone_threshold_milli), (Span::secs(2), 600));
    assert_eq!(timing.lb_unhealthy_threshold, 2);
    assert_eq!(timing.lease_renewal, Timing::for_kubernetes(35).lease_renewal);
}

#[test]
fn a_wildcard_sets_every_object_of_a_kind() {
    let scenario = compile_with("  {}\n", &["deployment/*.spec.replicas=7"]).scenario;
    assert_eq!(scenario.workloads[0].replicas, 7);
}

#[test]
fn a_design_point_overrides_the_command_line() {
    let text = DEPLOYMENT.to_owned();
    let set = "Deployment/my-app-deployment.spec.replicas=7".to_owned();
    let loaded = load(&[Input::Text { name: "t".to_owned(), text }], &[set], Options::default());
    let path: scenarios::Path = "Deployment/my-app-deployment.spec.replicas".parse().unwrap();
    let replicas = |overrides: &[_]| loaded.scenario(overrides).unwrap().scenario.workloads[0].replicas;
    assert_eq!((replicas(&[]), replicas(&[(path, "2".to_owned())])), (7, 2));
}

#[test]
fn the_schema_describes_every_field_of_both_kinds() {
    let schema = schema();
    let text = schema.to_string();
    for field in [
        "warmUp",
        "timeToFailure",
        "nodeMonitorGracePeriod",
        "repetitions",
        "dailyProfile",
        "requiredServing",
    ] {
        assert!(text.contains(&format!("\"{field}\"")), "{field}");
    }
    for kind in schema["oneOf"].as_array().unwrap() {
        let spec = kind["$defs"].as_object().unwrap();
        for (name, definition) in spec.iter().filter(|(_, definition)| definition["type"] == "object") {
            for (field, description) in definition["properties"].as_object().into_iter().flatten() {
                assert!(description.get("description").is_some(), "{name}.{field} has no description");
            }
        }
    }
}

#[test]
fn upgrades_bring_their_spare_nodes_and_follow_a_managed_service() {
    let scenario = compile(
        "  horizon: 30d
  nodePools:
    - {name: n, count: 3, zones: [a, b], pricePerHour: 0.2}
    - {name: m, count: 1}
  operations:
    - {upgrade: {pool: n, like: eks, maxSurge: 2, afterTimeout: force}, at: 1d}
    - {upgrade: {pool: m}, at: 2d}
    - {drain: m-1, timeout: 10m, force: true, at: 3d}
",
    );
    let spares: Vec<_> = scenario.cluster.nodes.iter().filter(|node| node.spare).collect();
    assert_eq!(spares.iter().map(|node| node.name.as_str()).collect::<Vec<_>>(), ["n-4", "n-5"]);
    assert!(spares.iter().all(|node| node.price_per_hour == 0.0 && node.pool == "n"));
    let [Action::Upgrade(surge), Action::Upgrade(in_place), Action::Drain(drain)] =
        [0, 1, 2].map(|at| &scenario.operations[at].action)
    else {
        panic!("two upgrades and a drain")
    };
    assert_eq!((surge.how, surge.max_surge, surge.max_unavailable), (Renewal::Replace(Span::mins(2)), 2, 0));
    assert_eq!((surge.drain_timeout, surge.after_timeout), (Some(Span::mins(15)), AfterTimeout::Force));
    assert_eq!(surge.nodes.len(), 5);
    assert_eq!((in_place.how, in_place.max_unavailable), (Renewal::Reboot(Span::mins(3)), 1));
    assert_eq!((in_place.drain_timeout, in_place.nodes.len()), (None, 1));
    assert_eq!((drain.timeout, drain.force, drain.disable_eviction), (Some(Span::mins(10)), true, false));
}

#[test]
fn a_control_plane_is_dealt_to_zones_and_has_upstreams_timings() {
    let scenario = compile(
        "  topology: {racks: [{name: a1, zone: a}, {name: a2, zone: a}]}
  nodePools: [{name: n, count: 2, zones: [a, b]}]
  controlPlane: {}
  faults:
    - {name: e, kind: etcdMemberCrash, targets: {zones: [a]}, at: 1h, duration: 1m}
    - {name: s, kind: schedulerCrash, timeToFailure: {exponential: {mean: 30d}}}
",
    );
    let plane = scenario.control_plane.expect("it may fail");
    assert_eq!(plane, ControlPlane::of(plane.members.clone()));
    let place = |member: &Member| (member.name.clone(), member.zone.0, member.rack.map(|rack| rack.0));
    let places: Vec<_> = plane.members.iter().map(place).collect();
    let expected =
        [("control-plane-1", 0, Some(0)), ("control-plane-2", 1, None), ("control-plane-3", 0, Some(1))];
    assert_eq!(places, expected.map(|(name, zone, rack)| (name.to_owned(), zone, rack)));
    assert_eq!(scenario.faults[0].kind, FaultKind::EtcdMemberCrash(vec![0.into(), 2.into()]));
    assert_eq!(scenario.faults[1].kind, FaultKind::LeaderCrash(Component::Scheduler));
}

#[test]
fn etcd_may_have_machines_of_its_own() {
    let scenario = compile(
        "  controlPlane: {apiServers: 2, etcdMembers: 3, zones: [zone-b], leaderElectLeaseDuration: 1m}
  faults: [{name: e, kind: etcdMemberCrash, every: 30d, duration: 1m}]
",
    );
    let plane = scenario.control_plane.expect("it may fail");
    let names: Vec<&str> = plane.members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["api-server-1", "api-server-2", "etcd-1", "etcd-2", "etcd-3"]);
    assert!(plane.members.iter().all(|member| member.zone.0 == 1));
    assert_eq!((plane.quorum(), plane.lease_duration), (2, Span::mins(1)));
    assert_eq!(scenario.faults[0].kind, FaultKind::EtcdMemberCrash(vec![2.into(), 3.into(), 4.into()]));
}

#[test]
fn without_a_word_the_control_plane_never_fails() {
    assert_eq!(compile("  {}\n").control_plane, None);
}
