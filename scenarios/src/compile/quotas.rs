//! ResourceQuotas, applied to the templates of their namespaces.

use sim_core::ids::TemplateId;
use sim_core::spec::{Charge, Quota};

use super::report::Report;
use super::workloads::Pods;
use crate::manifest::{Manifests, compile_quota};

/// Compiles the quotas of the manifests.
pub(super) fn compile(manifests: &Manifests, pods: &Pods, report: &mut Report) -> Vec<Quota> {
    let quotas = manifests.quotas.iter().map(|typed| {
        let quota = compile_quota(typed, report.diagnostics);
        let namespace = &typed.document.namespace;
        let templates = pods.templates.iter().zip(&pods.origins).enumerate();
        let covered = templates.filter(|(_, (template, origin))| {
            template.namespace == *namespace && quota.covers(&origin.demand)
        });
        let charges = covered.map(|(id, (template, origin))| Charge {
            template: TemplateId::from(id),
            amounts: origin.demand.charges(template, &quota.hard),
        });
        let charges = charges.collect();
        Quota { name: typed.document.name.clone(), namespace: namespace.clone(), hard: quota.hard, charges }
    });
    quotas.collect()
}
