//! What a kubelet makes of its containers: phase of the pod, results of probes, quality of service.

use serde_json::{Value, json};
use sim_core::agents::pod_phase::{ContainerState, Containers, pod_phase};
use sim_core::agents::probe_worker::{Counter, Kind, Look, Next, Process, Sight, Verdict, Worker};
use sim_core::agents::qos::{Amounts, Bounds, QosClass, oom_score_adj, qos_class};
use sim_core::spec::{Handler, Probe, RestartPolicy};
use sim_core::time::Span;

use crate::Answer;
use crate::fields::{amount, flag, list, number_or, word};

pub fn phase(case: &Value) -> Answer {
    let states = |field: &str| list(case, field).iter().map(state).collect::<Vec<_>>();
    let (init, sidecars, apps) = (states("init_containers"), states("sidecars"), states("containers"));
    let containers = Containers {
        init: init.iter().copied(),
        sidecars: sidecars.iter().copied(),
        apps: apps.iter().copied(),
    };
    let policy = restart_policy(case).unwrap_or(RestartPolicy::Always);
    let phase = pod_phase(containers, policy, flag(case, "pod_declared_finished"));
    Some(json!({ "expect": format!("{phase:?}") }))
}

pub fn probes(case: &Value) -> Answer {
    match word(case, "fn") {
        "tick" => Some(tick(case)),
        "counting" => Some(counting(case)),
        "hold" => Some(hold(case)),
        _ => None,
    }
}

pub fn quality(case: &Value) -> Answer {
    match word(case, "fn") {
        "qos" => {
            let containers: Vec<Bounds> = list(case, "containers").iter().map(bounds).collect();
            Some(json!({ "expect": format!("{:?}", qos_class(&containers)) }))
        }
        "oom_score_adj" => {
            let class = match word(case, "qos") {
                "Guaranteed" => QosClass::Guaranteed,
                "Burstable" => QosClass::Burstable,
                "BestEffort" => QosClass::BestEffort,
                other => panic!("`qos` is {other}"),
            };
            let bytes = |field: &str| amount(case, field).unwrap_or(0);
            let is_critical = flag(case, "critical_priority");
            let adj = oom_score_adj(class, bytes("memory_request"), bytes("node_memory"), is_critical);
            Some(json!({ "expect": adj }))
        }
        _ => None,
    }
}

fn state(state: &Value) -> ContainerState {
    match state.as_str() {
        Some("absent") => ContainerState::Unreported,
        Some("wait") => ContainerState::Waiting,
        Some("run") => ContainerState::Running { started: false },
        Some("started") => ContainerState::Running { started: true },
        Some("stop0") => ContainerState::Exited(0),
        Some("stopX") => ContainerState::Exited(1),
        Some("waitT0") => ContainerState::Restarting(0),
        Some("waitTX") => ContainerState::Restarting(1),
        _ => panic!("there is no state {state} of a container"),
    }
}

fn restart_policy(case: &Value) -> Option<RestartPolicy> {
    match word(case, "restartPolicy") {
        "" => None,
        "Always" => Some(RestartPolicy::Always),
        "OnFailure" => Some(RestartPolicy::OnFailure),
        "Never" => Some(RestartPolicy::Never),
        other => panic!("`restartPolicy` is {other}"),
    }
}

fn tick(case: &Value) -> Value {
    let kind = kind(case, Kind::Readiness);
    let mut worker = Worker::new(kind, probe(case));
    // The pod of the upstream table is one that never restarts, and whose startup probe is the one that is asked.
    let restarts = restart_policy(case).unwrap_or(RestartPolicy::Never) != RestartPolicy::Never;
    let started = case["started"].as_bool().unwrap_or(kind != Kind::Startup);
    let sight =
        |process| Look::Container(Sight { id: 1, process, terminating: flag(case, "terminating"), restarts });
    let look = match word(case, "state") {
        "none" | "other" | "unrelated" | "no container" => Look::Nothing,
        "failed" | "succeeded" => Look::PodFinished,
        "waiting" => sight(Process::Waiting),
        "running" => sight(Process::Running { since: Span::ZERO, started }),
        "terminated" => sight(Process::Ended),
        other => panic!("there is no state {other} of a container"),
    };
    let outcome = match word(case, "probe_outcome") {
        "success" => Some(true),
        "failure" => Some(false),
        _ => None,
    };
    let next = worker.tick(look, || outcome);
    let result = match worker.verdict() {
        None => "unset",
        Some(Verdict::Unknown) => "unknown",
        Some(Verdict::Success) => "success",
        Some(Verdict::Failure) => "failure",
    };
    json!({ "expect_keep_probing": next == Next::GoOn, "expect_result": result })
}

fn counting(case: &Value) -> Value {
    let initial = if case["initial"] == "S" { Verdict::Success } else { Verdict::Failure };
    let (mut counter, probe) = (Counter::new(initial), probe(case));
    let mut results = String::new();
    for outcome in word(case, "outcomes").chars() {
        // An answer that is neither is an error of the prober, and does not count.
        if let Some(success) = outcome_of(outcome) {
            counter.count(success, &probe);
        }
        results.push(letter(counter.verdict()));
    }
    json!({ "expect_results": results })
}

fn hold(case: &Value) -> Value {
    let mut worker = Worker::new(kind(case, Kind::Liveness), probe(case));
    let mut id = 1;
    let mut results = Vec::new();
    for outcome in list(case, "outcomes").iter().filter_map(Value::as_str) {
        let answer = outcome.strip_prefix("new container id, ");
        id += u64::from(answer.is_some());
        let answer = answer.unwrap_or(outcome).chars().next().and_then(outcome_of);
        let process = Process::Running { since: Span::mins(1), started: true };
        worker.tick(Look::Container(Sight { id, process, terminating: false, restarts: true }), || answer);
        results.push(worker.verdict().map(|verdict| letter(verdict).to_string()));
    }
    json!({ "expect_results": results })
}

fn kind(case: &Value, default: Kind) -> Kind {
    match word(case, "probe") {
        "readiness" => Kind::Readiness,
        "liveness" => Kind::Liveness,
        "startup" => Kind::Startup,
        _ => default,
    }
}

/// Thresholds that a case leaves out are 1, as in the upstream tables.
fn probe(case: &Value) -> Probe {
    let delay = case["initialDelaySeconds"].as_i64().unwrap_or(0).max(0);
    Probe {
        initial_delay: Span::secs(delay.unsigned_abs()),
        period: Span::secs(10),
        timeout: Span::secs(1),
        success_threshold: number_or(case, "successThreshold", 1),
        failure_threshold: number_or(case, "failureThreshold", 1),
        handler: Handler::Process,
    }
}

fn outcome_of(letter: char) -> Option<bool> {
    match letter {
        'S' => Some(true),
        'F' => Some(false),
        _ => None,
    }
}

fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Success => 'S',
        Verdict::Failure => 'F',
        Verdict::Unknown => 'U',
    }
}

fn bounds(container: &Value) -> Bounds {
    let amounts = |field: &str| {
        let of = |resource: &str| amount(&container[field], resource).unwrap_or(0);
        Amounts { cpu: of("cpu"), memory: of("memory") }
    };
    Bounds { requests: amounts("requests"), limits: amounts("limits") }
}
