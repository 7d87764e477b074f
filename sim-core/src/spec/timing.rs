//! Timings of the cluster's own machinery. Each carries its upstream flag; `docs/model.md` lists them with their sources.

use serde::Serialize;

use crate::time::Span;

/// Timings of control plane, nodes, network and load balancer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Timing {
    /// Kubernetes minor version of 1.x that the defaults follow.
    pub kubernetes_minor: u32,
    /// API write until stored and visible to readers (etcd syncs its disk in 2 to 10 ms).
    pub api_write: Span,
    /// Watch delivery from the API server to a client.
    pub watch: Span,
    /// A controller's queue and compute time between notice and write.
    pub controller_reaction: Span,
    /// One scheduling decision and its binding.
    pub scheduling: Span,
    /// Kubelet lease renewal, 0.25 x `nodeLeaseDurationSeconds`.
    pub lease_renewal: Span,
    /// `--node-monitor-period`.
    pub node_monitor_period: Span,
    /// `--node-monitor-grace-period`.
    pub node_monitor_grace_period: Span,
    /// `--node-eviction-rate`, as the gap between two nodes of a zone.
    pub eviction_gap: Span,
    /// `--secondary-node-eviction-rate`, likewise.
    pub secondary_eviction_gap: Span,
    /// `--large-cluster-size-threshold`.
    pub large_cluster_size_threshold: u32,
    /// `--unhealthy-zone-threshold`, in thousandths.
    pub unhealthy_zone_threshold_milli: u32,
    /// Period of pod garbage collection (`gcCheckPeriod`).
    pub pod_gc_period: Span,
    /// From power to a kubelet that reports (OS and kubelet start are part of the repair time).
    pub kubelet_start: Span,
    /// From kubelet start to Ready=True (network plugin, runtime).
    pub node_ready: Span,
    /// Kubelet's PLEG relist: a container exit is noticed within this.
    pub pleg_relist: Span,
    /// Sandbox and pod network.
    pub sandbox: Span,
    /// From container creation to a running process.
    pub container_start: Span,
    /// Fixed part of an image pull, and of asking the registry.
    pub pull_latency: Span,
    /// Bytes pulled per second.
    pub pull_bytes_per_second: u64,
    /// Pulls under way at once on a node (kubelet `maxParallelImagePulls`; 1 is `serializeImagePulls`).
    pub max_parallel_image_pulls: u32,
    /// Kubelet's first delay after a pull that failed.
    pub image_backoff_initial: Span,
    /// Kubelet's greatest delay after pulls that failed.
    pub image_backoff_max: Span,
    /// From the request to attach a volume to a node until it is.
    pub volume_attach: Span,
    /// The same for detaching it.
    pub volume_detach: Span,
    /// From an attached volume to one that containers can use.
    pub volume_mount: Span,
    /// A volume that is not unmounted within this is detached from a node that is not ready
    /// (`maxWaitForUnmountDuration`).
    pub volume_force_detach: Span,
    /// Kubelet's first crash-loop delay.
    pub crash_backoff_initial: Span,
    /// Kubelet's greatest crash-loop delay (`maxContainerRestartPeriod`).
    pub crash_backoff_max: Span,
    /// Running this long makes the back-off start anew (2 x the upstream maximum of 300 s).
    pub crash_backoff_reset: Span,
    /// A Job is looked at again this long after news of its pods (`syncJobBatchPeriod`).
    pub job_sync_batch_period: Span,
    /// Delay before a Job replaces a failed pod, after the first failure (`DefaultJobPodFailureBackOff`).
    pub job_backoff_initial: Span,
    /// Greatest such delay (`MaxJobPodFailureBackOff`).
    pub job_backoff_max: Span,
    /// A CronJob is looked at this long after each moment of its schedule (`nextScheduleDelta`).
    pub cron_job_delay: Span,
    /// Scheduler's `podInitialBackoffSeconds`.
    pub scheduler_backoff_initial: Span,
    /// Scheduler's `podMaxBackoffSeconds`.
    pub scheduler_backoff_max: Span,
    /// Unschedulable pods are retried at the latest after this (`podMaxInUnschedulablePodsDuration`).
    pub scheduler_unschedulable_flush: Span,
    /// kubectl asks for a refused eviction again after this (`evictPods` in kubectl/pkg/drain/drain.go).
    pub drain_retry: Span,
    /// kubectl looks this often whether an evicted pod is gone (`waitForDelete`, likewise).
    pub drain_poll: Span,
    /// kube-proxy `minSyncPeriod`: at least so long from the end of a sync to the start of the next.
    pub proxy_min_sync_period: Span,
    /// Time that a kube-proxy needs for a sync.
    pub proxy_programming: Span,
    /// Ingress controller: at least so long from the start of one sync to the start of the next, `--sync-rate-limit`.
    pub ingress_sync_period: Span,
    /// Ingress controller: from a sync to all of its workers.
    pub ingress_programming: Span,
    /// Cloud load balancer: gap between two health checks of a node.
    pub lb_interval: Span,
    /// Cloud load balancer: a check unanswered for this has failed.
    pub lb_timeout: Span,
    /// Cloud load balancer: successes in a row until a node takes traffic.
    pub lb_healthy_threshold: u32,
    /// Cloud load balancer: failures in a row until a node takes none.
    pub lb_unhealthy_threshold: u32,
    /// Cloud load balancer: from its decision to all of its front ends.
    pub lb_propagation: Span,
    /// `--horizontal-pod-autoscaler-sync-period`.
    pub hpa_sync_period: Span,
    /// `--horizontal-pod-autoscaler-cpu-initialization-period`.
    pub hpa_cpu_initialization_period: Span,
    /// `--horizontal-pod-autoscaler-initial-readiness-delay`.
    pub hpa_initial_readiness_delay: Span,
    /// `--horizontal-pod-autoscaler-downscale-stabilization`, for autoscalers without `spec.behavior`.
    pub hpa_downscale_stabilization: Span,
    /// metrics-server `--metric-resolution`.
    pub metric_resolution: Span,
    /// A process that runs for less than this has no sample (metrics-server, `freshContainerMinMetricsResolution`).
    pub metric_min_age: Span,
}

