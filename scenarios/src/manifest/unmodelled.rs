//! Fields that change what Kubernetes does but not what the model does: said once each, never passed over.

use crate::diagnostic::{Diagnostic, codes};
use crate::document::Document;
use crate::tree::{Entry, Node, Value};

/// A field by kind and path (`*` is every element), and what the model does instead.
struct Field {
    kinds: Kinds,
    path: &'static str,
    /// The value that matters; empty for any.
    value: &'static str,
    instead: &'static str,
}

enum Kinds {
    /// Everything with pods; the path is below the pod's spec.
    Pods,
    Service,
    StatefulSet,
    Job,
}

const fn pods(path: &'static str, instead: &'static str) -> Field {
    Field { kinds: Kinds::Pods, path, value: "", instead }
}

const fn service(path: &'static str, value: &'static str, instead: &'static str) -> Field {
    Field { kinds: Kinds::Service, path, value, instead }
}

const FIELDS: &[Field] = &[
    pods("volumes.*.persistentVolumeClaim", "volumes attach at once, anywhere"),
    pods("readinessGates", "pods are Ready without them"),
    pods("schedulingGates", "pods are scheduled at once"),
    pods("schedulerName", "the default scheduler places all pods"),
    pods("resourceClaims", "devices are always free"),
    pods("containers.*.restartPolicy", "the pod's restartPolicy applies"),
    pods("activeDeadlineSeconds", "pods run for ever"),
    pods(
        "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.*.matchFields",
        "such conditions hold on every node",
    ),
    Field {
        kinds: Kinds::StatefulSet,
        path: "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
        value: "Delete",
        instead: "claims are kept",
    },
    Field { kinds: Kinds::Job, path: "backoffLimitPerIndex", value: "", instead: "backoffLimit applies" },
    Field {
        kinds: Kinds::Job,
        path: "successPolicy",
        value: "",
        instead: "a Job is complete with all its completions",
    },
    Field {
        kinds: Kinds::Job,
        path: "podFailurePolicy.rules.*.onExitCodes",
        value: "",
        instead: "failures count as without the rule, since nothing is known of exit codes",
    },
    Field { kinds: Kinds::Job, path: "managedBy", value: "", instead: "the Job controller manages all Jobs" },
    service(
        "spec.sessionAffinity",
        "ClientIP",
        "every request is balanced by itself, since nothing is known of how many clients there are and how long they stay",
    ),
];

/// A field of manifests that is read and then has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unmodelled {
    /// `Pod` for everything with pods, the path being below the spec of the pod; else the kind.
    pub kind: &'static str,
    /// Path of the field; `*` is every element of a list.
    pub path: &'static str,
    /// The value that is not modelled; empty for any.
    pub value: &'static str,
    /// What the model does instead.
    pub instead: &'static str,
}

/// All of them, for the documentation.
pub fn unmodelled() -> impl Iterator<Item = Unmodelled> {
    FIELDS.iter().map(|field| Unmodelled {
        kind: match field.kinds {
            Kinds::Pods => "Pod",
            Kinds::Service => "Service",
            Kinds::StatefulSet => "StatefulSet",
            Kinds::Job => "Job",
        },
        path: field.path,
        value: field.value,
        instead: field.instead,
    })
}

/// One warning for each field that occurs.
pub(super) fn report(documents: &[Document], diagnostics: &mut Vec<Diagnostic>) {
    for field in FIELDS {
        let entries: Vec<&Entry> = documents.iter().flat_map(|document| field.entries(document)).collect();
        let Some(first) = entries.first() else { continue };
        let times = if entries.len() > 1 { format!(" ({} times)", entries.len()) } else { String::new() };
        let value = if field.value.is_empty() { String::new() } else { format!(": {}", field.value) };
        let message = format!("`{}{value}` is not modelled{times}: {}", first.key, field.instead);
        diagnostics.push(Diagnostic::new(&codes::NOT_MODELLED, message).at(&first.place, ""));
    }
}

impl Field {
    fn entries<'a>(&self, document: &'a Document) -> Vec<&'a Entry> {
        let root = match (&self.kinds, document.kind.as_str()) {
            (Kinds::Pods, "Pod") => document.node.get("spec"),
            (
                Kinds::Pods,
                "Deployment" | "ReplicaSet" | "ReplicationController" | "StatefulSet" | "DaemonSet",
            ) => document.node.find("spec.template.spec"),
            (Kinds::Pods, "Job") => document.node.find("spec.template.spec"),
            (Kinds::Pods, "CronJob") => document.node.find("spec.jobTemplate.spec.template.spec"),
            (Kinds::Job, "Job") => document.node.find("spec"),
            (Kinds::Job, "CronJob") => document.node.find("spec.jobTemplate.spec"),
            (Kinds::Service, "Service") | (Kinds::StatefulSet, "StatefulSet") => Some(&document.node),
            _ => None,
        };
        let mut found = Vec::new();
        if let Some(root) = root {
            find(root, self.path, &mut found);
        }
        found.retain(|entry| self.matters(&entry.value));
        found
    }

    fn matters(&self, node: &Node) -> bool {
        let is_default = match (&node.value, self.path) {
            (Value::Text(name), "schedulerName") => name == "default-scheduler",
            (Value::List(items), _) => items.is_empty(),
            _ => node.is_null(),
        };
        !is_default && (self.value.is_empty() || node.as_str() == Some(self.value))
    }
}

fn find<'a>(node: &'a Node, path: &str, found: &mut Vec<&'a Entry>) {
    match path.split_once('.') {
        Some(("*", rest)) => node.items().iter().for_each(|item| find(item, rest, found)),
        Some((segment, rest)) => {
            if let Some(next) = node.get(segment) {
                find(next, rest, found);
            }
        }
        None => found.extend(node.entry(path)),
    }
}
