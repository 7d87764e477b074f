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
    /// Chooses anew among these endpoints.
    pub fn choose(&mut self, endpoints: &[Endpoint], routing: Routing, model: &Model) {
        self.ends.clear();
        self.choices.clear();
        self.numbers.clear();
        self.numbers.extend(0..endpoints.len() as u32);
        for place in 0..routing.places(&model.scenario().cluster) {
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

    /// By place: where its choices end among all of them.
    pub fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// The choices of one place after the other, as positions in the list of targets.
    pub fn choices(&self) -> &[u32] {
        &self.choices
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
