//! An indexed 4-ary heap with *deferred pop*: a fired timer stays at the root until the next change. Where that change
//! arms something, it takes the root's place in one sift instead of two.

use super::key::{Key, Place, Places};

/// Timers, the next one at the root.
#[derive(Clone, Debug)]
pub(super) struct Heap {
    /// The root is the last of the first group, so that all siblings share one cache line.
    groups: Vec<Siblings>,
    /// The first position after the last timer.
    end: usize,
    /// The root has fired: it is still there, but no timer any more.
    fired: bool,
}

/// Children of one parent. Places after the last timer hold [`Key::ABSENT`].
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Siblings([Key; ARITY]);

const ARITY: usize = 4;
const ROOT: usize = ARITY - 1;

impl Heap {
    /// No timers.
    pub fn new() -> Heap {
        Heap { groups: vec![Siblings([Key::ABSENT; ARITY])], end: ROOT, fired: false }
    }

    /// Room for so many timers, so that arming never allocates.
    pub fn reserve(&mut self, timers: usize) {
        self.groups.resize((ROOT + timers).div_ceil(ARITY), Siblings([Key::ABSENT; ARITY]));
    }

    /// Number of armed timers.
    pub fn len(&self) -> usize {
        self.end - ROOT - usize::from(self.fired)
    }

    /// The next timer, or [`Key::ABSENT`].
    pub fn peek(&self) -> Key {
        match self.fired {
            true => self.groups.get(children(ROOT)).map_or(Key::ABSENT, |group| group.0[group.least()]),
            false => self.key(ROOT),
        }
    }

    /// Fires the next timer, which there must be.
    pub fn pop(&mut self) {
        self.fired = true;
    }

    /// Takes a timer that has fired away for good.
    pub fn settle(&mut self, places: &mut Places) {
        if self.fired {
            self.fired = false;
            self.remove(ROOT, places);
        }
    }

    /// One more timer.
    pub fn insert(&mut self, key: Key, places: &mut Places) {
        let position = if self.fired { ROOT } else { self.end };
        self.end += usize::from(!self.fired);
        self.fired = false;
        self.place(key, position, places);
    }

    /// Puts a timer where the hole is, or where the order wants it above or below.
    pub fn place(&mut self, key: Key, hole: usize, places: &mut Places) {
        let hole = self.sift_up(key, hole, places);
        let hole = self.sift_down(key, hole, places);
        self.put(key, hole, places);
    }

    /// Takes a timer out.
    pub fn remove(&mut self, position: usize, places: &mut Places) {
        self.end -= 1;
        let last = self.key(self.end);
        self.set(self.end, Key::ABSENT);
        if position != self.end {
            self.place(last, position, places);
        }
    }

    /// What is at a position.
    pub fn key(&self, position: usize) -> Key {
        self.groups[position / ARITY].0[position % ARITY]
    }

    /// All timers, to change in a way that keeps their order. None may have fired just now.
    pub fn keys_mut(&mut self) -> impl Iterator<Item = &mut Key> {
        let all = self.groups.iter_mut().flat_map(|group| &mut group.0);
        all.take(self.end).skip(ROOT)
    }

    // A fired root needs no care: its key is less than all others, so nothing rises above it.
    fn sift_up(&mut self, key: Key, mut hole: usize, places: &mut Places) -> usize {
        while hole != ROOT && key < self.key(parent(hole)) {
            self.put(self.key(parent(hole)), hole, places);
            hole = parent(hole);
        }
        hole
    }

    fn sift_down(&mut self, key: Key, mut hole: usize, places: &mut Places) -> usize {
        while let Some(group) = self.groups.get(children(hole)) {
            let lane = group.least();
            let child = group.0[lane];
            if key <= child {
                break;
            }
            self.put(child, hole, places);
            hole = children(hole) * ARITY + lane;
        }
        hole
    }

    fn put(&mut self, key: Key, position: usize, places: &mut Places) {
        self.set(position, key);
        places.set(key.slot(), Place::Heap(position));
    }

    fn set(&mut self, position: usize, key: Key) {
        self.groups[position / ARITY].0[position % ARITY] = key;
    }
}

impl Siblings {
    fn least(&self) -> usize {
        let left = usize::from(self.0[1] < self.0[0]);
        let right = 2 + usize::from(self.0[3] < self.0[2]);
        if self.0[right] < self.0[left] { right } else { left }
    }
}

fn parent(position: usize) -> usize {
    position / ARITY + ROOT - 1
}

/// The group of a position's children.
fn children(position: usize) -> usize {
    position + 1 - ROOT
}
