//! One run: its whole state, and the loop. The state is `Clone`: a run can be forked at any instant.

use super::control_plane::ControlPlane;
use super::timers::{Timers, Wake};
use super::unread::Unread;
use crate::agents::kubelet::Kubelets;
use crate::agents::lease::Leases;
use crate::agents::load_balancers::LoadBalancers;
use crate::agents::proxies::Proxies;
use crate::agents::route_table::RouteTable;
use crate::controllers::attach_detach::AttachDetach;
use crate::controllers::cluster_autoscaler::ClusterAutoscaler;
use crate::controllers::daemon_sets::DaemonSets;
use crate::controllers::drain::Drains;
use crate::controllers::horizontal_autoscaler::HorizontalAutoscalers;
use crate::controllers::jobs::Jobs;
use crate::controllers::node_lifecycle::NodeLifecycle;
use crate::controllers::node_upgrades::NodeUpgrades;
use crate::controllers::pod_gc::PodGc;
use crate::controllers::refusals::Refusals;
use crate::controllers::scheduler::{Queue, Scheduler};
use crate::controllers::taint_evictions::TaintEvictions;
use crate::faults::clocks::Clock;
use crate::faults::containers::ContainerFaults;
use crate::ids::{Cause, PodId, ServiceId};
use crate::model::{Model, Seed};
use crate::moment::Moment;
use crate::observers::cluster_meter::ClusterMeter;
use crate::observers::service_meter::ServiceMeter;
use crate::observers::timeline::Watch;
use crate::observers::workload_meter::WorkloadMeter;
use crate::outcome::{ClusterOutcome, Digest, Outcome};
use crate::rng::Luck;
use crate::time::{Instant, Span};
use crate::traffic::Traffic;
use crate::world::api::{Api, Change, Request};
use crate::world::metrics::Metrics;
use crate::world::physical::{Physical, PhysicalChange};

/// The state of one run.
#[derive(Clone)]
pub struct Sim<'m, W> {
    pub(super) model: &'m Model,
    pub(super) luck: Luck,
    pub(super) now: Instant,
    pub(super) timers: Timers,
    pub(super) digest: Digest,
    events: u64,

    pub(super) physical: Physical,
    pub(super) api: Api,

    /// The control plane, if it can fail.
    pub(super) control_plane: Option<Box<ControlPlane>>,

    pub(super) clocks: Vec<Clock>,
    pub(super) container_faults: ContainerFaults,
    pub(super) next_operation: usize,

    pub(super) kubelets: Kubelets,
    pub(super) leases: Leases,
    pub(super) proxies: Proxies,
    pub(super) ingresses: Proxies,
    pub(super) route_table: RouteTable,
    pub(super) balancers: LoadBalancers,

    pub(super) node_lifecycle: NodeLifecycle,
    pub(super) taint_evictions: TaintEvictions,
    pub(super) pod_gc: PodGc,
    pub(super) daemon_sets: DaemonSets,
    pub(super) jobs: Jobs,
    pub(super) refusals: Refusals,
    pub(super) attach_detach: AttachDetach,
    pub(super) scheduler: Scheduler,
    pub(super) queue: Queue,
    pub(super) metrics: Metrics,
    pub(super) autoscalers: HorizontalAutoscalers,
    pub(super) cluster_autoscaler: ClusterAutoscaler,
    /// By node: how often the cloud was asked for a machine.
    pub(super) orders: Vec<u64>,
    pub(super) drains: Drains,
    pub(super) upgrades: NodeUpgrades,

    pub(super) traffic: Traffic,
    /// By service: what last made its requests fail.
    pub(super) causes: Vec<Option<Cause>>,
    /// By workload: what cost it the last pod that it lost.
    pub(super) losses: Vec<Option<Cause>>,
    pub(super) service_meters: Vec<ServiceMeter>,
    pub(super) workload_meters: Vec<WorkloadMeter>,
    pub(super) cluster_meter: ClusterMeter,
    pub(super) watch: W,
    /// By autoscaler: what was last told of it.
    pub(super) told: Vec<String>,
    /// Whether it was last told that the Cluster Autoscaler does nothing.
    pub(super) scaling_stopped: bool,

    pub(super) requests: Vec<Request>,
    pub(super) changes: Vec<Change>,
    pub(super) physical_changes: Vec<PhysicalChange>,
    pub(super) unread: Unread,
    /// Room for the pods of which a fault chooses one.
    pub(super) targets: Vec<PodId>,
    /// Room for changes of a node's place in rotation: of one service or of all, and whether it joins.
    pub(super) rotations: Vec<(Option<ServiceId>, bool)>,
    /// Room for the number of nodes with clients, by zone.
    pub(super) zone_counts: Vec<u32>,
}

