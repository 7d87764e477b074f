//! Graceful node shutdown: a kubelet that is told of a shutdown holds it up until its pods have ended, critical ones last.
//!
//! Upstream: pkg/kubelet/nodeshutdown, which takes an inhibitor lock of systemd-logind. Each wave of pods has a period of
//! its own; the machine goes when the last wave has ended or its period is over.

use crate::ids::{FaultId, NodeId, PodId};
use crate::spec::Timing;
use crate::time::{Instant, Span};

/// Pods of this priority and above are critical (`SystemCriticalPriority`, pkg/apis/scheduling).
const CRITICAL: i32 = 2_000_000_000;

/// Pods that end at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wave {
    /// All that are not critical.
    Regular,
    /// What the others may need until their end.
    Critical,
}

/// A reboot that a kubelet holds up, or that came the later for that.
#[derive(Clone, Debug)]
pub struct Shutdown {
    /// Of which machine.
    pub node: NodeId,
    /// Who ordered it.
    pub fault: FaultId,
    ordered: Instant,
    stage: Stage,
    /// Pods of the wave under way that have not ended.
    pods: Vec<PodId>,
    /// When the repair would have ended, had nobody held the shutdown up.
    repaired: Option<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Ordered,
    Ending { wave: Wave, deadline: Instant },
    Off { since: Instant },
    Over,
}

/// What comes next in a shutdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing for now.
    Wait,
    /// These pods are ended.
    End(Wave),
    /// The machine loses power.
    PowerOff,
    /// It gets power again, and nothing is left to do.
    PowerOn,
}

/// All that are under way.
#[derive(Clone, Debug, Default)]
pub struct Shutdowns(pub Vec<Shutdown>);

impl Wave {
    /// The wave of a pod.
    pub fn of(priority: i32) -> Wave {
        if priority >= CRITICAL { Wave::Critical } else { Wave::Regular }
    }

    /// How long it may take: `migrateConfig`.
    pub fn period(self, timing: &Timing) -> Span {
        let critical = timing.shutdown_grace_period_critical_pods;
        match self {
            Wave::Regular => timing.shutdown_grace_period.saturating_sub(critical),
            Wave::Critical => critical,
        }
    }
}

impl Shutdown {
    /// The machine is told to reboot.
    pub fn ordered(node: NodeId, fault: FaultId, now: Instant) -> Shutdown {
        Shutdown { node, fault, ordered: now, stage: Stage::Ordered, pods: Vec::new(), repaired: None }
    }

    /// A wave begins with these pods.
    pub fn begin(&mut self, wave: Wave, deadline: Instant, pods: Vec<PodId>) {
        (self.stage, self.pods) = (Stage::Ending { wave, deadline }, pods);
    }

    /// What is due, and then taken for done. A wave without pods takes no time.
    pub fn take_next(&mut self, now: Instant, has_ended: impl Fn(PodId) -> bool) -> Next {
        self.pods.retain(|pod| !has_ended(*pod));
        match self.stage {
            Stage::Ordered => Next::End(Wave::Regular),
            Stage::Ending { deadline, .. } if now < deadline && !self.pods.is_empty() => Next::Wait,
            Stage::Ending { wave: Wave::Regular, .. } => Next::End(Wave::Critical),
            Stage::Ending { wave: Wave::Critical, .. } => {
                self.stage = Stage::Off { since: now };
                Next::PowerOff
            }
            Stage::Off { .. } if self.due() <= now => {
                self.stage = Stage::Over;
                Next::PowerOn
            }
            Stage::Off { .. } | Stage::Over => Next::Wait,
        }
    }

    /// Whether the machine still has power.
    pub fn is_held_up(&self) -> bool {
        matches!(self.stage, Stage::Ordered | Stage::Ending { .. })
    }

    /// Nobody holds it up any more.
    pub fn cut_short(&mut self, now: Instant) {
        self.stage = Stage::Off { since: now };
        self.pods.clear();
    }

