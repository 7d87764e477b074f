//! The flow of one service: equal shares of its requests to every programmed endpoint, or shares by [`Routes`].

use std::ops::Range;

use super::Routes;
use crate::ids::{PodId, ServiceId};
use crate::model::Model;
use crate::world::physical::Answer;

/// A pod that proxies send to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The pod.
    pub pod: PodId,
    /// Whether it answers.
    pub answer: Answer,
    /// Requests per second that it can answer.
    pub capacity_rps: f64,
}

/// Requests of one service, now.
#[derive(Clone, Debug)]
pub struct Flow {
    targets: Vec<Target>,
    serving: u32,
    booting: u32,
    silent: u32,
    /// Whether the capacity of some target is, or was, finite.
    limited: bool,
    /// Requests per second.
    pub rate: f64,
    own_success: f64,
    lost_before_node: f64,
    overloaded: f64,
    /// Where it matters where requests come in.
    pub(super) routes: Option<Box<Routes>>,
}

impl Flow {
    /// A flow that goes nowhere yet.
    pub fn new(model: &Model, service: ServiceId) -> Flow {
        let spec = model.service(service);
        let routes = || Box::new(Routes::new(spec.routing, model));
        Flow {
            targets: Vec::new(),
            serving: 0,
            booting: 0,
            silent: 0,
            limited: false,
            rate: spec.traffic.requests_per_second,
            own_success: 0.0,
            lost_before_node: 0.0,
            overloaded: 0.0,
            routes: spec.routing.by_place().then(routes),
        }
    }

    /// Pods that proxies send to.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// Endpoints that proxies send to.
    pub fn programmed(&self) -> u32 {
        self.targets.len() as u32
    }

    /// Of these, those that answer.
    pub fn serving(&self) -> u32 {
        self.serving
    }

    /// Share of requests that succeed, dependencies left aside.
    pub fn own_success(&self) -> f64 {
        self.own_success
    }

    /// Share of requests lost because the load balancer sends to a node that is down.
    pub fn lost_before_node(&self) -> f64 {
        self.lost_before_node
    }

    /// Share of requests lost because serving endpoints get more than they can answer.
    pub fn lost_to_overload(&self) -> f64 {
        self.overloaded
    }

    /// Share of requests sent to endpoints that do not answer: those dead or hung, and those not started up yet.
    pub fn lost_at_endpoints(&self) -> (f64, f64) {
        if let Some(routes) = &self.routes {
            return (routes.silent, routes.booting);
        }
        let all = f64::from(self.programmed());
        if all == 0.0 {
            return (0.0, 0.0);
        }
        let arriving = 1.0 - self.lost_before_node;
        (arriving * f64::from(self.silent) / all, arriving * f64::from(self.booting) / all)
    }

    /// Share of requests that come in where there is no endpoint to send to, though there are some elsewhere.
    pub fn stranded(&self) -> f64 {
        self.routes.as_ref().map_or(0.0, |routes| routes.stranded)
    }

    /// Sends to these pods from now on. They come in the order in which endpoints appeared, as the old ones did: so one
    /// walk finds who left and who is new, and only new ones are looked at.
    pub(super) fn program(&mut self, pods: impl Iterator<Item = PodId>, look: impl Fn(PodId) -> Target) {
        let mut at = 0;
        for pod in pods {
            if self.targets.get(at).is_none_or(|target| target.pod != pod) {
                match self.targets[at..].iter().position(|target| target.pod == pod) {
                    Some(left) => self.forget(at..at + left),
                    None => self.insert(at, look(pod)),
                }
            }
            at += 1;
        }
        if at < self.targets.len() {
            self.forget(at..self.targets.len());
        }
    }

    pub(super) fn answers(&mut self, pod: PodId, answer: Answer) -> bool {
        let Some(target) = self.targets.iter_mut().find(|target| target.pod == pod) else { return false };
        let before = std::mem::replace(&mut target.answer, answer);
        *self.count(before) -= 1;
        *self.count(answer) += 1;
        true
    }

    pub(super) fn settle(&mut self, forwarded: f64) {
        if let Some(routes) = &mut self.routes {
            self.own_success = routes.settle(&self.targets, self.rate);
            (self.lost_before_node, self.overloaded) = (routes.lost_before_node, routes.overloaded);
            return;
        }
        self.lost_before_node = 1.0 - forwarded;
        self.overloaded = 0.0;
        if self.targets.is_empty() {
            self.own_success = 0.0;
            return;
        }
        let answered = if self.limited { self.answered(forwarded) } else { f64::from(self.serving) };
        self.own_success = forwarded * self.part(answered);
        self.overloaded = forwarded * (self.part(f64::from(self.serving)) - self.part(answered));
    }

    /// Serving endpoints, one that gets more than it can answer counted as the part that it answers.
    fn answered(&self, forwarded: f64) -> f64 {
        let load = self.rate * forwarded / f64::from(self.programmed());
        let part =
            |target: &Target| if load <= target.capacity_rps { 1.0 } else { target.capacity_rps / load };
        let serving = self.targets.iter().filter(|target| target.answer == Answer::Serving);
        serving.map(part).fold(0.0, |sum, part| sum + part)
    }

    /// So many endpoints as a part of all; all are exactly 1.
    fn part(&self, endpoints: f64) -> f64 {
        endpoints / f64::from(self.programmed())
    }

    fn insert(&mut self, at: usize, target: Target) {
        *self.count(target.answer) += 1;
        self.limited |= target.capacity_rps.is_finite();
        self.targets.insert(at, target);
    }

    fn forget(&mut self, range: Range<usize>) {
        for at in range.clone() {
            *self.count(self.targets[at].answer) -= 1;
        }
        self.targets.drain(range);
    }

    fn count(&mut self, answer: Answer) -> &mut u32 {
        match answer {
            Answer::Serving => &mut self.serving,
            Answer::Booting => &mut self.booting,
            Answer::Silent => &mut self.silent,
        }
    }
}
