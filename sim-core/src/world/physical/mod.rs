//! What is: machines with power or without, processes that answer or not. Changed only through verbs.

mod changes;
mod services;

pub use changes::{Answer, News, PhysicalChange};

use crate::ids::{Cause, FaultId, NodeId, PodId};

/// All machines and the processes on them.
#[derive(Clone, Debug)]
pub struct Physical {
    machines: Vec<Machine>,
    bodies: Vec<Body>,
    /// Faults that keep the image registry down.
    registry_down_by: Vec<FaultId>,
}

#[derive(Clone, Debug, Default)]
struct Machine {
    /// What keeps it down; it has power when nothing does.
    down_by: Vec<Cause>,
    /// Faults that keep its kubelet from running.
    kubelet_down_by: Vec<FaultId>,
    /// The cloud has taken it away, or has not given it yet.
    is_absent: bool,
    bodies: Vec<PodId>,
}

/// The processes of one pod on its machine.
#[derive(Clone, Debug)]
struct Body {
    pod: PodId,
    node: NodeId,
    processes: Vec<Process>,
    answer: Answer,
    cause: Option<Cause>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Process {
    Absent,
    Booting,
    Serving,
    Hung,
    Deaf,
}

impl Physical {
    /// `machines` machines with power and nothing on them.
    pub fn new(machines: usize) -> Physical {
        Physical {
            machines: vec![Machine::default(); machines],
            bodies: Vec::new(),
            registry_down_by: Vec::new(),
        }
    }

    /// Whether the machine has power.
    pub fn is_up(&self, node: NodeId) -> bool {
        self.machines[node.index()].is_up()
    }

    /// Whether there is a machine at all.
    pub fn is_there(&self, node: NodeId) -> bool {
        !self.machines[node.index()].is_absent
    }

    /// What keeps the machine down the longest so far.
    pub fn down_by(&self, node: NodeId) -> Option<Cause> {
        self.machines[node.index()].down_by.first().copied()
    }

    /// Machines with power.
    pub fn machines_up(&self) -> usize {
        self.machines.iter().filter(|machine| machine.is_up()).count()
    }

    /// Pods with processes on a machine, or that had them when it lost power.
    pub fn pods_on(&self, node: NodeId) -> &[PodId] {
        &self.machines[node.index()].bodies
    }

    /// Whether and how the pod answers.
    pub fn answer(&self, pod: PodId) -> Answer {
        self.body(pod).map_or(Answer::Silent, |body| body.answer)
    }

    /// What last kept the pod from answering.
    pub fn cause(&self, pod: PodId) -> Option<Cause> {
        self.body(pod).and_then(|body| body.cause)
    }

    /// Whether the container has a process that could exit or hang.
    pub fn is_running(&self, pod: PodId, container: usize) -> bool {
        self.body(pod).is_some_and(|body| body.processes[container] != Process::Absent)
    }

    /// Whether the container's process hangs.
    pub fn is_hung(&self, pod: PodId, container: usize) -> bool {
        self.body(pod).is_some_and(|body| body.processes[container] == Process::Hung)
    }

    /// Whether the container's process answers.
    pub fn is_serving(&self, pod: PodId, container: usize) -> bool {
        self.body(pod).is_some_and(|body| body.processes[container] == Process::Serving)
    }

    /// The machine loses power, or is kept down by one more cause.
    pub fn crash(&mut self, node: NodeId, cause: Cause, changes: &mut Vec<PhysicalChange>) {
        let machine = &mut self.machines[node.index()];
        let was_up = machine.is_up();
        machine.down_by.push(cause);
        if was_up {
            changes.push(PhysicalChange::MachineDown(node));
            self.stop_all(node, Some(cause), changes);
        }
    }

    /// One cause less keeps the machine down; without any it has power again.
    pub fn restore(&mut self, node: NodeId, cause: Cause, changes: &mut Vec<PhysicalChange>) {
        let machine = &mut self.machines[node.index()];
        take_out(&mut machine.down_by, cause);
        if machine.is_up() {
            changes.push(PhysicalChange::MachineUp(node));
        }
    }

    /// The cloud takes the machine away.
    pub fn withdraw(&mut self, node: NodeId, changes: &mut Vec<PhysicalChange>) {
        let was_up = self.is_up(node);
        self.machines[node.index()].is_absent = true;
        if was_up {
            changes.push(PhysicalChange::MachineWithdrawn(node));
            self.stop_all(node, None, changes);
        }
    }

    /// The cloud gives a machine. In a place that is down it gets power when that is over.
    pub fn provide(&mut self, node: NodeId, changes: &mut Vec<PhysicalChange>) {
        let machine = &mut self.machines[node.index()];
        machine.is_absent = false;
        if machine.is_up() {
            changes.push(PhysicalChange::MachineProvided(node));
        }
    }

    /// Room for the processes of a pod on a machine; none runs yet; `cause` is what cost the pod that it came to replace.
    pub fn place(&mut self, pod: PodId, node: NodeId, containers: usize, cause: Option<Cause>) {
        while self.bodies.len() <= pod.index() {
            self.bodies.push(Body::vacant());
        }
        let body = &mut self.bodies[pod.index()];
        body.pod = pod;
        body.node = node;
        body.answer = Answer::Silent;
        body.cause = cause;
        body.processes.clear();
        body.processes.resize(containers, Process::Absent);
        self.machines[node.index()].bodies.push(pod);
    }

