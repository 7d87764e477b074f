//! Timings in a scenario file: any field of [`sim_core::spec::Timing`] that differs from upstream's default.

use schemars::JsonSchema;
use serde::Deserialize;
use sim_core::spec::Timing;
use sim_core::time::Span;

use crate::duration::Duration;
use crate::quantity_value::QuantityValue;
use crate::scenario_file::Share;

/// A timing with the default that applies where a scenario does not set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimingDefault {
    /// Its name below `scenario.spec.timing`.
    pub field: String,
    /// The value, as it would be written there.
    pub value: String,
    /// What it means.
    pub meaning: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

/// Declares the fields that have the same name and meaning in the file and in the model.
macro_rules! timings {
    ($($field:ident: $type:ty => $get:expr, $meaning:literal, $source:literal;)*) => {
        /// Timings of control plane, nodes, network and load balancer; all optional.
        #[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", default)]
        pub struct TimingFile {
            $(#[doc = $meaning] pub $field: Option<$type>,)*
            #[doc = "Nodes per second and zone that get their NoExecute taint."]
            pub node_eviction_rate: Option<f64>,
            #[doc = "The same in a large zone that is partly disrupted."]
            pub secondary_node_eviction_rate: Option<f64>,
            #[doc = "Share of a zone's nodes that must be down for it to count as partly disrupted."]
            pub unhealthy_zone_threshold: Option<Share>,
            #[doc = "Bytes pulled per second from the image registry."]
            pub pull_bytes_per_second: Option<QuantityValue>,
        }

        impl TimingFile {
            /// Changes the fields of `timing` that are given here.
            pub fn apply(&self, timing: &mut Timing) {
                $(if let Some(value) = self.$field { timing.$field = $get(value); })*
                self.apply_converted(timing);
            }
        }

        /// All timings, with what applies to Kubernetes 1.`minor`.
        pub fn timing_defaults(minor: u32) -> Vec<TimingDefault> {
            let timing = Timing::for_kubernetes(minor);
            let same = [$(default(stringify!($field), timing.$field.written(), $meaning, $source)),*];
            same.into_iter().chain(converted_defaults(&timing)).collect()
        }
    };
}

timings! {
    api_write: Duration => span, "API write until stored and visible to readers.",
        "assumption: etcd's disk sync takes 2 to 10 ms";
    watch: Duration => span, "Watch delivery from the API server to a client.", "assumption";
    controller_reaction: Duration => span, "A controller's time between notice and write.", "assumption";
    scheduling: Duration => span, "One scheduling decision and its binding.",
        "assumption: about 65 pods a second, as an unloaded kube-scheduler does";
    lease_renewal: Duration => span, "Kubelet lease renewal.",
        "0.25 x nodeLeaseDurationSeconds (40 s), KubeletConfiguration";
    node_monitor_period: Duration => span, "The node controller looks at all nodes this often.",
        "kube-controller-manager --node-monitor-period";
    node_monitor_grace_period: Duration => span, "A node silent for this long turns Unknown.",
        "kube-controller-manager --node-monitor-grace-period: 40s up to 1.31, 50s from 1.32 on (kubernetes/kubernetes#126287)";
    large_cluster_size_threshold: u32 => u32::from, "A zone with more nodes than this is large.",
        "kube-controller-manager --large-cluster-size-threshold";
    pod_gc_period: Duration => span, "Pod garbage collection looks for pods of deleted nodes this often.",
        "gcCheckPeriod, pkg/controller/podgc";
    kubelet_start: Duration => span, "From power to a kubelet that reports; the boot before it is part of the repair time.",
        "assumption";
    node_ready: Duration => span, "From kubelet start to Ready.", "assumption: runtime and network plugin start";
    pleg_relist: Duration => span, "The kubelet looks for containers that have ended this often.",
        "genericPlegRelistPeriod, pkg/kubelet";
    sandbox: Duration => span, "Sandbox and pod network.", "assumption: 0.3 to 0.8 s with common network plugins";
    container_start: Duration => span, "From container creation to a running process.", "assumption: 0.2 to 0.5 s";
    pull_latency: Duration => span, "Fixed part of an image pull, and of asking the registry.", "assumption";
    max_parallel_image_pulls: u32 => u32::from, "Pulls under way at once on a node.",
        "KubeletConfiguration serializeImagePulls (true), maxParallelImagePulls";
    image_backoff_initial: Duration => span, "First delay after an image could not be pulled.",
        "imageBackOffPeriod, pkg/kubelet";
    image_backoff_max: Duration => span, "Greatest delay after an image could not be pulled.",
        "MaxImageBackOff, pkg/kubelet";
    volume_attach: Duration => span, "From the request to attach a volume until it is.", "assumption: 5 to 15 s in clouds";
    volume_detach: Duration => span, "The same for detaching it.", "assumption: 5 to 15 s in clouds";
    volume_mount: Duration => span, "From an attached volume to one that containers can use.", "assumption: 1 to 3 s";
    volume_force_detach: Duration => span, "A volume not unmounted within this is taken from a node that is not ready.",
        "maxWaitForUnmountDuration, pkg/controller/volume/attachdetach";
    crash_backoff_initial: Duration => span, "First crash-loop delay.", "initialBackoff, pkg/kubelet";
    crash_backoff_max: Duration => span, "Greatest crash-loop delay.",
        "MaxContainerBackOff, pkg/kubelet; KubeletConfiguration crashLoopBackOff.maxContainerRestartPeriod";
    crash_backoff_reset: Duration => span, "Running this long makes the back-off start anew.",
        "twice MaxContainerBackOff, client-go/util/flowcontrol";
    job_sync_batch_period: Duration => span, "A Job acts on news of its pods this much later.",
        "SyncJobBatchPeriod, pkg/controller/job";
    job_backoff_initial: Duration => span, "First delay before a Job replaces a failed pod.",
        "DefaultJobPodFailureBackOff, pkg/controller/job";
    job_backoff_max: Duration => span, "Greatest delay before a Job replaces a failed pod.",
        "MaxJobPodFailureBackOff, pkg/controller/job";
    cron_job_delay: Duration => span, "From a moment of a schedule until its CronJob is looked at.",
        "nextScheduleDelta, pkg/controller/cronjob";
    scheduler_backoff_initial: Duration => span, "First delay of a pod that could not be scheduled.",
        "KubeSchedulerConfiguration podInitialBackoffSeconds";
    scheduler_backoff_max: Duration => span, "Greatest delay of a pod that could not be scheduled.",
        "KubeSchedulerConfiguration podMaxBackoffSeconds";
    scheduler_unschedulable_flush: Duration => span, "Unschedulable pods are tried again at the latest after this.",
        "kube-scheduler --pod-max-in-unschedulable-pods-duration";
    drain_retry: Duration => span, "A drain asks for a refused eviction again after this.",
        "evictPods, kubectl/pkg/drain";
    drain_poll: Duration => span, "A drain looks this often whether an evicted pod is gone.",
        "waitForDelete, kubectl/pkg/drain";
    proxy_min_sync_period: Duration => span, "Least time from the end of a kube-proxy's sync to the start of its next.",
        "KubeProxyConfiguration iptables.minSyncPeriod";
    proxy_programming: Duration => span, "Time that a kube-proxy needs for a sync.", "assumption";
    ingress_sync_period: Duration => span, "Ingress controller: least time from the start of a sync to the start of its next.",
        "ingress-nginx --sync-rate-limit: 0.3 a second";
    ingress_programming: Duration => span, "Ingress controller: from a sync to all of its workers.",
        "assumption: workers of ingress-nginx look once a second, BACKENDS_SYNC_INTERVAL in balancer.lua";
    lb_interval: Duration => span, "Load balancer: gap between two health checks of a node.",
        "GKE, L4 services: gceHcCheckIntervalSeconds";
    lb_timeout: Duration => span, "Load balancer: a check unanswered for this has failed.",
        "GKE, L4 services: gceHcTimeoutSeconds";
    lb_healthy_threshold: u32 => u32::from, "Load balancer: successes in a row until a node takes traffic.",
        "GKE, L4 services: gceHcHealthyThreshold";
    lb_unhealthy_threshold: u32 => u32::from, "Load balancer: failures in a row until a node takes none.",
        "GKE, L4 services: gceHcUnhealthyThreshold";
    lb_propagation: Duration => span, "Load balancer: from its decision to all of its front ends.", "assumption";
    hpa_sync_period: Duration => span, "A HorizontalPodAutoscaler looks at its metrics this often.",
        "kube-controller-manager --horizontal-pod-autoscaler-sync-period";
    hpa_cpu_initialization_period: Duration => span, "A younger pod's CPU counts only once it has been Ready for a whole sample.",
        "kube-controller-manager --horizontal-pod-autoscaler-cpu-initialization-period";
    hpa_initial_readiness_delay: Duration => span, "A pod that turned unready within this of its start was never ready.",
        "kube-controller-manager --horizontal-pod-autoscaler-initial-readiness-delay";
    hpa_downscale_stabilization: Duration => span, "Scaling down takes the highest recommendation of this time.",
        "kube-controller-manager --horizontal-pod-autoscaler-downscale-stabilization";
    metric_resolution: Duration => span, "Metrics-server scrapes all nodes this often.",
        "metrics-server --metric-resolution";
    metric_min_age: Duration => span, "A process that has run for less than this has no CPU sample.",
        "freshContainerMinMetricsResolution, pkg/storage of metrics-server";
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

fn converted_defaults(timing: &Timing) -> [TimingDefault; 4] {
    let rate = |gap: Span| (1.0 / gap.as_secs_f64()).to_string();
    let threshold = f64::from(timing.unhealthy_zone_threshold_milli) / 1000.0;
    [
        default(
            "node_eviction_rate",
            rate(timing.eviction_gap),
            "Nodes per second and zone that get their NoExecute taint.",
            "kube-controller-manager --node-eviction-rate",
        ),
        default(
            "secondary_node_eviction_rate",
            rate(timing.secondary_eviction_gap),
            "The same in a large zone that is partly disrupted; in a small one none does.",
            "kube-controller-manager --secondary-node-eviction-rate",
        ),
        default(
            "unhealthy_zone_threshold",
            threshold.to_string(),
            "Share of a zone's nodes that must be down, and at least three, for it to count as partly disrupted.",
            "kube-controller-manager --unhealthy-zone-threshold",
        ),
        default(
            "pull_bytes_per_second",
            format!("{}M", timing.pull_bytes_per_second / 1_000_000),
            "Bytes pulled per second from the image registry.",
            "assumption",
        ),
    ]
}

fn default(field: &str, value: String, meaning: &'static str, source: &'static str) -> TimingDefault {
    TimingDefault { field: camel_case(field), value, meaning, source }
}

fn camel_case(field: &str) -> String {
    let mut words = field.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

/// A value as it is written in a scenario file.
trait Written {
    fn written(&self) -> String;
}

impl Written for u32 {
    fn written(&self) -> String {
        self.to_string()
    }
}

impl Written for Span {
    fn written(&self) -> String {
        let millis = self.0 / 1_000_000;
        if millis.is_multiple_of(1000) { format!("{}s", millis / 1000) } else { format!("{millis}ms") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the table says, written into a scenario, changes nothing.
    #[test]
    fn every_default_is_what_applies_anyway() {
        for minor in [31, 35] {
            let text: String = timing_defaults(minor)
                .iter()
                .map(|default| format!("{}: {}\n", default.field, default.value))
                .collect();
            let node = crate::document::own_text("test", &text).unwrap();
            let file: TimingFile = crate::tree::decode::decode(&node).value.unwrap();
            let mut timing = Timing { kubernetes_minor: minor, ..nothing() };
            file.apply(&mut timing);
            assert_eq!(timing, Timing::for_kubernetes(minor));
        }
    }

    fn nothing() -> Timing {
        let mut timing = Timing::for_kubernetes(35);
        timing.eviction_gap = Span::ZERO;
        timing.secondary_eviction_gap = Span::ZERO;
        timing.unhealthy_zone_threshold_milli = 0;
        timing.pull_bytes_per_second = 0;
        timing.watch = Span::ZERO;
        timing.node_monitor_grace_period = Span::ZERO;
        timing.lb_interval = Span::ZERO;
        timing
    }
}
