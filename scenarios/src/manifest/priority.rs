//! Priorities of pods, as the admission plugin Priority resolves them.
//!
//! Upstream: plugin/pkg/admission/priority/admission.go; built-in classes: pkg/apis/scheduling/types.go.

use k8s_openapi::api::core::v1::PodSpec;
use k8s_openapi::api::scheduling::v1::PriorityClass;

use super::pod::PodReport;
use crate::diagnostic::{Diagnostic, codes};
use crate::typed::Typed;

/// Greatest value of a class of one's own (`HighestUserDefinablePriority`).
const HIGHEST: i32 = 1_000_000_000;

/// What a pod has by its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Priority {
    pub value: i32,
    pub preempts: bool,
}

/// All PriorityClasses, with upstream's built-in ones.
#[derive(Debug)]
pub(crate) struct PriorityClasses {
    classes: Vec<(String, Priority)>,
    /// The class of pods that name none.
    default: Priority,
}

impl PriorityClasses {
    /// Reads the classes of the manifests. Of several defaults the least one counts (`getDefaultPriorityClass`).
    pub fn read(manifests: &[Typed<PriorityClass>], diagnostics: &mut Vec<Diagnostic>) -> PriorityClasses {
        let built_in = |name: &str, value| (name.to_owned(), Priority { value, preempts: true });
        let mut classes = vec![
            built_in("system-cluster-critical", 2_000_000_000),
            built_in("system-node-critical", 2_000_001_000),
        ];
        let mut default: Option<Priority> = None;
        for typed in manifests {
            let class = class(typed, diagnostics);
            if typed.object.global_default == Some(true)
                && default.as_ref().is_none_or(|other| class.value < other.value)
            {
                default = Some(class.clone());
            }
            classes.push((typed.document.name.clone(), class));
        }
        PriorityClasses { classes, default: default.unwrap_or(Priority { value: 0, preempts: true }) }
    }

    /// The priority of a pod. One exported from a cluster says its number itself, for want of its class.
    pub fn of(&self, spec: &PodSpec, report: &mut PodReport) -> Priority {
        let named = spec.priority_class_name.as_deref().filter(|name| !name.is_empty());
        let found = named.map(|name| self.classes.iter().find(|(other, _)| other == name));
        let mut priority = match (found, spec.priority) {
            (Some(Some((_, class))), _) => class.clone(),
            (_, Some(value)) => Priority { value, preempts: true },
            (Some(None), None) => {
                report.unknown_class(named.unwrap_or_default());
                Priority { value: 0, preempts: true }
            }
            (None, None) => self.default.clone(),
        };
        if let Some(policy) = spec.preemption_policy.as_deref() {
            priority.preempts = policy != "Never";
        }
        priority
    }
}

fn class(typed: &Typed<PriorityClass>, diagnostics: &mut Vec<Diagnostic>) -> Priority {
    let class = &typed.object;
    let mut error = |code, field: &str, message: String| {
        let place = typed.document.node.place_of(field);
        diagnostics.push(Diagnostic::new(code, format!("{}: {message}", typed.document)).at(place, ""));
    };
    let value = class.value.unwrap_or(0);
    if value > HIGHEST {
        error(&codes::RANGE, "value", format!("value is {value}, but must be at most {HIGHEST}"));
    }
    let policy = class.preemption_policy.as_deref().unwrap_or("PreemptLowerPriority");
    if !matches!(policy, "PreemptLowerPriority" | "Never") {
        let message = format!("`{policy}` is not PreemptLowerPriority or Never");
        error(&codes::CHOICE, "preemptionPolicy", message);
    }
    Priority { value, preempts: policy != "Never" }
}
