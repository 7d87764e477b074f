//! Kubernetes control loops: what they decide, apart from when they are woken and how they write.

pub mod backoff;
pub mod eviction_delay;
pub mod progress;
pub mod ranking;
pub mod rolling;
pub mod scaling;
pub mod scheduler;
pub mod zone_state;
