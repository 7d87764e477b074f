//! Timings in a scenario file: any field of [`sim_core::spec::Timing`] that differs from upstream's default.

use schemars::JsonSchema;
use serde::Deserialize;
use sim_core::spec::Timing;
use sim_core::time::Span;

use crate::duration::Duration;
use crate::quantity_value::QuantityValue;
use crate::scenario_file::Share;

/// Declares the fields that have the same name and meaning in the file and in the model.
macro_rules! timings {
    ($($field:ident: $type:ty => $get:expr, $doc:literal;)*) => {
        /// Timings of control plane, nodes, network and load balancer; all optional.
        #[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", default)]
        pub struct TimingFile {
            $(#[doc = $doc] pub $field: Option<$type>,)*
            /// `--node-eviction-rate` in nodes per second and zone (upstream 0.1).
            pub node_eviction_rate: Option<f64>,
            /// `--secondary-node-eviction-rate` in nodes per second and zone (upstream 0.01).
            pub secondary_node_eviction_rate: Option<f64>,
            /// `--unhealthy-zone-threshold` (upstream 0.55).
            pub unhealthy_zone_threshold: Option<Share>,
            /// Bytes pulled per second from the image registry (default 50M).
            pub pull_bytes_per_second: Option<QuantityValue>,
        }

        impl TimingFile {
            /// Changes the fields of `timing` that are given here.
            pub fn apply(&self, timing: &mut Timing) {
                $(if let Some(value) = self.$field { timing.$field = $get(value); })*
                self.apply_converted(timing);
            }
        }
    };
}

timings! {
    api_write: Duration => span, "API write until stored and visible to readers.";
    watch: Duration => span, "Watch delivery from the API server to a client.";
    controller_reaction: Duration => span, "A controller's time between notice and write.";
    scheduling: Duration => span, "One scheduling decision and its binding.";
    lease_renewal: Duration => span, "Kubelet lease renewal: 0.25 x nodeLeaseDurationSeconds.";
    node_monitor_period: Duration => span, "`--node-monitor-period`.";
    node_monitor_grace_period: Duration => span, "`--node-monitor-grace-period`.";
    large_cluster_size_threshold: u32 => u32::from, "`--large-cluster-size-threshold`.";
    pod_gc_period: Duration => span, "Pod garbage collection period (upstream gcCheckPeriod).";
    kubelet_start: Duration => span, "From power to a kubelet that reports.";
    node_ready: Duration => span, "From kubelet start to Ready.";
    pleg_relist: Duration => span, "Kubelet PLEG relist period.";
    sandbox: Duration => span, "Sandbox and pod network.";
    container_start: Duration => span, "From container creation to a running process.";
    pull_latency: Duration => span, "Fixed part of an image pull.";
    crash_backoff_initial: Duration => span, "First crash-loop delay.";
    crash_backoff_max: Duration => span, "Greatest crash-loop delay (`maxContainerRestartPeriod`).";
    crash_backoff_reset: Duration => span, "Running this long makes the back-off start anew.";
    scheduler_backoff_initial: Duration => span, "`podInitialBackoffSeconds`.";
    scheduler_backoff_max: Duration => span, "`podMaxBackoffSeconds`.";
    scheduler_unschedulable_flush: Duration => span, "`podMaxInUnschedulablePodsDuration`.";
    proxy_min_sync_period: Duration => span, "Kube-proxy `minSyncPeriod`.";
    proxy_programming: Duration => span, "Time that a kube-proxy needs to program a change.";
    lb_interval: Duration => span, "Load balancer: gap between two health checks of a node.";
    lb_timeout: Duration => span, "Load balancer: a check unanswered for this has failed.";
    lb_healthy_threshold: u32 => u32::from, "Load balancer: successes in a row until a node takes traffic.";
    lb_unhealthy_threshold: u32 => u32::from, "Load balancer: failures in a row until a node takes none.";
    lb_propagation: Duration => span, "Load balancer: from its decision to all of its front ends.";
}

fn span(duration: Duration) -> Span {
    duration.0
}

impl TimingFile {
    /// The fields whose unit upstream's flags express differently.
    fn apply_converted(&self, timing: &mut Timing) {
        let gap = |rate: f64| Span::from_secs_f64(1.0 / rate);
        timing.eviction_gap = self.node_eviction_rate.map_or(timing.eviction_gap, gap);
        timing.secondary_eviction_gap =
            self.secondary_node_eviction_rate.map_or(timing.secondary_eviction_gap, gap);
        if let Some(Share(share)) = self.unhealthy_zone_threshold {
            timing.unhealthy_zone_threshold_milli = (share * 1000.0).round() as u32;
        }
        if let Some(rate) = &self.pull_bytes_per_second {
            timing.pull_bytes_per_second = rate.units();
        }
    }
}
