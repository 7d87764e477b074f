//! EndpointSlices, from the pods that a service selects.

use super::Write;
use crate::controllers::endpoint_hints::{self, TrafficDistribution, ZoneCpu};
use crate::ids::{NodeId, PodId, ServiceId, ZoneId};
use crate::model::Model;
use crate::spec::Hinting;
use crate::world::api::{Api, Change, Endpoint, EndpointSlice, NodeReady};

impl Api {
    /// Writes the endpoints of the pods that changed: those of all others would come out as they are, but for hints
    /// that weigh one zone against another.
    pub(super) fn sync_endpoints(&mut self, service: ServiceId, write: &mut Write) {
        let spec = write.model.service(service);
        let mut stale = std::mem::take(&mut self.stale[service.index()]);
        let (mut changed, mut usable) = (false, false);
        for pod in stale.drain(..) {
            let mut endpoint = self.endpoint(pod, spec.publish_not_ready);
            if let Some(endpoint) = &mut endpoint {
                let slice = &self.slices[service.index()];
                hint(endpoint, spec.routing.hinting, slice, write.model);
            }
            let before = self.slices[service.index()].write(pod, endpoint);
            if before != endpoint {
                changed = true;
                usable |= [before, endpoint].into_iter().flatten().any(|e| e.may_be_sent_to());
            }
        }
        self.stale[service.index()] = stale;
        if spec.routing.hinting == Hinting::InProportion && self.hint_in_proportion(write.model, service) {
            (changed, usable) = (true, true);
        }
        if changed {
            write.tell(Change::Endpoints { service, usable });
        }
    }

    /// A pod changed: its endpoints will be written again.
    pub(super) fn mark_stale(&mut self, model: &Model, pod: PodId) {
        for service in model.services_of(self.pods[pod.index()].template) {
            let stale = &mut self.stale[service.index()];
            if stale.last() != Some(&pod) {
                stale.push(pod);
            }
        }
    }

    /// A node came or went: the endpoints of its pods come or go with it, when they are next written.
    pub(super) fn mark_pods_stale(&mut self, model: &Model, node: NodeId) {
        for at in 0..self.nodes[node.index()].pods.len() {
            self.mark_stale(model, self.nodes[node.index()].pods[at]);
        }
    }

    /// `ShouldPodBeInEndpoints`: staging/src/k8s.io/endpointslice/util/controller_utils.go. A pod whose node has no object
    /// is left out, unless the service publishes what is not ready (reconciler.go).
    fn endpoint(&self, pod: PodId, publish_not_ready: bool) -> Option<Endpoint> {
        let pod = self.pod(pod)?;
        let node = pod.node.filter(|node| publish_not_ready || self.node(*node).exists)?;
        let (ready, terminating) = (pod.ready, pod.deletion.is_some());
        (!pod.is_terminal()).then(|| Endpoint::new(pod.id, node, ready, terminating, publish_not_ready))
    }

    /// Hints of all ready endpoints anew, by the CPU of the zones. Returns whether any is another one.
    fn hint_in_proportion(&mut self, model: &Model, service: ServiceId) -> bool {
        let cpu = self.cpu_by_zone(model);
        let endpoints = &mut self.slices[service.index()].endpoints;
        let ready = || endpoints.iter().filter(|endpoint| endpoint.ready);
        let zones: Vec<Option<ZoneId>> = ready().map(|endpoint| model.zone_hint(endpoint.node)).collect();
        let mut hints = endpoint_hints::in_proportion(&cpu, &zones).into_iter().flatten();
        let mut changed = false;
        for endpoint in endpoints.iter_mut() {
            let zone = if endpoint.ready { hints.next() } else { None };
            changed |= std::mem::replace(&mut endpoint.hints.zone, zone) != zone;
        }
        changed
    }

    /// `SetNodes` in topologycache.go: nodes that are Ready and not of the control plane.
    fn cpu_by_zone(&self, model: &Model) -> Vec<ZoneCpu> {
        let mut zones: Vec<ZoneCpu> = Vec::new();
        for (node, object) in model.scenario().cluster.nodes.iter().zip(&self.nodes) {
            if !object.exists || object.ready != NodeReady::True || node.is_control_plane() {
                continue;
            }
            let cpu_milli = node.allocatable.cpu_milli;
            match zones.iter_mut().find(|zone| zone.zone == node.zone) {
                Some(zone) => zone.cpu_milli += cpu_milli,
                None => zones.push(ZoneCpu { zone: node.zone, cpu_milli }),
            }
        }
        zones.sort_unstable_by_key(|zone| zone.zone);
        zones
    }
}

/// Hints that an endpoint has by itself; those in proportion stay until all are worked out anew.
fn hint(endpoint: &mut Endpoint, hinting: Hinting, slice: &EndpointSlice, model: &Model) {
    let distribution = match hinting {
        Hinting::None => return,
        Hinting::InProportion => {
            let before = slice.endpoints.iter().find(|other| other.pod == endpoint.pod);
            endpoint.hints = before.map_or(endpoint.hints, |before| before.hints);
            return;
        }
        Hinting::SameZone => TrafficDistribution::PreferSameZone,
        Hinting::SameNode => TrafficDistribution::PreferSameNode,
    };
    let zone = model.zone_hint(endpoint.node);
    endpoint.hints = endpoint_hints::by_distribution(distribution, endpoint.ready, zone, endpoint.node);
}
