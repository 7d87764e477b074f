//! The agenda against an oracle that is too simple to be wrong, on random traces.

use std::collections::BTreeMap;

use sim_core::Seed;
use sim_core::engine::{Agenda, Slot};
use sim_core::rng::{Draw, EntityKey, Luck, Purpose};
use sim_core::time::Instant;

/// Timers by `(instant, sequence)`, found again by a scan.
#[derive(Clone, Default)]
struct Oracle {
    timers: BTreeMap<(Instant, u64), Slot>,
    sequence: u64,
}

impl Oracle {
    fn armed_at(&self, slot: Slot) -> Option<Instant> {
        self.timers.iter().find(|(_, armed)| **armed == slot).map(|((at, _), _)| *at)
    }

    fn arm(&mut self, slot: Slot, at: Instant) {
        self.cancel(slot);
        if at != Instant::NEVER {
            self.timers.insert((at, self.sequence), slot);
            self.sequence += 1;
        }
    }

    fn arm_earlier(&mut self, slot: Slot, at: Instant) {
        if self.armed_at(slot).is_none_or(|armed| at < armed) {
            self.arm(slot, at);
        }
    }

    fn cancel(&mut self, slot: Slot) {
        self.timers.retain(|_, armed| *armed != slot);
    }

    fn pop(&mut self) -> Option<(Instant, Slot)> {
        self.timers.pop_first().map(|((at, _), slot)| (at, slot))
    }
}

/// One step of a trace, on both; times are coarse so that many are equal.
fn step(agenda: &mut Agenda, oracle: &mut Oracle, slots: u64, now: &mut Instant, draw: &mut Draw) {
    let slot = Slot(draw.below(slots) as u32);
    let at = match draw.below(20) {
        0 => Instant::NEVER,
        _ => Instant(now.0 + draw.below(50)),
    };
    match draw.below(8) {
        0..3 => (agenda.arm(slot, at), oracle.arm(slot, at)),
        3 => (agenda.arm_earlier(slot, at), oracle.arm_earlier(slot, at)),
        4 => (agenda.cancel(slot), oracle.cancel(slot)),
        _ => {
            let popped = agenda.pop();
            assert_eq!(popped, oracle.pop());
            *now = popped.map_or(*now, |(at, _)| at);
            ((), ())
        }
    };
    assert_eq!(agenda.armed_at(slot), oracle.armed_at(slot));
    assert_eq!(agenda.peek(), oracle.timers.first_key_value().map(|((at, _), _)| *at));
    assert_eq!(agenda.len(), oracle.timers.len());
}

fn trace(run: u64, slots: u64, steps: u64) {
    let luck = Luck::new(Seed { master: 1, run });
    let mut draw = luck.draw(Purpose::Victim, EntityKey::new("trace"), 0);
    let (mut agenda, mut oracle, mut now) = (Agenda::new(), Oracle::default(), Instant::ZERO);
    (0..slots).for_each(|_| _ = agenda.add_slot());
    for _ in 0..steps {
        step(&mut agenda, &mut oracle, slots, &mut now, &mut draw);
    }
    while let Some(popped) = oracle.pop() {
        assert_eq!(agenda.pop(), Some(popped));
    }
    assert_eq!(agenda.pop(), None);
}

#[test]
fn agrees_with_the_oracle_on_random_traces() {
    for (run, slots) in [1, 2, 3, 4, 5, 6, 9, 17, 22, 64, 100, 300].into_iter().enumerate() {
        trace(run as u64, slots, 10_000);
    }
}

#[test]
fn equal_instants_fire_in_order_of_arming() {
    let mut agenda = Agenda::new();
    let slots: Vec<Slot> = (0..10).map(|_| agenda.add_slot()).collect();
    slots.iter().rev().for_each(|slot| agenda.arm(*slot, Instant(5)));
    agenda.arm(slots[9], Instant(5)); // armed anew: now the last
    agenda.arm_earlier(slots[8], Instant(5)); // armed for then already: keeps its place
    let fired: Vec<u32> = std::iter::from_fn(|| agenda.pop()).map(|(_, slot)| slot.0).collect();
    assert_eq!(fired, [8, 7, 6, 5, 4, 3, 2, 1, 0, 9]);
}

#[test]
fn a_fork_goes_its_own_way() {
    let mut agenda = Agenda::new();
    let (first, second) = (agenda.add_slot(), agenda.add_slot());
    agenda.arm(first, Instant(1));
    agenda.arm(second, Instant(2));
    agenda.pop();
    let mut fork = agenda.clone();
    fork.cancel(second);
    assert_eq!((fork.pop(), agenda.pop()), (None, Some((Instant(2), second))));
}

#[test]
#[should_panic(expected = "armed for the past")]
fn the_past_cannot_be_planned() {
    let mut agenda = Agenda::new();
    let slot = agenda.add_slot();
    agenda.arm(slot, Instant(7));
    agenda.pop();
    agenda.arm(slot, Instant(6));
}
