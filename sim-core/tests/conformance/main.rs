//! Facts about Kubernetes, replayed through the functions that the model uses: `cases/README.md`.
#![expect(clippy::disallowed_methods, reason = "the cases are files, and the environment may name others")]

#[path = "../common/mod.rs"]
mod common;

mod backoff;
mod deployments;
mod nodes;
mod replica_sets;
mod scheduling;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// What the model says to a case, field by field; `None` if it does not model what the case is about.
pub type Answer = Option<Value>;

/// What answers the cases of a file.
type Answerer = fn(&Value) -> Answer;

/// Files and what answers their cases.
const GROUPS: [(&str, Answerer); 13] = [
    ("backoff.json", backoff::answer),
    ("deployment_fenceposts.json", deployments::fenceposts),
    ("deployment_progress.json", deployments::progress),
    ("deployment_rolling.json", deployments::rolling),
    ("deployment_scaling.json", deployments::scaling),
    ("node_zones.json", nodes::zones),
    ("replicaset.json", replica_sets::answer),
    ("scheduler_nodes_to_score.json", scheduling::nodes_to_score),
    ("scheduler_resources.json", scheduling::resources),
    ("scheduler_taints_normalize.json", scheduling::taints),
    ("taint_eviction.json", nodes::eviction),
    ("topology_spread_filter.json", scheduling::spread_filter),
    ("topology_spread_score.json", scheduling::spread_score),
];

#[test]
fn the_model_agrees_with_upstream() {
    let failures: usize = GROUPS.iter().map(|(file, answer)| run(&folder().join(file), *answer)).sum();
    assert_eq!(failures, 0, "cases failed: see above");
}

fn folder() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/cases");
    std::env::var_os("CONFORMANCE_CASES").map_or(own, PathBuf::from)
}

/// Runs the cases of a file; prints what came of them and returns how many failed.
fn run(file: &Path, answer: Answerer) -> usize {
    let group = read(file);
    let cases = group["cases"].as_array().expect("a list of cases");
    let results: Vec<Result<bool, String>> = cases.iter().map(|case| check(case, answer(case))).collect();
    let passed = results.iter().filter(|result| **result == Ok(true)).count();
    let skipped = results.iter().filter(|result| **result == Ok(false)).count();
    let note = if skipped > 0 { format!(", {skipped} not modelled") } else { String::new() };
    println!("{:<28} {passed}/{}{note}", group["group"].as_str().unwrap_or("?"), cases.len());
    let failures = results.iter().filter_map(|result| result.as_ref().err());
    failures.inspect(|failure| println!("    {failure}")).count()
}

fn read(file: &Path) -> Value {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// `Ok(false)` if there is no answer.
fn check(case: &Value, answer: Answer) -> Result<bool, String> {
    let Some(answer) = answer else { return Ok(false) };
    let expected = expectations(case);
    assert!(!expected.is_empty(), "a case expects something: {case}");
    let differs = |(field, value): &(&String, &Value)| !same(value, &answer[field.as_str()]);
    match expected.iter().find(differs) {
        None => Ok(true),
        Some((field, value)) => {
            Err(format!("{}: {field} is {}, expected {value}", case["case"], answer[field.as_str()]))
        }
    }
}

fn expectations(case: &Value) -> Map<String, Value> {
    let fields = case.as_object().expect("a case is an object").iter();
    fields.filter(|(field, _)| field.starts_with("expect")).map(|(f, v)| (f.clone(), v.clone())).collect()
}

/// Whole numbers may be written as floats.
fn same(expected: &Value, actual: &Value) -> bool {
    match (expected.as_f64(), actual.as_f64()) {
        (Some(expected), Some(actual)) => (expected - actual).abs() < 1e-12,
        _ => expected == actual,
    }
}

/// A field that is a number, 0 if it is left out or null.
pub fn number(value: &Value, field: &str) -> u32 {
    u32::try_from(value[field].as_u64().unwrap_or(0)).expect("a small number")
}

/// The elements of a field that is a list.
pub fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}
