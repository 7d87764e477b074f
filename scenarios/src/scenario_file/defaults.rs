//! Every value that applies when the input does not say another, with where it comes from. This table is what
//! the compiler reads, so documentation that is printed from it cannot differ from what runs.

use std::str::FromStr;

use crate::document::own_text;
use crate::source::Place;
use crate::tree::{Entry, Node, Value};

/// A default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultValue {
    /// The field that sets it.
    pub field: &'static str,
    /// The value, as it would be written there.
    pub value: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

const ASSUMPTION: &str = "assumption";
const UPSTREAM: &str = "Kubernetes API reference";

macro_rules! table {
    ($($name:ident: $field:literal = $value:expr, $meaning:literal, $source:expr;)*) => {
        $(
            #[doc = $meaning]
            pub const $name: DefaultValue =
                DefaultValue { field: $field, value: $value, meaning: $meaning, source: $source };
        )*

        /// All defaults, in the order of the scenario file.
        pub const TABLE: &[DefaultValue] = &[$($name),*];
    };
}

table! {
    HORIZON: "scenario.spec.horizon" = "1y",
        "simulated span of one run, warm-up included", "objectives are stated per year; 365 days";
    WARM_UP: "scenario.spec.warmUp" = "1h",
        "start of a run that is left out of every measure", "assumption: the first start of all pods takes minutes";
    START: "scenario.spec.start" = "2024-01-01T00:00:00Z",
        "moment at which a run begins, for the schedules of CronJobs", "assumption: a Monday, 00:00 UTC";
    KUBERNETES_VERSION: "scenario.spec.kubernetesVersion" = "1.35",
        "version whose rules and defaults apply", "latest version whose behaviour was checked";
    NODE_POOLS: "scenario.spec.nodePools" = "[{name: node, count: 6, zones: [zone-a, zone-b, zone-c]}]",
        "nodes, if there are neither pools nor Node manifests", "assumption: a small regional cluster";
    NODE_CAPACITY: "scenario.spec.nodePools[].capacity" = "{cpu: 4, memory: 16Gi, pods: 110}",
        "what pods may request on a node", "general-purpose cloud VM of 4 vCPU; 110 pods: kubelet maxPods";
    PROVISION_TIME: "scenario.spec.nodePools[].provisionTime" = "60s",
        "Cluster Autoscaler's request to a machine that starts its kubelet", "assumption: cloud VMs boot in 30 to 90 s";
    SCAN_INTERVAL: "scenario.spec.clusterAutoscaler.scanInterval" = "10s",
        "between two passes", "cluster-autoscaler --scan-interval";
    DELAY_AFTER_ADD: "scenario.spec.clusterAutoscaler.scaleDownDelayAfterAdd" = "10m",
        "no node is removed for so long after one was added", "cluster-autoscaler --scale-down-delay-after-add";
    UNNEEDED_TIME: "scenario.spec.clusterAutoscaler.scaleDownUnneededTime" = "10m",
        "a node is unneeded for so long before it is removed", "cluster-autoscaler --scale-down-unneeded-time";
    UTILIZATION_THRESHOLD: "scenario.spec.clusterAutoscaler.scaleDownUtilizationThreshold" = "50%",
        "a node of which more is requested is needed", "cluster-autoscaler --scale-down-utilization-threshold";
    MAX_PROVISION_TIME: "scenario.spec.clusterAutoscaler.maxNodeProvisionTime" = "15m",
        "a node that has not registered by then is given up", "cluster-autoscaler --max-node-provision-time";
    MAX_TERMINATION: "scenario.spec.clusterAutoscaler.maxGracefulTermination" = "10m",
        "greatest grace period of pods on a node that is removed", "cluster-autoscaler --max-graceful-termination-sec";
    OK_UNREADY: "scenario.spec.clusterAutoscaler.okTotalUnreadyCount" = "3",
        "so many unready nodes never stop it", "cluster-autoscaler --ok-total-unready-count";
    MAX_UNREADY: "scenario.spec.clusterAutoscaler.maxTotalUnreadyPercentage" = "45",
        "a greater percentage of unready nodes stops it", "cluster-autoscaler --max-total-unready-percentage";
    EXPENDABLE: "scenario.spec.clusterAutoscaler.expendablePodsPriorityCutoff" = "-10",
        "pods of a lower priority get no node", "cluster-autoscaler --expendable-pods-priority-cutoff";
    CONTROL_PLANE_MEMBERS: "scenario.spec.controlPlane.members" = "3",
        "machines of a control plane that may fail, each with etcd and an API server; without controlPlane it never fails",
        "kubeadm, stacked topology: at least three machines for high availability";
    LEASE_DURATION: "scenario.spec.controlPlane.leaderElectLeaseDuration" = "15s",
        "a leader's lease that is not renewed for this long may be taken",
        "kube-controller-manager, kube-scheduler --leader-elect-lease-duration";
    RENEW_DEADLINE: "scenario.spec.controlPlane.leaderElectRenewDeadline" = "10s",
        "a leader that fails to renew its lease for this long exits",
        "kube-controller-manager, kube-scheduler --leader-elect-renew-deadline";
    RETRY_PERIOD: "scenario.spec.controlPlane.leaderElectRetryPeriod" = "2s",
        "gap between two tries to renew a lease, and, times 1 to 2.2, to take one",
        "kube-controller-manager, kube-scheduler --leader-elect-retry-period; JitterFactor 1.2, client-go";
    ETCD_ELECTION_TIMEOUT: "scenario.spec.controlPlane.etcdElectionTimeout" = "1s",
        "a member of etcd that hears nothing for one to two of these stands for election",
        "etcd --election-timeout 1000; go.etcd.io/raft draws from one to two of it";
    MEMBER_START: "scenario.spec.controlPlane.memberStart" = "20s",
        "power to an etcd member, an API server and candidates that work", ASSUMPTION;
    PROCESS_RESTART: "scenario.spec.controlPlane.processRestart" = "1s",
        "exit of a controller-manager or scheduler until its kubelet has it running again",
        "assumption: one relist of the kubelet; the first restart has no delay";
    INFORMER_SYNC: "scenario.spec.controlPlane.informerSync" = "2s",
        "election of a leader until it has listed everything and begins to act", "assumption: 1 to 10 s with the size of the cluster";
    FAULTS: "scenario.spec.faults" = include_str!("../../catalog/faults/cloud-vm.yaml"),
        "what goes wrong: the faults \"cloud-vm\"", "catalog/faults/cloud-vm.yaml names the source of each figure";
    SPOT_NOTICE: "scenario.spec.faults[].notice" = "2m",
        "notice of a spotInterruption", "Amazon EC2, Spot Instance interruption notices: two minutes";
    STARTUP_TIME: "scenario.spec.pods[].startupTime" = "5s",
        "process start until it answers requests and probes", ASSUMPTION;
    RUN_TIME: "scenario.spec.pods[].runTime" = "1m",
        "start to exit of the containers of Jobs and CronJobs", ASSUMPTION;
    IMAGE_SIZE: "scenario.spec.pods[].imageSize" = "100Mi",
        "compressed size of an image", ASSUMPTION;
    REQUESTS_PER_SECOND: "scenario.spec.pods[].requestsPerSecond" = "inf",
        "requests that one pod can answer", "assumption: capacity is not the limit unless said";
    IDLE_CPU: "scenario.spec.pods[].idleCpu" = "0",
        "CPU that a pod uses without any request", ASSUMPTION;
    CPU_PER_REQUEST: "scenario.spec.pods[].cpuPerRequest" = "0s",
        "CPU time for a request, if `requestsPerSecond` is not set; else at that rate a pod uses its whole CPU request", ASSUMPTION;
    MEMORY_SHARE: "scenario.spec.pods[].memory" = "50%",
        "memory that a pod uses, as a share of its memory request", ASSUMPTION;
    SHUTDOWN_TIME: "scenario.spec.pods[].shutdownTime" = "1s",
        "stop signal to exit of the process", ASSUMPTION;
    SERVES_AFTER_STOP: "scenario.spec.pods[].servesAfterStopSignal" = "0s",
        "time that a stopping process goes on answering", "assumption: the process stops listening at once";
    PRE_STOP: "scenario.spec.pods[].preStop" = "5s",
        "length of a preStop hook that is no sleep", ASSUMPTION;
    POST_START: "scenario.spec.pods[].postStart" = "1s",
        "length of a postStart hook that is no sleep", ASSUMPTION;
    INIT_RUN_TIME: "scenario.spec.pods[].initRunTime" = "2s",
        "start of an init container to its end", ASSUMPTION;
    VOLUME_REACH: "scenario.spec.storageClasses[].reach" = "zone",
        "where the volumes of claims can be used", "assumption: block volumes of a cloud stand in one zone";
    TRAFFIC: "scenario.spec.services[].traffic.requestsPerSecond" = "100",
        "mean requests per second to a Service", "assumption: request availability does not depend on it unless pods have a capacity";
    OUTAGE_BELOW: "scenario.spec.services[].outageBelow" = "99%",
        "an outage is when less of the requests succeeds", ASSUMPTION;
    OBJECTIVE_WINDOW: "scenario.spec.services[].objectives[].window" = "30d",
        "window of an objective", "Site Reliability Workbook, chapter 2: four weeks to a month";
    SURGE_TIMES: "scenario.spec.operations[].times" = "2",
        "how many times the usual rate a surge of traffic is", ASSUMPTION;
    REBOOT: "scenario.spec.operations[].upgrade.reboot" = "3m",
        "machine without power during an upgrade in place", ASSUMPTION;
    PROVISION: "scenario.spec.operations[].upgrade.provision" = "2m",
        "time until a new machine has power", "assumption: clouds give a VM in 1 to 3 min";
    REPETITIONS: "sweep.spec.repetitions" = "100",
        "runs of each design point", ASSUMPTION;
    SEED: "sweep.spec.seed" = "42",
        "seed that all luck comes from", "fixed, so that results repeat";
    REPLICAS: "spec.replicas" = "1",
        "replicas of a Deployment, ReplicaSet, ReplicationController or StatefulSet", UPSTREAM;
    MAX_SURGE: "Deployment spec.strategy.rollingUpdate.maxSurge" = "25%",
        "pods above the desired number during a rollout", UPSTREAM;
    MAX_UNAVAILABLE: "Deployment spec.strategy.rollingUpdate.maxUnavailable" = "25%",
        "pods below the desired number during a rollout", UPSTREAM;
    PROGRESS_DEADLINE: "Deployment spec.progressDeadlineSeconds" = "600s",
        "a rollout without progress for this long has failed", UPSTREAM;
    REVISION_HISTORY: "Deployment spec.revisionHistoryLimit" = "10",
        "old ReplicaSets that are kept", UPSTREAM;
    MIN_REPLICAS: "HorizontalPodAutoscaler spec.minReplicas" = "1",
        "least replicas that an autoscaler leaves", UPSTREAM;
    CPU_UTILIZATION: "HorizontalPodAutoscaler spec.metrics" = "80",
        "percentage of the requested CPU that is the target if there is no metric", "DefaultCPUUtilization, pkg/apis/autoscaling";
    HPA_TOLERANCE: "HorizontalPodAutoscaler spec.behavior.*.tolerance" = "0.1",
        "how far from its target a metric has no consequence", "kube-controller-manager --horizontal-pod-autoscaler-tolerance";
    STATEFUL_MAX_UNAVAILABLE: "StatefulSet spec.updateStrategy.rollingUpdate.maxUnavailable" = "1",
        "pods that an update may make unavailable, from 1.35 on", UPSTREAM;
    DAEMON_MAX_SURGE: "DaemonSet spec.updateStrategy.rollingUpdate.maxSurge" = "0",
        "nodes that may have two pods during an update", UPSTREAM;
    DAEMON_MAX_UNAVAILABLE: "DaemonSet spec.updateStrategy.rollingUpdate.maxUnavailable" = "1",
        "nodes that may be without an available pod during an update", UPSTREAM;
    PARALLELISM: "Job spec.parallelism" = "1",
        "pods of a Job at a time", UPSTREAM;
    COMPLETIONS: "Job spec.completions" = "1",
        "successes until a Job is complete, if parallelism is not given either", UPSTREAM;
    BACKOFF_LIMIT: "Job spec.backoffLimit" = "6",
        "failures that a Job allows", UPSTREAM;
    SUCCESSFUL_JOBS: "CronJob spec.successfulJobsHistoryLimit" = "3",
        "finished Jobs that are kept, of those that succeeded", UPSTREAM;
    FAILED_JOBS: "CronJob spec.failedJobsHistoryLimit" = "1",
        "finished Jobs that are kept, of those that failed", UPSTREAM;
    TERMINATION_GRACE: "Pod spec.terminationGracePeriodSeconds" = "30s",
        "stop signal to kill", UPSTREAM;
    TOLERATION: "Pod spec.tolerations[].tolerationSeconds" = "300s",
        "stay on a node that is not ready or unreachable", "kube-apiserver --default-not-ready-toleration-seconds";
    PROBE_PERIOD: "Pod spec.containers[].*Probe.periodSeconds" = "10s",
        "time between probes", UPSTREAM;
    PROBE_TIMEOUT: "Pod spec.containers[].*Probe.timeoutSeconds" = "1s",
        "a probe unanswered for this long has failed", UPSTREAM;
    PROBE_SUCCESSES: "Pod spec.containers[].*Probe.successThreshold" = "1",
        "successes in a row until ready", UPSTREAM;
    PROBE_FAILURES: "Pod spec.containers[].*Probe.failureThreshold" = "3",
        "failures in a row until not ready or killed", UPSTREAM;
}

