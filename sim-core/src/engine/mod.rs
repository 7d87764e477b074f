//! The engine: what every event-driven simulation needs, and no Kubernetes rule.

pub mod agenda;

pub use agenda::{Agenda, Slot};
