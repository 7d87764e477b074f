//! Operations, and the moments of everything that is scheduled.

use sim_core::ids::{NodeId, WorkloadId};
use sim_core::spec::{Action, Cluster, Drain, Operation, WorkloadKind};
use sim_core::time::{Instant, Span};

use super::report::Report;
use super::upgrades;
use super::workloads::Pods;
use crate::diagnostic::codes;
use crate::duration::Duration;
use crate::scenario_file::OperationFile;

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

/// What is done: exactly one thing.
fn action(
    file: &OperationFile,
    path: &str,
    pods: &Pods,
    cluster: &Cluster,
    report: &mut Report,
) -> Option<Action> {
    let mut target = Target { path, pods, cluster, report };
    let actions = [
        file.rollout.as_ref().map(|name| target.rollout(name)),
        file.scale.as_ref().zip(file.replicas).map(|(name, replicas)| target.scale(name, replicas)),
        file.delete_node.as_ref().map(|name| target.node("deleteNode", name).map(Action::DeleteNode)),
        file.cordon.as_ref().map(|name| target.node("cordon", name).map(Action::Cordon)),
        file.uncordon.as_ref().map(|name| target.node("uncordon", name).map(Action::Uncordon)),
        file.drain.as_ref().map(|name| target.drain(name, file)),
        file.upgrade.as_ref().map(|upgrade| upgrades::compile(upgrade, path, cluster, target.report)),
    ];
    let mut given = actions.into_iter().flatten();
    let said_in_full = file.scale.is_some() == file.replicas.is_some();
    match (given.next(), given.next()) {
        (Some(action), None) if said_in_full => action,
        _ => {
            let message = "an operation is one of `rollout`, `scale` with `replicas`, `deleteNode`, `cordon`, \
                `uncordon`, `drain` and `upgrade`";
            report.error(&codes::MISSING_FIELD, path, message);
            None
        }
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
    fn rollout(&mut self, reference: &str) -> Option<Action> {
        let id = self.workload("rollout", reference)?;
        if !matches!(self.pods.workloads[id.index()].kind, WorkloadKind::Deployment(_)) {
            let path = format!("{}.rollout", self.path);
            self.report.error(&codes::CHOICE, &path, "only a Deployment can be rolled out");
            return None;
        }
        Some(Action::Rollout(id))
    }

    fn scale(&mut self, reference: &str, replicas: u32) -> Option<Action> {
        Some(Action::Scale(self.workload("scale", reference)?, replicas))
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
