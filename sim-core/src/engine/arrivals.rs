//! Where the requests of a service come in, where that matters: at the nodes that a load balancer sends to, or at those
//! on which clients run.

use super::sim::Sim;
use crate::ids::ServiceId;
use crate::observers::timeline::Watch;
use crate::spec::Exposure;

impl<W: Watch> Sim<'_, W> {
    pub(super) fn spread_arrivals(&mut self, service: ServiceId) {
        let Some(routes) = self.traffic.routes(service) else { return };
        routes.clear();
        match self.model.service(service).exposure {
            Exposure::LoadBalancer => {
                let balancer = self.balancers.of(service);
                for node in self.model.nodes() {
                    routes.arrive(node, balancer.share_to(node), balancer.is_up(node), self.model);
                }
            }
            Exposure::Cluster => self.spread_clients(service),
        }
    }

    /// Clients are spread evenly over the zones, and in each over the nodes that have power: those on a machine that
    /// goes down send from elsewhere.
    fn spread_clients(&mut self, service: ServiceId) {
        let Some(routes) = self.traffic.routes(service) else { return };
        let (model, physical) = (self.model, &self.physical);
        let any_up = model.client_nodes().any(|node| physical.is_up(node));
        let sends = |node: &_| physical.is_up(*node) || !any_up;
        let zones = &mut self.zone_counts;
        zones.fill(0);
        model.client_nodes().filter(sends).for_each(|node| zones[model.zone_of(node).index()] += 1);
        let with_clients = zones.iter().filter(|nodes| **nodes > 0).count() as f64;
        for node in model.client_nodes().filter(sends) {
            let share = 1.0 / with_clients / f64::from(zones[model.zone_of(node).index()]);
            routes.arrive(node, share, true, model);
        }
    }

    /// Clients are elsewhere, or endpoints may be: services of which it matters are read anew.
    pub(super) fn mark_routed_services(&mut self) {
        self.model.routed_services().iter().for_each(|service| self.unread.mark(*service));
    }
}
