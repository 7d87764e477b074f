//! What pods request and nodes offer.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Container, PodSpec, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use sim_core::spec::Resources;

use super::pod::PodReport;
use crate::diagnostic::codes;
use crate::quantity;

/// Upstream's default of kubelet `maxPods`.
pub(crate) const DEFAULT_PODS: u32 = 110;

/// Local disk is not modelled; nodes would have to say how much they have.
const IGNORED: &str = "ephemeral-storage";

/// Amounts by resource name: CPU in thousandths, all else in whole units.
pub(super) type Amounts = BTreeMap<String, u64>;

/// What a pod requests, by upstream's rule: the greater of what runs together at last (app containers and sidecars)
/// and what any init container needs while it runs, with the sidecars before it; plus overhead.
pub(super) fn requests(spec: &PodSpec, report: &mut PodReport) -> Resources {
    let mut together = totals(spec, |container, path| container_requests(container, path, report));
    let of_pod = effective(spec.resources.as_ref(), "resources", report);
    together.extend(of_pod);
    add(&mut together, &amounts(spec.overhead.as_ref(), "overhead", report));
    resources(together)
}

/// What a pod may use at most, as far as its containers say, by the same rule.
pub(super) fn limits(spec: &PodSpec) -> Amounts {
    totals(spec, |container, _| {
        let limits = container.resources.as_ref().and_then(|resources| resources.limits.as_ref());
        let known =
            |(name, Quantity(text)): (&String, &Quantity)| Some((name.clone(), amount(name, text).ok()?));
        limits.into_iter().flatten().filter_map(known).collect()
    })
}

fn totals(spec: &PodSpec, mut of: impl FnMut(&Container, &str) -> Amounts) -> Amounts {
    let mut together = Amounts::new();
    let mut greatest_init = Amounts::new();
    for (index, container) in spec.init_containers.iter().flatten().enumerate() {
        let own = of(container, &format!("initContainers.{index}"));
        if container.restart_policy.as_deref() == Some("Always") {
            add(&mut together, &own);
        } else {
            let mut during = together.clone();
            add(&mut during, &own);
            raise(&mut greatest_init, &during);
        }
    }
    for (index, container) in spec.containers.iter().enumerate() {
        add(&mut together, &of(container, &format!("containers.{index}")));
    }
    raise(&mut together, &greatest_init);
    together
}

/// What one container requests; nothing where it does not say.
#[derive(Clone, Debug)]
pub(crate) struct ContainerRequests {
    /// Its name.
    pub name: String,
    /// Whether it is the one that serves requests: the first that is no sidecar.
    pub serves: bool,
    /// CPU in thousandths of a core.
    pub cpu: Option<u64>,
    /// Memory in thousandths of a byte.
    pub memory: Option<u64>,
}

/// What each container requests, sidecars first.
pub(crate) fn requests_by_container(spec: &PodSpec) -> Vec<ContainerRequests> {
    let sidecars = spec.init_containers.iter().flatten();
    let sidecars = sidecars.filter(|container| container.restart_policy.as_deref() == Some("Always"));
    let one = |serves: bool, container: &Container| {
        let given = container.resources.as_ref();
        let amount = |name: &str| {
            let of = |map: &Option<BTreeMap<String, Quantity>>| map.as_ref()?.get(name).cloned();
            let Quantity(text) = of(&given?.requests).or_else(|| of(&given?.limits))?;
            quantity::parse_milli_units(&text).ok()
        };
        ContainerRequests {
            name: container.name.clone(),
            serves,
            cpu: amount("cpu"),
            memory: amount("memory"),
        }
    };
    let apps = spec.containers.iter().enumerate().map(|(index, container)| one(index == 0, container));
    sidecars.map(|container| one(false, container)).chain(apps).collect()
}

/// What a node offers, from `status.allocatable` or `status.capacity`; wrong quantities are given to `problem`.
pub(crate) fn offered(
    given: &BTreeMap<String, Quantity>,
    problem: &mut dyn FnMut(&str, String),
) -> Resources {
    let mut all = Amounts::new();
    for (name, Quantity(text)) in given {
        match amount(name, text) {
            Ok(value) => drop(all.insert(name.clone(), value)),
            Err(message) => problem(name, message),
        }
    }
    resources(all)
}

fn container_requests(container: &Container, path: &str, report: &mut PodReport) -> Amounts {
    effective(container.resources.as_ref(), &format!("{path}.resources"), report)
}

/// Requests, and limits where there is no request.
fn effective(given: Option<&ResourceRequirements>, path: &str, report: &mut PodReport) -> Amounts {
    let Some(given) = given else { return Amounts::new() };
    let mut all = amounts(given.limits.as_ref(), &format!("{path}.limits"), report);
    for (name, request) in amounts(given.requests.as_ref(), &format!("{path}.requests"), report) {
        if all.get(&name).is_some_and(|limit| *limit < request) {
            let message = format!("the request of {name} is above its limit");
            report.error(&codes::OVER_LIMIT, &format!("{path}.requests.{name}"), message);
        }
        all.insert(name, request);
    }
    all
}

fn amounts(given: Option<&BTreeMap<String, Quantity>>, path: &str, report: &mut PodReport) -> Amounts {
    let mut all = Amounts::new();
    for (name, Quantity(text)) in given.into_iter().flatten() {
        match amount(name, text) {
            Ok(value) => drop(all.insert(name.clone(), value)),
            Err(message) => report.error(&codes::QUANTITY, &format!("{path}.{name}"), message),
        }
    }
    all
}

pub(super) fn amount(name: &str, text: &str) -> Result<u64, String> {
    if name == "cpu" { quantity::parse_milli_units(text) } else { quantity::parse_units(text) }
}

fn add(sum: &mut Amounts, more: &Amounts) {
    for (name, amount) in more {
        let total = sum.entry(name.clone()).or_default();
        *total = total.saturating_add(*amount);
    }
}

fn raise(greatest: &mut Amounts, other: &Amounts) {
    for (name, amount) in other {
        let most = greatest.entry(name.clone()).or_default();
        *most = (*most).max(*amount);
    }
}

fn resources(mut all: Amounts) -> Resources {
    all.remove(IGNORED);
    Resources {
        cpu_milli: all.remove("cpu").unwrap_or(0),
        memory_bytes: all.remove("memory").unwrap_or(0),
        pods: all.remove("pods").map_or(0, |pods| u32::try_from(pods).unwrap_or(u32::MAX)),
        extended: all.into_iter().filter(|(_, amount)| *amount > 0).collect(),
    }
}
