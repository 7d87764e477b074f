//! Ingress manifests: which Services they send to, and whose controller does it.

use k8s_openapi::api::networking::v1::{Ingress, IngressBackend, IngressClass};

use crate::typed::Typed;

/// The annotation that named the class before there was a field for it.
const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";
/// An Ingress without a class has the one with this annotation (`DefaultIngressClass` admission).
const DEFAULT_ANNOTATION: &str = "ingressclass.kubernetes.io/is-default-class";

/// Names of the Services that an Ingress sends to, each once; they are of its own namespace.
pub(crate) fn backends<'a>(ingress: &'a Ingress) -> Vec<&'a str> {
    let Some(spec) = &ingress.spec else { return Vec::new() };
    let rules = spec.rules.iter().flatten().filter_map(|rule| rule.http.as_ref());
    let of_paths = rules.flat_map(|http| &http.paths).map(|path| &path.backend);
    let all = spec.default_backend.iter().chain(of_paths);
    let name = |backend: &'a IngressBackend| Some(backend.service.as_ref()?.name.as_str());
    let mut names: Vec<&str> = all.filter_map(name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// `spec.controller` of the class that an Ingress is of; of a class that is not in the input, its name.
pub(crate) fn controller<'a>(
    ingress: &'a Ingress,
    classes: &'a [Typed<'_, IngressClass>],
) -> Option<&'a str> {
    let annotated = ingress.metadata.annotations.as_ref().and_then(|all| all.get(CLASS_ANNOTATION));
    let named = ingress.spec.as_ref().and_then(|spec| spec.ingress_class_name.as_ref()).or(annotated);
    let class = match named {
        Some(name) => classes.iter().find(|class| class.document.name == *name),
        None => classes.iter().find(|class| is_default(&class.object)),
    };
    let controller = class.and_then(|class| class.object.spec.as_ref()?.controller.as_deref());
    controller.or(named.map(String::as_str))
}

fn is_default(class: &IngressClass) -> bool {
    let annotation = class.metadata.annotations.as_ref().and_then(|all| all.get(DEFAULT_ANNOTATION));
    annotation.is_some_and(|value| value == "true")
}
