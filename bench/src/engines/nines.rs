//! Our agenda, in the loop that a run has.

use sim_core::engine::{Agenda, Slot};
use sim_core::time::Instant;

use super::Engine;
use crate::work::{Tally, Timers, Work};

/// `sim_core::engine`.
pub struct Nines<W> {
    agenda: Agenda,
    tally: Tally<W>,
}

impl<W: Work> Engine<W> for Nines<W> {
    const NAME: &'static str = "nines";

    fn new(work: W) -> Self {
        let (mut agenda, mut tally) = (Agenda::new(), Tally::new(work));
        (0..tally.units()).for_each(|_| _ = agenda.add_slot());
        tally.start(&mut agenda);
        Nines { agenda, tally }
    }

    fn run(&mut self, events: u64) {
        for _ in 0..events {
            let Some((now, slot)) = self.agenda.pop() else { return };
            self.tally.fire(slot.0, now.0, &mut self.agenda);
        }
    }

    fn checksum(&self) -> u64 {
        self.tally.checksum
    }
}

impl Timers for Agenda {
    fn arm(&mut self, unit: u32, at: u64) {
        self.arm(Slot(unit), Instant(at));
    }

    fn cancel(&mut self, unit: u32) {
        self.cancel(Slot(unit));
    }
}
