//! A scenario made ready to run: every question whose answer cannot change in a run, answered once.

mod places;

use std::sync::Arc;

use serde::Serialize;

use crate::controllers::daemon_sets::Lasting;
use crate::controllers::eviction_delay::EvictionDelay;
use crate::controllers::horizontal_autoscaler::Autoscalers;
use crate::controllers::scheduler::{NodeTaints, Tables};
use crate::faults::aims::{self, Aim};
use crate::ids::{AutoscalerId, BudgetId, FaultId, NodeId, QuotaId, ServiceId, TemplateId, WorkloadId};
use crate::relations::{
    balanced, budgets_of, container_faults_of, covered_by, daemon_sets, fixed_nodes, inverse, is_autoscaled,
    is_disrupted, lasting_fits, pulls_may_fail, quotas_of, routed, services_of, transitive_needs,
    workloads_of,
};
use crate::rng::EntityKey;
use crate::spec::{Autoscaler, DisruptionBudget, Fault, PodTemplate, Scenario, Service, Workload};
use crate::topology::Topology;

/// Where all luck of one run comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Seed {
    /// The user's seed, common to a whole sweep.
    pub master: u64,
    /// Index of the run at its design point; the same index meets the same luck at every design point.
    pub run: u64,
}

/// A scenario made ready to run: built once, shared by all runs.
#[derive(Clone, Debug)]
pub struct Model {
    scenario: Scenario,
    templates: Vec<TemplateTables>,
    workload_keys: Vec<EntityKey>,
    node_keys: Vec<EntityKey>,
    fault_keys: Vec<EntityKey>,
    aims: Vec<Aim>,
    scheduling: Arc<Tables>,
    workloads_of: Vec<Vec<WorkloadId>>,
    balanced: Vec<ServiceId>,
    routed: Vec<ServiceId>,
    fixed_nodes: Vec<Option<NodeId>>,
    pulls_may_fail: bool,
    daemon_sets: Vec<WorkloadId>,
    lasting_fits: Vec<Vec<Lasting>>,
    needs: Vec<Vec<ServiceId>>,
    needed_by: Vec<Vec<ServiceId>>,
    autoscalers: Autoscalers,
    covered_by: Vec<Vec<WorkloadId>>,
    lowest_priority: i32,
    is_disrupted: bool,
    is_autoscaled: bool,
    is_plain: bool,
}

/// What is known of a template's pods before any exists.
#[derive(Clone, Debug)]
struct TemplateTables {
    services: Vec<ServiceId>,
    budgets: Vec<BudgetId>,
    quotas: Vec<QuotaId>,
    container_faults: Vec<FaultId>,
    eviction_when_unreachable: EvictionDelay,
    eviction_when_not_ready: EvictionDelay,
    eviction_when_out_of_service: EvictionDelay,
}

impl Model {
    /// Prepares a validated scenario.
    pub fn new(scenario: Scenario) -> Model {
        let templates = scenario.templates.iter().enumerate().map(|(id, template)| {
            let evicts = |taint: NodeTaints| {
                let taints: Vec<_> = taint.iter().collect();
                EvictionDelay::of(&taints, &template.tolerations)
            };
            TemplateTables {
                services: services_of(&scenario, template),
                budgets: budgets_of(&scenario, template),
                quotas: quotas_of(&scenario, TemplateId::from(id)),
                container_faults: container_faults_of(&scenario, TemplateId::from(id)),
                eviction_when_unreachable: evicts(NodeTaints::UNREACHABLE_EXECUTE),
                eviction_when_not_ready: evicts(NodeTaints::NOT_READY_EXECUTE),
                eviction_when_out_of_service: evicts(NodeTaints::OUT_OF_SERVICE),
            }
        });
        let paths: Vec<String> = scenario.workloads.iter().map(Workload::path).collect();
        let topology = Topology::new(&scenario.cluster);
        let node_key = |node: &crate::spec::Node| EntityKey::new(&format!("node/{}", node.name));
        let fault_key = |fault: &Fault| EntityKey::new(&format!("fault/{}", fault.name));
        let needs = transitive_needs(&scenario.services);
        Model {
            templates: templates.collect(),
            workload_keys: paths.iter().map(|path| EntityKey::new(path)).collect(),
            node_keys: scenario.cluster.nodes.iter().map(node_key).collect(),
            fault_keys: scenario.faults.iter().map(fault_key).collect(),
            aims: aims::aims(&scenario, &paths, &topology),
            scheduling: Arc::new(Tables::new(&scenario)),
            workloads_of: workloads_of(&scenario),
            balanced: balanced(&scenario.services),
            routed: routed(&scenario.services),
            fixed_nodes: fixed_nodes(&scenario),
            pulls_may_fail: pulls_may_fail(&scenario),
            daemon_sets: daemon_sets(&scenario),
            lasting_fits: scenario
                .workloads
                .iter()
                .map(|workload| lasting_fits(&scenario, workload))
                .collect(),
            needed_by: inverse(&needs),
            autoscalers: Autoscalers::new(&scenario, |template| services_of(&scenario, template)),
            covered_by: covered_by(&scenario),
            lowest_priority: scenario.templates.iter().map(|t| t.priority).min().unwrap_or(0),
            is_disrupted: is_disrupted(&scenario),
            is_autoscaled: is_autoscaled(&scenario),
            is_plain: !is_disrupted(&scenario) && !is_autoscaled(&scenario),
            needs,
            scenario,
        }
    }

