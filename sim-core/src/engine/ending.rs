//! Who hears of a pod that has ended: its object is still there.

use super::sim::Sim;
use crate::controllers::scheduler::Events;
use crate::ids::PodId;
use crate::observers::timeline::Watch;

impl<W: Watch> Sim<'_, W> {
    pub(super) fn pod_phase(&mut self, pod: PodId) {
        let object = self.api.expect_pod(pod);
        let (workload, owner, template, terminal) =
            (object.workload, object.owner, object.template, object.is_terminal());
        if !terminal {
            return;
        }
        self.free_room(pod);
        self.read_workload(workload);
        self.wake_volume_of(pod);
        self.wake_endpoints(self.model.services_of(template));
        self.wake_owner(owner, workload, Self::wake_set);
    }

    /// The scheduler knows no pods that have ended, whether their objects are gone or not (`NewInformerFactory` in
    /// pkg/scheduler/scheduler.go lists those of other phases only).
    pub(super) fn free_room(&mut self, pod: PodId) {
        let object = self.api.pods_slot(pod);
        let (template, revision, terminating) = (object.template, object.revision, object.deletion.is_some());
        if let Some(node) = object.node {
            self.scheduler.pod_removed(template, revision, node, terminating);
            self.queue_event(Events::POD_REMOVED);
        }
    }
}
