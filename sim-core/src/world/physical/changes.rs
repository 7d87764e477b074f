//! What is different in the physical world, for whoever notices it.

use crate::ids::{ImageId, NodeId, PodId};

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
    /// The kubelet of a machine that has power is gone.
    KubeletDown(NodeId),
    /// Nothing keeps the kubelet of a machine that has power from starting.
    KubeletUp(NodeId),
    /// The image registry answers, or no longer does.
    Registry(bool),
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
    /// Something that only a reader of the timeline wants to know.
    News(PodId, News),
}

/// What befalls a pod on its node without changing whether it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// One of its init containers starts.
    InitStarts(usize),
    /// The kubelet sees that one of its init containers has ended with an error.
    InitFails(usize),
    /// A postStart hook has failed.
    HookFails(usize),
    /// An image could not be pulled.
    PullFails(ImageId),
    /// A process has exited because of what is in its template.
    Crashes(usize),
}
