//! Fields without which the API server refuses an object. They are looked for in the tree, because the typed
//! object has an empty value where a field is missing.

use crate::diagnostic::{Diagnostic, codes};
use crate::document::Document;
use crate::tree::Node;

/// Reports what is missing; whether nothing is.
pub(super) fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let mut missing: Vec<String> = Vec::new();
    for path in required(&document.kind) {
        let prefix = path.rsplit_once('.').map_or("", |(parent, _)| parent);
        if !missing.iter().any(|earlier| format!("{prefix}.").starts_with(&format!("{earlier}."))) {
            find_missing(&document.node, "", path, &mut missing);
        }
    }
    for path in &missing {
        let message = format!("{document}: required field `{path}` is missing");
        let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
        diagnostics
            .push(Diagnostic::new(&codes::MISSING_FIELD, message).at(document.node.place_of(parent), ""));
    }
    missing.is_empty()
}

fn required(kind: &str) -> Vec<&'static str> {
    const WORKLOAD: [&str; 5] = [
        "spec.template",
        "spec.template.spec",
        "spec.template.spec.containers",
        "spec.template.spec.containers.*.name",
        "spec.template.spec.containers.*.image",
    ];
    const CRON_JOB: [&str; 5] = [
        "spec.jobTemplate.spec.template",
        "spec.jobTemplate.spec.template.spec",
        "spec.jobTemplate.spec.template.spec.containers",
        "spec.jobTemplate.spec.template.spec.containers.*.name",
        "spec.jobTemplate.spec.template.spec.containers.*.image",
    ];
    let paths: &[&str] = match kind {
        "Pod" => &["spec", "spec.containers", "spec.containers.*.name", "spec.containers.*.image"],
        "ReplicationController" => &["spec"],
        "ReplicaSet" | "Deployment" | "StatefulSet" | "DaemonSet" => &["spec", "spec.selector"],
        "Job" => &["spec"],
        "CronJob" => &["spec", "spec.schedule", "spec.jobTemplate", "spec.jobTemplate.spec"],
        "Service" => &["spec"],
        "HorizontalPodAutoscaler" => &[
            "spec",
            "spec.maxReplicas",
            "spec.scaleTargetRef",
            "spec.scaleTargetRef.kind",
            "spec.scaleTargetRef.name",
        ],
        "PriorityClass" => &["value"],
        _ => &[],
    };
    let template: &[&str] = match kind {
        "ReplicationController" | "ReplicaSet" | "Deployment" | "StatefulSet" | "DaemonSet" | "Job" => {
            &WORKLOAD
        }
        "CronJob" => &CRON_JOB,
        _ => &[],
    };
    [&["metadata.name"], paths, template].concat()
}

/// `*` stands for every element of a list.
fn find_missing(node: &Node, done: &str, path: &str, missing: &mut Vec<String>) {
    let (segment, rest) = path.split_once('.').unwrap_or((path, ""));
    if segment == "*" {
        for (index, item) in node.items().iter().enumerate() {
            find_missing(item, &join(done, &index.to_string()), rest, missing);
        }
        return;
    }
    let here = join(done, segment);
    match node.get(segment) {
        Some(next) if !is_empty(next) && !rest.is_empty() => find_missing(next, &here, rest, missing),
        Some(next) if !is_empty(next) => {}
        _ if !missing.contains(&here) => missing.push(here),
        _ => {}
    }
}

fn is_empty(node: &Node) -> bool {
    use crate::tree::Value::{List, Null, Text};
    match &node.value {
        Null => true,
        List(items) => items.is_empty(),
        Text(text) => text.is_empty(),
        _ => false,
    }
}

fn join(done: &str, segment: &str) -> String {
    if done.is_empty() { segment.to_owned() } else { format!("{done}.{segment}") }
}
