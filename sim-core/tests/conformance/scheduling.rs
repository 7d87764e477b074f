//! Filters and scores of kube-scheduler, on clusters made from the cases.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use sim_core::controllers::scheduler::*;
use sim_core::ids::{NodeId, TemplateId};
use sim_core::spec::{Labels, Scenario, Selector, Taint, TaintEffect, Toleration, WorkloadKind};

use crate::Answer;
use crate::common::*;
use crate::fields::{amount, list, number};

pub fn nodes_to_score(case: &Value) -> Answer {
    let percentage = number(case, "percentageOfNodesToScore") as usize;
    let count = feasible_nodes_to_find(number(case, "nodes") as usize, percentage);
    Some(json!({ "expect_feasible_nodes_to_find": count }))
}

pub fn resources(case: &Value) -> Answer {
    let answer: fn(&Value, &Value) -> u32 = match case["fn"].as_str()? {
        "least_allocated" => least_score,
        "balanced_allocation" if asks_for_nothing(case) => {
            return Some(json!({ "expect": if is_balance_skipped() { "skipped" } else { "scored" } }));
        }
        "balanced_allocation" => balanced_score,
        _ => return None,
    };
    let nodes = case["nodes"].as_object()?.iter();
    let scores = nodes.map(|(name, node)| (name.clone(), json!(answer(case, node))));
    Some(json!({ "expect": scores.collect::<Map<_, _>>() }))
}

pub fn taints(case: &Value) -> Answer {
    match case["fn"].as_str()? {
        "normalize" => {
            let scores: Vec<i64> = list(case, "scores").iter().filter_map(Value::as_i64).collect();
            let highest = *scores.iter().max()?;
            let reverse = case["reverse"] == true;
            let normalized: Vec<u32> =
                scores.iter().map(|score| normalize(*score, highest, reverse)).collect();
            Some(json!({ "expect": normalized }))
        }
        "taint_score" => Some(json!({ "expect": taint_scores(case) })),
        "taint_filter" => Some(json!({ "expect": taint_filter(case) })),
        _ => None,
    }
}

pub fn spread_filter(case: &Value) -> Answer {
    let mut scenario = scenario();
    let names = add_nodes(&mut scenario, case["nodes"].as_object()?, &case["node_affinity_allows"]);
    let mut pod = template(flags(list(case, "pod_labels")));
    if !case["node_affinity_allows"].is_null() {
        pod.node_selector = has_label("allowed");
    }
    pod.spread = list(case, "constraints").iter().map(|c| spread_constraint(c, "key", true)).collect();
    let pod = add_template(&mut scenario, pod, WorkloadKind::Pod);
    let existing: Vec<TemplateId> = list(case, "existing_pods")
        .iter()
        .map(|other| {
            let mut other_pod = template(flags(list(other, "labels")));
            other_pod.namespace = other["ns"].as_str().unwrap_or("default").to_owned();
            add_template(&mut scenario, other_pod, WorkloadKind::Pod)
        })
        .collect();
    let mut scheduler = scheduler(&scenario);
    for (template, other) in existing.into_iter().zip(list(case, "existing_pods")) {
        let node = node(&names, other["node"].as_str()?);
        scheduler.assume(template, 0, node);
        if other["terminating"] == true {
            scheduler.pod_terminating(template, 0, node);
        }
    }
    let verdict = |name: &&String| {
        let verdict = match scheduler.rejection(pod, 0, node(&names, name)) {
            None => "ok",
            Some(Reason::NodeAffinity) => "rejected by node affinity elsewhere",
            Some(reason) if reason.is_resolvable() => "unschedulable",
            Some(_) => "unresolvable",
        };
        json!(verdict)
    };
    let asked: Vec<&String> = case["expect"].as_object()?.keys().collect();
    let verdicts: Vec<Value> = asked.iter().map(verdict).collect();
    Some(json!({ "expect": asked.into_iter().cloned().zip(verdicts).collect::<Map<_, _>>() }))
}

