//! The few timers that are next, in order.

use super::Slot;
use super::key::Key;

/// A short list of timers that are armed for soon, the next one at its end.
#[derive(Clone, Debug)]
pub(super) struct Front {
    keys: [Key; ROOM],
    len: usize,
}

/// So many that the steps of one failure find room, and so few that keeping them in order costs less than a heap.
const ROOM: usize = 32;

impl Front {
    /// No timers.
    pub fn new() -> Front {
        Front { keys: [Key::ABSENT; ROOM], len: 0 }
    }

    /// The timers, the next one last.
    pub fn keys(&self) -> &[Key] {
        &self.keys[..self.len]
    }

    /// The timers, to change in a way that keeps their order.
    pub fn keys_mut(&mut self) -> &mut [Key] {
        &mut self.keys[..self.len]
    }

    /// Whether there is no room for one more.
    pub fn is_full(&self) -> bool {
        self.len == ROOM
    }

    /// The next timer, or [`Key::ABSENT`].
    pub fn peek(&self) -> Key {
        self.keys().last().copied().unwrap_or(Key::ABSENT)
    }

    /// Fires the next timer, which there must be.
    pub fn pop(&mut self) {
        self.len -= 1;
    }

    /// One more timer. There must be room.
    pub fn insert(&mut self, key: Key) {
        let mut hole = self.len;
        while hole > 0 && self.keys[hole - 1] < key {
            self.keys[hole] = self.keys[hole - 1];
            hole -= 1;
        }
        self.keys[hole] = key;
        self.len += 1;
    }

    /// Takes a slot's timer out. It must be here.
    pub fn remove(&mut self, slot: Slot) {
        let at = self.find(slot);
        self.keys.copy_within(at + 1..self.len, at);
        self.len -= 1;
    }

    /// A slot's timer. It must be here.
    pub fn of(&self, slot: Slot) -> Key {
        self.keys[self.find(slot)]
    }

    fn find(&self, slot: Slot) -> usize {
        self.keys().iter().rposition(|key| key.slot() == slot).expect("its place says so")
    }
}
