//! What must hold after every event, whatever goes wrong.

mod support;

use std::collections::BTreeMap;

use sim_core::engine::Sim;
use sim_core::ids::{JobId, NodeId, PodId, QuotaId, ServiceId, TemplateId, WorkloadId};
use sim_core::observers::timeline::Silent;
use sim_core::spec::{
    Fault, FaultKind, FaultTiming, PodTarget, Scenario, Strategy, VolumeReach, WorkloadKind,
};
use sim_core::time::{Instant, Span};
use sim_core::world::api::{Owner, Progress};
use sim_core::{Model, Seed, run};
use support::autoscaled::autoscaled;
use support::shared_fate::shared_fate;
use support::{batch, own_pods, random};

const SEED: Seed = Seed { master: 42, run: 0 };

/// Checks a run after every event.
struct Inspector<'m> {
    model: &'m Model,
    last: Instant,
    gone_since: BTreeMap<PodId, Instant>,
}

impl Inspector<'_> {
    fn inspect(&mut self, sim: &Sim<'_, Silent>) {
        assert!(sim.now() >= self.last, "time runs forwards");
        self.last = sim.now();
        self.pods_are_in_one_place(sim);
        self.nodes_are_not_overcommitted(sim);
        self.counters_are_right(sim);
        self.places_are_had_once(sim);
        self.jobs_keep_their_limits(sim);
        self.quotas_are_kept(sim);
        self.volumes_are_where_their_pods_run(sim);
        // Without a controller-manager endpoints stand for as long as that lasts.
        if self.model.scenario().control_plane.is_none() {
            self.endpoints_are_of_pods_that_exist(sim);
        }
        self.requests_are_accounted_for(sim);
    }

    /// At most one pod of each ordinal; on a node one of a DaemonSet, and while it surges two.
    fn places_are_had_once(&self, sim: &Sim<'_, Silent>) {
        for workload in (0..self.model.scenario().workloads.len()).map(WorkloadId::from) {
            let most = match self.model.workload(workload).kind {
                WorkloadKind::StatefulSet(_) => 1,
                WorkloadKind::DaemonSet(_) => 2,
                _ => continue,
            };
            let mut places = BTreeMap::new();
            for pod in sim.api().pods_of(workload).map(|pod| sim.api().expect_pod(pod)) {
                let Owner::Workload(place) = pod.owner else { panic!("{pod:?} has a place") };
                let running = places.entry(place).or_insert(0);
                *running += i32::from(most == 1 || pod.deletion.is_none());
                assert!(*running <= most, "{pod:?} is one too many");
            }
        }
    }

    /// No more pods than parallelism, nor successes than completions; of an index one pod at a time, and none once the Job
    /// has finished.
    fn jobs_keep_their_limits(&self, sim: &Sim<'_, Silent>) {
        for job in
            (0..sim.api().job_slots()).map(|id| sim.api().job(JobId::from(id))).filter(|job| job.exists)
        {
            let spec = self.model.workload(job.workload).kind.job().expect("its spec");
            let active: Vec<_> = sim.api().pods_of_job(job.id).filter(|pod| pod.is_active()).collect();
            assert!(active.len() <= spec.parallelism as usize, "{job:?} has {} pods", active.len());
            assert!(job.finished.is_none() || active.is_empty(), "{job:?} has finished with active pods");
            let aim = spec.completions.unwrap_or(u32::MAX);
            assert!(job.succeeded <= aim, "{job:?} has succeeded too often");
            if spec.indexed {
                let mut owners: Vec<String> = active.iter().map(|pod| format!("{:?}", pod.owner)).collect();
                owners.sort();
                owners.dedup();
                assert_eq!(owners.len(), active.len(), "{job:?} has two pods of an index");
            }
        }
    }

    /// What is charged is what there is, and never more than the limit.
    fn quotas_are_kept(&self, sim: &Sim<'_, Silent>) {
        for (id, quota) in self.model.scenario().quotas.iter().enumerate() {
            let mut sums = vec![0; quota.hard.len()];
            for pod in sim.api().pods() {
                let charge = quota.charges.iter().find(|charge| charge.template == pod.template);
                let amounts = charge.and_then(|charge| charge.amounts.as_ref()).into_iter().flatten();
                for ((sum, amount), limit) in sums.iter_mut().zip(amounts).zip(&quota.hard) {
                    *sum += if limit.counts_ended || !pod.is_terminal() { *amount } else { 0 };
                }
            }
            assert_eq!(sim.api().charged(QuotaId::from(id)), sums, "{}", quota.name);
            assert!(sums.iter().zip(&quota.hard).all(|(sum, limit)| *sum <= limit.most), "{}", quota.name);
        }
    }

    /// What has processes has its volume. A node that is out of service may lose it while they end.
    fn volumes_are_where_their_pods_run(&self, sim: &Sim<'_, Silent>) {
        for claim in sim.api().claims() {
            let Some(pod) = claim.pod.map(|pod| sim.api().expect_pod(pod)) else { continue };
            let Some(node) = pod.node else { continue };
            let zone = |node: NodeId| self.model.scenario().cluster.nodes[node.index()].zone;
            let home = claim.home.expect("a volume is made where its first pod goes");
            match claim.reach {
                VolumeReach::Node => assert_eq!(home, node, "{pod:?} is on its volume's node"),
                VolumeReach::Zone => assert_eq!(zone(home), zone(node), "{pod:?} is in its volume's zone"),
                VolumeReach::Region => {}
            }
            let runs = sim.physical().pods_on(node).contains(&pod.id) && sim.physical().is_running(pod.id, 0);
            assert!(!runs || claim.is_at(node), "{pod:?} runs without its volume: {claim:?}");
        }
    }

    fn pods_are_in_one_place(&self, sim: &Sim<'_, Silent>) {
        let mut machine_of = BTreeMap::new();
        for node in (0..sim.api().nodes().len()).map(NodeId::from) {
            for pod in sim.physical().pods_on(node) {
                assert_eq!(machine_of.insert(*pod, node), None, "{pod:?} has processes on two machines");
            }
            for pod in &sim.api().node(node).pods {
                assert_eq!(sim.api().expect_pod(*pod).node, Some(node), "{pod:?} is bound to one node");
            }
        }
        for (pod, node) in machine_of {
            let bound = sim.api().pod(pod).map_or(Some(node), |object| object.node);
            assert_eq!(bound, Some(node), "{pod:?} runs where it is bound");
        }
    }

    fn nodes_are_not_overcommitted(&self, sim: &Sim<'_, Silent>) {
        for (spec, node) in self.model.scenario().cluster.nodes.iter().zip(sim.api().nodes()) {
            let pods = node.pods.iter().map(|pod| sim.api().expect_pod(*pod));
            let pods: Vec<_> = pods.filter(|pod| !pod.is_terminal()).collect();
            let requests = pods.iter().map(|pod| &self.model.template(pod.template).requests);
            let (cpu, memory) = requests.fold((0, 0), |sum, r| (sum.0 + r.cpu_milli, sum.1 + r.memory_bytes));
            assert!(
                cpu <= spec.allocatable.cpu_milli && memory <= spec.allocatable.memory_bytes,
                "{}",
                spec.name
            );
            assert!(pods.len() <= spec.allocatable.pods as usize, "{}", spec.name);
        }
    }

    fn counters_are_right(&self, sim: &Sim<'_, Silent>) {
        let counted = |pods: &[PodId]| {
            let pods = pods.iter().map(|pod| sim.api().expect_pod(*pod));
            let active = pods.clone().filter(|pod| pod.is_active()).count();
            (active as u32, pods.filter(|pod| pod.counts_as_ready()).count() as u32)
        };
        for set in sim.api().sets() {
            assert_eq!((set.active, set.ready), counted(&set.pods));
        }
        for workload in (0..self.model.scenario().workloads.len()).map(WorkloadId::from) {
            let roster = sim.api().roster(workload);
            assert_eq!((roster.active, roster.ready), counted(&roster.pods));
        }
    }

    /// What does not succeed is lost for one of the reasons, wherever it came in.
    fn requests_are_accounted_for(&self, sim: &Sim<'_, Silent>) {
        for service in (0..self.model.scenario().services.len()).map(ServiceId::from) {
            let flow = sim.traffic().flow(service);
            if flow.programmed() > 0 {
                let (silent, booting) = flow.lost_at_endpoints();
                let elsewhere = flow.lost_before_node() + flow.stranded() + flow.lost_to_overload();
                let all = flow.own_success() + silent + booting + elsewhere;
                assert!((all - 1.0).abs() < 1e-9, "{all} of the requests at {:?}", sim.now());
            }
        }
    }

    /// The endpoint controller hears of a removed pod a little later; until then its endpoint may stand.
    fn endpoints_are_of_pods_that_exist(&mut self, sim: &Sim<'_, Silent>) {
        for service in (0..self.model.scenario().services.len()).map(ServiceId::from) {
            for endpoint in &sim.api().slice(service).endpoints {
                if sim.api().pod(endpoint.pod).is_none() {
                    let gone_since = *self.gone_since.entry(endpoint.pod).or_insert(sim.now());
                    assert!(sim.now() - gone_since <= Span::millis(30), "an endpoint of a pod long gone");
                }
            }
        }
    }
}

