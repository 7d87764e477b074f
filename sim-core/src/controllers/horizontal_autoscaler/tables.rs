//! Which autoscalers look at what: known before a run.

use crate::ids::{AutoscalerId, ServiceId, WorkloadId};
use crate::rng::EntityKey;
use crate::spec::{MetricSource, PodTemplate, Scenario};

/// Tables of a scenario's autoscalers.
#[derive(Clone, Debug)]
pub struct Autoscalers {
    keys: Vec<EntityKey>,
    by_target: Vec<Option<AutoscalerId>>,
    by_load: Vec<Vec<AutoscalerId>>,
}

impl Autoscalers {
    /// Prepares a scenario; `services_of` gives the services that select the pods of a template.
    pub fn new(scenario: &Scenario, services_of: impl Fn(&PodTemplate) -> Vec<ServiceId>) -> Autoscalers {
        let all = &scenario.scaling.autoscalers;
        let mut by_target = vec![None; scenario.workloads.len()];
        let mut by_load = vec![Vec::new(); scenario.services.len()];
        for (id, spec) in all.iter().enumerate() {
            by_target[spec.target.index()] = Some(AutoscalerId::from(id));
            let measured = spec.metrics.iter().filter_map(|metric| match metric.source {
                MetricSource::ServiceRequests(service) => Some(service),
                _ => None,
            });
            let template = &scenario.templates[scenario.workloads[spec.target.index()].template.index()];
            for service in services_of(template).into_iter().chain(measured) {
                by_load[service.index()].push(AutoscalerId::from(id));
            }
        }
        Autoscalers {
            keys: all.iter().map(|spec| EntityKey::new(&spec.path())).collect(),
            by_target,
            by_load,
        }
    }

    /// All of them.
    pub fn ids(&self) -> impl Iterator<Item = AutoscalerId> + use<> {
        (0..self.keys.len()).map(AutoscalerId::from)
    }

    /// Whose luck an autoscaler's is.
    pub fn key(&self, id: AutoscalerId) -> EntityKey {
        self.keys[id.index()]
    }

    /// The one that has a workload as its target.
    pub fn of(&self, target: WorkloadId) -> Option<AutoscalerId> {
        self.by_target[target.index()]
    }

    /// Those that look at requests of a service, or at what its pods do for them.
    pub fn by_load(&self, service: ServiceId) -> &[AutoscalerId] {
        &self.by_load[service.index()]
    }
}
