//! Services that users reach through an Ingress: requests come through the Service of the ingress controller, if its
//! pods are in the input.

use sim_core::ids::ServiceId;
use sim_core::spec::{Exposure, Routing, Service};

use super::report::Report;
use super::workloads::Pods;
use crate::diagnostic::{Diagnostic, codes};
use crate::manifest::{self, Manifests};

/// What the image of a controller is called, by `spec.controller` of its IngressClass or the usual name of the class.
const IMAGES: [(&str, &str); 8] = [
    ("k8s.io/ingress-nginx", "ingress-nginx/controller"),
    ("nginx", "ingress-nginx/controller"),
    ("nginx.org/ingress-controller", "nginx-ingress"),
    ("traefik.io/ingress-controller", "traefik"),
    ("traefik", "traefik"),
    ("haproxy.org/ingress-controller", "kubernetes-ingress"),
    ("haproxy-ingress.github.io/controller", "haproxy-ingress"),
    ("haproxy", "haproxy"),
];

/// Gives the backends of all Ingresses their entrance.
pub(super) fn find(services: &mut [Service], manifests: &Manifests, pods: &Pods, report: &mut Report) {
    for ingress in &manifests.ingresses {
        let controller = manifest::controller(&ingress.object, &manifests.ingress_classes);
        let entrance = controller.and_then(|controller| entrance(controller, services, pods));
        if entrance.is_none() {
            let message = format!(
                "{}: its ingress controller is not in the input, so it is taken as always up, and its backends as \
                 reached without it",
                ingress.document
            );
            let help = "add the controller's Deployment or DaemonSet, its Service and its IngressClass";
            let place = ingress.document.name_place();
            report.push(Diagnostic::new(&codes::ASSUMED, message).at(place, "").help(help));
            continue;
        }
        for name in manifest::backends(&ingress.object) {
            enter(services, &ingress.document.namespace, name, entrance);
        }
    }
}

/// The Service with the controller's pods behind it; of several, one that is reached from outside.
fn entrance(controller: &str, services: &[Service], pods: &Pods) -> Option<ServiceId> {
    let (_, image) = IMAGES.iter().find(|(known, _)| *known == controller)?;
    let runs_it = |service: &Service| {
        pods.selected(Some(&service.namespace), &service.selector).iter().any(|workload| {
            let containers = &pods.templates[workload.index()].containers;
            containers.iter().any(|container| pods.images.0[container.image.index()].name.contains(image))
        })
    };
    let running = services.iter().enumerate().filter(|(_, service)| runs_it(service));
    let (id, _) = running.min_by_key(|(_, service)| service.exposure != Exposure::LoadBalancer)?;
    Some(ServiceId::from(id))
}

/// The controller sends to the endpoints themselves: what the Service says of nodes and load balancers does not matter.
fn enter(services: &mut [Service], namespace: &str, name: &str, entrance: Option<ServiceId>) {
    let backend = services.iter_mut().enumerate().find(|(_, s)| s.namespace == namespace && s.name == name);
    if let Some((id, backend)) = backend
        && Some(ServiceId::from(id)) != entrance
    {
        backend.exposure = Exposure::Cluster;
        backend.routing = Routing { entrance, ..Routing::default() };
    }
}