impl Timing {
    /// Upstream defaults of Kubernetes 1.`minor`; versions differ in the node monitor's grace period.
    ///
    /// Load balancer figures are GKE's for L4 services: 8 s / 1 s / 1 / 3.
    pub fn for_kubernetes(minor: u32) -> Timing {
        // kubernetes/kubernetes#126287: an HTTP/2 ping needs up to 45 s to notice a dead API server.
        let grace = if minor >= 32 { Span::secs(50) } else { Span::secs(40) };
        Timing {
            kubernetes_minor: minor,
            api_write: Span::millis(10),
            watch: Span::millis(10),
            controller_reaction: Span::millis(10),
            scheduling: Span::millis(15),
            lease_renewal: Span::secs(10),
            node_monitor_period: Span::secs(5),
            node_monitor_grace_period: grace,
            eviction_gap: Span::secs(10),
            secondary_eviction_gap: Span::secs(100),
            large_cluster_size_threshold: 50,
            unhealthy_zone_threshold_milli: 550,
            pod_gc_period: Span::secs(20),
            kubelet_start: Span::secs(1),
            node_ready: Span::secs(9),
            pleg_relist: Span::secs(1),
            sandbox: Span::millis(500),
            container_start: Span::millis(300),
            pull_latency: Span::millis(500),
            pull_bytes_per_second: 50_000_000,
            max_parallel_image_pulls: 1,
            image_backoff_initial: Span::secs(10),
            image_backoff_max: Span::secs(300),
            volume_attach: Span::secs(10),
            volume_detach: Span::secs(10),
            volume_mount: Span::secs(2),
            volume_force_detach: Span::mins(6),
            crash_backoff_initial: Span::secs(10),
            crash_backoff_max: Span::secs(300),
            crash_backoff_reset: Span::secs(600),
            job_sync_batch_period: Span::secs(1),
            job_backoff_initial: crate::controllers::jobs::backoff::DEFAULT_BACKOFF,
            job_backoff_max: crate::controllers::jobs::backoff::MAX_BACKOFF,
            cron_job_delay: Span::millis(100),
            scheduler_backoff_initial: Span::secs(1),
            scheduler_backoff_max: Span::secs(10),
            scheduler_unschedulable_flush: Span::mins(5),
            drain_retry: Span::secs(5),
            drain_poll: Span::secs(1),
            proxy_min_sync_period: Span::secs(1),
            proxy_programming: Span::millis(100),
            ingress_sync_period: Span::millis(3_333),
            ingress_programming: Span::millis(500),
            lb_interval: Span::secs(8),
            lb_timeout: Span::secs(1),
            lb_healthy_threshold: 1,
            lb_unhealthy_threshold: 3,
            lb_propagation: Span::secs(1),
            hpa_sync_period: Span::secs(15),
            hpa_cpu_initialization_period: Span::mins(5),
            hpa_initial_readiness_delay: Span::secs(30),
            hpa_downscale_stabilization: Span::mins(5),
            metric_resolution: Span::secs(15),
            metric_min_age: Span::secs(10),
        }
    }
}
