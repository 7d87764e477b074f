//! What a kubelet means to do with a container next: an instant for each step, and nothing else to remember.

use crate::time::Instant;

/// A step in the life of a container, in the order in which steps of one instant are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The kubelet notices that the process has ended.
    Notice,
    /// The process starts.
    Start,
    /// The process has started up and answers.
    Serve,
    /// Probes have succeeded often enough: the container is ready.
    Ready,
    /// The readiness probe has failed often enough.
    Unready,
    /// A liveness or startup probe has failed often enough.
    Kill,
    /// The process, told to stop, accepts no more requests.
    StopAccepting,
    /// The process, told to stop, is gone.
    Exit,
}

const STEPS: [Step; 8] = [
    Step::Notice,
    Step::Start,
    Step::Serve,
    Step::Ready,
    Step::Unready,
    Step::Kill,
    Step::StopAccepting,
    Step::Exit,
];

/// When each step is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan([Instant; STEPS.len()]);

impl Plan {
    /// Nothing is due, ever.
    pub const IDLE: Plan = Plan([Instant::NEVER; STEPS.len()]);

    /// Plans a step, or puts it off for ever with [`Instant::NEVER`].
    pub fn set(&mut self, step: Step, at: Instant) {
        self.0[step as usize] = at;
    }

    /// When a step is due.
    pub fn at(&self, step: Step) -> Instant {
        self.0[step as usize]
    }

    /// When the next step is due.
    pub fn next(&self) -> Instant {
        self.0.iter().copied().fold(Instant::NEVER, Instant::min)
    }

    /// Takes out the first step that is due at `now`.
    pub fn take_due(&mut self, now: Instant) -> Option<Step> {
        let next = self.next();
        if next > now {
            return None;
        }
        let step = STEPS[self.0.iter().position(|at| *at == next)?];
        self.set(step, Instant::NEVER);
        Some(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_come_in_order_of_time_and_then_of_listing() {
        let mut plan = Plan::IDLE;
        plan.set(Step::Ready, Instant(5));
        plan.set(Step::Serve, Instant(5));
        plan.set(Step::Start, Instant(3));
        plan.set(Step::Kill, Instant(9));
        let taken: Vec<_> = std::iter::from_fn(|| plan.take_due(Instant(6))).collect();
        assert_eq!(taken, [Step::Start, Step::Serve, Step::Ready]);
        assert_eq!(plan.next(), Instant(9));
    }
}
