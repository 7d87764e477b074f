//! The flow of a service of which it matters where its requests come in: each target gets the shares of the places
//! that send to it.

use super::Target;
use crate::agents::route_table::RouteTable;
use crate::ids::NodeId;
use crate::model::Model;
use crate::spec::Routing;
use crate::world::api::Endpoint;
use crate::world::physical::Answer;

/// Where requests come in, where they go from there, and what becomes of them; in shares of all requests.
#[derive(Clone, Debug)]
pub struct Routes {
    routing: Routing,
    table: RouteTable,
    /// By place of the table: what comes in there.
    arriving: Vec<f64>,
    /// By target: what it gets.
    gets: Vec<f64>,
    /// Sent to nodes that do not forward.
    pub(super) lost_before_node: f64,
    /// Come in where there is nothing to send to.
    pub(super) stranded: f64,
    /// Sent to targets that are dead or hung.
    pub(super) silent: f64,
    /// Sent to targets that have not started up yet.
    pub(super) booting: f64,
    /// More than serving targets can answer.
    pub(super) overloaded: f64,
}

impl Routes {
    /// Nothing comes in yet.
    pub(super) fn new(routing: Routing, model: &Model) -> Routes {
        Routes {
            routing,
            table: RouteTable::default(),
            arriving: vec![0.0; RouteTable::places(routing, model)],
            gets: Vec::new(),
            lost_before_node: 0.0,
            stranded: 0.0,
            silent: 0.0,
            booting: 0.0,
            overloaded: 0.0,
        }
    }

    /// The proxies choose among these endpoints from now on. Returns those that any of them sends to.
    pub(super) fn choose<'a>(
        &'a mut self,
        endpoints: &'a [Endpoint],
        model: &Model,
    ) -> impl Iterator<Item = &'a Endpoint> {
        self.table.choose(endpoints, self.routing, model);
        self.table.chosen(endpoints)
    }

    /// What came in where is forgotten.
    pub fn clear(&mut self) {
        self.arriving.fill(0.0);
        self.lost_before_node = 0.0;
    }

    /// This share comes in at a node, which forwards it or not.
    pub fn arrive(&mut self, node: NodeId, share: f64, forwards: bool, model: &Model) {
        if forwards {
            self.arriving[RouteTable::place_of(self.routing, node, model)] += share;
        } else {
            self.lost_before_node += share;
        }
    }

    /// Share of requests that succeed: what is left when all losses are taken off, so that no loss is exactly 1.
    pub(super) fn settle(&mut self, targets: &[Target], rate: f64) -> f64 {
        self.share_out(targets.len());
        (self.silent, self.booting, self.overloaded) = (0.0, 0.0, 0.0);
        for (target, share) in targets.iter().zip(&self.gets) {
            match target.answer {
                Answer::Silent => self.silent += share,
                Answer::Booting => self.booting += share,
                Answer::Serving => {
                    self.overloaded += (share - target.capacity_rps / rate).max(0.0);
                }
            }
        }
        if targets.iter().all(|target| target.answer != Answer::Serving) {
            return 0.0;
        }
        let lost = self.lost_before_node + self.stranded + self.silent + self.booting + self.overloaded;
        (1.0 - lost).max(0.0)
    }

    /// Each place sends the same to all of its targets.
    fn share_out(&mut self, targets: usize) {
        self.gets.clear();
        self.gets.resize(targets, 0.0);
        self.stranded = 0.0;
        if targets == 0 {
            return;
        }
        for (place, arriving) in self.arriving.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            let chosen = self.table.targets(place);
            if chosen.is_empty() {
                self.stranded += arriving;
            }
            for target in chosen {
                self.gets[*target as usize] += arriving / chosen.len() as f64;
            }
        }
    }
}
