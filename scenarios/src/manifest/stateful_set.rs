//! StatefulSets.

use k8s_openapi::api::apps::v1::{
    RollingUpdateStatefulSetStrategy, StatefulSet, StatefulSetSpec as StatefulSetFile,
};
use sim_core::spec::{IntOrPercent, PodManagement, StatefulSetSpec, StatefulSetUpdate, WorkloadKind};

use super::check::{Check, is_zero};
use super::storage::Storage;
use super::workload::WorkloadManifest;
use crate::diagnostic::{Diagnostic, codes};
use crate::scenario_file::defaults;
use crate::typed::Typed;

/// A StatefulSet with its claims.
pub(super) fn workload<'a>(
    typed: &'a Typed<'a, StatefulSet>,
    storage: &Storage,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<WorkloadManifest<'a>> {
    let spec = &typed.object.spec;
    let mut check = Check { document: typed.document, diagnostics };
    check.selector(&spec.selector, &spec.template);
    let kind = WorkloadKind::StatefulSet(StatefulSetSpec {
        management: management(spec, &mut check),
        update: update(spec, &mut check),
        start: spec
            .ordinals
            .as_ref()
            .map_or(0, |ordinals| check.count("spec.ordinals.start", ordinals.start.unwrap_or(0))),
        volume: storage.reach(spec.volume_claim_templates.iter().flatten()),
    });
    check.workload(kind, spec.replicas, spec.min_ready_seconds, &spec.template)
}

fn management(spec: &StatefulSetFile, check: &mut Check) -> PodManagement {
    match spec.pod_management_policy.as_deref() {
        None | Some("OrderedReady") => PodManagement::OrderedReady,
        Some("Parallel") => PodManagement::Parallel,
        Some(other) => {
            let message = format!("`{other}` is not OrderedReady or Parallel");
            check.error(&codes::CHOICE, "spec.podManagementPolicy", message);
            PodManagement::OrderedReady
        }
    }
}

fn update(spec: &StatefulSetFile, check: &mut Check) -> StatefulSetUpdate {
    let given = spec.update_strategy.as_ref();
    let named = given.and_then(|strategy| strategy.type_.as_deref());
    if !check.is_rolling("spec.updateStrategy.type", named, "OnDelete") {
        return StatefulSetUpdate::OnDelete;
    }
    let rolling = given.and_then(|strategy| strategy.rolling_update.as_ref());
    let is_filled_in = rolling.is_some() || given.is_none_or(|strategy| strategy.type_.is_none());
    let partition = rolling.and_then(|rolling| rolling.partition).unwrap_or(0);
    let partition = check.count("spec.updateStrategy.rollingUpdate.partition", partition);
    StatefulSetUpdate::RollingUpdate {
        partition: is_filled_in.then_some(partition),
        max_unavailable: Some(max_unavailable(rolling, check)),
    }
}

fn max_unavailable(rolling: Option<&RollingUpdateStatefulSetStrategy>, check: &mut Check) -> IntOrPercent {
    const PATH: &str = "spec.updateStrategy.rollingUpdate.maxUnavailable";
    let given = rolling.and_then(|rolling| rolling.max_unavailable.as_ref());
    let limit = check.int_or_percent(PATH, given, defaults::STATEFUL_MAX_UNAVAILABLE.value);
    if is_zero(limit) {
        check.error(&codes::RANGE, PATH, "maxUnavailable must not be 0".to_owned());
    }
    limit
}
