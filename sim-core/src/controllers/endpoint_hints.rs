//! Hints of endpoints: for which zones and nodes an EndpointSlice says that an endpoint is.
//!
//! Upstream: `staging/src/k8s.io/endpointslice/trafficdist` for `spec.trafficDistribution`, and `topologycache` for the
//! annotation `service.kubernetes.io/topology-mode: Auto`, which counts only where there is no distribution. Proxies
//! follow hints by [`crate::agents::endpoint_choice`].

use crate::ids::{NodeId, ZoneId};

/// What a zone may get more than its share: `overloadThreshold`.
const OVERLOAD: f64 = 0.2;

/// `spec.trafficDistribution`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrafficDistribution {
    /// `PreferSameZone`, and its older name `PreferClose`.
    PreferSameZone,
    /// `PreferSameNode`.
    PreferSameNode,
}

/// Hints of one endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// `forZones`: never more than one here.
    pub zone: Option<ZoneId>,
    /// `forNodes`: never more than one.
    pub node: Option<NodeId>,
}

/// CPU of the nodes of a zone that are Ready and not of the control plane, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneCpu {
    /// Which zone.
    pub zone: ZoneId,
    /// `status.allocatable.cpu`, summed.
    pub cpu_milli: u64,
}

/// Hints by distribution: an endpoint is for where it is. One that is not ready keeps none.
pub fn by_distribution(
    distribution: TrafficDistribution,
    is_ready: bool,
    zone: Option<ZoneId>,
    node: NodeId,
) -> Hints {
    match distribution {
        _ if !is_ready => Hints::default(),
        TrafficDistribution::PreferSameZone => Hints { zone, node: None },
        TrafficDistribution::PreferSameNode => Hints { zone, node: Some(node) },
    }
}

/// Hints in proportion to CPU: the zone that each ready endpoint is for, from the zone that each is in. `None`, and so
/// no hints at all, where a zone would be overloaded, or too little is known (`AddHints`). Zones are taken in the order
/// given, where upstream takes them in any.
pub fn in_proportion(cpu: &[ZoneCpu], endpoints: &[Option<ZoneId>]) -> Option<Vec<ZoneId>> {
    let mut hints: Vec<ZoneId> = endpoints.iter().copied().collect::<Option<_>>()?;
    let targets = targets(cpu, hints.len())?;
    let surplus = |(zone, target): (&ZoneCpu, f64)| {
        hints.iter().filter(|hint| **hint == zone.zone).count() as f64 - target
    };
    let surpluses: Vec<f64> = cpu.iter().zip(targets).map(surplus).collect();
    let (mut giving, mut receiving) = moves(surpluses);
    for hint in &mut hints {
        let Some(from) = cpu.iter().position(|zone| zone.zone == *hint).filter(|zone| giving[*zone] > 0)
        else {
            continue;
        };
        let Some(to) = receiving.iter().position(|wanted| *wanted > 0) else { break };
        giving[from] -= 1;
        receiving[to] -= 1;
        *hint = cpu[to].zone;
    }
    Some(hints)
}

/// How many endpoints each zone should have, in fractions: `getAllocations`.
fn targets(cpu: &[ZoneCpu], endpoints: usize) -> Option<Vec<f64>> {
    let total: u64 = cpu.iter().map(|zone| zone.cpu_milli).sum();
    if cpu.len() < 2 || cpu.len() > endpoints || cpu.iter().any(|zone| zone.cpu_milli == 0) {
        return None;
    }
    let desired = |zone: &ZoneCpu| zone.cpu_milli as f64 / total as f64 * endpoints as f64;
    let minimum = |desired: f64| (desired * (1.0 / (1.0 + OVERLOAD))).ceil();
    let least: f64 = cpu.iter().map(|zone| minimum(desired(zone))).sum();
    let target = |zone| desired(zone).max(minimum(desired(zone)));
    (least <= endpoints as f64).then(|| cpu.iter().map(target).collect())
}

/// How many endpoints each zone gives away and gets, from how many it has too many: `getGivingAndReceivingZones`.
fn moves(mut surpluses: Vec<f64>) -> (Vec<u32>, Vec<u32>) {
    let mut giving = vec![0; surpluses.len()];
    let mut receiving = giving.clone();
    while let Some((giver, receiver)) = most(&surpluses, 1.0).zip(most(&surpluses, -1.0)) {
        let (gives, lacks) = (surpluses[giver], -surpluses[receiver]);
        if (gives < 1.0 && lacks < 1.0) || gives < 0.5 || lacks < 0.5 {
            break;
        }
        surpluses[giver] -= 1.0;
        surpluses[receiver] += 1.0;
        giving[giver] += 1;
        receiving[receiver] += 1;
    }
    (giving, receiving)
}

/// The first zone with the most of what the sign says.
fn most(surpluses: &[f64], sign: f64) -> Option<usize> {
    let with_any = (0..surpluses.len()).filter(|zone| sign * surpluses[*zone] > 0.0);
    with_any.reduce(|a, b| if sign * surpluses[b] > sign * surpluses[a] { b } else { a })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpu(zones: &[u64]) -> Vec<ZoneCpu> {
        let zone = |(zone, cpu)| ZoneCpu { zone: ZoneId::from(zone), cpu_milli: cpu };
        zones.iter().copied().enumerate().map(zone).collect()
    }

    fn hints(zones: &[u64], endpoints: &[u32]) -> Option<Vec<u32>> {
        let endpoints: Vec<Option<ZoneId>> = endpoints.iter().map(|zone| Some(ZoneId(*zone))).collect();
        in_proportion(&cpu(zones), &endpoints).map(|hints| hints.iter().map(|zone| zone.0).collect())
    }

    #[test]
    fn endpoints_are_for_where_they_are() {
        let (zone, node) = (Some(ZoneId(1)), NodeId(7));
        let hints = |distribution, ready| by_distribution(distribution, ready, zone, node);
        let same_zone = Hints { zone, node: None };
        assert_eq!(hints(TrafficDistribution::PreferSameZone, true), same_zone);
        assert_eq!(hints(TrafficDistribution::PreferSameNode, true), Hints { zone, node: Some(node) });
        assert_eq!(hints(TrafficDistribution::PreferSameNode, false), Hints::default());
    }

    #[test]
    fn zones_with_too_many_give_to_those_with_too_few() {
        assert_eq!(hints(&[1, 1], &[0, 0, 0, 1]), Some(vec![1, 0, 0, 1]));
        assert_eq!(hints(&[1, 1, 2], &[0, 0, 1, 1]), Some(vec![2, 0, 2, 1]));
        assert_eq!(hints(&[1, 1, 2], &[0; 8]), Some(vec![1, 1, 2, 2, 2, 2, 0, 0]));
    }

    #[test]
    fn a_zone_that_would_be_overloaded_means_no_hints() {
        // One and a half each: with 20% more than their share they need two.
        assert_eq!(hints(&[1, 1], &[0, 0, 1]), None);
        assert_eq!(hints(&[1, 1], &[0, 0, 1, 1]), Some(vec![0, 0, 1, 1]));
    }

    #[test]
    fn too_little_is_known_for_hints() {
        assert_eq!(hints(&[1], &[0, 0]), None);
        assert_eq!(hints(&[1, 0], &[0, 0]), None);
        assert_eq!(hints(&[1, 1, 1], &[0, 1]), None);
        assert_eq!(in_proportion(&cpu(&[1, 1]), &[Some(ZoneId(0)), None]), None);
    }
}
