//! ReplicaSets and ReplicationControllers: as many active pods as desired.
//!
//! Upstream: pkg/controller/replicaset/replica_set.go. Reads are fresh here, so expectations are always met.

use crate::controllers::ranking::{self, Candidate, Phase};
use crate::ids::SetId;
use crate::moment::Moment;
use crate::rng::Purpose;
use crate::time::Instant;
use crate::world::api::{Api, Deletion, Pod, PodPhase, Request};

/// Upstream's `BurstReplicas`: creations or deletions in one sync at most.
const BURST_REPLICAS: u32 = 500;

/// Brings the number of active pods of a set to `spec.replicas`. Returns whether it takes another sync.
pub fn reconcile(set: SetId, at: &Moment, api: &Api, requests: &mut Vec<Request>) -> bool {
    let object = api.set(set);
    let difference = object.active.abs_diff(object.replicas);
    if object.active < object.replicas {
        create(set, difference.min(BURST_REPLICAS), at, api, requests);
    } else if object.active > object.replicas {
        delete(set, difference.min(BURST_REPLICAS), at, api, requests);
    }
    difference > BURST_REPLICAS
}

/// Slow start in batches of 1, 2, 4, 8 ... ends with the first batch in which one fails. Where a quota refuses all pods
/// that are too many, as many come into being without it.
fn create(set: SetId, count: u32, at: &Moment, api: &Api, requests: &mut Vec<Request>) {
    let workload = api.set(set).workload;
    let key = at.model.workload_key(workload);
    let first = api.pods_created(workload);
    let create =
        |ordinal| Request::CreatePod { set, uid: at.luck.draw(Purpose::PodUid, key, ordinal).bits() };
    requests.extend((first..first + u64::from(count)).map(create));
}

fn delete(set: SetId, count: u32, at: &Moment, api: &Api, requests: &mut Vec<Request>) {
    let active: Vec<&Pod> = active_pods(set, api).collect();
    let related = api.sets_of(api.set(set).workload).iter().flat_map(|sibling| active_pods(*sibling, api));
    let nodes: Vec<_> = active.iter().map(|pod| pod.node).collect();
    let ranks = ranking::co_location_ranks(&nodes, &related.map(|pod| pod.node).collect::<Vec<_>>());
    let candidates: Vec<Candidate> =
        active.iter().zip(ranks).map(|(pod, rank)| candidate(pod, rank, at.now)).collect();
    let delete =
        |index: usize| Request::Delete { pod: active[index].id, grace: None, why: Deletion::ScaleDown };
    requests.extend(ranking::choose(&candidates, count as usize).into_iter().map(delete));
}

fn active_pods(set: SetId, api: &Api) -> impl Iterator<Item = &Pod> {
    api.set(set).pods.iter().map(|pod| api.expect_pod(*pod)).filter(|pod| pod.is_active())
}

pub(super) fn candidate(pod: &Pod, rank: u32, now: Instant) -> Candidate {
    Candidate {
        bound: pod.node.is_some(),
        phase: if pod.phase == PodPhase::Pending { Phase::Pending } else { Phase::Running },
        ready: pod.ready,
        deletion_cost: 0,
        rank,
        ready_age: Some(now.since(pod.ready_since)),
        restarts: pod.restarts,
        age: Some(now.since(pod.created)),
        uid: pod.uid,
    }
}
