//! What the scheduler knows about the running cluster: its own cache, with pods that it has just assumed to be
//! bound, and kept up to date by small steps.

use super::images::Images;
use super::room::Room;
use super::tables::{Capacity, RequestClass, Tables, TallyId};
use super::taints::NodeTaints;
use crate::ids::TemplateId;

/// The changing part of the scheduler's cache, in snapshot order.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    /// What the pods on each node request: assumed, running and terminating ones alike.
    pub used: Vec<Used>,
    /// Taints that came with the run.
    pub taints: Vec<NodeTaints>,
    /// Nodes whose object is gone.
    pub absent: u32,
    /// Pods by domain.
    pub tallies: Vec<Tally>,
    /// Resource fit and scores.
    pub room: Room,
    /// Container images on nodes, and scores for having them.
    pub images: Images,
}

/// Sum of the requests of the pods on a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Used {
    pub cpu: u64,
    pub memory: u64,
    pub assumed_cpu: u64,
    pub assumed_memory: u64,
    pub pods: u32,
    pub extended: Vec<u64>,
}

/// Figures of one tally, by revision if it asks for that.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    pub rows: Vec<Row>,
}

/// Figures of one revision.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    revision: u32,
    /// Pods in all domains.
    pub total: u32,
    /// Pods in each domain.
    pub counts: Vec<u32>,
}

impl Cluster {
    /// No pod anywhere.
    pub fn new(tables: &Tables) -> Cluster {
        let unused =
            |capacity: &Capacity| Used { extended: vec![0; capacity.extended.len()], ..Used::default() };
        let domains = tables.tallies.iter().map(|tally| tables.topology(tally.topology).domains as usize);
        Cluster {
            used: tables.capacities.iter().map(unused).collect(),
            taints: tables.initial_taints.clone(),
            absent: 0,
            tallies: domains.map(Tally::new).collect(),
            room: Room::new(tables.classes.len(), tables.nodes()),
            images: Images::new(tables),
        }
    }

    /// A pod comes onto a node.
    pub fn add(&mut self, tables: &Tables, template: TemplateId, revision: u32, at: usize) {
        let class = &tables.classes[tables.template(template).class as usize];
        self.used[at].add(class);
        self.room.changed(at);
        self.each_tally(tables, template, revision, at, |_| true, Row::add);
    }

    /// A pod on a node gets its deletion timestamp: it still takes room, but spreading no longer sees it.
    pub fn terminate(&mut self, tables: &Tables, template: TemplateId, revision: u32, at: usize) {
        let leaves = |with_terminating: bool| !with_terminating;
        self.each_tally(tables, template, revision, at, leaves, Row::subtract);
    }

    /// A pod leaves a node.
    pub fn remove(
        &mut self,
        tables: &Tables,
        template: TemplateId,
        revision: u32,
        at: usize,
        terminating: bool,
    ) {
        let class = &tables.classes[tables.template(template).class as usize];
        self.used[at].subtract(class);
        self.room.changed(at);
        let still_in = |with_terminating: bool| with_terminating || !terminating;
        self.each_tally(tables, template, revision, at, still_in, Row::subtract);
    }

    /// Figures of a tally for pods of a revision; the row stays valid until the next change of the cluster.
    pub fn row(&mut self, tables: &Tables, tally: TallyId, revision: u32) -> usize {
        let by_revision = tables.tallies[tally.0 as usize].by_revision;
        self.tallies[tally.0 as usize].row(if by_revision { revision } else { 0 })
    }

    fn each_tally(
        &mut self,
        tables: &Tables,
        template: TemplateId,
        revision: u32,
        at: usize,
        concerned: impl Fn(bool) -> bool,
        change: impl Fn(&mut Row, u32),
    ) {
        for &tally in &tables.tallies_of[template.index()] {
            let spec = &tables.tallies[tally.0 as usize];
            if concerned(spec.with_terminating) {
                let row = self.row(tables, tally, revision);
                let domain = tables.topology(spec.topology).counted_in[at];
                change(&mut self.tallies[tally.0 as usize].rows[row], domain);
            }
        }
    }
}

impl Used {
    fn add(&mut self, class: &RequestClass) {
        self.cpu += class.cpu;
        self.memory += class.memory;
        self.assumed_cpu += class.assumed_cpu;
        self.assumed_memory += class.assumed_memory;
        self.pods += 1;
        for (resource, amount) in &class.extended {
            self.extended[*resource as usize] += amount;
        }
    }

    fn subtract(&mut self, class: &RequestClass) {
        self.cpu -= class.cpu;
        self.memory -= class.memory;
        self.assumed_cpu -= class.assumed_cpu;
        self.assumed_memory -= class.assumed_memory;
        self.pods -= 1;
        for (resource, amount) in &class.extended {
            self.extended[*resource as usize] -= amount;
        }
    }
}

impl Tally {
    fn new(domains: usize) -> Tally {
        Tally { rows: vec![Row { revision: 0, total: 0, counts: vec![0; domains] }] }
    }

    /// The revision's row; an empty row of another revision is taken over before a new one is made.
    fn row(&mut self, revision: u32) -> usize {
        let own = self.rows.iter().position(|row| row.revision == revision);
        let row = own.or_else(|| self.rows.iter().position(|row| row.total == 0)).unwrap_or_else(|| {
            let domains = self.rows[0].counts.len();
            self.rows.push(Row { revision, total: 0, counts: vec![0; domains] });
            self.rows.len() - 1
        });
        self.rows[row].revision = revision;
        row
    }
}

impl Row {
    fn add(&mut self, domain: u32) {
        if let Some(count) = self.counts.get_mut(domain as usize) {
            *count += 1;
            self.total += 1;
        }
    }

    fn subtract(&mut self, domain: u32) {
        if let Some(count) = self.counts.get_mut(domain as usize) {
            *count -= 1;
            self.total -= 1;
        }
    }
}
