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
    /// Nodes of the last changes: a ring, a power of two long and no shorter than there are nodes.
    changed: Vec<u32>,
    changes: u64,
}

impl Room {
    pub fn new(classes: usize, nodes: usize) -> Room {
        Room {
            rows: vec![vec![FULL; nodes]; classes],
            seen: vec![None; classes],
            changed: vec![0; nodes.next_power_of_two()],
            changes: 0,
        }
    }

    /// The node's use has changed.
    pub fn changed(&mut self, at: usize) {
        let slot = self.slot(self.changes);
        self.changed[slot] = at as u32;
        self.changes += 1;
    }

    /// Makes the row of a class true of the cluster as it is.
    pub fn refresh(&mut self, tables: &Tables, used: &[Used], class: u32) {
        let requests = &tables.classes[class as usize];
        let byte_of = |at: usize| byte(requests, &used[at], &tables.capacities[at]);
        let mut row = std::mem::take(&mut self.rows[class as usize]);
        match self.seen[class as usize].replace(self.changes) {
            Some(seen) if self.changes - seen < used.len() as u64 => {
                for change in seen..self.changes {
                    let at = self.changed[self.slot(change)] as usize;
                    row[at] = byte_of(at);
                }
            }
            _ => row.iter_mut().enumerate().for_each(|(at, byte)| *byte = byte_of(at)),
        }
        self.rows[class as usize] = row;
    }

    /// The row of a class as of the last [`Self::refresh`].
    pub fn row(&self, class: u32) -> &[u8] {
        &self.rows[class as usize]
    }

    fn slot(&self, change: u64) -> usize {
        change as usize & (self.changed.len() - 1)
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
    balanced_allocation(&[
        (used.cpu + class.cpu, capacity.cpu),
        (used.memory + class.memory, capacity.memory),
    ])
}

fn byte(class: &RequestClass, used: &Used, capacity: &Capacity) -> u8 {
    match shortage(class, used, capacity) {
        Some(_) => FULL,
        None => (least(class, used, capacity) + balanced(class, used, capacity)) as u8,
    }
}
