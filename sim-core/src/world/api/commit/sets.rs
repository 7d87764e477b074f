//! Writes about ReplicaSets and ReplicationControllers.

use super::Write;
use crate::ids::{SetId, WorkloadId};
use crate::world::api::{Api, Change, ReplicaSet};

impl Api {
    pub(super) fn create_set(
        &mut self,
        workload: WorkloadId,
        revision: u32,
        replicas: u32,
        write: &mut Write,
    ) -> SetId {
        let id = self.free_sets.pop().unwrap_or_else(|| SetId::from(self.sets.len()));
        let spec = write.model.workload(workload);
        let deployment = self.deployments[workload.index()].as_ref();
        let set = ReplicaSet {
            id,
            exists: true,
            workload,
            template: spec.template,
            revision,
            defect: deployment.and_then(|deployment| deployment.defect),
            deployed: deployment.map_or(revision, |deployment| deployment.rollouts),
            created: write.now,
            replicas,
            min_ready: spec.min_ready,
            desired_annotation: 0,
            max_annotation: 0,
            pods: Vec::new(),
            active: 0,
            ready: 0,
        };
        match self.sets.get_mut(id.index()) {
            Some(slot) => *slot = set,
            None => self.sets.push(set),
        }
        self.sets_of[workload.index()].push(id);
        write.tell(Change::SetCreated(id));
        id
    }

    pub(super) fn annotate_set(&mut self, set: SetId, desired: u32, max: u32) {
        let set = &mut self.sets[set.index()];
        (set.desired_annotation, set.max_annotation) = (desired, max);
    }

    pub(super) fn scale_set(&mut self, set: SetId, replicas: u32, write: &mut Write) {
        let before = std::mem::replace(&mut self.sets[set.index()].replicas, replicas);
        if before != replicas {
            write.tell(Change::SetScaled(set, before));
        }
    }

    pub(super) fn delete_set(&mut self, id: SetId, write: &mut Write) {
        let set = &mut self.sets[id.index()];
        debug_assert!(set.exists && set.pods.is_empty(), "only empty sets are deleted");
        set.exists = false;
        self.sets_of[set.workload.index()].retain(|other| *other != id);
        self.free_sets.push(id);
        write.tell(Change::SetDeleted(id));
    }
}
