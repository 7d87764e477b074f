//! Traffic policies and topology of Service manifests, by the rules of the version.

use k8s_openapi::api::core::v1;
use sim_core::spec::{Exposure, Hinting, Routing, TrafficPolicy};

use crate::diagnostic::{Diagnostic, codes};
use crate::typed::Typed;

/// `AnnotationTopologyMode`, pkg/apis/core/annotation_key_constants.go, and the name that it had before.
const TOPOLOGY_MODE: &str = "service.kubernetes.io/topology-mode";
const TOPOLOGY_HINTS: &str = "service.kubernetes.io/topology-aware-hints";
/// `ServiceTrafficDistribution` is beta, and so on, from here (pkg/features/kube_features.go).
const DISTRIBUTION_SINCE: u32 = 31;
/// `PreferSameTrafficDistribution` likewise.
const SAME_SINCE: u32 = 34;

/// What a Service says about where its traffic may go, for the traffic that it has.
pub(super) fn routing(
    typed: &Typed<v1::Service>,
    exposure: Exposure,
    minor: u32,
    diagnostics: &mut Vec<Diagnostic>,
) -> Routing {
    let Some(spec) = &typed.object.spec else { return Routing::default() };
    let (field, policy) = match exposure {
        Exposure::LoadBalancer => ("spec.externalTrafficPolicy", &spec.external_traffic_policy),
        Exposure::Cluster => ("spec.internalTrafficPolicy", &spec.internal_traffic_policy),
    };
    let policy = match policy.as_deref() {
        None | Some("Cluster") => TrafficPolicy::Cluster,
        Some("Local") => TrafficPolicy::Local,
        Some(other) => {
            let message = format!("{}: `{other}` is neither Cluster nor Local", typed.document);
            diagnostics
                .push(Diagnostic::new(&codes::CHOICE, message).at(typed.document.node.place_of(field), ""));
            TrafficPolicy::Cluster
        }
    };
    // Without topology: policy Local never looks at hints (`CategorizeEndpoints`, pkg/proxy/topology.go).
    let hinting = match policy {
        TrafficPolicy::Cluster => hinting(typed, spec, minor, diagnostics),
        TrafficPolicy::Local => Hinting::None,
    };
    Routing { policy, hinting, entrance: None }
}

/// `spec.trafficDistribution`, and only without it the annotation (`ReconcilerWithTrafficDistribution`,
/// endpointslice/reconciler.go).
fn hinting(
    typed: &Typed<v1::Service>,
    spec: &v1::ServiceSpec,
    minor: u32,
    diagnostics: &mut Vec<Diagnostic>,
) -> Hinting {
    let Some(distribution) = spec.traffic_distribution.as_deref() else { return annotated(typed) };
    let place = typed.document.node.place_of("spec.trafficDistribution");
    let (hinting, since) = match distribution {
        "PreferClose" => (Hinting::SameZone, DISTRIBUTION_SINCE),
        "PreferSameZone" => (Hinting::SameZone, SAME_SINCE),
        "PreferSameNode" => (Hinting::SameNode, SAME_SINCE),
        other => {
            let message =
                format!("{}: `{other}` is not PreferClose, PreferSameZone or PreferSameNode", typed.document);
            diagnostics.push(Diagnostic::new(&codes::CHOICE, message).at(place, ""));
            return Hinting::None;
        }
    };
    if minor >= since {
        return hinting;
    }
    let message = format!("`trafficDistribution: {distribution}` has no effect before Kubernetes 1.{since}");
    diagnostics.push(Diagnostic::new(&codes::NOT_MODELLED, message).at(place, ""));
    annotated(typed)
}

fn annotated(typed: &Typed<v1::Service>) -> Hinting {
    let annotations = typed.object.metadata.annotations.iter().flatten();
    let mode = |name: &str| {
        let mut found = annotations.clone().filter(|(key, _)| *key == name);
        found.next().is_some_and(|(_, value)| matches!(value.as_str(), "Auto" | "auto"))
    };
    if mode(TOPOLOGY_MODE) || mode(TOPOLOGY_HINTS) { Hinting::InProportion } else { Hinting::None }
}
