//! Deployments: from one pod template to the next, and from one size to another.
//!
//! Upstream: pkg/controller/deployment (`syncDeployment`, rolling.go, recreate.go, sync.go, progress.go). A sync makes
//! at most one class of change and waits for what it leads to. The arithmetic is in [`rolling`], [`scaling`] and
//! [`progress`].

use crate::controllers::progress::{self, Counters, ProgressReason};
use crate::controllers::rolling::{self, SetSize};
use crate::controllers::scaling::{self, OldSet, ScaledSet};
use crate::ids::{SetId, WorkloadId};
use crate::moment::Moment;
use crate::spec::{DeploymentSpec, Strategy, WorkloadKind};
use crate::time::{Instant, Span};
use crate::world::api::{Api, Deployment, Progress, ReplicaSet, Request};

/// Whether a Deployment may have something to do: without a rollout under way, what happens to its pods is its
/// set's business, and what it would publish is derived when asked for.
pub fn is_busy(workload: WorkloadId, api: &Api) -> bool {
    let Some(deployment) = api.deployment(workload) else { return false };
    let mut has_new = false;
    for set in api.sets_of(workload).iter().map(|set| api.set(*set)) {
        if set.revision == deployment.revision {
            has_new = true;
        } else if set.replicas > 0 || !set.pods.is_empty() {
            return true;
        }
    }
    deployment.progress != Progress::Complete || !has_new
}

/// One sync. Returns when the next one is due although nothing else happens.
pub fn reconcile(workload: WorkloadId, at: &Moment, api: &Api, requests: &mut Vec<Request>) -> Instant {
    let (WorkloadKind::Deployment(spec), Some(object)) =
        (&at.model.workload(workload).kind, api.deployment(workload))
    else {
        return Instant::NEVER;
    };
    let sync = Sync { workload, spec, object, at, api };
    sync.run(requests);
    sync.next_check()
}

/// What one sync looks at.
struct Sync<'a> {
    workload: WorkloadId,
    spec: &'a DeploymentSpec,
    object: &'a Deployment,
    at: &'a Moment<'a>,
    api: &'a Api,
}

