//! Rolling updates, scaling, progress and history of Deployments.

use serde_json::{Value, json};
use sim_core::controllers::progress::{Counters, ProgressReason, has_progressed, is_complete, is_timed_out};
use sim_core::controllers::rolling::*;
use sim_core::controllers::scaling::{OldSet, ScaledSet, forgotten, scale};
use sim_core::spec::{IntOrPercent, Strategy};
use sim_core::time::Span;

use crate::Answer;
use crate::fields::{int_or_percent, list, number};

pub fn fenceposts(case: &Value) -> Answer {
    if case["fn"] == "max_unavailable" {
        return Some(json!({ "expect": max_unavailable(strategy(case)?, number(case, "replicas")) }));
    }
    let parsed = amount(&case["maxSurge"]).zip(amount(&case["maxUnavailable"]));
    let posts =
        parsed.map(|(surge, unavailable)| resolve_fenceposts(surge, unavailable, number(case, "desired")));
    Some(json!({
        "expect_surge": posts.map_or(0, |posts| posts.surge),
        "expect_unavailable": posts.map_or(0, |posts| posts.unavailable),
        "expect_error": posts.is_none(),
    }))
}

pub fn progress(case: &Value) -> Answer {
    let expect = match case["fn"].as_str()? {
        "complete" => is_complete(counters(&case["status"]), number(case, "replicas")),
        "progressing" => has_progressed(counters(&case["before"]), counters(&case["after"])),
        "timed_out" => timed_out(case),
        _ => return None,
    };
    Some(json!({ "expect": expect }))
}

pub fn rolling(case: &Value) -> Answer {
    let desired = number(case, "replicas");
    let mut old = [SetSize { spec: number(case, "old_spec"), available: number(case, "old_available") }];
    let new = SetSize { spec: number(case, "new_spec"), available: number(case, "new_available") };
    match case["fn"].as_str()? {
        "reconcile_new" => {
            let size = reconcile_new(strategy(case)?, desired, old[0].spec + new.spec, new.spec);
            Some(json!({ "expect_scaled": size != new.spec, "expect_new_spec": size }))
        }
        "reconcile_old" => {
            let scaled = reconcile_old(strategy(case)?, desired, &mut old, new);
            Some(json!({ "expect_scaled": scaled, "expect_old_spec": old[0].spec }))
        }
        "cleanup_unhealthy" => {
            Some(json!({ "expect_cleaned": clean_unhealthy(&mut old, number(case, "max_cleanup")) }))
        }
        "scale_down_old" => {
            let min_available = desired - max_unavailable(strategy(case)?, desired);
            let excess = number(case, "available_total").saturating_sub(min_available);
            let scaled = drain(&mut old, excess) > 0;
            Some(json!({ "expect_scaled": scaled, "expect_old_spec": old[0].spec }))
        }
        "new_rs_size" => {
            let total = number(case, "other_sets_spec_total");
            Some(json!({ "expect_new_spec": new_set_size(strategy(case)?, desired, total, new.spec) }))
        }
        _ => None,
    }
}

pub fn scaling(case: &Value) -> Answer {
    match case["fn"].as_str()? {
        "scale" => Some(scaled(case)),
        "history_cleanup" => {
            let set = |set: &Value| OldSet {
                spec: set[0].as_u64().unwrap_or(0) as u32,
                current: set[1].as_u64().unwrap_or(0) as u32,
                is_deleting: set[2] == "deleting",
            };
            let old: Vec<OldSet> = list(case, "old_sets_spec_status").iter().map(set).collect();
            let deletions = forgotten(&old, number(case, "revisionHistoryLimit")).count();
            Some(json!({ "expect_deletions": deletions }))
        }
        _ => None,
    }
}

fn scaled(case: &Value) -> Value {
    let annotated = |set: &str| {
        let annotation = &case["annotated_max_replicas"];
        annotation.as_u64().or(annotation[set].as_u64()).expect("an annotation") as u32
    };
    let set = |spec: &Value, name: &str| ScaledSet {
        spec: spec.as_u64().expect("a size") as u32,
        max_replicas: annotated(name),
        is_new: name == "new",
        ..ScaledSet::default()
    };
    let old = list(case, "old_specs_newest_first").iter().enumerate();
    let mut sets: Vec<ScaledSet> = old.map(|(index, spec)| set(spec, &format!("old{index}"))).rev().collect();
    sets.extend((!case["new_spec"].is_null()).then(|| set(&case["new_spec"], "new")));
    scale(strategy(case).expect("a strategy"), number(case, "replicas"), &mut sets);
    let old: Vec<u32> = sets.iter().filter(|set| !set.is_new).map(|set| set.spec).rev().collect();
    json!({ "expect_new": sets.iter().find(|set| set.is_new).map(|set| set.spec), "expect_old": old })
}

fn timed_out(case: &Value) -> bool {
    let seconds = |field: &str| case[field].as_u64().map_or(Span::FOREVER, Span::secs);
    let reason = match case["progressing_reason"].as_str() {
        Some("NewReplicaSetAvailable") => ProgressReason::Finished,
        Some("ProgressDeadlineExceeded") => ProgressReason::DeadlineExceeded,
        _ => ProgressReason::Updating,
    };
    is_timed_out(
        reason,
        seconds("seconds_since_progressing_condition_update"),
        seconds("progressDeadlineSeconds"),
    )
}

fn counters(status: &Value) -> Counters {
    Counters {
        replicas: number(status, "replicas"),
        updated: number(status, "updated"),
        ready: number(status, "ready"),
        available: number(status, "available"),
    }
}

fn strategy(case: &Value) -> Option<Strategy> {
    if case["strategy"] == "Recreate" {
        return Some(Strategy::Recreate);
    }
    Some(Strategy::RollingUpdate {
        max_surge: amount(&case["maxSurge"])?,
        max_unavailable: amount(&case["maxUnavailable"])?,
    })
}

/// An `IntOrString`, 0 if it is left out; `None` where upstream reports an error.
fn amount(value: &Value) -> Option<IntOrPercent> {
    if value.is_null() { Some(IntOrPercent::Int(0)) } else { int_or_percent(value) }
}