impl DefaultValue {
    /// The value as a type that can be parsed from it.
    pub fn parse<T: FromStr>(&self) -> T {
        self.value.parse().ok().expect("a test parses every default")
    }

    /// The value as a tree.
    pub fn node(&self) -> Node {
        own_text(&format!("default of {}", self.field), self.value).expect("a test parses every default")
    }
}

/// Puts default faults, and default nodes unless there are Node manifests, into a scenario that has none, so
/// that paths may change them as if they had been written.
pub(crate) fn fill(scenario: &mut Node, has_nodes: bool) {
    let Value::Map(fields) = &mut scenario.value else { return };
    let empty = Node { place: scenario.place.clone(), value: Value::Map(Vec::new()) };
    fill_entry(fields, "spec", || empty);
    let spec = fields.iter_mut().find(|entry| entry.key == "spec").map(|entry| &mut entry.value.value);
    let Some(Value::Map(fields)) = spec else { return };
    fill_entry(fields, "faults", || FAULTS.node());
    if !has_nodes {
        fill_entry(fields, "nodePools", || NODE_POOLS.node());
    }
}

fn fill_entry(fields: &mut Vec<Entry>, key: &str, value: impl FnOnce() -> Node) {
    fields.retain(|entry| entry.key != key || !entry.value.is_null());
    if !fields.iter().any(|entry| entry.key == key) {
        let value = value();
        fields.push(Entry { key: key.to_owned(), place: value.place.clone(), value });
    }
}

