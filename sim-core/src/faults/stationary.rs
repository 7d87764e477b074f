//! Where a renewal process stands that has run for ever: up or down, and how far into it.
//!
//! It is down with the chance of the long run, mean repair / (mean up + mean repair). What remains of the up or down time is
//! drawn from the equilibrium distribution. After that everything is as with a process that began new.

use crate::faults::aims::Aim;
use crate::model::Model;
use crate::rng::{Draw, Luck, Purpose};
use crate::spec::{Distribution, FaultTiming, Initially};
use crate::time::Span;

/// From the start of the run to the first strike: nothing if the target is down already.
pub fn time_to_first_strike(aim: &Aim, model: &Model, luck: &Luck) -> Span {
    let Some((up, down)) = renewal(aim, model) else { return Span::FOREVER };
    let mut draw = luck.draw(Purpose::InitialState, aim.key, 0);
    if is_down(aim, up, down, &mut draw) { Span::ZERO } else { up.residual(&mut draw).max(Span::nanos(1)) }
}

/// How long a target that is down at the start of the run still is.
pub fn rest_of_repair(aim: &Aim, model: &Model, luck: &Luck) -> Option<Span> {
    let (up, down) = renewal(aim, model)?;
    let mut draw = luck.draw(Purpose::InitialState, aim.key, 0);
    is_down(aim, up, down, &mut draw).then(|| down.residual(&mut draw))
}

fn renewal<'a>(aim: &Aim, model: &'a Model) -> Option<(&'a Distribution, &'a Distribution)> {
    match &model.fault(aim.fault).timing {
        FaultTiming::Stochastic { time_to_failure, time_to_repair, initially: Initially::Stationary } => {
            Some((time_to_failure, time_to_repair))
        }
        _ => None,
    }
}

/// Failures that shocks bring shorten the mean up time.
fn is_down(aim: &Aim, up: &Distribution, down: &Distribution, draw: &mut Draw) -> bool {
    let chance = draw.unit();
    let mean_up = up.mean().as_secs_f64() * aim.own_share;
    let mean_down = if aim.target.heals_at_once() { 0.0 } else { down.mean().as_secs_f64() };
    chance * (mean_up + mean_down) < mean_down
}
