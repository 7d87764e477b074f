//! PodDisruptionBudgets, with a doubt about those that cover nothing.

use sim_core::spec::DisruptionBudget;

use super::report::Report;
use super::workloads::Pods;
use crate::diagnostic::{Diagnostic, codes};
use crate::manifest::{Manifests, compile_budget};

/// Compiles the budgets of the manifests.
pub(super) fn compile(manifests: &Manifests, pods: &Pods, report: &mut Report) -> Vec<DisruptionBudget> {
    let mut budgets = Vec::new();
    for typed in &manifests.budgets {
        let budget = compile_budget(typed, report.diagnostics);
        if pods.selected(Some(&budget.namespace), &budget.selector).is_empty() {
            let message = format!("{} covers no pods", typed.document);
            let place = typed.document.node.place_of("spec.selector");
            report.push(Diagnostic::new(&codes::SELECTS_NOTHING, message).at(place, ""));
        }
        budgets.push(budget);
    }
    budgets
}
