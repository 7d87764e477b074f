//! stand-in
use crate::ids::WorkloadId;
use crate::moment::Moment;
use crate::time::Instant;
use crate::world::api::{Api, DeploymentStatus, Progress, Request};
/// s
pub fn reconcile(workload: WorkloadId, _at: &Moment, api: &Api, requests: &mut Vec<Request>) -> Instant {
    let Some(d) = api.deployment(workload) else { return Instant::NEVER };
    match api.sets_of(workload).first() {
        None => requests.push(Request::CreateSet { workload, revision: d.revision, replicas: d.replicas }),
        Some(s) => {
            let set = api.set(*s);
            if set.ready >= d.replicas {
                requests.push(Request::SetDeploymentStatus { workload, status: DeploymentStatus::default(), progress: Progress::Complete, touch: false });
            }
        }
    }
    Instant::NEVER
}
