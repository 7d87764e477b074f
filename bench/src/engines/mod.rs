//! The engines, each driven the way its own examples do, but with the work in one component: messages between
//! components would cost the others more.

mod desque;
mod nexosim;
mod nines;
mod simcore;

pub use self::desque::Desque;
pub use self::nexosim::Nexosim;
pub use self::nines::Nines;
pub use self::simcore::Simcore;

use crate::work::Work;

/// An engine with some work on it.
pub trait Engine<W: Work> {
    /// Name in tables.
    const NAME: &'static str;
    /// Sets up the work and arms its first timers.
    fn new(work: W) -> Self;
    /// Fires this many more timers.
    fn run(&mut self, events: u64);
    /// Checksum of all that fired.
    fn checksum(&self) -> u64;
}
