//! Jobs and CronJobs.

use super::{Api, Owner, Pod};
use crate::controllers::jobs::Finish;
use crate::ids::{JobId, WorkloadId};
use crate::time::Instant;

/// A Job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Identity.
    pub id: JobId,
    /// Whether the object is in the store.
    pub exists: bool,
    /// The workload that it is, or the CronJob that made it.
    pub workload: WorkloadId,
    /// For which moment a CronJob made it.
    pub scheduled: Option<Instant>,
    /// `metadata.creationTimestamp`.
    pub created: Instant,
    /// `status.startTime`.
    pub started: Option<Instant>,
    /// `status.succeeded`.
    pub succeeded: u32,
    /// `status.failed`.
    pub failed: u32,
    /// `status.completedIndexes`, for each index whether it is there; empty if the Job has none.
    pub completed: Vec<bool>,
    /// Pods whose objects are gone before the status counted them: upstream a finalizer keeps the objects until then.
    pub uncounted: Vec<Finish>,
    /// Condition `SuccessCriteriaMet` or `FailureTarget`: no more pods are made.
    pub end: Option<JobEnd>,
    /// When it got the condition `Complete` or `Failed`.
    pub finished: Option<Instant>,
}

/// How a Job ends: the reason of its last condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobEnd {
    /// It is complete.
    Complete,
    /// More pods have failed, or containers restarted, than `spec.backoffLimit` allows.
    BackoffLimitExceeded,
    /// It took longer than `spec.activeDeadlineSeconds`.
    DeadlineExceeded,
    /// Its `spec.podFailurePolicy` says so.
    PodFailurePolicy,
}

/// A write about Jobs and CronJobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobRequest {
    /// A user or a CronJob creates a Job.
    Create {
        /// The workload that it is, or the CronJob that makes it.
        workload: WorkloadId,
        /// For which moment a CronJob makes it.
        scheduled: Option<Instant>,
    },
    /// A user creates a CronJob.
    CreateCron(WorkloadId),
    /// A Job creates a pod.
    CreatePod {
        /// Its owner.
        job: JobId,
        /// Its completion index.
        index: u32,
        /// Its UID.
        uid: u64,
    },
    /// `status.startTime`.
    Start(JobId),
    /// The status counts the pods that have finished since it last did.
    CountFinished(JobId),
    /// It is to end: condition `SuccessCriteriaMet` or `FailureTarget`.
    End(JobId, JobEnd),
    /// It has ended: condition `Complete` or `Failed`.
    Finish(JobId),
    /// It is deleted, and its pods after it.
    Delete(JobId),
}

/// What is different about a Job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobChange {
    /// It was created.
    Created(JobId),
    /// Its status counts more pods.
    Counted(JobId),
    /// It is to end: no more pods are made for it.
    Ending(JobId, JobEnd),
    /// It has ended.
    Finished(JobId, JobEnd),
    /// It is gone, but for pods that still terminate.
    Deleted(JobId),
}

/// A CronJob.
#[derive(Clone, Copy, Debug)]
pub struct CronJob {
    /// `metadata.creationTimestamp`.
    pub created: Instant,
    /// `status.lastScheduleTime`.
    pub last_schedule: Option<Instant>,
}

/// All of them.
#[derive(Clone, Debug)]
pub(super) struct Jobs {
    pub list: Vec<Job>,
    pub free: Vec<JobId>,
    pub of: Vec<Vec<JobId>>,
    pub cron: Vec<Option<CronJob>>,
}

impl Jobs {
    pub fn new(workloads: usize) -> Jobs {
        Jobs {
            list: Vec::new(),
            free: Vec::new(),
            of: vec![Vec::new(); workloads],
            cron: vec![None; workloads],
        }
    }
}

impl Job {
    /// Whether it has not finished: `status.active` of its CronJob lists it.
    pub fn is_active(&self) -> bool {
        self.exists && self.finished.is_none()
    }
}

impl Api {
    /// A Job, or what is left of one whose pods still terminate.
    pub fn job(&self, id: JobId) -> &Job {
        &self.jobs.list[id.index()]
    }

    /// Slots for Jobs made so far, used or free.
    pub fn job_slots(&self) -> usize {
        self.jobs.list.len()
    }

    /// The Jobs of a workload that exist, in creation order: one at most, unless it is a CronJob.
    pub fn jobs_of(&self, workload: WorkloadId) -> &[JobId] {
        &self.jobs.of[workload.index()]
    }

    /// The CronJob of a workload that is one.
    pub fn cron_job(&self, workload: WorkloadId) -> Option<&CronJob> {
        self.jobs.cron[workload.index()].as_ref()
    }

    /// The pods of a Job that exist, in creation order.
    pub fn pods_of_job(&self, id: JobId) -> impl Iterator<Item = &Pod> {
        let roster = &self.roster(self.job(id).workload).pods;
        let is_its = move |pod: &&Pod| matches!(pod.owner, Owner::Job { job, .. } if job == id);
        roster.iter().map(|pod| self.expect_pod(*pod)).filter(is_its)
    }
}
