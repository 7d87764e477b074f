//! Containers that have ended and are not started again.
//!
//! Upstream: `computePodActions` in pkg/kubelet/kuberuntime/kuberuntime_manager.go. When all app containers of a pod are
//! done, its sidecars are stopped, and then the pod has ended.

use super::{Desk, Kubelets};
use crate::agents::container_run::Stop;
use crate::ids::PodId;

impl Kubelets {
    /// An app container is done.
    pub(super) fn note_done(&mut self, pod: PodId, desk: &mut Desk) {
        if self.is_through(pod, desk) {
            self.stop_sidecars(pod, desk);
        }
        self.report_phase(pod, desk);
    }

    /// Whether all app containers are done.
    pub(super) fn is_through(&self, pod: PodId, desk: &Desk) -> bool {
        let template = self.template(pod, desk);
        let apps = &self.workers[pod.index()].containers[template.sidecars()..];
        apps.iter().all(|run| run.is_done(template.restart_policy))
    }

    fn stop_sidecars(&mut self, pod: PodId, desk: &mut Desk) {
        let template = self.template(pod, desk);
        let (now, deadline) = (desk.now, desk.now + template.termination_grace);
        for container in 0..template.sidecars() {
            let hung = desk.physical.is_hung(pod, container);
            let run = self.run(pod, container);
            run.plan = crate::agents::plan::Plan::IDLE;
            if run.running {
                run.plan_stop(&template.containers[container], Stop { now, turn: now, deadline, hung });
            }
        }
    }
}
