//! Computed against ticked: heartbeats, monitor passes, probes and health checks are never events in the simulator. Here
//! each is played tick by tick, naively, and must lead to the same instants.

mod balancer;
mod naive;
mod nodes;
mod probes;
#[path = "../support/mod.rs"]
mod support;
