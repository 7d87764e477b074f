//! kube-scheduler: where a pod goes, and when a pod is tried again. Source: `pkg/scheduler`.
//!
//! Nothing here knows the engine. What is fixed by the scenario is in [`Tables`], built once; what changes in a
//! run is kept up to date by small steps, so that a decision is one walk over plain arrays.

mod cluster;
mod confines;
mod cycle;
mod dry_run;
mod filter;
mod images;
mod nomination;
pub mod preemption;
mod queue;
mod room;
mod score;
mod select;
mod spread_score;
mod tables;
mod taints;

pub use confines::Confines;
pub use dry_run::{Occupant, Preemption};
pub use filter::{Reason, Rejections};
pub use nomination::Candidate;
pub use queue::{Events, Queue};
pub use score::{
    Plugin, balanced_allocation, image_locality, least_allocated, normalize, normalize_affinity,
    normalize_spread,
};
pub use select::{Decision, Explanation, Scheduler, feasible_nodes_to_find};
pub use tables::Tables;
pub(crate) use tables::admits;
pub use taints::{NodeTaints, tolerates};
