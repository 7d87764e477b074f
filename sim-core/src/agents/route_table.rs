//! What the proxies of different nodes send to, where a service's traffic policy or hints make them differ.
//!
//! Which endpoints each chooses is the rule of [`endpoint_choice`](super::endpoint_choice).

use crate::agents::endpoint_choice::{Hint, Seen, for_cluster, for_local};
use crate::ids::{NodeId, ZoneId};
use crate::model::Model;
use crate::spec::{Routing, TrafficPolicy};
use crate::world::api::Endpoint;

/// Choices of all places: of each node, or of each zone where all of its nodes choose alike.
#[derive(Clone, Debug, Default)]
pub struct RouteTable {
    /// By place: where its choices end in `choices`.
    ends: Vec<u32>,
    /// Positions in the list of targets.
    choices: Vec<u32>,
    /// By endpoint: its position in the list of targets.
    places: Vec<Option<u32>>,
    numbers: Vec<u32>,
}

/// Where a request comes in.
#[derive(Clone, Copy)]
enum Place {
    Node(NodeId, ZoneId),
    Zone(ZoneId),
}

impl RouteTable {
    /// How many places a service's proxies tell apart.
    pub fn places(routing: Routing, model: &Model) -> usize {
        let cluster = &model.scenario().cluster;
        if routing.by_node() { cluster.nodes.len() } else { cluster.zones.len() }
    }

    /// The place of a node among them.
    pub fn place_of(routing: Routing, node: NodeId, model: &Model) -> usize {
        if routing.by_node() { node.index() } else { model.zone_of(node).index() }
    }

    /// Chooses anew among these endpoints.
    pub fn choose(&mut self, endpoints: &[Endpoint], routing: Routing, model: &Model) {
        self.ends.clear();
        self.choices.clear();
        self.numbers.clear();
        self.numbers.extend(0..endpoints.len() as u32);
        for place in 0..RouteTable::places(routing, model) {
            let place = if routing.by_node() {
                let node = NodeId::from(place);
                Place::Node(node, model.zone_of(node))
            } else {
                Place::Zone(ZoneId::from(place))
            };
            let see = |number: &u32| see(&endpoints[*number as usize], place);
            match routing.policy {
                TrafficPolicy::Cluster => self.choices.extend(for_cluster(&self.numbers, see)),
                TrafficPolicy::Local => self.choices.extend(for_local(&self.numbers, see)),
            }
            self.ends.push(self.choices.len() as u32);
        }
        self.number_targets(endpoints.len());
    }

    /// Those of the endpoints that any place sends to, in their order: the list of targets.
    pub fn chosen<'a>(&'a self, endpoints: &'a [Endpoint]) -> impl Iterator<Item = &'a Endpoint> {
        endpoints.iter().zip(&self.places).filter(|(_, place)| place.is_some()).map(|(endpoint, _)| endpoint)
    }

    /// Positions in the list of targets of those that a place sends to.
    pub fn targets(&self, place: usize) -> &[u32] {
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.choices[start as usize..self.ends[place] as usize]
    }

    /// Choices of endpoints become choices of targets.
    fn number_targets(&mut self, endpoints: usize) {
        self.places.clear();
        self.places.resize(endpoints, None);
        self.choices.iter().for_each(|endpoint| self.places[*endpoint as usize] = Some(0));
        for (number, place) in self.places.iter_mut().flatten().enumerate() {
            *place = number as u32;
        }
        for choice in &mut self.choices {
            *choice = self.places[*choice as usize].expect("it was chosen");
        }
    }
}

/// An endpoint as the proxies of one place see it.
fn see(endpoint: &Endpoint, place: Place) -> Seen {
    let (node, zone) = match place {
        Place::Node(node, zone) => (Some(node), zone),
        Place::Zone(zone) => (None, zone),
    };
    let hint = |is_here: Option<bool>| match is_here {
        None => Hint::None,
        Some(true) => Hint::Here,
        Some(false) => Hint::Elsewhere,
    };
    Seen {
        ready: endpoint.ready,
        serves_while_terminating: endpoint.serving && endpoint.terminating,
        is_local: node == Some(endpoint.node),
        node_hint: hint(endpoint.hints.node.map(|hinted| node == Some(hinted))),
        zone_hint: hint(endpoint.hints.zone.map(|hinted| zone == hinted)),
    }
}
