//! Services with their traffic and promises; for workloads that no Service selects, one is assumed.

use sim_core::ids::ServiceId;
use sim_core::spec::{Exposure, Measure, Objective, Routing, Selector, Service, Traffic};

use super::report::Report;
use super::workloads::{Pods, serves};
use crate::diagnostic::{Diagnostic, codes};
use crate::manifest::{self, Manifests};
use crate::scenario_file::{MeasureFile, ObjectiveFile, ServiceBehaviour, Share, TrafficFile, defaults};

/// Compiles all services.
pub(super) fn compile(
    files: &[ServiceBehaviour],
    manifests: &Manifests,
    pods: &Pods,
    minor: u32,
    report: &mut Report,
) -> Vec<Service> {
    let mut services = of_manifests(manifests, pods, minor, report);
    services.extend(implied(&services, pods, report));
    let mut seen: Vec<ServiceId> = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let Some(id) = find(&services, &qualified(file)) else {
            let names: Vec<String> = services.iter().map(shown).collect();
            let path = format!("spec.services.{index}.name");
            report.not_found(&path, "Service", &file.name, names.iter().map(String::as_str));
            continue;
        };
        if seen.contains(&id) {
            let message = format!("two entries are about Service `{}`", file.name);
            report.error(&codes::DUPLICATE, &format!("spec.services.{index}.name"), message);
        }
        seen.push(id);
        let depends_on = dependencies(index, file, &services, report);
        apply(index, file, &mut services[id.index()], depends_on, report);
    }
    for service in services.iter_mut().filter(|service| service.required_serving == 0) {
        service.required_serving = enough(service, pods);
    }
    check_cycles(&services, report);
    services
}

fn of_manifests(manifests: &Manifests, pods: &Pods, minor: u32, report: &mut Report) -> Vec<Service> {
    let mut services = Vec::new();
    for typed in &manifests.services {
        let Some(manifest) = manifest::compile_service(typed, minor, report.diagnostics) else { continue };
        let document = typed.document;
        if pods.selected(Some(&document.namespace), &manifest.selector).is_empty() {
            let message = format!("{document} selects no pods, so it was left out");
            let place = document.node.place_of("spec.selector");
            report.push(
                Diagnostic::new(&codes::SELECTS_NOTHING, message)
                    .at(place, "no pod of this namespace has these labels")
                    .help(pod_labels(&document.namespace, pods)),
            );
            continue;
        }
        let mut service = service(&document.name, &document.namespace, manifest.selector);
        (service.exposure, service.routing) = (manifest.exposure, manifest.routing);
        service.publish_not_ready = manifest.publish_not_ready;
        services.push(service);
    }
    services
}

/// The labels that pods of a namespace do have.
fn pod_labels(namespace: &str, pods: &Pods) -> String {
    let templates = pods.templates.iter().filter(|template| template.namespace == namespace);
    let shown = templates.take(5).map(|template| {
        let pairs = template.labels.iter().map(|(key, value)| format!("{key}={value}"));
        pairs.collect::<Vec<_>>().join(",")
    });
    match shown.collect::<Vec<_>>().join(" · ") {
        none if none.is_empty() => format!("there are no pods in namespace {namespace}"),
        labels => format!("pods of namespace {namespace} have the labels {labels}"),
    }
}

fn implied(services: &[Service], pods: &Pods, report: &mut Report) -> Vec<Service> {
    let mut implied: Vec<Service> = Vec::new();
    for ((workload, template), origin) in pods.workloads.iter().zip(&pods.templates).zip(&pods.origins) {
        let served = services.iter().chain(&implied).any(|service| {
            service.namespace == workload.namespace && service.selector.matches(&template.labels)
        });
        if served || !serves(workload, template) {
            continue;
        }
        let taken = services
            .iter()
            .chain(&implied)
            .any(|s| s.namespace == workload.namespace && s.name == workload.name);
        let name = if taken { format!("{}-pods", workload.name) } else { workload.name.clone() };
        let message =
            format!("no Service selects the pods of {}, so a Service {name} is assumed", origin.title);
        report.push(Diagnostic::new(&codes::NOT_SERVED, message).at(&origin.place, ""));
        implied.push(service(&name, &workload.namespace, Selector::from_labels(&template.labels)));
    }
    implied
}

/// A service of which nothing is known yet but its pods.
fn service(name: &str, namespace: &str, selector: Selector) -> Service {
    Service {
        name: name.to_owned(),
        namespace: namespace.to_owned(),
        selector,
        exposure: Exposure::Cluster,
        routing: Routing::default(),
        publish_not_ready: false,
        traffic: Traffic::constant(defaults::TRAFFIC.parse()),
        depends_on: Vec::new(),
        required_serving: 0,
        outage_below: defaults::OUTAGE_BELOW.parse::<Share>().0,
        objectives: Vec::new(),
    }
}

fn apply(
    index: usize,
    file: &ServiceBehaviour,
    service: &mut Service,
    depends_on: Vec<ServiceId>,
    report: &mut Report,
) {
    let path = |field: &str| format!("spec.services.{index}.{field}");
    service.traffic = traffic(&file.traffic, &path("traffic"), report);
    service.depends_on = depends_on;
    service.outage_below = file.outage_below.map_or(service.outage_below, |share| share.0);
    if file.required_serving == Some(0) {
        report.error(&codes::RANGE, &path("requiredServing"), "requiredServing must be at least 1");
    }
    service.required_serving = file.required_serving.unwrap_or(0);
    let objectives = file.objectives.iter().enumerate();
    service.objectives = objectives
        .map(|(i, objective)| self::objective(objective, &path(&format!("objectives.{i}.target")), report))
        .collect();
}

