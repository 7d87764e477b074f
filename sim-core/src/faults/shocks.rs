//! Common causes: which of the clocks that a shock reaches strike before their time, and when.

use crate::dist::pick_weighted;
use crate::rng::Draw;
use crate::spec::Shock;
use crate::time::Span;

/// The victims of one shock among `clocks`, each with the time from the shock to its failure. No clock occurs twice.
pub fn victims(shock: &Shock, clocks: &[u32], draw: &mut Draw) -> Vec<(u32, Span)> {
    let mut left = clocks.to_vec();
    let count = size(shock, draw).min(left.len());
    let victim = |_| {
        let chosen = draw.below(left.len() as u64) as usize;
        (left.swap_remove(chosen), shock.window.part(draw.unit()))
    };
    (0..count).map(victim).collect()
}

fn size(shock: &Shock, draw: &mut Draw) -> usize {
    if shock.sizes.is_empty() {
        return usize::MAX;
    }
    let weights = shock.sizes.iter().map(|(_, weight)| *weight);
    shock.sizes[pick_weighted(weights, draw)].0 as usize
}
