//! A sync of one Job with the API. Upstream: `syncJob` in job_controller.go, and `pkg/controller/ttlafterfinished`.

use std::collections::BTreeMap;

use super::backoff::Record;
use super::manage::{Status, Wants, active_aim, is_complete, wants};
use super::{Finish, Verdict};
use crate::controllers::{ranking, replica_sets};
use crate::ids::JobId;
use crate::moment::Moment;
use crate::rng::Purpose;
use crate::spec::{JobSpec, PodReplacement, RestartPolicy};
use crate::time::{Instant, Span};
use crate::world::api::{Api, Deletion, Job, JobEnd, JobRequest, Owner, Pod, Request};

/// Creations or deletions in one sync at most: `MaxPodCreateDeletePerSync`.
const MOST_IN_A_SYNC: u32 = 500;
/// First minor version in which a Job that ends waits for its last pod (`JobManagedBy`, `JobPodReplacementPolicy`).
const WAITS_FOR_PODS_SINCE: u32 = 31;

/// The controller's own memory: what it remembers of failures, by Job.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    records: BTreeMap<JobId, Record>,
}

impl Jobs {
    /// One sync. Returns when the next one is due although nothing else happens.
    pub fn reconcile(&mut self, id: JobId, at: &Moment, api: &Api, requests: &mut Vec<Request>) -> Instant {
        let job = api.job(id);
        let Some(spec) = at.model.workload(job.workload).kind.job().filter(|_| job.is_active()) else {
            self.records.remove(&id);
            return expiry(job, at, requests);
        };
        let finishes = new_finishes(job, spec, at, api);
        let record = self.records.entry(id).or_default();
        *record = remembered(*record, &finishes);
        let sync = Sync { job, spec, at, api, finishes, record: *record };
        sync.run(requests)
    }

    /// The Job's slot is free for another one.
    pub fn forget(&mut self, id: JobId) {
        self.records.remove(&id);
    }
}

/// Pods that a Job has or wants: to be active, active, and of these Ready.
pub fn count(id: JobId, spec: &JobSpec, api: &Api) -> (u32, u32, u32) {
    let job = api.job(id);
    let active = || api.pods_of_job(id).filter(|pod| pod.is_active());
    let (current, ready) = (active().count() as u32, active().filter(|pod| pod.ready).count() as u32);
    let status = Status { active: current, terminating: 0, succeeded: job.succeeded };
    let goes_on = job.is_active() && job.end.is_none();
    (if goes_on { active_aim(spec, status) } else { 0 }, current, ready)
}

/// What one sync looks at.
struct Sync<'a> {
    job: &'a Job,
    spec: &'a JobSpec,
    at: &'a Moment<'a>,
    api: &'a Api,
    finishes: Vec<Finish>,
    record: Record,
}