fn inspect_every_event<'m>(model: &'m Model) -> Sim<'m, Silent> {
    let mut sim = Sim::new(model, SEED, Silent);
    let mut inspector = Inspector { model, last: Instant::ZERO, gone_since: BTreeMap::new() };
    while sim.step() {
        inspector.inspect(&sim);
    }
    sim
}

#[test]
fn invariants_hold_after_every_event_and_replicas_converge_when_faults_stop() {
    for index in 0..750 {
        let scenario = match index {
            600.. => random::node_trouble(index - 600),
            _ if index % 2 == 0 => random::trouble(index / 2),
            _ => own_pods::trouble(index / 2),
        };
        let model = Model::new(scenario);
        let sim = inspect_every_event(&model);
        for workload in (0..model.scenario().workloads.len()).map(WorkloadId::from) {
            converged(&model, &sim, workload, index);
        }
    }
}

/// The same trouble, and a control plane that comes and goes.
#[test]
fn invariants_hold_with_autoscalers_that_wait_for_the_control_plane() {
    for index in 0..100 {
        let plane = random::control_plane_trouble(index);
        let (control_plane, faults) = (plane.control_plane, plane.faults);
        inspect_every_event(&Model::new(Scenario { control_plane, faults, ..autoscaled(index) }));
    }
}

