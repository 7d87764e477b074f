//! How many pods a Job is to have. Upstream: `manageJob` in job_controller.go.

use crate::spec::{JobSpec, PodReplacement};

/// What a Job has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Pods that neither have finished nor are being deleted.
    pub active: u32,
    /// Pods that are being deleted and have not ended.
    pub terminating: u32,
    /// Successes, those of pods that are not counted yet included.
    pub succeeded: u32,
}

/// What a Job wants of its pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// So many more.
    More(u32),
    /// So many fewer.
    Fewer(u32),
    /// Nothing.
    Nothing,
}

/// What a Job that goes on wants.
pub fn wants(spec: &JobSpec, status: Status) -> Wants {
    let active = status.active;
    let aim = active_aim(spec, status);
    let waits_for = match spec.replacement {
        PodReplacement::Failed => status.terminating,
        PodReplacement::TerminatingOrFailed => 0,
    };
    match () {
        () if active > aim => Wants::Fewer(active - aim),
        () if aim > active + waits_for => Wants::More(aim - active - waits_for),
        () => Wants::Nothing,
    }
}

/// Pods that are to be active. Without `completions` nothing is added after the first success.
pub(super) fn active_aim(spec: &JobSpec, status: Status) -> u32 {
    match spec.completions {
        _ if spec.suspend => 0,
        None if status.succeeded > 0 => status.active,
        None => spec.parallelism,
        Some(completions) => spec.parallelism.min(completions.saturating_sub(status.succeeded)),
    }
}

/// Whether it has what it was made for.
pub(super) fn is_complete(spec: &JobSpec, status: Status) -> bool {
    let enough = match spec.completions {
        None => status.succeeded > 0,
        Some(completions) => status.succeeded >= completions,
    };
    enough && status.active == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::OnDisruption;

    const JOB: JobSpec = JobSpec {
        parallelism: 3,
        completions: Some(5),
        indexed: false,
        backoff_limit: 6,
        active_deadline: None,
        ttl_after_finished: None,
        replacement: PodReplacement::TerminatingOrFailed,
        on_disruption: OnDisruption::Count,
        suspend: false,
    };

    fn status(active: u32, terminating: u32, succeeded: u32) -> Status {
        Status { active, terminating, succeeded }
    }

    /// As `TestControllerSyncJob` in job_controller_test.go has them.
    #[test]
    fn no_more_pods_than_completions_are_left() {
        assert_eq!(wants(&JOB, status(0, 0, 0)), Wants::More(3));
        assert_eq!(wants(&JOB, status(2, 0, 1)), Wants::More(1));
        assert_eq!(wants(&JOB, status(1, 0, 3)), Wants::More(1));
        assert_eq!(wants(&JOB, status(1, 0, 4)), Wants::Nothing);
        assert_eq!(wants(&JOB, status(3, 0, 4)), Wants::Fewer(2));
        assert!(is_complete(&JOB, status(0, 0, 5)) && !is_complete(&JOB, status(1, 0, 5)));
    }

    #[test]
    fn a_work_queue_is_not_filled_up_after_a_success() {
        let queue = JobSpec { completions: None, ..JOB };
        assert_eq!(wants(&queue, status(2, 0, 0)), Wants::More(1));
        assert_eq!(wants(&queue, status(2, 0, 1)), Wants::Nothing);
        assert!(is_complete(&queue, status(0, 0, 1)) && !is_complete(&queue, status(0, 0, 0)));
    }

    #[test]
    fn a_terminating_pod_holds_its_place_where_the_job_waits_for_its_end() {
        let waits = JobSpec { replacement: PodReplacement::Failed, ..JOB };
        assert_eq!(wants(&JOB, status(2, 1, 0)), Wants::More(1));
        assert_eq!(wants(&waits, status(2, 1, 0)), Wants::Nothing);
        assert_eq!(wants(&waits, status(1, 1, 0)), Wants::More(1));
    }

    #[test]
    fn a_suspended_job_has_no_pods() {
        assert_eq!(wants(&JobSpec { suspend: true, ..JOB }, status(3, 0, 0)), Wants::Fewer(3));
    }
}