    /// Should the pod cease to answer, this is why.
    pub fn blame(&mut self, pod: PodId, cause: Cause) {
        if self.body(pod).is_some() {
            self.bodies[pod.index()].cause = Some(cause);
        }
    }

    /// Everything of the pod is gone from its machine.
    pub fn clear(&mut self, pod: PodId, changes: &mut Vec<PhysicalChange>) {
        if self.body(pod).is_none() {
            return;
        }
        let body = &mut self.bodies[pod.index()];
        body.processes.fill(Process::Absent);
        body.settle(None, changes);
        let bodies = &mut self.machines[body.node.index()].bodies;
        bodies.retain(|other| *other != pod);
        body.pod = Body::vacant().pod;
        changes.push(PhysicalChange::Cleared(pod));
    }

    /// A process starts; it does not answer yet.
    pub fn start(&mut self, pod: PodId, container: usize, changes: &mut Vec<PhysicalChange>) {
        self.set(pod, container, Process::Booting, None, changes);
        changes.push(PhysicalChange::Started(pod, container));
    }

    /// A process has started up and answers.
    pub fn serve(&mut self, pod: PodId, container: usize, changes: &mut Vec<PhysicalChange>) {
        self.set(pod, container, Process::Serving, None, changes);
    }

    /// A process stops accepting requests; it still runs.
    pub fn stop_accepting(&mut self, pod: PodId, container: usize, changes: &mut Vec<PhysicalChange>) {
        self.set(pod, container, Process::Deaf, None, changes);
    }

    /// A process is ended by its kubelet.
    pub fn stop(&mut self, pod: PodId, container: usize, changes: &mut Vec<PhysicalChange>) {
        self.set(pod, container, Process::Absent, None, changes);
        changes.push(PhysicalChange::Stopped(pod, container));
    }

    /// A process exits by itself.
    pub fn exit(&mut self, pod: PodId, container: usize, cause: Cause, changes: &mut Vec<PhysicalChange>) {
        self.set(pod, container, Process::Absent, Some(cause), changes);
        changes.push(PhysicalChange::Exited(pod, container));
    }

    /// A process hangs.
    pub fn hang(&mut self, pod: PodId, container: usize, cause: Cause, changes: &mut Vec<PhysicalChange>) {
        self.set(pod, container, Process::Hung, Some(cause), changes);
        changes.push(PhysicalChange::Hung(pod, container));
    }

    /// A hung process answers again.
    pub fn unhang(&mut self, pod: PodId, container: usize, changes: &mut Vec<PhysicalChange>) {
        self.set(pod, container, Process::Serving, None, changes);
        changes.push(PhysicalChange::Unhung(pod, container));
    }

    fn stop_all(&mut self, node: NodeId, cause: Option<Cause>, changes: &mut Vec<PhysicalChange>) {
        for at in 0..self.machines[node.index()].bodies.len() {
            let pod = self.machines[node.index()].bodies[at];
            let body = &mut self.bodies[pod.index()];
            body.processes.fill(Process::Absent);
            body.settle(cause, changes);
        }
    }

    fn set(
        &mut self,
        pod: PodId,
        container: usize,
        process: Process,
        cause: Option<Cause>,
        changes: &mut Vec<PhysicalChange>,
    ) {
        let body = &mut self.bodies[pod.index()];
        debug_assert_eq!(body.pod, pod, "a verb concerns a pod that is on a machine");
        body.processes[container] = process;
        body.settle(cause, changes);
    }

    fn body(&self, pod: PodId) -> Option<&Body> {
        self.bodies.get(pod.index()).filter(|body| body.pod == pod)
    }
}

impl Machine {
    fn is_up(&self) -> bool {
        !self.is_absent && self.down_by.is_empty()
    }
}

impl Body {
    fn vacant() -> Body {
        Body {
            pod: PodId { slot: u32::MAX, generation: u32::MAX },
            node: NodeId(0),
            processes: Vec::new(),
            answer: Answer::Silent,
            cause: None,
        }
    }

    /// A pod answers as its worst container does.
    fn settle(&mut self, cause: Option<Cause>, changes: &mut Vec<PhysicalChange>) {
        let answer = self.processes.iter().map(|process| process.answer()).max().unwrap_or(Answer::Silent);
        if cause.is_some() {
            self.cause = cause;
        }
        if answer == Answer::Serving {
            self.cause = None;
        }
        if answer != self.answer {
            self.answer = answer;
            changes.push(PhysicalChange::Answers(self.pod));
        }
    }
}

impl Process {
    fn answer(self) -> Answer {
        match self {
            Process::Serving => Answer::Serving,
            Process::Booting => Answer::Booting,
            Process::Absent | Process::Hung | Process::Deaf => Answer::Silent,
        }
    }
}

fn take_out<T: PartialEq>(causes: &mut Vec<T>, cause: T) {
    let at = causes.iter().position(|other| *other == cause).expect("only what was struck is healed");
    causes.remove(at);
}
