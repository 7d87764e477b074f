//! Faults with their targets resolved.

use sim_core::ids::FaultId;
use sim_core::spec::{Distribution, Fault, FaultKind, FaultTiming, Initially};
use sim_core::time::{Instant, Span};

use super::common_cause::{self, Source};
use super::targets::{Field, Resolver};
use super::{distribution, operations, replay, report::Report};
use crate::diagnostic::{Diagnostic, codes};
use crate::duration::Duration;
use crate::scenario_file::{DistributionFile, FaultFile, FaultKindFile, InitiallyFile};

/// Compiles all faults.
pub(super) fn compile(files: &[FaultFile], field: &Field, horizon: Span, report: &mut Report) -> Vec<Fault> {
    report.check_unique("faults", "faults", files.iter().map(|fault| fault.name.as_str()));
    let mut faults = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let path = format!("spec.faults.{index}");
        let mut resolver = Resolver { path: format!("{path}.targets"), file, field, report };
        let kind = resolver.kind();
        check_fields(file, &path, report);
        let timing = timing(file, &kind, &path, field, horizon, report);
        let own = Fault { name: file.name.clone(), kind, timing };
        let source = Source { file, path: &path, id: FaultId::from(faults.len()), cluster: field.cluster };
        faults.extend(common_cause::with_shocks(own, &source, report));
    }
    faults
}

fn timing(
    file: &FaultFile,
    kind: &FaultKind,
    path: &str,
    field: &Field,
    horizon: Span,
    report: &mut Report,
) -> FaultTiming {
    let scheduled = !file.at.is_empty() || file.every.is_some();
    let random = file.time_to_failure.is_some();
    let name = &file.name;
    match (&file.trace, &file.time_to_failure) {
        (Some(_), _) if random || scheduled => {
            let message = format!("fault `{name}` has a trace, so it cannot be random or scheduled as well");
            report.error(&codes::FAULT_TIMING, path, message);
        }
        (Some(trace), _) => return replay::compile(trace, kind, path, field.cluster, horizon, report),
        (None, Some(_)) if scheduled => {
            let message = format!("fault `{name}` is both random (timeToFailure) and scheduled (at, every)");
            report.error(&codes::FAULT_TIMING, path, message);
        }
        (None, Some(time_to_failure)) => return stochastic(file, time_to_failure, path, report),
        (None, None) if scheduled => return self::scheduled(file, path, horizon, report),
        (None, None) => {
            let message =
                format!("fault `{name}` never happens: it has neither timeToFailure nor at nor every");
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
    let time_to_failure = distribution::compile(time_to_failure, &format!("{path}.timeToFailure"), report);
    let time_to_repair = repair.map_or_else(
        || Distribution::Deterministic(self_repair(file.kind)),
        |repair| distribution::compile(repair, &format!("{path}.timeToRepair"), report),
    );
    let initially = initially(file, &[&time_to_failure, &time_to_repair], path, report);
    FaultTiming::Stochastic { time_to_failure, time_to_repair, initially }
}

/// Fields that belong to other kinds of fault.
fn check_fields(file: &FaultFile, path: &str, report: &mut Report) {
    if file.notice.is_some() && file.kind != FaultKindFile::SpotInterruption {
        report.error(&codes::FAULT_TIMING, &format!("{path}.notice"), "only a spotInterruption has a notice");
    }
    if file.group_by.is_some() && file.kind != FaultKindFile::GroupOutage {
        report.error(&codes::COMMON_CAUSE, &format!("{path}.groupBy"), "only a groupOutage has groupBy");
    }
    if file.initially.is_some() && file.time_to_failure.is_none() {
        let message = "only a random fault has a state at the start";
        report.error(&codes::STATIONARY, &format!("{path}.initially"), message);
    }
}

fn initially(file: &FaultFile, times: &[&Distribution], path: &str, report: &mut Report) -> Initially {
    if file.initially != Some(InitiallyFile::Stationary) {
        return Initially::New;
    }
    let path = format!("{path}.initially");
    if is_of_containers(file.kind) {
        let message = "the clock of a container starts with its process, which is new when a run begins";
        report.error(&codes::STATIONARY, &path, message);
    } else if times.iter().any(|time| time.mean() == Span::FOREVER) {
        report.error(&codes::STATIONARY, &path, "a time with an infinite mean has no stationary state");
    }
    Initially::Stationary
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
            | FaultKindFile::RegionOutage
            | FaultKindFile::SpotInterruption
            | FaultKindFile::GroupOutage
            | FaultKindFile::ControlPlaneCrash
            | FaultKindFile::EtcdMemberCrash
            | FaultKindFile::ApiServerOutage
            | FaultKindFile::KubeletCrash
            | FaultKindFile::RegistryOutage
    )
}

fn is_of_containers(kind: FaultKindFile) -> bool {
    matches!(kind, FaultKindFile::ContainerCrash | FaultKindFile::ContainerHang | FaultKindFile::OomKill)
}

/// A hang without an end lasts until the liveness probe kills the container; the others end at once.
fn self_repair(kind: FaultKindFile) -> Span {
    if kind == FaultKindFile::ContainerHang { Span::FOREVER } else { Span::ZERO }
}
