//! Fits of distributions to times, as text.

use scenarios::fit::{Family, Fit, Fitted};
use serde::Serialize;

use crate::words;

/// Fits to a failure trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fits {
    /// Machines in the trace.
    pub machines: usize,
    /// To the times between failures.
    pub up: Fitted,
    /// To the times of being down.
    pub down: Fitted,
}

/// The name of a family.
pub fn family(family: Family) -> &'static str {
    match family {
        Family::Exponential => "exponential",
        Family::Weibull => "Weibull",
        Family::Lognormal => "lognormal",
        Family::Gamma => "gamma",
    }
}

/// A p-value; what is too small for the samples drawn is said so.
pub fn p_value(p: f64) -> String {
    if p < 0.01 { "below 0.01".to_owned() } else { format!("{p:.2}") }
}

/// The table of fits to `what`, such as "up times".
pub fn text(what: &str, fitted: &Fitted) -> String {
    let times = &fitted.times_s;
    let mean = times.iter().sum::<f64>() / times.len() as f64;
    let mut text = format!(
        "{} {what}: mean {}, median {}\n",
        words::count(times.len() as u64),
        words::span(mean),
        words::span(times[times.len() / 2])
    );
    text += "  family       shape      scale  log-likelihood         AIC  KS distance          p\n";
    for (rank, fit) in fitted.fits.iter().enumerate() {
        text += &format!("{}{}\n", row(fit), if rank == 0 { "  <- best" } else { "" });
    }
    text
}

fn row(fit: &Fit) -> String {
    let shape = if fit.family == Family::Exponential { String::new() } else { format!("{:.3}", fit.shape) };
    format!(
        "  {:<11} {shape:>6} {:>10} {:>15.1} {:>11.1} {:>12.3} {:>10}",
        family(fit.family),
        words::duration(fit.scale_s),
        fit.log_likelihood,
        fit.aic,
        fit.distance,
        p_value(fit.p_value)
    )
}

/// The fault to paste into a scenario.
pub fn fault(up: &Fit, down: &Fit) -> String {
    format!(
        "- name: node-crash\n  kind: machineCrash\n  timeToFailure: {}\n  timeToRepair: {}\n  initially: stationary\n",
        up.snippet(),
        down.snippet()
    )
}
