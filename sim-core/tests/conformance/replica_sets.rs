//! Whom a ReplicaSet deletes, and in which batches it creates.

use serde_json::{Value, json};
use sim_core::controllers::ranking::{
    Candidate, Phase, choose, co_location_ranks, compare, slow_start_batches,
};
use sim_core::ids::NodeId;
use sim_core::time::Span;

use crate::Answer;
use crate::fields::{list, number};

pub fn answer(case: &Value) -> Answer {
    match case["fn"].as_str()? {
        "less" => Some(less(case)),
        "sort" => Some(sort(case)),
        "choose" => Some(chosen(case)),
        "slow_start" => Some(slow_start(case)),
        _ => None,
    }
}

fn less(case: &Value) -> Value {
    let pod = |field: &str| {
        let mut pod = candidate(&case[field]);
        if case["deletion_cost_enabled"] == false {
            pod.deletion_cost = 0;
        }
        pod
    };
    let order = compare(&pod("a"), &pod("b"));
    json!({ "expect": if order.is_lt() { "a_first" } else if order.is_eq() { "tie" } else { "b_first" } })
}

/// Sorts the listed pods from the reverse order.
fn sort(case: &Value) -> Value {
    let mut pods: Vec<Candidate> = list(case, "pods_in_expected_order").iter().map(candidate).collect();
    let expected = pods.clone();
    pods.reverse();
    let chosen: Vec<Candidate> = choose(&pods, pods.len() - 1).into_iter().map(|index| pods[index]).collect();
    let in_order = chosen == expected[..expected.len() - 1];
    json!({ "expect": if in_order { "listed order is deletion order" } else { "another order" } })
}

fn chosen(case: &Value) -> Value {
    let pods = list(case, "pods");
    let mut names: Vec<&str> = pods.iter().filter_map(|pod| pod["node"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let node = |pod: &Value| {
        let name = pod["node"].as_str().filter(|name| !name.is_empty())?;
        Some(NodeId::from(names.iter().position(|other| *other == name)?))
    };
    let named = |name: &Value| pods.iter().find(|pod| pod["name"] == *name).expect("a pod of the case");
    let nodes: Vec<_> = pods.iter().map(node).collect();
    let related: Vec<_> = list(case, "related_pods").iter().map(|name| node(named(name))).collect();
    let ranks = co_location_ranks(&nodes, &related);
    let candidates: Vec<Candidate> =
        pods.iter().zip(ranks).map(|(pod, rank)| Candidate { rank, ..candidate(pod) }).collect();
    let chosen = choose(&candidates, number(case, "count") as usize);
    json!({ "expect": chosen.into_iter().map(|index| &pods[index]["name"]).collect::<Vec<_>>() })
}

fn slow_start(case: &Value) -> Value {
    let succeed = number(case, "first_n_calls_succeed");
    let mut calls = 0;
    for batch in slow_start_batches(number(case, "wanted"), number(case, "initial_batch")) {
        calls += batch;
        if calls > succeed {
            break;
        }
    }
    json!({ "expect_successes": calls.min(succeed), "expect_calls": calls, "expect_error": calls > succeed })
}

fn candidate(pod: &Value) -> Candidate {
    Candidate {
        bound: pod["node"] != "",
        phase: match pod["phase"].as_str() {
            Some("Running") => Phase::Running,
            Some("Unknown") => Phase::Unknown,
            _ => Phase::Pending,
        },
        ready: pod["ready"] == true,
        deletion_cost: pod["cost"].as_i64().unwrap_or(0) as i32,
        rank: number(pod, "rank"),
        ready_age: pod["ready_age_s"].as_u64().map(Span::secs),
        restarts: number(pod, "restarts"),
        age: pod["age_s"].as_u64().map(Span::secs),
        uid: 0,
    }
}
