//! Kubernetes control loops: what they decide, apart from when they are woken and how they write.

pub mod attach_detach;
pub mod backoff;
pub mod cluster_autoscaler;
pub mod daemon_sets;
pub mod deployments;
pub mod disruption;
pub mod drain;
pub mod endpoint_hints;
pub mod eviction_api;
pub mod eviction_delay;
pub mod horizontal_autoscaler;
pub mod jobs;
pub mod leader_election;
pub mod node_lifecycle;
pub mod node_upgrades;
pub mod pod_gc;
pub mod progress;
pub mod ranking;
pub mod replica_sets;
pub mod rolling;
pub mod scaling;
pub mod scheduler;
pub mod stateful_sets;
pub mod taint_evictions;
pub mod zone_limiter;
pub mod zone_state;
