//! Spells of replicas: how long each count of a controller's pods held.

use sim_core::ids::WorkloadId;
use sim_core::outcome::{Recording, ReplicaSample};
use sim_core::time::Instant;

use super::window::Window;

/// Counts of one controller, and from when to when they held.
#[derive(Clone, Copy, Debug)]
pub struct Spell<'a> {
    /// Beginning.
    pub from: Instant,
    /// End.
    pub to: Instant,
    /// What was counted.
    pub sample: &'a ReplicaSample,
}

impl Spell<'_> {
    /// The part of it that lies in a window, if any does.
    pub fn within(&self, window: &Window) -> Option<Self> {
        let (from, to) = (self.from.max(window.from), self.to.min(window.to));
        (from < to).then_some(Spell { from, to, ..*self })
    }
}

/// The spells of a workload, from its first pod on: every run begins without pods, which says nothing. A workload that
/// never has one has its spells from the beginning.
pub fn spells<'a>(recording: &'a Recording, workload: WorkloadId, window: &Window) -> Vec<Spell<'a>> {
    let own = recording.replicas.iter().filter(|sample| sample.workload == workload);
    let samples: Vec<&ReplicaSample> = own.collect();
    let first = samples.iter().position(|sample| sample.current > 0).unwrap_or(0);
    let samples = &samples[first..];
    let ends = samples.iter().skip(1).map(|next| next.at).chain([window.to]);
    samples.iter().zip(ends).map(|(&sample, to)| Spell { from: sample.at, to, sample }).collect()
}

/// The longest time without a break in which R was not 1, and in whose spells it was found. Its counts are the first.
pub fn longest_away<'a, 's: 'a>(lanes: impl Iterator<Item = &'a [Spell<'s>]>) -> Option<(usize, Spell<'s>)> {
    let stretches = lanes.enumerate().flat_map(|(row, spells)| {
        let away = spells.split(|spell| spell.sample.desired == spell.sample.current);
        let whole = |stretch: &[Spell<'s>]| Some(Spell { to: stretch.last()?.to, ..*stretch.first()? });
        away.filter_map(whole).map(move |stretch| (row, stretch))
    });
    stretches.reduce(|longest, other| {
        let length = |(_, spell): &(usize, Spell)| spell.to - spell.from;
        if length(&other) > length(&longest) { other } else { longest }
    })
}
