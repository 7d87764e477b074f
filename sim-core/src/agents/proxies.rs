//! The kube-proxies of all nodes, as one: every one of them sees the same changes at nearly the same time and
//! spaces its syncs by the same rule, so they program the same table within milliseconds of each other.
//!
//! Upstream: pkg/proxy (`minSyncPeriod`: the first change after a quiet period is programmed at once, the next
//! one a period after that), pkg/proxy/topology.go for the choice of endpoints.

use crate::agents::endpoint_choice::{Hint, Seen, for_cluster};
use crate::ids::{PodId, ServiceId};
use crate::model::Model;
use crate::time::Instant;
use crate::world::api::{Api, Endpoint, EndpointSlice};

/// Which services wait for a sync, and when the last one was.
#[derive(Clone, Debug)]
pub struct Proxies {
    stale: Vec<ServiceId>,
    is_stale: Vec<bool>,
    next_sync: Instant,
}

impl Proxies {
    /// Proxies that have programmed nothing yet.
    pub fn new(model: &Model) -> Proxies {
        let services = model.scenario().services.len();
        Proxies {
            stale: Vec::with_capacity(services),
            is_stale: vec![false; services],
            next_sync: Instant::ZERO,
        }
    }

    /// The endpoints of a service changed. Returns when the proxies will have programmed it.
    pub fn endpoints_changed(&mut self, service: ServiceId, model: &Model, now: Instant) -> Instant {
        if !std::mem::replace(&mut self.is_stale[service.index()], true) {
            self.stale.push(service);
        }
        let timing = &model.scenario().timing;
        (now + timing.watch).max(self.next_sync) + timing.proxy_programming
    }

    /// Every stale service is programmed: `program` is told each with its endpoints.
    pub fn sync(
        &mut self,
        model: &Model,
        api: &Api,
        now: Instant,
        mut program: impl FnMut(ServiceId, &EndpointSlice),
    ) {
        let timing = &model.scenario().timing;
        // The sync began when programming did.
        self.next_sync =
            Instant(now.0 - timing.proxy_programming.0.min(now.0)) + timing.proxy_min_sync_period;
        for service in self.stale.drain(..) {
            self.is_stale[service.index()] = false;
            program(service, api.slice(service));
        }
    }
}

/// The endpoints that every proxy sends to: policy Cluster, and no hints.
pub fn usable(slice: &EndpointSlice) -> impl Iterator<Item = PodId> {
    for_cluster(&slice.endpoints, see).map(|endpoint| endpoint.pod)
}

/// An endpoint as all proxies see it alike.
fn see(endpoint: &Endpoint) -> Seen {
    Seen {
        ready: endpoint.ready,
        serves_while_terminating: endpoint.serving && endpoint.terminating,
        is_local: false,
        node_hint: Hint::None,
        zone_hint: Hint::None,
    }
}
