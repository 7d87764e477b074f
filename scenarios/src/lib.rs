//! Files in, results out: manifests and scenarios to validated input, sweeps, statistics.

pub mod statistics;
pub mod summary;
