//! The kubelet: containers of the pods bound to its node, from pull to graceful end.
//!
//! One worker per pod, as upstream's pod workers. Ticks of probes and relists are computed, not simulated; the
//! worker wakes when one of them would change something. Upstream: pkg/kubelet.

use crate::agents::container_run::ContainerRun;
use crate::agents::images::Images;
use crate::agents::plan::{Plan, Step};
use crate::agents::probes::Ticker;
use crate::ids::{Cause, ImageId, NodeId, PodId, TemplateId};
use crate::model::Model;
use crate::rng::{EntityKey, Luck, Purpose};
use crate::spec::{Container, Distribution, PodTemplate, RestartPolicy};
use crate::time::{Instant, Span};
use crate::world::api::{Api, PodPhase, ReadyBy, Request};
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
}

/// What a kubelet knows of one pod.
#[derive(Clone, Debug)]
struct Worker {
    pod: PodId,
    node: NodeId,
    template: TemplateId,
    key: EntityKey,
    /// When its probes asked for the first time.
    probing_since: Instant,
    boots: u64,
    terminate_at: Instant,
    containers: Vec<ContainerRun>,
}

const NO_POD: PodId = PodId { slot: u32::MAX, generation: u32::MAX };

impl Kubelets {
    /// Kubelets without pods.
    pub fn new(model: &Model, luck: &Luck) -> Kubelets {
        let period = model.scenario().timing.pleg_relist;
        let phase = |node| luck.draw(Purpose::RelistPhase, model.node_key(NodeId::from(node)), 0).unit();
        let relist_phase = (0..model.scenario().cluster.nodes.len()).map(|node| period.part(phase(node)));
        Kubelets { workers: Vec::new(), images: Images::new(model), relist_phase: relist_phase.collect() }
    }

    /// Whether a kubelet still has a worker for the pod.
    pub fn has(&self, pod: PodId) -> bool {
        self.workers.get(pod.index()).is_some_and(|worker| worker.pod == pod)
    }

    /// The pod that has a worker in this slot.
    pub fn in_slot(&self, slot: u32) -> Option<PodId> {
        self.workers.get(slot as usize).map(|worker| worker.pod).filter(|pod| *pod != NO_POD)
    }

    /// Template of a pod that has a worker, and whose luck the pod's is.
    pub fn known(&self, pod: PodId) -> Option<(TemplateId, EntityKey)> {
        self.has(pod).then(|| (self.workers[pod.index()].template, self.workers[pod.index()].key))
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
        self.has(pod) && self.workers[pod.index()].containers.iter().any(waits)
    }

    /// When the pod's worker wants to be woken next.
    pub fn next_wake(&self, pod: PodId) -> Instant {
        if !self.has(pod) {
            return Instant::NEVER;
        }
        let worker = &self.workers[pod.index()];
        worker.containers.iter().map(|run| run.plan.next()).fold(worker.terminate_at, Instant::min)
    }

    /// The kubelet sees a pod that was bound to its node: sandbox, then images, then containers.
    /// `replaces` is what cost the pod's forerunner.
    pub fn admit(&mut self, pod: PodId, node: NodeId, replaces: Option<Cause>, desk: &mut Desk) {
        let object = desk.api.expect_pod(pod);
        let template = desk.model.template(object.template);
        let key = desk.model.workload_key(object.workload).child(object.ordinal);
        let worker = self.worker_slot(pod);
        worker.node = node;
        worker.template = object.template;
        worker.key = key;
        worker.probing_since = desk.now + desk.model.scenario().timing.watch;
        worker.boots = 0;
        worker.terminate_at = Instant::NEVER;
        worker.containers.clear();
        worker.containers.resize(template.containers.len(), ContainerRun::NEW);
        desk.physical.place(pod, node, template.containers.len(), replaces);
        if desk.physical.is_up(node) {
            let noticed = desk.now + desk.model.scenario().timing.watch;
            self.create_sandbox(pod, noticed, desk);
        }
    }

