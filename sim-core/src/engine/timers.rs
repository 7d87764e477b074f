//! Who owns which slot of the agenda.

use super::agenda::{Agenda, Slot};
pub use super::wake::Wake;
use crate::ids::{ClaimId, JobId, NodeId, PodId, SetId, WorkloadId};
use crate::model::Model;
use crate::spec::{Component, WorkloadKind};
use crate::time::Instant;

/// The agenda, with an owner for each of its slots. Slots of nodes, services and the like follow from their ids;
/// those of pods, sets and claims are added as these appear.
#[derive(Clone, Debug)]
pub struct Timers {
    agenda: Agenda,
    owners: Vec<Wake>,
    blocks: Blocks,
    sets: Vec<Slot>,
    jobs: Vec<Slot>,
    volumes: Vec<Slot>,
    workers: Vec<Slot>,
    fates: Vec<Slot>,
}

/// First slots of things whose number is fixed.
#[derive(Clone, Copy, Debug)]
struct Blocks {
    clocks: u32,
    nodes: u32,
    workloads: u32,
    endpoints: u32,
    scrape: u32,
    scan: u32,
    budgets: u32,
    control_plane: u32,
    reports: u32,
}

/// Single owners, in order of their slots.
const SINGLES: [Wake; 11] = [
    Wake::Horizon,
    Wake::WarmUp,
    Wake::Operation,
    Wake::Rates,
    Wake::Scheduler,
    Wake::Proxies,
    Wake::Token,
    Wake::Tainting,
    Wake::Drains,
    Wake::Upgrades,
    Wake::Ingress,
];
/// Slots of one node: boot, balancer, health, evictions, garbage collection.
const PER_NODE: u32 = 5;

impl Timers {
    /// Slots for everything that exists from the start on, none armed.
    pub fn new(model: &Model) -> Timers {
        let scenario = model.scenario();
        let mut owners = SINGLES.to_vec();
        let clocks = owners.len() as u32;
        owners.extend((0..model.aims().len()).map(|clock| Wake::Clock(clock as u32)));
        let nodes = owners.len() as u32;
        owners.extend((0..scenario.cluster.nodes.len()).map(NodeId::from).flat_map(|node| {
            [
                Wake::Boot(node),
                Wake::Balancer(node),
                Wake::Health(node),
                Wake::Evictions(node),
                Wake::PodGc(node),
            ]
        }));
        let workloads = owners.len() as u32;
        owners.extend(
            scenario.workloads.iter().enumerate().map(|(id, workload)| controller(&workload.kind, id.into())),
        );
        let endpoints = owners.len() as u32;
        owners.extend((0..scenario.services.len()).map(|service| Wake::Endpoints(service.into())));
        let scrape = owners.len() as u32;
        owners.push(Wake::Scrape);
        let autoscalers = 0..scenario.scaling.autoscalers.len();
        owners.extend(autoscalers.map(|autoscaler| Wake::Autoscaler(autoscaler.into())));
        let scan = owners.len() as u32;
        if scenario.scaling.cluster.is_some() {
            owners.push(Wake::Scan);
            owners.extend((0..scenario.cluster.nodes.len()).map(|node| Wake::Provision(node.into())));
        }
        let budgets = owners.len() as u32;
        owners.extend((0..scenario.budgets.len()).map(|budget| Wake::Budget(budget.into())));
        let control_plane = owners.len() as u32;
        let mut reports = control_plane;
        if let Some(plane) = &scenario.control_plane {
            owners.push(Wake::EtcdElection);
            owners.extend(Component::ALL.map(Wake::Leadership));
            owners.extend((0..plane.members.len()).map(|member| Wake::Member(member.into())));
            reports = owners.len() as u32;
            owners.extend((0..scenario.cluster.nodes.len()).map(|node| Wake::Report(node.into())));
        }
        let mut agenda = Agenda::new();
        owners.iter().for_each(|_| {
            agenda.add_slot();
        });
        let blocks =
            Blocks { clocks, nodes, workloads, endpoints, scrape, scan, budgets, control_plane, reports };
        Timers {
            agenda,
            owners,
            blocks,
            sets: Vec::new(),
            jobs: Vec::new(),
            volumes: Vec::new(),
            workers: Vec::new(),
            fates: Vec::new(),
        }
    }

    /// The next wake-up.
    pub fn pop(&mut self) -> Option<(Instant, Wake)> {
        self.agenda.pop().map(|(at, slot)| (at, self.owners[slot.0 as usize]))
    }

    /// Wakes `who` at `at` and not before, whatever was planned; [`Instant::NEVER`] cancels.
    pub fn arm(&mut self, who: Wake, at: Instant) {
        let slot = self.slot(who);
        self.agenda.arm(slot, at);
    }

