//! An armed timer as one number, and where each slot's timer is.

use super::Slot;
use crate::time::Instant;

/// An armed timer: instant (64 bits), sequence (40 bits), slot (24 bits).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(u128);

/// Where each slot's timer is.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(Vec<u32>);

/// Where a timer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Not armed.
    Nowhere,
    /// Among the next.
    Front,
    /// At this position of the heap.
    Heap(usize),
}

const SLOT_BITS: u32 = 24;
const NOWHERE: u32 = u32::MAX;
const FRONT: u32 = u32::MAX - 1;

impl Key {
    /// Greater than every timer.
    pub const ABSENT: Key = Key(u128::MAX);
    /// Armings before their numbers run out: 2 to this power.
    pub const SEQUENCE_BITS: u32 = 40;
    /// One more than the number of the last slot.
    pub const SLOTS: usize = (1 << SLOT_BITS) - 1;

    /// A timer of `slot` at `at`, the `sequence`-th that was armed.
    pub fn new(at: Instant, sequence: u64, slot: Slot) -> Key {
        Key(u128::from(at.0) << 64 | u128::from(sequence << SLOT_BITS | u64::from(slot.0)))
    }

    /// When.
    pub fn at(self) -> Instant {
        Instant((self.0 >> 64) as u64)
    }

    /// Whose.
    pub fn slot(self) -> Slot {
        Slot(self.0 as u32 & Key::SLOTS as u32)
    }
}

impl Places {
    /// A new slot, not armed.
    pub fn add(&mut self) {
        self.0.push(NOWHERE);
    }

    /// Number of slots.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Where a slot's timer is.
    pub fn of(&self, slot: Slot) -> Place {
        match self.0[slot.index()] {
            NOWHERE => Place::Nowhere,
            FRONT => Place::Front,
            position => Place::Heap(position as usize),
        }
    }

    /// A slot's timer has moved there.
    pub fn set(&mut self, slot: Slot, place: Place) {
        self.0[slot.index()] = match place {
            Place::Nowhere => NOWHERE,
            Place::Front => FRONT,
            Place::Heap(position) => position as u32,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_takes_twenty_bytes() {
        assert_eq!(size_of::<Key>() + size_of::<u32>(), 20);
    }
}
