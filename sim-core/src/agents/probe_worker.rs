//! A probe's worker, asking: what it stores after each answer.
//!
//! Upstream: `doProbe` in `pkg/kubelet/prober/worker.go`. [`super::probes`] says in advance when a worker will have
//! reached its verdict on a process whose answers are certain; this one is for answers that are not.

use crate::spec::Probe;
use crate::time::Span;

/// What a probe is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whether requests may be sent.
    Readiness,
    /// Whether to kill.
    Liveness,
    /// Whether the other two may begin.
    Startup,
}

/// What is stored of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is known: a startup probe that has not decided.
    Unknown,
    /// It answered often enough in a row.
    Success,
    /// It failed often enough in a row.
    Failure,
}

/// Answers in a row, and what they have led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    last: Option<bool>,
    in_a_row: u32,
    verdict: Verdict,
}

/// What a worker sees when it wakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The pod has no status yet, or not one of this container.
    Nothing,
    /// The pod is Succeeded or Failed.
    PodFinished,
    /// The container.
    Container(Sight),
}

/// The container as the worker sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Which container it is; another one after each start.
    pub id: u64,
    /// What its process does.
    pub process: Process,
    /// Whether the pod has a `deletionTimestamp`.
    pub terminating: bool,
    /// Whether its restart policy lets it start again.
    pub restarts: bool,
}

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Process {
    /// It waits for its start.
    Waiting,
    /// It runs.
    Running {
        /// For how long.
        since: Span,
        /// `started`: its startup probe has succeeded, or it has none.
        started: bool,
    },
    /// It has ended.
    Ended,
}

/// Whether a worker goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It asks again in a period.
    GoOn,
    /// It is not needed any more.
    End,
}

/// A worker of one probe of one container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worker {
    kind: Kind,
    probe: Probe,
    /// Answers of the container that it saw last.
    seen: Option<(u64, Counter)>,
    on_hold: bool,
}

impl Kind {
    /// What is stored before the first answer.
    pub fn initial(self) -> Verdict {
        match self {
            Kind::Readiness => Verdict::Failure,
            Kind::Liveness => Verdict::Success,
            Kind::Startup => Verdict::Unknown,
        }
    }
}

impl Counter {
    /// Before the first answer.
    pub fn new(initial: Verdict) -> Counter {
        Counter { last: None, in_a_row: 0, verdict: initial }
    }

    /// What is stored.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// One more answer. Returns whether there are as many of its kind in a row as its threshold says: only then is it
    /// stored.
    pub fn count(&mut self, success: bool, probe: &Probe) -> bool {
        self.in_a_row = if self.last == Some(success) { self.in_a_row.saturating_add(1) } else { 1 };
        self.last = Some(success);
        let threshold = if success { probe.success_threshold } else { probe.failure_threshold };
        let decides = self.in_a_row >= threshold;
        if decides {
            self.verdict = if success { Verdict::Success } else { Verdict::Failure };
        }
        decides
    }
}

impl Worker {
    /// A worker that has not asked yet.
    pub fn new(kind: Kind, probe: Probe) -> Worker {
        Worker { kind, probe, seen: None, on_hold: false }
    }

    /// What is stored of the container; nothing before the worker has seen one.
    pub fn verdict(&self) -> Option<Verdict> {
        self.seen.map(|(_, counter)| counter.verdict)
    }

    /// The worker wakes. `ask` gives the answer of the process, `None` if it could not be asked.
    pub fn tick(&mut self, look: Look, ask: impl FnOnce() -> Option<bool>) -> Next {
        match look {
            Look::Nothing => Next::GoOn,
            Look::PodFinished => Next::End,
            Look::Container(sight) => {
                self.meet(sight.id);
                if self.on_hold { Next::GoOn } else { self.probe(sight, ask) }
            }
        }
    }

    fn probe(&mut self, sight: Sight, ask: impl FnOnce() -> Option<bool>) -> Next {
        match sight.process {
            Process::Running { since, started } if !sight.terminating || self.kind == Kind::Readiness => {
                if self.asks(since, started) {
                    ask().into_iter().for_each(|success| self.hear(success));
                }
                Next::GoOn
            }
            // The end of a pod is quiet.
            Process::Running { .. } => self.end(Verdict::Success),
            Process::Ended if !sight.restarts => self.end(Verdict::Failure),
            Process::Waiting | Process::Ended => {
                self.store(Verdict::Failure);
                Next::GoOn
            }
        }
    }