impl Sync<'_> {
    fn run(&self, requests: &mut Vec<Request>) -> Instant {
        if self.job.started.is_none() && !self.spec.suspend {
            requests.push(Request::Job(JobRequest::Start(self.job.id)));
        }
        if !self.finishes.is_empty() {
            requests.push(Request::Job(JobRequest::CountFinished(self.job.id)));
        }
        let status = self.status();
        let failure = self.job.end.is_none().then(|| self.failure()).flatten();
        let next = match failure {
            None if self.job.end.is_none() => self.manage(status, requests),
            _ => {
                let doomed = self.active().map(|pod| delete(pod.id));
                requests.extend(doomed);
                Instant::NEVER
            }
        };
        let complete = is_complete(self.spec, status).then_some(JobEnd::Complete);
        let end = failure.or(complete).filter(|_| self.job.end.is_none());
        requests.extend(end.map(|end| Request::Job(JobRequest::End(self.job.id, end))));
        if end.or(self.job.end).is_some() && !self.waits_for_pods() {
            requests.push(Request::Job(JobRequest::Finish(self.job.id)));
        }
        next
    }

    fn status(&self) -> Status {
        let terminating = |pod: &&Pod| pod.deletion.is_some() && !pod.is_terminal();
        Status {
            active: self.active().count() as u32,
            terminating: self.pods().filter(terminating).count() as u32,
            succeeded: self.job.succeeded + self.new_successes(),
        }
    }

    /// An index that has succeeded before does not succeed again.
    fn new_successes(&self) -> u32 {
        let mut indexes: Vec<u32> = self.finishes_of(Verdict::Succeeded).map(|finish| finish.index).collect();
        if self.spec.indexed {
            indexes.sort_unstable();
            indexes.dedup();
            indexes.retain(|index| self.job.completed.get(*index as usize) == Some(&false));
        }
        indexes.len() as u32
    }

    /// Why the Job has failed, if it has.
    fn failure(&self) -> Option<JobEnd> {
        let failed = self.job.failed + self.finishes_of(Verdict::Failed).count() as u32;
        match () {
            () if self.finishes_of(Verdict::FailsJob).next().is_some() => Some(JobEnd::PodFailurePolicy),
            () if failed > self.spec.backoff_limit || self.restarts_too_often() => {
                Some(JobEnd::BackoffLimitExceeded)
            }
            () if self.deadline() <= self.at.now => Some(JobEnd::DeadlineExceeded),
            () => None,
        }
    }

    /// `pastBackoffLimitOnFailure`: restarts of containers count where these are restarted in place.
    fn restarts_too_often(&self) -> bool {
        let template = self.at.model.template(self.at.model.workload(self.job.workload).template);
        let restarts: u32 = self.pods().filter(|pod| !pod.is_terminal()).map(|pod| pod.restarts).sum();
        template.restart_policy == RestartPolicy::OnFailure && restarts >= self.spec.backoff_limit.max(1)
    }

    fn deadline(&self) -> Instant {
        let ends = |started: Instant| self.spec.active_deadline.map(|deadline| started + deadline);
        self.job.started.and_then(ends).unwrap_or(Instant::NEVER)
    }

    /// Makes or deletes pods. Returns when to look again.
    fn manage(&self, status: Status, requests: &mut Vec<Request>) -> Instant {
        let deadline = match self.job.started {
            Some(_) => self.deadline(),
            None => self.spec.active_deadline.map_or(Instant::NEVER, |deadline| self.at.now + deadline),
        };
        let timing = &self.at.model.scenario().timing;
        match wants(self.spec, status) {
            Wants::Nothing => deadline,
            Wants::Fewer(count) => {
                self.delete_some(count.min(MOST_IN_A_SYNC), requests);
                deadline
            }
            Wants::More(count) => {
                let delay =
                    self.record.remaining(timing.job_backoff_initial, timing.job_backoff_max, self.at.now);
                if delay > Span::ZERO {
                    return deadline.min(self.at.now + delay.max(timing.job_sync_batch_period));
                }
                self.create_some(count.min(MOST_IN_A_SYNC), requests);
                deadline
            }
        }
    }

    fn create_some(&self, count: u32, requests: &mut Vec<Request>) {
        let (workload, job) = (self.job.workload, self.job.id);
        let key = self.at.model.workload_key(workload);
        let numbers = self.api.pods_created(workload)..;
        let create = |(index, number)| {
            let uid = self.at.luck.draw(Purpose::PodUid, key, number).bits();
            Request::Job(JobRequest::CreatePod { job, index, uid })
        };
        requests.extend(self.free_indexes().take(count as usize).zip(numbers).map(create));
    }

    /// `firstPendingIndexes`: those without a success and without a pod that may bring it; without indexes all are 0.
    fn free_indexes(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        if !self.spec.indexed {
            return Box::new(std::iter::repeat(0));
        }
        let waits = self.spec.replacement == PodReplacement::Failed;
        let holds = move |pod: &&Pod| pod.is_active() || (waits && !pod.is_terminal());
        let mut taken = self.job.completed.clone();
        let at_work = self.pods().filter(holds).map(index);
        let succeeded = self.finishes_of(Verdict::Succeeded).map(|finish| finish.index);
        at_work.chain(succeeded).for_each(|index| {
            if let Some(place) = taken.get_mut(index as usize) {
                *place = true;
            }
        });
        Box::new(taken.into_iter().zip(0..).filter(|(taken, _)| !taken).map(|(_, index)| index))
    }

    /// `activePodsForRemoval`: those that a ReplicaSet would choose; of indexes none is there twice.
    fn delete_some(&self, count: u32, requests: &mut Vec<Request>) {
        let active: Vec<&Pod> = self.active().collect();
        let candidates: Vec<_> =
            active.iter().map(|pod| replica_sets::candidate(pod, 0, self.at.now)).collect();
        let chosen = ranking::choose(&candidates, count as usize);
        requests.extend(chosen.into_iter().map(|index| delete(active[index].id)));
    }

    /// Whether the Job has to wait for pods before it has finished.
    fn waits_for_pods(&self) -> bool {
        let is_left = |pod: &Pod| !pod.is_terminal();
        self.at.model.scenario().timing.kubernetes_minor >= WAITS_FOR_PODS_SINCE && self.pods().any(is_left)
    }

    fn finishes_of(&self, verdict: Verdict) -> impl Iterator<Item = &Finish> {
        self.finishes.iter().filter(move |finish| finish.verdict == verdict)
    }

    fn active(&self) -> impl Iterator<Item = &Pod> {
        self.pods().filter(|pod| pod.is_active())
    }

    fn pods(&self) -> impl Iterator<Item = &Pod> {
        self.api.pods_of_job(self.job.id)
    }
}

/// `getNewFinishedPods`: those that the status does not count yet.
fn new_finishes(job: &Job, spec: &JobSpec, at: &Moment, api: &Api) -> Vec<Finish> {
    let grace = at.model.template(at.model.workload(job.workload).template).termination_grace;
    let uncounted = api.pods_of_job(job.id).filter(|pod| !pod.counted);
    let there = uncounted.filter_map(|pod| Finish::of(pod, spec, grace));
    job.uncounted.iter().copied().chain(there).collect()
}

/// `newBackoffRecord`.
fn remembered(record: Record, finishes: &[Finish]) -> Record {
    let times = |succeeded: bool| {
        let these = finishes.iter().filter(move |f| (f.verdict == Verdict::Succeeded) == succeeded);
        these.map(|finish| finish.at).collect::<Vec<_>>()
    };
    record.after(&times(false), &times(true))
}

/// A finished Job is deleted when its time is over. Returns when that will be.
fn expiry(job: &Job, at: &Moment, requests: &mut Vec<Request>) -> Instant {
    let spec = at.model.workload(job.workload).kind.job();
    let ttl = spec.and_then(|spec| spec.ttl_after_finished);
    let (Some(finished), Some(ttl), true) = (job.finished, ttl, job.exists) else { return Instant::NEVER };
    if finished + ttl > at.now {
        return finished + ttl;
    }
    requests.push(Request::Job(JobRequest::Delete(job.id)));
    Instant::NEVER
}

fn delete(pod: crate::ids::PodId) -> Request {
    Request::Delete { pod, grace: None, why: Deletion::ScaleDown }
}

fn index(pod: &Pod) -> u32 {
    match pod.owner {
        Owner::Job { index, .. } => index,
        Owner::Set(_) | Owner::Workload(_) | Owner::Nobody => 0,
    }
}
