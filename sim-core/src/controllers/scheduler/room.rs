//! NodeResourcesFit and the two resource scores, remembered per (request class, node) until the node changes.

use super::cluster::Used;
use super::filter::Reason;
use super::score::{balanced_allocation, least_allocated};
use super::tables::{Capacity, RequestClass, Tables};

/// The pod does not fit.
const FULL: u8 = 254;
/// To be worked out again.
const STALE: u8 = 255;

/// One byte per (request class, node): LeastAllocated + BalancedAllocation, each 0..=100, or a mark.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    bytes: Vec<u8>,
    nodes: usize,
}

impl Room {
    pub fn new(classes: usize, nodes: usize) -> Room {
        Room { bytes: vec![STALE; classes * nodes], nodes }
    }

    /// The node's use has changed.
    pub fn forget(&mut self, at: usize) {
        for byte in self.bytes[at..].iter_mut().step_by(self.nodes) {
            *byte = STALE;
        }
    }

    /// Sum of both scores of a node for a class, `None` if there is no room. Both plugins have weight 1.
    #[inline]
    pub fn score(&mut self, tables: &Tables, used: &[Used], class: u32, at: usize) -> Option<u32> {
        let byte = &mut self.bytes[class as usize * self.nodes + at];
        if *byte == STALE {
            *byte = work_out(&tables.classes[class as usize], &used[at], &tables.capacities[at]);
        }
        (*byte != FULL).then_some(u32::from(*byte))
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

fn work_out(class: &RequestClass, used: &Used, capacity: &Capacity) -> u8 {
    match shortage(class, used, capacity) {
        Some(_) => FULL,
        None => (least(class, used, capacity) + balanced(class, used, capacity)) as u8,
    }
}