pub fn spread_score(case: &Value) -> Answer {
    let mut scenario = scenario();
    let names = add_nodes(&mut scenario, case["all_nodes"].as_object()?, &Value::Null);
    let mut pod = template([("app", "")]);
    // The built-in defaults are those of a pod without constraints, which has an owner.
    if !case["case"].as_str()?.starts_with("built-in defaults") {
        pod.spread = list(case, "constraints").iter().map(|c| spread_constraint(c, "key", false)).collect();
    }
    let pod = add_template(&mut scenario, pod, WorkloadKind::ReplicaSet);
    let mut scheduler = scheduler(&scenario);
    for (name, count) in case["matching_pods_per_node"].as_object()? {
        (0..count.as_u64()?).for_each(|_| scheduler.assume(pod, 0, node(&names, name)));
    }
    for name in names.iter().filter(|name| !list(case, "candidate_nodes").contains(&json!(name))) {
        scheduler.set_taints(node(&names, name), NodeTaints::UNREACHABLE);
    }
    let plugin = Plugin::ALL.iter().position(|plugin| *plugin == Plugin::PodTopologySpread)?;
    let score =
        |candidate: Explanation| (names[candidate.node.index()].clone(), json!(candidate.scores[plugin]));
    Some(json!({ "expect": scheduler.explain(pod, 0).into_iter().map(score).collect::<Map<_, _>>() }))
}

fn least_score(case: &Value, node: &Value) -> u32 {
    let default = json!({ "cpu": 1, "memory": 1 });
    let weights = case["resource_weights"].as_object().or(default.as_object()).expect("weights");
    let weighted = |(resource, weight): (&String, &Value)| {
        let (requested, capacity) = in_use(case, node, resource);
        (requested, capacity, weight.as_u64().expect("a weight") as u32)
    };
    least_allocated(&weights.iter().map(weighted).collect::<Vec<_>>())
}

fn balanced_score(case: &Value, node: &Value) -> u32 {
    let shares: Vec<_> = resource_names(case).into_iter().map(|name| in_use(case, node, name)).collect();
    balanced_allocation(&shares)
}

/// What is requested of a resource with the pod, and the node's capacity.
fn in_use(case: &Value, node: &Value, resource: &str) -> (u64, u64) {
    let of = |amounts: &Value| amount(amounts, resource).unwrap_or(0);
    (of(&node["used"]) + of(&case["pod_request"]), of(&node["cap"]))
}

fn asks_for_nothing(case: &Value) -> bool {
    resource_names(case).into_iter().all(|name| amount(&case["pod_request"], name).unwrap_or(0) == 0)
}

fn resource_names(case: &Value) -> Vec<&str> {
    let listed: Vec<&str> = list(case, "resources").iter().filter_map(Value::as_str).collect();
    if listed.is_empty() { vec!["cpu", "memory"] } else { listed }
}

/// Whether a pod that asks for nothing gets no score for balance, wherever it goes.
fn is_balance_skipped() -> bool {
    let mut scenario = scenario();
    add_node_in_zone(&mut scenario, "n1", "a");
    add_node_in_zone(&mut scenario, "n2", "a");
    let pod = add_template(&mut scenario, template([("app", "")]), WorkloadKind::Pod);
    let plugin =
        Plugin::ALL.iter().position(|plugin| *plugin == Plugin::BalancedAllocation).expect("a plugin");
    scheduler(&scenario).explain(pod, 0).iter().all(|candidate| candidate.scores[plugin] == 0)
}

