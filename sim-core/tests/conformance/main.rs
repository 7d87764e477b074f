//! Facts about Kubernetes, replayed through the functions that the model uses: `cases/README.md`.
//!
//! `CONFORMANCE_CASES` names another folder of cases, `CONFORMANCE_REPORT` a file for the report: scripts/conformance.
#![expect(clippy::disallowed_methods, reason = "the cases are files, and the environment may name others")]

#[path = "../common/mod.rs"]
mod common;

mod autoscaling;
mod backoff;
mod containers;
mod deployments;
mod disruptions;
mod endpoints;
mod fields;
mod nodes;
mod preemption;
mod replica_sets;
mod runner;
mod scheduling;
mod stateful_sets;

use std::path::{Path, PathBuf};

use serde_json::Value;

/// What the model says to a case, field by field; `None` to a function that it does not know.
pub type Answer = Option<Value>;

/// What answers the cases of a group.
type Answerer = fn(&Value) -> Answer;

/// Groups, and what answers their cases.
const GROUPS: [(&str, Answerer); 24] = [
    ("backoff", backoff::answer),
    ("deployment-fenceposts", deployments::fenceposts),
    ("deployment-progress", deployments::progress),
    ("deployment-rolling", deployments::rolling),
    ("deployment-scaling", deployments::scaling),
    ("endpoints-proxy", endpoints::answer),
    ("eviction-api", disruptions::eviction),
    ("hpa-behavior", autoscaling::behavior),
    ("hpa-grouping", autoscaling::grouping),
    ("hpa-replicas", autoscaling::replicas),
    ("node-zones", nodes::zones),
    ("pdb-status", disruptions::budget),
    ("pod-phase", containers::phase),
    ("probes", containers::probes),
    ("qos-oom", containers::quality),
    ("replicaset", replica_sets::answer),
    ("scheduler-nodes-to-score", scheduling::nodes_to_score),
    ("scheduler-preemption", preemption::answer),
    ("scheduler-resources", scheduling::resources),
    ("scheduler-taints-normalize", scheduling::taints),
    ("statefulset-sync", stateful_sets::answer),
    ("taint-eviction", nodes::eviction),
    ("topology-spread-filter", scheduling::spread_filter),
    ("topology-spread-score", scheduling::spread_score),
];

#[test]
fn the_model_agrees_with_upstream() {
    let folder = std::env::var_os("CONFORMANCE_CASES").map_or_else(own_cases, PathBuf::from);
    let report = runner::run_folder(&folder, &GROUPS);
    println!("{report}");
    if let Some(file) = std::env::var_os("CONFORMANCE_REPORT") {
        std::fs::write(&file, format!("{report}\n")).expect("a file that can be written");
    }
    assert_eq!(report.failures(), 0, "some cases fail:\n{report}");
}

#[test]
fn every_group_has_cases_here() {
    let report = runner::run_folder(&own_cases(), &GROUPS);
    let groups: Vec<&str> = report.groups().collect();
    assert_eq!(groups, GROUPS.map(|(group, _)| group));
}

fn own_cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/cases")
}
