//! Rolling updates: how long they take, and how many pods there are meanwhile.

use sim_core::Model;
use sim_core::ids::WorkloadId;
use sim_core::spec::*;
use sim_core::time::{Instant, Span};
use sim_core::world::api::Progress;

use crate::case::{Case, Reason};
use crate::estimate::{self, Estimate};
use crate::failover::make_instant;
use crate::machines::watch;
use crate::sampling;
use crate::support::*;

const DEPLOYMENT: WorkloadId = WorkloadId(0);
const BEGINS: Instant = Instant(Span::hours(1).0);
/// How many rollouts with unequal pods show the extremes.
const ROLLOUTS: u64 = 20;

/// What was seen of one rollout.
struct Rollout {
    seconds: Option<f64>,
    least_available: u32,
    most_pods: u32,
    events: u64,
}

/// The Deployment of a case, rolled out after an hour. A pod is Ready as soon as it has started up, to the microsecond,
/// for its readiness probe asks that often; the control plane takes no time.
fn model(case: &Case, startup_time: Distribution) -> Result<Model, Reason> {
    let mut scenario = cluster(1, 10);
    let strategy = rolling(limit(&case.text("maxSurge")?)?, limit(&case.text("maxUnavailable")?)?);
    add_workload(&mut scenario, "web", deployment_spec(strategy), case.count("replicas")?);
    scenario.horizon = Span::hours(3);
    scenario.operations.push(Operation { at: BEGINS, action: Action::Rollout(DEPLOYMENT) });
    make_instant(&mut scenario);
    let container = &mut scenario.templates[0].containers[0];
    container.startup_time = startup_time;
    container.readiness = Some(Probe { period: Span::nanos(1_000), ..PROBE });
    Ok(Model::new(scenario))
}

fn limit(text: &str) -> Result<IntOrPercent, Reason> {
    let bad = |_| format!("{text} is no number and no percentage");
    match text.strip_suffix('%') {
        Some(percent) => percent.parse().map(IntOrPercent::Percent).map_err(bad),
        None => text.parse().map(IntOrPercent::Int).map_err(bad),
    }
}

fn equal(case: &Case) -> Result<Model, Reason> {
    model(case, Distribution::Deterministic(case.secs("startup_s")?))
}

fn unequal(case: &Case) -> Result<Model, Reason> {
    model(case, Distribution::Exponential { mean: case.secs("startup_s")? })
}

fn roll_out(model: &Model, run: u64) -> Rollout {
    let mut seen = Rollout { seconds: None, least_available: u32::MAX, most_pods: 0, events: 0 };
    seen.events = watch(model, run, |sim| {
        if sim.now() < BEGINS {
            return true;
        }
        let sets = sim.api().sets_of(DEPLOYMENT);
        let available = sets.iter().map(|set| sim.api().available(*set, sim.now())).sum();
        let pods = sets.iter().map(|set| sim.api().set(*set).active).sum();
        seen.least_available = seen.least_available.min(available);
        seen.most_pods = seen.most_pods.max(pods);
        let deployment = sim.api().deployment(DEPLOYMENT).expect("it exists");
        if sim.now() > BEGINS && deployment.progress == Progress::Complete {
            seen.seconds = Some((sim.now() - BEGINS).as_secs_f64());
        }
        seen.seconds.is_none()
    });
    seen
}

const UNENDING: &str = "the rollout did not end within two hours";

/// Pods that start equally fast come in waves: to the millisecond.
pub fn of_equal_pods(case: &Case) -> Result<Estimate, Reason> {
    let rollout = roll_out(&equal(case)?, 0);
    let seconds = rollout.seconds.ok_or(UNENDING)?;
    Ok(estimate::certain(seconds, 0.001, case.exact).after(1, rollout.events))
}

/// Mean duration where pods start unequally fast.
pub fn of_unequal_pods(case: &Case) -> Result<Estimate, Reason> {
    let model = unequal(case)?;
    Ok(sampling::values(
        |run| {
            let rollout = roll_out(&model, run);
            (rollout.seconds.into_iter().collect(), rollout.events)
        },
        |seconds| estimate::mean(seconds, case.exact),
    ))
}

/// The fewest pods available in any of several rollouts.
pub fn least_available(case: &Case) -> Result<Estimate, Reason> {
    extreme(case, |rollouts| rollouts.iter().map(|rollout| rollout.least_available).min())
}

/// The most pods, terminating ones left aside.
pub fn most_pods(case: &Case) -> Result<Estimate, Reason> {
    extreme(case, |rollouts| rollouts.iter().map(|rollout| rollout.most_pods).max())
}

fn extreme(case: &Case, of: impl Fn(&[Rollout]) -> Option<u32>) -> Result<Estimate, Reason> {
    let model = unequal(case)?;
    let rollouts: Vec<Rollout> = (0..ROLLOUTS).map(|run| roll_out(&model, run)).collect();
    let extreme = of(&rollouts).ok_or(UNENDING)?;
    let events = rollouts.iter().map(|rollout| rollout.events).sum();
    Ok(estimate::certain(f64::from(extreme), 0.0, case.exact).after(ROLLOUTS, events))
}
