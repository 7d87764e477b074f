//! A sync of one StatefulSet with the API: the pass, and the revision that is current.

use super::{Action, PodView, Revision, SetView, UpdateStrategy, sync};
use crate::ids::WorkloadId;
use crate::moment::Moment;
use crate::rng::Purpose;
use crate::spec::{StatefulSetSpec, WorkloadKind};
use crate::time::{Instant, Span};
use crate::world::api::{Api, Deletion, Owner, Pod, Request, StatefulSet};

/// First minor version with the feature gate `MaxUnavailableStatefulSet` on.
const MAX_UNAVAILABLE_SINCE: u32 = 35;

/// One sync. Returns when the next one is due although nothing else happens.
pub fn reconcile(workload: WorkloadId, at: &Moment, api: &Api, requests: &mut Vec<Request>) -> Instant {
    let (WorkloadKind::StatefulSet(spec), Some(object)) =
        (&at.model.workload(workload).kind, api.stateful_set(workload))
    else {
        return Instant::NEVER;
    };
    let min_ready = at.model.workload(workload).min_ready;
    let target = Target { workload, spec, object, min_ready, at, api };
    target.run(requests);
    target.next_available()
}

/// What one sync looks at.
struct Target<'a> {
    workload: WorkloadId,
    spec: &'a StatefulSetSpec,
    object: &'a StatefulSet,
    min_ready: Span,
    at: &'a Moment<'a>,
    api: &'a Api,
}

impl Target<'_> {
    fn run(&self, requests: &mut Vec<Request>) {
        let set = SetView {
            replicas: self.object.replicas,
            start: self.spec.start,
            current_replicas: self.current_replicas(),
            management: self.spec.management,
            update: self.update(),
        };
        let pods: Vec<PodView> = self.pods().map(|pod| self.view(pod)).collect();
        let mut number = self.api.pods_created(self.workload);
        for action in sync(&set, &pods) {
            requests.extend(self.request(action, &mut number));
        }
        if self.is_update_complete() {
            requests.push(Request::CompleteUpdate(self.workload));
        }
    }

    /// Without the feature gate the API server drops the field.
    fn update(&self) -> UpdateStrategy {
        let gated = self.at.model.scenario().timing.kubernetes_minor < MAX_UNAVAILABLE_SINCE;
        match self.spec.update {
            UpdateStrategy::RollingUpdate { partition, .. } if gated => {
                UpdateStrategy::RollingUpdate { partition, max_unavailable: None }
            }
            update => update,
        }
    }

    /// `status.currentReplicas`.
    fn current_replicas(&self) -> u32 {
        let is_current = |pod: &&Pod| pod.revision == self.object.current_revision;
        self.pods().filter(|pod| pod.deletion.is_none()).filter(is_current).count() as u32
    }

    fn view(&self, pod: &Pod) -> PodView {
        let is_updated = pod.revision == self.object.update_revision;
        PodView {
            ordinal: ordinal(pod),
            phase: pod.phase,
            ready: pod.ready,
            available: pod.is_available(self.min_ready, self.at.now),
            terminating: pod.deletion.is_some(),
            revision: if is_updated { Revision::Update } else { Revision::Current },
        }
    }

    fn request(&self, action: Action, number: &mut u64) -> Option<Request> {
        match action {
            Action::Create { ordinal, revision } => {
                let key = self.at.model.workload_key(self.workload);
                let uid = self.at.luck.draw(Purpose::PodUid, key, *number).bits();
                *number += 1;
                let revision = match revision {
                    Revision::Current => self.object.current_revision,
                    Revision::Update => self.object.update_revision,
                };
                Some(Request::CreateOwnPod { workload: self.workload, place: ordinal, revision, uid })
            }
            Action::Delete { ordinal } => {
                let pod = self.pods().find(|pod| self::ordinal(pod) == ordinal)?.id;
                let range = self.spec.start..self.spec.start.saturating_add(self.object.replicas);
                let why = if range.contains(&ordinal) { Deletion::Update } else { Deletion::ScaleDown };
                Some(Request::Delete { pod, grace: None, why })
            }
        }
    }

    /// `completeRollingUpdate`: every replica is there, Ready and of the update revision.
    fn is_update_complete(&self) -> bool {
        let (set, roster) = (self.object, self.api.roster(self.workload));
        let is_updated = |pod: &Pod| pod.is_active() && pod.revision == set.update_revision;
        matches!(self.spec.update, UpdateStrategy::RollingUpdate { .. })
            && set.current_revision != set.update_revision
            && (roster.active, roster.ready) == (set.replicas, set.replicas)
            && self.pods().filter(|pod| is_updated(pod)).count() == set.replicas as usize
    }

    fn next_available(&self) -> Instant {
        let ready = self.pods().filter(|pod| pod.counts_as_ready());
        let available_at = ready.map(|pod| pod.ready_since + self.min_ready);
        available_at.filter(|at| *at > self.at.now).min().unwrap_or(Instant::NEVER)
    }

    fn pods(&self) -> impl Iterator<Item = &Pod> {
        self.api.roster(self.workload).pods.iter().map(|pod| self.api.expect_pod(*pod))
    }
}

fn ordinal(pod: &Pod) -> u32 {
    match pod.owner {
        Owner::Workload(ordinal) => ordinal,
        _ => unreachable!("a StatefulSet's pods have an ordinal"),
    }
}
