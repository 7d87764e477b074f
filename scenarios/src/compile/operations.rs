//! Operations, and the moments of everything that is scheduled.

use sim_core::ids::{NodeId, WorkloadId};
use sim_core::spec::{Action, Cluster, Defect, Drain, Operation, WorkloadKind};
use sim_core::time::{Instant, Span};

use super::report::Report;
use super::upgrades;
use super::workloads::Pods;
use crate::diagnostic::codes;
use crate::duration::Duration;
use crate::scenario_file::{DefectFile, OperationFile};

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
    for (index, file) in files.iter().enumerate().filter(|(_, file)| file.traffic.is_none()) {
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

/// What is done: exactly one thing.
fn action(
    file: &OperationFile,
    path: &str,
    pods: &Pods,
    cluster: &Cluster,
    report: &mut Report,
) -> Option<Action> {
    let is_taint = file.taint.is_some() || file.untaint.is_some() || file.key.is_some();
    let mut target = Target { path, pods, cluster, report };
    let actions = [
        file.rollout.as_ref().map(|name| target.rollout(name, file.fails)),
        file.rollback.as_ref().map(|name| target.deployment("rollback", name).map(Action::Undo)),
        file.pause
            .as_ref()
            .map(|name| target.deployment("pause", name).map(|id| Action::SetPaused(id, true))),
        file.resume
            .as_ref()
            .map(|name| target.deployment("resume", name).map(|id| Action::SetPaused(id, false))),
        file.scale.as_ref().zip(file.replicas).map(|(name, replicas)| target.scale(name, replicas)),
        file.delete_node.as_ref().map(|name| target.node("deleteNode", name).map(Action::DeleteNode)),
        is_taint.then(|| target.taint(file)),
        file.delete_pod.as_ref().map(|name| target.delete_pod(name, file)),
        file.cordon.as_ref().map(|name| target.node("cordon", name).map(Action::Cordon)),
        file.uncordon.as_ref().map(|name| target.node("uncordon", name).map(Action::Uncordon)),
        file.drain.as_ref().map(|name| target.drain(name, file)),
        file.upgrade.as_ref().map(|upgrade| upgrades::compile(upgrade, path, cluster, target.report)),
    ];
    let mut given = actions.into_iter().flatten();
    let said_in_full =
        file.scale.is_some() == file.replicas.is_some() && (file.fails.is_none() || file.rollout.is_some());
    match (given.next(), given.next()) {
        (Some(action), None) if said_in_full => action,
        _ => {
            let message = "an operation is one of `rollout` (with `fails` or without), `rollback`, `pause`, `resume`, \
                `scale` with `replicas`, `taint` or `untaint` with `key`, \
                `deletePod` with `ordinal`, `deleteNode`, `cordon`, `uncordon`, `drain`, `upgrade`, and `traffic` with `for`";
            report.error(&codes::MISSING_FIELD, path, message);
            None
        }
    }
}

fn defect(file: DefectFile) -> Defect {
    match file {
        DefectFile::Crash => Defect::Crash,
        DefectFile::Image => Defect::Image,
    }
}

/// Looks up what operations name.
struct Target<'a, 'r, 'd> {
    path: &'a str,
    pods: &'a Pods,
    cluster: &'a Cluster,
    report: &'a mut Report<'r, 'd>,
}