impl<'m, W: Watch> Sim<'m, W> {
    /// A run about to begin: machines are up, and the user has just applied the manifests.
    pub fn new(model: &'m Model, seed: Seed, watch: W) -> Sim<'m, W> {
        let scenario = model.scenario();
        let luck = Luck::new(seed);
        let (nodes, services) = (scenario.cluster.nodes.len(), scenario.services.len());
        let mut sim = Sim {
            model,
            now: Instant::ZERO,
            timers: Timers::new(model),
            digest: Digest::default(),
            events: 0,
            physical: Physical::new(nodes),
            api: Api::new(scenario),
            control_plane: ControlPlane::of(model, luck),
            clocks: model.aims().iter().map(|aim| Clock::start(aim, model, &luck)).collect(),
            container_faults: ContainerFaults::default(),
            next_operation: 0,
            kubelets: Kubelets::new(model, &luck),
            leases: Leases::new(model, &luck),
            proxies: Proxies::default(),
            ingresses: Proxies::default(),
            route_table: RouteTable::default(),
            balancers: LoadBalancers::new(model, &luck),
            node_lifecycle: NodeLifecycle::new(model, &luck),
            taint_evictions: TaintEvictions::default(),
            pod_gc: PodGc::new(model, &luck),
            daemon_sets: DaemonSets::default(),
            jobs: Jobs::default(),
            refusals: Refusals::default(),
            attach_detach: AttachDetach::default(),
            scheduler: Scheduler::new(model.scheduling()),
            queue: Queue::new(&scenario.timing),
            metrics: Metrics::default(),
            autoscalers: HorizontalAutoscalers::new(model, &luck),
            cluster_autoscaler: ClusterAutoscaler::new(model, &luck),
            orders: vec![0; nodes],
            drains: Drains::default(),
            upgrades: NodeUpgrades::default(),
            traffic: Traffic::new(model),
            causes: vec![None; services],
            losses: vec![None; scenario.workloads.len()],
            service_meters: vec![ServiceMeter::default(); services],
            workload_meters: vec![WorkloadMeter::default(); scenario.workloads.len()],
            cluster_meter: ClusterMeter::new(nodes, scenario.faults.len()),
            watch,
            scaling_stopped: false,
            told: vec![String::new(); scenario.scaling.autoscalers.len()],
            luck,
            requests: Vec::new(),
            changes: Vec::new(),
            physical_changes: Vec::new(),
            unread: Unread::new(services),
            targets: Vec::new(),
            rotations: Vec::new(),
            zone_counts: vec![0; scenario.cluster.zones.len()],
        };
        sim.begin();
        sim.settle();
        sim
    }

    /// Runs to the horizon.
    pub fn run(mut self) -> (Outcome, W) {
        while self.step() {}
        self.finish()
    }

    /// Processes the next event. Returns whether there may be another one.
    pub fn step(&mut self) -> bool {
        let (at, wake) = self.timers.pop().expect("the horizon is on the agenda");
        self.now = at;
        if matches!(wake, Wake::Horizon) {
            // The end stays the end, for whoever asks again.
            self.timers.arm(Wake::Horizon, at);
            return false;
        }
        self.events += 1;
        self.digest.add(at.0);
        if self.control_plane.is_none() || self.admits(wake) {
            self.wake(wake);
        }
        self.settle();
        true
    }

    /// The time of the last event.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// What is known.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// What is.
    pub fn physical(&self) -> &Physical {
        &self.physical
    }

    /// What requests meet.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    pub(super) fn moment(&self) -> Moment<'m> {
        Moment { now: self.now, model: self.model, luck: self.luck }
    }

    /// From a write until a controller that watches has acted on it.
    pub(super) fn controller_delay(&self) -> Span {
        let timing = &self.model.scenario().timing;
        timing.api_write + timing.watch + timing.controller_reaction
    }

    /// Carries out all that the last event led to, in order, until nothing more follows at this instant.
    fn settle(&mut self) {
        let mut physical_done = 0;
        let mut requests_done = 0;
        loop {
            if let Some(change) = self.physical_changes.get(physical_done).copied() {
                physical_done += 1;
                self.physical_changed(change);
            } else if let Some(request) = self.requests.get(requests_done).copied() {
                requests_done += 1;
                if self.control_plane.is_none() || !self.holds_back(request) {
                    self.write(request);
                }
            } else {
                break;
            }
        }
        self.physical_changes.clear();
        self.requests.clear();
        self.read_services();
    }

    fn write(&mut self, request: Request) {
        self.api.commit(self.model, self.now, request, &mut self.changes);
        for at in 0..self.changes.len() {
            let change = self.changes[at];
            self.narrate(change);
            self.api_changed(change);
        }
        self.changes.clear();
    }

    fn finish(mut self) -> (Outcome, W) {
        let scenario = self.model.scenario();
        let (now, watch) = (self.now, self.watch);
        let services = self.service_meters.drain(..).zip(&scenario.services);
        let outcome = Outcome {
            measured: scenario.horizon.saturating_sub(scenario.warm_up),
            services: services.map(|(meter, service)| meter.finish(service, now)).collect(),
            workloads: self.workload_meters.drain(..).map(|meter| meter.finish(now)).collect(),
            cluster: ClusterOutcome {
                control_plane: self.control_plane.map(|plane| plane.finish(now)),
                ..self.cluster_meter.finish(now)
            },
            events: self.events,
            digest: self.digest,
        };
        (outcome, watch)
    }
}
