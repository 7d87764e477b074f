//! What is checked of every workload as the API server would, and what all of them have in common.

use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use sim_core::spec::{IntOrPercent, Selector, WorkloadKind};
use sim_core::time::Span;

use super::labels::{labels, selector};
use super::workload::WorkloadManifest;
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::document::Document;
use crate::scenario_file::defaults;

/// More replicas than any cluster holds (upstream supports 150,000 pods in all).
const MAX_REPLICAS: i32 = 150_000;

/// Reports problems of one workload.
pub(super) struct Check<'a, 'd> {
    pub document: &'a Document,
    pub diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'a> Check<'a, '_> {
    pub fn error(&mut self, code: &'static Code, path: &str, message: String) {
        let message = format!("{}: {message}", self.document);
        self.diagnostics.push(Diagnostic::new(code, message).at(self.document.node.place_of(path), ""));
    }

    pub fn workload(
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

    pub fn count(&mut self, path: &str, given: i32) -> u32 {
        if !(0..=MAX_REPLICAS).contains(&given) {
            self.error(
                &codes::RANGE,
                path,
                format!("{path} is {given}, but must be from 0 to {MAX_REPLICAS}"),
            );
        }
        u32::try_from(given).unwrap_or(0)
    }

    /// Whether the strategy `given` at `path` is RollingUpdate, as it is unless it is the `other` one.
    pub fn is_rolling(&mut self, path: &str, given: Option<&str>, other: &str) -> bool {
        match given {
            Some(given) if given == other => return false,
            None | Some("RollingUpdate") => {}
            Some(given) => {
                self.error(&codes::CHOICE, path, format!("`{given}` is not RollingUpdate or {other}"))
            }
        }
        true
    }

    /// Upstream refuses an empty selector, and one that does not match the template.
    pub fn selector(&mut self, given: &LabelSelector, template: &PodTemplateSpec) {
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

    /// Both limits of the rolling update below this path are zero.
    pub fn no_progress(&mut self, path: &str, defaults: &str) {
        let node = &self.document.node;
        let place = |field: &str| node.place_of(&format!("{path}.{field}"));
        self.diagnostics.push(
            Diagnostic::new(&codes::NO_PROGRESS, "maxUnavailable and maxSurge cannot both be zero")
                .at(place("maxUnavailable"), "and so is this: the rollout could never move")
                .at(place("maxSurge"), "this is zero")
                .help(format!("give one of them at least 1 (Kubernetes' default is {defaults})")),
        );
    }

    pub fn int_or_percent(&mut self, path: &str, given: Option<&IntOrString>, default: &str) -> IntOrPercent {
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
                .filter(|_| matches!(given, None | Some(IntOrString::Int(_))))
                .map(IntOrPercent::Int),
        };
        parsed.unwrap_or_else(|| {
            let field = path.rsplit('.').next().unwrap_or(path);
            self.error(
                &codes::RANGE,
                path,
                format!("{field} is `{text}`, not a number or a percentage such as 25%"),
            );
            IntOrPercent::Percent(25)
        })
    }
}

/// Whether a limit lets nothing through.
pub(super) fn is_zero(value: IntOrPercent) -> bool {
    matches!(value, IntOrPercent::Int(0) | IntOrPercent::Percent(0))
}
