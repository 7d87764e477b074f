//! Who has to do with whom in a scenario: which pods a service or a budget selects, which faults strike them.

use crate::controllers::daemon_sets::Lasting;
use crate::ids::{BudgetId, FaultId, NodeId, QuotaId, ServiceId, TemplateId, WorkloadId};
use crate::spec::{
    Action, Defect, DisruptionBudget, Exposure, Fault, FaultKind, FaultTiming, Operation, PodTemplate, Quota,
    Scenario, Service, Workload, WorkloadKind,
};

pub(crate) fn services_of(scenario: &Scenario, template: &PodTemplate) -> Vec<ServiceId> {
    let selects = |service: &Service| template.is_selected(&service.namespace, &service.selector);
    let selecting = scenario.services.iter().enumerate().filter(|(_, service)| selects(service));
    selecting.map(|(id, _)| ServiceId::from(id)).collect()
}

pub(crate) fn budgets_of(scenario: &Scenario, template: &PodTemplate) -> Vec<BudgetId> {
    let covers = |budget: &DisruptionBudget| template.is_selected(&budget.namespace, &budget.selector);
    let covering = scenario.budgets.iter().enumerate().filter(|(_, budget)| covers(budget));
    covering.map(|(id, _)| BudgetId::from(id)).collect()
}

/// Quotas that a template's pods are charged to.
pub(crate) fn quotas_of(scenario: &Scenario, template: TemplateId) -> Vec<QuotaId> {
    let covers = |quota: &Quota| quota.charges.iter().any(|charge| charge.template == template);
    let covering = scenario.quotas.iter().enumerate().filter(|(_, quota)| covers(quota));
    covering.map(|(id, _)| QuotaId::from(id)).collect()
}

pub(crate) fn covered_by(scenario: &Scenario) -> Vec<Vec<WorkloadId>> {
    let mut lists = vec![Vec::new(); scenario.budgets.len()];
    for (id, workload) in scenario.workloads.iter().enumerate() {
        for budget in budgets_of(scenario, &scenario.templates[workload.template.index()]) {
            lists[budget.index()].push(WorkloadId::from(id));
        }
    }
    lists
}

pub(crate) fn workloads_of(scenario: &Scenario) -> Vec<Vec<WorkloadId>> {
    let mut lists = vec![Vec::new(); scenario.services.len()];
    for (id, workload) in scenario.workloads.iter().enumerate() {
        for service in services_of(scenario, &scenario.templates[workload.template.index()]) {
            lists[service.index()].push(WorkloadId::from(id));
        }
    }
    lists
}

pub(crate) fn container_faults_of(scenario: &Scenario, template: TemplateId) -> Vec<FaultId> {
    let strikes = |fault: &Fault| {
        let stochastic = matches!(fault.timing, FaultTiming::Stochastic { .. });
        let target = match &fault.kind {
            FaultKind::ContainerCrash(target)
            | FaultKind::OomKill(target)
            | FaultKind::ContainerHang(target) => Some(target),
            _ => None,
        };
        stochastic && target.is_some_and(|target| target.templates.contains(&template))
    };
    let striking = scenario.faults.iter().enumerate().filter(|(_, fault)| strikes(fault));
    striking.map(|(id, _)| FaultId::from(id)).collect()
}

pub(crate) fn pulls_may_fail(scenario: &Scenario) -> bool {
    let missing = |operation: &Operation| matches!(operation.action, Action::FaultyRollout(_, Defect::Image));
    scenario.faults.iter().any(|fault| fault.kind == FaultKind::RegistryOutage)
        || scenario.operations.iter().any(missing)
}

pub(crate) fn balanced(services: &[Service]) -> Vec<ServiceId> {
    let balanced = services.iter().enumerate().filter(|(_, s)| s.exposure == Exposure::LoadBalancer);
    balanced.map(|(id, _)| ServiceId::from(id)).collect()
}

/// Services of which it matters where their requests come in.
pub(crate) fn routed(services: &[Service]) -> Vec<ServiceId> {
    let routed = services.iter().enumerate().filter(|(_, service)| service.routing.by_place());
    routed.map(|(id, _)| ServiceId::from(id)).collect()
}

pub(crate) fn fixed_nodes(scenario: &Scenario) -> Vec<Option<NodeId>> {
    let position = |name: &String| scenario.cluster.nodes.iter().position(|node| node.name == *name);
    let fixed = |template: &PodTemplate| template.node_name.as_ref().and_then(position).map(NodeId::from);
    scenario.templates.iter().map(fixed).collect()
}

pub(crate) fn daemon_sets(scenario: &Scenario) -> Vec<WorkloadId> {
    let is_one = |workload: &Workload| matches!(workload.kind, WorkloadKind::DaemonSet(_));
    let daemon_sets = scenario.workloads.iter().enumerate().filter(|(_, workload)| is_one(workload));
    daemon_sets.map(|(id, _)| WorkloadId::from(id)).collect()
}

pub(crate) fn lasting_fits(scenario: &Scenario, workload: &Workload) -> Vec<Lasting> {
    let template = &scenario.templates[workload.template.index()];
    match workload.kind {
        WorkloadKind::DaemonSet(_) => {
            scenario.cluster.nodes.iter().map(|node| Lasting::new(template, node)).collect()
        }
        _ => Vec::new(),
    }
}

/// For each service, all that it needs; a cycle is needed once, and nobody needs itself. The entrance is needed by users
/// of the service itself, not by services that ask it from inside.
pub(crate) fn transitive_needs(services: &[Service]) -> Vec<Vec<ServiceId>> {
    let reach = |from: usize| {
        let mut seen = vec![false; services.len()];
        let mut open = vec![from];
        open.extend(services[from].routing.entrance.map(ServiceId::index));
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                open.extend(services[at].depends_on.iter().map(|needed| needed.index()));
            }
        }
        seen[from] = false;
        (0..services.len()).filter(|at| seen[*at]).map(ServiceId::from).collect()
    };
    (0..services.len()).map(reach).collect()
}

pub(crate) fn inverse(needs: &[Vec<ServiceId>]) -> Vec<Vec<ServiceId>> {
    let mut lists = vec![Vec::new(); needs.len()];
    for (id, needed) in needs.iter().enumerate() {
        for service in needed {
            lists[service.index()].push(ServiceId::from(id));
        }
    }
    lists
}

/// Whether replicas or nodes come and go with the load.
pub(crate) fn is_autoscaled(scenario: &Scenario) -> bool {
    !scenario.scaling.autoscalers.is_empty() || scenario.scaling.cluster.is_some()
}

/// Whether anything in it concerns voluntary disruption or priority.
pub(crate) fn is_disrupted(scenario: &Scenario) -> bool {
    use Action::{Cordon, Drain, Uncordon, Upgrade};
    let takes_nodes = |action: &Action| matches!(action, Cordon(_) | Uncordon(_) | Drain(_) | Upgrade(_));
    let mut priorities = scenario.templates.iter().map(|template| template.priority);
    let first = priorities.next();
    !scenario.budgets.is_empty()
        || priorities.any(|priority| Some(priority) != first)
        || scenario.operations.iter().any(|operation| takes_nodes(&operation.action))
        || scenario.scaling.cluster.is_some()
        || scenario.faults.iter().any(|fault| matches!(fault.kind, FaultKind::SpotInterruption { .. }))
}
