//! Random scenarios: small clusters in which everything goes wrong.

use sim_core::Seed;
use sim_core::ids::{MemberId, NodeId, RackId, WorkloadId, ZoneId};
use sim_core::rng::{Draw, EntityKey, Luck, Purpose};
use sim_core::spec::*;
use sim_core::time::{Instant, Span};

use super::*;

/// Faults and operations all lie in the first part of the horizon; the rest is for recovery.
pub const TROUBLE: Span = Span::hours(6);
/// Horizon of a random scenario.
pub const HORIZON: Span = Span::hours(9);

/// Numbers for the `index`-th random thing of a test.
pub fn numbers(test: &str, index: u64) -> Draw {
    Luck::new(Seed { master: 7, run: index }).draw(Purpose::Victim, EntityKey::new(test), index)
}

/// Up to eight nodes in up to three zones, for a short time.
pub fn small_cluster(draw: &mut Draw) -> Scenario {
    let zones = 1 + draw.below(3) as u32;
    let mut scenario = cluster(zones, zones + draw.below(6) as u32);
    scenario.horizon = HORIZON;
    scenario
}

/// The `index`-th random scenario with faults of every kind.
pub fn trouble(index: u64) -> Scenario {
    let mut draw = numbers("trouble", index);
    let mut scenario = small_cluster(&mut draw);
    for workload in 0..1 + draw.below(4) {
        let kind = random_kind(&mut draw);
        let replicas = if matches!(kind, WorkloadKind::Pod) { 1 } else { draw.below(7) as u32 };
        let id = add_workload(&mut scenario, &format!("w{workload}"), kind, replicas);
        vary(&mut scenario, id, &mut draw);
    }
    add_faults(&mut scenario, &mut draw);
    add_operations(&mut scenario, &mut draw);
    scenario
}

/// The same, with traffic policies, hints and load balancers.
pub fn routed(index: u64) -> Scenario {
    let (mut scenario, mut draw) = (trouble(index), numbers("routing", index));
    scenario.services.iter_mut().for_each(|service| vary_routing(service, &mut draw));
    scenario
}

/// The `index`-th random scenario with faults of every kind, those of a control plane among them.
pub fn control_plane_trouble(index: u64) -> Scenario {
    let mut scenario = trouble(index);
    let mut draw = numbers("control plane", index);
    let plane = control_plane(&scenario);
    let with = |role: fn(Role) -> bool| {
        let ids = (0..plane.members.len()).filter(|id| role(plane.members[*id].role));
        ids.map(MemberId::from).collect::<Vec<_>>()
    };
    let one = |ids: Vec<MemberId>, draw: &mut Draw| vec![ids[draw.below(ids.len() as u64) as usize]];
    let kinds = [
        FaultKind::ControlPlaneCrash(with(|_| true)),
        FaultKind::ControlPlaneCrash(one(with(|_| true), &mut draw)),
        FaultKind::EtcdMemberCrash(one(with(Role::has_etcd), &mut draw)),
        FaultKind::ApiServerOutage,
        FaultKind::LeaderCrash(Component::ControllerManager),
        FaultKind::LeaderCrash(Component::Scheduler),
    ];
    for (number, kind) in kinds.into_iter().enumerate() {
        if draw.below(2) == 0 {
            let timing = random_onsets(&mut draw);
            scenario.faults.push(Fault { name: format!("control-plane-{number}"), kind, timing });
        }
    }
    scenario.control_plane = Some(plane);
    scenario
}

/// A control plane of one, three or more machines, by the number of nodes.
pub fn control_plane(scenario: &Scenario) -> ControlPlane {
    let zones = scenario.cluster.zones.len();
    let roles: &[Role] = match scenario.cluster.nodes.len() % 3 {
        0 => &[Role::Stacked; 3],
        1 => &[Role::Stacked],
        _ => &[Role::ApiServer, Role::ApiServer, Role::Etcd, Role::Etcd, Role::Etcd],
    };
    let member = |(id, role): (usize, &Role)| Member {
        name: format!("m{id}"),
        zone: ZoneId::from(id % zones),
        rack: Some(RackId::from(id % (2 * zones))),
        role: *role,
    };
    ControlPlane::of(roles.iter().enumerate().map(member).collect())
}

