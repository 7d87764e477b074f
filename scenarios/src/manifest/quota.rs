//! ResourceQuotas: what they limit, which pods they cover, and what each is charged.

use k8s_openapi::api::core::v1::{Container, PodSpec, ResourceQuota};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use sim_core::spec::{Limit, PodTemplate};

use super::resources::{self, Amounts};
use crate::diagnostic::{Diagnostic, codes};
use crate::typed::Typed;

/// What quotas look at in a pod, besides what its template says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Demand {
    limits: Amounts,
    /// Resources that every container requests, and that every container limits.
    says: [Vec<String>; 2],
    best_effort: bool,
    terminating: bool,
    priority_class: Option<String>,
}

/// A quota that is not yet applied to pods.
pub(crate) struct QuotaManifest {
    pub hard: Vec<Limit>,
    scopes: Vec<Scope>,
}

/// One of `spec.scopes` or `spec.scopeSelector`.
enum Scope {
    Terminating(bool),
    BestEffort(bool),
    /// Priority classes that are meant; `None` is any, and whether they are meant or all others are.
    PriorityClass(Option<Vec<String>>, bool),
}

/// Resources that every container must state where a quota limits them (`validatePodResources`, pods.go).
const MUST_BE_SAID: [&str; 2] = ["cpu", "memory"];

impl Demand {
    /// That of a pod.
    pub fn of(spec: &PodSpec) -> Demand {
        let containers = || spec.containers.iter().chain(spec.init_containers.iter().flatten());
        let has = |c: &Container, name: &str, limit: bool| {
            let resources = c.resources.as_ref();
            let limited = resources.and_then(|r| r.limits.as_ref()).is_some_and(|l| l.contains_key(name));
            let requested = resources.and_then(|r| r.requests.as_ref()).is_some_and(|r| r.contains_key(name));
            limited || (!limit && requested)
        };
        let said = |limit| {
            let by_all = |name: &&str| containers().all(|container| has(container, name, limit));
            MUST_BE_SAID.iter().copied().filter(by_all).map(String::from).collect()
        };
        let says_any = |c: &Container| MUST_BE_SAID.iter().any(|name| has(c, name, false));
        Demand {
            limits: resources::limits(spec),
            says: [said(false), said(true)],
            best_effort: !containers().any(says_any),
            terminating: spec.active_deadline_seconds.is_some(),
            priority_class: spec.priority_class_name.clone(),
        }
    }

    /// How much of each limit a pod takes; `None` if it has to say so, and does not.
    pub fn charges(&self, template: &PodTemplate, hard: &[Limit]) -> Option<Vec<u64>> {
        hard.iter().map(|limit| self.charge(template, &limit.resource)).collect()
    }

    fn charge(&self, template: &PodTemplate, resource: &str) -> Option<u64> {
        let (of_limits, name) = match resource.split_once('.') {
            Some(("limits", name)) => (true, name),
            Some(("requests", name)) => (false, name),
            _ if matches!(resource, "pods" | "count/pods") => return Some(1),
            _ => (false, resource),
        };
        let said = self.says[usize::from(of_limits)].iter().any(|said| said == name);
        if MUST_BE_SAID.contains(&name) && !said {
            return None;
        }
        let extended = || template.requests.extended.iter().find(|(other, _)| other == name);
        Some(match name {
            _ if of_limits => self.limits.get(name).copied().unwrap_or(0),
            "cpu" => template.requests.cpu_milli,
            "memory" => template.requests.memory_bytes,
            _ => extended().map_or(0, |(_, amount)| *amount),
        })
    }
}

impl QuotaManifest {
    /// Whether it is about such pods.
    pub fn covers(&self, demand: &Demand) -> bool {
        self.scopes.iter().all(|scope| match scope {
            Scope::Terminating(is) => demand.terminating == *is,
            Scope::BestEffort(is) => demand.best_effort == *is,
            Scope::PriorityClass(names, is) => {
                let own = demand.priority_class.as_ref();
                let named = own.is_some_and(|own| names.as_ref().is_none_or(|names| names.contains(own)));
                named == *is
            }
        })
    }
}

/// Reads a quota; what it limits besides pods is left out with a warning.
pub(crate) fn compile_quota(
    typed: &Typed<ResourceQuota>,
    diagnostics: &mut Vec<Diagnostic>,
) -> QuotaManifest {
    let spec = typed.object.spec.clone().unwrap_or_default();
    let node = &typed.document.node;
    let mut hard = Vec::new();
    for (resource, Quantity(text)) in spec.hard.iter().flatten() {
        let place = node.place_of(&format!("spec.hard.{resource}"));
        let name = resource.trim_start_matches("requests.").trim_start_matches("limits.");
        match resources::amount(name, text) {
            Err(message) => diagnostics.push(Diagnostic::new(&codes::QUANTITY, message).at(place, "")),
            Ok(_) if !limits_pods(resource) => {
                let message = format!("`{resource}` is not modelled: a quota limits pods only");
                diagnostics.push(Diagnostic::new(&codes::NOT_MODELLED, message).at(place, ""));
            }
            Ok(most) => {
                let counts_ended = resource == "count/pods";
                hard.push(Limit { resource: resource.clone(), most, counts_ended });
            }
        }
    }
    let named = spec.scopes.iter().flatten().map(|name| (name.as_str(), "Exists", None));
    let selected =
        spec.scope_selector.iter().flat_map(|selector| selector.match_expressions.iter().flatten());
    let selected = selected.map(|s| (s.scope_name.as_str(), s.operator.as_str(), s.values.clone()));
    let scopes = named.chain(selected).filter_map(|(name, operator, values)| {
        let known = scope(name, operator, values);
        if known.is_none() {
            let message = format!("the scope {name} is not modelled: the quota covers pods of any");
            diagnostics.push(Diagnostic::new(&codes::NOT_MODELLED, message).at(node.place_of("spec"), ""));
        }
        known
    });
    QuotaManifest { scopes: scopes.collect(), hard }
}

fn scope(name: &str, operator: &str, values: Option<Vec<String>>) -> Option<Scope> {
    Some(match name {
        "Terminating" => Scope::Terminating(true),
        "NotTerminating" => Scope::Terminating(false),
        "BestEffort" => Scope::BestEffort(true),
        "NotBestEffort" => Scope::BestEffort(false),
        "PriorityClass" => {
            let names = values.filter(|_| matches!(operator, "In" | "NotIn"));
            Scope::PriorityClass(names, matches!(operator, "In" | "Exists"))
        }
        _ => return None,
    })
}

/// CPU, memory, extended resources and pods; not objects of other kinds, nor disks.
fn limits_pods(resource: &str) -> bool {
    match resource {
        "cpu" | "memory" | "pods" | "count/pods" => true,
        "requests.storage" | "requests.ephemeral-storage" | "limits.ephemeral-storage" => false,
        _ => resource.starts_with("requests.") || matches!(resource, "limits.cpu" | "limits.memory"),
    }
}
