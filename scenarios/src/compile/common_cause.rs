//! Failures that machines have in common: beta factors and bursts, as shocks beside the machines' own clocks.
//!
//! A share s of a machine's failures is taken from its own clock, whose times become 1 / (1 - s) as long, and given to
//! shocks. With a beta factor every shock strikes all machines of its group, so its times are 1 / beta as long as the
//! machine's. Of a group of n machines with a mean time to failure M, bursts of mean size m that are to be the share f of
//! all failures come every M m / (f n) on average, as a Poisson process.

use sim_core::ids::{FaultId, NodeId};
use sim_core::spec::{Cluster, Distribution, Fault, FaultKind, FaultTiming, Initially, NodeGroup, Shock};
use sim_core::time::Span;

use super::{groups, report::Report};
use crate::diagnostic::codes;
use crate::duration::Duration;
use crate::scenario_file::{BurstSize, BurstsFile, CommonCauseFile, FaultFile};

/// Where a fault comes from.
pub(super) struct Source<'a> {
    pub file: &'a FaultFile,
    pub path: &'a str,
    pub id: FaultId,
    pub cluster: &'a Cluster,
}

/// The fault, and the shocks that it shares its failures with.
pub(super) fn with_shocks(own: Fault, source: &Source, report: &mut Report) -> Vec<Fault> {
    let FaultFile { common_cause, bursts, .. } = source.file;
    if common_cause.is_none() && bursts.is_none() {
        return vec![own];
    }
    let share = common_cause.as_ref().map_or(0.0, |common| common.beta.0)
        + bursts.as_ref().map_or(0.0, |bursts| bursts.share.0);
    let Some(clocks) = clocks(&own, share, source, report) else { return vec![own] };
    let mut shocks = Vec::new();
    if let Some(common) = common_cause {
        shocks.extend(beta_factor(common, &clocks, source, report));
    }
    if let Some(bursts) = bursts {
        shocks.extend(self::bursts(bursts, &clocks, source, report));
    }
    let timing = clocks.timing(clocks.time_to_failure.scaled(1.0 / (1.0 - share)), clocks.repair.clone());
    let mut all = vec![Fault { timing, ..own }];
    all.extend(shocks);
    all
}

/// What the machines' own clocks would be without shocks.
struct Clocks {
    nodes: Vec<NodeId>,
    time_to_failure: Distribution,
    repair: Distribution,
    initially: Initially,
}

impl Clocks {
    fn timing(&self, time_to_failure: Distribution, time_to_repair: Distribution) -> FaultTiming {
        FaultTiming::Stochastic { time_to_failure, time_to_repair, initially: self.initially }
    }

    fn shock(&self, name: String, shock: Shock, interval: Distribution) -> Fault {
        let timing = self.timing(interval, Distribution::Deterministic(Span::ZERO));
        Fault { name, kind: FaultKind::Shock(shock), timing }
    }
}

fn clocks(own: &Fault, share: f64, source: &Source, report: &mut Report) -> Option<Clocks> {
    let message = match (&own.kind, &own.timing) {
        (
            FaultKind::MachineCrash(nodes)
            | FaultKind::MachineReboot(nodes)
            | FaultKind::SpotInterruption { nodes, .. },
            FaultTiming::Stochastic { time_to_failure, time_to_repair, initially },
        ) => {
            if share < 1.0 && time_to_failure.mean() < Span::FOREVER {
                return Some(Clocks {
                    nodes: nodes.clone(),
                    time_to_failure: time_to_failure.clone(),
                    repair: time_to_repair.clone(),
                    initially: *initially,
                });
            }
            "common causes leave some failures to the machines themselves, and their mean is finite"
        }
        _ => "common causes and bursts are of random machineCrash, machineReboot or spotInterruption",
    };
    let field = if source.file.common_cause.is_some() { "commonCause" } else { "bursts" };
    report.error(&codes::COMMON_CAUSE, &format!("{}.{field}", source.path), message);
    None
}

fn beta_factor(
    file: &CommonCauseFile,
    clocks: &Clocks,
    source: &Source,
    report: &mut Report,
) -> Option<Fault> {
    let groups = grouped(file.within.as_deref(), "commonCause", clocks, source, report)?;
    let share = file.beta.0;
    let shock = Shock { of: source.id, groups, sizes: Vec::new(), window: Span::ZERO, share };
    let name = format!("{} (common cause)", source.file.name);
    Some(clocks.shock(name, shock, clocks.time_to_failure.scaled(1.0 / share)))
}

/// One fault for each size of group, since larger groups have more bursts.
fn bursts(file: &BurstsFile, clocks: &Clocks, source: &Source, report: &mut Report) -> Vec<Fault> {
    let path = format!("{}.bursts.sizes", source.path);
    let possible = |size: &BurstSize| size.nodes >= 2 && size.weight > 0.0 && size.weight.is_finite();
    if file.sizes.is_empty() || !file.sizes.iter().all(possible) {
        let message = "bursts need sizes of at least 2 nodes, with positive weights";
        report.error(&codes::COMMON_CAUSE, &path, message);
        return Vec::new();
    }
    let groups = grouped(file.within.as_deref(), "bursts", clocks, source, report).unwrap_or_default();
    let window = file.window.map_or(Span::ZERO, |Duration(span)| span);
    let of_group = |group: NodeGroup| {
        let machines = group.nodes.len() as u32;
        let size = |size: &BurstSize| (size.nodes.min(machines), size.weight);
        let sizes: Vec<(u32, f64)> = file.sizes.iter().map(size).collect();
        let share = file.share.0;
        let scale = mean_size(&sizes) / (share * f64::from(machines));
        let mean = Distribution::Exponential { mean: clocks.time_to_failure.mean() }.scaled(scale);
        let name = match file.within.as_deref() {
            None | Some("all") => format!("{} (bursts)", source.file.name),
            Some(_) => format!("{} (bursts in {})", source.file.name, group.name),
        };
        clocks.shock(name, Shock { of: source.id, groups: vec![group], sizes, window, share }, mean)
    };
    groups.into_iter().map(of_group).collect()
}

fn grouped(
    within: Option<&str>,
    field: &str,
    clocks: &Clocks,
    source: &Source,
    report: &mut Report,
) -> Option<Vec<NodeGroup>> {
    let path = format!("{}.{field}.within", source.path);
    let mut groups = groups::of(&clocks.nodes, within.unwrap_or("all"), source.cluster, &path, report);
    if groups.is_empty() {
        return None;
    }
    // A machine that is in no group has its shocks alone, so that it fails as often as the others.
    let is_in_none = |node: &&NodeId| !groups.iter().any(|group| group.nodes.contains(node));
    let alone: Vec<NodeId> = clocks.nodes.iter().filter(is_in_none).copied().collect();
    let name = |node: NodeId| source.cluster.nodes[node.index()].name.clone();
    groups.extend(alone.into_iter().map(|node| NodeGroup { name: name(node), nodes: vec![node] }));
    Some(groups)
}

fn mean_size(sizes: &[(u32, f64)]) -> f64 {
    let sum: f64 = sizes.iter().map(|(size, weight)| f64::from(*size) * weight).sum();
    sum / sizes.iter().map(|(_, weight)| weight).sum::<f64>()
}