/// The `index`-th random scenario with one Deployment that is rolled out again and again, and no fault.
///
/// Rollouts overtake each other only without `minReadySeconds`: with it upstream itself breaks the limit then, for a
/// ReplicaSet chooses whom to delete by Ready, not by available.
pub fn rollout(index: u64) -> Scenario {
    let mut draw = numbers("rollout", index);
    let mut scenario = cluster(3, 6);
    scenario.horizon = HORIZON;
    let replicas = 1 + draw.below(12) as u32;
    let kind = deployment_spec(rolling(random_limit(&mut draw), random_limit(&mut draw)));
    let id = add_workload(&mut scenario, "web", kind, replicas);
    vary(&mut scenario, id, &mut draw);
    // A pod that its own probe kills is beyond what a rollout can promise.
    scenario.templates[0].containers[0].liveness = None;
    scenario.templates[0].containers[0].startup_time =
        Distribution::Exponential { mean: Span::secs(1 + draw.below(60)) };
    let mut at = Instant::ZERO + Span::hours(1);
    let gap = if scenario.workloads[0].min_ready == Span::ZERO { Span::ZERO } else { Span::hours(1) };
    for _ in 0..1 + draw.below(4) {
        scenario.operations.push(Operation { at, action: Action::Rollout(id) });
        at += gap + Span::secs(1 + draw.below(1200));
    }
    scenario
}

/// The `index`-th random scenario in which nodes are cordoned, drained and upgraded, under budgets, and nothing fails. All
/// is over, and every node uncordoned, when the trouble ends.
pub fn disruption(index: u64) -> Scenario {
    let mut draw = numbers("disruption", index);
    let nodes = 3 + draw.below(4) as u32;
    let mut scenario = cluster(3, nodes + 1);
    scenario.horizon = HORIZON;
    scenario.cluster.nodes[nodes as usize].spare = true;
    for workload in 0..1 + draw.below(3) {
        let kind =
            [WorkloadKind::ReplicaSet, deployment_spec(Strategy::Recreate)][draw.below(2) as usize].clone();
        let id = add_workload(&mut scenario, &format!("w{workload}"), kind, 1 + draw.below(6) as u32);
        vary(&mut scenario, id, &mut draw);
        scenario.workloads[id.index()].min_ready = Span::ZERO;
        // A pod that its own probe kills is no voluntary disruption.
        scenario.templates[id.index()].containers[0].liveness = None;
        if draw.below(4) > 0 {
            add_budget(&mut scenario, id, &mut draw);
        }
    }
    let first = Instant::ZERO + Span::hours(1);
    for _ in 0..1 + draw.below(5) {
        let at = first + Span::secs(draw.below(3 * 3600));
        let action = random_disruption(nodes, &mut draw);
        scenario.operations.push(Operation { at, action });
    }
    for node in (0..=nodes).map(|node| NodeId::from(node as usize)) {
        scenario.operations.push(Operation { at: Instant::ZERO + TROUBLE, action: Action::Uncordon(node) });
    }
    scenario.operations.sort_by_key(|operation| operation.at);
    scenario
}

fn add_budget(scenario: &mut Scenario, workload: WorkloadId, draw: &mut Draw) {
    let amount = random_limit(draw);
    let budget =
        if draw.below(2) == 0 { Budget::MinAvailable(amount) } else { Budget::MaxUnavailable(amount) };
    let template = &scenario.templates[workload.index()];
    scenario.budgets.push(DisruptionBudget {
        name: scenario.workloads[workload.index()].name.clone(),
        namespace: template.namespace.clone(),
        selector: Selector::from_labels(&template.labels),
        budget: Some(budget),
        unhealthy_pods: UnhealthyPods::IfHealthyBudget,
    });
}

fn random_disruption(nodes: u32, draw: &mut Draw) -> Action {
    let node = NodeId(draw.below(u64::from(nodes)) as u32);
    let timeout = Span::secs(1 + draw.below(600));
    let reboot = Span::secs(1 + draw.below(200));
    match draw.below(5) {
        0 => Action::Cordon(node),
        1 => Action::Uncordon(node),
        2 => Action::Upgrade(NodeUpgrade {
            pool: String::from("pool"),
            nodes: (0..=nodes).map(|node| NodeId::from(node as usize)).collect(),
            how: if draw.below(2) == 0 { Renewal::Reboot(reboot) } else { Renewal::Replace(reboot) },
            max_surge: draw.below(2) as u32,
            max_unavailable: draw.below(2) as u32,
            drain_timeout: Some(timeout),
            after_timeout: AfterTimeout::Fail,
        }),
        _ => Action::Drain(Drain { node, timeout: Some(timeout), force: false, disable_eviction: false }),
    }
}

