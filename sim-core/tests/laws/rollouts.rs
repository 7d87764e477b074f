//! Rolling updates: how long they take, and how many pods there are meanwhile.

use sim_core::engine::Sim;
use sim_core::ids::WorkloadId;
use sim_core::observers::timeline::Silent;
use sim_core::spec::*;
use sim_core::time::{Instant, Span};
use sim_core::world::api::Progress;
use sim_core::{Model, Seed};

use crate::cases::{Case, case};
use crate::statistics::*;
use crate::support::*;

const DEPLOYMENT: WorkloadId = WorkloadId(0);
const BEGINS: Instant = Instant(Span::hours(1).0);

/// What was seen of one rollout.
struct Rollout {
    seconds: f64,
    least_available: u32,
    most_pods: u32,
}

/// The Deployment of a case, rolled out after an hour. A pod is Ready as soon as it has started up, to the microsecond,
/// for its readiness probe asks that often; the control plane takes no time.
fn deployment(case: &Case, startup_time: Distribution) -> Scenario {
    let mut scenario = cluster(1, 10);
    let strategy = rolling(limit(&case.text("maxSurge")), limit(&case.text("maxUnavailable")));
    add_workload(&mut scenario, "web", deployment_spec(strategy), case.count("replicas"));
    scenario.horizon = Span::hours(3);
    scenario.operations.push(Operation { at: BEGINS, action: Action::Rollout(DEPLOYMENT) });
    make_recovery_instant(&mut scenario);
    make_control_instant(&mut scenario);
    let container = &mut scenario.templates[0].containers[0];
    container.startup_time = startup_time;
    container.readiness = Some(Probe { period: Span::nanos(1_000), ..PROBE });
    scenario
}

fn limit(text: &str) -> IntOrPercent {
    match text.strip_suffix('%') {
        Some(percent) => IntOrPercent::Percent(percent.parse().expect("a percentage")),
        None => IntOrPercent::Int(text.parse().expect("a number")),
    }
}

fn roll_out(model: &Model, run: u64) -> Rollout {
    let mut sim = Sim::new(model, Seed { master: 1, run }, Silent);
    let mut seen = Rollout { seconds: 0.0, least_available: u32::MAX, most_pods: 0 };
    while sim.step() {
        if sim.now() < BEGINS {
            continue;
        }
        let sets = sim.api().sets_of(DEPLOYMENT);
        let available = sets.iter().map(|set| sim.api().available(*set, sim.now())).sum();
        let pods = sets.iter().map(|set| sim.api().set(*set).active).sum();
        seen.least_available = seen.least_available.min(available);
        seen.most_pods = seen.most_pods.max(pods);
        let deployment = sim.api().deployment(DEPLOYMENT).expect("it exists");
        if sim.now() > BEGINS && deployment.progress == Progress::Complete {
            seen.seconds = (sim.now() - BEGINS).as_secs_f64();
            return seen;
        }
    }
    panic!("the rollout of run {run} never ends");
}

fn startup(case: &Case) -> Span {
    case.secs("startup_s")
}

/// To the millisecond.
#[test]
fn equal_pods_come_in_waves() {
    for name in [
        "rolling_n10_s25%_u25%_duration_det",
        "rolling_n4_s25%_u25%_duration_det",
        "rolling_n1_s25%_u25%_duration_det",
        "rolling_n10_s1_u0_duration_det",
        "rolling_n10_s0_u1_duration_det",
        "rolling_n7_s30%_u30%_duration_det",
    ] {
        let case = case(name);
        let model = Model::new(deployment(&case, Distribution::Deterministic(startup(&case))));
        let seconds = roll_out(&model, 0).seconds;
        assert!((seconds - case.exact).abs() < 0.001, "{name}: {seconds}");
    }
}

/// Within 3%.
#[test]
fn unequal_pods_do_not_wait_for_each_other() {
    for name in [
        "rolling_n4_s25%_u25%_duration_exp",
        "rolling_n3_s25%_u25%_duration_exp",
        "rolling_n1_s25%_u25%_duration_exp",
        "rolling_n10_s0_u1_duration_exp",
        "rolling_n7_s30%_u30%_duration_exp",
    ] {
        let case = case(name);
        let runs = if case.count("replicas") == 1 { 8_000 } else { 3_000 };
        let model = Model::new(deployment(&case, Distribution::Exponential { mean: startup(&case) }));
        let seconds: Vec<f64> = (0..runs).map(|run| roll_out(&model, run).seconds).collect();
        case.agrees(mean(&seconds), 0.03);
    }
}

/// The limits are kept, and used up.
#[test]
fn pods_are_as_few_and_as_many_as_allowed() {
    for name in [
        "rolling_n10_s25%_u25%_min_available",
        "rolling_n4_s25%_u25%_min_available",
        "rolling_n3_s25%_u25%_min_available",
        "rolling_n1_s25%_u25%_min_available",
        "rolling_n100_s10%_u0%_min_available",
        "rolling_n10_s1_u0_max_pods",
        "rolling_n100_s10%_u0%_max_pods",
        "rolling_n7_s30%_u30%_max_pods",
    ] {
        let case = case(name);
        let model = Model::new(deployment(&case, Distribution::Exponential { mean: startup(&case) }));
        for run in 0..20 {
            let Rollout { least_available, most_pods, .. } = roll_out(&model, run);
            let seen = if name.ends_with("max_pods") { most_pods } else { least_available };
            assert_eq!(f64::from(seen), case.exact, "{name}, run {run}");
        }
    }
}
