//! The HorizontalPodAutoscaler: whose samples count, what a metric asks for, and how far a step may go.

use serde_json::{Value, json};
use sim_core::controllers::horizontal_autoscaler::{behavior::*, grouping::*, history::*, replicas::*, *};
use sim_core::time::Span;
use sim_core::world::api::PodPhase;

use crate::Answer;
use crate::fields::{NOW, ago, amount, flag, list, number, number_or, seconds, word};

pub fn behavior(case: &Value) -> Answer {
    let current = number(case, "currentReplicas");
    let desired = number(case, "recommended");
    let bounds = Bounds { min: number_or(case, "minReplicas", 1), max: number(case, "maxReplicas") };
    let reasoned = |(replicas, limit): (u32, Limit)| json!({ "expect_replicas": replicas, "expect_reason": format!("{limit:?}") });
    let behavior = Behavior {
        up: rules(&case["scaleUp"], ScalingRules::up()),
        down: rules(&case["scaleDown"], ScalingRules::down()),
    };
    let history = steps(case, &behavior);
    Some(match word(case, "fn") {
        "policies" => reasoned(limit(&behavior, bounds, current, desired, &history, NOW)),
        "limits_without_behavior" => reasoned(limit_without_behavior(bounds, current, desired)),
        "up_limit" => {
            json!({ "expect": rules(case, ScalingRules::up()).up_limit(current, &history, NOW) })
        }
        "down_limit" => {
            json!({ "expect": rules(case, ScalingRules::down()).down_limit(current, &history, NOW) })
        }
        "stabilize_down" => stabilized(case, desired),
        _ => return None,
    })
}

pub fn grouping(case: &Value) -> Answer {
    let pod = &case["pod"];
    let condition =
        |holds| ReadyCondition { holds, since: ago(pod, "ready_changed_s_ago").unwrap_or_default() };
    let view = PodView {
        terminating: flag(pod, "terminating") || flag(pod, "deleted"),
        phase: phase(word(pod, "phase")),
        started: ago(pod, "started_s_ago"),
        ready: pod["ready"].as_bool().map(condition),
    };
    let sample = (!case["sample"].is_null()).then(|| Sample {
        taken: ago(&case["sample"], "age_s").unwrap_or_default(),
        window: seconds(&case["sample"], "window_s").unwrap_or_default(),
    });
    let rules = CpuRules::default();
    let rules = CpuRules {
        initialization_period: seconds(case, "cpu_initialization_period_s")
            .unwrap_or(rules.initialization_period),
        initial_readiness_delay: seconds(case, "initial_readiness_delay_s")
            .unwrap_or(rules.initial_readiness_delay),
    };
    let said = match group(&view, sample, (case["resource"] == "cpu").then_some(rules), NOW) {
        Group::Counted => "ready",
        Group::Unready => "ignored",
        Group::Missing => "missing",
        Group::Skipped | Group::Unlisted => "skip",
    };
    Some(json!({ "expect": said }))
}

pub fn replicas(case: &Value) -> Answer {
    let current = number(case, "currentReplicas");
    let tolerances = tolerances(case);
    let target = || amount(case, "target_milli").expect("`target_milli`");
    let value = || amount(case, "value_milli").expect("`value_milli`");
    Some(match word(case, "fn") {
        "resource_utilization" => {
            let pods: Vec<PodMetric> = list(case, "pods").iter().map(pod_metric).collect();
            utilized(by_utilization(&pods, number(case, "target_percent"), current, tolerances))
        }
        "resource_utilization_superfluous" => {
            let pods = superfluous(case);
            utilized(by_utilization(&pods, number(case, "target_percent"), current, tolerances))
        }
        "pods_average_value" => {
            let pods: Vec<PodMetric> = list(case, "values_milli").iter().map(value_metric).collect();
            averaged(by_pod_average(&pods, target(), current, tolerances))
        }
        "object_value" | "external_value" => {
            let ready = number(case, "ready_running_pods");
            json!({ "expect_replicas": by_value(value(), target(), ready, current, tolerances) })
        }
        "object_average_value" | "external_average_value" => {
            let target = amount(case, "target_average_milli").expect("`target_average_milli`");
            averaged(Ok(by_average_value(value(), target, number(case, "statusReplicas"), tolerances)))
        }
        _ => return None,
    })
}

