//! Probes with upstream's defaults.

use k8s_openapi::api::core::v1;
use sim_core::spec::{Handler, Probe};
use sim_core::time::Span;

use super::pod::PodReport;
use crate::duration::Duration;
use crate::scenario_file::defaults::{self, DefaultValue};

/// A probe, if there is one; `path` is where it stands below the pod's spec.
pub(super) fn probe(given: Option<&v1::Probe>, path: &str, report: &mut PodReport) -> Option<Probe> {
    let given = given?;
    let mut fields = Fields { path, report };
    Some(Probe {
        initial_delay: Span::secs(
            fields.whole("initialDelaySeconds", given.initial_delay_seconds, 0, 0).into(),
        ),
        period: fields.seconds("periodSeconds", given.period_seconds, defaults::PROBE_PERIOD),
        timeout: fields.seconds("timeoutSeconds", given.timeout_seconds, defaults::PROBE_TIMEOUT),
        success_threshold: fields.count(
            "successThreshold",
            given.success_threshold,
            defaults::PROBE_SUCCESSES,
        ),
        failure_threshold: fields.count(
            "failureThreshold",
            given.failure_threshold,
            defaults::PROBE_FAILURES,
        ),
        handler: if given.tcp_socket.is_some() { Handler::Socket } else { Handler::Process },
    })
}

struct Fields<'a, 'r> {
    path: &'a str,
    report: &'a mut PodReport<'r>,
}

impl Fields<'_, '_> {
    fn seconds(&mut self, field: &str, given: Option<i32>, default: DefaultValue) -> Span {
        match given {
            Some(_) => Span::secs(self.whole(field, given, 1, 1).into()),
            None => default.parse::<Duration>().0,
        }
    }

    fn count(&mut self, field: &str, given: Option<i32>, default: DefaultValue) -> u32 {
        self.whole(field, given, default.parse(), 1)
    }

    fn whole(&mut self, field: &str, given: Option<i32>, default: u32, least: u32) -> u32 {
        let path = format!("{}.{field}", self.path);
        given.map_or(default, |given| self.report.at_least(least, &path, given))
    }
}
