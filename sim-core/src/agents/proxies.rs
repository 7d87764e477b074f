//! The kube-proxies of all nodes, as one: every one of them sees the same changes at nearly the same time and
//! spaces its syncs by the same rule, so they program the same table within milliseconds of each other.
//!
//! Upstream: pkg/proxy/runner, `BoundedFrequencyRunner` as of 1.34: a change after a quiet time is synced at once, any
//! other `minSyncPeriod` after the last sync has ended. A sync (`syncProxyRules`) begins by taking what the change
//! trackers hold, so what changes while it programs waits for the next one. pkg/proxy/topology.go chooses endpoints.

use crate::agents::endpoint_choice::{Hint, Seen, for_cluster};
use crate::ids::{PodId, ServiceId};
use crate::spec::Timing;
use crate::time::{Instant, Span};
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

/// How often syncs are.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Until a change is known.
    watch: Span,
    /// Length of a sync.
    programming: Span,
    /// Least time from the start of one to the start of the next.
    period: Span,
}

impl Pace {
    /// Syncs have `minSyncPeriod` between them.
    pub fn of_kube_proxies(timing: &Timing) -> Pace {
        let programming = timing.proxy_programming;
        Pace { watch: timing.watch, programming, period: programming + timing.proxy_min_sync_period }
    }

    /// Syncs start no oftener than a token bucket without burst lets them (ingress-nginx, internal/task/queue.go), and
    /// workers take up what one has left by and by (rootfs/etc/nginx/lua/balancer.lua, every second).
    pub fn of_ingress_controllers(timing: &Timing) -> Pace {
        Pace {
            watch: timing.watch,
            programming: timing.ingress_programming,
            period: timing.ingress_sync_period,
        }
    }
}

impl Proxies {
    /// A slice changed: some sync takes it, be it only to find that requests go where they went. Returns when that sync
    /// ends.
    pub fn slice_changed(&mut self, timing: &Timing, now: Instant) -> Instant {
        self.changed(&Pace::of_kube_proxies(timing), now)
    }

    /// The same for whatever keeps a pace of its own.
    pub fn changed(&mut self, pace: &Pace, now: Instant) -> Instant {
        let seen = now + pace.watch;
        if seen > self.start {
            self.start = seen.max(self.rested);
            self.rested = self.start + pace.period;
        }
        self.start + pace.programming
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

/// The endpoints that ingress controllers send to: those that are ready, and no others (ingress-nginx,
/// internal/ingress/controller/endpointslices.go).
pub fn ready(endpoints: &[Endpoint]) -> impl Iterator<Item = PodId> {
    endpoints.iter().filter(|endpoint| endpoint.ready).map(|endpoint| endpoint.pod)
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
