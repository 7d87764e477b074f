//! Operations, and the moments of everything that is scheduled.

use sim_core::ids::{NodeId, WorkloadId};
use sim_core::spec::{Action, Cluster, Operation, WorkloadKind};
use sim_core::time::{Instant, Span};

use super::report::Report;
use super::workloads::Pods;
use crate::diagnostic::codes;
use crate::duration::Duration;
use crate::scenario_file::OperationFile;

/// More moments than this in one run are a mistake in a unit.
const MAX_MOMENTS: u64 = 100_000;

/// The one taint that people set in a run: pkg/apis/core, `TaintNodeOutOfService`.
const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service";

/// Compiles all operations, in order of time.
pub(super) fn compile(
    files: &[OperationFile],
    pods: &Pods,
    cluster: &Cluster,
    horizon: Span,
    report: &mut Report,
) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let path = format!("spec.operations.{index}");
        let Some(action) = action(file, &path, pods, cluster, report) else { continue };
        if file.at.is_empty() && file.every.is_none() {
            report.error(&codes::FAULT_TIMING, &path, "an operation needs `at` or `every`");
        }
        let moments = moments(&file.at, file.every, horizon, &path, report);
        operations.extend(moments.into_iter().map(|at| Operation { at, action: action.clone() }));
    }
    operations.sort_by_key(|operation| operation.at);
    operations
}

fn action(
    file: &OperationFile,
    path: &str,
    pods: &Pods,
    cluster: &Cluster,
    report: &mut Report,
) -> Option<Action> {
    if file.taint.is_some() || file.untaint.is_some() || file.key.is_some() {
        return taint(file, path, cluster, report);
    }
    if let Some(reference) = &file.delete_pod {
        return delete_pod(reference, file, path, pods, report);
    }
    match (&file.rollout, &file.scale, file.replicas, &file.delete_node) {
        (Some(reference), None, None, None) => rollout(reference, &format!("{path}.rollout"), pods, report),
        (None, Some(reference), Some(replicas), None) => {
            scale(reference, replicas, &format!("{path}.scale"), pods, report)
        }
        (None, None, None, Some(name)) => {
            Some(Action::DeleteNode(find_node(name, &format!("{path}.deleteNode"), cluster, report)?))
        }
        _ => {
            let message = "an operation is one of `rollout`, `scale` with `replicas`, `taint` or `untaint` with `key`, \
                 `deletePod` with `ordinal`, and `deleteNode`";
            report.error(&codes::MISSING_FIELD, path, message);
            None
        }
    }
}

fn rollout(reference: &str, path: &str, pods: &Pods, report: &mut Report) -> Option<Action> {
    let id = find(reference, path, pods, report)?;
    use WorkloadKind::{DaemonSet, Deployment, StatefulSet};
    if matches!(pods.workloads[id.index()].kind, Deployment(_) | StatefulSet(_) | DaemonSet(_)) {
        return Some(Action::Rollout(id));
    }
    report.error(&codes::CHOICE, path, "only Deployments, StatefulSets and DaemonSets have rollouts");
    None
}

fn scale(reference: &str, replicas: u32, path: &str, pods: &Pods, report: &mut Report) -> Option<Action> {
    let id = find(reference, path, pods, report)?;
    if matches!(pods.workloads[id.index()].kind, WorkloadKind::DaemonSet(_)) {
        report.error(&codes::CHOICE, path, "a DaemonSet has as many pods as nodes: it has no scale");
        return None;
    }
    Some(Action::Scale(id, replicas))
}

fn delete_pod(
    reference: &str,
    file: &OperationFile,
    path: &str,
    pods: &Pods,
    report: &mut Report,
) -> Option<Action> {
    let workload = find(reference, &format!("{path}.deletePod"), pods, report)?;
    if !matches!(pods.workloads[workload.index()].kind, WorkloadKind::StatefulSet(_)) {
        let message = "only the pods of a StatefulSet have names that are known before";
        report.error(&codes::CHOICE, &format!("{path}.deletePod"), message);
        return None;
    }
    let Some(ordinal) = file.ordinal else {
        report.error(&codes::MISSING_FIELD, path, "`deletePod` goes with an `ordinal`");
        return None;
    };
    Some(Action::DeletePod { workload, ordinal, force: file.force.unwrap_or(false) })
}

fn taint(file: &OperationFile, path: &str, cluster: &Cluster, report: &mut Report) -> Option<Action> {
    if file.key.as_deref() != Some(OUT_OF_SERVICE) {
        report.error(&codes::CHOICE, &format!("{path}.key"), format!("the key can only be {OUT_OF_SERVICE}"));
        return None;
    }
    let (name, field, is) = match (&file.taint, &file.untaint) {
        (Some(name), None) => (name, "taint", true),
        (None, Some(name)) => (name, "untaint", false),
        _ => {
            report.error(&codes::MISSING_FIELD, path, "a `key` goes with either `taint` or `untaint`");
            return None;
        }
    };
    let node = find_node(name, &format!("{path}.{field}"), cluster, report)?;
    Some(Action::SetOutOfService(node, is))
}

fn find_node(name: &str, path: &str, cluster: &Cluster, report: &mut Report) -> Option<NodeId> {
    let found = cluster.nodes.iter().position(|node| node.name == name);
    if found.is_none() {
        report.not_found(path, "node", name, cluster.nodes.iter().map(|node| node.name.as_str()));
    }
    found.map(NodeId::from)
}

fn find(reference: &str, path: &str, pods: &Pods, report: &mut Report) -> Option<WorkloadId> {
    let found = pods.find(reference);
    if found.is_none() {
        let known = pods.origins.iter().map(|origin| origin.reference.as_str());
        report.not_found(path, "workload", reference, known);
    }
    found
}

/// The moments of `at`, and from each of them (or after one period) every `every` until the horizon.
pub(super) fn moments(
    at: &[Duration],
    every: Option<Duration>,
    horizon: Span,
    path: &str,
    report: &mut Report,
) -> Vec<Instant> {
    let given = at.iter().map(|Duration(span)| Instant(span.0)).filter(|at| at.0 < horizon.0);
    let Some(Duration(period)) = every else { return sorted(given.collect()) };
    let count = |period: u64| (horizon.0 / period).saturating_mul(at.len().max(1) as u64);
    if period == Span::ZERO || count(period.0) > MAX_MOMENTS {
        let message = format!("more than {MAX_MOMENTS} times in one run");
        report.error(&codes::RANGE, &format!("{path}.every"), message);
        return Vec::new();
    }
    let starts: Vec<Instant> = if at.is_empty() { vec![Instant(period.0)] } else { given.collect() };
    let repeat = |start: Instant| (start.0..horizon.0).step_by(period.0 as usize).map(Instant);
    sorted(starts.into_iter().flat_map(repeat).collect())
}

fn sorted(mut moments: Vec<Instant>) -> Vec<Instant> {
    moments.sort_unstable();
    moments.dedup();
    moments
}
