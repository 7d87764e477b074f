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

/// Steps that a process takes by itself once they are planned.
const OF_PROCESS: [Step; 3] = [Step::Serve, Step::StopAccepting, Step::Exit];

/// When each step is due, and which one is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    at: [Instant; STEPS.len()],
    next: Step,
    /// A bit for each step that is planned, so that nobody looks at the others: few are at a time.
    planned: u8,
}

impl Plan {
    /// Nothing is due, ever.
    pub const IDLE: Plan = Plan { at: [Instant::NEVER; STEPS.len()], next: STEPS[0], planned: 0 };

    /// Plans a step, or puts it off for ever with [`Instant::NEVER`].
    pub fn set(&mut self, step: Step, at: Instant) {
        let sooner = (at, step) < (self.next(), self.next);
        self.put(step, at);
        if sooner {
            self.next = step;
        } else if step == self.next {
            self.find_next();
        }
    }

    /// When a step is due.
    pub fn at(&self, step: Step) -> Instant {
        self.at[step as usize]
    }

    /// When the next step is due that a process takes without its kubelet.
    pub fn next_of_process(&self) -> Instant {
        OF_PROCESS.iter().map(|step| self.at(*step)).min().unwrap_or(Instant::NEVER)
    }

    /// Takes out the first step that is due at `now` and that a process takes without its kubelet.
    pub fn take_due_of_process(&mut self, now: Instant) -> Option<Step> {
        let due =
            OF_PROCESS.into_iter().filter(|step| self.at(*step) <= now && self.at(*step) != Instant::NEVER);
        let step = due.min_by_key(|step| (self.at(*step), *step))?;
        self.set(step, Instant::NEVER);
        Some(step)
    }

    /// When the next step is due.
    pub fn next(&self) -> Instant {
        self.at(self.next)
    }

    /// Takes out the first step that is due at `now`.
    pub fn take_due(&mut self, now: Instant) -> Option<Step> {
        if self.next() > now || self.next() == Instant::NEVER {
            return None;
        }
        let step = self.next;
        self.put(step, Instant::NEVER);
        self.find_next();
        Some(step)
    }

    fn put(&mut self, step: Step, at: Instant) {
        let bit = 1 << step as u32;
        self.at[step as usize] = at;
        self.planned = if at == Instant::NEVER { self.planned & !bit } else { self.planned | bit };
    }

    fn find_next(&mut self) {
        self.next = STEPS[0];
        let mut left = self.planned;
        while left != 0 {
            let step = STEPS[left.trailing_zeros() as usize];
            left &= left - 1;
            if self.at(step) < self.next() {
                self.next = step;
            }
        }
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
