//! Which pods of a Job have finished, when, and what for. Upstream: `isPodFailed` in job_controller.go, `getFinishedTime`
//! in backoff_utils.go, `matchPodFailurePolicy` in pod_failure_policy.go.

use crate::spec::{JobSpec, OnDisruption, PodReplacement};
use crate::time::{Instant, Span};
use crate::world::api::{Deletion, Pod, PodPhase};

/// A pod that has finished, as its Job sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finish {
    /// When, in whole seconds.
    pub at: Instant,
    /// Its completion index.
    pub index: u32,
    /// What it counts for.
    pub verdict: Verdict,
}

/// What a finished pod counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A success.
    Succeeded,
    /// A failure.
    Failed,
    /// A failure that the Job's policy does not count.
    Ignored,
    /// A failure with which, by its policy, the Job has failed.
    FailsJob,
}

impl Finish {
    /// What a pod counts for, if it has finished. One that is deleted counts as failed at once, unless the Job waits for
    /// its end. `grace` is what it was given.
    pub fn of(pod: &Pod, spec: &JobSpec, grace: Span) -> Option<Finish> {
        let is_deleted = pod.deletion.is_some() && spec.replacement == PodReplacement::TerminatingOrFailed;
        (pod.is_terminal() || is_deleted).then(|| Finish::of_gone(pod, spec, grace, Instant::ZERO))
    }

    /// What a pod counts for whose object is gone; `now`, if nothing else says when it ended.
    pub fn of_gone(pod: &Pod, spec: &JobSpec, grace: Span, now: Instant) -> Finish {
        let verdict = match pod.phase {
            PodPhase::Succeeded => Verdict::Succeeded,
            _ if !is_disrupted(pod) => Verdict::Failed,
            _ => match spec.on_disruption {
                OnDisruption::Count => Verdict::Failed,
                OnDisruption::Ignore => Verdict::Ignored,
                OnDisruption::FailJob => Verdict::FailsJob,
            },
        };
        Finish { at: whole_seconds(finished_at(pod, grace, now)), index: index(pod), verdict }
    }
}

/// From its containers, else since when it is not Ready, else when its deletion was asked for.
fn finished_at(pod: &Pod, grace: Span, now: Instant) -> Instant {
    let not_ready = (!pod.ready && pod.node.is_some()).then_some(pod.ready_since);
    let deleted =
        pod.deletion.map(|deadline| Instant::ZERO + (deadline - Instant::ZERO).saturating_sub(grace));
    pod.finished.or(not_ready).or(deleted).unwrap_or(now)
}

/// Condition DisruptionTarget.
fn is_disrupted(pod: &Pod) -> bool {
    matches!(
        pod.deleted_for,
        Some(Deletion::TaintEviction | Deletion::PodGc | Deletion::Eviction(_) | Deletion::Preemption(_))
    )
}

fn index(pod: &Pod) -> u32 {
    match pod.owner {
        crate::world::api::Owner::Job { index, .. } => index,
        _ => 0,
    }
}

fn whole_seconds(at: Instant) -> Instant {
    Instant(at.0 - at.0 % Span::secs(1).0)
}
