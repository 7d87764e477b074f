//! What may be noticed of machines and processes.

use crate::ids::{NodeId, PodId};

/// Whether a process, or a whole pod, answers requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// It does.
    Serving,
    /// It runs but has not finished starting, so it does not answer yet.
    Booting,
    /// It does not: never started, exited, hung, or stopped accepting.
    Silent,
}

/// A change that someone may notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhysicalChange {
    /// The machine lost power.
    MachineDown(NodeId),
    /// The machine has power again.
    MachineUp(NodeId),
    /// The cloud has taken the machine away.
    MachineWithdrawn(NodeId),
    /// The cloud has given a new machine, which has power.
    MachineProvided(NodeId),
    /// Nothing of the pod is left on its machine.
    Cleared(PodId),
    /// A pod answers differently from before.
    Answers(PodId),
    /// A container's process started.
    Started(PodId, usize),
    /// A container's process was ended by its kubelet.
    Stopped(PodId, usize),
    /// A container's process ended by itself.
    Exited(PodId, usize),
    /// A container's process stopped answering.
    Hung(PodId, usize),
    /// A hung process answers again.
    Unhung(PodId, usize),
}