#[test]
fn invariants_hold_when_machines_fail_together_and_are_taken_back() {
    for index in 0..150 {
        inspect_every_event(&Model::new(shared_fate(index)));
    }
}

#[test]
fn invariants_hold_wherever_requests_come_in() {
    for index in 0..100 {
        inspect_every_event(&Model::new(random::routed(index)));
    }
}

#[test]
fn a_control_plane_that_fails_breaks_no_invariant_and_all_converges_when_it_is_back() {
    for index in 0..300 {
        let model = Model::new(random::control_plane_trouble(index));
        let sim = inspect_every_event(&model);
        for workload in (0..model.scenario().workloads.len()).map(WorkloadId::from) {
            converged(&model, &sim, workload, index);
        }
        let out_of_date = |pod: PodId| sim.api().pod(pod).is_none();
        for service in (0..model.scenario().services.len()).map(ServiceId::from) {
            let endpoints = &sim.api().slice(service).endpoints;
            assert!(!endpoints.iter().any(|e| out_of_date(e.pod)), "scenario {index}: endpoints lag");
        }
    }
}

/// One that could fail, but does not, adds its own figures and nothing else.
#[test]
fn a_control_plane_that_does_not_fail_changes_nothing() {
    for index in 0..50 {
        let mut scenario = random::trouble(index);
        // Its machines would go down with zones and racks.
        let spares = |kind: &FaultKind| !matches!(kind, FaultKind::ZoneOutage(_) | FaultKind::RackOutage(_));
        scenario.faults.retain(|fault| spares(&fault.kind));
        let without = run(&Model::new(scenario.clone()), SEED);
        scenario.control_plane = Some(random::control_plane(&scenario));
        let with = run(&Model::new(scenario), SEED);
        assert_eq!(without.digest, with.digest, "scenario {index}");
        assert_eq!(without.cluster.control_plane, None);
        assert_eq!(with.cluster.control_plane.expect("it may fail").api_available, with.measured);
    }
}

/// Autoscalers change the number of pods and of nodes meanwhile; nodes may be too few in the end.
#[test]
fn invariants_hold_with_autoscalers() {
    for index in 0..100 {
        inspect_every_event(&Model::new(autoscaled(index)));
    }
}

/// A Job ends, one way or another; every pod that ended was told of by its status or went with the Job.
#[test]
fn jobs_end_and_quotas_hold_whatever_goes_wrong() {
    for index in 0..200 {
        let model = Model::new(batch::trouble(index));
        let sim = inspect_every_event(&model);
        for workload in (0..model.scenario().workloads.len()).map(WorkloadId::from) {
            let is_job = matches!(model.workload(workload).kind, WorkloadKind::Job(_));
            let ended = |job: &JobId| sim.api().job(*job).finished.is_some();
            let free = model.scenario().quotas.is_empty();
            assert!(
                !is_job || !free || sim.api().jobs_of(workload).iter().all(ended),
                "scenario {index}: {workload:?} goes on"
            );
        }
    }
}