    /// The scenario that it was made from.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Whether pods are evicted by anyone's wish or preempted, nodes cordoned, or budgets counted.
    pub fn is_disrupted(&self) -> bool {
        self.is_disrupted
    }

    /// Whether it is neither disrupted nor autoscaled: then only the controllers that every scenario has hear of changes.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Whether replicas or nodes come and go with the load.
    pub fn is_autoscaled(&self) -> bool {
        self.is_autoscaled
    }

    /// A template of the scenario.
    pub fn template(&self, id: TemplateId) -> &PodTemplate {
        &self.scenario.templates[id.index()]
    }

    /// A workload of the scenario.
    pub fn workload(&self, id: WorkloadId) -> &Workload {
        &self.scenario.workloads[id.index()]
    }

    /// A service of the scenario.
    pub fn service(&self, id: ServiceId) -> &Service {
        &self.scenario.services[id.index()]
    }

    /// A fault of the scenario.
    pub fn fault(&self, id: FaultId) -> &Fault {
        &self.scenario.faults[id.index()]
    }

    /// A PodDisruptionBudget of the scenario.
    pub fn budget(&self, id: BudgetId) -> &DisruptionBudget {
        &self.scenario.budgets[id.index()]
    }

    /// PodDisruptionBudgets that cover the template's pods.
    pub fn budgets_of(&self, template: TemplateId) -> &[BudgetId] {
        &self.templates[template.index()].budgets
    }

    /// ResourceQuotas that the template's pods are charged to.
    pub fn quotas_of(&self, template: TemplateId) -> &[QuotaId] {
        &self.templates[template.index()].quotas
    }

    /// Workloads whose pods a budget covers.
    pub fn covered_by(&self, budget: BudgetId) -> &[WorkloadId] {
        &self.covered_by[budget.index()]
    }

    /// Whether pods of the template may push out others: if there can be any of lower priority at all.
    pub fn may_preempt(&self, template: TemplateId) -> bool {
        let template = self.template(template);
        template.preempts && template.priority > self.lowest_priority
    }

    /// Services that select the template's pods.
    pub fn services_of(&self, template: TemplateId) -> &[ServiceId] {
        &self.templates[template.index()].services
    }

    /// Workloads whose pods a service selects.
    pub fn workloads_of(&self, service: ServiceId) -> &[WorkloadId] {
        &self.workloads_of[service.index()]
    }

    /// Services reached through the cloud load balancer.
    pub fn balanced_services(&self) -> &[ServiceId] {
        &self.balanced
    }

    /// The node that a template's `spec.nodeName` gives its pods to, past the scheduler.
    pub fn fixed_node(&self, template: TemplateId) -> Option<NodeId> {
        self.fixed_nodes[template.index()]
    }

    /// Stochastic faults that strike the template's running containers.
    pub fn container_faults(&self, template: TemplateId) -> &[FaultId] {
        &self.templates[template.index()].container_faults
    }

    /// How long the template's pods stay on a node that is tainted as unreachable.
    pub fn eviction_when_unreachable(&self, template: TemplateId) -> EvictionDelay {
        self.templates[template.index()].eviction_when_unreachable
    }

    /// How long the template's pods stay on a node that is tainted as not ready.
    pub fn eviction_when_not_ready(&self, template: TemplateId) -> EvictionDelay {
        self.templates[template.index()].eviction_when_not_ready
    }

    /// Whether a pull can fail in this scenario: nobody looks at the registry otherwise.
    pub fn pulls_may_fail(&self) -> bool {
        self.pulls_may_fail
    }

    /// How long the template's pods stay on a node that is out of service.
    pub fn eviction_when_out_of_service(&self, template: TemplateId) -> EvictionDelay {
        self.templates[template.index()].eviction_when_out_of_service
    }

    /// Workloads that are DaemonSets.
    pub fn daemon_sets(&self) -> &[WorkloadId] {
        &self.daemon_sets
    }

    /// What lasts about each node and the pods of a DaemonSet; empty for any other workload.
    pub fn lasting_fits(&self, workload: WorkloadId) -> &[Lasting] {
        &self.lasting_fits[workload.index()]
    }

    /// Services that a service needs, directly or through others, without itself.
    pub fn needs(&self, service: ServiceId) -> &[ServiceId] {
        &self.needs[service.index()]
    }

    /// Services that need a service, directly or through others, without itself.
    pub fn needed_by(&self, service: ServiceId) -> &[ServiceId] {
        &self.needed_by[service.index()]
    }

    /// An autoscaler of the scenario.
    pub fn autoscaler(&self, id: AutoscalerId) -> &Autoscaler {
        &self.scenario.scaling.autoscalers[id.index()]
    }

    /// Which autoscalers look at what.
    pub fn autoscalers(&self) -> &Autoscalers {
        &self.autoscalers
    }

    /// What the clocks of faults strike.
    pub fn aims(&self) -> &[Aim] {
        &self.aims
    }

    /// What the scheduler knows before any pod exists.
    pub fn scheduling(&self) -> Arc<Tables> {
        self.scheduling.clone()
    }

    /// Whose luck a fault's is.
    pub fn fault_key(&self, fault: FaultId) -> EntityKey {
        self.fault_keys[fault.index()]
    }

    /// Whose luck a workload's is.
    pub fn workload_key(&self, workload: WorkloadId) -> EntityKey {
        self.workload_keys[workload.index()]
    }

    /// Whose luck a node's is.
    pub fn node_key(&self, node: NodeId) -> EntityKey {
        self.node_keys[node.index()]
    }
}
