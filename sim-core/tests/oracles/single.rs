//! One machine: an alternating renewal process, measured by a service of its own or by its power.

use sim_core::outcome::ServiceOutcome;
use sim_core::spec::*;
use sim_core::time::Span;
use sim_core::{Model, Seed, run};

use crate::case::{Case, Reason};
use crate::estimate::{self, Estimate};
use crate::fleet::{START, add_crashes, fleet, groups};
use crate::machines::*;
use crate::sampling;

/// Machines side by side in a run, each with a service of its own: they fail independently.
const MACHINES: u32 = 40;

/// After so many repair times a machine with exponential times has forgotten that it was new.
const FORGOTTEN: u64 = 30;

fn timing(case: &Case) -> Result<FaultTiming, Reason> {
    Ok(memoryless(case.hours("MTTF_h")?, case.hours("MTTR_h")?))
}

/// What a service of each machine met, run by run.
fn each_service(
    warm_up: Span,
    span: Span,
    timing: FaultTiming,
    value: impl Fn(&ServiceOutcome) -> f64,
) -> impl FnMut(u64) -> (Vec<f64>, u64) {
    let mut scenario = fleet(1, MACHINES, span, groups(MACHINES, 1, 1));
    scenario.warm_up = warm_up.max(START);
    scenario.horizon = scenario.warm_up + span;
    add_crashes(&mut scenario, 0..MACHINES, timing);
    let model = Model::new(scenario);
    move |index| {
        let outcome = run(&model, Seed { master: 1, run: index });
        (outcome.services.iter().map(&value).collect(), outcome.events)
    }
}

/// The unavailability in the long run, of which the availability is the rest.
fn long_run_availability(exact: f64, warm_up: Span, span: Span, timing: FaultTiming) -> Estimate {
    let share = move |service: &ServiceOutcome| service.down.as_secs_f64() / span.as_secs_f64();
    let values = each_service(warm_up, span, timing, share);
    sampling::values(values, |values| estimate::mean(values, 1.0 - exact)).complement()
}

/// By mean times alone.
pub fn long_run(case: &Case) -> Result<Estimate, Reason> {
    let span = case.hours("MTTF_h")? * 20;
    Ok(long_run_availability(case.exact, case.hours("MTTR_h")? * FORGOTTEN, span, timing(case)?))
}

/// By distributions in words: machines are not new any more after ten mean lifetimes.
pub fn long_run_in_words(case: &Case) -> Result<Estimate, Reason> {
    let (up, lifetime) = in_words(&case.text("TTF")?)?;
    let (down, _) = in_words(&case.text("TTR")?)?;
    Ok(long_run_availability(case.exact, lifetime * 10, lifetime * 40, renewal(up, down)))
}

/// "Weibull shape 0.7 mean 1000h" or "lognormal sigma 1.413 mean 10h"; and the mean.
fn in_words(text: &str) -> Result<(Distribution, Span), Reason> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = |text: &str| text.parse::<f64>().map_err(|_| format!("{text} is no number"));
    let [kind, _, parameter, "mean", mean] = words[..] else {
        return Err(format!("a distribution in words that are not known: {text}"));
    };
    let mean = crate::case::hours(number(mean.trim_end_matches('h'))?);
    match kind {
        "Weibull" => Ok((weibull(number(parameter)?, mean), mean)),
        "lognormal" => Ok((lognormal(number(parameter)?, mean), mean)),
        other => Err(format!("a distribution that is not known: {other}")),
    }
}

/// Availability at a moment, from new machines without pods: each is up or not, and none knows of another.
pub fn at_a_moment(case: &Case) -> Result<Estimate, Reason> {
    const AT_ONCE: u32 = 1_000;
    let mut scenario = machines(AT_ONCE, Span::ZERO, case.hours("t_h")? + Span::secs(1), timing(case)?);
    scenario.warm_up = case.hours("t_h")?;
    let instant = Span::secs(1).0 as f64;
    let model = Model::new(scenario);
    let down = |index| {
        let outcome = run(&model, Seed { master: 1, run: index });
        let up = outcome.cluster.machines_up_integral as f64 / instant;
        ((f64::from(AT_ONCE) - up, f64::from(AT_ONCE)), outcome.events)
    };
    Ok(sampling::ratio(1.0 - case.exact, down).complement())
}

