//! Writes about voluntary disruption: cordons, evictions, budgets and nominations.

use super::{Api, Change, Deletion, Request};
use crate::controllers::disruption::BudgetStatus;
use crate::controllers::eviction_api::{CoveringBudget, Target, Verdict, decide};
use crate::ids::{BudgetId, OperationId, PodId};
use crate::model::Model;
use crate::time::Instant;

impl Api {
    /// Applies a request of this file's matter.
    pub(super) fn commit_disruption(
        &mut self,
        model: &Model,
        now: Instant,
        request: Request,
        changes: &mut Vec<Change>,
    ) {
        match request {
            Request::SetUnschedulable(id, wanted) => {
                let node = &mut self.nodes[id.index()];
                if node.exists && std::mem::replace(&mut node.unschedulable, wanted) != wanted {
                    changes.push(Change::NodeUnschedulable(id));
                }
            }
            Request::Evict(pod, by) => self.evict(model, pod, by, now, changes),
            Request::SetBudgetStatus(id, status) => {
                let budget = &mut self.budgets[id.index()];
                let allowed = |status: BudgetStatus| BudgetStatus { expected_pods: 0, ..status };
                let before = std::mem::replace(&mut budget.status, status);
                let seen = std::mem::replace(&mut budget.observed, true);
                if allowed(before) != allowed(status) || !seen {
                    changes.push(Change::BudgetStatus(id));
                }
            }
            Request::ForgetDisrupted(budget, pod) => {
                self.budgets[budget.index()].disrupted.retain(|(other, _)| *other != pod);
            }
            Request::Nominate(pod, node) => {
                if self.pod(pod).is_some_and(|object| object.nominated != node) {
                    self.pods[pod.index()].nominated = node;
                    changes.push(Change::PodNominated(pod));
                }
            }
            other => unreachable!("{other:?} is no matter of disruption"),
        }
    }

    /// Check, count down and delete in one step, so that evictions at the same time cannot take more than allowed.
    fn evict(&mut self, model: &Model, pod: PodId, by: OperationId, now: Instant, changes: &mut Vec<Change>) {
        let Some(object) = self.pod(pod) else { return };
        let target =
            Target { phase: object.phase, ready: object.ready, terminating: object.deletion.is_some() };
        let covering = model.budgets_of(object.template);
        let budgets: Vec<CoveringBudget> = covering.iter().map(|id| self.covering(model, *id)).collect();
        let verdict = decide(target, &budgets);
        changes.push(Change::EvictionAnswered(pod, verdict));
        if verdict == Verdict::DeletedAndDecremented {
            let budget = &mut self.budgets[covering[0].index()];
            budget.status.disruptions_allowed -= 1;
            budget.disrupted.push((pod, now));
        }
        if matches!(verdict, Verdict::Deleted | Verdict::DeletedAndDecremented) {
            self.delete(model, pod, None, Deletion::Eviction(by), now, changes);
        }
    }

    fn covering(&self, model: &Model, id: BudgetId) -> CoveringBudget {
        let budget = self.budget(id);
        CoveringBudget {
            status: budget.status,
            unhealthy_pods: model.budget(id).unhealthy_pods,
            is_stale: !budget.observed,
            disrupted_pods: budget.disrupted.len(),
        }
    }
}
