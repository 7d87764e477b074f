//! Writes about workloads that control their pods themselves: StatefulSets and DaemonSets.

use super::Write;
use crate::ids::WorkloadId;
use crate::world::api::{Api, Change, DaemonSet, StatefulSet};

impl Api {
    pub(super) fn create_stateful_set(&mut self, workload: WorkloadId, write: &mut Write) {
        let replicas = write.model.workload(workload).replicas;
        self.stateful_sets[workload.index()] =
            Some(StatefulSet { replicas, current_revision: 1, update_revision: 1 });
        write.tell(Change::WorkloadSpec(workload));
    }

    /// `completeRollingUpdate`: pkg/controller/statefulset/stateful_set_utils.go.
    pub(super) fn complete_update(&mut self, workload: WorkloadId, write: &mut Write) {
        if let Some(set) = &mut self.stateful_sets[workload.index()] {
            set.current_revision = set.update_revision;
            write.tell(Change::UpdateComplete(workload));
        }
    }

    pub(super) fn create_daemon_set(&mut self, workload: WorkloadId, write: &mut Write) {
        self.daemon_sets[workload.index()] = Some(DaemonSet { revision: 1 });
        write.tell(Change::WorkloadSpec(workload));
    }

    pub(super) fn rollout_own(&mut self, workload: WorkloadId, write: &mut Write) {
        if let Some(set) = &mut self.stateful_sets[workload.index()] {
            set.update_revision += 1;
            write.tell(Change::WorkloadSpec(workload));
        } else if let Some(set) = &mut self.daemon_sets[workload.index()] {
            set.revision += 1;
            write.tell(Change::WorkloadSpec(workload));
        }
    }

    pub(super) fn scale_own(&mut self, workload: WorkloadId, replicas: u32, write: &mut Write) {
        if let Some(set) = &mut self.stateful_sets[workload.index()] {
            set.replicas = replicas;
            write.tell(Change::WorkloadSpec(workload));
        }
    }
}
