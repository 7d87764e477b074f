//! Voluntary disruption in words: operations, evictions, budgets, upgrades and preemption.

use super::sim::Sim;
use crate::controllers::drain::{End, Ended};
use crate::controllers::eviction_api::Verdict;
use crate::controllers::node_upgrades::Order;
use crate::ids::{BudgetId, Cause, FaultId, NodeId, PodId};
use crate::observers::timeline::Watch;
use crate::outcome::Actor;
use crate::spec::{Action, Defect};
use crate::world::api::{Change, Deletion};

impl<W: Watch> Sim<'_, W> {
    pub(super) fn narrate_operation(&mut self, action: &Action) {
        self.tell(Actor::User, |sim| match action {
            Action::Rollout(workload) => {
                format!("changes the pod template of {}", sim.workload_name(*workload))
            }
            Action::FaultyRollout(workload, Defect::Crash) => {
                format!("changes the pod template of {}: its containers crash", sim.workload_name(*workload))
            }
            Action::FaultyRollout(workload, Defect::Image) => {
                let name = sim.workload_name(*workload);
                format!("changes the pod template of {name}: its image does not exist")
            }
            Action::Undo(workload) => format!("rolls {} back", sim.workload_name(*workload)),
            Action::SetPaused(workload, true) => format!("pauses {}", sim.workload_name(*workload)),
            Action::SetPaused(workload, false) => format!("resumes {}", sim.workload_name(*workload)),
            Action::Scale(workload, replicas) => {
                format!("scales {} to {replicas}", sim.workload_name(*workload))
            }
            Action::SetOutOfService(node, true) => {
                format!("taints node {} as out of service", sim.node_name(*node))
            }
            Action::SetOutOfService(node, false) => {
                format!("says that node {} is in service again", sim.node_name(*node))
            }
            Action::DeletePod { workload, ordinal, force } => {
                let how = if *force { " by force" } else { "" };
                format!("deletes pod {}-{ordinal}{how}", sim.model.workload(*workload).name)
            }
            Action::DeleteNode(node) => format!("deletes the object of node {}", sim.node_name(*node)),
            Action::Cordon(node) => format!("cordons node {}", sim.node_name(*node)),
            Action::Uncordon(node) => format!("uncordons node {}", sim.node_name(*node)),
            Action::Drain(drain) => format!("drains node {}", sim.node_name(drain.node)),
            Action::Upgrade(upgrade) => format!("begins to upgrade the nodes of pool {}", upgrade.pool),
        });
    }

    pub(super) fn narrate_notice(&mut self, node: NodeId, fault: FaultId) {
        self.tell(Actor::Fault, |sim| {
            let fault = &sim.model.fault(fault).name;
            format!("machine {} will be taken back ({fault})", sim.node_name(node))
        });
    }

    pub(super) fn narrate_drained(&mut self, ended: Ended) {
        let action = &self.model.scenario().operations[ended.operation.index()].action;
        let actor = if matches!(action, Action::Upgrade(_)) { Actor::NodeUpgrade } else { Actor::User };
        self.tell(actor, |sim| {
            let node = sim.node_name(ended.node);
            match ended.end {
                End::Drained => format!("has drained node {node}"),
                End::BarePods => format!("gives up draining node {node}: it has pods without a controller"),
                End::Refused => format!("fails to drain node {node}: an eviction was an error"),
                End::TimedOut => format!("gives up draining node {node}: the time is over"),
            }
        });
    }

    pub(super) fn narrate_order(&mut self, order: Order) {
        let text = |sim: &Self| match order {
            Order::PowerOff { node, is_last: true, .. } => {
                format!("deletes node {} with its machine", sim.node_name(node))
            }
            Order::PowerOff { node, .. } => format!("reboots machine {}", sim.node_name(node)),
            Order::PowerOn { node, is_new: true, .. } => {
                format!("brings new machine {}", sim.node_name(node))
            }
            Order::PowerOn { node, .. } => format!("has rebooted machine {}", sim.node_name(node)),
            Order::Drain(_, drain) => format!("drains node {}", sim.node_name(drain.node)),
            Order::End(operation) => {
                let name = sim.model.scenario().name_of(Cause::Operation(operation));
                format!("ends: {name}")
            }
        };
        self.tell(Actor::NodeUpgrade, text);
    }

    pub(super) fn words_for_disruption(&self, change: Change) -> Option<(Actor, String)> {
        Some(match change {
            Change::NodeUnschedulable(node) => self.words_for_taints(node),
            Change::NodeToBeRemoved(node) => {
                let does = if self.api.node(node).to_be_removed { "taints" } else { "no longer taints" };
                (Actor::ClusterAutoscaler, format!("{does} node {}: to be deleted", self.node_name(node)))
            }
            Change::EvictionAnswered(pod, verdict) => {
                let why = self.words_for_refusal(pod, verdict)?;
                (Actor::ApiServer, format!("refuses to evict pod {}: {why}", self.pod_name(pod)))
            }
            Change::BudgetStatus(budget) => (Actor::Disruption, self.words_for_budget(budget)),
            Change::PodNominated(pod) => {
                let name = self.pod_name(pod);
                let text = match self.api.expect_pod(pod).nominated {
                    Some(node) => format!("nominates pod {name} for node {}", self.node_name(node)),
                    None => format!("withdraws the nomination of pod {name}"),
                };
                (Actor::Scheduler, text)
            }
            _ => return None,
        })
    }

    pub(super) fn words_for_disrupted(&self, pod: PodId, why: Deletion) -> (Actor, String) {
        let what = format!("pod {}{}", self.pod_name(pod), self.on_node(pod));
        match why {
            Deletion::Eviction(_) | Deletion::NodeRemoval => (Actor::ApiServer, format!("evicts {what}")),
            Deletion::Preemption(by) => {
                (Actor::Scheduler, format!("deletes {what} to make room for pod {}", self.pod_name(by)))
            }
            _ => (Actor::User, format!("deletes {what}")),
        }
    }

    fn words_for_refusal(&self, pod: PodId, verdict: Verdict) -> Option<String> {
        let budgets = self.model.budgets_of(self.api.expect_pod(pod).template);
        let name = |id: &BudgetId| self.model.budget(*id).name.as_str();
        let names = budgets.iter().map(name).collect::<Vec<_>>().join(" and ");
        match verdict {
            Verdict::Deleted | Verdict::DeletedAndDecremented => None,
            Verdict::TooManyRequests => Some(format!("429, budget {names} allows no disruption")),
            Verdict::Forbidden => Some(format!("403, budget {names} has too many on their way")),
            Verdict::Unsupported => Some(format!("500, budgets {names} cover it")),
        }
    }

    fn words_for_budget(&self, id: BudgetId) -> String {
        let status = self.api.budget(id).status;
        let (allowed, name) = (status.disruptions_allowed, &self.model.budget(id).name);
        let plural = if allowed == 1 { "" } else { "s" };
        let (healthy, desired) = (status.current_healthy, status.desired_healthy);
        format!("lets budget {name} allow {allowed} disruption{plural}: {healthy} healthy, {desired} desired")
    }
}
