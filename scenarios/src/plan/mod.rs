//! What can be said before anything is run: what fails together, what each failure domain takes with it, which
//! services need which, and where one failure is enough.
//!
//! Both questions are paths in graphs. *Placement*: cluster -> region -> zone -> rack -> node -> replica -> service;
//! what lies on every path to a service (its dominators) is a single point of failure. *Dependencies*:
//! service -> service; a service also has the single points of all that it can reach.

mod apart;
mod dependencies;
mod hosts;
mod placement;
mod strikes;
mod text;

use serde::Serialize;
use sim_core::spec::Scenario;

use crate::sweep::service_names;
use dependencies::Dependencies;
use placement::{Placement, Point};
pub use strikes::FaultPlan;

/// Everything that can be said of a scenario without running it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// Nodes of the cluster.
    pub nodes: usize,
    /// Regions, zones and racks, and the nodes that some service cannot do without.
    pub domains: Vec<Domain>,
    /// Every service, in the scenario's order.
    pub services: Vec<ServicePlan>,
    /// Every fault, in the scenario's order.
    pub faults: Vec<FaultPlan>,
    /// Services that need each other, and so need themselves.
    pub cycles: Vec<Vec<String>>,
}

/// A failure domain: what fails together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Domain {
    /// `region`, `zone`, `rack` or `node`.
    pub kind: &'static str,
    /// Its name; may be empty for the zone of nodes without zone label.
    pub name: String,
    /// Nodes in it.
    pub nodes: usize,
    /// Its share of the cluster's allocatable CPU.
    pub cpu_share: f64,
    /// Services that cannot be served without it, whether for their own pods or for a service that they need.
    pub stops: Vec<String>,
}

/// A service before the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServicePlan {
    /// `namespace/name`.
    pub name: String,
    /// Replicas behind it.
    pub replicas: u32,
    /// Nodes that could host at least one of them.
    pub hosts: usize,
    /// Node labels over which its replicas are forced apart; none where only preferences do so.
    pub forced_apart_over: Vec<String>,
    /// Services that it needs, directly or not.
    pub needs: Vec<String>,
    /// Services that need it, directly or not.
    pub needed_by: Vec<String>,
    /// Single points of failure, the widest first; domains that are the whole cluster are left out.
    pub single_points: Vec<SinglePoint>,
}

/// One thing whose failure is enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SinglePoint {
    /// What: `zone a`, `the only replica of Deployment shop/web`.
    pub what: String,
    /// The service that it belongs to, where that is one that the service needs.
    pub through: Option<String>,
}

impl Plan {
    /// Looks at `scenario`.
    pub fn of(scenario: &Scenario) -> Plan {
        let names = service_names(scenario);
        let placement = Placement::of(scenario);
        let needs = Dependencies::of(scenario);
        let own_points = (0..names.len()).map(|service| placement.single_points(service)).collect();
        let facts = Facts { scenario, names, placement, needs, own_points };
        Plan {
            nodes: scenario.cluster.nodes.iter().filter(|node| !node.spare).count(),
            domains: facts.domains(),
            services: (0..facts.names.len()).map(|service| facts.service(service)).collect(),
            faults: scenario.faults.iter().map(|fault| FaultPlan::of(scenario, fault)).collect(),
            cycles: facts.needs.cycles().into_iter().map(|cycle| facts.named(cycle)).collect(),
        }
    }
}

struct Facts<'a> {
    scenario: &'a Scenario,
    names: Vec<String>,
    placement: Placement,
    needs: Dependencies,
    /// For each service, what its own pods cannot do without.
    own_points: Vec<Vec<Point>>,
}

impl Facts<'_> {
    fn named(&self, services: Vec<usize>) -> Vec<String> {
        services.into_iter().map(|service| self.names[service].clone()).collect()
    }

    fn service(&self, service: usize) -> ServicePlan {
        let hosts = hosts::of_service(self.scenario, service);
        ServicePlan {
            name: self.names[service].clone(),
            replicas: hosts.iter().map(|(workload, _)| self.scenario.workloads[*workload].replicas).sum(),
            hosts: hosts.iter().flat_map(|(_, nodes)| nodes).collect::<std::collections::BTreeSet<_>>().len(),
            forced_apart_over: apart::keys(self.scenario, hosts.iter().map(|(workload, _)| *workload)),
            needs: self.named(self.needs.needs(service)),
            needed_by: self.named(self.needs.needed_by(service)),
            single_points: self.single_points(service),
        }
    }

    fn single_points(&self, service: usize) -> Vec<SinglePoint> {
        let own = self.points_of(service).into_iter().map(|what| SinglePoint { what, through: None });
        let others = self.needs.needs(service).into_iter().flat_map(|other| {
            let through = Some(self.names[other].clone());
            self.points_of(other).into_iter().map(move |what| SinglePoint { what, through: through.clone() })
        });
        own.chain(others).collect()
    }

    fn points_of(&self, service: usize) -> Vec<String> {
        let whole_cluster =
            |point: &Point| self.placement.nodes_in(*point) == self.scenario.cluster.nodes.len();
        let points = self.own_points[service].iter();
        points.filter(|point| !whole_cluster(point)).map(|point| point.describe(self.scenario)).collect()
    }

    fn domains(&self) -> Vec<Domain> {
        let points = Point::domains(self.scenario).into_iter().map(|point| (point, self.stopped_by(point)));
        let told =
            |(point, stops): &(Point, Vec<usize>)| !matches!(point, Point::Node(_)) || !stops.is_empty();
        points.filter(told).map(|(point, stops)| self.domain(point, stops)).collect()
    }

    fn domain(&self, point: Point, stops: Vec<usize>) -> Domain {
        let (kind, name) = point.kind_and_name(self.scenario);
        Domain {
            kind,
            name,
            nodes: self.placement.nodes_in(point),
            cpu_share: self.placement.cpu_share(self.scenario, point),
            stops: self.named(stops),
        }
    }

    fn stopped_by(&self, point: Point) -> Vec<usize> {
        let has = |service: usize| self.own_points[service].contains(&point);
        let stops = |service: &usize| has(*service) || self.needs.needs(*service).into_iter().any(has);
        (0..self.names.len()).filter(stops).collect()
    }
}

#[cfg(test)]
mod tests;
