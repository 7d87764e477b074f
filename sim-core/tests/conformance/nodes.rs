//! States of zones, and eviction by taints.

use serde_json::{Map, Value, json};
use sim_core::controllers::eviction_delay::EvictionDelay;
use sim_core::controllers::zone_state::{Zone, ZoneState};
use sim_core::spec::{Taint, TaintEffect, Timing, Toleration};
use sim_core::time::{Instant, Span};

use crate::Answer;
use crate::fields::{flag, list, number, seconds};

pub fn zones(case: &Value) -> Answer {
    match case["fn"].as_str()? {
        "two_passes" => {
            let threshold = (case["unhealthy_threshold"].as_f64()? * 1000.0).round() as u32;
            let states = |pass: &str| states(case[pass].as_object().expect("zones"), threshold);
            Some(json!({ "expect_first": states("first_pass"), "expect_second": states("second_pass") }))
        }
        "taint_rate" => Some(json!({ "expect_nodes_per_second": rate(case)? })),
        _ => None,
    }
}

pub fn eviction(case: &Value) -> Answer {
    match case["fn"].as_str()? {
        "delay" => {
            let taints =
                if case["bound_node"] == "" { Vec::new() } else { taints(case, "node_noexecute_taints") };
            let tolerations = list(case, "tolerations");
            let tolerations: Vec<_> =
                tolerations.iter().map(|t| toleration(&t["taint"], t["seconds"].as_u64())).collect();
            let delay = match EvictionDelay::of(&taints, &tolerations) {
                EvictionDelay::AtOnce => json!(0),
                EvictionDelay::After(delay) => json!(delay.as_secs_f64()),
                EvictionDelay::Never => {
                    if taints.is_empty() {
                        Value::Null
                    } else {
                        json!("never")
                    }
                }
            };
            Some(json!({ "expect_delete_after_s": delay }))
        }
        "sequence" => Some(json!({ "expect": sequence(list(case, "steps")) })),
        _ => None,
    }
}

fn states(zones: &Map<String, Value>, threshold: u32) -> Value {
    let count = |nodes: &Value, state: &str| {
        nodes.as_array().expect("nodes").iter().filter(|node| **node == state).count() as u32
    };
    let state = |nodes: &Value| {
        Zone { ready: count(nodes, "ready"), not_ready: count(nodes, "not-ready") }.state(threshold)
    };
    let named = |(zone, nodes): (&String, &Value)| (zone.clone(), json!(format!("{:?}", state(nodes))));
    Value::Object(zones.iter().map(named).collect())
}

fn rate(case: &Value) -> Option<f64> {
    let gap = |field: &str| Some(Span::from_secs_f64(1.0 / case[field].as_f64()?));
    let timing = Timing {
        eviction_gap: gap("eviction_rate")?,
        secondary_eviction_gap: gap("secondary_rate")?,
        large_cluster_size_threshold: number(case, "large_cluster_threshold"),
        ..Timing::for_kubernetes(34)
    };
    let state = match case["state"].as_str()? {
        "Normal" => ZoneState::Normal,
        "PartialDisruption" => ZoneState::PartialDisruption,
        _ => ZoneState::FullDisruption,
    };
    let zone = Zone { ready: 0, not_ready: number(case, "zone_size") };
    let gap = zone.taint_gap(state, flag(case, "all_zones_fully_disrupted"), &timing);
    Some(gap.map_or(0.0, |gap| 1.0 / gap.as_secs_f64()))
}

/// Plays the steps for every pod of the case and says in a phrase what became of them.
fn sequence(steps: &[Value]) -> String {
    let pods = steps.iter().find_map(|step| step["pods"].as_object());
    let Some(pods) = pods else {
        let tolerations = steps.iter().map(|step| list(step, "tolerations")).find(|list| !list.is_empty());
        return match deleted_at(steps, tolerations.unwrap_or(&[])) {
            Some(second) => format!("deleted at {second}s"),
            None => "not deleted".to_owned(),
        };
    };
    let phrase = |(index, (name, tolerations)): (usize, (&String, &Value))| {
        let tolerations = tolerations.as_array().expect("tolerations");
        match deleted_at(steps, tolerations) {
            Some(second) if index == 0 => format!("{name} deleted at {second}s"),
            Some(second) => format!("{name} at {second}s"),
            None => format!("{name} never"),
        }
    };
    pods.iter().enumerate().map(phrase).collect::<Vec<_>>().join(", ")
}

fn deleted_at(steps: &[Value], tolerations: &[Value]) -> Option<f64> {
    let tolerations: Vec<_> = tolerations.iter().map(|t| toleration(&t[0], t[1].as_u64())).collect();
    let mut planned: Option<Instant> = None;
    for step in steps {
        let now = Instant::ZERO + seconds(step, "at_s").unwrap_or(Span::ZERO);
        if planned.is_some_and(|planned| planned < now) {
            break;
        }
        planned = EvictionDelay::of(&taints(step, "taints"), &tolerations).replan(planned, now);
    }
    planned.map(Instant::as_secs_f64)
}

fn taints(value: &Value, field: &str) -> Vec<Taint> {
    let taint = |key: &Value| Taint { key: text(key), value: String::new(), effect: TaintEffect::NoExecute };
    list(value, field).iter().map(taint).collect()
}

fn toleration(key: &Value, seconds: Option<u64>) -> Toleration {
    Toleration { key: Some(text(key)), value: None, effect: Some(TaintEffect::NoExecute), seconds }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a name").to_owned()
}
