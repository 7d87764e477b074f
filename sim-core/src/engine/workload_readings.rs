//! Readings of the workload meters, whenever a workload's pods or its wishes have changed.

use super::sim::Sim;
use crate::ids::WorkloadId;
use crate::observers::timeline::Watch;
use crate::observers::workload_meter::Replicas;
use crate::outcome::ReplicaSample;
use crate::spec::WorkloadKind;

impl<W: Watch> Sim<'_, W> {
    pub(super) fn read_workload(&mut self, workload: WorkloadId) {
        let mut replicas = Replicas::default();
        for set in self.api.sets_of(workload).iter().map(|set| self.api.set(*set)) {
            replicas.desired += set.replicas;
            replicas.current += set.active;
            replicas.ready += set.ready;
        }
        match self.model.workload(workload).kind {
            WorkloadKind::Deployment(_) => {
                replicas.desired = self.api.deployment(workload).map_or(0, |deployment| deployment.replicas);
            }
            WorkloadKind::Pod => {
                let pod = || self.api.pods_of(workload).map(|pod| self.api.expect_pod(pod));
                replicas.desired = 1;
                replicas.current = pod().filter(|pod| pod.is_active()).count() as u32;
                replicas.ready = pod().filter(|pod| pod.counts_as_ready()).count() as u32;
            }
            WorkloadKind::ReplicaSet | WorkloadKind::ReplicationController => {}
        }
        self.workload_meters[workload.index()].read(replicas, self.now);
        if W::LISTENS {
            let Replicas { desired, current, ready } = replicas;
            self.watch.replicas(ReplicaSample { at: self.now, workload, desired, current, ready });
        }
    }
}