    /// The kubelet learns that the pod is to end.
    pub fn terminate(&mut self, pod: PodId, desk: &mut Desk) {
        if self.has(pod) && desk.physical.is_up(self.workers[pod.index()].node) {
            self.workers[pod.index()].terminate_at = desk.now + desk.model.scenario().timing.watch;
        }
    }

    /// Takes every step that is due.
    pub fn wake(&mut self, pod: PodId, desk: &mut Desk) {
        if !self.has(pod) {
            return;
        }
        if self.workers[pod.index()].terminate_at <= desk.now {
            self.begin_termination(pod, desk);
        }
        for container in 0..self.workers[pod.index()].containers.len() {
            while let Some(step) = self.run(pod, container).plan.take_due(desk.now) {
                self.take(step, pod, container, desk);
            }
        }
        self.finish_if_ended(pod, desk);
    }

    /// The machine lost power: every plan is void, nobody is told.
    pub fn power_lost(&mut self, node: NodeId, physical: &Physical) {
        for pod in physical.pods_on(node) {
            let worker = &mut self.workers[pod.index()];
            worker.terminate_at = Instant::NEVER;
            for run in &mut worker.containers {
                run.plan = Plan::IDLE;
                run.running = false;
                run.ready = false;
            }
        }
    }

    /// The kubelet is back after a boot: it reports what is left of a pod, and ends or restarts it.
    pub fn boot(&mut self, pod: PodId, desk: &mut Desk) {
        if !self.has(pod) {
            return;
        }
        let Some(object) = desk.api.pod(pod).filter(|object| object.deletion.is_none()) else {
            return self.finish(pod, desk);
        };
        desk.requests.push(Request::SetPodReady { pod, ready: false, by: ReadyBy::Kubelet });
        if desk.model.template(object.template).restart_policy == RestartPolicy::Never
            && object.phase == PodPhase::Running
        {
            desk.requests.push(Request::SetPodPhase(pod, PodPhase::Failed));
            return;
        }
        self.restart_probes(pod, object.template, desk);
        let network_ready = desk.now + desk.model.scenario().timing.node_ready;
        self.create_sandbox(pod, network_ready, desk);
    }

    /// A kubelet that just started lets each probe worker sleep for a random part of its period first: the longest
    /// period stands for all of a pod.
    fn restart_probes(&mut self, pod: PodId, template: TemplateId, desk: &Desk) {
        let probes = |c: &Container| [c.readiness, c.liveness, c.startup].into_iter().flatten();
        let periods =
            desk.model.template(template).containers.iter().flat_map(probes).map(|probe| probe.period);
        let worker = &mut self.workers[pod.index()];
        worker.boots += 1;
        if let Some(longest) = periods.max() {
            let phase = desk.luck.draw(Purpose::ProbePhase, worker.key, worker.boots).unit();
            worker.probing_since = desk.now + longest.part(phase);
        }
    }

    /// A process ended by itself: the next relist notices.
    pub fn exited(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let first = Instant::ZERO + self.relist_phase[self.workers[pod.index()].node.index()];
        let noticed = first.next_tick(desk.model.scenario().timing.pleg_relist, desk.now);
        let run = self.run(pod, container);
        run.plan = Plan::IDLE;
        run.running = false;
        run.ended = desk.now;
        run.plan.set(Step::Notice, noticed);
    }

    /// A process hangs: its probes will find out, if it has any.
    pub fn hung(&mut self, pod: PodId, container: usize, now: Instant) {
        let run = self.run(pod, container);
        let verdict = |ticker: Option<Ticker>| ticker.map_or(Instant::NEVER, |t| t.failure_of_hang(now));
        run.plan.set(Step::Serve, Instant::NEVER);
        run.plan.set(Step::Ready, Instant::NEVER);
        run.plan.set(Step::Unready, verdict(run.readiness));
        run.plan.set(Step::Kill, verdict(run.liveness));
    }

