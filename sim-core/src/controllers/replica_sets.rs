//! ReplicaSets and ReplicationControllers: as many active pods as desired.
//!
//! Upstream: pkg/controller/replicaset/replica_set.go. Reads are fresh here, so expectations are always met.

use crate::controllers::ranking::{self, Candidate};
use crate::ids::{PodId, SetId};
use crate::moment::Moment;
use crate::rng::Purpose;
use crate::world::api::{Api, Deletion, Request};

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

/// Slow start in batches of 1, 2, 4, 8 ... matters only when creations fail: here none does.
fn create(set: SetId, count: u32, at: &Moment, api: &Api, requests: &mut Vec<Request>) {
    let workload = api.set(set).workload;
    let key = at.model.workload_key(workload);
    let first = api.pods_created(workload);
    let create = |ordinal| Request::CreatePod { set, uid: at.luck.draw(Purpose::PodUid, key, ordinal).bits() };
    requests.extend((first..first + u64::from(count)).map(create));
}

fn delete(set: SetId, count: u32, at: &Moment, api: &Api, requests: &mut Vec<Request>) {
    let object = api.set(set);
    let active: Vec<PodId> = object.pods.iter().copied().filter(|pod| api.expect_pod(*pod).is_active()).collect();
    let candidates: Vec<Candidate> = active.iter().map(|pod| candidate(*pod, at, api)).collect();
    let chosen = ranking::choose(&candidates, count as usize);
    let delete = |index: usize| Request::Delete { pod: active[index], grace: None, why: Deletion::ScaleDown };
    requests.extend(chosen.into_iter().map(delete));
}

fn candidate(pod: PodId, at: &Moment, api: &Api) -> Candidate {
    let pod = api.expect_pod(pod);
    Candidate { bound: pod.node.is_some(), ready: pod.ready, age: at.now.since(pod.created), uid: pod.uid }
}