    /// A new container starts with the initial verdict; answers in a row go on counting.
    fn meet(&mut self, id: u64) {
        let known = self.seen.filter(|(seen, _)| *seen == id);
        if known.is_none() {
            let mut counter = self.seen.map_or(Counter::new(Verdict::Unknown), |(_, counter)| counter);
            counter.verdict = self.kind.initial();
            self.seen = Some((id, counter));
            self.on_hold = false;
        }
    }

    /// Whole seconds are compared, and only a startup probe asks before the container has started.
    fn asks(&self, since: Span, started: bool) -> bool {
        let whole_second = Span::secs(1);
        let age = Span(since.0 - since.0 % whole_second.0);
        age >= self.probe.initial_delay && started != (self.kind == Kind::Startup)
    }

    /// After a verdict that kills, nothing is asked until there is a new container.
    fn hear(&mut self, success: bool) {
        let Some((_, counter)) = &mut self.seen else { return };
        if counter.count(success, &self.probe) && !success && self.kind != Kind::Readiness {
            counter.in_a_row = 0;
            self.on_hold = true;
        }
    }

    fn end(&mut self, verdict: Verdict) -> Next {
        self.store(verdict);
        Next::End
    }

    fn store(&mut self, verdict: Verdict) {
        if let Some((_, counter)) = &mut self.seen {
            counter.verdict = verdict;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Handler;

    const PROBE: Probe = Probe {
        initial_delay: Span::secs(5),
        period: Span::secs(10),
        timeout: Span::secs(1),
        success_threshold: 1,
        failure_threshold: 2,
        handler: Handler::Process,
    };

    fn running(id: u64, secs: u64, started: bool) -> Sight {
        let process = Process::Running { since: Span::secs(secs), started };
        Sight { id, process, terminating: false, restarts: true }
    }

    fn heard(worker: &mut Worker, sight: Sight, success: bool) -> Option<Verdict> {
        assert_eq!(worker.tick(Look::Container(sight), || Some(success)), Next::GoOn);
        worker.verdict()
    }

    #[test]
    fn a_failed_liveness_probe_asks_no_more_until_the_container_is_another() {
        let mut worker = Worker::new(Kind::Liveness, PROBE);
        assert_eq!(heard(&mut worker, running(1, 10, true), false), Some(Verdict::Success));
        assert_eq!(heard(&mut worker, running(1, 20, true), false), Some(Verdict::Failure));
        assert_eq!(heard(&mut worker, running(1, 30, true), true), Some(Verdict::Failure));
        assert_eq!(heard(&mut worker, running(2, 1, true), false), Some(Verdict::Success));
    }

    #[test]
    fn only_a_startup_probe_asks_before_the_container_has_started() {
        for (kind, before, after) in [
            (Kind::Readiness, Verdict::Failure, Verdict::Success),
            (Kind::Startup, Verdict::Success, Verdict::Unknown),
        ] {
            let fresh = || Worker::new(kind, PROBE);
            assert_eq!(heard(&mut fresh(), running(1, 10, false), true), Some(before));
            assert_eq!(heard(&mut fresh(), running(1, 10, true), true), Some(after));
        }
    }

    #[test]
    fn readiness_alone_is_asked_while_the_pod_ends() {
        let ending = Sight { terminating: true, ..running(1, 10, true) };
        let mut liveness = Worker::new(Kind::Liveness, PROBE);
        assert_eq!(liveness.tick(Look::Container(ending), || unreachable!()), Next::End);
        assert_eq!(liveness.verdict(), Some(Verdict::Success));
        assert_eq!(heard(&mut Worker::new(Kind::Readiness, PROBE), ending, true), Some(Verdict::Success));
    }

    #[test]
    fn an_end_without_restart_ends_the_worker() {
        let ended = Sight { process: Process::Ended, ..running(1, 0, true) };
        let mut worker = Worker::new(Kind::Liveness, PROBE);
        assert_eq!(heard(&mut worker, ended, true), Some(Verdict::Failure));
        let for_good = Look::Container(Sight { restarts: false, ..ended });
        assert_eq!(worker.tick(for_good, || unreachable!()), Next::End);
        assert_eq!(worker.tick(Look::PodFinished, || unreachable!()), Next::End);
    }
}
