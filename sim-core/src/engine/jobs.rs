//! The wiring of Jobs and CronJobs.

use super::sim::Sim;
use super::timers::Wake;
use crate::controllers::cron_jobs;
use crate::controllers::jobs;
use crate::ids::{JobId, WorkloadId};
use crate::observers::timeline::Watch;
use crate::observers::workload_meter::Replicas;
use crate::spec::WorkloadKind;
use crate::time::{Instant, Span};
use crate::world::api::{Deletion, JobChange, Owner, Request};

impl<W: Watch> Sim<'_, W> {
    #[cold]
    pub(super) fn job_changed(&mut self, change: JobChange) {
        match change {
            JobChange::Created(job) => {
                self.timers.room_for_job(job);
                self.jobs.forget(job);
                self.wake_job(job, Span::ZERO);
                self.read_workload(self.api.job(job).workload);
            }
            JobChange::Counted(job) | JobChange::Ending(job, _) => {
                self.read_workload(self.api.job(job).workload);
            }
            JobChange::Finished(job, _) => {
                self.wake_job(job, Span::ZERO);
                self.wake_cron_job_of(job);
                self.read_workload(self.api.job(job).workload);
            }
            JobChange::Deleted(job) => self.job_deleted(job),
        }
    }

    pub(super) fn sync_job(&mut self, job: JobId) {
        self.note_sync(Owner::Job { job, index: 0 }, self.api.job(job).workload);
        let moment = self.moment();
        let again = self.jobs.reconcile(job, &moment, &self.api, &mut self.requests);
        self.timers.arm_earlier(Wake::Job(job), again);
    }

    pub(super) fn sync_cron_job(&mut self, workload: WorkloadId) {
        let synced = cron_jobs::reconcile(workload, &self.moment(), &self.api, &mut self.requests);
        self.timers.arm_earlier(Wake::CronJob(workload), synced.next);
        if let Some(start) = synced.start {
            self.narrate_start(workload, start);
        }
    }

    /// News of its pods reaches a Job in batches.
    #[cold]
    pub(super) fn wake_job_for_pods(&mut self, job: JobId) {
        self.wake_job(job, self.model.scenario().timing.job_sync_batch_period);
    }

    pub(super) fn wake_all_jobs(&mut self) {
        for at in 0..self.model.scenario().workloads.len() {
            let workload = WorkloadId::from(at);
            for job in 0..self.api.jobs_of(workload).len() {
                self.wake_job(self.api.jobs_of(workload)[job], Span::ZERO);
            }
        }
    }

    /// What its Jobs want and have together.
    pub(super) fn replicas_of_jobs(&self, workload: WorkloadId) -> Replicas {
        let Some(spec) = self.model.workload(workload).kind.job() else { return Replicas::default() };
        let jobs = self.api.jobs_of(workload).iter().map(|job| jobs::count(*job, spec, &self.api));
        jobs.fold(Replicas::default(), |sum, (desired, current, ready)| Replicas {
            desired: sum.desired + desired,
            current: sum.current + current,
            ready: sum.ready + ready,
        })
    }

    fn wake_job(&mut self, job: JobId, after: Span) {
        self.timers.arm_earlier(Wake::Job(job), self.now + self.controller_delay() + after);
    }

    fn wake_cron_job_of(&mut self, job: JobId) {
        let workload = self.api.job(job).workload;
        if matches!(self.model.workload(workload).kind, WorkloadKind::CronJob(_)) {
            self.timers.arm_earlier(Wake::CronJob(workload), self.now + self.controller_delay());
        }
    }

    /// Its pods follow it, and a CronJob no longer counts it.
    fn job_deleted(&mut self, job: JobId) {
        let why = Deletion::OwnerGone;
        let pods = self.api.pods_of_job(job).filter(|pod| pod.deletion.is_none());
        self.requests.extend(pods.map(|pod| Request::Delete { pod: pod.id, grace: None, why }));
        self.timers.arm(Wake::Job(job), Instant::NEVER);
        self.wake_cron_job_of(job);
        self.read_workload(self.api.job(job).workload);
    }
}
