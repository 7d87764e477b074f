//! Intervals of experiments that stop when they are narrow enough.

use scenarios::statistics::{SHARE, mean};
use scenarios::until::{FIRST_LOOK, Until, next_look};

use crate::coverage_in;
use crate::machine::{Machine, Repair, YEAR};

const CAP: u64 = 20_000;

/// Runs in the rounds of `--until`, and the interval at the end; with the mean number of runs.
fn stopping(machine: Machine, until: &str, case: &str) {
    let until: Until = until.parse().expect("a precision");
    let mut runs_of_all = 0;
    let covered = coverage_in(1000, 1.0 - machine.unavailability(), |luck| {
        let mut downtimes = machine.down_shares(FIRST_LOOK as usize, luck);
        loop {
            let estimate = mean(&downtimes, SHARE).complement();
            let runs = downtimes.len() as u64;
            if until.is_reached_by(&estimate) || runs == CAP {
                runs_of_all += runs;
                return estimate;
            }
            downtimes.extend(machine.down_shares((next_look(runs, CAP) - runs) as usize, luck));
        }
    });
    covered.holds("until", &format!("{until}: {case}, {} runs on average", runs_of_all / 1000));
}

#[test]
fn until_a_relative_precision() {
    let often = Machine { mttf: 1000.0, repair: Repair::Exponential(10.0) };
    stopping(often, "availability 8%", "9 exponential repairs a year");
    let heavy = Machine { mttf: 1000.0, repair: Repair::Lognormal(1.0) };
    stopping(heavy, "availability 20%", "9 lognormal repairs a year");
    let seldom = Machine { mttf: 5.0 * YEAR, repair: Repair::Exponential(10.0) };
    stopping(seldom, "availability 30%", "an exponential repair in 5 years");
}

#[test]
fn until_an_absolute_precision() {
    let often = Machine { mttf: 1000.0, repair: Repair::Exponential(10.0) };
    stopping(often, "availability ±0.0008", "9 exponential repairs a year");
    let heavy = Machine { mttf: 1000.0, repair: Repair::Lognormal(1.0) };
    stopping(heavy, "availability ±0.0005", "9 lognormal repairs a year");
}
