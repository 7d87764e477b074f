//! Node manifests.

use k8s_openapi::api::core::v1;
use sim_core::ids::ZoneId;
use sim_core::spec::Node;

use super::labels::{labels, taints};
use super::resources::{DEFAULT_PODS, offered};
use crate::compile::Domains;
use crate::diagnostic::{Diagnostic, codes};
use crate::typed::Typed;

/// Makes a node, and its zone, region and rack where they are new.
pub(crate) fn compile_node(
    typed: &Typed<v1::Node>,
    domains: &mut Domains,
    diagnostics: &mut Vec<Diagnostic>,
) -> Node {
    let mut labels = labels(typed.object.metadata.labels.as_ref());
    let name = typed.document.name.clone();
    if labels.get("kubernetes.io/hostname").is_none() {
        labels.set("kubernetes.io/hostname".to_owned(), name.clone());
    }
    let zone: ZoneId = domains.zone_of_labels(&labels);
    let rack = labels.get(crate::compile::RACK_LABEL).map(|rack| domains.rack(rack, zone));
    let spec = typed.object.spec.as_ref();
    let given_taints = spec.and_then(|spec| spec.taints.as_deref()).unwrap_or_default();
    Node {
        name,
        pool: String::new(),
        zone,
        rack,
        taints: taints(given_taints),
        allocatable: allocatable(typed, diagnostics),
        unschedulable: spec.and_then(|spec| spec.unschedulable).unwrap_or(false),
        spare: false,
        price_per_hour: 0.0,
        labels,
    }
}

fn allocatable(typed: &Typed<v1::Node>, diagnostics: &mut Vec<Diagnostic>) -> sim_core::spec::Resources {
    let status = typed.object.status.as_ref();
    let given = status.and_then(|status| status.allocatable.as_ref().or(status.capacity.as_ref()));
    let Some(given) = given.filter(|given| !given.is_empty()) else {
        let message = format!("{} does not say its capacity, so the default is assumed", typed.document);
        diagnostics.push(Diagnostic::new(&codes::NODE_CAPACITY, message).at(typed.document.name_place(), ""));
        return crate::compile::default_capacity();
    };
    let mut resources = offered(given, &mut |name, problem| {
        let place = typed.document.node.place_of(&format!("status.allocatable.{name}"));
        diagnostics
            .push(Diagnostic::new(&codes::QUANTITY, format!("{}: {problem}", typed.document)).at(place, ""));
    });
    if !given.contains_key("pods") {
        resources.pods = DEFAULT_PODS;
    }
    resources
}