    /// A hung process answers again before its kubelet killed it.
    pub fn unhung(&mut self, pod: PodId, container: usize, now: Instant) {
        let run = self.run(pod, container);
        run.plan.set(Step::Unready, Instant::NEVER);
        run.plan.set(Step::Kill, Instant::NEVER);
        if !run.ready {
            run.plan.set(Step::Ready, run.readiness.map_or(now, |ticker| ticker.success(now)));
        }
    }

    /// The object of a pod is gone although its kubelet never confirmed: what still runs is killed.
    pub fn orphaned(&mut self, pod: PodId, desk: &mut Desk) {
        if !desk.physical.is_up(self.workers[pod.index()].node) {
            return self.finish(pod, desk);
        }
        self.workers[pod.index()].terminate_at = desk.now + desk.model.scenario().timing.watch;
    }

    fn take(&mut self, step: Step, pod: PodId, container: usize, desk: &mut Desk) {
        match step {
            Step::Notice => self.notice_exit(pod, container, desk),
            Step::Start => self.start(pod, container, desk),
            Step::Serve => desk.physical.serve(pod, container, desk.changes),
            Step::Ready => self.set_ready(pod, container, true, desk),
            Step::Unready => self.set_ready(pod, container, false, desk),
            Step::Kill => self.kill(pod, container, desk),
            Step::StopAccepting => desk.physical.stop_accepting(pod, container, desk.changes),
            Step::Exit => self.exit(pod, container, desk),
        }
    }

    /// Sandbox and images, for all containers of a pod that do not run.
    fn create_sandbox(&mut self, pod: PodId, from: Instant, desk: &mut Desk) {
        let sandboxed = from + desk.model.scenario().timing.sandbox;
        for container in 0..self.workers[pod.index()].containers.len() {
            let decided = self.run(pod, container).decide_start(sandboxed, &desk.model.scenario().timing);
            self.plan_start(pod, container, decided, desk);
        }
    }

    fn plan_start(&mut self, pod: PodId, container: usize, decided: Instant, desk: &mut Desk) {
        let node = self.workers[pod.index()].node;
        let spec = &self.template(pod, desk).containers[container];
        let pulled = self.images.ready_at(desk.model, node, spec.image, spec.always_pull, decided);
        let start = pulled + desk.model.scenario().timing.container_start;
        self.run(pod, container).plan.set(Step::Start, start);
    }

    fn start(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let spec = &self.template(pod, desk).containers[container];
        let key = self.workers[pod.index()].key.child(container as u64);
        let probing_since = self.workers[pod.index()].probing_since;
        let run = self.run(pod, container);
        let index = u64::from(run.starts);
        let serving = desk.now + startup_time(spec, key, index, desk);
        run.begin(spec, desk.now, serving, probing_since);
        desk.physical.start(pod, container, desk.changes);
        if index > 0 {
            desk.requests.push(Request::CountRestart(pod));
        } else if self.workers[pod.index()].containers.iter().all(|run| run.starts > 0) {
            desk.requests.push(Request::SetPodPhase(pod, PodPhase::Running));
        }
    }

    fn set_ready(&mut self, pod: PodId, container: usize, ready: bool, desk: &mut Desk) {
        self.run(pod, container).ready = ready;
        let ready = self.workers[pod.index()].containers.iter().all(|run| run.ready);
        desk.requests.push(Request::SetPodReady { pod, ready, by: ReadyBy::Kubelet });
    }

    /// A failed liveness or startup probe: the container is stopped with the pod's grace period. Until it is gone the
    /// pod stays as ready as its readiness probe says: without one, Ready.
    fn kill(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let template = self.template(pod, desk);
        let (spec, grace) = (&template.containers[container], template.termination_grace);
        let run = self.run(pod, container);
        run.plan = Plan::IDLE;
        // A process that hangs does not hear the stop signal.
        let takes = if desk.physical.is_hung(pod, container) { grace } else { spec.shutdown_time.min(grace) };
        run.plan.set(Step::Exit, desk.now + takes);
    }