/// Whether a value stands in this table rather than in the input.
pub(crate) fn is_default(place: &Place) -> bool {
    place.source.name.starts_with("default of ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duration::Duration;
    use crate::quantity_value::QuantityValue;
    use crate::scenario_file::{FaultFile, NodePool, ReachFile, Share};
    use crate::tree::decode::decode;

    #[test]
    fn every_default_can_be_read() {
        let trees = [NODE_POOLS, NODE_CAPACITY, FAULTS, VOLUME_REACH];
        for default in TABLE.iter().filter(|default| !trees.contains(default)) {
            let text = default.value;
            let readable = text.parse::<f64>().is_ok()
                || text.parse::<Duration>().is_ok()
                || text.parse::<Share>().is_ok()
                || text.parse::<QuantityValue>().is_ok()
                || text.parse::<jiff::Timestamp>().is_ok();
            assert!(readable, "{}: {text}", default.field);
        }
    }

    #[test]
    fn default_trees_fit_their_types() {
        assert_eq!(decode::<Vec<NodePool>>(&NODE_POOLS.node()).value.unwrap().len(), 1);
        assert_eq!(decode::<Vec<FaultFile>>(&FAULTS.node()).value.unwrap().len(), 3);
        assert_eq!(decode::<ReachFile>(&VOLUME_REACH.node()).value, Some(ReachFile::Zone));
        let capacity = decode::<std::collections::BTreeMap<String, QuantityValue>>(&NODE_CAPACITY.node());
        assert!(capacity.value.unwrap().contains_key("cpu"));
    }

    #[test]
    fn every_default_says_what_it_is_and_where_it_comes_from() {
        for default in TABLE {
            assert!(!default.meaning.is_empty() && !default.source.is_empty(), "{}", default.field);
        }
    }
}
