//! Kubernetes control loops: what they decide, apart from when they are woken and how they write.

pub mod scheduler;
