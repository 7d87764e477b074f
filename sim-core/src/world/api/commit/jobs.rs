//! Writes about Jobs and CronJobs.

use super::Write;
use crate::controllers::jobs::{Finish, Verdict};
use crate::ids::{JobId, PodId, WorkloadId};
use crate::spec::JobSpec;
use crate::time::Instant;
use crate::world::api::{Api, Change, CronJob, Job, JobChange, JobEnd, JobRequest, Owner};

impl Api {
    pub(super) fn commit_job(&mut self, request: JobRequest, write: &mut Write) {
        match request {
            JobRequest::Create { workload, scheduled } => self.create_job(workload, scheduled, write),
            JobRequest::CreateCron(workload) => self.create_cron_job(workload, write),
            JobRequest::CreatePod { job, index, uid } => self.create_job_pod(job, index, uid, write),
            JobRequest::Start(job) => self.start_job(job, write),
            JobRequest::CountFinished(job) => self.count_finished(job, write),
            JobRequest::End(job, end) => self.end_job(job, end, write),
            JobRequest::Finish(job) => self.finish_job(job, write),
            JobRequest::Delete(job) => self.delete_job(job, write),
        }
    }

    fn create_job(&mut self, workload: WorkloadId, scheduled: Option<Instant>, write: &mut Write) {
        let id = self.jobs.free.pop().unwrap_or_else(|| JobId::from(self.jobs.list.len()));
        let (mut completed, mut uncounted) = match self.jobs.list.get_mut(id.index()) {
            Some(slot) => (std::mem::take(&mut slot.completed), std::mem::take(&mut slot.uncounted)),
            None => Default::default(),
        };
        let spec = job_spec(workload, write);
        completed.clear();
        completed.resize(spec.completions.filter(|_| spec.indexed).unwrap_or(0) as usize, false);
        uncounted.clear();
        let job = Job {
            id,
            exists: true,
            workload,
            scheduled,
            created: write.now,
            started: None,
            succeeded: 0,
            failed: 0,
            completed,
            uncounted,
            end: None,
            finished: None,
        };
        match self.jobs.list.get_mut(id.index()) {
            Some(slot) => *slot = job,
            None => self.jobs.list.push(job),
        }
        self.jobs.of[workload.index()].push(id);
        if let Some(cron) = &mut self.jobs.cron[workload.index()] {
            cron.last_schedule = scheduled;
        }
        write.tell(Change::Job(JobChange::Created(id)));
    }

    fn create_cron_job(&mut self, workload: WorkloadId, write: &mut Write) {
        self.jobs.cron[workload.index()] = Some(CronJob { created: write.now, last_schedule: None });
        write.tell(Change::WorkloadSpec(workload));
    }

    fn create_job_pod(&mut self, job: JobId, index: u32, uid: u64, write: &mut Write) {
        if self.job(job).exists {
            self.enroll(self.job(job).workload, Owner::Job { job, index }, 0, uid, write);
        }
    }

    fn start_job(&mut self, job: JobId, write: &Write) {
        self.jobs.list[job.index()].started = Some(write.now);
    }

    /// `trackJobStatusAndRemoveFinalizers`: what has finished is counted, once.
    fn count_finished(&mut self, id: JobId, write: &mut Write) {
        let workload = self.job(id).workload;
        let spec = job_spec(workload, write);
        let gone = std::mem::take(&mut self.jobs.list[id.index()].uncounted);
        gone.iter().for_each(|finish| self.jobs.list[id.index()].count(*finish));
        for at in 0..self.rosters[workload.index()].pods.len() {
            let pod = self.rosters[workload.index()].pods[at];
            let object = self.expect_pod(pod);
            let grace = write.model.template(object.template).termination_grace;
            let is_its = matches!(object.owner, Owner::Job { job, .. } if job == id);
            if let Some(finish) = Finish::of(object, spec, grace).filter(|_| is_its && !object.counted) {
                self.pods[pod.index()].counted = true;
                self.jobs.list[id.index()].count(finish);
            }
        }
        let job = &mut self.jobs.list[id.index()];
        job.uncounted = gone;
        job.uncounted.clear();
        write.tell(Change::Job(JobChange::Counted(id)));
    }

    fn end_job(&mut self, job: JobId, end: JobEnd, write: &mut Write) {
        self.jobs.list[job.index()].end = Some(end);
        write.tell(Change::Job(JobChange::Ending(job, end)));
    }

    fn finish_job(&mut self, id: JobId, write: &mut Write) {
        let job = &mut self.jobs.list[id.index()];
        job.finished = Some(write.now);
        if let Some(end) = job.end {
            write.tell(Change::Job(JobChange::Finished(id, end)));
        }
    }

    fn delete_job(&mut self, id: JobId, write: &mut Write) {
        let job = &mut self.jobs.list[id.index()];
        if std::mem::replace(&mut job.exists, false) {
            let workload = job.workload;
            self.jobs.of[workload.index()].retain(|other| *other != id);
            write.tell(Change::Job(JobChange::Deleted(id)));
            self.free_job(id);
        }
    }

    /// The object of a pod goes. What its Job's status did not count yet it will have to.
    pub(super) fn leave_job(&mut self, id: PodId, write: &Write) {
        let pod = &self.pods[id.index()];
        let Owner::Job { job, .. } = pod.owner else { return };
        if !pod.counted && self.job(job).is_active() {
            let grace = write.model.template(pod.template).termination_grace;
            let finish = Finish::of_gone(pod, job_spec(pod.workload, write), grace, write.now);
            self.jobs.list[job.index()].uncounted.push(finish);
        }
        self.free_job(job);
    }

    /// Gives the slot of a Job back that is gone with all its pods.
    fn free_job(&mut self, id: JobId) {
        if !self.job(id).exists && self.pods_of_job(id).next().is_none() {
            self.jobs.free.push(id);
        }
    }
}

impl Job {
    fn count(&mut self, finish: Finish) {
        match finish.verdict {
            Verdict::Succeeded => match self.completed.get_mut(finish.index as usize) {
                Some(completed) => self.succeeded += u32::from(!std::mem::replace(completed, true)),
                None => self.succeeded += 1,
            },
            Verdict::Failed | Verdict::FailsJob => self.failed += 1,
            Verdict::Ignored => {}
        }
    }
}

fn job_spec<'m>(workload: WorkloadId, write: &Write<'m>) -> &'m JobSpec {
    write.model.workload(workload).kind.job().expect("only Jobs and CronJobs have Jobs")
}
