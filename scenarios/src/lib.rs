//! Files in, results out: manifests and scenarios to validated input, sweeps, statistics.

pub mod plan;
pub mod record;
pub mod runner;
pub mod statistics;
pub mod summarize;
pub mod summary;
pub mod sweep;

#[cfg(test)]
mod sample;
