//! How many replicas one metric asks for. Amounts are in thousandths, as upstream's milli-values.
//!
//! Upstream: `pkg/controller/podautoscaler/replica_calculator.go` and `metrics/utilization.go`. Ratios are floats
//! there and here: the same operations in the same order give the same replicas.

use serde::Serialize;

use super::grouping::Group;

/// How far from its target a metric may be without consequence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Tolerances {
    /// `behavior.scaleDown.tolerance`.
    pub down: f64,
    /// `behavior.scaleUp.tolerance`.
    pub up: f64,
}

impl Default for Tolerances {
    /// `horizontal-pod-autoscaler-tolerance`.
    fn default() -> Tolerances {
        Tolerances { down: 0.1, up: 0.1 }
    }
}

impl Tolerances {
    /// Whether a ratio of usage to target asks for nothing.
    pub fn allow(&self, ratio: f64) -> bool {
        1.0 - self.down <= ratio && ratio <= 1.0 + self.up
    }
}

/// A pod in the calculation, or a sample without a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodMetric {
    /// What becomes of it.
    pub group: Group,
    /// Its sample, if it has one.
    pub usage: u64,
    /// What its containers request together; `None` if one of them requests nothing.
    pub request: Option<u64>,
}

/// What a metric asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Replicas, before any limit.
    pub replicas: u32,
    /// The metric as the status shows it: a percentage, or thousandths per pod.
    pub shown: u64,
}

/// Why a metric asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricError {
    /// No pod has the selector's labels.
    NoPods,
    /// There are samples only of pods that do not count yet.
    NoReadyPods,
    /// No sample is of a pod that is known.
    NoSamples,
    /// A container requests none of the resource.
    MissingRequest,
    /// Nobody serves this metric.
    Unavailable,
}

impl std::fmt::Display for MetricError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            MetricError::NoPods => "no pods returned by selector",
            MetricError::NoReadyPods => "no metrics for ready pods",
            MetricError::NoSamples => "no metrics for known pods",
            MetricError::MissingRequest => "missing request",
            MetricError::Unavailable => "unable to fetch metrics",
        })
    }
}

/// `type: Resource` and `ContainerResource` with `averageUtilization`: `GetResourceReplicas`.
pub fn by_utilization(
    pods: &[PodMetric],
    target_percent: u32,
    current: u32,
    tolerances: Tolerances,
) -> Result<Proposal, MetricError> {
    let listed = || pods.iter().filter(|pod| pod.group != Group::Unlisted);
    if listed().any(|pod| pod.request.is_none()) {
        return Err(MetricError::MissingRequest);
    }
    let measure = |counted: &[PodMetric]| utilization(counted, target_percent);
    // All of its request, or the target if that is more.
    let full = |pod: &PodMetric| pod.request.unwrap_or(0) * u64::from(target_percent.max(100)) / 100;
    recommend(pods, current, tolerances, measure, full)
}

/// `type: Pods`, and `Resource` with `averageValue`: `calcPlainMetricReplicas`.
pub fn by_pod_average(
    pods: &[PodMetric],
    target: u64,
    current: u32,
    tolerances: Tolerances,
) -> Result<Proposal, MetricError> {
    let measure = |counted: &[PodMetric]| Ok(average(counted, target));
    recommend(pods, current, tolerances, measure, |_| target)
}

/// `type: Object` and `External` with `value`: `getUsageRatioReplicaCount`. The ready pods share the value, not
/// the current replicas.
pub fn by_value(value: u64, target: u64, ready_pods: u32, current: u32, tolerances: Tolerances) -> u32 {
    let ratio = value as f64 / target as f64;
    match current {
        0 => ceil(ratio),
        _ if tolerances.allow(ratio) => current,
        _ => ceil(ratio * f64::from(ready_pods)),
    }
}

/// `type: Object` and `External` with `averageValue`: `GetObjectPerPodMetricReplicas`, with `status.replicas`.
pub fn by_average_value(value: u64, target_average: u64, current: u32, tolerances: Tolerances) -> Proposal {
    let ratio = value as f64 / (target_average as f64 * f64::from(current));
    let wanted = ceil(value as f64 / target_average as f64);
    let replicas = if tolerances.allow(ratio) { current } else { wanted };
    Proposal { replicas, shown: value.div_ceil(u64::from(current.max(1))) }
}

/// How much is used, as a share of the target and as the status shows it.
#[derive(Clone, Copy)]
struct Reading {
    ratio: f64,
    shown: u64,
}

/// `GetResourceUtilizationRatio`: the percentage is cut to a whole number before it is divided by its target.
fn utilization(counted: &[PodMetric], target_percent: u32) -> Result<Reading, MetricError> {
    let known = || counted.iter().filter(|pod| pod.group != Group::Unlisted);
    let requested: u64 = known().filter_map(|pod| pod.request).sum();
    if requested == 0 {
        return Err(MetricError::NoSamples);
    }
    let percent = known().map(|pod| pod.usage).sum::<u64>() * 100 / requested;
    Ok(Reading { ratio: percent as f64 / f64::from(target_percent), shown: percent })
}

/// `GetMetricUsageRatio`: the mean is cut to a whole number too.
fn average(counted: &[PodMetric], target: u64) -> Reading {
    let mean = counted.iter().map(|pod| pod.usage).sum::<u64>() / counted.len() as u64;
    Reading { ratio: mean as f64 / target as f64, shown: mean }
}

