//! Faults with their targets resolved.

use sim_core::spec::{Distribution, Fault, FaultTiming};
use sim_core::time::{Instant, Span};

use super::targets::{Field, Resolver};
use super::{distribution, operations, report::Report};
use crate::diagnostic::{Diagnostic, codes};
use crate::duration::Duration;
use crate::scenario_file::{DistributionFile, FaultFile, FaultKindFile};

/// Compiles all faults.
pub(super) fn compile(files: &[FaultFile], field: &Field, horizon: Span, report: &mut Report) -> Vec<Fault> {
    report.check_unique("faults", "faults", files.iter().map(|fault| fault.name.as_str()));
    let compile = |(index, file): (usize, &FaultFile)| {
        let path = format!("spec.faults.{index}");
        let mut resolver = Resolver { path: format!("{path}.targets"), file, field, report };
        let kind = resolver.kind();
        Fault { name: file.name.clone(), kind, timing: timing(file, &path, horizon, report) }
    };
    files.iter().enumerate().map(compile).collect()
}

fn timing(file: &FaultFile, path: &str, horizon: Span, report: &mut Report) -> FaultTiming {
    let scheduled = !file.at.is_empty() || file.every.is_some();
    match &file.time_to_failure {
        Some(_) if scheduled => {
            let message =
                format!("fault `{}` is both random (timeToFailure) and scheduled (at, every)", file.name);
            report.error(&codes::FAULT_TIMING, path, message);
        }
        Some(time_to_failure) => return stochastic(file, time_to_failure, path, report),
        None if scheduled => return self::scheduled(file, path, horizon, report),
        None => {
            let message =
                format!("fault `{}` never happens: it has neither timeToFailure nor at nor every", file.name);
            report.error(&codes::FAULT_TIMING, path, message);
        }
    }
    FaultTiming::Scheduled { at: Vec::new(), duration: Span::ZERO }
}

fn stochastic(
    file: &FaultFile,
    time_to_failure: &DistributionFile,
    path: &str,
    report: &mut Report,
) -> FaultTiming {
    if let DistributionFile::Bare(_) = time_to_failure {
        let place = report.node.place_of(&format!("{path}.timeToFailure")).clone();
        let message = "a time to failure needs a distribution: a bare duration would mean exactly this long";
        let written = &place.source.text[place.range()];
        let help = format!(
            "write {{exponential: {{mean: {written}}}}}, or {{deterministic: {written}}} if it is meant"
        );
        report.push(Diagnostic::new(&codes::BARE_TIME_TO_FAILURE, message).at(&place, "").help(help));
    }
    if file.time_to_repair.is_none() && needs_repair(file.kind) {
        let message = format!("fault `{}` has no timeToRepair", file.name);
        report.error(&codes::FAULT_TIMING, path, message);
    }
    let repair = file.time_to_repair.as_ref();
    FaultTiming::Stochastic {
        time_to_failure: distribution::compile(time_to_failure, &format!("{path}.timeToFailure"), report),
        time_to_repair: repair.map_or_else(
            || Distribution::Deterministic(self_repair(file.kind)),
            |repair| distribution::compile(repair, &format!("{path}.timeToRepair"), report),
        ),
    }
}

fn scheduled(file: &FaultFile, path: &str, horizon: Span, report: &mut Report) -> FaultTiming {
    if file.duration.is_none() && needs_repair(file.kind) {
        let message = format!("fault `{}` has no duration", file.name);
        report.error(&codes::FAULT_TIMING, path, message);
    }
    let at: Vec<Instant> = operations::moments(&file.at, file.every, horizon, path, report);
    FaultTiming::Scheduled {
        at,
        duration: file.duration.map_or(self_repair(file.kind), |Duration(span)| span),
    }
}

/// Pods and processes are repaired by Kubernetes itself, machines are not.
fn needs_repair(kind: FaultKindFile) -> bool {
    matches!(
        kind,
        FaultKindFile::MachineCrash
            | FaultKindFile::MachineReboot
            | FaultKindFile::RackOutage
            | FaultKindFile::ZoneOutage
            | FaultKindFile::ControlPlaneCrash
            | FaultKindFile::EtcdMemberCrash
            | FaultKindFile::ApiServerOutage
            | FaultKindFile::KubeletCrash
            | FaultKindFile::RegistryOutage
    )
}

/// A hang without an end lasts until the liveness probe kills the container; the others end at once.
fn self_repair(kind: FaultKindFile) -> Span {
    if kind == FaultKindFile::ContainerHang { Span::FOREVER } else { Span::ZERO }
}
