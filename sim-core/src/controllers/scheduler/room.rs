//! NodeResourcesFit and the two resource scores, remembered per (request class, node) until the node changes.

use super::cluster::Used;
use super::filter::Reason;
use super::score::{balanced_allocation, least_allocated};
use super::tables::{Capacity, RequestClass, Tables};

/// The pod does not fit.
pub(crate) const FULL: u8 = u8::MAX;

/// One row per request class, brought up to date when it is read: LeastAllocated + BalancedAllocation of each
/// node, each 0..=100 and of weight 1, or [`FULL`].
#[derive(Clone, Debug)]
pub(crate) struct Room {
    rows: Vec<Vec<u8>>,
    /// Number of changes that each row has seen; `None` before the first reading.
    seen: Vec<Option<u64>>,
    /// Nodes of the last changes, as a ring of as many as there are nodes.
    changed: Vec<u32>,
    changes: u64,
}

impl Room {
    pub fn new(classes: usize, nodes: usize) -> Room {
        Room {
            rows: vec![vec![FULL; nodes]; classes],
            seen: vec![None; classes],
            changed: vec![0; nodes],
            changes: 0,
        }
    }

    /// The node's use has changed.
    pub fn changed(&mut self, at: usize) {
        let slot = self.changes % self.changed.len() as u64;
        self.changed[slot as usize] = at as u32;
        self.changes += 1;
    }

    /// Makes the row of a class true of the cluster as it is.
    pub fn refresh(&mut self, tables: &Tables, used: &[Used], class: u32) {
        let nodes = self.changed.len() as u64;
        let requests = &tables.classes[class as usize];
        let row = &mut self.rows[class as usize];
        let mut work_out = |at: usize| row[at] = byte(requests, &used[at], &tables.capacities[at]);
        match self.seen[class as usize].replace(self.changes) {
            Some(seen) if self.changes - seen < nodes => {
                (seen..self.changes)
                    .for_each(|change| work_out(self.changed[(change % nodes) as usize] as usize));
            }
            _ => (0..used.len()).for_each(work_out),
        }
    }

    /// The row of a class as of the last [`Self::refresh`].
    pub fn row(&self, class: u32) -> &[u8] {
        &self.rows[class as usize]
    }
}

/// Why a pod does not fit, the first reason in upstream's order (`noderesources/fit.go`).
pub(crate) fn shortage(class: &RequestClass, used: &Used, capacity: &Capacity) -> Option<Reason> {
    let lacks = |asked: u64, used: u64, capacity: u64| asked > 0 && asked > capacity.saturating_sub(used);
    let extended = |(resource, asked): &(u32, u64)| {
        lacks(*asked, used.extended[*resource as usize], capacity.extended[*resource as usize])
    };
    if used.pods >= capacity.pods {
        Some(Reason::TooManyPods)
    } else if lacks(class.cpu, used.cpu, capacity.cpu) {
        Some(Reason::InsufficientCpu)
    } else if lacks(class.memory, used.memory, capacity.memory) {
        Some(Reason::InsufficientMemory)
    } else {
        class.extended.iter().any(extended).then_some(Reason::InsufficientExtended)
    }
}

/// LeastAllocated of a node with a pod of the class added.
pub(crate) fn least(class: &RequestClass, used: &Used, capacity: &Capacity) -> u32 {
    least_allocated(&[
        (used.assumed_cpu + class.assumed_cpu, capacity.cpu, 1),
        (used.assumed_memory + class.assumed_memory, capacity.memory, 1),
    ])
}

/// BalancedAllocation of a node with a pod of the class added; skipped for pods that request nothing.
pub(crate) fn balanced(class: &RequestClass, used: &Used, capacity: &Capacity) -> u32 {
    if class.cpu == 0 && class.memory == 0 {
        return 0;
    }
    balanced_allocation((used.cpu + class.cpu, capacity.cpu), (used.memory + class.memory, capacity.memory))
}

fn byte(class: &RequestClass, used: &Used, capacity: &Capacity) -> u8 {
    match shortage(class, used, capacity) {
        Some(_) => FULL,
        None => (least(class, used, capacity) + balanced(class, used, capacity)) as u8,
    }
}
