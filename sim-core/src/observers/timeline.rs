//! What a run tells: everything to a recorder, nothing to nobody, at no cost then.

use crate::outcome::{Actor, Entry, ReplicaSample, Sample};
use crate::time::Instant;

/// Someone who may want to hear what happens.
pub trait Watch: Clone {
    /// Whether there is any point in telling.
    const LISTENS: bool;

    /// Something happened.
    fn tell(&mut self, at: Instant, actor: Actor, text: String);

    /// A service is in a new state.
    fn sample(&mut self, sample: Sample);

    /// The replicas of a workload were counted.
    fn replicas(&mut self, sample: ReplicaSample);
}

/// Nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Watch for Silent {
    const LISTENS: bool = false;

    fn tell(&mut self, _: Instant, _: Actor, _: String) {}

    fn sample(&mut self, _: Sample) {}

    fn replicas(&mut self, _: ReplicaSample) {}
}

/// Keeps everything.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    /// What happened, in order.
    pub entries: Vec<Entry>,
    /// States of services, in order.
    pub samples: Vec<Sample>,
    /// Replicas of workloads, in order.
    pub replicas: Vec<ReplicaSample>,
}

impl Watch for Recorder {
    const LISTENS: bool = true;

    fn tell(&mut self, at: Instant, actor: Actor, text: String) {
        self.entries.push(Entry { at, actor, text });
    }

    fn sample(&mut self, sample: Sample) {
        // Several changes of one instant are one new state.
        match self
            .samples
            .iter_mut()
            .rev()
            .take_while(|s| s.at == sample.at)
            .find(|s| s.service == sample.service)
        {
            Some(same_instant) => *same_instant = sample,
            None => self.samples.push(sample),
        }
    }

    fn replicas(&mut self, sample: ReplicaSample) {
        let last = self.replicas.iter_mut().rev().find(|last| last.workload == sample.workload);
        match last {
            Some(same_instant) if same_instant.at == sample.at => *same_instant = sample,
            // A count that finds what the last one found is no change.
            Some(last) if (ReplicaSample { at: sample.at, ..*last }) == sample => {}
            _ => self.replicas.push(sample),
        }
    }
}
