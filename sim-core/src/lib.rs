//! The model of Nines: nodes, pods, load balancers and controllers of Kubernetes on a seeded event-driven engine.
//!
//! A run is a function of a [`spec::Scenario`] and a seed; it does no I/O, reads no clock and spawns no thread.

pub mod agents;
pub mod controllers;
mod dist;
pub mod engine;
pub mod faults;
pub mod ids;
pub mod model;
pub mod moment;
pub mod observers;
pub mod outcome;
mod relations;
pub mod rng;
pub mod spec;
pub mod time;
pub mod topology;
pub mod traffic;
pub mod world;

pub use engine::{record, run};
pub use model::{Model, Seed};
