//! So many of so many, measured on every choice at once.
//!
//! Machines of a fleet are alike and independent, so any `n` of its `M` machines are a system of `n`. At a moment at which
//! `d` machines are down, the share of all choices that are short is a hypergeometric probability: its mean over time is
//! the unavailability, without bias, and what is rare for one choice is common among all (a U-statistic: Hoeffding 1948).
//! Blocks of machines, such as zones, are chosen whole.

use sim_core::Model;
use sim_core::engine::Sim;
use sim_core::ids::ZoneId;
use sim_core::observers::timeline::Silent;
use sim_core::spec::*;
use sim_core::time::{Instant, Span};

use crate::case::{Case, Reason, hours};
use crate::estimate::Estimate;
use crate::machines::*;
use crate::sampling;

/// A system of `choose` blocks, each of `size` machines, that needs `required` of their machines.
#[derive(Clone, Copy, Debug)]
pub struct System {
    pub choose: u32,
    pub size: u32,
    pub required: u32,
}

impl System {
    /// `required` of `machines` machines.
    pub fn of(required: u32, machines: u32) -> System {
        System { choose: machines, size: 1, required }
    }

    /// Share of the choices that are short, if `blocks[u]` blocks have `u` machines that are up.
    pub fn short(self, blocks: &[u32]) -> f64 {
        // ways[b][m]: choices of b blocks with m machines up, capped at what is required.
        let (most, enough) = (self.choose as usize, self.required as usize);
        let mut ways = vec![vec![0.0; enough + 1]; most + 1];
        ways[0][0] = 1.0;
        for (up, count) in blocks.iter().enumerate() {
            for chosen in (0..most).rev() {
                for machines in 0..=enough {
                    for more in 1..=(most - chosen).min(*count as usize) {
                        let machines_then = (machines + more * up).min(enough);
                        ways[chosen + more][machines_then] +=
                            ways[chosen][machines] * choices(*count, more as u32);
                    }
                }
            }
        }
        let last = &ways[most];
        last[..enough].iter().sum::<f64>() / last.iter().sum::<f64>()
    }
}

/// The binomial coefficient.
fn choices(of: u32, chosen: u32) -> f64 {
    (0..chosen).map(|at| f64::from(of - at) / f64::from(at + 1)).product()
}

/// Machines of a fleet, at most: a run looks at each of them after each event.
const MOST_MACHINES: f64 = 2_000.0;

/// What one run shows of a system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// Hours of outage, as the mean over all choices.
    pub short: f64,
    /// Outages, likewise.
    pub outages: f64,
    /// Failures that find all its machines up, likewise.
    pub first_failures: f64,
    /// Hours in all.
    pub hours: f64,
}

/// The shares of choices that are short, and that have some machine down, by the number of machines down.
struct Shares {
    short: Vec<f64>,
    touched: Vec<f64>,
}

impl Shares {
    fn of(system: System, machines: u32) -> Shares {
        let intact = System { required: system.choose, ..system };
        let shares =
            |system: System| (0..=machines).map(|down| system.short(&[down, machines - down])).collect();
        Shares { short: shares(system), touched: shares(intact) }
    }
}

/// Looks at a fleet of single machines after every event.
fn see(shares: &Shares, model: &Model, run: u64) -> (Seen, u64) {
    let machines = model.scenario().cluster.nodes.len();
    let begin = Instant::ZERO + model.scenario().warm_up;
    let mut seen = Seen::default();
    let (mut since, mut down) = (begin, 0);
    let events = watch(model, run, |sim| {
        let now_down = machines - sim.physical().machines_up();
        if sim.now() >= begin {
            let hours = sim.now().since(since).as_hours_f64();
            seen.hours += hours;
            seen.short += shares.short[down] * hours;
            seen.outages += (shares.short[now_down] - shares.short[down]).max(0.0);
            seen.first_failures += (shares.touched[now_down] - shares.touched[down]).max(0.0);
            since = sim.now();
        }
        down = now_down;
        true
    });
    (seen, events)
}

/// A fleet in which as many machines are down at a time as make an outage, or fewer where that takes too many machines;
/// over so long that some two thousand fail.
fn fleet_of(system: System, mttf: Span, mttr: Span) -> Model {
    let unavailability = mttr.as_secs_f64() / (mttf + mttr).as_secs_f64();
    let outage = f64::from(system.choose - system.required + 1).max(2.0);
    let count = (outage / unavailability).clamp(f64::from(4 * system.choose), MOST_MACHINES);
    let repairs = 2_000.0 / (count * unavailability).min(100.0);
    let span = Span::from_secs_f64(mttr.as_secs_f64() * repairs.min(20_000.0));
    Model::new(machines(count as u32, mttr * 20, span, memoryless(mttf, mttr)))
}

fn ratio(exact: f64, system: System, mttf: Span, mttr: Span, pair: fn(Seen) -> (f64, f64)) -> Estimate {
    let model = fleet_of(system, mttf, mttr);
    let shares = Shares::of(system, model.scenario().cluster.nodes.len() as u32);
    sampling::dear_ratio(exact, |run| {
        let (seen, events) = see(&shares, &model, run);
        (pair(seen), events)
    })
}

fn system(case: &Case) -> Result<System, Reason> {
    Ok(System::of(case.count("k")?, case.count("n")?))
}

/// Probability that enough are up, by their availability; how long they are up at a time does not matter.
pub fn enough_by_availability(case: &Case) -> Result<Estimate, Reason> {
    let a = case.number("a")?;
    let (mttf, mttr) = (hours(10.0 * a / (1.0 - a)), hours(10.0));
    Ok(ratio(1.0 - case.exact, system(case)?, mttf, mttr, |seen| (seen.short, seen.hours)).complement())
}

