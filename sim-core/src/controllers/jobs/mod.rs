//! Jobs: when a failed pod is replaced. Upstream: `pkg/controller/job`.

pub mod backoff;
