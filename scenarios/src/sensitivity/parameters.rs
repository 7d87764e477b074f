//! Which fields of the input are parameters: what can be scaled, in the scenario and in the pods of the manifests, and
//! the timings that stand at their defaults.

use std::fmt;
use std::str::FromStr;

use super::quantity::Quantity;
use crate::Loaded;
use crate::compile::version::rules_of;
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::scenario_file::{defaults, timing_defaults};
use crate::set::Path;
use crate::tree::{Node, Value};

/// A field, what it is, and the ends of the range in which it is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The field.
    pub path: Path,
    /// Its value; none where the range was given and the value is not in the input.
    pub value: Option<Quantity>,
    /// Lower end.
    pub low: Quantity,
    /// Upper end.
    pub high: Quantity,
}

impl Parameter {
    /// The value at a part of the way from the lower end to the upper one, in equal ratios.
    pub fn at(&self, part: f64) -> Quantity {
        self.low.scaled(libm::pow(self.low.ratio_to(self.high), part))
    }
}

/// What the user asks for: a field, and a range if the factors are not to make it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    path: Path,
    range: Option<(Quantity, Quantity)>,
}

impl fmt::Display for Asked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.path)?;
        self.range.map_or(Ok(()), |(low, high)| write!(out, "={}..{}", low.text(), high.text()))
    }
}

impl FromStr for Asked {
    type Err = String;

    /// `PATH`, or `PATH=LOW..HIGH`.
    fn from_str(text: &str) -> Result<Asked, String> {
        let (path, range) = text.split_once('=').map_or((text, None), |(path, range)| (path, Some(range)));
        let path = path.trim().parse().map_err(|problem: Box<Diagnostic>| problem.message)?;
        let range = range.map(|range| {
            let ends = range.split_once("..").and_then(|(low, high)| {
                Some((Quantity::of_text(low.trim())?, Quantity::of_text(high.trim())?))
            });
            ends.filter(|(low, high)| low.ratio_to(*high) > 1.0)
                .ok_or_else(|| format!("`{range}` is not a range such as 1m..10m or 2..6"))
        });
        Ok(Asked { path, range: range.transpose()? })
    }
}

/// Parts of a scenario that hold parameters.
const PARTS: [&str; 6] = ["faults", "pods", "services", "operations", "controlPlane", "timing"];

/// Fields of them that say when, to whom, or what was promised: no parameters.
const OTHERS: [&str; 5] = ["at", "objectives", "targets", "selector", "upgrade"];

/// Fields whose plain numbers are parameters.
const NUMBERS: [&str; 3] = ["requestsPerSecond", "shape", "sigma"];

/// The same in manifests; whole numbers.
const COUNTS: [&str; 8] = [
    "replicas",
    "minReadySeconds",
    "tolerationSeconds",
    "terminationGracePeriodSeconds",
    "periodSeconds",
    "failureThreshold",
    "timeoutSeconds",
    "seconds",
];

/// All parameters with ranges from `low` to `high` times their value, or those that are asked for.
pub fn parameters(
    loaded: &Loaded,
    asked: &[Asked],
    (low, high): (f64, f64),
) -> Result<Vec<Parameter>, String> {
    let found = found(loaded);
    let scaled = |(path, value): &(Path, Quantity)| Parameter {
        path: path.clone(),
        value: Some(*value),
        low: value.scaled(low),
        high: value.scaled(high),
    };
    if asked.is_empty() {
        return Ok(found.iter().map(scaled).collect());
    }
    let wanted = |asked: &Asked| {
        let known = found.iter().find(|(path, _)| *path == asked.path);
        match (known, asked.range) {
            (_, Some((low, high))) => {
                Ok(Parameter { path: asked.path.clone(), value: known.map(|(_, value)| *value), low, high })
            }
            (Some(known), None) => Ok(scaled(known)),
            (None, None) => Err(format!(
                "{} has no value in the input that could be scaled: give a range, as {}=LOW..HIGH",
                asked.path, asked.path
            )),
        }
    };
    asked.iter().map(wanted).collect()
}

fn found(loaded: &Loaded) -> Vec<(Path, Quantity)> {
    let mut found = Vec::new();
    if let Some(spec) = loaded.documents.scenario.as_ref().and_then(|scenario| scenario.node.get("spec")) {
        for part in PARTS {
            let path = format!("scenario.spec.{part}");
            spec.get(part).into_iter().for_each(|node| walk(node, &path, "", false, &mut found));
        }
        add_timings(spec, &mut found);
    }
    for document in loaded.documents.manifests.iter().filter(|document| has_pods(document)) {
        let path = format!("{}/{}/[{}].spec", document.kind, document.namespace, document.name);
        let path = if document.name.contains('.') { path } else { path.replace(['[', ']'], "") };
        document.node.get("spec").into_iter().for_each(|node| walk(node, &path, "", true, &mut found));
    }
    let parsed = found.into_iter().filter_map(|(path, value): (String, _)| Some((path.parse().ok()?, value)));
    parsed.collect()
}

/// What has replicas, and is not made by something else.
fn has_pods(document: &Document) -> bool {
    let kinds = ["Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet"];
    kinds.contains(&document.kind.as_str()) && document.node.find("metadata.ownerReferences").is_none()
}

fn walk(node: &Node, path: &str, key: &str, manifest: bool, found: &mut Vec<(String, Quantity)>) {
    match &node.value {
        Value::Map(entries) => {
            for entry in entries.iter().filter(|entry| !OTHERS.contains(&entry.key.as_str())) {
                walk(&entry.value, &format!("{path}{}", step(&entry.key)), &entry.key, manifest, found);
            }
        }
        Value::List(items) => {
            for (at, item) in items.iter().enumerate().filter(|(_, item)| !item.entries().is_empty()) {
                let name = item.get("name").and_then(Node::as_str).map_or(at.to_string(), str::to_owned);
                walk(item, &format!("{path}{}", step(&name)), key, manifest, found);
            }
        }
        Value::Text(_) if manifest => {}
        Value::Text(_) => found.extend(Quantity::of(node, false).map(|value| (path.to_owned(), value))),
        _ if (if manifest { COUNTS.contains(&key) } else { NUMBERS.contains(&key) }) => {
            found.extend(Quantity::of(node, manifest).map(|value| (path.to_owned(), value)));
        }
        _ => {}
    }
}

/// A key or a name in a path; in brackets where it has dots.
fn step(name: &str) -> String {
    if name.contains(['.', '/']) { format!("[{name}]") } else { format!(".{name}") }
}

/// Timings that the scenario does not set; those of the load balancer only where no provider has set them.
fn add_timings(spec: &Node, found: &mut Vec<(String, Quantity)>) {
    let version = spec.get("kubernetesVersion").and_then(Node::as_str);
    let version = version.unwrap_or(defaults::KUBERNETES_VERSION.value);
    let Ok((minor, _)) = rules_of(version) else { return };
    let by_provider = |field: &str| field.starts_with("lb") && spec.get("loadBalancer").is_some();
    for timing in timing_defaults(minor).iter().filter(|timing| !by_provider(&timing.field)) {
        let is_set = spec.find(&format!("timing.{}", timing.field)).is_some();
        let value = Quantity::of_text(&timing.value).filter(|value| matches!(value, Quantity::Duration(_)));
        let path = format!("scenario.spec.timing.{}", timing.field);
        found.extend(value.filter(|_| !is_set).map(|value| (path, value)));
    }
}