fn by_times(case: &Case, exact: f64, pair: fn(Seen) -> (f64, f64)) -> Result<Estimate, Reason> {
    Ok(ratio(exact, system(case)?, case.hours("MTTF_h")?, case.hours("MTTR_h")?, pair))
}

/// Outages per hour.
pub fn frequency(case: &Case) -> Result<Estimate, Reason> {
    by_times(case, case.exact, |seen| (seen.outages, seen.hours))
}

/// Hours from the end of an outage to the next one.
pub fn mean_time_up(case: &Case) -> Result<Estimate, Reason> {
    by_times(case, case.exact, |seen| (seen.hours - seen.short, seen.outages))
}

/// Hours of an outage.
pub fn mean_outage(case: &Case) -> Result<Estimate, Reason> {
    by_times(case, case.exact, |seen| (seen.short, seen.outages))
}

/// Probability that enough are up, where everyone has a repair crew.
pub fn enough_with_crews_for_all(case: &Case) -> Result<Estimate, Reason> {
    crews_for_all(case)?;
    Ok(by_times(case, 1.0 - case.exact, |seen| (seen.short, seen.hours))?.complement())
}

/// Machines down on average, where everyone has a repair crew.
pub fn mean_down(case: &Case) -> Result<Estimate, Reason> {
    crews_for_all(case)?;
    let n = case.count("n")?;
    let one = ratio(
        case.exact / f64::from(n),
        System::of(1, 1),
        case.hours("MTTF_h")?,
        case.hours("MTTR_h")?,
        |seen| (seen.short, seen.hours),
    );
    Ok(one.map(|down| down * f64::from(n)))
}

fn crews_for_all(case: &Case) -> Result<(), Reason> {
    if case.count("c")? >= case.count("n")? { Ok(()) } else { Err(String::from(crate::unmodelled::CREWS)) }
}

/// Hours until all copies are lost, each rebuilt by itself: the time between losses, which differs from the time to the
/// first one by the ratio of rebuild time to lifetime (one in 35,000).
pub fn time_to_loss(case: &Case) -> Result<Estimate, Reason> {
    copies(case, |seen| (seen.hours - seen.short, seen.outages))
}

/// Probability that a first failure ends in loss: losses by failures that find all copies there. The few failures that
/// follow a loss before all copies are back differ from the first by the same ratio.
pub fn loss_after_failure(case: &Case) -> Result<Estimate, Reason> {
    copies(case, |seen| (seen.outages, seen.first_failures))
}

fn copies(case: &Case, pair: fn(Seen) -> (f64, f64)) -> Result<Estimate, Reason> {
    if case.says("repair") && case.text("repair")? != "parallel" || case.name.contains("single") {
        return Err(String::from(crate::unmodelled::CREWS));
    }
    let all = System::of(1, case.count("replicas")?);
    Ok(ratio(case.exact, all, case.hours("node_MTTF_h")?, case.hours("rebuild_h")?, pair))
}

/// Zones that fail, of machines that fail too: every choice of as many zones from a fleet of many.
pub fn zones(case: &Case) -> Result<Estimate, Reason> {
    const ZONES: u32 = 300;
    let system = System {
        choose: case.count("zones")?,
        size: case.count("nodes_per_zone")?,
        required: case.count("k")?,
    };
    let (zone, machine) = (
        memoryless(case.hours("zone_MTTF_h")?, case.hours("zone_MTTR_h")?),
        memoryless(case.hours("node_MTTF_h")?, case.hours("node_MTTR_h")?),
    );
    let mut scenario = zoned_machines(ZONES, ZONES * system.size, machine);
    scenario.warm_up = case.hours("zone_MTTR_h")? * 30;
    scenario.horizon = scenario.warm_up + Span::hours(2_000);
    scenario.faults.push(Fault {
        name: String::from("zone"),
        kind: FaultKind::ZoneOutage((0..ZONES).map(ZoneId).collect()),
        timing: zone,
    });
    look_every(&mut scenario, case.hours("node_MTTR_h")?.min(Span::hours(1)));
    let model = Model::new(scenario);
    Ok(sampling::dear_ratio(case.exact, |run| {
        let (mut short, mut looks) = (0.0, 0.0);
        let events = sample(&model, run, |sim| {
            short += system.short(&zones_by_machines_up(sim, ZONES, system.size));
            looks += 1.0;
        });
        ((short, looks), events)
    }))
}

/// How many zones have how many machines up; machine `m` is in zone `m % zones`.
fn zones_by_machines_up(sim: &Sim<'_, Silent>, zones: u32, size: u32) -> Vec<u32> {
    let mut blocks = vec![0; size as usize + 1];
    for zone in 0..zones {
        let up = (0..size).filter(|at| is_up(sim, at * zones + zone)).count();
        blocks[up] += 1;
    }
    blocks
}

#[test]
fn choices_are_counted_as_combinatorics_says() {
    // 2 of 3 of 10 machines, 3 of them down: (C(3,2) 7 + C(3,3)) / C(10,3).
    let short = System::of(2, 3).short(&[3, 7]);
    assert!((short - 22.0 / 120.0).abs() < 1e-12, "{short}");
    // Two of three zones of two machines, one without any and one with one: 3 needed of 4.
    let short = System { choose: 2, size: 2, required: 3 }.short(&[1, 1, 1]);
    assert!((short - 2.0 / 3.0).abs() < 1e-12, "{short}");
    assert_eq!(System::of(1, 2).short(&[1, 9]), 0.0);
}
