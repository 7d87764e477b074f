//! EndpointSlices, from the pods that a service selects.

use super::Write;
use crate::ids::{NodeId, PodId, ServiceId};
use crate::model::Model;
use crate::world::api::{Api, Change, Endpoint};

impl Api {
    /// Writes the endpoints of the pods that changed: those of all others would come out as they are.
    pub(super) fn sync_endpoints(&mut self, service: ServiceId, write: &mut Write) {
        let publish = write.model.service(service).publish_not_ready;
        let mut stale = std::mem::take(&mut self.stale[service.index()]);
        let (mut changed, mut usable) = (false, false);
        for pod in stale.drain(..) {
            let endpoint = self.endpoint(pod, publish);
            let before = self.slices[service.index()].write(pod, endpoint);
            changed |= before != endpoint;
            usable |= before != endpoint
                && (before.is_some_and(|e| e.may_be_sent_to())
                    || endpoint.is_some_and(|e| e.may_be_sent_to()));
        }
        self.stale[service.index()] = stale;
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
        let has_node = pod.node.is_some_and(|node| publish_not_ready || self.node(node).exists);
        let included = has_node && !pod.is_terminal();
        included.then(|| Endpoint::new(pod.id, pod.ready, pod.deletion.is_some(), publish_not_ready))
    }
}
