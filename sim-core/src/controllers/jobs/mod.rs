//! Jobs: pods until enough of them have succeeded, or too many failed.
//!
//! Upstream: `pkg/controller/job`. A sync counts what has finished, once (`finish`); decides whether the Job is to end; if
//! not, makes and deletes pods (`manage`), after a delay that grows with failures (`backoff`).

pub mod backoff;
mod finish;
mod manage;
mod reconcile;

pub use finish::{Finish, Verdict};
pub use manage::{Status, Wants, wants};
pub use reconcile::{Jobs, count};
