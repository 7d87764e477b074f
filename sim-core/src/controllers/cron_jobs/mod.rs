//! CronJobs: a Job for each moment of a schedule.
//!
//! Upstream: `syncCronJob` in pkg/controller/cronjob/cronjob_controllerv2.go. A moment that was missed, because the
//! controller was away or an earlier Job had not finished, is made up for: the latest one only, however many there were,
//! unless `startingDeadlineSeconds` says that it is too late.

mod history;
mod missed;

pub use history::surplus;
pub use missed::{Last, Missed, most_recent};

use crate::ids::{JobId, WorkloadId};
use crate::moment::Moment;
use crate::spec::{Concurrency, CronJobSpec, WorkloadKind};
use crate::time::Instant;
use crate::world::api::{Api, CronJob, JobRequest, Request};

/// What a sync came to, for whoever tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Synced {
    /// When the next sync is due although nothing else happens.
    pub next: Instant,
    /// What became of a moment that had come.
    pub start: Option<Start>,
}

/// What became of a moment that had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// A Job is made for it, and so many moments since the last one had come.
    Made(u64),
    /// An earlier Job has not finished, and two are not to run at once.
    Forbidden,
    /// Its deadline is over.
    TooLate,
}

/// One sync of a CronJob.
pub fn reconcile(workload: WorkloadId, at: &Moment, api: &Api, requests: &mut Vec<Request>) -> Synced {
    let (WorkloadKind::CronJob(spec), Some(object)) =
        (&at.model.workload(workload).kind, api.cron_job(workload))
    else {
        return Synced { next: Instant::NEVER, start: None };
    };
    requests.extend(surplus(workload, spec, api).map(delete));
    if spec.suspend {
        return Synced { next: Instant::NEVER, start: None };
    }
    let sync = Sync { workload, spec, object, at, api };
    sync.run(requests)
}

/// What one sync looks at.
struct Sync<'a> {
    workload: WorkloadId,
    spec: &'a CronJobSpec,
    object: &'a CronJob,
    at: &'a Moment<'a>,
    api: &'a Api,
}

impl Sync<'_> {
    fn run(&self, requests: &mut Vec<Request>) -> Synced {
        let last = Last { at: self.object.last_schedule.unwrap_or(self.object.created) };
        let missed = most_recent(&self.spec.schedule, last, self.spec.starting_deadline, self.at.now);
        let Some(moment) = missed.most_recent.filter(|moment| self.object.last_schedule != Some(*moment))
        else {
            return Synced { next: self.next_look(last), start: None };
        };
        let start = self.start(moment, missed.count, requests);
        let last = if matches!(start, Start::Made(_)) { Last { at: moment } } else { last };
        Synced { next: self.next_look(last), start: Some(start) }
    }

    fn start(&self, moment: Instant, missed: u64, requests: &mut Vec<Request>) -> Start {
        if self.spec.starting_deadline.is_some_and(|deadline| moment + deadline < self.at.now) {
            return Start::TooLate;
        }
        let active = self.api.jobs_of(self.workload).iter().filter(|job| self.api.job(**job).is_active());
        let active: Vec<JobId> = active.copied().collect();
        match self.spec.concurrency {
            Concurrency::Forbid if !active.is_empty() => return Start::Forbidden,
            Concurrency::Replace => requests.extend(active.into_iter().map(delete)),
            Concurrency::Allow | Concurrency::Forbid => {}
        }
        let create = JobRequest::Create { workload: self.workload, scheduled: Some(moment) };
        requests.push(Request::Job(create));
        Start::Made(missed)
    }

    /// `nextScheduleTimeDuration`: a little after the moment that follows the most recent one.
    fn next_look(&self, last: Last) -> Instant {
        let recent = most_recent(&self.spec.schedule, last, None, self.at.now);
        let none = if recent.count == 0 { last.at } else { self.at.now };
        match self.spec.schedule.next(recent.most_recent.unwrap_or(none)) {
            Instant::NEVER => Instant::NEVER,
            next => next + self.at.model.scenario().timing.cron_job_delay,
        }
    }
}

fn delete(job: JobId) -> Request {
    Request::Job(JobRequest::Delete(job))
}
