//! One run alone: intervals from its own length, where it is long enough; and how long its start takes.

use sim_core::ids::ServiceId;
use sim_core::outcome::{Recording, Sample};
use sim_core::spec::{Scenario, Service};
use sim_core::time::{Instant, Span};
use sim_core::{Model, Seed, record};

use crate::statistics::{self, BATCHES, Estimate, Method};
use crate::summarize::YEAR_S;
use crate::summary::{ServiceSummary, SweepResult};

/// Slots of time in a batch.
const SLOTS: u64 = 8;

/// Outages that a batch must have on average for batches to be alike.
const OUTAGES_A_BATCH: usize = 10;

/// Gives the services of a lone run intervals by batch means, where they had enough outages for that.
pub fn with_batch_means(result: &mut SweepResult, scenario: &Scenario, recording: &Recording) {
    let services = result.points[0].services.iter_mut().zip(&scenario.services);
    for (at, (summary, service)) in services.enumerate() {
        if recording.outcome.services[at].outages.len() >= OUTAGES_A_BATCH * BATCHES {
            let slots = Slots { scenario, service, samples: samples_of(recording, ServiceId::from(at)) };
            refine(summary, service, &slots);
        }
    }
}

fn refine(summary: &mut ServiceSummary, service: &Service, slots: &Slots) {
    let required = service.required_serving;
    let time = |is_short: fn(&Sample, u32) -> bool| {
        slots.batch_means(|_| 1.0, |sample| f64::from(u8::from(is_short(sample, required))))
    };
    let requests = slots.batch_means(|at| service.traffic.at(at).0, |sample| 1.0 - sample.success);
    within(&mut summary.request_availability, requests.complement());
    within(&mut summary.time_availability, time(|sample, _| sample.serving == 0).complement());
    let short = time(|sample, required| sample.serving < required);
    within(&mut summary.capacity_availability, short.complement());
    summary.annual_downtime_s = summary.request_availability.complement().times(YEAR_S);
}

/// The run's own value stays: it was added up without slots.
fn within(estimate: &mut Estimate, batches: Estimate) {
    if batches.method == Method::BatchMeans {
        *estimate = Estimate { value: estimate.value, ..batches };
    }
}

fn samples_of(recording: &Recording, service: ServiceId) -> Vec<&Sample> {
    recording.samples.iter().filter(|sample| sample.service == service).collect()
}

/// The measured part of a run in equal slots.
struct Slots<'a> {
    scenario: &'a Scenario,
    service: &'a Service,
    samples: Vec<&'a Sample>,
}

impl Slots<'_> {
    fn batch_means(&self, weight: impl Fn(Instant) -> f64, lost: impl Fn(&Sample) -> f64) -> Estimate {
        statistics::batch_means(&self.sums(weight, lost))
    }

    /// What is lost of the weight in each slot.
    fn sums(&self, weight: impl Fn(Instant) -> f64, lost: impl Fn(&Sample) -> f64) -> Vec<(f64, f64)> {
        let count = SLOTS * BATCHES as u64;
        let start = self.scenario.warm_up.0;
        let length = self.scenario.horizon.0.saturating_sub(start) / count;
        let mut slots = vec![(0.0, 0.0); count as usize];
        let ends = self.samples.iter().skip(1).map(|sample| sample.at.0).chain([self.scenario.horizon.0]);
        for (sample, end) in self.samples.iter().zip(ends) {
            let (mut at, lost) = (sample.at.0.max(start), lost(sample));
            while at < end {
                let slot = ((at - start) / length).min(count - 1);
                let slot_end = if slot + 1 == count { end } else { start + (slot + 1) * length };
                let next = end.min(slot_end).min(self.service.traffic.at(Instant(at)).1.0);
                let sent = weight(Instant(at)) * Span(next - at).as_secs_f64();
                slots[slot as usize].0 += lost * sent;
                slots[slot as usize].1 += sent;
                at = next;
            }
        }
        slots
    }
}

/// How long it takes until everything serves that will: MSER-5 on the start of a run in which nothing fails and nobody
/// changes anything. None if it has not settled within half of what is looked at.
pub fn start_up(scenario: &Scenario, seed: u64) -> Option<Span> {
    let calm = Scenario {
        horizon: START_UP,
        warm_up: Span::ZERO,
        faults: Vec::new(),
        operations: Vec::new(),
        ..scenario.clone()
    };
    let recording = record(&Model::new(calm), Seed { master: seed, run: 0 });
    let serving = served(&recording, scenario.services.len());
    statistics::mser5(&serving).map(|slots| SLOT * slots as u64)
}

/// As much of a run as its start is looked for in, and in what slots.
const START_UP: Span = Span::mins(60);
const SLOT: Span = Span::secs(5);

/// Endpoints that serve in each slot, of all services together.
fn served(recording: &Recording, services: usize) -> Vec<f64> {
    let mut series = vec![0.0; (START_UP.0 / SLOT.0) as usize];
    for service in 0..services {
        let samples = samples_of(recording, ServiceId::from(service));
        let (mut next, mut serving) = (0, 0);
        for (slot, sum) in series.iter_mut().enumerate() {
            let end = (slot as u64 + 1) * SLOT.0;
            while samples.get(next).is_some_and(|sample| sample.at.0 < end) {
                serving = samples[next].serving;
                next += 1;
            }
            *sum += f64::from(serving);
        }
    }
    series
}

#[cfg(test)]
mod tests;
