//! Upgrades of node pools: what managed services do, and what is said over it.

use sim_core::ids::NodeId;
use sim_core::spec::{Action, AfterTimeout, Cluster, NodeUpgrade, Renewal};
use sim_core::time::Span;

use super::report::Report;
use crate::diagnostic::codes;
use crate::duration::Duration;
use crate::scenario_file::{
    AfterTimeoutFile, ManagedService, OperationFile, RenewalFile, UpgradeFile, defaults,
};

/// How nodes are upgraded where nothing is said.
struct Way {
    how: RenewalFile,
    max_surge: u32,
    max_unavailable: u32,
    drain_timeout: Option<Span>,
    after_timeout: AfterTimeoutFile,
}

impl Way {
    /// In place like kubeadm's documentation does it, or as a managed service does: GKE's "surge upgrades", EKS'
    /// "managed node update behavior", AKS' "customize node surge upgrade" and "node drain timeout".
    fn of(service: Option<ManagedService>) -> Way {
        let surge = |timeout, after_timeout| Way {
            how: RenewalFile::Replace,
            max_surge: 1,
            max_unavailable: 0,
            drain_timeout: Some(timeout),
            after_timeout,
        };
        match service {
            None => Way {
                how: RenewalFile::Reboot,
                max_surge: 0,
                max_unavailable: 1,
                drain_timeout: None,
                after_timeout: AfterTimeoutFile::Fail,
            },
            Some(ManagedService::Gke) => surge(Span::hours(1), AfterTimeoutFile::Force),
            Some(ManagedService::Eks) => surge(Span::mins(15), AfterTimeoutFile::Fail),
            Some(ManagedService::Aks) => surge(Span::mins(30), AfterTimeoutFile::Fail),
        }
    }
}

/// Compiles one upgrade; `path` is that of its operation.
pub(super) fn compile(
    file: &UpgradeFile,
    path: &str,
    cluster: &Cluster,
    report: &mut Report,
) -> Option<Action> {
    let way = Way::of(file.like);
    let nodes: Vec<NodeId> = pool(&file.pool, cluster).collect();
    if nodes.is_empty() {
        let pools = cluster.nodes.iter().map(|node| node.pool.as_str()).filter(|pool| !pool.is_empty());
        report.not_found(&format!("{path}.upgrade.pool"), "node pool", &file.pool, pools);
        return None;
    }
    let how = file.how.unwrap_or(way.how);
    let max_unavailable = file.max_unavailable.unwrap_or(way.max_unavailable);
    check(file, how, max_unavailable, path, report);
    let span = |given: Option<Duration>, default: defaults::DefaultValue| {
        let Duration(span) = given.unwrap_or_else(|| default.parse());
        span
    };
    Some(Action::Upgrade(NodeUpgrade {
        pool: file.pool.clone(),
        nodes,
        how: match how {
            RenewalFile::Reboot => Renewal::Reboot(span(file.reboot, defaults::REBOOT)),
            RenewalFile::Replace => Renewal::Replace(span(file.provision, defaults::PROVISION)),
        },
        max_surge: surge(file),
        max_unavailable,
        drain_timeout: file.drain_timeout.map(|Duration(span)| span).or(way.drain_timeout),
        after_timeout: match file.after_timeout.unwrap_or(way.after_timeout) {
            AfterTimeoutFile::Fail => AfterTimeout::Fail,
            AfterTimeoutFile::Force => AfterTimeout::Force,
        },
    }))
}

fn check(file: &UpgradeFile, how: RenewalFile, max_unavailable: u32, path: &str, report: &mut Report) {
    if surge(file) == 0 && max_unavailable == 0 {
        let message = "maxSurge and maxUnavailable cannot both be zero: no node could ever be taken";
        report.error(&codes::NO_PROGRESS, &format!("{path}.upgrade"), message);
    }
    if how == RenewalFile::Reboot && file.max_surge.is_some_and(|surge| surge > 0) {
        let message = "no node comes in place: maxSurge goes with `how: replace`";
        report.error(&codes::CHOICE, &format!("{path}.upgrade.maxSurge"), message);
    }
}

fn surge(file: &UpgradeFile) -> u32 {
    let way = Way::of(file.like);
    let how = file.how.unwrap_or(way.how);
    file.max_surge.unwrap_or(if how == RenewalFile::Replace { way.max_surge } else { 0 })
}

fn pool<'a>(name: &'a str, cluster: &'a Cluster) -> impl Iterator<Item = NodeId> + 'a {
    let nodes = cluster.nodes.iter().enumerate().filter(move |(_, node)| node.pool == name);
    nodes.map(|(id, _)| NodeId::from(id))
}

/// How many nodes of a pool upgrades bring in before old ones go, at most.
pub(super) fn spares(pool: &str, operations: &[OperationFile]) -> u32 {
    let upgrades = operations.iter().filter_map(|operation| operation.upgrade.as_ref());
    upgrades.filter(|upgrade| upgrade.pool == pool).map(surge).max().unwrap_or(0)
}
