//! The Cluster Autoscaler and its pools.

use sim_core::ids::NodeId;
use sim_core::spec::{Cluster, ClusterAutoscaler, Expander, ScalablePool};
use sim_core::time::Span;

use super::{distribution, report::Report};
use crate::diagnostic::codes;
use crate::duration::Duration;
use crate::scenario_file::{
    ClusterAutoscalerFile, DistributionFile, ExpanderFile, NodePool, ScenarioSpec, Share, defaults,
};

/// Whether the autoscaler may change the size of a pool.
pub(super) fn is_scalable(pool: &NodePool) -> bool {
    pool.min_count.is_some() || pool.max_count.is_some()
}

/// So many nodes the pool may have.
pub(super) fn most(pool: &NodePool) -> u32 {
    pool.max_count.unwrap_or(pool.count).max(pool.count)
}

/// Compiles the autoscaler, if there is one.
pub(super) fn compile(
    spec: &ScenarioSpec,
    cluster: &Cluster,
    report: &mut Report,
) -> Option<ClusterAutoscaler> {
    let scalable = || spec.node_pools.iter().enumerate().filter(|(_, pool)| is_scalable(pool));
    let Some(file) = &spec.cluster_autoscaler else {
        for (index, _) in scalable() {
            let message = "minCount and maxCount need spec.clusterAutoscaler: {} is enough";
            report.error(&codes::MISSING_FIELD, &format!("spec.nodePools.{index}"), message);
        }
        return None;
    };
    check(file, report);
    let pools: Vec<_> = scalable().map(|(index, pool)| self::pool(index, pool, cluster, report)).collect();
    if pools.is_empty() {
        let message = "no node pool has minCount or maxCount, so there is nothing to scale";
        report.error(&codes::MISSING_FIELD, "spec.clusterAutoscaler", message);
    }
    refuse_upgrades(spec, report);
    Some(ClusterAutoscaler { pools, ..flags(file) })
}

/// Two who take nodes of one pool away and bring them back would each count the other's.
fn refuse_upgrades(spec: &ScenarioSpec, report: &mut Report) {
    for (index, operation) in spec.operations.iter().enumerate() {
        let Some(upgrade) = &operation.upgrade else { continue };
        if spec.node_pools.iter().any(|pool| pool.name == upgrade.pool && is_scalable(pool)) {
            let message = format!(
                "pool {} has minCount or maxCount, and upgrades are not modelled there",
                upgrade.pool
            );
            report.error(&codes::NOT_MODELLED, &format!("spec.operations.{index}.upgrade.pool"), message);
        }
    }
}

fn flags(file: &ClusterAutoscalerFile) -> ClusterAutoscaler {
    let span =
        |given: Option<Duration>, default: defaults::DefaultValue| given.unwrap_or_else(|| default.parse()).0;
    let threshold = file.scale_down_utilization_threshold;
    ClusterAutoscaler {
        scan_interval: span(file.scan_interval, defaults::SCAN_INTERVAL),
        scale_down: file.scale_down_enabled.unwrap_or(true),
        scale_down_delay_after_add: span(file.scale_down_delay_after_add, defaults::DELAY_AFTER_ADD),
        scale_down_unneeded_time: span(file.scale_down_unneeded_time, defaults::UNNEEDED_TIME),
        scale_down_utilization_threshold: threshold
            .unwrap_or_else(|| defaults::UTILIZATION_THRESHOLD.parse())
            .0,
        max_node_provision_time: span(file.max_node_provision_time, defaults::MAX_PROVISION_TIME),
        max_graceful_termination: span(file.max_graceful_termination, defaults::MAX_TERMINATION),
        ok_total_unready_count: file.ok_total_unready_count.unwrap_or_else(|| defaults::OK_UNREADY.parse()),
        max_total_unready_percentage: file
            .max_total_unready_percentage
            .unwrap_or_else(|| defaults::MAX_UNREADY.parse()),
        expendable_pods_priority_cutoff: file
            .expendable_pods_priority_cutoff
            .unwrap_or_else(|| defaults::EXPENDABLE.parse()),
        expander: match file.expander {
            ExpanderFile::Random => Expander::Random,
            ExpanderFile::MostPods => Expander::MostPods,
            ExpanderFile::LeastWaste => Expander::LeastWaste,
            ExpanderFile::Price => Expander::Price,
            ExpanderFile::Priority => Expander::Priority,
        },
        pools: Vec::new(),
    }
}

fn pool(index: usize, pool: &NodePool, cluster: &Cluster, report: &mut Report) -> ScalablePool {
    let path = |field: &str| format!("spec.nodePools.{index}.{field}");
    let min_count = pool.min_count.unwrap_or(0);
    if min_count > pool.count || pool.max_count.is_some_and(|max| max < pool.count) {
        let message = "count must be from minCount to maxCount";
        report.error(&codes::RANGE, &path("count"), message);
    }
    let provision = pool.provision_time.clone();
    let provision = provision.unwrap_or_else(|| DistributionFile::Bare(defaults::PROVISION_TIME.parse()));
    let own = cluster.nodes.iter().enumerate().filter(|(_, node)| node.pool == pool.name);
    ScalablePool {
        nodes: own.map(|(id, _)| NodeId::from(id)).collect(),
        initial_count: pool.count,
        min_count,
        provision_time: distribution::compile(&provision, &path("provisionTime"), report),
        priority: pool.priority,
    }
}

fn check(file: &ClusterAutoscalerFile, report: &mut Report) {
    if file.scan_interval.is_some_and(|Duration(span)| span == Span::ZERO) {
        report.error(&codes::RANGE, "spec.clusterAutoscaler.scanInterval", "scanInterval must be positive");
    }
    let given = file.max_total_unready_percentage;
    if given.is_some_and(|percent| !(0.0..=100.0).contains(&percent)) {
        let path = "spec.clusterAutoscaler.maxTotalUnreadyPercentage";
        report.error(&codes::RANGE, path, "a percentage is from 0 to 100");
    }
    if file.scale_down_utilization_threshold.is_some_and(|Share(share)| share > 1.0) {
        let path = "spec.clusterAutoscaler.scaleDownUtilizationThreshold";
        report.error(&codes::SHARE, path, "a share is at most 1");
    }
}
