//! nexosim 1.0: one model that schedules events on itself, on one thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use nexosim::model::{Context, Model, SchedulableId, schedulable};
use nexosim::simulation::{EventKey, Mailbox, SimInit, Simulation};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use super::Engine;
use crate::work::{AnyWork, Tally, Timers, Work};

/// `nexosim::simulation::Simulation`.
pub struct Nexosim {
    simulation: Simulation,
    progress: Arc<Progress>,
}

/// What can be seen from outside of the model.
#[derive(Default)]
struct Progress {
    fired: AtomicU64,
    checksum: AtomicU64,
}

#[derive(Serialize, Deserialize)]
struct Component {
    tally: Tally<AnyWork>,
    #[serde(skip)]
    keys: Vec<Option<EventKey>>,
    #[serde(skip)]
    progress: Arc<Progress>,
}

#[Model]
impl Component {
    #[nexosim(init)]
    async fn init(&mut self, context: &Context<Self>) {
        let mut timers = Events { context, wake: schedulable!(Self::wake), now: 0, keys: &mut self.keys };
        self.tally.start(&mut timers);
    }

    #[nexosim(schedulable)]
    fn wake(&mut self, unit: u32, context: &Context<Self>) {
        let now = context.time().duration_since(MonotonicTime::EPOCH).as_nanos() as u64;
        let mut timers = Events { context, wake: schedulable!(Self::wake), now, keys: &mut self.keys };
        timers.forget(unit);
        self.tally.fire(unit, now, &mut timers);
        self.progress.fired.store(self.tally.fired, Ordering::Relaxed);
        self.progress.checksum.store(self.tally.checksum, Ordering::Relaxed);
    }
}

impl<W: Work> Engine<W> for Nexosim {
    const NAME: &'static str = "nexosim";

    fn new(work: W) -> Self {
        let work: AnyWork = work.into();
        let keys = match work {
            AnyWork::Hold(_) => Vec::new(),
            AnyWork::Repair(_) => vec![None; work.units() as usize],
        };
        let tally = Tally::new(work);
        let progress = Arc::new(Progress::default());
        let component = Component { tally, keys, progress: progress.clone() };
        let simulation = SimInit::with_num_threads(1)
            .add_model(component, Mailbox::new(), "work")
            .init(MonotonicTime::EPOCH)
            .expect("a simulation of one model");
        Nexosim { simulation, progress }
    }

    fn run(&mut self, events: u64) {
        let end = self.progress.fired.load(Ordering::Relaxed) + events;
        while self.progress.fired.load(Ordering::Relaxed) < end {
            self.simulation.step().expect("a step");
        }
    }

    fn checksum(&self) -> u64 {
        self.progress.checksum.load(Ordering::Relaxed)
    }
}

struct Events<'a> {
    context: &'a Context<Component>,
    wake: &'a SchedulableId<Component, u32>,
    now: u64,
    /// Empty for work that never cancels: keys cost time.
    keys: &'a mut [Option<EventKey>],
}

impl Events<'_> {
    fn forget(&mut self, unit: u32) {
        if let Some(key) = self.keys.get_mut(unit as usize) {
            *key = None;
        }
    }
}

impl Timers for Events<'_> {
    fn arm(&mut self, unit: u32, at: u64) {
        let delay = Duration::from_nanos(at - self.now);
        if self.keys.is_empty() {
            self.context.schedule_event(delay, self.wake, unit).expect("the future");
        } else {
            self.cancel(unit);
            let key = self.context.schedule_keyed_event(delay, self.wake, unit).expect("the future");
            self.keys[unit as usize] = Some(key);
        }
    }

    fn cancel(&mut self, unit: u32) {
        if let Some(key) = self.keys[unit as usize].take() {
            key.cancel();
        }
    }
}
