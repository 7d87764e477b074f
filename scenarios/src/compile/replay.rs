//! Failure traces laid upon the nodes that a fault strikes.

use sim_core::ids::NodeId;
use sim_core::spec::{Cluster, Downtime, FaultKind, FaultTiming};
use sim_core::time::{Instant, Span};

use super::report::Report;
use crate::diagnostic::{Diagnostic, codes};
use crate::scenario_file::{Assign, TraceFile};
use crate::trace::{Entity, Trace, moment};

/// When each node of the fault is down.
pub(super) fn compile(
    file: &TraceFile,
    kind: &FaultKind,
    path: &str,
    cluster: &Cluster,
    horizon: Span,
    report: &mut Report,
) -> FaultTiming {
    let nothing = FaultTiming::Replayed(Vec::new());
    let (FaultKind::MachineCrash(nodes) | FaultKind::MachineReboot(nodes)) = kind else {
        let message = "traces are of machines: machineCrash or machineReboot";
        report.error(&codes::TRACE, &format!("{path}.trace"), message);
        return nothing;
    };
    let Some(source) = report.file(&file.file, &format!("{path}.trace.file")) else { return nothing };
    let trace = match Trace::read(&source) {
        Ok(trace) => trace,
        Err(problems) => {
            problems.into_iter().for_each(|problem| report.push(problem));
            return nothing;
        }
    };
    let from = start(file, &trace, path, report);
    let assigned = assigned(file, &trace, nodes, path, cluster, report);
    let history = |entity: &Option<&Entity>| {
        entity.map_or_else(Vec::new, |entity| within(&entity.downs, from, horizon))
    };
    FaultTiming::Replayed(assigned.iter().map(history).collect())
}

/// The time in the trace at which runs begin.
fn start(file: &TraceFile, trace: &Trace, path: &str, report: &mut Report) -> f64 {
    match file.from.as_deref().map(moment) {
        Some(Ok((from, _))) => from,
        Some(Err(why)) => {
            report.error(&codes::TRACE, &format!("{path}.trace.from"), why);
            0.0
        }
        None if trace.is_dated => {
            let message = format!("the trace {} begins at the first time that it tells of", file.file);
            report.push(Diagnostic::new(&codes::ASSUMED, message).help("set `from` of the trace"));
            trace.from_s
        }
        None => 0.0,
    }
}

/// For each node, whose past it has.
fn assigned<'t>(
    file: &TraceFile,
    trace: &'t Trace,
    nodes: &[NodeId],
    path: &str,
    cluster: &Cluster,
    report: &mut Report,
) -> Vec<Option<&'t Entity>> {
    if file.assign == Some(Assign::Order) {
        if trace.entities.len() > nodes.len() {
            let (has, nodes) = (trace.entities.len(), nodes.len());
            let message = format!("the trace has {has} machines, of which the first {nodes} become nodes");
            report.warn(&codes::TRACE, &format!("{path}.trace.assign"), message);
        }
        return (0..nodes.len()).map(|at| trace.entities.get(at)).collect();
    }
    let name = |node: &NodeId| cluster.nodes[node.index()].name.as_str();
    for entity in trace.entities.iter().filter(|entity| !nodes.iter().any(|node| name(node) == entity.name)) {
        report.not_found(
            &format!("{path}.trace.file"),
            "node of this fault",
            &entity.name,
            nodes.iter().map(name),
        );
    }
    let entity = |node| trace.entities.iter().find(|entity| entity.name == name(node));
    nodes.iter().map(entity).collect()
}

/// Downtimes that a run sees, from its own start.
fn within(downs: &[(f64, f64)], from: f64, horizon: Span) -> Vec<Downtime> {
    let instant = |at: f64| Instant(Span::from_secs_f64(at - from).0);
    let downtime = |(down, up): &(f64, f64)| Downtime { from: instant(*down), until: instant(*up) };
    let seen = |downtime: &Downtime| downtime.until > downtime.from && downtime.from.0 < horizon.0;
    downs.iter().map(downtime).filter(seen).collect()
}
