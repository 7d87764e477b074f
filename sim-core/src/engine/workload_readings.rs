//! Readings of the workload meters, whenever a workload's pods or its wishes have changed.

use super::sim::Sim;
use crate::controllers::daemon_sets;
use crate::ids::WorkloadId;
use crate::observers::timeline::Watch;
use crate::observers::workload_meter::Replicas;
use crate::outcome::ReplicaSample;
use crate::spec::WorkloadKind;

impl<W: Watch> Sim<'_, W> {
    pub(super) fn read_workload(&mut self, workload: WorkloadId) {
        let roster = self.api.roster(workload);
        let mut replicas = Replicas { desired: 0, current: roster.active, ready: roster.ready };
        for set in self.api.sets_of(workload).iter().map(|set| self.api.set(*set)) {
            replicas.desired += set.replicas;
            replicas.current += set.active;
            replicas.ready += set.ready;
        }
        match self.model.workload(workload).kind {
            WorkloadKind::Deployment(_) => {
                replicas.desired = self.api.deployment(workload).map_or(0, |deployment| deployment.replicas);
            }
            WorkloadKind::StatefulSet(_) => {
                replicas.desired = self.api.stateful_set(workload).map_or(0, |set| set.replicas);
            }
            WorkloadKind::DaemonSet(_) => {
                let (desired, current, ready) = daemon_sets::count(workload, &self.moment(), &self.api);
                replicas = Replicas { desired, current, ready };
            }
            WorkloadKind::Job(_) | WorkloadKind::CronJob(_) => replicas = self.replicas_of_jobs(workload),
            WorkloadKind::Pod => replicas.desired = 1,
            WorkloadKind::ReplicaSet | WorkloadKind::ReplicationController => {}
        }
        self.workload_meters[workload.index()].read(replicas, self.now);
        if W::LISTENS {
            let Replicas { desired, current, ready } = replicas;
            self.watch.replicas(ReplicaSample { at: self.now, workload, desired, current, ready });
        }
    }
}
