//! What every process may know: the time, the scenario, and its luck.

use crate::model::Model;
use crate::rng::Luck;
use crate::time::Instant;

/// The moment at which a process is woken.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The time.
    pub now: Instant,
    /// What never changes in a run.
    pub model: &'a Model,
    /// Random numbers, each with an address.
    pub luck: Luck,
}