/// Availability over a time that begins with a new machine.
pub fn over_a_time(case: &Case) -> Result<Estimate, Reason> {
    let span = case.hours("T_h")?;
    let share = move |service: &ServiceOutcome| service.down.as_secs_f64() / span.as_secs_f64();
    let values = each_service(START, span, timing(case)?, share);
    Ok(sampling::values(values, |values| estimate::mean(values, 1.0 - case.exact)).complement())
}

/// Standard deviation of the downtime in a stretch of a long life.
pub fn deviation(case: &Case) -> Result<Estimate, Reason> {
    let warm_up = case.hours("MTTR_h")? * FORGOTTEN;
    let hours = |service: &ServiceOutcome| service.down.as_hours_f64();
    let values = each_service(warm_up, case.hours("T_h")?, timing(case)?, hours);
    Ok(sampling::values(values, |values| estimate::deviation(values, case.exact)))
}

/// Variance of the downtime by time, over so long that the limit is reached but for less than a thousandth: 100 mean
/// lifetimes, for the difference is of the order of one repair in the whole.
pub fn variance_rate(case: &Case) -> Result<Estimate, Reason> {
    let (mttf, mttr) = (case.hours("MTTF_h")?, case.hours("MTTR_h")?);
    let timing = match (case.number("weibull_shape"), case.number("lognormal_sigma")) {
        (Ok(shape), Ok(sigma)) => renewal(weibull(shape, mttf), lognormal(sigma, mttr)),
        _ if (case.number("cv2_up")?, case.number("cv2_down")?) == (1.0, 1.0) => timing(case)?,
        _ => return Err(String::from("coefficients of variation without distributions that have them")),
    };
    let span = mttf * 100;
    let scaled = move |service: &ServiceOutcome| service.down.as_hours_f64() / span.as_hours_f64().sqrt();
    let values = each_service(mttf * 10, span, timing, scaled);
    Ok(sampling::values(values, |values| estimate::variance(values, case.exact)))
}

/// Probability that a new machine's first failure comes later.
pub fn no_outage(case: &Case) -> Result<Estimate, Reason> {
    let span = case.hours("T_h")?;
    let repair = Distribution::Deterministic(Span::hours(1));
    let up = Distribution::Exponential { mean: case.hours("MTTF_h")? };
    let quiet = |service: &ServiceOutcome| service.outages.is_empty();
    Ok(share_of(case.exact, span, renewal(up, repair), quiet))
}

/// Probability that the downtime of a new machine is at most so long.
pub fn downtime_at_most(case: &Case) -> Result<Estimate, Reason> {
    let most = case.hours("x_h")?;
    let within = move |service: &ServiceOutcome| service.down <= most;
    Ok(share_of(case.exact, case.hours("T_h")?, timing(case)?, within))
}

fn share_of(
    exact: f64,
    span: Span,
    timing: FaultTiming,
    is_so: impl Fn(&ServiceOutcome) -> bool,
) -> Estimate {
    let mut values = each_service(START, span, timing, move |service| f64::from(u8::from(is_so(service))));
    sampling::share(exact, |index| {
        let (values, events) = values(index);
        ((values.iter().sum::<f64>() as u64, values.len() as u64), events)
    })
}

/// Seconds of downtime that an availability leaves in a month or a year: what a machine of this availability, which
/// fails at random, is down in such a time.
pub fn downtime_in(case: &Case) -> Result<Estimate, Reason> {
    let availability = case.number("availability")?;
    let seconds = if case.quantity.contains("365 d") {
        365.0 * 86_400.0
    } else if case.quantity.contains("30 d") {
        30.0 * 86_400.0
    } else {
        return Err(format!("a time that is not known: {}", case.quantity));
    };
    let mttr = Span::mins(1);
    let mttf = Span::from_secs_f64(mttr.as_secs_f64() * availability / (1.0 - availability));
    let span = Span::from_secs_f64(seconds);
    let down = |service: &ServiceOutcome| service.down.as_secs_f64();
    let values = each_service(mttr * FORGOTTEN, span, memoryless(mttf, mttr), down);
    Ok(sampling::values(values, |values| estimate::mean(values, case.exact)))
}
