//! Operations, and the moments of everything that is scheduled.

use sim_core::ids::{NodeId, WorkloadId};
use sim_core::spec::{Action, Cluster, Defect, Operation, WorkloadKind};
use sim_core::time::{Instant, Span};

use super::report::Report;
use super::workloads::Pods;
use crate::diagnostic::codes;
use crate::duration::Duration;
use crate::scenario_file::{DefectFile, OperationFile};

/// More moments than this in one run are a mistake in a unit.
const MAX_MOMENTS: u64 = 100_000;

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
    let given = [&file.rollout, &file.rollback, &file.pause, &file.resume, &file.scale, &file.delete_node];
    let is_one = given.iter().filter(|given| given.is_some()).count() == 1;
    let has_own_fields =
        file.scale.is_some() == file.replicas.is_some() && (file.fails.is_none() || file.rollout.is_some());
    if !is_one || !has_own_fields {
        let message = "an operation is one of `rollout` (with `fails` or without), `rollback`, `pause`, `resume`, \
            `scale` with `replicas`, and `deleteNode`";
        report.error(&codes::MISSING_FIELD, path, message);
        return None;
    }
    let mut deployment = |field: &str, given: &Option<String>| {
        given.as_ref().and_then(|reference| deployment(reference, &format!("{path}.{field}"), pods, report))
    };
    let of_deployment = deployment("rollout", &file.rollout)
        .map(|id| file.fails.map_or(Action::Rollout(id), |fails| Action::FaultyRollout(id, defect(fails))))
        .or_else(|| deployment("rollback", &file.rollback).map(Action::Undo))
        .or_else(|| deployment("pause", &file.pause).map(|id| Action::SetPaused(id, true)))
        .or_else(|| deployment("resume", &file.resume).map(|id| Action::SetPaused(id, false)));
    of_deployment.or_else(|| match (&file.scale, file.replicas, &file.delete_node) {
        (Some(reference), Some(replicas), _) => {
            find(reference, &format!("{path}.scale"), pods, report).map(|id| Action::Scale(id, replicas))
        }
        (_, _, Some(name)) => delete_node(name, &format!("{path}.deleteNode"), cluster, report),
        _ => None,
    })
}

fn defect(file: DefectFile) -> Defect {
    match file {
        DefectFile::Crash => Defect::Crash,
        DefectFile::Image => Defect::Image,
    }
}

fn deployment(reference: &str, path: &str, pods: &Pods, report: &mut Report) -> Option<WorkloadId> {
    let id = find(reference, path, pods, report)?;
    if !matches!(pods.workloads[id.index()].kind, WorkloadKind::Deployment(_)) {
        report.error(&codes::CHOICE, path, "only a Deployment can be rolled out");
        return None;
    }
    Some(id)
}

fn delete_node(name: &str, path: &str, cluster: &Cluster, report: &mut Report) -> Option<Action> {
    let found = cluster.nodes.iter().position(|node| node.name == name);
    if found.is_none() {
        report.not_found(path, "node", name, cluster.nodes.iter().map(|node| node.name.as_str()));
    }
    found.map(|node| Action::DeleteNode(NodeId::from(node)))
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
