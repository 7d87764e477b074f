//! Finished Jobs that a CronJob does not keep. Upstream: `cleanupFinishedJobs` in cronjob_controllerv2.go.

use crate::ids::{JobId, WorkloadId};
use crate::spec::CronJobSpec;
use crate::world::api::{Api, JobEnd};

/// The oldest ones beyond its limits, of those that succeeded and of those that failed.
pub fn surplus<'a>(
    workload: WorkloadId,
    spec: &'a CronJobSpec,
    api: &'a Api,
) -> impl Iterator<Item = JobId> + 'a {
    let limits = [(true, spec.successful_history), (false, spec.failed_history)];
    limits.into_iter().flat_map(move |(complete, limit)| {
        let finished = move || {
            let jobs = api.jobs_of(workload).iter().map(|job| api.job(*job));
            jobs.filter(move |job| job.finished.is_some() && (job.end == Some(JobEnd::Complete)) == complete)
        };
        // In creation order, which is that of their starts.
        finished().take(finished().count().saturating_sub(limit as usize)).map(|job| job.id)
    })
}
