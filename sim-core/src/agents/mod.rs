//! What runs on machines and in the cloud: each sees its own machine, and asks the API like anyone else.

mod container_run;
pub mod endpoint_choice;
pub mod etcd;
pub mod images;
pub mod kubelet;
pub mod lease;
pub mod load_balancer;
pub mod load_balancers;
pub mod node_shutdown;
pub mod plan;
pub mod pod_phase;
pub mod probe_worker;
pub mod probes;
pub mod proxies;
pub mod qos;
pub mod route_table;
