//! Disruption budgets and the Eviction API.

use serde_json::{Value, json};
use sim_core::controllers::disruption::{BudgetStatus, Tally, status};
use sim_core::controllers::eviction_api::{CoveringBudget, Target, Verdict, decide};
use sim_core::spec::{Budget, UnhealthyPods};
use sim_core::world::api::PodPhase;

use crate::Answer;
use crate::fields::{flag, int_or_percent, number, number_or, word};

pub fn budget(case: &Value) -> Answer {
    let tally = Tally {
        pods: number(case, "matching_pods"),
        healthy: number(case, "healthy_pods"),
        scale: number(case, "sum_of_controller_scales"),
    };
    let status = status(parse(&case["budget"]), tally);
    Some(json!({ "expect": {
        "disruptionsAllowed": status.disruptions_allowed,
        "currentHealthy": status.current_healthy,
        "desiredHealthy": status.desired_healthy,
        "expectedPods": status.expected_pods,
    }}))
}

pub fn eviction(case: &Value) -> Answer {
    let pod = &case["pod"];
    // "Pending->Running": the deletion asked for the pod as it was read, so it is decided again on what it became.
    let phase = match word(pod, "phase").rsplit("->").next() {
        Some("Pending") => PodPhase::Pending,
        Some("Succeeded") => PodPhase::Succeeded,
        Some("Failed") => PodPhase::Failed,
        _ => PodPhase::Running,
    };
    let target = Target { phase, ready: flag(pod, "ready"), terminating: flag(pod, "terminating") };
    let budgets = vec![covering(&case["budget"]); number_or(case, "matching_budgets", 1) as usize];
    let said = match decide(target, &budgets) {
        Verdict::Deleted => "deleted",
        Verdict::DeletedAndDecremented => "deleted_and_budget_decremented",
        Verdict::TooManyRequests => "refused429",
        Verdict::Forbidden => "refused403",
        Verdict::Unsupported => "error500",
    };
    Some(json!({ "expect": said }))
}

fn parse(budget: &Value) -> Option<Budget> {
    let part = |field: &str| {
        let part = &budget[field];
        let parsed = || int_or_percent(part).unwrap_or_else(|| panic!("`{field}` is {part}"));
        (!part.is_null()).then(parsed)
    };
    part("maxUnavailable")
        .map(Budget::MaxUnavailable)
        .or_else(|| part("minAvailable").map(Budget::MinAvailable))
}

fn covering(budget: &Value) -> CoveringBudget {
    let status = BudgetStatus {
        disruptions_allowed: number(budget, "disruptionsAllowed"),
        current_healthy: number(budget, "currentHealthy"),
        desired_healthy: number(budget, "desiredHealthy"),
        expected_pods: number(budget, "expectedPods"),
    };
    let always = word(budget, "unhealthyPodEvictionPolicy").starts_with("AlwaysAllow");
    CoveringBudget {
        status,
        unhealthy_pods: if always { UnhealthyPods::AlwaysAllow } else { UnhealthyPods::IfHealthyBudget },
        is_stale: number(budget, "observedGeneration") < number(budget, "generation"),
        disrupted_pods: number(budget, "disruptedPods") as usize,
    }
}
