//! Computed against ticked: heartbeats, monitor passes, probes, health checks and starts of proxies' syncs are never
//! events in the simulator. Here each is played tick by tick, naively, and must lead to the same instants.

mod balancer;
mod naive;
mod nodes;
mod probes;
mod proxies;
#[path = "../support/mod.rs"]
mod support;