fn random_kind(draw: &mut Draw) -> WorkloadKind {
    match draw.below(6) {
        0 => WorkloadKind::ReplicationController,
        1 => WorkloadKind::ReplicaSet,
        2 => WorkloadKind::Pod,
        3 => deployment_spec(Strategy::Recreate),
        _ => deployment_spec(rolling(random_limit(draw), random_limit(draw))),
    }
}

pub fn random_limit(draw: &mut Draw) -> IntOrPercent {
    let limit = draw.below(101) as u32;
    if draw.below(2) == 0 { IntOrPercent::Percent(limit) } else { IntOrPercent::Int(limit % 4) }
}

pub fn vary(scenario: &mut Scenario, workload: WorkloadId, draw: &mut Draw) {
    scenario.workloads[workload.index()].min_ready = Span::secs(draw.below(3) * draw.below(30));
    let template = &mut scenario.templates[workload.index()];
    template.termination_grace = Span::secs(draw.below(40));
    template.tolerations = admission_tolerations(Some(draw.below(400)));
    template.requests.cpu_milli = 50 + draw.below(400);
    let container = &mut template.containers[0];
    container.startup_time = Distribution::Uniform { low: Span::ZERO, high: Span::secs(1 + draw.below(50)) };
    container.shutdown_time = Span::secs(draw.below(50));
    container.serves_after_stop_signal = Span::secs(draw.below(5));
    container.pre_stop = Span::secs(draw.below(2) * draw.below(20));
    container.readiness = (draw.below(2) == 0).then_some(PROBE);
    container.liveness = (draw.below(2) == 0).then_some(Probe { initial_delay: Span::secs(60), ..PROBE });
    container.always_pull = draw.below(2) == 0;
}

/// Half of the services are as they were.
fn vary_routing(service: &mut Service, draw: &mut Draw) {
    if draw.below(2) == 0 {
        return;
    }
    service.exposure = if draw.below(2) == 0 { Exposure::Cluster } else { Exposure::LoadBalancer };
    let hintings = [Hinting::None, Hinting::SameZone, Hinting::SameNode, Hinting::InProportion];
    service.routing = Routing {
        policy: if draw.below(2) == 0 { TrafficPolicy::Cluster } else { TrafficPolicy::Local },
        hinting: hintings[draw.below(4) as usize],
        entrance: None,
    };
}

pub fn add_faults(scenario: &mut Scenario, draw: &mut Draw) {
    let nodes: Vec<NodeId> = (0..scenario.cluster.nodes.len()).map(NodeId::from).collect();
    let zones: Vec<ZoneId> = (0..scenario.cluster.zones.len()).map(ZoneId::from).collect();
    let racks: Vec<RackId> = (0..scenario.cluster.racks.len()).map(RackId::from).collect();
    let pods = all_pods(scenario);
    let grace = (draw.below(2) == 0).then(|| Span::secs(draw.below(3)));
    let kinds = [
        FaultKind::MachineCrash(nodes.clone()),
        FaultKind::MachineReboot(nodes),
        FaultKind::ZoneOutage(zones),
        FaultKind::RackOutage(racks),
        FaultKind::ContainerCrash(pods.clone()),
        FaultKind::ContainerHang(pods.clone()),
        FaultKind::PodKill { target: pods, grace },
    ];
    for (number, kind) in kinds.into_iter().enumerate() {
        if draw.below(2) == 0 {
            let timing = random_onsets(draw);
            scenario.faults.push(Fault { name: format!("fault-{number}"), kind, timing });
        }
    }
}

pub fn random_onsets(draw: &mut Draw) -> FaultTiming {
    let mut at: Vec<Instant> = (0..1 + draw.below(8)).map(|_| Instant(draw.below(TROUBLE.0))).collect();
    at.sort_unstable();
    FaultTiming::Scheduled { at, duration: Span::secs(1 + draw.below(1500)) }
}

