//! ResourceQuotas wired up: who is refused a pod tries again.

use super::sim::Sim;
use super::timers::Wake;
use crate::ids::{PodId, QuotaId, WorkloadId};
use crate::observers::timeline::Watch;
use crate::outcome::Actor;
use crate::spec::WorkloadKind;
use crate::world::api::Owner;

impl<W: Watch> Sim<'_, W> {
    #[cold]
    pub(super) fn pod_refused(&mut self, workload: WorkloadId, owner: Owner, quota: QuotaId) {
        let owner = self.queue_key(owner, workload);
        let Some(again) = self.refusals.refused(owner, self.now) else { return };
        self.tell(Actor::Quota, |sim| {
            let name = &sim.model.scenario().quotas[quota.index()].name;
            format!("{name} has no room for a pod of {}", sim.workload_name(workload))
        });
        match owner {
            Owner::Set(set) => self.timers.arm_earlier(Wake::Set(set), again),
            Owner::Job { job, .. } => self.timers.arm_earlier(Wake::Job(job), again),
            Owner::Workload(_) => {
                let controller = match self.model.workload(workload).kind {
                    WorkloadKind::DaemonSet(_) => Wake::DaemonSet(workload),
                    _ => Wake::StatefulSet(workload),
                };
                self.timers.arm_earlier(controller, again);
            }
            // Who made it by hand has the error to read.
            Owner::Nobody => {}
        }
    }

    /// An owner of pods is at work.
    pub(super) fn note_sync(&mut self, owner: Owner, workload: WorkloadId) {
        if !self.refusals.is_empty() {
            let owner = self.queue_key(owner, workload);
            self.refusals.synced(owner, self.now);
        }
    }

    /// The object of a pod that was charged is gone: its owner hears of it, and may try at once.
    pub(super) fn charge_ended(&mut self, pod: PodId) {
        let object = self.api.pods_slot(pod);
        if let Owner::Set(set) = object.owner
            && !self.model.quotas_of(object.template).is_empty()
        {
            self.wake_set(set);
        }
    }

    /// Queues know owners, not the places of their pods.
    fn queue_key(&self, owner: Owner, workload: WorkloadId) -> Owner {
        match owner {
            Owner::Workload(_) => Owner::Workload(workload.0),
            Owner::Job { job, .. } => Owner::Job { job, index: 0 },
            Owner::Set(_) | Owner::Nobody => owner,
        }
    }
}