    fn exit(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let run = self.run(pod, container);
        run.plan = Plan::IDLE;
        run.running = false;
        run.ended = desk.now;
        desk.physical.stop(pod, container, desk.changes);
        if !self.is_terminating(pod, desk.api) {
            self.notice_exit(pod, container, desk);
        }
    }

    /// Restart, after the crash-loop delay, or not, by the restart policy.
    fn notice_exit(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        self.set_ready(pod, container, false, desk);
        if self.template(pod, desk).restart_policy == RestartPolicy::Never {
            if self.workers[pod.index()].containers.iter().all(|run| !run.running) {
                desk.requests.push(Request::SetPodPhase(pod, PodPhase::Failed));
            }
            return;
        }
        let run = self.run(pod, container);
        let decided = run.decide_start(run.ended, &desk.model.scenario().timing).max(desk.now);
        self.plan_start(pod, container, decided, desk);
    }

    /// PreStop, stop signal, and at the deadline the kill: upstream's `killContainer`, for all containers at once.
    fn begin_termination(&mut self, pod: PodId, desk: &mut Desk) {
        let template = self.template(pod, desk);
        let worker = &mut self.workers[pod.index()];
        worker.terminate_at = Instant::NEVER;
        let deletion = desk.api.pod(pod).and_then(|object| object.deletion);
        // A forced deletion leaves no object: the kubelet still gives one second.
        let deadline = deletion.unwrap_or(desk.now + Span::secs(1));
        for (container, run) in worker.containers.iter_mut().enumerate() {
            let readiness = (run.plan.at(Step::Ready), run.plan.at(Step::Unready));
            run.plan = Plan::IDLE;
            if run.running {
                // Readiness goes on being probed; startup and liveness do not.
                run.plan.set(Step::Ready, readiness.0);
                run.plan.set(Step::Unready, readiness.1);
                run.plan_stop(
                    &template.containers[container],
                    desk.now,
                    deadline,
                    desk.physical.is_hung(pod, container),
                );
            }
        }
    }

    fn finish_if_ended(&mut self, pod: PodId, desk: &mut Desk) {
        let worker = &self.workers[pod.index()];
        let ended = worker.terminate_at == Instant::NEVER && worker.containers.iter().all(|run| !run.running);
        if ended && self.is_terminating(pod, desk.api) {
            self.finish(pod, desk);
        }
    }

    fn finish(&mut self, pod: PodId, desk: &mut Desk) {
        self.workers[pod.index()].pod = NO_POD;
        desk.physical.clear(pod, desk.changes);
        desk.requests.push(Request::Remove(pod));
    }

    fn template<'m>(&self, pod: PodId, desk: &Desk<'m>) -> &'m PodTemplate {
        desk.model.template(self.workers[pod.index()].template)
    }

    fn is_terminating(&self, pod: PodId, api: &Api) -> bool {
        api.pod(pod).is_none_or(|object| object.deletion.is_some())
    }

    fn run(&mut self, pod: PodId, container: usize) -> &mut ContainerRun {
        &mut self.workers[pod.index()].containers[container]
    }

    fn worker_slot(&mut self, pod: PodId) -> &mut Worker {
        while self.workers.len() <= pod.index() {
            self.workers.push(Worker {
                pod: NO_POD,
                node: NodeId(0),
                template: TemplateId(0),
                key: EntityKey(0),
                probing_since: Instant::ZERO,
                boots: 0,
                terminate_at: Instant::NEVER,
                containers: Vec::new(),
            });
        }
        let worker = &mut self.workers[pod.index()];
        debug_assert_eq!(worker.pod, NO_POD, "one pod in a slot at a time");
        worker.pod = pod;
        worker
    }
}

fn startup_time(spec: &Container, key: EntityKey, index: u64, desk: &Desk) -> Span {
    match &spec.startup_time {
        Distribution::Deterministic(span) => *span,
        random => random.sample(&mut desk.luck.draw(Purpose::StartupTime, key, index)),
    }
}
