//! Names of generated objects, as upstream makes them: a hash for the revision, five letters for the pod.

use crate::ids::WorkloadId;
use crate::model::Model;
use crate::spec::WorkloadKind;
use crate::time::{Instant, Span};
use crate::world::api::{Claim, Job, Owner, Pod, ReplicaSet};

/// Upstream's alphabet for generated names: no vowels, no look-alikes (apimachinery/pkg/util/rand).
const ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

/// The name of a pod.
pub fn pod(model: &Model, pod: &Pod) -> String {
    match model.workload(pod.workload).kind {
        WorkloadKind::Pod => model.workload(pod.workload).name.clone(),
        WorkloadKind::StatefulSet(_) => match pod.owner {
            Owner::Workload(ordinal) => format!("{}-{ordinal}", model.workload(pod.workload).name),
            _ => unreachable!("a StatefulSet's pods have an ordinal"),
        },
        _ => format!("{}-{}", base(model, pod.workload, pod.revision), letters(pod.uid, 5)),
    }
}

/// The name of a Job's pod.
pub fn job_pod(model: &Model, job: &Job, pod: &Pod) -> String {
    let name = self::job(model, job);
    let is_indexed = model.workload(job.workload).kind.job().is_some_and(|spec| spec.indexed);
    match pod.owner {
        Owner::Job { index, .. } if is_indexed => format!("{name}-{index}-{}", letters(pod.uid, 5)),
        _ => format!("{name}-{}", letters(pod.uid, 5)),
    }
}

/// The name of a Job: one that a CronJob made is called after the minute for which it did, counted since 1970.
pub fn job(model: &Model, job: &Job) -> String {
    let workload = model.workload(job.workload);
    match (&workload.kind, job.scheduled) {
        (WorkloadKind::CronJob(cron), Some(at)) => {
            let minute = (cron.schedule.run_starts + at.since(Instant::ZERO).0 / Span::secs(1).0) / 60;
            format!("{}-{minute}", workload.name)
        }
        _ => workload.name.clone(),
    }
}

/// What a claim's volume is called: after its pod, for a pod's volumes are taken together.
pub fn claim(model: &Model, claim: &Claim) -> String {
    format!("the volume of {}-{}", model.workload(claim.workload).name, claim.place)
}

/// The name of a ReplicaSet or ReplicationController.
pub fn set(model: &Model, set: &ReplicaSet) -> String {
    base(model, set.workload, set.revision)
}

fn base(model: &Model, workload: WorkloadId, revision: u32) -> String {
    let name = &model.workload(workload).name;
    match model.workload(workload).kind {
        WorkloadKind::Deployment(_) => {
            let hash = model.workload_key(workload).child(u64::from(revision)).0;
            format!("{name}-{}", letters(hash, 10))
        }
        _ => name.clone(),
    }
}

fn letters(mut number: u64, count: usize) -> String {
    let mut letter = || {
        let letter = ALPHABET[(number % 27) as usize];
        number /= 27;
        char::from(letter)
    };
    (0..count).map(|_| letter()).collect()
}
