//! What a run tells: everything to a recorder, nothing to nobody, at no cost then.

use crate::outcome::{Actor, Entry, Sample};
use crate::time::Instant;

/// Someone who may want to hear what happens.
pub trait Watch: Clone {
    /// Whether there is any point in telling.
    const LISTENS: bool;

    /// Something happened.
    fn tell(&mut self, at: Instant, actor: Actor, text: String);

    /// A service is in a new state.
    fn sample(&mut self, sample: Sample);
}

/// Nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Watch for Silent {
    const LISTENS: bool = false;

    fn tell(&mut self, _: Instant, _: Actor, _: String) {}

    fn sample(&mut self, _: Sample) {}
}

/// Keeps everything.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    /// What happened, in order.
    pub entries: Vec<Entry>,
    /// States of services, in order.
    pub samples: Vec<Sample>,
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
}
