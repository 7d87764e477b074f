//! The flow of one service: equal shares of its requests to every programmed endpoint.

use crate::ids::{PodId, ServiceId};
use crate::model::Model;
use crate::world::physical::{Answer, Physical};

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
    /// Requests per second.
    pub rate: f64,
    own_success: f64,
    lost_before_node: f64,
    overloaded: f64,
}

impl Flow {
    /// A flow that goes nowhere yet.
    pub fn new(model: &Model, service: ServiceId) -> Flow {
        Flow {
            targets: Vec::new(),
            serving: 0,
            booting: 0,
            rate: model.service(service).traffic.requests_per_second,
            own_success: 0.0,
            lost_before_node: 0.0,
            overloaded: 0.0,
        }
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
        let all = f64::from(self.programmed());
        if all == 0.0 {
            return (0.0, 0.0);
        }
        let arriving = 1.0 - self.lost_before_node;
        let silent = self.programmed() - self.serving - self.booting;
        (arriving * f64::from(silent) / all, arriving * f64::from(self.booting) / all)
    }

    pub(super) fn program(&mut self, pods: impl Iterator<Item = (PodId, f64)>, physical: &Physical) {
        self.targets.clear();
        self.targets.extend(pods.map(|(pod, capacity_rps)| Target {
            pod,
            answer: physical.answer(pod),
            capacity_rps,
        }));
        self.count();
    }

    pub(super) fn answers(&mut self, pod: PodId, answer: Answer) -> bool {
        let Some(target) = self.targets.iter_mut().find(|target| target.pod == pod) else { return false };
        target.answer = answer;
        self.count();
        true
    }

    pub(super) fn settle(&mut self, forwarded: f64) {
        self.lost_before_node = 1.0 - forwarded;
        self.overloaded = 0.0;
        if self.targets.is_empty() {
            self.own_success = 0.0;
            return;
        }
        let share = 1.0 / f64::from(self.programmed());
        let load = self.rate * forwarded * share;
        let answered =
            |target: &Target| if load <= target.capacity_rps { 1.0 } else { target.capacity_rps / load };
        let serving = self.targets.iter().filter(|target| target.answer == Answer::Serving);
        let answered = serving.map(answered).fold(0.0, |sum, share| sum + share);
        // All or nothing stays exact: n times 1/n need not be 1.
        let all = f64::from(self.programmed());
        let part = |count: f64| if count == all { 1.0 } else { count * share };
        self.own_success = forwarded * part(answered);
        self.overloaded = forwarded * (part(f64::from(self.serving)) - part(answered));
    }

    fn count(&mut self) {
        let count = |answer| self.targets.iter().filter(|target| target.answer == answer).count() as u32;
        self.serving = count(Answer::Serving);
        self.booting = count(Answer::Booting);
    }
}
