//! The agenda: what happens next.
//!
//! It holds timer slots, not event objects. An entity owns a few slots for life and arms, re-arms or cancels
//! them; what a fired slot means follows from its owner's state. So there is no payload, nothing is allocated
//! per event, and an event that has gone stale cannot exist.
//!
//! Most timers wait for weeks, such as the next failure of each container, while most events follow within seconds from
//! one before. In one heap each of these few would sink past the many. So those armed for soon are kept in a short
//! ordered list in front of the heap, as long as there is room, and whichever of the two has the earlier timer fires.

mod front;
mod heap;
mod key;

use self::front::Front;
use self::heap::Heap;
use self::key::{Key, Place, Places};
use crate::time::{Instant, Span};

/// A timer of an [`Agenda`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u32);

/// Timers in one total order: by instant, and at the same instant by order of arming.
#[derive(Clone, Debug)]
pub struct Agenda {
    front: Front,
    heap: Heap,
    places: Places,
    /// Armings so far.
    sequence: u64,
    /// Instant of the last pop.
    now: Instant,
}

/// What is armed for soon: less than this ahead. It matters for speed only.
const SOON: Span = Span::mins(10);

impl Agenda {
    /// An agenda without slots.
    pub fn new() -> Agenda {
        Agenda {
            front: Front::new(),
            heap: Heap::new(),
            places: Places::default(),
            sequence: 0,
            now: Instant::ZERO,
        }
    }

    /// A new slot, not armed. Slots are numbered from 0 on.
    pub fn add_slot(&mut self) -> Slot {
        let slot = self.places.len();
        assert!(slot < Key::SLOTS, "fewer than 2^24 timers");
        self.places.add();
        self.heap.reserve(self.places.len());
        Slot(slot as u32)
    }

    /// Arms a slot for `at`, whatever it was armed for before. [`Instant::NEVER`] is to cancel it.
    pub fn arm(&mut self, slot: Slot, at: Instant) {
        assert!(at >= self.now, "armed for the past: {at:?}, now {:?}", self.now);
        if at == Instant::NEVER {
            return self.cancel(slot);
        }
        let key = Key::new(at, self.next_sequence(), slot);
        match self.places.of(slot) {
            Place::Nowhere if at < self.now + SOON && !self.front.is_full() => {
                self.front.insert(key);
                self.places.set(slot, Place::Front);
            }
            Place::Nowhere => self.heap.insert(key, &mut self.places),
            Place::Heap(position) => self.heap.place(key, position, &mut self.places),
            Place::Front => {
                self.front.remove(slot);
                self.front.insert(key);
            }
        }
    }

    /// Arms a slot for `at`, unless it is armed for `at` or earlier already.
    pub fn arm_earlier(&mut self, slot: Slot, at: Instant) {
        if self.armed_at(slot).is_none_or(|armed| at < armed) {
            self.arm(slot, at);
        }
    }

    /// Disarms a slot, if it is armed.
    pub fn cancel(&mut self, slot: Slot) {
        match self.places.of(slot) {
            Place::Nowhere => return,
            Place::Front => self.front.remove(slot),
            Place::Heap(position) => self.heap.remove(position, &mut self.places),
        }
        self.places.set(slot, Place::Nowhere);
    }

    /// What a slot is armed for.
    pub fn armed_at(&self, slot: Slot) -> Option<Instant> {
        match self.places.of(slot) {
            Place::Nowhere => None,
            Place::Front => Some(self.front.of(slot).at()),
            Place::Heap(position) => Some(self.heap.key(position).at()),
        }
    }

    /// Fires the next timer: its slot is disarmed.
    pub fn pop(&mut self) -> Option<(Instant, Slot)> {
        self.heap.settle(&mut self.places);
        let (near, far) = (self.front.peek(), self.heap.peek());
        let next = if near < far {
            self.front.pop();
            near
        } else if far != Key::ABSENT {
            self.heap.pop();
            far
        } else {
            return None;
        };
        assert!(next.at() >= self.now, "time never runs backwards");
        self.now = next.at();
        self.places.set(next.slot(), Place::Nowhere);
        Some((next.at(), next.slot()))
    }

    /// The instant of the next timer.
    pub fn peek(&self) -> Option<Instant> {
        let next = self.front.peek().min(self.heap.peek());
        (next != Key::ABSENT).then(|| next.at())
    }

    /// Number of armed timers.
    pub fn len(&self) -> usize {
        self.front.keys().len() + self.heap.len()
    }

    /// Whether no timer is armed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn next_sequence(&mut self) -> u64 {
        if self.sequence >> Key::SEQUENCE_BITS != 0 {
            self.renumber();
        }
        self.sequence += 1;
        self.sequence - 1
    }

    /// Numbers the armed timers anew from 0 on, in their order; after 2^40 armings there is no number left.
    #[cold]
    fn renumber(&mut self) {
        self.heap.settle(&mut self.places);
        let mut keys: Vec<&mut Key> = self.front.keys_mut().iter_mut().chain(self.heap.keys_mut()).collect();
        keys.sort_unstable();
        self.sequence = keys.len() as u64;
        for (sequence, key) in keys.into_iter().enumerate() {
            *key = Key::new(key.at(), sequence as u64, key.slot());
        }
    }
}

impl Default for Agenda {
    fn default() -> Agenda {
        Agenda::new()
    }
}

impl Slot {
    /// Number of the slot, for lists that run parallel to the agenda.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_survives_running_out_of_sequence_numbers() {
        let mut agenda = Agenda::new();
        let slots: Vec<Slot> = (0..20).map(|_| agenda.add_slot()).collect();
        agenda.sequence = (1 << Key::SEQUENCE_BITS) - 15;
        agenda.arm(slots[0], Instant(1));
        agenda.pop();
        slots.iter().rev().for_each(|slot| agenda.arm(*slot, Instant(3)));
        agenda.arm(slots[7], Instant(2));
        let fired: Vec<u32> = std::iter::from_fn(|| agenda.pop()).map(|(_, slot)| slot.0).collect();
        assert_eq!(fired, [7, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 6, 5, 4, 3, 2, 1, 0]);
        assert!(agenda.sequence < 100);
    }
}