fn taint_scores(case: &Value) -> Vec<u32> {
    let mut scenario = scenario();
    let counts = list(case, "untolerated_PreferNoSchedule_taints_per_node");
    for (index, count) in counts.iter().enumerate() {
        add_node_in_zone(&mut scenario, &format!("n{index}"), "a");
        let taint = |number| Taint {
            key: format!("t{number}"),
            value: String::new(),
            effect: TaintEffect::PreferNoSchedule,
        };
        scenario.cluster.nodes[index].taints = (0..count.as_u64().unwrap_or(0)).map(taint).collect();
    }
    let pod = add_template(&mut scenario, template([("app", "")]), WorkloadKind::Pod);
    let candidates = scheduler(&scenario).explain(pod, 0);
    candidates.iter().map(|candidate| candidate.scores[0]).collect()
}

fn taint_filter(case: &Value) -> &'static str {
    let mut scenario = scenario();
    add_node_in_zone(&mut scenario, "n", "a");
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let taint = |taint: &Value| Taint {
        key: text(&taint["key"]),
        value: text(&taint["value"]),
        effect: effect(&taint["effect"]).expect("a taint has an effect"),
    };
    let toleration = |toleration: &Value| Toleration {
        key: toleration["key"].as_str().filter(|key| !key.is_empty()).map(str::to_owned),
        value: (toleration["op"] != "Exists").then(|| text(&toleration["value"])),
        effect: effect(&toleration["effect"]),
        seconds: None,
    };
    scenario.cluster.nodes[0].taints = list(case, "taints").iter().map(taint).collect();
    let mut pod = template([("app", "")]);
    pod.tolerations = list(case, "tolerations").iter().map(toleration).collect();
    let pod = add_template(&mut scenario, pod, WorkloadKind::Pod);
    match scheduler(&scenario).rejection(pod, 0, NodeId(0)) {
        None => "feasible",
        Some(reason) if reason.is_resolvable() => "unschedulable",
        Some(_) => "unresolvable",
    }
}

fn effect(value: &Value) -> Option<TaintEffect> {
    match value.as_str()? {
        "NoSchedule" => Some(TaintEffect::NoSchedule),
        "PreferNoSchedule" => Some(TaintEffect::PreferNoSchedule),
        "NoExecute" => Some(TaintEffect::NoExecute),
        "" => None,
        other => panic!("there is no effect {other} of a taint"),
    }
}

fn scheduler(scenario: &Scenario) -> Scheduler {
    Scheduler::new(Arc::new(Tables::new(scenario)))
}

/// Adds the nodes of a case; a node that the pod's affinity allows gets a label that says so.
fn add_nodes(scenario: &mut Scenario, nodes: &Map<String, Value>, allowed: &Value) -> Vec<String> {
    for (name, labels) in nodes {
        let labels = labels.as_object().expect("labels").iter();
        let mut all: Labels = labels
            .map(|(key, value)| (label_key(key).to_owned(), value.as_str().unwrap_or("").to_owned()))
            .collect();
        if allowed.as_array().is_some_and(|allowed| allowed.contains(&json!(name))) {
            all.set("allowed".to_owned(), String::new());
        }
        add_node(scenario, name, all.iter());
    }
    nodes.keys().cloned().collect()
}

/// The cases' short names of the two keys that upstream knows.
fn label_key(key: &str) -> &str {
    match key {
        "host" => HOSTNAME,
        "zone" => ZONE,
        other => other,
    }
}

fn spread_constraint(case: &Value, key: &str, hard: bool) -> sim_core::spec::SpreadConstraint {
    let selector = case["label"].as_str().map_or(Selector::default(), has_label);
    let mut spread =
        constraint(label_key(case[key].as_str().expect("a key")), number(case, "maxSkew"), hard, selector);
    spread.min_domains = number(case, "minDomains").max(1);
    spread
}

fn flags(labels: &[Value]) -> impl Iterator<Item = (&str, &str)> {
    labels.iter().map(|label| (label.as_str().expect("a label"), ""))
}

fn node(names: &[String], name: &str) -> NodeId {
    names.iter().position(|other| other == name).expect("a node of the case").into()
}