fn converged(model: &Model, sim: &Sim<'_, Silent>, workload: WorkloadId, index: u64) {
    let spec = model.workload(workload);
    if matches!(spec.kind, WorkloadKind::Pod) {
        return; // once deleted it is gone for good
    }
    let sets = sim.api().sets_of(workload).iter().map(|set| sim.api().set(*set));
    let roster = sim.api().roster(workload);
    let desired = match spec.kind {
        WorkloadKind::Deployment(_) => sim.api().deployment(workload).map_or(0, |set| set.replicas),
        WorkloadKind::StatefulSet(_) => sim.api().stateful_set(workload).map_or(0, |set| set.replicas),
        WorkloadKind::DaemonSet(_) => sim.api().nodes().iter().filter(|node| node.exists).count() as u32,
        _ => sets.clone().map(|set| set.replicas).sum(),
    };
    let current = roster.active + sets.clone().map(|set| set.active).sum::<u32>();
    let ready = roster.ready + sets.map(|set| set.ready).sum::<u32>();
    let containers = model.template(spec.template).containers.len();
    let hung = |pod| (0..containers).any(|container| sim.physical().is_hung(pod, container));
    let kept_by_hang = sim.api().pods_of(workload).any(hung);
    assert!(
        kept_by_hang || (current, ready) == (desired, desired),
        "scenario {index}, {}: {current} pods, {ready} ready, {desired} desired",
        spec.name
    );
}

#[test]
fn a_rolling_update_keeps_its_limits_at_every_instant() {
    for index in 0..1_000 {
        let model = Model::new(random::rollout(index));
        let (surge, unavailable) = limits(model.scenario());
        let desired = model.scenario().workloads[0].replicas;
        let workload = WorkloadId(0);
        let mut sim = Sim::new(&model, SEED, Silent);
        let mut was_complete = false;
        while sim.step() {
            let Some(deployment) = sim.api().deployment(workload) else { continue };
            let pods: u32 = sim.api().sets_of(workload).iter().map(|set| sim.api().set(*set).active).sum();
            let available: u32 =
                sim.api().sets_of(workload).iter().map(|set| sim.api().available(*set, sim.now())).sum();
            was_complete |= deployment.progress == Progress::Complete;
            assert!(pods <= desired + surge, "scenario {index}: {pods} pods of {desired} + {surge}");
            if was_complete {
                assert!(
                    available + unavailable >= desired,
                    "scenario {index}: {available} available of {desired} - {unavailable}"
                );
            }
        }
        let deployment = sim.api().deployment(workload).expect("it was created");
        assert_eq!(deployment.progress, Progress::Complete, "scenario {index}: the last rollout completes");
        assert!(was_complete);
    }
}

/// Surge and unavailable pods allowed, worked out again from the documentation.
fn limits(scenario: &Scenario) -> (u32, u32) {
    use sim_core::spec::IntOrPercent::{Int, Percent};
    let WorkloadKind::Deployment(deployment) = &scenario.workloads[0].kind else { panic!("a Deployment") };
    let Strategy::RollingUpdate { max_surge, max_unavailable } = deployment.strategy else {
        panic!("rolling")
    };
    let replicas = scenario.workloads[0].replicas;
    let surge = match max_surge {
        Int(n) => n,
        Percent(p) => (f64::from(replicas * p) / 100.0).ceil() as u32,
    };
    let unavailable = match max_unavailable {
        Int(n) => n,
        Percent(p) => replicas * p / 100,
    };
    (surge, if surge == 0 && unavailable == 0 { 1 } else { unavailable }.min(replicas))
}

/// What the scheduler does not place takes room all the same, and gives it back: of four cores one is named away and two
/// are placed, so a pod of one and a half never fits.
#[test]
fn a_pod_with_a_node_name_counts_like_any_other() {
    let mut scenario = support::cluster(1, 1);
    for (name, cpu) in [("named", 1_000), ("placed", 2_000), ("waiting", 1_500)] {
        support::add_workload(&mut scenario, name, WorkloadKind::ReplicaSet, 1);
        scenario.templates.last_mut().expect("a template").requests.cpu_milli = cpu;
    }
    scenario.templates[0].node_name = Some(String::from("n0"));
    let target = PodTarget { templates: vec![TemplateId(0)], workloads: vec![WorkloadId(0)] };
    scenario.faults.push(Fault {
        name: String::from("kill"),
        kind: FaultKind::PodKill { target, grace: None },
        timing: FaultTiming::Scheduled { at: vec![Instant::ZERO + Span::mins(20)], duration: Span::ZERO },
    });
    let model = Model::new(scenario);
    let sim = inspect_every_event(&model);
    let waiting = sim.api().pods_of(WorkloadId(2)).next().expect("it was created");
    assert_eq!(sim.api().expect_pod(waiting).node, None);
}

#[test]
fn a_fork_of_a_run_meets_the_same_end() {
    let model = Model::new(random::trouble(3));
    let mut sim = Sim::new(&model, SEED, Silent);
    for _ in 0..60 {
        sim.step();
    }
    assert!(sim.now() < Instant::ZERO + random::HORIZON, "the fork is in the middle of the run");
    assert_eq!(sim.clone().run().0, sim.run().0);
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_one_another() {
    let model = Model::new(random::trouble(5));
    assert_eq!(run(&model, SEED), run(&model, SEED));
    assert_ne!(run(&model, SEED).digest, run(&model, Seed { run: 1, ..SEED }).digest);
}