fn rules(rules: &Value, default: ScalingRules) -> ScalingRules {
    let select = match word_if_object(rules, "select") {
        "Min" => Select::Min,
        "Disabled" => Select::Disabled,
        _ => Select::Max,
    };
    let policies: Vec<Policy> = list(rules, "policies").iter().map(policy).collect();
    let stabilization = seconds(rules, "stabilizationWindowSeconds").unwrap_or(default.stabilization);
    ScalingRules {
        stabilization,
        select,
        policies: if policies.is_empty() { default.policies } else { policies },
    }
}

/// `"default"` instead of rules has no fields.
fn word_if_object<'a>(rules: &'a Value, field: &str) -> &'a str {
    if rules.is_object() { word(rules, field) } else { "" }
}

fn policy(policy: &Value) -> Policy {
    let kind = match word(policy, "type") {
        "Pods" => PolicyKind::Pods,
        "Percent" => PolicyKind::Percent,
        other => panic!("`type` of a policy is {other}"),
    };
    Policy {
        kind,
        value: number(policy, "value"),
        period: seconds(policy, "period").expect("a policy's `period`"),
    }
}

/// The steps that the case says were taken, the oldest first.
fn steps(case: &Value, behavior: &Behavior) -> History {
    let events = |field: &'static str| {
        let event =
            |event: &Value| (ago(event, "age_s").expect("an event's `age_s`"), number(event, "change"));
        let mut events: Vec<_> = list(case, field).iter().map(event).collect();
        events.sort_unstable();
        events
    };
    let mut history = History::default();
    for (at, change) in events("recent_up_events") {
        history.scaled(behavior, 0, change, at);
    }
    for (at, change) in events("recent_down_events") {
        history.scaled(behavior, change, 0, at);
    }
    history
}

fn stabilized(case: &Value, desired: u32) -> Value {
    let mut history = History::default();
    for entry in list(case, "history") {
        history.recommend(number(entry, "replicas"), ago(entry, "age_s").expect("an entry's `age_s`"));
    }
    let window = seconds(case, "window_s").unwrap_or(Span::mins(5));
    let replicas = history.stabilize_down(window, desired, NOW);
    json!({ "expect_replicas": replicas, "expect_history_length": history.len() })
}

fn phase(name: &str) -> PodPhase {
    match name {
        "Pending" => PodPhase::Pending,
        "Failed" => PodPhase::Failed,
        "Succeeded" => PodPhase::Succeeded,
        _ => PodPhase::Running,
    }
}

fn tolerances(case: &Value) -> Tolerances {
    case["tolerance"].as_f64().map_or_else(Tolerances::default, |both| Tolerances { down: both, up: both })
}

fn pod_metric(pod: &Value) -> PodMetric {
    let usage = amount(pod, "usage_m");
    let group = match (word(pod, "state"), usage) {
        ("skip", _) => Group::Skipped,
        ("ignored", _) => Group::Unready,
        ("missing", _) | ("counted" | "", None) => Group::Missing,
        ("counted" | "", Some(_)) => Group::Counted,
        (other, _) => panic!("`state` of a pod is {other}"),
    };
    PodMetric { group, usage: usage.unwrap_or(0), request: amount(pod, "request_m") }
}

fn value_metric(value: &Value) -> PodMetric {
    let group = if value.is_null() { Group::Missing } else { Group::Counted };
    PodMetric { group, usage: value.as_u64().unwrap_or(0), request: None }
}

/// Known pods have the first samples; the rest belong to nobody.
fn superfluous(case: &Value) -> Vec<PodMetric> {
    let (known, request) = (number(case, "known_pods") as usize, amount(case, "request_m_each"));
    let samples = list(case, "samples_m");
    let pod = |index: usize| {
        let group = match index {
            _ if index >= known => Group::Unlisted,
            _ if index >= samples.len() => Group::Missing,
            _ => Group::Counted,
        };
        PodMetric { group, usage: samples.get(index).and_then(Value::as_u64).unwrap_or(0), request }
    };
    (0..known.max(samples.len())).map(pod).collect()
}

fn utilized(proposal: Result<Proposal, MetricError>) -> Value {
    match proposal {
        Ok(Proposal { replicas, shown }) => {
            json!({ "expect_replicas": replicas, "expect_utilization_percent": shown })
        }
        Err(error) => json!({ "expect_error": error.to_string() }),
    }
}

fn averaged(proposal: Result<Proposal, MetricError>) -> Value {
    match proposal {
        Ok(Proposal { replicas, shown }) => {
            json!({ "expect_replicas": replicas, "expect_average_milli": shown })
        }
        Err(error) => json!({ "expect_error": error.to_string() }),
    }
}
