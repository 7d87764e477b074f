//! DaemonSets.

use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec as DaemonSetFile};
use sim_core::spec::{DaemonSetSpec, DaemonSetUpdate, TaintEffect, Toleration, WorkloadKind};

use super::check::{Check, is_zero};
use super::workload::WorkloadManifest;
use crate::diagnostic::{Diagnostic, codes};
use crate::scenario_file::defaults;
use crate::typed::Typed;

/// A DaemonSet; how many pods it has depends on the nodes.
pub(super) fn workload<'a>(
    typed: &'a Typed<'a, DaemonSet>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<WorkloadManifest<'a>> {
    let spec = &typed.object.spec;
    let mut check = Check { document: typed.document, diagnostics };
    check.selector(&spec.selector, &spec.template);
    let kind = WorkloadKind::DaemonSet(DaemonSetSpec { update: update(spec, &mut check) });
    check.workload(kind, Some(0), spec.min_ready_seconds, &spec.template)
}

fn update(spec: &DaemonSetFile, check: &mut Check) -> DaemonSetUpdate {
    let given = spec.update_strategy.as_ref();
    let named = given.and_then(|strategy| strategy.type_.as_deref());
    if !check.is_rolling("spec.updateStrategy.type", named, "OnDelete") {
        return DaemonSetUpdate::OnDelete;
    }
    let rolling = given.and_then(|strategy| strategy.rolling_update.as_ref());
    let max_surge = check.int_or_percent(
        "spec.updateStrategy.rollingUpdate.maxSurge",
        rolling.and_then(|rolling| rolling.max_surge.as_ref()),
        defaults::DAEMON_MAX_SURGE.value,
    );
    let max_unavailable = check.int_or_percent(
        "spec.updateStrategy.rollingUpdate.maxUnavailable",
        rolling.and_then(|rolling| rolling.max_unavailable.as_ref()),
        defaults::DAEMON_MAX_UNAVAILABLE.value,
    );
    check_limits(is_zero(max_surge), is_zero(max_unavailable), check);
    DaemonSetUpdate::RollingUpdate { max_surge, max_unavailable }
}

/// Upstream refuses both zero, and both above zero.
fn check_limits(no_surge: bool, none_unavailable: bool, check: &mut Check) {
    if no_surge && none_unavailable {
        check.no_progress("spec.updateStrategy.rollingUpdate", "maxUnavailable 1");
    } else if !no_surge && !none_unavailable {
        let message = "with maxSurge, maxUnavailable must be 0".to_owned();
        check.error(&codes::RANGE, "spec.updateStrategy.rollingUpdate.maxUnavailable", message);
    }
}

/// What the controller adds to its pods: `AddOrUpdateDaemonPodTolerations` in pkg/controller/daemon/util.
pub(super) fn add_tolerations(tolerations: &mut Vec<Toleration>, host_network: bool) {
    let pressure = ["disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"];
    let network = host_network.then_some("network-unavailable");
    let no_execute = ["not-ready", "unreachable"].map(|key| (key, TaintEffect::NoExecute));
    let no_schedule = pressure.into_iter().chain(network).map(|key| (key, TaintEffect::NoSchedule));
    for (key, effect) in no_execute.into_iter().chain(no_schedule) {
        let key = Some(format!("node.kubernetes.io/{key}"));
        let added = Toleration { key, value: None, effect: Some(effect), seconds: None };
        let same = |other: &Toleration| Toleration { seconds: None, ..other.clone() } == added;
        tolerations.retain(|other| !same(other));
        tolerations.push(added);
    }
}
