//! The agenda: what happens next.
//!
//! It holds timer slots, not event objects. An entity owns a few slots for life and arms, re-arms or cancels
//! them; what a fired slot means follows from its owner's state. So there is no payload, nothing is allocated
//! per event, and an event that has gone stale cannot exist.
//!
//! Inside is an indexed 4-ary heap with *deferred pop*: a fired timer stays at the root until the next change.
//! Nearly always that change arms something, which then takes the root's place in one sift instead of two.

use crate::time::Instant;

/// A timer of an [`Agenda`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u32);

/// Timers in one total order: by instant, and at the same instant by order of arming.
#[derive(Clone, Debug)]
pub struct Agenda {
    /// The heap. Its root is the last of the first group, so that all siblings share one cache line.
    groups: Vec<Siblings>,
    /// Where in the heap each slot's timer is, or [`UNARMED`].
    positions: Vec<u32>,
    /// The first position after the last timer.
    end: usize,
    /// The root has fired: it is still there, but no timer any more.
    fired: bool,
    /// Armings so far.
    sequence: u64,
    /// Instant of the last pop.
    now: Instant,
}

/// Children of one parent. Places after the last timer hold [`Key::ABSENT`].
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Siblings([Key; ARITY]);

/// An armed timer as one number: instant (64 bits), sequence (40 bits), slot (24 bits).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u128);

const ARITY: usize = 4;
const ROOT: usize = ARITY - 1;
const UNARMED: u32 = u32::MAX;
const SLOT_BITS: u32 = 24;
const SEQUENCE_BITS: u32 = 40;

impl Agenda {
    /// An agenda without slots.
    pub fn new() -> Agenda {
        let groups = vec![Siblings([Key::ABSENT; ARITY])];
        Agenda { groups, positions: Vec::new(), end: ROOT, fired: false, sequence: 0, now: Instant::ZERO }
    }

    /// A new slot, not armed. Slots are numbered from 0 on.
    pub fn add_slot(&mut self) -> Slot {
        let slot = self.positions.len() as u32;
        assert!(slot < (1 << SLOT_BITS) - 1, "fewer than 2^24 timers");
        self.positions.push(UNARMED);
        // Room in the heap for every slot, so that arming never allocates.
        self.groups.resize((ROOT + self.positions.len()).div_ceil(ARITY), Siblings([Key::ABSENT; ARITY]));
        Slot(slot)
    }

    /// Arms a slot for `at`, whatever it was armed for before. [`Instant::NEVER`] is to cancel it.
    pub fn arm(&mut self, slot: Slot, at: Instant) {
        assert!(at >= self.now, "armed for the past: {at:?}, now {:?}", self.now);
        if at == Instant::NEVER {
            return self.cancel(slot);
        }
        let key = Key::new(at, self.next_sequence(), slot);
        match self.position(slot) {
            Some(position) => self.place(key, position),
            None => self.insert(key),
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
        if let Some(position) = self.position(slot) {
            self.remove(position);
            self.positions[slot.index()] = UNARMED;
        }
    }

    /// What a slot is armed for.
    pub fn armed_at(&self, slot: Slot) -> Option<Instant> {
        self.position(slot).map(|position| self.key(position).at())
    }

    /// Fires the next timer: its slot is disarmed.
    pub fn pop(&mut self) -> Option<(Instant, Slot)> {
        self.clear_fired_root();
        if self.end == ROOT {
            return None;
        }
        let root = self.key(ROOT);
        assert!(root.at() >= self.now, "time never runs backwards");
        self.now = root.at();
        self.fired = true;
        self.positions[root.slot().index()] = UNARMED;
        Some((root.at(), root.slot()))
    }

    /// The instant of the next timer.
    pub fn peek(&self) -> Option<Instant> {
        let next = match self.fired {
            true => self.groups.get(children(ROOT)).map_or(Key::ABSENT, |group| group.0[group.least()]),
            false => self.key(ROOT),
        };
        (next != Key::ABSENT).then(|| next.at())
    }

    /// Number of armed timers.
    pub fn len(&self) -> usize {
        self.end - ROOT - usize::from(self.fired)
    }

    /// Whether no timer is armed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn insert(&mut self, key: Key) {
        let position = if self.fired { ROOT } else { self.end };
        self.end += usize::from(!self.fired);
        self.fired = false;
        self.place(key, position);
    }

