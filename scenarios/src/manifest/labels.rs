//! Labels, selectors, taints and tolerations.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use sim_core::spec::{Labels, Operator, Requirement, Selector, Taint, TaintEffect, Toleration};

use super::pod::PodReport;
use crate::duration::Duration;
use crate::scenario_file::defaults;

/// Taints that come and go with the state of a node; manifests show those of the moment of the export.
const LIFECYCLE_TAINTS: &str = "node.kubernetes.io/";

/// Labels of an object.
pub(crate) fn labels(map: Option<&BTreeMap<String, String>>) -> Labels {
    map.into_iter().flatten().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

/// A selector of upstream's: a missing one matches nothing, an empty one everything. An unknown operator is
/// `Err` with what is wrong.
pub(crate) fn selector(selector: Option<&LabelSelector>) -> Result<Selector, String> {
    let Some(selector) = selector else { return Ok(nothing()) };
    let equals = |(key, value): (&String, &String)| Requirement {
        key: key.clone(),
        is: Operator::In(vec![value.clone()]),
    };
    let mut requirements: Vec<Requirement> = selector.match_labels.iter().flatten().map(equals).collect();
    for expression in selector.match_expressions.iter().flatten() {
        let values = expression.values.clone().unwrap_or_default();
        requirements.push(requirement(&expression.key, &expression.operator, values)?);
    }
    Ok(Selector(requirements))
}

/// The selector that no object meets.
pub(super) fn nothing() -> Selector {
    Selector(vec![Requirement { key: String::new(), is: Operator::In(Vec::new()) }])
}

/// One condition, of label selectors and of node affinity.
pub(super) fn requirement(key: &str, operator: &str, values: Vec<String>) -> Result<Requirement, String> {
    let number = || match values[..] {
        [ref value] => value.parse().map_err(|_| format!("{operator} needs a whole number")),
        _ => Err(format!("{operator} needs one value")),
    };
    let is = match operator {
        "In" | "NotIn" if values.is_empty() => return Err(format!("{operator} needs values")),
        "In" => Operator::In(values),
        "NotIn" => Operator::NotIn(values),
        "Exists" => Operator::Exists,
        "DoesNotExist" => Operator::DoesNotExist,
        "Gt" => Operator::Gt(number()?),
        "Lt" => Operator::Lt(number()?),
        _ => return Err(format!("`{operator}` is not one of In, NotIn, Exists, DoesNotExist")),
    };
    Ok(Requirement { key: key.to_owned(), is })
}

/// The effect of a taint or toleration.
pub(super) fn effect(text: &str) -> Option<TaintEffect> {
    match text {
        "NoSchedule" => Some(TaintEffect::NoSchedule),
        "PreferNoSchedule" => Some(TaintEffect::PreferNoSchedule),
        "NoExecute" => Some(TaintEffect::NoExecute),
        _ => None,
    }
}

/// Taints of a node that are there to stay.
pub(super) fn taints(taints: &[core::Taint]) -> Vec<Taint> {
    let lasting = taints.iter().filter(|taint| !taint.key.starts_with(LIFECYCLE_TAINTS));
    let taint = |taint: &core::Taint| {
        let value = taint.value.clone().unwrap_or_default();
        Some(Taint { key: taint.key.clone(), value, effect: effect(&taint.effect)? })
    };
    lasting.filter_map(taint).collect()
}

/// Tolerations of a pod as they are given.
pub(super) fn tolerations(given: &[core::Toleration], report: &mut PodReport) -> Vec<Toleration> {
    given.iter().enumerate().filter_map(|(index, given)| toleration(index, given, report)).collect()
}

/// With the two that admission adds where nothing covers them (plugin DefaultTolerationSeconds).
pub(super) fn with_admission(mut tolerations: Vec<Toleration>) -> Vec<Toleration> {
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let taint = Taint { key: key.to_owned(), value: String::new(), effect: TaintEffect::NoExecute };
        if !tolerations.iter().any(|toleration| covers(toleration, &taint)) {
            tolerations.push(admission_toleration(key));
        }
    }
    tolerations
}

/// Upstream looks at key and effect only.
fn covers(toleration: &Toleration, taint: &Taint) -> bool {
    toleration.key.as_ref().is_none_or(|key| *key == taint.key)
        && toleration.effect.is_none_or(|effect| effect == taint.effect)
}

fn admission_toleration(key: &str) -> Toleration {
    let seconds = defaults::TOLERATION.parse::<Duration>().0.0 / 1_000_000_000;
    Toleration {
        key: Some(key.to_owned()),
        value: None,
        effect: Some(TaintEffect::NoExecute),
        seconds: Some(seconds),
    }
}

fn toleration(index: usize, given: &core::Toleration, report: &mut PodReport) -> Option<Toleration> {
    let path = format!("tolerations.{index}");
    let value = match given.operator.as_deref().unwrap_or("Equal") {
        "Exists" => None,
        "Equal" => Some(given.value.clone().unwrap_or_default()),
        other => {
            report.choice(&format!("{path}.operator"), other, "Exists or Equal");
            return None;
        }
    };
    let named_effect = given.effect.as_deref().filter(|effect| !effect.is_empty());
    let known_effect = named_effect.and_then(effect);
    if let (Some(name), None) = (named_effect, known_effect) {
        report.choice(&format!("{path}.effect"), name, "NoSchedule, PreferNoSchedule or NoExecute");
    }
    Some(Toleration {
        key: given.key.clone().filter(|key| !key.is_empty()),
        value,
        effect: known_effect,
        seconds: given.toleration_seconds.map(|seconds| u64::try_from(seconds).unwrap_or(0)),
    })
}