    /// When something is due. A machine that went down later is repaired later.
    fn due(&self) -> Instant {
        match (self.stage, self.repaired) {
            (Stage::Ending { deadline, .. }, _) => deadline,
            (Stage::Off { since }, Some(repaired)) => repaired + since.since(self.ordered),
            _ => Instant::NEVER,
        }
    }
}

impl Shutdowns {
    /// Whether the node's kubelet holds one up.
    pub fn hold_up(&self, node: NodeId) -> bool {
        self.0.iter().any(|shutdown| shutdown.node == node && shutdown.is_held_up())
    }

    /// Whether one waits for the pod's end.
    pub fn await_end_of(&self, pod: PodId) -> bool {
        self.0.iter().any(|shutdown| shutdown.pods.contains(&pod))
    }

    /// The repair of a machine would end now. Returns whether it was held up, so that it does not.
    pub fn put_off_repair(&mut self, node: NodeId, fault: FaultId, now: Instant) -> bool {
        let is_it = |shutdown: &&mut Shutdown| {
            (shutdown.node, shutdown.fault, shutdown.repaired) == (node, fault, None)
        };
        let found = self.0.iter_mut().find(is_it);
        found.map(|shutdown| shutdown.repaired = Some(now)).is_some()
    }

    /// Those that are over are forgotten.
    pub fn forget_finished(&mut self) {
        self.0.retain(|shutdown| shutdown.stage != Stage::Over);
    }

    /// When something is due.
    pub fn next(&self) -> Instant {
        self.0.iter().map(Shutdown::due).min().unwrap_or(Instant::NEVER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: PodId = PodId { slot: 0, generation: 0 };

    fn at(seconds: u64) -> Instant {
        Instant::ZERO + Span::secs(seconds)
    }

    #[test]
    fn critical_pods_have_their_part_of_the_period() {
        let timing = Timing {
            shutdown_grace_period: Span::secs(30),
            shutdown_grace_period_critical_pods: Span::secs(10),
            ..Timing::for_kubernetes(35)
        };
        let period = |priority| Wave::of(priority).period(&timing);
        assert_eq!(
            [-5, 0, 1_000_000_000, 2_000_000_000, 2_000_001_000].map(period),
            [20, 20, 20, 10, 10].map(Span::secs)
        );
    }

    #[test]
    fn a_machine_goes_down_when_its_pods_have_ended_and_comes_back_as_much_later() {
        let mut shutdown = Shutdown::ordered(NodeId(0), FaultId(0), at(0));
        let ended = |_| true;
        assert_eq!(shutdown.take_next(at(0), ended), Next::End(Wave::Regular));
        shutdown.begin(Wave::Regular, at(20), vec![POD]);
        assert_eq!(shutdown.take_next(at(7), |_| false), Next::Wait);
        assert_eq!(shutdown.take_next(at(8), ended), Next::End(Wave::Critical));
        shutdown.begin(Wave::Critical, at(18), Vec::new());
        assert_eq!(shutdown.take_next(at(8), ended), Next::PowerOff);
        let mut shutdowns = Shutdowns(vec![shutdown]);
        assert!(shutdowns.put_off_repair(NodeId(0), FaultId(0), at(60)));
        assert!(!shutdowns.put_off_repair(NodeId(0), FaultId(0), at(60)), "only once");
        assert_eq!(shutdowns.next(), at(68));
        assert_eq!(shutdowns.0[0].take_next(at(68), ended), Next::PowerOn);
    }

    #[test]
    fn who_has_not_ended_in_time_is_not_waited_for() {
        let mut shutdown = Shutdown::ordered(NodeId(0), FaultId(0), at(0));
        shutdown.begin(Wave::Regular, at(20), vec![POD]);
        assert_eq!(shutdown.take_next(at(20), |_| false), Next::End(Wave::Critical));
    }
}
