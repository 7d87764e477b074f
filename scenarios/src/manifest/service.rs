//! Service manifests.

use k8s_openapi::api::core::v1;
use sim_core::spec::{Exposure, Labels, Routing, Selector};

use super::labels::labels;
use super::routing::routing;
use crate::diagnostic::{Diagnostic, codes};
use crate::typed::Typed;

/// What a Service manifest says.
pub(crate) struct ServiceManifest {
    pub selector: Selector,
    pub exposure: Exposure,
    pub routing: Routing,
    pub publish_not_ready: bool,
}

/// Reads a Service; none for one without selector, which Kubernetes does not route by pods.
pub(crate) fn compile_service(
    typed: &Typed<v1::Service>,
    minor: u32,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<ServiceManifest> {
    let spec = typed.object.spec.as_ref()?;
    let selected: Labels = labels(spec.selector.as_ref());
    let kind = spec.type_.as_deref().unwrap_or("ClusterIP");
    if selected.is_empty() || kind == "ExternalName" {
        let message = format!("{} was left out: it has no selector", typed.document);
        diagnostics.push(Diagnostic::new(&codes::LEFT_OUT, message).at(typed.document.name_place(), ""));
        return None;
    }
    if !matches!(kind, "ClusterIP" | "NodePort" | "LoadBalancer") {
        let message =
            format!("{}: `{kind}` is not ClusterIP, NodePort, LoadBalancer or ExternalName", typed.document);
        let place = typed.document.node.place_of("spec.type");
        diagnostics.push(Diagnostic::new(&codes::CHOICE, message).at(place, ""));
    }
    // In front of a NodePort stands a load balancer of the user's own.
    let from_outside = matches!(kind, "LoadBalancer" | "NodePort");
    let exposure = if from_outside { Exposure::LoadBalancer } else { Exposure::Cluster };
    Some(ServiceManifest {
        selector: Selector::from_labels(&selected),
        exposure,
        routing: routing(typed, exposure, minor, diagnostics),
        publish_not_ready: spec.publish_not_ready_addresses.unwrap_or(false),
    })
}
