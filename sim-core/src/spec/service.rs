//! Services: what users reach, the traffic they send, and what was promised to them.

use serde::Serialize;

use super::{Routing, Selector};
use crate::ids::ServiceId;
use crate::time::{Instant, Span};

/// A Service, with its users and its promise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Service {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`.
    pub namespace: String,
    /// Pods behind it; a Service without selector is never here.
    pub selector: Selector,
    /// How it is reached.
    pub exposure: Exposure,
    /// Which endpoints requests may go to, by where they come in.
    pub routing: Routing,
    /// `spec.publishNotReadyAddresses`.
    pub publish_not_ready: bool,
    /// Requests that its users send.
    pub traffic: Traffic,
    /// Services whose answers it needs for each of its own (hard dependencies), direct ones only.
    pub depends_on: Vec<ServiceId>,
    /// Serving endpoints that count as enough for capacity availability.
    pub required_serving: u32,
    /// An outage is a time in which less than this share of requests succeeds; in (0, 1].
    pub outage_below: f64,
    /// What was promised.
    pub objectives: Vec<Objective>,
}

/// How requests reach a Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Exposure {
    /// From pods in the cluster, through their node's kube-proxy.
    Cluster,
    /// From outside, through a cloud load balancer in front of all nodes.
    LoadBalancer,
}

/// Request rate over time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Traffic {
    /// Mean requests per second.
    pub requests_per_second: f64,
    /// Share of the mean in each equal part of a day (usually 24), repeated for ever; one part is constant.
    pub daily_profile: Vec<f64>,
    /// Times in which it is a multiple of that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub surges: Vec<Surge>,
}

/// A time with more requests than usual, or with fewer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Surge {
    /// Its first moment.
    pub from: Instant,
    /// The first moment after it.
    pub to: Instant,
    /// How many times the usual rate; surges at the same time multiply.
    pub times: f64,
}

impl Traffic {
    /// The same rate at all times.
    pub fn constant(requests_per_second: f64) -> Traffic {
        Traffic { requests_per_second, daily_profile: vec![1.0], surges: Vec::new() }
    }

    /// The rate at `now`, and when it changes next.
    pub fn at(&self, now: Instant) -> (f64, Instant) {
        let parts = self.daily_profile.len() as u64;
        let part_length = Span::days(1) / parts;
        let part = now.0 / part_length.0;
        let usual = self.requests_per_second * self.daily_profile[(part % parts) as usize];
        let ends = if parts > 1 { Instant(0) + part_length * (part + 1) } else { Instant::NEVER };
        self.surges.iter().fold((usual, ends), |(rate, next), surge| {
            let edge = [surge.from, surge.to].into_iter().find(|edge| *edge > now);
            let times = if surge.from <= now && now < surge.to { surge.times } else { 1.0 };
            (rate * times, next.min(edge.unwrap_or(Instant::NEVER)))
        })
    }
}

/// A measured kind of availability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Measure {
    /// Share of requests that succeed.
    Request,
    /// Share of time with at least one serving endpoint.
    Time,
    /// Share of time with at least [`Service::required_serving`] serving endpoints.
    Capacity,
}

/// A promise on one measure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Objective {
    /// What is promised.
    pub measure: Measure,
    /// Least share, in (0, 1).
    pub target: f64,
    /// Window that the promise speaks of, for error budgets.
    pub window: Span,
}
