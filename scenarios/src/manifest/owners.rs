//! Pods and ReplicaSets that a controller of the input will create anew must not be there twice; those whose
//! controller is missing are kept, with a warning.

use std::collections::BTreeSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};

use super::Manifests;
use crate::diagnostic::{Diagnostic, codes};
use crate::typed::Typed;

type Key = (String, String, String);

/// Leaves out what is owned, finished or on its way out.
pub(super) fn leave_out_owned(manifests: &mut Manifests, diagnostics: &mut Vec<Diagnostic>) {
    let owners = known_owners(manifests);
    let mut left_out = LeftOut::default();
    manifests.replica_sets.retain(|set| left_out.keep(set, &set.object.metadata, &owners));
    manifests.jobs.retain(|job| left_out.keep(job, &job.object.metadata, &owners));
    manifests.pods.retain(|pod| {
        let phase = pod.object.status.as_ref().and_then(|status| status.phase.as_deref());
        let metadata = &pod.object.metadata;
        if matches!(phase, Some("Succeeded" | "Failed")) || metadata.deletion_timestamp.is_some() {
            left_out.finished += 1;
            return false;
        }
        left_out.keep(pod, metadata, &owners)
    });
    left_out.report(diagnostics);
}

#[derive(Default)]
struct LeftOut {
    owned: usize,
    finished: usize,
    without_owner: Vec<Diagnostic>,
}

impl LeftOut {
    fn keep<T>(&mut self, object: &Typed<T>, metadata: &ObjectMeta, owners: &BTreeSet<Key>) -> bool {
        let Some(owner) = controller(metadata).filter(|owner| owner.kind != "Node") else { return true };
        if owner_keys(owner, metadata).iter().any(|key| owners.contains(key)) {
            self.owned += 1;
            return false;
        }
        let message =
            format!("{}: its owner, {} {}, is not in the input", object.document, owner.kind, owner.name);
        self.without_owner.push(
            Diagnostic::new(&codes::NO_OWNER, message)
                .at(object.document.name_place(), "nothing will replace it when it is lost")
                .help("export the owners too: kubectl get deploy,rs,rc,pods,svc,nodes -A -o yaml"),
        );
        true
    }

    fn report(mut self, diagnostics: &mut Vec<Diagnostic>) {
        if self.owned > 0 {
            let message =
                format!("pods and ReplicaSets that their owners will create were left out ({})", self.owned);
            diagnostics.push(Diagnostic::new(&codes::LEFT_OUT, message));
        }
        if self.finished > 0 {
            let message = format!("pods that have finished were left out ({})", self.finished);
            diagnostics.push(Diagnostic::new(&codes::LEFT_OUT, message));
        }
        let count = self.without_owner.len();
        if let Some(first) = self.without_owner.first_mut().filter(|_| count > 1) {
            first.message += &format!(", nor are those of {} other objects", count - 1);
        }
        diagnostics.extend(self.without_owner.into_iter().take(1));
    }
}

fn known_owners(manifests: &Manifests) -> BTreeSet<Key> {
    let deployments = manifests.deployments.iter().map(|object| key("Deployment", object));
    let controllers =
        manifests.replication_controllers.iter().map(|object| key("ReplicationController", object));
    let replica_sets = manifests.replica_sets.iter().map(|object| key("ReplicaSet", object));
    let stateful_sets = manifests.stateful_sets.iter().map(|object| key("StatefulSet", object));
    let daemon_sets = manifests.daemon_sets.iter().map(|object| key("DaemonSet", object));
    let jobs = manifests.jobs.iter().map(|object| key("Job", object));
    let cron_jobs = manifests.cron_jobs.iter().map(|object| key("CronJob", object));
    let sets = replica_sets.chain(deployments).chain(controllers).chain(stateful_sets).chain(daemon_sets);
    sets.chain(jobs).chain(cron_jobs).collect()
}

fn key<T>(kind: &str, object: &Typed<T>) -> Key {
    (object.document.namespace.clone(), kind.to_owned(), object.document.name.clone())
}

fn controller(metadata: &ObjectMeta) -> Option<&OwnerReference> {
    metadata.owner_references.iter().flatten().find(|owner| owner.controller == Some(true))
}

/// The owner, and for a pod of a Deployment the Deployment behind it: the ReplicaSet between them, whose name is
/// the Deployment's with a hash, may not have been exported. So it is with a CronJob's Jobs.
fn owner_keys(owner: &OwnerReference, metadata: &ObjectMeta) -> Vec<Key> {
    let namespace = metadata.namespace.clone().unwrap_or_else(|| "default".to_owned());
    let mut keys = vec![(namespace.clone(), owner.kind.clone(), owner.name.clone())];
    let above = match owner.kind.as_str() {
        "ReplicaSet" => "Deployment",
        "Job" => "CronJob",
        _ => return keys,
    };
    if let Some((name, _hash)) = owner.name.rsplit_once('-') {
        keys.push((namespace, above.to_owned(), name.to_owned()));
    }
    keys
}
