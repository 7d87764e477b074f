//! What only Jobs and CronJobs have, and processes that end by themselves.

use serde::Serialize;

use super::{Distribution, Schedule};
use crate::time::Span;

/// What a process does before it exits by itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Work {
    /// Time from its start to its exit.
    pub run_time: Distribution,
    /// Share of its runs that exit with an error.
    pub fails: f64,
}

/// What only a Job has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JobSpec {
    /// `spec.parallelism`.
    pub parallelism: u32,
    /// `spec.completions`; `None` for a Job that is complete with its first success.
    pub completions: Option<u32>,
    /// `spec.completionMode: Indexed`: each completion has a number, and needs a success of its own.
    pub indexed: bool,
    /// `spec.backoffLimit`.
    pub backoff_limit: u32,
    /// `spec.activeDeadlineSeconds`.
    pub active_deadline: Option<Span>,
    /// `spec.ttlSecondsAfterFinished`.
    pub ttl_after_finished: Option<Span>,
    /// `spec.podReplacementPolicy`.
    pub replacement: PodReplacement,
    /// What `spec.podFailurePolicy` says of pods with the condition DisruptionTarget.
    pub on_disruption: OnDisruption,
    /// `spec.suspend`: no pods are made.
    pub suspend: bool,
}

/// When a Job makes a pod in place of one that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PodReplacement {
    /// As soon as it terminates, which counts as a failure.
    TerminatingOrFailed,
    /// When it has ended.
    Failed,
}

/// What a failure counts for that is no fault of the pod's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum OnDisruption {
    /// As any other failure.
    Count,
    /// Nothing: the pod is replaced all the same.
    Ignore,
    /// Everything: the Job has failed.
    FailJob,
}

/// What only a CronJob has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CronJobSpec {
    /// `spec.schedule`.
    pub schedule: Schedule,
    /// `spec.concurrencyPolicy`.
    pub concurrency: Concurrency,
    /// `spec.startingDeadlineSeconds`.
    pub starting_deadline: Option<Span>,
    /// `spec.suspend`: no Jobs are made.
    pub suspend: bool,
    /// `spec.successfulJobsHistoryLimit`.
    pub successful_history: u32,
    /// `spec.failedJobsHistoryLimit`.
    pub failed_history: u32,
    /// `spec.jobTemplate`.
    pub job: JobSpec,
}

/// `spec.concurrencyPolicy`: what becomes of a start while a Job of the CronJob is not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Concurrency {
    /// Both run.
    Allow,
    /// It waits until the earlier one has finished.
    Forbid,
    /// The earlier one is deleted.
    Replace,
}