    /// Wakes `who` at `at`, or earlier if that is planned already.
    pub fn arm_earlier(&mut self, who: Wake, at: Instant) {
        let slot = self.slot(who);
        if at != Instant::NEVER {
            self.agenda.arm_earlier(slot, at);
        }
    }

    /// Two slots for the pod's place, if it has none yet.
    pub fn room_for_pod(&mut self, pod: PodId) {
        while self.workers.len() <= pod.index() {
            let place = self.workers.len() as u32;
            let worker = self.add(Wake::Worker(place));
            let fate = self.add(Wake::Fate(place));
            self.workers.push(worker);
            self.fates.push(fate);
        }
    }

    /// A slot for the set's place, if it has none yet.
    pub fn room_for_set(&mut self, set: SetId) {
        while self.sets.len() <= set.index() {
            let slot = self.add(Wake::Set(SetId::from(self.sets.len())));
            self.sets.push(slot);
        }
    }

    /// A slot for the Job's place, if it has none yet.
    pub fn room_for_job(&mut self, job: JobId) {
        while self.jobs.len() <= job.index() {
            let slot = self.add(Wake::Job(JobId::from(self.jobs.len())));
            self.jobs.push(slot);
        }
    }

    /// A slot for the claim's place, if it has none yet.
    pub fn room_for_claim(&mut self, claim: ClaimId) {
        while self.volumes.len() <= claim.index() {
            let slot = self.add(Wake::Volume(ClaimId::from(self.volumes.len())));
            self.volumes.push(slot);
        }
    }

    fn add(&mut self, owner: Wake) -> Slot {
        self.owners.push(owner);
        self.agenda.add_slot()
    }

    fn slot(&self, who: Wake) -> Slot {
        let node = |node: NodeId, which: u32| Slot(self.blocks.nodes + node.0 * PER_NODE + which);
        match who {
            Wake::Horizon => Slot(0),
            Wake::WarmUp => Slot(1),
            Wake::Operation => Slot(2),
            Wake::Rates => Slot(3),
            Wake::Scheduler => Slot(4),
            Wake::Proxies => Slot(5),
            Wake::Token => Slot(6),
            Wake::Tainting => Slot(7),
            Wake::Drains => Slot(8),
            Wake::Upgrades => Slot(9),
            Wake::Ingress => Slot(10),
            Wake::Clock(clock) => Slot(self.blocks.clocks + clock),
            Wake::Boot(id) => node(id, 0),
            Wake::Balancer(id) => node(id, 1),
            Wake::Health(id) => node(id, 2),
            Wake::Evictions(id) => node(id, 3),
            Wake::PodGc(id) => node(id, 4),
            Wake::Deployment(workload)
            | Wake::StatefulSet(workload)
            | Wake::DaemonSet(workload)
            | Wake::CronJob(workload) => Slot(self.blocks.workloads + workload.0),
            Wake::Endpoints(service) => Slot(self.blocks.endpoints + service.0),
            Wake::Scrape => Slot(self.blocks.scrape),
            Wake::Autoscaler(autoscaler) => Slot(self.blocks.scrape + 1 + autoscaler.0),
            Wake::Scan => Slot(self.blocks.scan),
            Wake::Provision(node) => Slot(self.blocks.scan + 1 + node.0),
            Wake::Budget(budget) => Slot(self.blocks.budgets + budget.0),
            Wake::Set(set) => self.sets[set.index()],
            Wake::Job(job) => self.jobs[job.index()],
            Wake::Volume(claim) => self.volumes[claim.index()],
            Wake::Worker(place) => self.workers[place as usize],
            Wake::Fate(place) => self.fates[place as usize],
            Wake::EtcdElection | Wake::Leadership(_) | Wake::Member(_) | Wake::Report(_) => {
                self.slot_of_control_plane(who)
            }
        }
    }

    /// Apart, for these are rare.
    #[cold]
    fn slot_of_control_plane(&self, who: Wake) -> Slot {
        match who {
            Wake::EtcdElection => Slot(self.blocks.control_plane),
            Wake::Leadership(component) => Slot(self.blocks.control_plane + 1 + component as u32),
            Wake::Member(member) => Slot(self.blocks.control_plane + 3 + member.0),
            Wake::Report(node) => Slot(self.blocks.reports + node.0),
            _ => unreachable!("asked only about the control plane"),
        }
    }
}

/// Who is woken for a workload as a whole.
fn controller(kind: &WorkloadKind, workload: WorkloadId) -> Wake {
    match kind {
        WorkloadKind::StatefulSet(_) => Wake::StatefulSet(workload),
        WorkloadKind::DaemonSet(_) => Wake::DaemonSet(workload),
        WorkloadKind::CronJob(_) => Wake::CronJob(workload),
        _ => Wake::Deployment(workload),
    }
}
