//! The flow of a service of which it matters where its requests come in: each target gets the shares of the places
//! that send to it.

use super::Target;
use crate::ids::NodeId;
use crate::model::Model;
use crate::spec::Routing;
use crate::world::physical::Answer;

/// Where requests come in, where they go from there, and what becomes of them; in shares of all requests.
#[derive(Clone, Debug)]
pub struct Routes {
    routing: Routing,
    /// By place: where its choices end in `choices`.
    ends: Vec<u32>,
    /// Positions in the list of targets.
    choices: Vec<u32>,
    /// By place: what comes in there.
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
            ends: vec![0; routing.places(&model.scenario().cluster)],
            choices: Vec::new(),
            arriving: vec![0.0; routing.places(&model.scenario().cluster)],
            gets: Vec::new(),
            lost_before_node: 0.0,
            stranded: 0.0,
            silent: 0.0,
            booting: 0.0,
            overloaded: 0.0,
        }
    }

    /// What each place sends to from now on: where its choices end among all of them, which are positions in the list of
    /// targets.
    pub fn set_choices(&mut self, ends: &[u32], choices: &[u32]) {
        self.ends.clear();
        self.ends.extend_from_slice(ends);
        self.choices.clear();
        self.choices.extend_from_slice(choices);
    }

    /// What came in where is forgotten.
    pub fn clear(&mut self) {
        self.arriving.fill(0.0);
        self.lost_before_node = 0.0;
    }

    /// This share comes in at a node, which forwards it or not.
    pub fn arrive(&mut self, node: NodeId, share: f64, forwards: bool, model: &Model) {
        if forwards {
            self.arriving[self.routing.place_of(node, &model.scenario().cluster)] += share;
        } else {
            self.lost_before_node += share;
        }
    }

    /// Share of requests that go to a target.
    pub(super) fn share_of(&self, target: usize) -> f64 {
        self.gets.get(target).copied().unwrap_or(0.0)
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
        let mut start = 0;
        for (end, arriving) in self.ends.iter().zip(&self.arriving) {
            let chosen = &self.choices[start..*end as usize];
            start = *end as usize;
            if chosen.is_empty() {
                self.stranded += arriving;
            }
            for target in chosen {
                self.gets[*target as usize] += arriving / chosen.len() as f64;
            }
        }
    }
}
