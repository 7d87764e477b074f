//! From EndpointSlices to the tables of those that send: kube-proxies, or the ingress controllers in front of a service.

use super::sim::Sim;
use super::timers::Wake;
use crate::agents::proxies::{self, Pace};
use crate::ids::{PodId, ServiceId};
use crate::model::Model;
use crate::observers::timeline::Watch;
use crate::outcome::Actor;
use crate::traffic::Target;
use crate::world::api::Api;
use crate::world::physical::Physical;

impl<W: Watch> Sim<'_, W> {
    /// Every change makes the proxies sync; only one of endpoints that they may send to changes their table.
    pub(super) fn endpoints_changed(&mut self, service: ServiceId, usable: bool) {
        let timing = &self.model.scenario().timing;
        let sync_ends = self.proxies.slice_changed(timing, self.now);
        let endpoints = &self.api.slice(service).endpoints;
        if self.model.service(service).routing.entrance.is_some() {
            let sync_ends = self.ingresses.changed(&Pace::of_ingress_controllers(timing), self.now);
            self.ingresses.take(service, endpoints, sync_ends);
            self.timers.arm_earlier(Wake::Ingress, sync_ends);
        } else if usable {
            self.proxies.take(service, endpoints, sync_ends);
            self.timers.arm_earlier(Wake::Proxies, sync_ends);
        }
    }

    pub(super) fn program_proxies(&mut self) {
        let (model, now) = (self.model, self.now);
        let look = look(model, &self.api, &self.physical);
        let (traffic, unread) = (&mut self.traffic, &mut self.unread);
        let (balancers, table) = (&mut self.balancers, &mut self.route_table);
        let mut checks_change = false;
        let next = self.proxies.sync_ended(now, |service, endpoints| {
            let routing = model.service(service).routing;
            if routing.by_place() {
                table.choose(endpoints, routing, model);
                traffic.program(service, table.chosen(endpoints).map(|endpoint| endpoint.pod), look);
                traffic.set_choices(service, table.ends(), table.choices());
                checks_change |= balancers.programmed(service, endpoints, model, now);
            } else {
                traffic.program(service, proxies::usable(endpoints), look);
            }
            unread.mark(service);
        });
        self.timers.arm_earlier(Wake::Proxies, next);
        self.narrate_programming(Actor::KubeProxy);
        if checks_change {
            self.model.nodes().for_each(|node| self.arm_balancer(node));
        }
    }

    pub(super) fn program_ingresses(&mut self) {
        let look = look(self.model, &self.api, &self.physical);
        let (traffic, unread) = (&mut self.traffic, &mut self.unread);
        let next = self.ingresses.sync_ended(self.now, |service, endpoints| {
            traffic.program(service, proxies::ready(endpoints), look);
            unread.mark(service);
        });
        self.timers.arm_earlier(Wake::Ingress, next);
        self.narrate_programming(Actor::IngressController);
    }
}

/// Finds out about a pod that is sent to from now on. It may be gone since the sync took its endpoint: then nobody
/// answers there.
fn look<'a>(model: &'a Model, api: &'a Api, physical: &'a Physical) -> impl Fn(PodId) -> Target + Copy + 'a {
    let capacity =
        move |pod| api.pod(pod).map_or(f64::INFINITY, |pod| model.template(pod.template).capacity_rps);
    move |pod| Target { pod, answer: physical.answer(pod), capacity_rps: capacity(pod) }
}
