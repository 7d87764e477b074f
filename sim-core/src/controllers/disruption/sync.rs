//! The disruption controller at work: the status of one budget, from the pods that it covers.
//!
//! Upstream it hears of pods and budgets only: a change of scale counts from the first pod that comes or goes by it.

use super::{BudgetStatus, Controller, CoveredPod, disrupted_until, status, tally};
use crate::ids::{BudgetId, WorkloadId};
use crate::model::Model;
use crate::spec::{Budget, IntOrPercent, WorkloadKind};
use crate::time::{Instant, Span};
use crate::world::api::{Api, Owner, Pod, Request};

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
    let budget = model.budget(id).budget;
    let status = match needs_scale(budget) && has_unscaled(id, model) {
        true => BudgetStatus { disruptions_allowed: 0, ..api.budget(id).status },
        false => status(budget, tally(&pods, now)),
    };
    requests.push(Request::SetBudgetStatus(id, status));
    next
}

fn needs_scale(budget: Option<Budget>) -> bool {
    budget.is_some_and(|budget| !matches!(budget, Budget::MinAvailable(IntOrPercent::Int(_))))
}

/// A DaemonSet has no scale, nor has a Job. A budget that is counted by scale fails on its pods, and then allows nothing (`failSafe`).
fn has_unscaled(id: BudgetId, model: &Model) -> bool {
    let is_unscaled = |workload: &WorkloadId| {
        let kind = &model.workload(*workload).kind;
        matches!(kind, WorkloadKind::DaemonSet(_)) || kind.is_batch()
    };
    model.covered_by(id).iter().any(is_unscaled)
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
        WorkloadKind::StatefulSet(_) => api.stateful_set(pod.workload)?.replicas,
        WorkloadKind::DaemonSet(_) | WorkloadKind::Job(_) | WorkloadKind::CronJob(_) => return None,
        WorkloadKind::ReplicaSet | WorkloadKind::ReplicationController => {
            let Owner::Set(set) = pod.owner else { return None };
            api.set(set).replicas
        }
    };
    Some(Controller { uid: u64::from(pod.workload.0), scale })
}
