//! A database of two kinds of processors, two of controllers and six clusters of disks, each part repaired by itself: down
//! if as many of one kind or cluster are as there are processors of a kind.
//!
//! Each of the ten has a fleet of its own, of which every choice of parts counts: see [`crate::subsets`].

use sim_core::Model;
use sim_core::spec::*;
use sim_core::time::Span;

use crate::case::{Case, Reason};
use crate::estimate::Estimate;
use crate::fleet::{add_crashes, quiet};
use crate::machines::*;
use crate::sampling;
use crate::subsets::System;
use crate::support::cluster;

/// Machines of all fleets together, at most.
const MOST_MACHINES: f64 = 8_000.0;

/// A fleet for parts of one kind.
struct Kind {
    system: System,
    mttf: Span,
    fleets: u32,
}

/// Unavailability in the long run.
pub fn unavailability(case: &Case) -> Result<Estimate, Reason> {
    let redundancy = case.count("R")?;
    let of = |spares, key: &str, fleets| -> Result<Kind, Reason> {
        let system = System::of(spares + 1, redundancy + spares);
        Ok(Kind { system, mttf: case.hours(key)?, fleets })
    };
    let kinds = [of(0, "proc_MTTF_h", 2)?, of(0, "ctrl_MTTF_h", 2)?, of(2, "disk_MTTF_h", 6)?];
    let mttr = case.hours("MTTR_h")?;
    let (model, size) = fleets(&kinds, mttr, redundancy);
    Ok(sampling::dear_ratio(case.exact, |run| {
        let (mut down, mut looks) = (0.0, 0.0);
        let events = sample(&model, run, |sim| {
            let mut first = 0;
            let mut works = 1.0;
            for kind in &kinds {
                for _ in 0..kind.fleets {
                    let up = (first..first + size).filter(|machine| is_up(sim, *machine)).count() as u32;
                    works *= 1.0 - kind.system.short(&[size - up, up]);
                    first += size;
                }
            }
            down += 1.0 - works;
            looks += 1.0;
        });
        ((down, looks), events)
    }))
}

/// Ten fleets of one size, in which about as many machines are down as make an outage.
fn fleets(kinds: &[Kind], mttr: Span, redundancy: u32) -> (Model, u32) {
    let worst = kinds.iter().map(|kind| kind.mttf).min().unwrap_or_default();
    let unavailability = mttr.as_secs_f64() / (worst + mttr).as_secs_f64();
    let all: u32 = kinds.iter().map(|kind| kind.fleets).sum();
    let size = (f64::from(redundancy.max(2)) / unavailability).min(MOST_MACHINES / f64::from(all)) as u32;
    let size = size.max(4 * redundancy);
    let mut scenario = cluster(1, all * size);
    quiet(&mut scenario);
    scenario.warm_up = mttr * 20;
    scenario.horizon = scenario.warm_up + mttr * 500;
    let mut first = 0;
    for kind in kinds {
        let machines = first..first + kind.fleets * size;
        first = machines.end;
        add_crashes(
            &mut scenario,
            machines,
            renewal(Distribution::Exponential { mean: kind.mttf }, repair(mttr)),
        );
    }
    look_every(&mut scenario, mttr);
    (Model::new(scenario), size)
}

/// Half of the repairs take twice as long on average as the others.
fn repair(mean: Span) -> Distribution {
    let exponential = |mean| (0.5, Distribution::Exponential { mean });
    Distribution::Mixture(vec![exponential(mean * 2 / 3), exponential(mean * 4 / 3)])
}
