//! The Kubernetes version, and timings that differ from its defaults.

use sim_core::spec::Timing;
use sim_core::time::Span;

use super::report::Report;
use crate::diagnostic::{Diagnostic, codes};
use crate::duration::Duration;
use crate::scenario_file::{ScenarioSpec, Share, defaults};

const OLDEST_MINOR: u32 = 29;
const NEWEST_MINOR: u32 = 35;

/// Timings of the scenario's version with the scenario's own over them.
pub(super) fn timing(spec: &ScenarioSpec, report: &mut Report) -> Timing {
    let version = spec.kubernetes_version.as_deref().unwrap_or(defaults::KUBERNETES_VERSION.value);
    let mut timing = Timing::for_kubernetes(minor(version, report));
    check(spec, report);
    spec.load_balancer.apply(&mut timing);
    spec.timing.apply(&mut timing);
    timing
}

/// The version whose rules apply, whatever there is to say about the one that is asked for.
pub(super) fn known_minor(spec: &ScenarioSpec) -> u32 {
    let version = spec.kubernetes_version.as_deref().unwrap_or(defaults::KUBERNETES_VERSION.value);
    parse_minor(version).map_or(NEWEST_MINOR, |minor| minor.clamp(OLDEST_MINOR, NEWEST_MINOR))
}

fn minor(version: &str, report: &mut Report) -> u32 {
    match rules_of(version) {
        Ok((minor, None)) => minor,
        Ok((minor, Some(note))) => {
            let place = report.node.place_of("spec.kubernetesVersion").clone();
            report.push(Diagnostic::new(&codes::ASSUMED, note).at(&place, ""));
            minor
        }
        Err(message) => {
            report.error(&codes::VERSION, "spec.kubernetesVersion", message);
            NEWEST_MINOR
        }
    }
}

/// The minor version of 1.x by whose rules a Kubernetes version runs, and what is to be said if that is another one;
/// or why there is none.
pub fn rules_of(version: &str) -> Result<(u32, Option<String>), String> {
    let minor = parse_minor(version)
        .filter(|minor| *minor >= OLDEST_MINOR)
        .ok_or_else(|| format!("`{version}` is not a Kubernetes version from 1.{OLDEST_MINOR} on"))?;
    let note =
        || format!("Kubernetes {version} runs by the rules of 1.{NEWEST_MINOR}, the latest that is known");
    Ok((minor.min(NEWEST_MINOR), (minor > NEWEST_MINOR).then(note)))
}

/// The minor version in `1.35`, `v1.35.2` and `1.35.1-gke.3`.
fn parse_minor(version: &str) -> Option<u32> {
    let rest = version.trim().trim_start_matches('v').strip_prefix("1.")?;
    rest.split(['.', '-', '+']).next()?.parse().ok()
}

fn check(spec: &ScenarioSpec, report: &mut Report) {
    let rates = [
        ("nodeEvictionRate", spec.timing.node_eviction_rate),
        ("secondaryNodeEvictionRate", spec.timing.secondary_node_eviction_rate),
    ];
    for (field, rate) in rates {
        if rate.is_some_and(|rate| !(rate > 0.0 && rate.is_finite())) {
            report.error(&codes::RATE, &format!("spec.timing.{field}"), format!("{field} must be positive"));
        }
    }
    let periods = [
        ("leaseRenewal", spec.timing.lease_renewal),
        ("nodeMonitorPeriod", spec.timing.node_monitor_period),
        ("podGcPeriod", spec.timing.pod_gc_period),
        ("lbInterval", spec.timing.lb_interval),
    ];
    for (field, period) in periods {
        if period.is_some_and(|Duration(period)| period == Span::ZERO) {
            report.error(&codes::RANGE, &format!("spec.timing.{field}"), format!("{field} must be positive"));
        }
    }
    let given = |period: Option<Duration>| period.map_or(Span::ZERO, |Duration(period)| period);
    if given(spec.timing.shutdown_grace_period_critical_pods) > given(spec.timing.shutdown_grace_period) {
        report.error(
            &codes::RANGE,
            "spec.timing.shutdownGracePeriodCriticalPods",
            "it is a part of shutdownGracePeriod, and cannot be longer",
        );
    }
    if spec.timing.unhealthy_zone_threshold.is_some_and(|Share(share)| share >= 1.0) {
        report.warn(
            &codes::RANGE,
            "spec.timing.unhealthyZoneThreshold",
            "a zone is then never partly disrupted",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_people_write_them() {
        for (version, minor) in
            [("1.35", Some(35)), ("v1.31.2", Some(31)), ("1.30.1-gke.3", Some(30)), ("2.0", None)]
        {
            assert_eq!(parse_minor(version), minor, "{version}");
        }
    }
}
