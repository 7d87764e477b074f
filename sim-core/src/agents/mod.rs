//! What runs on machines and in the cloud: each sees its own machine, and asks the API like anyone else.

mod container_run;
pub mod etcd;
pub mod images;
pub mod kubelet;
pub mod lease;
pub mod load_balancer;
pub mod plan;
pub mod probes;
pub mod proxies;