pub fn add_operations(scenario: &mut Scenario, draw: &mut Draw) {
    for workload in (0..scenario.workloads.len()).map(WorkloadId::from) {
        if !matches!(scenario.workloads[workload.index()].kind, WorkloadKind::Pod) && draw.below(2) == 0 {
            let at = Instant(draw.below(TROUBLE.0));
            let action = if draw.below(2) == 0 {
                Action::Rollout(workload)
            } else {
                Action::Scale(workload, draw.below(9) as u32)
            };
            scenario.operations.push(Operation { at, action });
        }
    }
    if draw.below(4) == 0 {
        delete_and_reboot_a_node(scenario, draw);
    }
    scenario.operations.sort_by_key(|operation| operation.at);
}

/// The reboot lets the kubelet register its node again.
fn delete_and_reboot_a_node(scenario: &mut Scenario, draw: &mut Draw) {
    let node = NodeId::from(draw.below(scenario.cluster.nodes.len() as u64) as usize);
    let at = Instant(draw.below(TROUBLE.0));
    scenario.operations.push(Operation { at, action: Action::DeleteNode(node) });
    let timing =
        FaultTiming::Scheduled { at: vec![at + Span::secs(draw.below(600))], duration: Span::secs(20) };
    let kind = FaultKind::MachineReboot(vec![node]);
    scenario.faults.push(Fault { name: String::from("reboot-of-deleted"), kind, timing });
}

/// The `index`-th random scenario in which kubelets, the registry, init containers and hooks fail as well, and rollouts
/// that go wrong are followed by good ones.
pub fn node_trouble(index: u64) -> Scenario {
    let mut draw = numbers("node trouble", index);
    let mut scenario = trouble(index);
    scenario.templates.iter_mut().for_each(|template| surround(template, &mut draw));
    let nodes = (0..scenario.cluster.nodes.len()).map(NodeId::from).collect();
    let pods = all_pods(&scenario);
    for kind in [FaultKind::KubeletCrash(nodes), FaultKind::RegistryOutage, FaultKind::OomKill(pods)] {
        let (name, timing) = (format!("node-fault-{}", scenario.faults.len()), random_onsets(&mut draw));
        scenario.faults.push(Fault { name, kind, timing });
    }
    for workload in (0..scenario.workloads.len()).map(WorkloadId::from) {
        if matches!(scenario.workloads[workload.index()].kind, WorkloadKind::Deployment(_)) {
            add_bad_rollout(&mut scenario, workload, &mut draw);
        }
    }
    scenario.operations.sort_by_key(|operation| operation.at);
    scenario
}

/// A sidecar, an init container, a hook and a startup probe, each or not.
fn surround(template: &mut PodTemplate, draw: &mut Draw) {
    let app = &mut template.containers[0];
    let post_start = PostStart { takes: Span::secs(draw.below(9)), fails: 0.2 };
    app.hooks.post_start = (draw.below(2) == 0).then_some(post_start);
    let patient = Probe { failure_threshold: 20, ..PROBE };
    app.startup = (draw.below(2) == 0).then_some(patient);
    let task = InitTask {
        name: String::from("init"),
        image: ImageId(0),
        always_pull: draw.below(2) == 0,
        run_time: Distribution::Exponential { mean: Span::secs(1 + draw.below(20)) },
        fails: 0.3,
    };
    if draw.below(2) == 0 {
        template.init.push(InitContainer::Task(task));
    }
    if draw.below(2) == 0 {
        let sidecar = Container { name: String::from("sidecar"), ..template.containers[0].clone() };
        template.containers.insert(0, sidecar);
        template.init.push(InitContainer::Sidecar(0));
    }
}

fn add_bad_rollout(scenario: &mut Scenario, workload: WorkloadId, draw: &mut Draw) {
    let defect = if draw.below(2) == 0 { Defect::Crash } else { Defect::Image };
    let begins = Instant(draw.below(TROUBLE.0 / 2));
    let paused = begins + Span::secs(draw.below(100));
    let resumed = paused + Span::secs(draw.below(1000));
    let undone = resumed + Span::secs(draw.below(1000));
    for (at, action) in [
        (begins, Action::FaultyRollout(workload, defect)),
        (paused, Action::SetPaused(workload, true)),
        (resumed, Action::SetPaused(workload, false)),
        (undone, Action::Undo(workload)),
        (Instant(TROUBLE.0), Action::Rollout(workload)),
    ] {
        scenario.operations.push(Operation { at, action });
    }
}