    fn remove(&mut self, position: usize) {
        self.end -= 1;
        let last = self.key(self.end);
        self.set(self.end, Key::ABSENT);
        if position != self.end {
            self.place(last, position);
        }
    }

    fn clear_fired_root(&mut self) {
        if self.fired {
            self.fired = false;
            self.remove(ROOT);
        }
    }

    /// Puts a timer where the hole is, or where the order wants it above or below.
    fn place(&mut self, key: Key, hole: usize) {
        let hole = self.sift_up(key, hole);
        let hole = self.sift_down(key, hole);
        self.put(key, hole);
    }

    // A fired root needs no care: its key is less than all others, so nothing rises above it.
    fn sift_up(&mut self, key: Key, mut hole: usize) -> usize {
        while hole != ROOT && key < self.key(parent(hole)) {
            self.put(self.key(parent(hole)), hole);
            hole = parent(hole);
        }
        hole
    }

    fn sift_down(&mut self, key: Key, mut hole: usize) -> usize {
        while let Some(group) = self.groups.get(children(hole)) {
            let lane = group.least();
            let child = group.0[lane];
            if key <= child {
                break;
            }
            self.put(child, hole);
            hole = children(hole) * ARITY + lane;
        }
        hole
    }

    fn put(&mut self, key: Key, position: usize) {
        self.set(position, key);
        self.positions[key.slot().index()] = position as u32;
    }

    fn set(&mut self, position: usize, key: Key) {
        self.groups[position / ARITY].0[position % ARITY] = key;
    }

    fn key(&self, position: usize) -> Key {
        self.groups[position / ARITY].0[position % ARITY]
    }

    fn position(&self, slot: Slot) -> Option<usize> {
        let position = self.positions[slot.index()];
        (position != UNARMED).then_some(position as usize)
    }

    fn next_sequence(&mut self) -> u64 {
        if self.sequence >> SEQUENCE_BITS != 0 {
            self.renumber();
        }
        self.sequence += 1;
        self.sequence - 1
    }

    /// Numbers the armed timers anew from 0 on, in their order; after 2^40 armings there is no number left.
    #[cold]
    fn renumber(&mut self) {
        self.clear_fired_root();
        let mut keys: Vec<Key> = (ROOT..self.end).map(|position| self.key(position)).collect();
        keys.sort_unstable();
        for (sequence, key) in keys.iter().enumerate() {
            // A sorted list is a heap.
            self.put(Key::new(key.at(), sequence as u64, key.slot()), ROOT + sequence);
        }
        self.sequence = keys.len() as u64;
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

impl Siblings {
    fn least(&self) -> usize {
        let left = usize::from(self.0[1] < self.0[0]);
        let right = 2 + usize::from(self.0[3] < self.0[2]);
        if self.0[right] < self.0[left] { right } else { left }
    }
}

impl Key {
    /// Greater than every timer.
    const ABSENT: Key = Key(u128::MAX);

    fn new(at: Instant, sequence: u64, slot: Slot) -> Key {
        Key(u128::from(at.0) << 64 | u128::from(sequence << SLOT_BITS | u64::from(slot.0)))
    }

    fn at(self) -> Instant {
        Instant((self.0 >> 64) as u64)
    }

    fn slot(self) -> Slot {
        Slot(self.0 as u32 & ((1 << SLOT_BITS) - 1))
    }
}

fn parent(position: usize) -> usize {
    position / ARITY + ROOT - 1
}

/// The group of a position's children.
fn children(position: usize) -> usize {
    position + 1 - ROOT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_survives_running_out_of_sequence_numbers() {
        let mut agenda = Agenda::new();
        let slots: Vec<Slot> = (0..20).map(|_| agenda.add_slot()).collect();
        agenda.sequence = (1 << SEQUENCE_BITS) - 15;
        agenda.arm(slots[0], Instant(1));
        agenda.pop();
        slots.iter().rev().for_each(|slot| agenda.arm(*slot, Instant(3)));
        agenda.arm(slots[7], Instant(2));
        let fired: Vec<u32> = std::iter::from_fn(|| agenda.pop()).map(|(_, slot)| slot.0).collect();
        assert_eq!(fired, [7, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 6, 5, 4, 3, 2, 1, 0]);
        assert!(agenda.sequence < 100);
    }

    #[test]
    fn a_timer_takes_twenty_bytes() {
        assert_eq!(size_of::<Siblings>() / ARITY + size_of::<u32>(), 20);
    }
}
