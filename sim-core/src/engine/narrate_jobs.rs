//! Jobs and CronJobs in words.

use super::sim::Sim;
use crate::controllers::cron_jobs::Start;
use crate::ids::{JobId, WorkloadId};
use crate::observers::names;
use crate::observers::timeline::Watch;
use crate::outcome::Actor;
use crate::world::api::{JobChange, JobEnd};

impl<W: Watch> Sim<'_, W> {
    pub(super) fn words_for_job(&self, change: JobChange) -> Option<(Actor, String)> {
        Some(match change {
            // A Job of its own is there from the start, as every workload.
            JobChange::Created(job) if self.api.job(job).scheduled.is_none() => return None,
            JobChange::Created(job) => (Actor::CronJob, format!("creates {}", self.job_name(job))),
            JobChange::Ending(job, end) if end != JobEnd::Complete => {
                (Actor::Job, format!("gives up {}: {end:?}", self.job_name(job)))
            }
            JobChange::Finished(job, JobEnd::Complete) => {
                (Actor::Job, format!("finds {} complete", self.job_name(job)))
            }
            JobChange::Finished(job, _) => (Actor::Job, format!("finds {} failed", self.job_name(job))),
            JobChange::Deleted(job) if self.is_expired(job) => {
                (Actor::TtlAfterFinished, format!("deletes {}", self.job_name(job)))
            }
            JobChange::Deleted(job) => (Actor::CronJob, format!("deletes {}", self.job_name(job))),
            JobChange::Ending(..) | JobChange::Counted(_) => return None,
        })
    }

    pub(super) fn narrate_start(&mut self, workload: WorkloadId, start: Start) {
        let text = match start {
            Start::Made(missed) if missed > 100 => "finds more than 100 missed starts of",
            Start::Made(_) => return,
            Start::Forbidden => "does not start another Job, since one has not finished, of",
            Start::TooLate => "is too late for a start of",
        };
        self.tell(Actor::CronJob, |sim| format!("{text} {}", sim.workload_name(workload)));
    }

    fn is_expired(&self, job: JobId) -> bool {
        let job = self.api.job(job);
        let ttl = self.model.workload(job.workload).kind.job().and_then(|spec| spec.ttl_after_finished);
        job.finished.zip(ttl).is_some_and(|(finished, ttl)| finished + ttl <= self.now)
    }

    fn job_name(&self, job: JobId) -> String {
        format!("Job {}", names::job(self.model, self.api.job(job)))
    }
}
