//! Observers watch everything and touch nothing: removing one changes no other number.

pub mod cluster_meter;
pub mod control_plane_meter;
pub mod names;
pub mod service_meter;
pub mod timeline;
pub mod workload_meter;
