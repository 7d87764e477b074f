//! Which node preemption takes, and on which it is tried.

use serde_json::{Value, json};
use sim_core::controllers::scheduler::Reason;
use sim_core::controllers::scheduler::preemption::{Victims, might_help, pick};
use sim_core::time::Instant;

use crate::Answer;
use crate::fields::{list, number, word};

pub fn answer(case: &Value) -> Answer {
    match word(case, "fn") {
        "pick_node" => picked(case),
        "might_help" => {
            let helps = |node: &&Value| might_help_on(&case["rejections"][node.as_str().unwrap_or_default()]);
            let nodes: Vec<&Value> = list(case, "all_nodes").iter().filter(helps).collect();
            Some(json!({ "expect_nodes": nodes }))
        }
        _ => None,
    }
}

/// Several nodes may be as good: the list of them is the answer if the one that was picked is in it.
fn picked(case: &Value) -> Answer {
    let nodes = case["victims_priorities"].as_object()?;
    let victims = |(name, priorities): (&String, &Value)| {
        let priority = |value: &Value| i32::try_from(value.as_i64().expect("a priority")).expect("32 bits");
        let priorities = priorities.as_array().expect("a list of priorities").iter().map(priority);
        Victims {
            ranks: priorities.map(|priority| (priority, Instant::ZERO)).collect(),
            budget_violations: number(&case["pdb_violations"], name),
            ..Victims::default()
        }
    };
    let candidates: Vec<Victims> = nodes.iter().map(victims).collect();
    let name = nodes.keys().nth(pick(&candidates)?)?;
    let is_listed = list(case, "expect_any_of").iter().any(|listed| listed == name);
    Some(json!({ "expect_any_of": if is_listed { case["expect_any_of"].clone() } else { json!([name]) } }))
}

fn might_help_on(rejection: &Value) -> bool {
    match rejection {
        Value::Null => might_help(None),
        Value::Array(several) => several.iter().all(might_help_on),
        one => might_help(Some(reason(one.as_str().expect("a reason")))),
    }
}

/// What the model calls a rejection. Volumes and pressure reject for what stays or goes like the reason named here.
fn reason(text: &str) -> Reason {
    let text = text.to_lowercase();
    let says = |word: &str| text.contains(word);
    match () {
        // Affinity and anti-affinity in one, as ErrPodAffinityNotMatch was: docs/decisions/0010-cases-and-upstream.md.
        () if text == "pod affinity rules" || says("anti-affinity") => Reason::PodAntiAffinity,
        () if says("taint") || says("pressure") || says("not ready") || says("condition") => Reason::Taint,
        () if says("network") => Reason::Taint,
        () if says("selector") || says("node affinity") || says("node label") => Reason::NodeAffinity,
        () if (says("volume") && !says("count")) || says("disk") => Reason::NodeAffinity,
        () if says("host name") || says("node name") => Reason::NodeName,
        () if says("node unschedulable") => Reason::Unschedulable,
        () if says("port") || says("volume") => Reason::HostPort,
        () if says("too many pods") => Reason::TooManyPods,
        () if says("cpu") => Reason::InsufficientCpu,
        () if says("memory") => Reason::InsufficientMemory,
        () if says("insufficient") => Reason::InsufficientExtended,
        () if says("spread") && says("label") => Reason::SpreadLabel,
        () if says("spread") => Reason::SpreadSkew,
        () if says("affinity") => Reason::PodAffinity,
        () => panic!("there is no rejection {text:?}"),
    }
}
