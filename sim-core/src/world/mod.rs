//! Two worlds, one bridge: [`physical`] is what is, [`api`] is what is known.

pub mod api;
pub mod control_plane;
pub mod metrics;
pub mod physical;
