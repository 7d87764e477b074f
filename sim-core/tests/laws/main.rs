//! The simulation against mathematics: cases whose answer has a closed form.
//!
//! `cases.json` holds name, parameters and exact value of each. Every estimate comes with its 99% interval, which must
//! hold the exact value and be narrow enough to mean something; each test says how narrow. Runs are seeded, so what
//! passes once passes always. `--nocapture` shows every estimate.
//!
//! Laws know failure and repair only, so the scenarios switch off what the cluster adds: see [`fleet::quiet`] and
//! [`failover::instant`].
//!
//! Left out, for the model has no such thing: limited repair crews, stand-by units, imperfect failover, requests that
//! retry, queues. Left out as too rare to meet without
//! rare-event methods: 3 of 5 at 0.999, all of 2 or 3 replicas down, loss of all copies.

mod cases;
mod common_cause;
mod control_plane;
mod detection;
mod failover;
mod fleet;
mod k_of_n;
mod renewal;
mod rollouts;
mod series;
mod single;
mod stationary;
mod statistics;
#[path = "../support/mod.rs"]
mod support;
mod zones;