impl Sync<'_> {
    fn run(&self, requests: &mut Vec<Request>) {
        let written = requests.len();
        if self.object.paused || self.is_scaling_event() {
            self.scale(requests);
        } else {
            match self.spec.strategy {
                Strategy::RollingUpdate { .. } => self.roll(requests),
                Strategy::Recreate => self.recreate(requests),
            }
        }
        let creates = requests[written..].iter().any(|request| matches!(request, Request::CreateSet { .. }));
        self.publish_status(creates, requests);
    }

    fn roll(&self, requests: &mut Vec<Request>) {
        let desired = self.object.replicas;
        let total: u32 = self.sets().map(|set| set.replicas).sum();
        let Some(new) = self.new_set() else {
            let size = rolling::new_set_size(self.spec.strategy, desired, total, 0);
            self.create(size, requests);
            self.shrink_old(SetSize { spec: size, available: 0 }, requests);
            return;
        };
        let size = rolling::reconcile_new(self.spec.strategy, desired, total, new.replicas);
        if size != new.replicas {
            return self.resize(new, size, requests);
        }
        self.shrink_old(self.size_of(new), requests);
        self.forget_history(requests);
    }

    fn shrink_old(&self, new: SetSize, requests: &mut Vec<Request>) {
        let mut sizes: Vec<SetSize> = self.old_sets().map(|set| self.size_of(set)).collect();
        rolling::reconcile_old(self.spec.strategy, self.object.replicas, &mut sizes, new);
        for (set, size) in self.old_sets().zip(sizes) {
            self.resize(set, size.spec, requests);
        }
    }

    /// No new pod while an old one lives; one that terminates still lives.
    fn recreate(&self, requests: &mut Vec<Request>) {
        if self.old_sets().any(|set| set.replicas > 0) {
            return self.old_sets().for_each(|set| self.resize(set, 0, requests));
        }
        let lives = |set: &ReplicaSet| set.pods.iter().any(|pod| !self.api.expect_pod(*pod).is_terminal());
        if self.old_sets().any(lives) {
            return;
        }
        match self.new_set() {
            None => self.create(self.object.replicas, requests),
            Some(new) => self.resize(new, self.object.replicas, requests),
        }
        self.forget_history(requests);
    }

    /// The Deployment was resized since some set got its size.
    fn is_scaling_event(&self) -> bool {
        self.sets().any(|set| set.replicas > 0 && set.desired_annotation != self.object.replicas)
    }

    fn scale(&self, requests: &mut Vec<Request>) {
        let sized = |set: &ReplicaSet| ScaledSet {
            spec: set.replicas,
            available: self.size_of(set).available,
            desired: set.desired_annotation,
            max_replicas: set.max_annotation,
            is_new: self.is_new(set),
        };
        let mut sizes: Vec<ScaledSet> = self.sets().map(sized).collect();
        scaling::scale(self.spec.strategy, self.object.replicas, &mut sizes);
        for (set, size) in self.sets().zip(sizes) {
            requests.push(Request::ScaleSet(set.id, size.spec));
            requests.push(self.annotation(set.id));
        }
    }

    /// Old sets beyond `revisionHistoryLimit` go once the rollout is complete.
    fn forget_history(&self, requests: &mut Vec<Request>) {
        if !progress::is_complete(self.counters(), self.object.replicas) {
            return;
        }
        let old = |set: &ReplicaSet| OldSet {
            spec: set.replicas,
            current: set.pods.len() as u32,
            is_deleting: false,
        };
        let ids: Vec<SetId> = self.old_sets().map(|set| set.id).collect();
        let sizes: Vec<OldSet> = self.old_sets().map(old).collect();
        let forgotten = scaling::forgotten(&sizes, self.spec.revision_history_limit);
        requests.extend(forgotten.map(|index| Request::DeleteSet(ids[index])));
    }

    fn publish_status(&self, creates: bool, requests: &mut Vec<Request>) {
        let status = self.counters();
        let (progress, touch) = self.progress(status, creates);
        if (status, progress, touch) != (self.object.status, self.object.progress, false) {
            requests.push(Request::SetDeploymentStatus { workload: self.workload, status, progress, touch });
        }
    }

    /// Condition Progressing, and whether its time moves (`syncRolloutStatus`).
    fn progress(&self, status: Counters, creates: bool) -> (Progress, bool) {
        let finished = self.object.progress == Progress::Complete && status.replicas == status.updated;
        if creates {
            (Progress::Updating, true)
        } else if self.new_set().is_none() || finished || self.object.paused {
            (self.object.progress, false)
        } else if progress::is_complete(status, self.object.replicas) {
            (Progress::Complete, self.object.progress != Progress::Complete)
        } else if progress::has_progressed(self.object.status, status) {
            (Progress::Updating, true)
        } else if progress::is_timed_out(self.reason(), self.since_update(), self.spec.progress_deadline) {
            (Progress::DeadlineExceeded, false)
        } else {
            (self.object.progress, false)
        }
    }

    fn reason(&self) -> ProgressReason {
        match self.object.progress {
            Progress::Updating => ProgressReason::Updating,
            Progress::Complete => ProgressReason::Finished,
            Progress::DeadlineExceeded => ProgressReason::DeadlineExceeded,
        }
    }

    fn since_update(&self) -> Span {
        self.at.now.since(self.object.progressed_at)
    }

    /// When a Ready pod will have been so for `minReadySeconds`, or a second after the progress deadline.
    fn next_check(&self) -> Instant {
        let availability = self.sets().map(|set| self.api.next_available(set.id, self.at.now)).min();
        let deadline = match self.object.progress {
            Progress::Updating => self.object.progressed_at + self.spec.progress_deadline + Span::secs(1),
            Progress::Complete | Progress::DeadlineExceeded => Instant::NEVER,
        };
        let deadline = if deadline > self.at.now { deadline } else { Instant::NEVER };
        availability.unwrap_or(Instant::NEVER).min(deadline)
    }

    fn counters(&self) -> Counters {
        let new = self.new_set();
        Counters {
            replicas: self.sets().map(|set| set.active).sum(),
            updated: new.map_or(0, |set| set.active),
            ready: self.sets().map(|set| set.ready).sum(),
            available: self.sets().map(|set| self.available(set)).sum(),
        }
    }

    fn create(&self, replicas: u32, requests: &mut Vec<Request>) {
        requests.push(Request::CreateSet {
            workload: self.workload,
            revision: self.object.revision,
            replicas,
            desired: self.object.replicas,
            max: self.max_replicas(),
        });
    }

    /// Every write of a set's size brings its annotations up to date.
    fn resize(&self, set: &ReplicaSet, replicas: u32, requests: &mut Vec<Request>) {
        if set.replicas != replicas {
            requests.push(Request::ScaleSet(set.id, replicas));
            requests.push(self.annotation(set.id));
        }
    }

    fn annotation(&self, set: SetId) -> Request {
        Request::AnnotateSet { set, desired: self.object.replicas, max: self.max_replicas() }
    }

    fn max_replicas(&self) -> u32 {
        self.object.replicas + rolling::max_surge(self.spec.strategy, self.object.replicas)
    }

    /// Pods beyond a set's size are as good as gone, although its controller has not deleted them yet. Upstream reads
    /// a status that may lag here by milliseconds, and could then delete one too many.
    fn size_of(&self, set: &ReplicaSet) -> SetSize {
        SetSize { spec: set.replicas, available: self.available(set).min(set.replicas) }
    }

    fn available(&self, set: &ReplicaSet) -> u32 {
        self.api.available(set.id, self.at.now)
    }

    fn is_new(&self, set: &ReplicaSet) -> bool {
        set.revision == self.object.revision
    }

    fn sets(&self) -> impl Iterator<Item = &ReplicaSet> {
        self.api.sets_of(self.workload).iter().map(|set| self.api.set(*set))
    }

    fn old_sets(&self) -> impl Iterator<Item = &ReplicaSet> {
        self.sets().filter(|set| !self.is_new(set))
    }

    fn new_set(&self) -> Option<&ReplicaSet> {
        self.sets().find(|set| self.is_new(set))
    }
}
