//! The first instant of a run.

use super::sim::Sim;
use super::timers::Wake;
use crate::ids::WorkloadId;
use crate::observers::timeline::Watch;
use crate::spec::WorkloadKind;
use crate::time::Instant;
use crate::world::api::{JobRequest, Request};

impl<W: Watch> Sim<'_, W> {
    /// What is due by itself is armed, and what the user applied is about to be written.
    pub(super) fn begin(&mut self) {
        let scenario = self.model.scenario();
        self.timers.arm(Wake::Horizon, Instant::ZERO + scenario.horizon);
        self.timers.arm(Wake::WarmUp, Instant::ZERO + scenario.warm_up);
        self.arm_next_operation();
        for clock in 0..self.clocks.len() {
            self.timers.arm(Wake::Clock(clock as u32), self.clocks[clock].next());
        }
        for workload in (0..scenario.workloads.len()).map(WorkloadId::from) {
            self.create_workload(workload);
        }
        self.set_rates();
        self.begin_autoscaling();
        self.begin_node_scaling();
        self.begin_disruptions();
        self.mark_all_services();
    }

    fn create_workload(&mut self, workload: WorkloadId) {
        let spec = self.model.workload(workload);
        self.requests.push(match spec.kind {
            WorkloadKind::Deployment(_) => Request::CreateDeployment(workload),
            WorkloadKind::ReplicaSet | WorkloadKind::ReplicationController => {
                let replicas = spec.replicas;
                Request::CreateSet { workload, revision: 0, replicas, desired: replicas, max: replicas }
            }
            WorkloadKind::StatefulSet(_) => Request::CreateStatefulSet(workload),
            WorkloadKind::DaemonSet(_) => Request::CreateDaemonSet(workload),
            WorkloadKind::Job(_) => Request::Job(JobRequest::Create { workload, scheduled: None }),
            WorkloadKind::CronJob(_) => Request::Job(JobRequest::CreateCron(workload)),
            WorkloadKind::Pod => Request::CreateBarePod { workload, uid: self.pod_uid(workload) },
        });
    }
}
