//! Faults with their targets resolved.

use sim_core::ids::{NodeId, RackId, WorkloadId, ZoneId};
use sim_core::spec::{Cluster, Distribution, Fault, FaultKind, FaultTiming, PodTarget};
use sim_core::time::{Instant, Span};

use super::workloads::Pods;
use super::{behaviour, distribution, operations, report::Report};
use crate::diagnostic::{Diagnostic, codes};
use crate::duration::Duration;
use crate::scenario_file::{DistributionFile, FaultFile, FaultKindFile, Targets};

/// Compiles all faults.
pub(super) fn compile(
    files: &[FaultFile],
    cluster: &Cluster,
    pods: &Pods,
    horizon: Span,
    report: &mut Report,
) -> Vec<Fault> {
    report.check_unique("faults", "faults", files.iter().map(|fault| fault.name.as_str()));
    let compile = |(index, file): (usize, &FaultFile)| {
        let path = format!("spec.faults.{index}");
        let mut resolver = Resolver { path: format!("{path}.targets"), file, cluster, pods, report };
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

/// Pods are repaired by Kubernetes itself, machines are not.
fn needs_repair(kind: FaultKindFile) -> bool {
    !matches!(
        kind,
        FaultKindFile::ContainerCrash
            | FaultKindFile::OomKill
            | FaultKindFile::ContainerHang
            | FaultKindFile::PodKill
    )
}

/// A hang without an end lasts until the liveness probe kills the container; the others end at once.
fn self_repair(kind: FaultKindFile) -> Span {
    if kind == FaultKindFile::ContainerHang { Span::FOREVER } else { Span::ZERO }
}

/// Finds the targets of one fault.
struct Resolver<'a, 'n, 'd, 'r> {
    path: String,
    file: &'a FaultFile,
    cluster: &'a Cluster,
    pods: &'a Pods,
    report: &'r mut Report<'n, 'd>,
}

impl Resolver<'_, '_, '_, '_> {
    fn kind(&mut self) -> FaultKind {
        self.check_fields();
        let grace = self.file.grace_period.map(|Duration(span)| span);
        match self.file.kind {
            FaultKindFile::MachineCrash => FaultKind::MachineCrash(self.nodes()),
            FaultKindFile::MachineReboot => FaultKind::MachineReboot(self.nodes()),
            FaultKindFile::RackOutage => FaultKind::RackOutage(self.racks()),
            FaultKindFile::ZoneOutage => FaultKind::ZoneOutage(self.zones()),
            FaultKindFile::ContainerCrash => FaultKind::ContainerCrash(self.pod_target()),
            FaultKindFile::OomKill => FaultKind::OomKill(self.pod_target()),
            FaultKindFile::KubeletCrash => FaultKind::KubeletCrash(self.nodes()),
            FaultKindFile::RegistryOutage => FaultKind::RegistryOutage,
            FaultKindFile::ContainerHang => FaultKind::ContainerHang(self.pod_target()),
            FaultKindFile::PodKill => FaultKind::PodKill { target: self.pod_target(), grace },
        }
    }

    /// Targets of a sort that this kind of fault cannot strike.
    fn check_fields(&mut self) {
        let Targets { pools, nodes, zones, racks, workloads, pods } = &self.file.targets;
        let allowed: &[&str] = match self.file.kind {
            FaultKindFile::MachineCrash | FaultKindFile::MachineReboot | FaultKindFile::KubeletCrash => {
                &["pools", "nodes", "zones", "racks"]
            }
            FaultKindFile::RegistryOutage => &[],
            FaultKindFile::RackOutage => &["zones", "racks"],
            FaultKindFile::ZoneOutage => &["zones"],
            _ => &["workloads", "pods"],
        };
        for (field, given) in [
            ("pools", !pools.is_empty()),
            ("nodes", !nodes.is_empty()),
            ("zones", !zones.is_empty()),
            ("racks", !racks.is_empty()),
            ("workloads", !workloads.is_empty()),
            ("pods", pods.is_some()),
        ] {
            if given && !allowed.contains(&field) {
                let instead = if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") };
                let message = format!("this kind of fault cannot strike {field}: give {instead}");
                self.report.error(&codes::TARGET, &format!("{}.{field}", self.path), message);
            }
        }
    }

    fn nodes(&mut self) -> Vec<NodeId> {
        let cluster = self.cluster;
        let targets = self.file.targets.clone();
        self.check_names(
            "pools",
            "node pool",
            &targets.pools,
            cluster.nodes.iter().map(|node| node.pool.as_str()),
        );
        self.check_names(
            "nodes",
            "node",
            &targets.nodes,
            cluster.nodes.iter().map(|node| node.name.as_str()),
        );
        let zones = self.named_zones();
        let racks = self.named_racks();
        let all = targets.pools.is_empty()
            && targets.nodes.is_empty()
            && targets.zones.is_empty()
            && targets.racks.is_empty();
        let struck = cluster.nodes.iter().enumerate().filter(|(_, node)| {
            all || targets.pools.contains(&node.pool)
                || targets.nodes.contains(&node.name)
                || zones.contains(&node.zone)
                || node.rack.is_some_and(|rack| racks.contains(&rack))
        });
        let ids: Vec<NodeId> = struck.map(|(index, _)| NodeId::from(index)).collect();
        self.not_empty(ids, "node")
    }

    fn racks(&mut self) -> Vec<RackId> {
        let zones = self.named_zones();
        let mut racks = self.named_racks();
        let all = self.file.targets.zones.is_empty() && self.file.targets.racks.is_empty();
        let in_zones =
            self.cluster.racks.iter().enumerate().filter(|(_, rack)| all || zones.contains(&rack.zone));
        racks.extend(in_zones.map(|(index, _)| RackId::from(index)));
        racks.sort_unstable();
        racks.dedup();
        self.not_empty(racks, "rack")
    }

    fn zones(&mut self) -> Vec<ZoneId> {
        let named = self.named_zones();
        if self.file.targets.zones.is_empty() {
            (0..self.cluster.zones.len()).map(ZoneId::from).collect()
        } else {
            named
        }
    }

    fn named_zones(&mut self) -> Vec<ZoneId> {
        let (cluster, names) = (self.cluster, self.file.targets.zones.clone());
        let known = || cluster.zones.iter().map(|zone| zone.name.as_str());
        self.check_names("zones", "zone", &names, known());
        let found = known().enumerate().filter(|(_, name)| names.iter().any(|n| n == name));
        found.map(|(index, _)| ZoneId::from(index)).collect()
    }

    fn named_racks(&mut self) -> Vec<RackId> {
        let (cluster, names) = (self.cluster, self.file.targets.racks.clone());
        let known = || cluster.racks.iter().map(|rack| rack.name.as_str());
        self.check_names("racks", "rack", &names, known());
        let found = known().enumerate().filter(|(_, name)| names.iter().any(|n| n == name));
        found.map(|(index, _)| RackId::from(index)).collect()
    }

    fn pod_target(&mut self) -> PodTarget {
        let targets = &self.file.targets;
        let mut workloads: Vec<WorkloadId> = Vec::new();
        for (index, reference) in targets.workloads.iter().enumerate() {
            match self.pods.find(reference) {
                Some(id) => workloads.push(id),
                None => {
                    let known = self.pods.origins.iter().map(|origin| origin.reference.as_str());
                    self.report.not_found(
                        &format!("{}.workloads.{index}", self.path),
                        "workload",
                        reference,
                        known,
                    );
                }
            }
        }
        if let Some(file) = &targets.pods {
            let selector = behaviour::selector(file, &format!("{}.pods", self.path), self.report);
            workloads.extend(self.pods.selected(None, &selector));
        }
        if targets.workloads.is_empty() && targets.pods.is_none() {
            workloads.extend((0..self.pods.workloads.len()).map(WorkloadId::from));
        }
        workloads.sort_unstable();
        workloads.dedup();
        let workloads = self.not_empty(workloads, "pod");
        let templates = workloads.iter().map(|id| self.pods.workloads[id.index()].template).collect();
        PodTarget { templates, workloads }
    }

    fn check_names<'n>(
        &mut self,
        field: &str,
        what: &str,
        names: &[String],
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        for (index, name) in names.iter().enumerate() {
            if !known.clone().any(|known| known == name) {
                self.report.not_found(&format!("{}.{field}.{index}", self.path), what, name, known.clone());
            }
        }
    }

    fn not_empty<T>(&mut self, targets: Vec<T>, what: &str) -> Vec<T> {
        if targets.is_empty() && !self.pods.workloads.is_empty() {
            let message = format!("fault `{}` strikes no {what}", self.file.name);
            self.report.error(&codes::TARGET, &self.path, message);
        }
        targets
    }
}
