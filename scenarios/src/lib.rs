//! Files in, results out: manifests and scenarios to validated input, sweeps, statistics.
//!
//! [`load`] reads the inputs into [`Loaded`]; [`Loaded::scenario`] compiles them, with the overrides of one design
//! point, to what `sim-core` runs; [`Loaded::sweep`] tells which design points there are.

pub mod catalog;
pub mod compare;
pub mod compile;
pub mod diagnostic;
pub mod document;
pub mod duration;
pub mod experiment;
mod files;
pub mod fit;
mod load;
mod manifest;
pub mod one_run;
pub mod plan;
pub mod presets;
pub mod quantity;
mod quantity_value;
pub mod record;
pub mod remedy;
pub mod runner;
#[cfg(test)]
mod sample;
mod samples;
mod scalar;
pub mod scenario_file;
mod schema;
pub mod sensitivity;
pub mod set;
pub mod source;
mod special;
pub mod statistics;
pub mod summarize;
pub mod summary;
pub mod sweep;
mod sweep_spec;
mod table;
pub mod trace;
pub mod tree;
mod typed;
pub mod until;

pub use compile::Compiled;
pub use diagnostic::Diagnostic;
pub use load::{Input, Loaded, Options, load, read_source};
pub use manifest::{Unmodelled, unmodelled};
pub use schema::schema;
pub use set::Path;
pub use sweep_spec::{Factor, Level, SweepSpec};

/// The explanation of a diagnostic's code such as `N014`.
pub fn explain(code: &str) -> Option<&'static str> {
    diagnostic::codes::explain(code).map(|code| code.explanation)
}
