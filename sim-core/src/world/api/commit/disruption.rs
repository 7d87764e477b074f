//! Writes about voluntary disruption: cordons, evictions, budgets and nominations.

use super::Write;
use crate::controllers::disruption::BudgetStatus;
use crate::controllers::eviction_api::{CoveringBudget, Target, Verdict, decide};
use crate::ids::{BudgetId, NodeId, PodId};
use crate::model::Model;
use crate::time::Span;
use crate::world::api::{Api, Change, Deletion};

impl Api {
    pub(super) fn set_unschedulable(&mut self, id: NodeId, wanted: bool, write: &mut Write) {
        let node = &mut self.nodes[id.index()];
        if node.exists && std::mem::replace(&mut node.unschedulable, wanted) != wanted {
            write.tell(Change::NodeUnschedulable(id));
        }
    }

    /// Check, count down and delete in one step, so that evictions at the same time cannot take more than allowed.
    pub(super) fn evict(&mut self, pod: PodId, grace: Option<Span>, why: Deletion, write: &mut Write) {
        let Some(object) = self.pod(pod) else { return };
        let target =
            Target { phase: object.phase, ready: object.ready, terminating: object.deletion.is_some() };
        let covering = write.model.budgets_of(object.template);
        let budgets: Vec<CoveringBudget> =
            covering.iter().map(|id| self.covering(write.model, *id)).collect();
        let verdict = decide(target, &budgets);
        write.tell(Change::EvictionAnswered(pod, verdict));
        if verdict == Verdict::DeletedAndDecremented {
            let budget = &mut self.budgets[covering[0].index()];
            budget.status.disruptions_allowed -= 1;
            budget.disrupted.push((pod, write.now));
        }
        if matches!(verdict, Verdict::Deleted | Verdict::DeletedAndDecremented) {
            self.delete(pod, grace, why, write);
        }
    }

    /// The number of pods expected is for people to read: that it changed is told to nobody.
    pub(super) fn set_budget_status(&mut self, id: BudgetId, status: BudgetStatus, write: &mut Write) {
        let budget = &mut self.budgets[id.index()];
        let told = |status: BudgetStatus| BudgetStatus { expected_pods: 0, ..status };
        let before = std::mem::replace(&mut budget.status, status);
        let seen = std::mem::replace(&mut budget.observed, true);
        if told(before) != told(status) || !seen {
            write.tell(Change::BudgetStatus(id));
        }
    }

    pub(super) fn forget_disrupted(&mut self, budget: BudgetId, pod: PodId) {
        self.budgets[budget.index()].disrupted.retain(|(other, _)| *other != pod);
    }

    pub(super) fn nominate(&mut self, pod: PodId, node: Option<NodeId>, write: &mut Write) {
        if self.pod(pod).is_some_and(|object| object.nominated != node) {
            self.pods[pod.index()].nominated = node;
            write.tell(Change::PodNominated(pod));
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