/// What both kinds share: with every pod counted the ratio decides, else a second ratio in which pods without a
/// sample and unready ones take part with what is assumed of them; `full` is the most that is.
fn recommend(
    pods: &[PodMetric],
    current: u32,
    tolerances: Tolerances,
    measure: impl Fn(&[PodMetric]) -> Result<Reading, MetricError>,
    full: impl Fn(&PodMetric) -> u64,
) -> Result<Proposal, MetricError> {
    let counted = sampled(pods)?;
    let reading = measure(&counted)?;
    let mut all = counted.clone();
    all.extend(pods.iter().filter_map(|pod| assumed(pod, reading.ratio, &full)));
    let replicas = if all.len() == counted.len() {
        let known = counted.iter().filter(|pod| pod.group == Group::Counted).count();
        let wanted = ceil(reading.ratio * known as f64);
        if tolerances.allow(reading.ratio) { current } else { wanted }
    } else {
        let damped = measure(&all)?.ratio;
        let wanted = ceil(damped * all.len() as f64);
        let stays = tolerances.allow(damped) || turns(reading.ratio, damped, current, wanted);
        if stays { current } else { wanted }
    };
    Ok(Proposal { replicas, shown: reading.shown })
}

/// What is assumed of a pod that is not counted: whatever damps the change. Nothing damps none, and an unready pod
/// damps only scaling up.
fn assumed(pod: &PodMetric, ratio: f64, full: impl Fn(&PodMetric) -> u64) -> Option<PodMetric> {
    let usage = match pod.group {
        Group::Missing if ratio < 1.0 => full(pod),
        Group::Missing | Group::Unready if ratio > 1.0 => 0,
        _ => return None,
    };
    Some(PodMetric { usage, ..*pod })
}

/// Whether what was assumed would scale the other way, or more pods would turn fewer replicas into more.
fn turns(ratio: f64, damped: f64, current: u32, wanted: u32) -> bool {
    let down = damped < 1.0 && (ratio > 1.0 || wanted > current);
    let up = damped > 1.0 && (ratio < 1.0 || wanted < current);
    down || up
}

/// Samples that count.
fn sampled(pods: &[PodMetric]) -> Result<Vec<PodMetric>, MetricError> {
    let is_sampled = |pod: &&PodMetric| matches!(pod.group, Group::Counted | Group::Unlisted);
    let counted: Vec<PodMetric> = pods.iter().filter(is_sampled).copied().collect();
    let is = |group| pods.iter().any(|pod| pod.group == group);
    match () {
        () if pods.is_empty() => Err(MetricError::NoPods),
        () if !counted.is_empty() => Ok(counted),
        () if is(Group::Unready) => Err(MetricError::NoReadyPods),
        () => Err(MetricError::NoSamples),
    }
}

/// Replicas are 32-bit integers with a sign upstream.
fn ceil(replicas: f64) -> u32 {
    replicas.ceil().min(f64::from(i32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(group: Group, usage: u64) -> PodMetric {
        PodMetric { group, usage, request: Some(1000) }
    }

    #[test]
    fn a_missing_pod_is_taken_to_use_the_target_if_that_is_above_its_request() {
        let pods = [pod(Group::Counted, 1000), pod(Group::Missing, 0)];
        // 100% of 200% is half; with the missing pod at 200% it is 150% of 200%, so 2 x 0.75 = 1.5 replicas.
        let proposal = by_utilization(&pods, 200, 4, Tolerances::default());
        assert_eq!(proposal, Ok(Proposal { replicas: 2, shown: 100 }));
    }

    #[test]
    fn each_direction_has_its_own_tolerance() {
        let tolerances = Tolerances { down: 0.5, up: 0.0 };
        assert_eq!(by_value(60, 100, 10, 10, tolerances), 10);
        assert_eq!(by_value(49, 100, 10, 10, tolerances), 5);
        assert_eq!(by_value(101, 100, 10, 10, tolerances), 11);
    }

    #[test]
    fn from_zero_the_value_alone_decides() {
        assert_eq!(by_value(2500, 1000, 0, 0, Tolerances::default()), 3);
        assert_eq!(by_value(0, 1000, 0, 0, Tolerances::default()), 0);
        assert_eq!(by_value(u64::MAX, 1, 5, 5, Tolerances::default()), 2_147_483_647);
        let proposal = by_average_value(2500, 1000, 0, Tolerances::default());
        assert_eq!(proposal, Proposal { replicas: 3, shown: 2500 });
    }

    #[test]
    fn samples_without_a_pod_count_as_pods_only_when_others_are_assumed() {
        let pods = [pod(Group::Counted, 3000), pod(Group::Unlisted, 9000)];
        assert_eq!(by_utilization(&pods, 100, 1, Tolerances::default()).unwrap().replicas, 3);
        let pods = [pods[0], pods[1], pod(Group::Missing, 0)];
        // Half of 300%, times three samples.
        assert_eq!(by_utilization(&pods, 100, 1, Tolerances::default()).unwrap().replicas, 5);
    }

    #[test]
    fn exactly_on_target_a_missing_pod_does_not_matter() {
        let pods = [pod(Group::Counted, 1000), pod(Group::Missing, 0)];
        let tolerances = Tolerances::default();
        assert_eq!(by_utilization(&pods, 100, 2, tolerances).unwrap().replicas, 2);
        assert_eq!(by_pod_average(&pods, 1000, 2, tolerances).unwrap().replicas, 2);
    }

    #[test]
    fn without_samples_it_says_why() {
        let error = |pods: &[PodMetric]| by_pod_average(pods, 1, 1, Tolerances::default()).unwrap_err();
        assert_eq!(error(&[]), MetricError::NoPods);
        assert_eq!(error(&[pod(Group::Unready, 5)]), MetricError::NoReadyPods);
        assert_eq!(error(&[pod(Group::Missing, 0)]), MetricError::NoSamples);
    }
}
