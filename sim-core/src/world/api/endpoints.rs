//! EndpointSlices of the API.

use crate::controllers::endpoint_hints::Hints;
use crate::ids::{NodeId, PodId};

/// All EndpointSlices of a Service.
#[derive(Clone, Debug, Default)]
pub struct EndpointSlice {
    /// Its endpoints, in order of their appearance.
    pub endpoints: Vec<Endpoint>,
}

/// One endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The pod behind it.
    pub pod: PodId,
    /// `nodeName`.
    pub node: NodeId,
    /// Condition `ready`.
    pub ready: bool,
    /// Condition `serving`.
    pub serving: bool,
    /// Condition `terminating`.
    pub terminating: bool,
    /// `hints`.
    pub hints: Hints,
}

impl EndpointSlice {
    /// Puts the endpoint of a pod in its place, or takes it out. Returns what was there.
    pub(super) fn write(&mut self, pod: PodId, endpoint: Option<Endpoint>) -> Option<Endpoint> {
        let place = self.endpoints.iter().position(|other| other.pod == pod);
        match (place, endpoint) {
            (Some(place), Some(endpoint)) => Some(std::mem::replace(&mut self.endpoints[place], endpoint)),
            (Some(place), None) => Some(self.endpoints.remove(place)),
            (None, Some(endpoint)) => {
                self.endpoints.push(endpoint);
                None
            }
            (None, None) => None,
        }
    }
}

impl Endpoint {
    /// Its conditions, from those of its pod: `podToEndpoint` in staging/src/k8s.io/endpointslice/utils.go.
    pub fn new(
        pod: PodId,
        node: NodeId,
        serving: bool,
        terminating: bool,
        publish_not_ready: bool,
    ) -> Endpoint {
        let ready = publish_not_ready || (serving && !terminating);
        Endpoint { pod, node, ready, serving, terminating, hints: Hints::default() }
    }

    /// Ready, or serving while it terminates: others never matter to a proxy.
    pub fn may_be_sent_to(&self) -> bool {
        self.ready || (self.serving && self.terminating)
    }
}
