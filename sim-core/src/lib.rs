//! The model of Nines: nodes, pods, load balancers and controllers of Kubernetes on a seeded event-driven engine.
//!
//! A run is a function of a [`spec::Scenario`] and a seed; it does no I/O, reads no clock and spawns no thread.

pub mod controllers;
pub mod ids;
pub mod model;
pub mod outcome;
pub mod spec;
pub mod time;

pub use model::{Model, Seed, record, run};
