//! The kube-proxies of all nodes, as one: every one of them sees the same changes at nearly the same time and
//! spaces its syncs by the same rule, so they program the same table within milliseconds of each other.
//!
//! Upstream: pkg/proxy/runner, `BoundedFrequencyRunner` as of 1.34: a change after a quiet time is synced at once, any
//! other `minSyncPeriod` after the last sync has ended. A sync (`syncProxyRules`) begins by taking what the change
//! trackers hold, so what changes while it programs waits for the next one. pkg/proxy/topology.go chooses endpoints.

use crate::agents::endpoint_choice::{Hint, Seen, for_cluster};
use crate::ids::{PodId, ServiceId};
use crate::spec::Timing;
use crate::time::Instant;
use crate::world::api::Endpoint;

/// When syncs are, and what those that are not over yet have taken.
///
/// Only their ends change what requests meet: so a sync has no event for its start. Which sync takes a change is known
/// as soon as the change is, and what the slice held then is kept.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// When the last sync starts that was asked for.
    start: Instant,
    /// When the one after it may.
    rested: Instant,
    /// Changes on their way into the table, sync by sync.
    taken: Vec<Taken>,
    /// The endpoints of all of them, one change after the other.
    endpoints: Vec<Endpoint>,
}

/// A service's endpoints as one sync takes them.
#[derive(Clone, Copy, Debug)]
struct Taken {
    service: ServiceId,
    endpoints: usize,
    sync_ends: Instant,
}

impl Proxies {
    /// A slice changed: some sync takes it, be it only to find that requests go where they went. Returns when that sync
    /// ends.
    pub fn slice_changed(&mut self, timing: &Timing, now: Instant) -> Instant {
        let seen = now + timing.watch;
        if seen > self.start {
            self.start = seen.max(self.rested);
            self.rested = self.start + timing.proxy_programming + timing.proxy_min_sync_period;
        }
        self.start + timing.proxy_programming
    }

    /// The sync that ends at `sync_ends` takes the service's endpoints as they are now.
    pub fn take(&mut self, service: ServiceId, endpoints: &[Endpoint], sync_ends: Instant) {
        self.endpoints.extend_from_slice(endpoints);
        self.taken.push(Taken { service, endpoints: endpoints.len(), sync_ends });
    }

    /// A sync ends: `program` is told each service that it took, with its endpoints; if it took a service twice, the
    /// later ones come last. Returns when the next sync ends that takes any.
    pub fn sync_ended(&mut self, now: Instant, mut program: impl FnMut(ServiceId, &[Endpoint])) -> Instant {
        let due = self.taken.partition_point(|taken| taken.sync_ends <= now);
        let mut from = 0;
        for taken in self.taken.drain(..due) {
            let to = from + taken.endpoints;
            program(taken.service, &self.endpoints[from..to]);
            from = to;
        }
        self.endpoints.drain(..from);
        self.taken.first().map_or(Instant::NEVER, |next| next.sync_ends)
    }
}

/// The endpoints that every proxy sends to: policy Cluster, and no hints.
pub fn usable(endpoints: &[Endpoint]) -> impl Iterator<Item = PodId> {
    for_cluster(endpoints, see).map(|endpoint| endpoint.pod)
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
