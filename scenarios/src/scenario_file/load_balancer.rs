//! The load balancer in a scenario file: health checks as a provider sets them.

use schemars::JsonSchema;
use serde::Deserialize;
use sim_core::spec::Timing;
use sim_core::time::Span;

/// The load balancer in front of Services of type LoadBalancer and NodePort.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct LoadBalancerFile {
    /// Whose health checks it has; fields of `timing` go before. Default: `gke-l4`.
    pub provider: Provider,
}

/// Providers of load balancers, with the health checks that they begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// GKE, Service of type LoadBalancer.
    #[default]
    GkeL4,
    /// Google Cloud, health check of which nothing is said.
    Gcp,
    /// AWS Classic Load Balancer, as the in-tree cloud provider makes it.
    AwsClassic,
    /// AWS Network Load Balancer, with nodes as targets.
    AwsNlb,
    /// AWS Application Load Balancer, with nodes as targets.
    AwsAlb,
    /// Azure Load Balancer, as the cloud provider makes it.
    Azure,
}

/// Health checks of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthChecks {
    /// Its name in a scenario.
    pub provider: &'static str,
    /// Seconds between two checks of a node.
    pub interval: u64,
    /// Seconds until a check has failed.
    pub timeout: u64,
    /// Successes in a row until a node takes traffic.
    pub healthy_threshold: u32,
    /// Failures in a row until a node takes none.
    pub unhealthy_threshold: u32,
    /// Where the figures come from.
    pub source: &'static str,
}

/// All providers, in the order of [`Provider`].
pub const HEALTH_CHECKS: [HealthChecks; 6] = [
    checks(
        "gke-l4",
        [8, 1],
        [1, 3],
        "ingress-gce and cloud-provider-gcp: gceHcCheckIntervalSeconds and the like",
    ),
    checks("gcp", [5, 5], [2, 2], "gcloud compute health-checks create"),
    checks("aws-classic", [10, 5], [2, 6], "cloud-provider-aws: defaultHCInterval and the like"),
    checks(
        "aws-nlb",
        [30, 10],
        [5, 2],
        "Elastic Load Balancing, Network Load Balancers: health check settings, TCP",
    ),
    checks(
        "aws-alb",
        [30, 5],
        [5, 2],
        "Elastic Load Balancing, Application Load Balancers: health check settings",
    ),
    checks(
        "azure",
        [5, 5],
        [1, 2],
        "cloud-provider-azure: probe interval 5 s, 2 probes; time-out: assumption",
    ),
];

const fn checks(
    provider: &'static str,
    [interval, timeout]: [u64; 2],
    [healthy_threshold, unhealthy_threshold]: [u32; 2],
    source: &'static str,
) -> HealthChecks {
    HealthChecks { provider, interval, timeout, healthy_threshold, unhealthy_threshold, source }
}

impl LoadBalancerFile {
    /// Puts the provider's health checks in the place of the default ones.
    pub fn apply(&self, timing: &mut Timing) {
        let checks = HEALTH_CHECKS[self.provider as usize];
        timing.lb_interval = Span::secs(checks.interval);
        timing.lb_timeout = Span::secs(checks.timeout);
        timing.lb_healthy_threshold = checks.healthy_threshold;
        timing.lb_unhealthy_threshold = checks.unhealthy_threshold;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_provider_changes_nothing() {
        let mut timing = Timing::for_kubernetes(35);
        LoadBalancerFile::default().apply(&mut timing);
        assert_eq!(timing, Timing::for_kubernetes(35));
    }

    #[test]
    fn each_provider_has_the_checks_of_its_name() {
        for checks in HEALTH_CHECKS {
            let provider: Provider = serde_json::from_value(checks.provider.into()).expect("its name");
            assert_eq!(HEALTH_CHECKS[provider as usize], checks);
        }
    }
}
