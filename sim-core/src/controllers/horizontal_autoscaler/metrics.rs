//! What the metrics of an autoscaler ask for, from the pods of its target and their samples.
//!
//! Upstream: `computeReplicasForMetric` in `pkg/controller/podautoscaler/horizontal.go`.

use super::replicas::{by_average_value, by_pod_average, by_utilization, by_value};
use super::{CpuRules, Group, MetricError, PodMetric, PodView, Proposal, ReadyCondition, group};
use crate::moment::Moment;
use crate::spec::{Autoscaler, Metric, MetricSource, MetricTarget, Resource, WorkloadKind};
use crate::world::api::{Api, Pod, PodPhase};
use crate::world::metrics::{Metrics, PodSample};

/// What a pass may look at.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The moment.
    pub moment: &'a Moment<'a>,
    /// Objects.
    pub api: &'a Api,
    /// Samples.
    pub metrics: &'a Metrics,
}

/// `spec.replicas` and `status.replicas` of the scale subresource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Desired.
    pub replicas: u32,
    /// Current.
    pub current: u32,
}

impl View<'_> {
    /// The target's scale subresource; none before its object is created.
    pub fn scale(&self, spec: &Autoscaler) -> Option<Scale> {
        let sets = self.api.sets_of(spec.target);
        let of_sets: u32 = sets.iter().map(|set| self.api.set(*set).active).sum();
        let current = of_sets + self.api.roster(spec.target).active;
        let replicas = match self.moment.model.workload(spec.target).kind {
            WorkloadKind::Deployment(_) => self.api.deployment(spec.target)?.replicas,
            WorkloadKind::StatefulSet(_) => self.api.stateful_set(spec.target)?.replicas,
            _ => self.api.set(*sets.first()?).replicas,
        };
        Some(Scale { replicas, current })
    }

    /// What one metric asks for.
    pub fn proposal(
        &self,
        spec: &Autoscaler,
        metric: &Metric,
        scale: Scale,
    ) -> Result<Proposal, MetricError> {
        match &metric.source {
            MetricSource::Unavailable => Err(MetricError::Unavailable),
            MetricSource::Given(series) => {
                Ok(self.of_value(spec, series.at(self.moment.now).0, metric, scale))
            }
            MetricSource::ServiceRequests(service) => {
                let traffic = &self.moment.model.service(*service).traffic;
                Ok(self.of_value(spec, traffic.at(self.moment.now).0, metric, scale))
            }
            MetricSource::PodRequests => {
                let pods = self.pods(spec, None, None, |sample| sample.requests);
                of_pods(&pods, metric.target, spec, scale)
            }
            MetricSource::Resource { resource, serving, request } => {
                let timing = &self.moment.model.scenario().timing;
                let rules = CpuRules {
                    initialization_period: timing.hpa_cpu_initialization_period,
                    initial_readiness_delay: timing.hpa_initial_readiness_delay,
                };
                let rules = (*resource == Resource::Cpu).then_some(rules);
                let usage = |sample: &PodSample| match (serving, resource) {
                    (false, _) => 0,
                    (true, Resource::Cpu) => sample.cpu,
                    (true, Resource::Memory) => sample.memory,
                };
                of_pods(&self.pods(spec, rules, *request, usage), metric.target, spec, scale)
            }
        }
    }

    fn of_value(&self, spec: &Autoscaler, value: f64, metric: &Metric, scale: Scale) -> Proposal {
        let value = (value * 1000.0).round() as u64;
        match metric.target {
            MetricTarget::Value(target) => {
                let ready = self.ready_pods(spec);
                let replicas = by_value(value, target, ready, scale.replicas, spec.tolerances);
                Proposal { replicas, shown: value }
            }
            MetricTarget::AverageValue(target) => {
                by_average_value(value, target, scale.current, spec.tolerances)
            }
            MetricTarget::Utilization(_) => unreachable!("only resources have a utilization"),
        }
    }

    /// Pods that share a value that is not theirs: `getReadyPodsCount`.
    fn ready_pods(&self, spec: &Autoscaler) -> u32 {
        let pods = self.api.pods_of(spec.target).map(|pod| self.api.expect_pod(pod));
        pods.filter(|pod| pod.ready && pod.phase == PodPhase::Running).count() as u32
    }

    fn pods(
        &self,
        spec: &Autoscaler,
        cpu: Option<CpuRules>,
        request: Option<u64>,
        usage: impl Fn(&PodSample) -> u64,
    ) -> Vec<PodMetric> {
        let metric = |pod| {
            let sample = self.metrics.of(pod);
            let taken = sample.map(|(_, taken)| taken);
            let group = group(&view(self.api.expect_pod(pod)), taken, cpu, self.moment.now);
            PodMetric { group, usage: sample.map_or(0, |(sample, _)| usage(&sample)), request }
        };
        let listed = self.api.pods_of(spec.target).map(metric);
        // Skipped pods take no part at all.
        listed.filter(|pod| pod.group != Group::Skipped).collect()
    }
}

fn of_pods(
    pods: &[PodMetric],
    target: MetricTarget,
    spec: &Autoscaler,
    scale: Scale,
) -> Result<Proposal, MetricError> {
    match target {
        MetricTarget::Utilization(percent) => by_utilization(pods, percent, scale.replicas, spec.tolerances),
        MetricTarget::AverageValue(target) | MetricTarget::Value(target) => {
            by_pod_average(pods, target, scale.replicas, spec.tolerances)
        }
    }
}

/// A kubelet writes the conditions when it first sees the pod.
fn view(pod: &Pod) -> PodView {
    let ready = ReadyCondition { holds: pod.ready, since: pod.ready_since };
    PodView {
        terminating: pod.deletion.is_some(),
        phase: pod.phase,
        started: pod.started,
        ready: pod.started.map(|_| ready),
    }
}
