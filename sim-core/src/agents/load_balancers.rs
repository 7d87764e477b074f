//! Cloud load balancers: one for all Services with `externalTrafficPolicy: Cluster`, whose checks ask each node's
//! kube-proxy, and one for each with `Local`, whose checks ask for a ready endpoint on the node.
//!
//! Upstream: KEP-3836 for Cluster; `healthCheckNodePort` for Local, answered by pkg/proxy/healthcheck with the number of
//! local endpoints that are ready: those that terminate do not count, though the node still sends to them (KEP-1669).

use crate::agents::load_balancer::LoadBalancer;
use crate::ids::{NodeId, ServiceId};
use crate::model::Model;
use crate::rng::{EntityKey, Luck};
use crate::spec::{Exposure, Service, TrafficPolicy};
use crate::time::Instant;
use crate::world::api::Endpoint;

/// All of them.
#[derive(Clone, Debug)]
pub struct LoadBalancers {
    shared: LoadBalancer,
    own: Vec<(ServiceId, LoadBalancer)>,
}

impl LoadBalancers {
    /// Those that the services need.
    pub fn new(model: &Model, luck: &Luck) -> LoadBalancers {
        let services = model.balanced_services().iter();
        let own = services.filter(|service| checks_endpoints(model.service(**service)));
        LoadBalancers {
            shared: LoadBalancer::new(model, luck, model.balanced_services().len() > own.clone().count()),
            own: own
                .map(|id| (*id, LoadBalancer::of_endpoints(model, luck, key(model.service(*id)))))
                .collect(),
        }
    }

    /// The one that sends to a service's nodes.
    pub fn of(&self, service: ServiceId) -> &LoadBalancer {
        self.own.iter().find(|(owner, _)| *owner == service).map_or(&self.shared, |(_, own)| own)
    }

    /// The one that is shared.
    pub fn shared(&self) -> &LoadBalancer {
        &self.shared
    }

    /// A machine lost power.
    pub fn node_down(&mut self, node: NodeId, model: &Model, now: Instant) {
        self.each(|balancer| balancer.node_down(node, model, now));
    }

    /// The node's kube-proxy will forward again from `at` on.
    pub fn node_up(&mut self, node: NodeId, at: Instant) {
        self.each(|balancer| balancer.node_up(node, at));
    }

    /// The node's object is gone.
    pub fn remove(&mut self, node: NodeId) {
        self.each(|balancer| balancer.remove(node));
    }

    /// The node's object is there again.
    pub fn add(&mut self, node: NodeId, model: &Model, now: Instant) {
        self.each(|balancer| balancer.add(node, model, now));
    }

    /// When something about the node changes next.
    pub fn next_wake(&self, node: NodeId) -> Instant {
        let own = self.own.iter().map(|(_, balancer)| balancer.next_wake(node));
        own.fold(self.shared.next_wake(node), Instant::min)
    }

    /// Carries out what is due for the node. `tell` hears of changes in rotation: of which service, if not of all, and
    /// whether the node joins.
    pub fn wake(
        &mut self,
        node: NodeId,
        model: &Model,
        now: Instant,
        mut tell: impl FnMut(Option<ServiceId>, bool),
    ) {
        if let Some(joins) = self.shared.wake(node, model, now) {
            tell(None, joins);
        }
        for (service, balancer) in &mut self.own {
            if let Some(joins) = balancer.wake(node, model, now) {
                tell(Some(*service), joins);
            }
        }
    }

    /// The proxies have new endpoints for a service: checks find out which nodes have a ready one. Returns whether any
    /// node is checked for that.
    pub fn programmed(
        &mut self,
        service: ServiceId,
        endpoints: &[Endpoint],
        model: &Model,
        now: Instant,
    ) -> bool {
        let Some((_, balancer)) = self.own.iter_mut().find(|(owner, _)| *owner == service) else {
            return false;
        };
        for node in (0..model.scenario().cluster.nodes.len()).map(NodeId::from) {
            let ready = endpoints.iter().any(|endpoint| endpoint.ready && endpoint.node == node);
            balancer.set_endpoint(node, ready, model, now);
        }
        true
    }

    fn each(&mut self, act: impl Fn(&mut LoadBalancer)) {
        act(&mut self.shared);
        self.own.iter_mut().for_each(|(_, balancer)| act(balancer));
    }
}

fn checks_endpoints(service: &Service) -> bool {
    service.exposure == Exposure::LoadBalancer && service.routing.policy == TrafficPolicy::Local
}

fn key(service: &Service) -> EntityKey {
    EntityKey::new(&format!("service/{}/{}", service.namespace, service.name))
}
