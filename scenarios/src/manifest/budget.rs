//! PodDisruptionBudget manifests.

use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use sim_core::spec::{Budget, DisruptionBudget, IntOrPercent, UnhealthyPods};

use super::labels;
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::document::Document;
use crate::typed::Typed;

/// Reads a PodDisruptionBudget, checked as the API server does (`ValidatePodDisruptionBudgetSpec`).
pub(crate) fn compile_budget(
    typed: &Typed<PodDisruptionBudget>,
    diagnostics: &mut Vec<Diagnostic>,
) -> DisruptionBudget {
    let spec = typed.object.spec.clone().unwrap_or_default();
    let mut check = Check { document: typed.document, diagnostics };
    if spec.min_available.is_some() && spec.max_unavailable.is_some() {
        let message = "minAvailable and maxUnavailable exclude each other";
        check.error(&codes::CHOICE, "spec.maxUnavailable", message);
    }
    let least = check.amount("minAvailable", spec.min_available.as_ref()).map(Budget::MinAvailable);
    let most = check.amount("maxUnavailable", spec.max_unavailable.as_ref()).map(Budget::MaxUnavailable);
    let selector = labels::selector(spec.selector.as_ref()).unwrap_or_else(|problem| {
        check.error(&codes::SELECTOR, "spec.selector", &format!("in the selector, {problem}"));
        labels::nothing()
    });
    DisruptionBudget {
        name: typed.document.name.clone(),
        namespace: typed.document.namespace.clone(),
        selector,
        budget: most.or(least),
        unhealthy_pods: check.unhealthy_pods(spec.unhealthy_pod_eviction_policy.as_deref()),
    }
}

struct Check<'a, 'd> {
    document: &'a Document,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Check<'_, '_> {
    fn error(&mut self, code: &'static Code, path: &str, message: &str) {
        let place = self.document.node.place_of(path);
        self.diagnostics.push(Diagnostic::new(code, format!("{}: {message}", self.document)).at(place, ""));
    }

    fn amount(&mut self, field: &str, given: Option<&IntOrString>) -> Option<IntOrPercent> {
        let amount = match given? {
            IntOrString::Int(pods) => u32::try_from(*pods).ok().map(IntOrPercent::Int),
            IntOrString::String(text) => {
                let percent = text.strip_suffix('%').and_then(|percent| percent.parse().ok());
                percent.filter(|percent| *percent <= 100).map(IntOrPercent::Percent)
            }
        };
        if amount.is_none() {
            let message = format!("{field} is neither a number of pods nor a percentage up to 100%");
            self.error(&codes::RANGE, &format!("spec.{field}"), &message);
        }
        amount
    }

    fn unhealthy_pods(&mut self, given: Option<&str>) -> UnhealthyPods {
        match given {
            None | Some("IfHealthyBudget") => UnhealthyPods::IfHealthyBudget,
            Some("AlwaysAllow") => UnhealthyPods::AlwaysAllow,
            Some(other) => {
                let message = format!("`{other}` is not IfHealthyBudget or AlwaysAllow");
                self.error(&codes::CHOICE, "spec.unhealthyPodEvictionPolicy", &message);
                UnhealthyPods::IfHealthyBudget
            }
        }
    }
}
