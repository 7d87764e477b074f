//! One pass of the StatefulSet controller.

use serde_json::{Value, json};
use sim_core::controllers::stateful_sets::{
    Action, PodManagement, PodView, Revision, SetView, UpdateStrategy, sync,
};
use sim_core::world::api::PodPhase;

use crate::Answer;
use crate::fields::{amount, int_or_percent, number, number_or, word};

pub fn answer(case: &Value) -> Answer {
    let pods: Vec<PodView> = case["pods"].as_object()?.iter().map(pod).collect();
    let is_current = |pod: &&PodView| pod.revision == Revision::Current && !pod.terminating;
    let set = SetView {
        replicas: number_or(case, "replicas", 1),
        start: number(case, "start"),
        current_replicas: pods.iter().filter(is_current).count() as u32,
        management: match word(case, "podManagementPolicy") {
            "Parallel" => PodManagement::Parallel,
            _ => PodManagement::OrderedReady,
        },
        update: strategy(case),
    };
    let said: Vec<String> = sync(&set, &pods).into_iter().map(phrase).collect();
    Some(json!({ "expect_actions": said }))
}

fn strategy(case: &Value) -> UpdateStrategy {
    if word(case, "updateStrategy") == "OnDelete" {
        return UpdateStrategy::OnDelete;
    }
    // 1 is the default: such a case does not say that the feature is on.
    let given = &case["maxUnavailable"];
    let max_unavailable = if *given == 1 { None } else { int_or_percent(given) };
    let partition = amount(case, "partition").map(|partition| u32::try_from(partition).expect("a partition"));
    UpdateStrategy::RollingUpdate { partition, max_unavailable }
}

fn pod((ordinal, pod): (&String, &Value)) -> PodView {
    let state = word(pod, "state");
    let phase = match state {
        "ready" | "notready" | "terminating" | "unavailable" => PodPhase::Running,
        "pending" => PodPhase::Pending,
        "failed" => PodPhase::Failed,
        "succeeded" => PodPhase::Succeeded,
        other => panic!("there is no state {other} of a pod"),
    };
    PodView {
        ordinal: ordinal.parse().expect("a pod has an ordinal"),
        phase,
        ready: matches!(state, "ready" | "terminating" | "unavailable"),
        available: matches!(state, "ready" | "terminating"),
        terminating: state == "terminating",
        revision: if word(pod, "revision") == "update" { Revision::Update } else { Revision::Current },
    }
}

fn phrase(action: Action) -> String {
    match action {
        Action::Create { ordinal, revision: Revision::Current } => {
            format!("create {ordinal} at current revision")
        }
        Action::Create { ordinal, revision: Revision::Update } => {
            format!("create {ordinal} at update revision")
        }
        Action::Delete { ordinal } => format!("delete {ordinal}"),
    }
}
