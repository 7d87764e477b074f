//! desque 0.4: boxed events that change a shared state. It cannot cancel, so a stale event is known by its
//! generation.

use desque::SimState;
use desque::serial::{OkEvent, Simulation};

use super::Engine;
use crate::work::{Tally, Timers, Work};

/// `desque::serial::Simulation`.
pub struct Desque<W: Work> {
    simulation: Simulation<State<W>, u64>,
}

struct State<W> {
    /// Lent to the event that is being executed.
    tally: Option<Box<Tally<W>>>,
    generations: Vec<u32>,
    end: u64,
    fired: u64,
}

#[derive(Debug)]
struct Wake {
    unit: u32,
    generation: u32,
}

impl<W: Work> Engine<W> for Desque<W> {
    const NAME: &'static str = "desque";

    fn new(work: W) -> Self {
        let mut tally = Box::new(Tally::new(work));
        let generations = vec![0; tally.units() as usize];
        let mut simulation = Simulation::new(State { tally: None, generations, end: 0, fired: 0 }, 0);
        tally.start(&mut simulation);
        simulation.state_mut().tally = Some(tally);
        Desque { simulation }
    }

    fn run(&mut self, events: u64) {
        self.simulation.state_mut().end += events;
        self.simulation.run().expect("no event goes back in time");
    }

    fn checksum(&self) -> u64 {
        self.simulation.state().tally.as_ref().expect("lent only while running").checksum
    }
}

impl<W> SimState<u64> for State<W> {
    fn is_complete(&self, _now: &u64) -> bool {
        self.fired == self.end
    }
}

impl<W: Work> OkEvent<State<W>, u64> for Wake {
    fn execute(&mut self, simulation: &mut Simulation<State<W>, u64>) {
        let now = *simulation.current_time();
        let state = simulation.state_mut();
        if state.generations[self.unit as usize] != self.generation {
            return;
        }
        state.fired += 1;
        let mut tally = state.tally.take().expect("one event at a time");
        tally.fire(self.unit, now, simulation);
        simulation.state_mut().tally = Some(tally);
    }
}

impl<W: Work> Timers for Simulation<State<W>, u64> {
    fn arm(&mut self, unit: u32, at: u64) {
        self.cancel(unit);
        let generation = self.state().generations[unit as usize];
        self.schedule(Wake { unit, generation }, at).expect("armed for the future");
    }

    fn cancel(&mut self, unit: u32) {
        self.state_mut().generations[unit as usize] += 1;
    }
}
