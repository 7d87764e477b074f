//! What is measured: the samples that the resource metrics API holds, all from the last scrape of metrics-server.
//!
//! A scrape keeps, of every pod whose processes have run for long enough, what they use at that moment. Upstream:
//! `pkg/storage/pod.go` of metrics-server. There a sample is a mean between two scrapes.

use crate::controllers::horizontal_autoscaler::Sample;
use crate::ids::PodId;
use crate::time::{Instant, Span};

/// The samples of all pods.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// When the last scrape was.
    scraped: Instant,
    /// By slot: since when all processes of the pod have run.
    running_since: Vec<Instant>,
    /// By slot.
    samples: Vec<Option<PodSample>>,
}

/// What a pod uses. Amounts are in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodSample {
    /// Which pod.
    pub pod: PodId,
    /// The time that the sample speaks of.
    pub window: Span,
    /// CPU, in thousandths of a core.
    pub cpu: u64,
    /// Memory, in thousandths of a byte.
    pub memory: u64,
    /// Requests per second.
    pub requests: u64,
}

impl Metrics {
    /// A process of the pod started.
    pub fn started(&mut self, pod: PodId, now: Instant) {
        if self.running_since.len() <= pod.index() {
            self.running_since.resize(pod.index() + 1, Instant::ZERO);
            self.samples.resize(pod.index() + 1, None);
        }
        self.running_since[pod.index()] = now;
    }

    /// A scrape begins at `now`.
    pub fn scrape(&mut self, now: Instant) {
        self.scraped = now;
    }

    /// What a scrape finds of a pod: its sample if it `runs`, whose length is that between scrapes or, of a younger
    /// process, its age. One younger than `min_age` has none.
    pub fn measure(
        &mut self,
        pod: PodId,
        runs: bool,
        (min_age, resolution): (Span, Span),
        sample: PodSample,
    ) {
        let Some(since) = self.running_since.get(pod.index()) else { return };
        let age = self.scraped.since(*since);
        let window = age.min(resolution);
        self.samples[pod.index()] = (runs && age >= min_age).then_some(PodSample { window, ..sample });
    }

    /// The pod's sample, and when it was taken.
    pub fn of(&self, pod: PodId) -> Option<(PodSample, Sample)> {
        let sample = self.samples.get(pod.index()).copied().flatten().filter(|sample| sample.pod == pod)?;
        Some((sample, Sample { taken: self.scraped, window: sample.window }))
    }
}
