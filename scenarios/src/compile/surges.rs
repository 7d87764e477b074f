//! Surges of traffic: operations of users rather than of administrators.

use sim_core::spec::{Service, Surge};
use sim_core::time::Span;

use super::operations::moments;
use super::report::Report;
use crate::diagnostic::codes;
use crate::duration::Duration;
use crate::scenario_file::{OperationFile, defaults};

/// Adds the surges among the operations to the traffic of services.
pub(super) fn compile(files: &[OperationFile], horizon: Span, services: &mut [Service], report: &mut Report) {
    for (index, file) in files.iter().enumerate() {
        let Some(name) = &file.traffic else { continue };
        let path = format!("spec.operations.{index}");
        let Some(service) = find(services, name) else {
            let known: Vec<String> = services.iter().map(|s| format!("{}/{}", s.namespace, s.name)).collect();
            report.not_found(&format!("{path}.traffic"), "Service", name, known.iter().map(String::as_str));
            continue;
        };
        services[service].traffic.surges.extend(surges(file, &path, horizon, report));
    }
}

fn surges(file: &OperationFile, path: &str, horizon: Span, report: &mut Report) -> Vec<Surge> {
    let is_other = file.rollout.is_some() || file.scale.is_some() || file.delete_node.is_some();
    let Some(Duration(length)) = file.duration.filter(|_| !is_other) else {
        let message = "a surge has `traffic`, `for` and perhaps `times`, and is no other operation";
        report.error(&codes::MISSING_FIELD, path, message);
        return Vec::new();
    };
    if file.at.is_empty() && file.every.is_none() {
        report.error(&codes::FAULT_TIMING, path, "an operation needs `at` or `every`");
    }
    let times = file.times.unwrap_or_else(|| defaults::SURGE_TIMES.parse());
    if !(times >= 0.0 && times.is_finite()) {
        report.error(&codes::RANGE, &format!("{path}.times"), "times is a number that is not negative");
    }
    let moments = moments(&file.at, file.every, horizon, path, report);
    moments.into_iter().map(|from| Surge { from, to: from + length, times }).collect()
}

fn find(services: &[Service], name: &str) -> Option<usize> {
    let full = if name.contains('/') { name.to_owned() } else { format!("default/{name}") };
    services.iter().position(|service| format!("{}/{}", service.namespace, service.name) == full)
}
