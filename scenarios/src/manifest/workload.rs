//! Workloads of all kinds, reduced to what they have in common.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec as DeploymentFile, ReplicaSet};
use k8s_openapi::api::core::v1::{Pod, PodSpec, ReplicationController};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use sim_core::spec::{DeploymentSpec, Labels, Strategy, WorkloadKind};
use sim_core::time::Span;

use super::check::{Check, is_zero};
use super::labels::labels;
use super::storage::Storage;
use super::{Manifests, daemon_set, job, stateful_set};
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::duration::Duration;
use crate::scenario_file::defaults;
use crate::typed::Typed;

/// A workload whose pod spec is still as in the manifest.
pub(crate) struct WorkloadManifest<'a> {
    pub document: &'a Document,
    pub kind: WorkloadKind,
    pub replicas: u32,
    pub min_ready: Span,
    pub labels: Labels,
    pub pod: &'a PodSpec,
    /// Path of the pod spec in the document.
    pub pod_path: &'static str,
}

/// All workloads, by kind and in order of appearance.
pub(crate) fn compile_workloads<'a>(
    manifests: &'a Manifests<'a>,
    storage: &Storage,
    run_starts: u64,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<WorkloadManifest<'a>> {
    let mut workloads = Vec::new();
    workloads.extend(manifests.deployments.iter().filter_map(|typed| deployment(typed, diagnostics)));
    workloads.extend(manifests.replica_sets.iter().filter_map(|typed| replica_set(typed, diagnostics)));
    workloads
        .extend(manifests.replication_controllers.iter().filter_map(|typed| controller(typed, diagnostics)));
    let stateful_sets = manifests.stateful_sets.iter();
    workloads.extend(stateful_sets.filter_map(|typed| stateful_set::workload(typed, storage, diagnostics)));
    let daemon_sets = manifests.daemon_sets.iter();
    workloads.extend(daemon_sets.filter_map(|typed| daemon_set::workload(typed, diagnostics)));
    workloads.extend(manifests.jobs.iter().filter_map(|typed| job::job(typed, diagnostics)));
    let cron_jobs = manifests.cron_jobs.iter();
    workloads.extend(cron_jobs.filter_map(|typed| job::cron_job(typed, run_starts, diagnostics)));
    workloads.extend(manifests.pods.iter().filter_map(pod));
    workloads
}

fn deployment<'a>(
    typed: &'a Typed<'a, Deployment>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<WorkloadManifest<'a>> {
    let spec = &typed.object.spec;
    let mut check = Check { document: typed.document, diagnostics };
    check.selector(&spec.selector, &spec.template);
    let kind = WorkloadKind::Deployment(deployment_spec(spec, &mut check));
    check.workload(kind, spec.replicas, spec.min_ready_seconds, &spec.template)
}

fn replica_set<'a>(
    typed: &'a Typed<'a, ReplicaSet>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<WorkloadManifest<'a>> {
    let spec = &typed.object.spec;
    let template = spec.template.as_ref()?;
    let mut check = Check { document: typed.document, diagnostics };
    check.selector(&spec.selector, template);
    check.workload(WorkloadKind::ReplicaSet, spec.replicas, spec.min_ready_seconds, template)
}

/// The selector of a ReplicationController defaults to the labels of its template.
fn controller<'a>(
    typed: &'a Typed<'a, ReplicationController>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<WorkloadManifest<'a>> {
    let spec = typed.object.spec.as_ref()?;
    let template = spec.template.as_ref()?;
    let mut check = Check { document: typed.document, diagnostics };
    if let Some(map) = spec.selector.as_ref().filter(|map| !map.is_empty()) {
        check.selector(
            &LabelSelector { match_labels: Some(map.clone()), ..LabelSelector::default() },
            template,
        );
    }
    check.workload(WorkloadKind::ReplicationController, spec.replicas, spec.min_ready_seconds, template)
}

fn pod<'a>(typed: &'a Typed<'a, Pod>) -> Option<WorkloadManifest<'a>> {
    Some(WorkloadManifest {
        document: typed.document,
        kind: WorkloadKind::Pod,
        replicas: 1,
        min_ready: Span::ZERO,
        labels: labels(typed.object.metadata.labels.as_ref()),
        pod: typed.object.spec.as_ref()?,
        pod_path: "spec",
    })
}

fn deployment_spec(spec: &DeploymentFile, check: &mut Check) -> DeploymentSpec {
    let deadline = spec.progress_deadline_seconds.and_then(|seconds| u64::try_from(seconds).ok());
    let history = spec.revision_history_limit.and_then(|limit| u32::try_from(limit).ok());
    DeploymentSpec {
        strategy: strategy(spec, check),
        progress_deadline: deadline
            .map_or_else(|| defaults::PROGRESS_DEADLINE.parse::<Duration>().0, Span::secs),
        revision_history_limit: history.unwrap_or_else(|| defaults::REVISION_HISTORY.parse()),
        paused: spec.paused.unwrap_or(false),
    }
}

fn strategy(spec: &DeploymentFile, check: &mut Check) -> Strategy {
    let given = spec.strategy.as_ref();
    let named = given.and_then(|strategy| strategy.type_.as_deref());
    if !check.is_rolling("spec.strategy.type", named, "Recreate") {
        return Strategy::Recreate;
    }
    let rolling = given.and_then(|strategy| strategy.rolling_update.as_ref());
    let max_surge = check.int_or_percent(
        "spec.strategy.rollingUpdate.maxSurge",
        rolling.and_then(|r| r.max_surge.as_ref()),
        defaults::MAX_SURGE.value,
    );
    let max_unavailable = check.int_or_percent(
        "spec.strategy.rollingUpdate.maxUnavailable",
        rolling.and_then(|r| r.max_unavailable.as_ref()),
        defaults::MAX_UNAVAILABLE.value,
    );
    if is_zero(max_surge) && is_zero(max_unavailable) {
        check.no_progress("spec.strategy.rollingUpdate", "25% for both");
    }
    Strategy::RollingUpdate { max_surge, max_unavailable }
}