impl Target<'_, '_, '_> {
    fn rollout(&mut self, reference: &str, fails: Option<DefectFile>) -> Option<Action> {
        if let Some(fails) = fails {
            return self.deployment("rollout", reference).map(|id| Action::FaultyRollout(id, defect(fails)));
        }
        let id = self.workload("rollout", reference)?;
        use WorkloadKind::{DaemonSet, Deployment, StatefulSet};
        if matches!(self.pods.workloads[id.index()].kind, Deployment(_) | StatefulSet(_) | DaemonSet(_)) {
            return Some(Action::Rollout(id));
        }
        self.wrong_kind("rollout", "only Deployments, StatefulSets and DaemonSets have rollouts");
        None
    }

    fn deployment(&mut self, field: &str, reference: &str) -> Option<WorkloadId> {
        let id = self.workload(field, reference)?;
        if !matches!(self.pods.workloads[id.index()].kind, WorkloadKind::Deployment(_)) {
            self.wrong_kind(
                field,
                "only a Deployment can be paused or rolled back, or get a template that fails",
            );
            return None;
        }
        Some(id)
    }

    fn wrong_kind(&mut self, field: &str, message: &str) {
        self.report.error(&codes::CHOICE, &format!("{}.{field}", self.path), message);
    }

    fn taint(&mut self, file: &OperationFile) -> Option<Action> {
        if file.key.as_deref() != Some(OUT_OF_SERVICE) {
            let message = format!("the key can only be {OUT_OF_SERVICE}");
            self.report.error(&codes::CHOICE, &format!("{}.key", self.path), message);
            return None;
        }
        let (name, field, is) = match (&file.taint, &file.untaint) {
            (Some(name), None) => (name, "taint", true),
            (None, Some(name)) => (name, "untaint", false),
            _ => {
                let message = "a `key` goes with either `taint` or `untaint`";
                self.report.error(&codes::MISSING_FIELD, self.path, message);
                return None;
            }
        };
        Some(Action::SetOutOfService(self.node(field, name)?, is))
    }

    fn delete_pod(&mut self, reference: &str, file: &OperationFile) -> Option<Action> {
        let workload = self.workload("deletePod", reference)?;
        if !matches!(self.pods.workloads[workload.index()].kind, WorkloadKind::StatefulSet(_)) {
            let message = "only the pods of a StatefulSet have names that are known before";
            self.report.error(&codes::CHOICE, &format!("{}.deletePod", self.path), message);
            return None;
        }
        let Some(ordinal) = file.ordinal else {
            let message = "`deletePod` goes with an `ordinal`";
            self.report.error(&codes::MISSING_FIELD, self.path, message);
            return None;
        };
        Some(Action::DeletePod { workload, ordinal, force: file.force })
    }

    fn scale(&mut self, reference: &str, replicas: u32) -> Option<Action> {
        let id = self.workload("scale", reference)?;
        if self.pods.workloads[id.index()].kind.is_batch() {
            let message = "a Job has a parallelism: it has no scale";
            self.report.error(&codes::CHOICE, &format!("{}.scale", self.path), message);
            return None;
        }
        if matches!(self.pods.workloads[id.index()].kind, WorkloadKind::DaemonSet(_)) {
            let path = format!("{}.scale", self.path);
            self.report.error(
                &codes::CHOICE,
                &path,
                "a DaemonSet has as many pods as nodes: it has no scale",
            );
            return None;
        }
        Some(Action::Scale(id, replicas))
    }

    fn drain(&mut self, name: &str, file: &OperationFile) -> Option<Action> {
        Some(Action::Drain(Drain {
            node: self.node("drain", name)?,
            timeout: file.timeout.map(|Duration(timeout)| timeout),
            force: file.force,
            disable_eviction: file.disable_eviction,
        }))
    }

    fn workload(&mut self, field: &str, reference: &str) -> Option<WorkloadId> {
        let found = self.pods.find(reference);
        if found.is_none() {
            let known = self.pods.origins.iter().map(|origin| origin.reference.as_str());
            self.report.not_found(&format!("{}.{field}", self.path), "workload", reference, known);
        }
        found
    }

    fn node(&mut self, field: &str, name: &str) -> Option<NodeId> {
        let nodes = &self.cluster.nodes;
        let found = nodes.iter().position(|node| node.name == name);
        if found.is_none() {
            let known = nodes.iter().map(|node| node.name.as_str());
            self.report.not_found(&format!("{}.{field}", self.path), "node", name, known);
        }
        found.map(NodeId::from)
    }
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
