//! Nines' engine beside three public ones, on exactly the same work.
//!
//! [`work`] holds what is simulated, [`engines`] how each engine is driven. The work tells the engine when to
//! wake which timer, and folds every instant it is woken at into a checksum: equal checksums mean equal work.

pub mod engines;
pub mod work;
