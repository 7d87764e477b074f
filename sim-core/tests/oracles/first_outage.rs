//! Systems of so many of so many from all up to their first outage: groups of pods, each on its machine, and a service
//! that needs so many of them.

use sim_core::Model;
use sim_core::ids::ServiceId;
use sim_core::time::{Instant, Span};

use crate::case::{Case, Reason};
use crate::estimate::{self, Estimate};
use crate::fleet::{START, add_crashes, fleet, groups};
use crate::machines::*;
use crate::sampling;

/// When each group of a run has its first outage, up to the horizon; and the events until the last has.
struct Groups {
    model: Model,
    count: u32,
    size: u32,
    required: u32,
}

impl Groups {
    fn new(case: &Case, span: Span) -> Result<Groups, Reason> {
        let (size, required) = (case.count("n")?, case.count("k").unwrap_or(1));
        let count = (20 / size).max(1);
        let mut scenario = fleet(1, count * size, span, groups(count, size, required));
        add_crashes(&mut scenario, 0..count * size, memoryless(case.hours("MTTF_h")?, case.hours("MTTR_h")?));
        Ok(Groups { model: Model::new(scenario), count, size, required })
    }

    /// The hours to each group's first outage, where it comes before the horizon.
    fn first_outages(&self, run: u64) -> (Vec<Option<f64>>, u64) {
        let mut first = vec![None; self.count as usize];
        let events = watch(&self.model, run, |sim| {
            if sim.now() > Instant::ZERO + START {
                for (group, first) in first.iter_mut().enumerate().filter(|(_, first)| first.is_none()) {
                    let flow = sim.traffic().flow(ServiceId::from(group));
                    debug_assert!(flow.serving() <= self.size);
                    if flow.serving() < self.required {
                        *first = Some(sim.now().since(Instant::ZERO + START).as_hours_f64());
                    }
                }
            }
            first.iter().any(Option::is_none)
        });
        (first, events)
    }
}

/// Mean hours to the first outage, which must come within 500 years in every run.
pub fn mean_time(case: &Case) -> Result<Estimate, Reason> {
    let groups = Groups::new(case, Span::hours(8_760 * 500))?;
    let mut missing = 0;
    let run = |run| {
        let (first, events) = groups.first_outages(run);
        missing += first.iter().filter(|first| first.is_none()).count();
        (first.into_iter().flatten().collect(), events)
    };
    let estimate = sampling::values(run, |hours| estimate::mean(hours, case.exact));
    if missing == 0 {
        Ok(estimate)
    } else {
        Err(String::from("no outage within the 500 years of the longest run"))
    }
}

/// Probability of an outage before a time.
pub fn before(case: &Case) -> Result<Estimate, Reason> {
    let groups = Groups::new(case, case.hours("T_h")?)?;
    Ok(sampling::share(case.exact, |run| {
        let (first, events) = groups.first_outages(run);
        ((first.iter().flatten().count() as u64, first.len() as u64), events)
    }))
}

/// Two units, of which the one that stands by fails like the other: a pair. With two, one is repaired at a time until
/// the first outage whatever the number of crews.
pub fn hot_standby(case: &Case) -> Result<Estimate, Reason> {
    if case.number("alpha")? != 1.0 || case.count("n")? != 2 {
        return Err(String::from(crate::unmodelled::STANDBY));
    }
    mean_time(case)
}