fn traffic(file: &TrafficFile, path: &str, report: &mut Report) -> Traffic {
    let requests_per_second = file.requests_per_second.unwrap_or_else(|| defaults::TRAFFIC.parse());
    series(requests_per_second, &file.daily_profile, &format!("{path}.requestsPerSecond"), path, report)
}

/// A quantity over time, from its mean, which stands at `field`, and its course of a day.
pub(super) fn series(mean: f64, parts: &[f64], field: &str, path: &str, report: &mut Report) -> Traffic {
    if !(mean > 0.0 && mean.is_finite()) {
        let name = field.rsplit('.').next().unwrap_or(field);
        report.error(&codes::RATE, field, format!("{name} is {mean}, but must be positive"));
    }
    Traffic { daily_profile: profile(parts, path, report), ..Traffic::constant(mean) }
}

/// Scaled so that its mean is one.
fn profile(parts: &[f64], path: &str, report: &mut Report) -> Vec<f64> {
    let sum: f64 = parts.iter().sum();
    if parts.is_empty() {
        return vec![1.0];
    }
    if !(sum > 0.0 && sum.is_finite() && parts.iter().all(|part| *part >= 0.0)) {
        let message = "the parts of a daily profile are not negative, and not all zero";
        report.error(&codes::RATE, &format!("{path}.dailyProfile"), message);
        return vec![1.0];
    }
    parts.iter().map(|part| part * parts.len() as f64 / sum).collect()
}

fn objective(file: &ObjectiveFile, path: &str, report: &mut Report) -> Objective {
    if file.target.0 >= 1.0 {
        report.error(&codes::SHARE, path, "no system keeps a promise of 100%: the target must be below");
    }
    Objective {
        measure: match file.measure {
            MeasureFile::Request => Measure::Request,
            MeasureFile::Time => Measure::Time,
            MeasureFile::Capacity => Measure::Capacity,
        },
        target: file.target.0,
        window: file.window.unwrap_or_else(|| defaults::OBJECTIVE_WINDOW.parse()).0,
    }
}

fn dependencies(
    index: usize,
    file: &ServiceBehaviour,
    services: &[Service],
    report: &mut Report,
) -> Vec<ServiceId> {
    let mut found = Vec::new();
    for (position, name) in file.depends_on.iter().enumerate() {
        let namespace = file.namespace.as_deref().unwrap_or("default");
        let full = if name.contains('/') { name.clone() } else { format!("{namespace}/{name}") };
        match find(services, &full) {
            Some(id) => found.push(id),
            None => {
                let names: Vec<String> = services.iter().map(shown).collect();
                let path = format!("spec.services.{index}.dependsOn.{position}");
                report.not_found(&path, "Service", name, names.iter().map(String::as_str));
            }
        }
    }
    found
}

/// Serving endpoints that carry the peak of the traffic, or all replicas where the capacity is not known.
fn enough(service: &Service, pods: &Pods) -> u32 {
    let selected = pods.selected(Some(&service.namespace), &service.selector);
    let replicas: u32 = selected.iter().map(|id| pods.workloads[id.index()].replicas).sum();
    let capacities = selected.iter().map(|id| pods.templates[id.index()].capacity_rps);
    let weakest = capacities.fold(f64::INFINITY, f64::min);
    let busiest = service.traffic.daily_profile.iter().copied().fold(0.0, f64::max);
    let peak = service.traffic.requests_per_second * busiest;
    let needed = if weakest.is_finite() { (peak / weakest).ceil() as u32 } else { replicas };
    needed.max(1)
}

/// A dependency that leads back to where it began.
fn check_cycles(services: &[Service], report: &mut Report) {
    let reaches_itself = |start: usize| {
        let mut seen = vec![false; services.len()];
        let mut next: Vec<usize> = services[start].depends_on.iter().map(|id| id.index()).collect();
        while let Some(at) = next.pop() {
            if at == start {
                return true;
            }
            if !std::mem::replace(&mut seen[at], true) {
                next.extend(services[at].depends_on.iter().map(|id| id.index()));
            }
        }
        false
    };
    let circle: Vec<String> =
        (0..services.len()).filter(|at| reaches_itself(*at)).map(|at| shown(&services[at])).collect();
    if !circle.is_empty() {
        let message = format!("services depend on each other in a circle: {}", circle.join(", "));
        report.error(&codes::CYCLE, "spec.services", message);
    }
}

fn find(services: &[Service], full: &str) -> Option<ServiceId> {
    services
        .iter()
        .position(|service| format!("{}/{}", service.namespace, service.name) == full)
        .map(ServiceId::from)
}

fn qualified(file: &ServiceBehaviour) -> String {
    format!("{}/{}", file.namespace.as_deref().unwrap_or("default"), file.name)
}

fn shown(service: &Service) -> String {
    match service.namespace.as_str() {
        "default" => service.name.clone(),
        namespace => format!("{namespace}/{}", service.name),
    }
}
