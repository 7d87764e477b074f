//! The kubelet: containers of the pods bound to its node, from pull to graceful end.
//!
//! One worker per pod, as upstream's pod workers. Ticks of probes and relists are computed, not simulated; the
//! worker wakes when one of them would change something. Upstream: pkg/kubelet.

mod boot;
mod containers;
mod done;
mod init;
mod pods;
mod pulls;
mod restart;

use self::init::Init;
use crate::agents::container_run::ContainerRun;
use crate::agents::images::Images;
use crate::controllers::backoff;
use crate::ids::{ClaimId, ImageId, NodeId, PodId, TemplateId};
use crate::model::Model;
use crate::rng::{EntityKey, Luck, Purpose};
use crate::spec::{Defect, PodTemplate};
use crate::time::{Instant, Span};
use crate::world::api::{Api, Request};
use crate::world::physical::{Physical, PhysicalChange};

/// What a kubelet may look at and touch: the API, its own machine, and its own luck.
pub struct Desk<'a> {
    /// The moment.
    pub now: Instant,
    /// What never changes in a run.
    pub model: &'a Model,
    /// The API, to read.
    pub api: &'a Api,
    /// Its machine.
    pub physical: &'a mut Physical,
    /// Random numbers.
    pub luck: &'a Luck,
    /// Writes to the API.
    pub requests: &'a mut Vec<Request>,
    /// What became of processes.
    pub changes: &'a mut Vec<PhysicalChange>,
}

/// The kubelets of all nodes.
#[derive(Clone, Debug)]
pub struct Kubelets {
    workers: Vec<Worker>,
    images: Images,
    /// By node: phase of the kubelet's relists.
    relist_phase: Vec<Span>,
    /// Nodes whose kubelet is gone while their containers run on.
    gone: Vec<NodeId>,
}

/// What a kubelet knows of one pod.
#[derive(Clone, Debug)]
struct Worker {
    pod: PodId,
    node: NodeId,
    template: TemplateId,
    /// What is wrong with the template.
    defect: Option<Defect>,
    key: EntityKey,
    /// When its probes asked for the first time.
    probing_since: Instant,
    boots: u64,
    terminate_at: Instant,
    init: Init,
    failed_pulls: Vec<(ImageId, backoff::Entry)>,
    claim: Option<ClaimId>,
    containers: Vec<ContainerRun>,
}

impl Worker {
    /// When something is due of the pod as a whole.
    fn due(&self) -> Instant {
        self.terminate_at.min(self.init.due)
    }
}

const NO_POD: PodId = PodId { slot: u32::MAX, generation: u32::MAX };

impl Kubelets {
    /// Kubelets without pods.
    pub fn new(model: &Model, luck: &Luck) -> Kubelets {
        let period = model.scenario().timing.pleg_relist;
        let phase = |node| luck.draw(Purpose::RelistPhase, model.node_key(NodeId::from(node)), 0).unit();
        let relist_phase = (0..model.scenario().cluster.nodes.len()).map(|node| period.part(phase(node)));
        Kubelets {
            workers: Vec::new(),
            images: Images::new(model),
            relist_phase: relist_phase.collect(),
            gone: Vec::new(),
        }
    }

    /// Whether a kubelet still has a worker for the pod.
    pub fn has(&self, pod: PodId) -> bool {
        self.worker(pod).is_some()
    }

    /// The pod that has a worker in this slot.
    pub fn in_slot(&self, slot: u32) -> Option<PodId> {
        self.workers.get(slot as usize).map(|worker| worker.pod).filter(|pod| *pod != NO_POD)
    }

    /// Template of a pod that has a worker, and whose luck the pod's is.
    pub fn known(&self, pod: PodId) -> Option<(TemplateId, EntityKey)> {
        self.worker(pod).map(|worker| (worker.template, worker.key))
    }

    /// Template of the pod that has or last had the worker in the pod's slot.
    pub fn last_template(&self, pod: PodId) -> TemplateId {
        self.workers[pod.index()].template
    }

    /// The next image that a node has begun to pull since the last call.
    pub fn take_pull(&mut self) -> Option<(NodeId, ImageId)> {
        self.images.take_begun()
    }

    /// A new machine stands in for the node's old one. Returns the images that the old one had.
    pub fn forget_images(&mut self, node: NodeId) -> Vec<ImageId> {
        self.images.forget(node)
    }

    /// Whether a container of the pod waits out its crash-loop delay.
    pub fn backs_off(&self, pod: PodId, now: Instant) -> bool {
        let waits = |run: &ContainerRun| !run.running && run.backoff.is_some_and(|entry| entry.updated > now);
        self.worker(pod)
            .is_some_and(|worker| worker.init.backs_off(now) || worker.containers.iter().any(waits))
    }

    /// When the pod's worker wants to be woken next.
    #[inline]
    pub fn next_wake(&self, pod: PodId) -> Instant {
        let Some(worker) = self.worker(pod) else { return Instant::NEVER };
        if self.is_gone(worker.node) {
            return self.next_of_processes(pod);
        }
        worker.containers.iter().map(|run| run.plan.next()).fold(worker.due(), Instant::min)
    }

    /// Takes every step that is due.
    pub fn wake(&mut self, pod: PodId, desk: &mut Desk) {
        let Some(worker) = self.worker(pod) else { return };
        if self.is_gone(worker.node) {
            return self.processes_go_on(pod, desk);
        }
        let containers = worker.containers.len();
        if worker.due() <= desk.now {
            self.end_or_go_on(pod, desk);
        }
        for container in 0..containers {
            while let Some(step) = self.run(pod, container).plan.take_due(desk.now) {
                self.take(step, pod, container, desk);
            }
        }
        self.finish_if_ended(pod, desk);
    }

    fn worker(&self, pod: PodId) -> Option<&Worker> {
        self.workers.get(pod.index()).filter(|worker| worker.pod == pod)
    }

    fn template<'m>(&self, pod: PodId, desk: &Desk<'m>) -> &'m PodTemplate {
        desk.model.template(self.workers[pod.index()].template)
    }

    fn run(&mut self, pod: PodId, container: usize) -> &mut ContainerRun {
        &mut self.workers[pod.index()].containers[container]
    }
}
