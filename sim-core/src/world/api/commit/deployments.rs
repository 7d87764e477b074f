//! Writes about Deployments, and the scale of whatever has replicas.

use super::Write;
use crate::controllers::progress::Counters;
use crate::ids::WorkloadId;
use crate::spec::{Defect, WorkloadKind};
use crate::world::api::{Api, Change, Deployment, Progress};

impl Api {
    pub(super) fn create_deployment(&mut self, workload: WorkloadId, write: &mut Write) {
        let spec = write.model.workload(workload);
        let WorkloadKind::Deployment(deployment) = &spec.kind else {
            unreachable!("a Deployment is created for a workload that is one")
        };
        self.deployments[workload.index()] = Some(Deployment {
            replicas: spec.replicas,
            paused: deployment.paused,
            revision: 1,
            defect: None,
            rollouts: 1,
            progress: Progress::Updating,
            progressed_at: write.now,
            status: Counters::default(),
        });
        write.tell(Change::DeploymentSpec(workload));
    }

    pub(super) fn rollout(&mut self, workload: WorkloadId, defect: Option<Defect>, write: &mut Write) {
        if let Some(deployment) = &mut self.deployments[workload.index()] {
            deployment.rollouts += 1;
            (deployment.revision, deployment.defect) = (deployment.rollouts, defect);
            write.tell(Change::DeploymentSpec(workload));
        } else {
            self.rollout_own(workload, write);
        }
    }

    /// The template of the set that was the new one before: it is the new one again, as the controller finds it by its
    /// template. kubectl refuses where there is none, or while the Deployment is paused.
    pub(super) fn undo(&mut self, workload: WorkloadId, write: &mut Write) {
        let Some(deployment) = self.deployments[workload.index()].as_mut().filter(|object| !object.paused)
        else {
            return;
        };
        let old = self.sets_of[workload.index()].iter().map(|set| &self.sets[set.index()]);
        let old = old.filter(|set| set.revision != deployment.revision);
        let Some(before) = old.max_by_key(|set| set.deployed).map(|set| set.id) else { return };
        deployment.rollouts += 1;
        let set = &mut self.sets[before.index()];
        set.deployed = deployment.rollouts;
        (deployment.revision, deployment.defect) = (set.revision, set.defect);
        write.tell(Change::DeploymentSpec(workload));
    }

    /// The clock of the progress deadline stands still while paused: it starts anew when resumed.
    pub(super) fn set_paused(&mut self, workload: WorkloadId, paused: bool, write: &mut Write) {
        let Some(deployment) = &mut self.deployments[workload.index()] else { return };
        if deployment.paused != paused {
            deployment.paused = paused;
            deployment.progressed_at = write.now;
            write.tell(Change::DeploymentSpec(workload));
        }
    }

    /// The user's scale: of a Deployment, of a StatefulSet, or of the only set of a workload that is neither.
    pub(super) fn scale(&mut self, workload: WorkloadId, replicas: u32, write: &mut Write) {
        if let Some(deployment) = &mut self.deployments[workload.index()] {
            deployment.replicas = replicas;
            write.tell(Change::DeploymentSpec(workload));
        } else if let Some(set) = self.sets_of[workload.index()].first().copied() {
            let before = std::mem::replace(&mut self.sets[set.index()].replicas, replicas);
            write.tell(Change::SetScaled(set, before));
        } else {
            self.scale_own(workload, replicas, write);
        }
    }

    pub(super) fn set_deployment_status(
        &mut self,
        workload: WorkloadId,
        status: Counters,
        progress: Progress,
        touch: bool,
        write: &mut Write,
    ) {
        let Some(deployment) = &mut self.deployments[workload.index()] else { return };
        deployment.status = status;
        if touch {
            deployment.progressed_at = write.now;
        }
        if deployment.progress != progress {
            deployment.progress = progress;
            write.tell(Change::DeploymentProgress(workload, progress));
        }
    }
}
