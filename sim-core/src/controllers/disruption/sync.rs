//! The disruption controller at work: the status of one budget, from the pods that it covers.
//!
//! Upstream it hears of pods and budgets only: a change of scale counts from the first pod that comes or goes by it.

use super::{Controller, CoveredPod, disrupted_until, status, tally};
use crate::ids::BudgetId;
use crate::model::Model;
use crate::spec::WorkloadKind;
use crate::time::{Instant, Span};
use crate::world::api::{Api, Pod, Request};

/// Writes the status of a budget anew. Returns when an approved eviction ceases to count although its pod is still
/// there: just after its time, at which upstream looks again and again.
pub fn sync(id: BudgetId, now: Instant, model: &Model, api: &Api, requests: &mut Vec<Request>) -> Instant {
    let pods = model.covered_by(id).iter().flat_map(|workload| api.pods_of(*workload));
    let covered = |pod: &Pod| covered_pod(pod, id, model, api);
    let pods: Vec<CoveredPod> = pods.map(|pod| covered(api.expect_pod(pod))).collect();
    let mut next = Instant::NEVER;
    for (pod, _) in &api.budget(id).disrupted {
        match api.pod(*pod).and_then(|pod| disrupted_until(&covered(pod), now)) {
            Some(until) => next = next.min(until + Span(1)),
            None => requests.push(Request::ForgetDisrupted(id, *pod)),
        }
    }
    let status = status(model.budget(id).budget, tally(&pods, now));
    requests.push(Request::SetBudgetStatus(id, status));
    next
}

fn covered_pod(pod: &Pod, budget: BudgetId, model: &Model, api: &Api) -> CoveredPod {
    let disrupted = api.budget(budget).disrupted.iter().find(|(other, _)| *other == pod.id);
    CoveredPod {
        ready: pod.ready,
        terminating: pod.deletion.is_some(),
        disrupted: disrupted.map(|(_, at)| *at),
        controller: controller(pod, model, api),
    }
}

/// The Deployment behind the pod's ReplicaSet, or the set itself.
fn controller(pod: &Pod, model: &Model, api: &Api) -> Option<Controller> {
    let scale = match model.workload(pod.workload).kind {
        WorkloadKind::Pod => return None,
        WorkloadKind::Deployment(_) => api.deployment(pod.workload)?.replicas,
        WorkloadKind::ReplicaSet | WorkloadKind::ReplicationController => api.set(pod.owner?).replicas,
    };
    Some(Controller { uid: u64::from(pod.workload.0), scale })
}
