//! Admission by ResourceQuota: a pod that does not fit is refused; what one takes is charged until it has ended.
//!
//! Upstream: plugin/pkg/admission/resourcequota, pkg/quota/v1/evaluator/core/pods.go. `status.used` follows a pod that
//! goes with a delay there; here at once.

use super::Write;
use crate::ids::{PodId, QuotaId, TemplateId, WorkloadId};
use crate::model::Model;
use crate::spec::Quota;
use crate::world::api::{Api, Change, Owner};

impl Api {
    /// Whether every quota has room for one more pod, which is charged then.
    pub(super) fn admits(&mut self, workload: WorkloadId, owner: Owner, write: &mut Write) -> bool {
        let model = write.model;
        let template = model.workload(workload).template;
        let full = |quota: &&QuotaId| !self.fits(**quota, template, model);
        if let Some(quota) = model.quotas_of(template).iter().find(full) {
            write.tell(Change::PodRefused { workload, owner, quota: *quota });
            return false;
        }
        self.charge(template, model, |_| true, u64::saturating_add);
        true
    }

    /// A pod has ended: what counts until then is free.
    pub(super) fn discharge_ended(&mut self, pod: PodId, model: &Model) {
        let template = self.pods[pod.index()].template;
        self.charge(template, model, |counts_ended| !counts_ended, u64::saturating_sub);
    }

    /// The object of a pod is gone: so is the rest, or all if it had not ended.
    pub(super) fn discharge_gone(&mut self, pod: PodId, model: &Model) {
        let (template, ended) = (self.pods[pod.index()].template, self.pods[pod.index()].is_terminal());
        self.charge(template, model, |counts_ended| counts_ended || !ended, u64::saturating_sub);
    }

    fn fits(&self, id: QuotaId, template: TemplateId, model: &Model) -> bool {
        let quota = &model.scenario().quotas[id.index()];
        let Some(amounts) = amounts(quota, template) else { return false };
        let limits = quota.hard.iter().zip(self.charged(id)).zip(amounts);
        limits.into_iter().all(|((limit, used), amount)| *amount == 0 || used + amount <= limit.most)
    }

    fn charge(
        &mut self,
        template: TemplateId,
        model: &Model,
        concerned: impl Fn(bool) -> bool,
        change: impl Fn(u64, u64) -> u64,
    ) {
        for id in model.quotas_of(template) {
            let quota = &model.scenario().quotas[id.index()];
            let used = self.charged[id.index()].iter_mut().zip(&quota.hard);
            for ((used, limit), amount) in used.zip(amounts(quota, template).unwrap_or_default()) {
                if concerned(limit.counts_ended) {
                    *used = change(*used, *amount);
                }
            }
        }
    }
}

/// What a pod of the template takes; `None` if it does not say so.
fn amounts(quota: &Quota, template: TemplateId) -> Option<&[u64]> {
    quota.charges.iter().find(|charge| charge.template == template)?.amounts.as_deref()
}
