//! simcore 0.1, the engine of DSLab: one component that sends itself events, and cancels them by their id.

use std::cell::RefCell;
use std::rc::Rc;

use serde::Serialize;
use simcore::{Event, EventHandler, EventId, Simulation, SimulationContext, cast};

use super::Engine;
use crate::work::{Tally, Timers, Work};

/// `simcore::Simulation`; its times are floats, here whole numbers of nanoseconds below 2^53.
pub struct Simcore<W> {
    simulation: Simulation,
    component: Rc<RefCell<Component<W>>>,
}

struct Component<W> {
    tally: Tally<W>,
    events: Events,
}

struct Events {
    context: SimulationContext,
    pending: Vec<Option<EventId>>,
}

#[derive(Clone, Serialize)]
struct Wake {
    unit: u32,
}

impl<W: Work> Engine<W> for Simcore<W> {
    const NAME: &'static str = "simcore";

    fn new(work: W) -> Self {
        let mut simulation = Simulation::new(1);
        let mut tally = Tally::new(work);
        let pending = vec![None; tally.units() as usize];
        let mut events = Events { context: simulation.create_context("work"), pending };
        tally.start(&mut events);
        let component = Rc::new(RefCell::new(Component { tally, events }));
        simulation.add_handler("work", component.clone());
        Simcore { simulation, component }
    }

    fn run(&mut self, events: u64) {
        self.simulation.steps(events);
    }

    fn checksum(&self) -> u64 {
        self.component.borrow().tally.checksum
    }
}

impl<W: Work> EventHandler for Component<W> {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Wake { unit } => {
                self.events.pending[unit as usize] = None;
                self.tally.fire(unit, event.time as u64, &mut self.events);
            }
        })
    }
}

impl Timers for Events {
    fn arm(&mut self, unit: u32, at: u64) {
        self.cancel(unit);
        let delay = at as f64 - self.context.time();
        self.pending[unit as usize] = Some(self.context.emit_self(Wake { unit }, delay));
    }

    fn cancel(&mut self, unit: u32) {
        if let Some(event) = self.pending[unit as usize].take() {
            self.context.cancel_event(event);
        }
    }
}
