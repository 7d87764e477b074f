//! Deployments, ReplicaSets, ReplicationControllers and single pods, reduced to what they have in common.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec as DeploymentFile, ReplicaSet};
use k8s_openapi::api::core::v1::{Pod, PodSpec, PodTemplateSpec, ReplicationController};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use sim_core::spec::{DeploymentSpec, IntOrPercent, Labels, Selector, Strategy, WorkloadKind};
use sim_core::time::Span;

use super::Manifests;
use super::labels::{labels, selector};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::document::Document;
use crate::duration::Duration;
use crate::scenario_file::defaults;
use crate::typed::Typed;

/// More replicas than any cluster holds (upstream supports 150,000 pods in all).
const MAX_REPLICAS: i32 = 150_000;

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
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<WorkloadManifest<'a>> {
    let mut workloads = Vec::new();
    workloads.extend(manifests.deployments.iter().filter_map(|typed| deployment(typed, diagnostics)));
    workloads.extend(manifests.replica_sets.iter().filter_map(|typed| replica_set(typed, diagnostics)));
    workloads
        .extend(manifests.replication_controllers.iter().filter_map(|typed| controller(typed, diagnostics)));
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
    match given.and_then(|strategy| strategy.type_.as_deref()) {
        Some("Recreate") => return Strategy::Recreate,
        None | Some("RollingUpdate") => {}
        Some(other) => {
            check.error(
                &codes::CHOICE,
                "spec.strategy.type",
                format!("`{other}` is not RollingUpdate or Recreate"),
            );
        }
    }
    let rolling = given.and_then(|strategy| strategy.rolling_update.as_ref());
    let max_surge = check.int_or_percent(
        "maxSurge",
        rolling.and_then(|r| r.max_surge.as_ref()),
        defaults::MAX_SURGE.value,
    );
    let max_unavailable = check.int_or_percent(
        "maxUnavailable",
        rolling.and_then(|r| r.max_unavailable.as_ref()),
        defaults::MAX_UNAVAILABLE.value,
    );
    if is_zero(max_surge) && is_zero(max_unavailable) {
        check.no_progress();
    }
    Strategy::RollingUpdate { max_surge, max_unavailable }
}

fn is_zero(value: IntOrPercent) -> bool {
    matches!(value, IntOrPercent::Int(0) | IntOrPercent::Percent(0))
}

/// Reports problems of one workload.
struct Check<'a, 'd> {
    document: &'a Document,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'a> Check<'a, '_> {
    fn error(&mut self, code: &'static Code, path: &str, message: String) {
        let message = format!("{}: {message}", self.document);
        self.diagnostics.push(Diagnostic::new(code, message).at(self.document.node.place_of(path), ""));
    }

    fn workload(
        &mut self,
        kind: WorkloadKind,
        replicas: Option<i32>,
        min_ready_seconds: Option<i32>,
        template: &'a PodTemplateSpec,
    ) -> Option<WorkloadManifest<'a>> {
        let pod = template.spec.as_ref()?;
        if pod.restart_policy.as_deref().is_some_and(|policy| matches!(policy, "OnFailure" | "Never")) {
            let message = "restartPolicy must be Always here".to_owned();
            self.error(&codes::CHOICE, "spec.template.spec.restartPolicy", message);
        }
        Some(WorkloadManifest {
            document: self.document,
            kind,
            replicas: self.count("spec.replicas", replicas.unwrap_or_else(|| defaults::REPLICAS.parse())),
            min_ready: Span::secs(self.count("spec.minReadySeconds", min_ready_seconds.unwrap_or(0)).into()),
            labels: labels(template.metadata.as_ref().and_then(|metadata| metadata.labels.as_ref())),
            pod,
            pod_path: "spec.template.spec",
        })
    }

    fn count(&mut self, path: &str, given: i32) -> u32 {
        if !(0..=MAX_REPLICAS).contains(&given) {
            self.error(
                &codes::RANGE,
                path,
                format!("{path} is {given}, but must be from 0 to {MAX_REPLICAS}"),
            );
        }
        u32::try_from(given).unwrap_or(0)
    }

    /// Upstream refuses an empty selector, and one that does not match the template.
    fn selector(&mut self, given: &LabelSelector, template: &PodTemplateSpec) {
        let template_labels =
            labels(template.metadata.as_ref().and_then(|metadata| metadata.labels.as_ref()));
        match selector(Some(given)) {
            Err(problem) => {
                self.error(&codes::SELECTOR, "spec.selector", format!("in the selector, {problem}"))
            }
            Ok(Selector(requirements)) if requirements.is_empty() => {
                self.error(&codes::SELECTOR, "spec.selector", "the selector is empty".to_owned());
            }
            Ok(selector) if !selector.matches(&template_labels) => self.selector_mismatch(),
            Ok(_) => {}
        }
    }

    fn selector_mismatch(&mut self) {
        let message = format!("{}: the selector does not match the labels of the template", self.document);
        let node = &self.document.node;
        self.diagnostics.push(
            Diagnostic::new(&codes::SELECTOR_MISMATCH, message)
                .at(node.place_of("spec.selector"), "this asks for labels")
                .at(node.place_of("spec.template.metadata.labels"), "that pods made from here do not have")
                .help("give the template every label that the selector asks for"),
        );
    }

    fn no_progress(&mut self) {
        let node = &self.document.node;
        let place = |field: &str| node.place_of(&format!("spec.strategy.rollingUpdate.{field}"));
        self.diagnostics.push(
            Diagnostic::new(&codes::NO_PROGRESS, "maxUnavailable and maxSurge cannot both be zero")
                .at(place("maxUnavailable"), "and so is this: the rollout could never move")
                .at(place("maxSurge"), "this is zero")
                .help("give one of them at least 1 (Kubernetes' default is 25% for both)"),
        );
    }

    fn int_or_percent(&mut self, field: &str, given: Option<&IntOrString>, default: &str) -> IntOrPercent {
        let text = match given {
            Some(IntOrString::Int(number)) => number.to_string(),
            Some(IntOrString::String(text)) => text.clone(),
            None => default.to_owned(),
        };
        let parsed = match text.strip_suffix('%') {
            Some(percent) => percent.parse().ok().map(IntOrPercent::Percent),
            None => text
                .parse()
                .ok()
                .filter(|_| matches!(given, Some(IntOrString::Int(_))))
                .map(IntOrPercent::Int),
        };
        parsed.unwrap_or_else(|| {
            let path = format!("spec.strategy.rollingUpdate.{field}");
            self.error(
                &codes::RANGE,
                &path,
                format!("{field} is `{text}`, not a number or a percentage such as 25%"),
            );
            IntOrPercent::Percent(25)
        })
    }
}
