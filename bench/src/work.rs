//! The work: what happens when a timer fires. Random numbers are cheap and the same for every engine.

use serde::{Deserialize, Serialize};

/// What an engine offers: one timer per unit.
pub trait Timers {
    /// Wakes `unit` at `at`, and not at any earlier asked-for moment.
    fn arm(&mut self, unit: u32, at: u64);
    /// Wakes `unit` no more.
    fn cancel(&mut self, unit: u32);
}

/// Something to simulate.
pub trait Work: Into<AnyWork> + 'static {
    /// Number of units.
    fn units(&self) -> u32;
    /// Arms the first timers.
    fn start(&mut self, timers: &mut impl Timers);
    /// Handles the timer of `unit`.
    fn fire(&mut self, unit: u32, now: u64, timers: &mut impl Timers);
}

const SECOND: f64 = 1e9;
const HOUR: f64 = 3600.0 * SECOND;

/// The hold model: every timer that fires is armed again after an exponential gap.
#[derive(Serialize, Deserialize)]
pub struct Hold {
    timers: u32,
    draws: u64,
}

impl Hold {
    /// With this many pending timers.
    pub fn new(timers: u32) -> Hold {
        Hold { timers, draws: 0 }
    }

    fn gap(&mut self) -> u64 {
        self.draws += 1;
        exponential(SECOND, self.draws)
    }
}

impl Work for Hold {
    fn units(&self) -> u32 {
        self.timers
    }

    fn start(&mut self, timers: &mut impl Timers) {
        for unit in 0..self.timers {
            timers.arm(unit, self.gap());
        }
    }

    fn fire(&mut self, unit: u32, now: u64, timers: &mut impl Timers) {
        timers.arm(unit, now + self.gap());
    }
}

/// Machine repair: nodes fail and are repaired; pods crash and restart, and stand still while their node is down.
#[derive(Serialize, Deserialize)]
pub struct Repair {
    nodes: u32,
    up: Vec<bool>,
    draws: Vec<u32>,
}

impl Repair {
    const PODS_PER_NODE: u32 = 10;

    /// With this many nodes, and ten pods on each.
    pub fn new(nodes: u32) -> Repair {
        let units = (nodes * (1 + Self::PODS_PER_NODE)) as usize;
        Repair { nodes, up: vec![true; units], draws: vec![0; units] }
    }

    /// Time that a unit stays in its present state.
    fn stay(&mut self, unit: u32) -> u64 {
        let mean = match (unit < self.nodes, self.up[unit as usize]) {
            (_, true) => 10.0 * HOUR,
            (true, false) => HOUR,
            (false, false) => 0.1 * HOUR,
        };
        self.draws[unit as usize] += 1;
        exponential(mean, u64::from(unit) << 32 | u64::from(self.draws[unit as usize]))
    }

    fn pods(&self, node: u32) -> std::ops::Range<u32> {
        let first = self.nodes + node * Self::PODS_PER_NODE;
        first..first + Self::PODS_PER_NODE
    }

    fn node_changed(&mut self, node: u32, now: u64, timers: &mut impl Timers) {
        for pod in self.pods(node) {
            match self.up[node as usize] {
                true => timers.arm(pod, now + self.stay(pod)),
                false => timers.cancel(pod),
            }
        }
    }
}

impl Work for Repair {
    fn units(&self) -> u32 {
        self.up.len() as u32
    }

    fn start(&mut self, timers: &mut impl Timers) {
        for unit in 0..self.units() {
            timers.arm(unit, self.stay(unit));
        }
    }

    fn fire(&mut self, unit: u32, now: u64, timers: &mut impl Timers) {
        self.up[unit as usize] = !self.up[unit as usize];
        timers.arm(unit, now + self.stay(unit));
        if unit < self.nodes {
            self.node_changed(unit, now, timers);
        }
    }
}

/// Either work, for an engine whose components cannot be generic.
#[derive(Serialize, Deserialize)]
pub enum AnyWork {
    /// See [`Hold`].
    Hold(Hold),
    /// See [`Repair`].
    Repair(Repair),
}

impl From<Hold> for AnyWork {
    fn from(hold: Hold) -> AnyWork {
        AnyWork::Hold(hold)
    }
}

impl From<Repair> for AnyWork {
    fn from(repair: Repair) -> AnyWork {
        AnyWork::Repair(repair)
    }
}

impl Work for AnyWork {
    fn units(&self) -> u32 {
        match self {
            AnyWork::Hold(hold) => hold.units(),
            AnyWork::Repair(repair) => repair.units(),
        }
    }

    fn start(&mut self, timers: &mut impl Timers) {
        match self {
            AnyWork::Hold(hold) => hold.start(timers),
            AnyWork::Repair(repair) => repair.start(timers),
        }
    }

    fn fire(&mut self, unit: u32, now: u64, timers: &mut impl Timers) {
        match self {
            AnyWork::Hold(hold) => hold.fire(unit, now, timers),
            AnyWork::Repair(repair) => repair.fire(unit, now, timers),
        }
    }
}

/// A work that counts and remembers what it is asked to do.
#[derive(Serialize, Deserialize)]
pub struct Tally<W> {
    work: W,
    /// Timers that fired.
    pub fired: u64,
    /// Hash of the instants at which they did.
    pub checksum: u64,
}

impl<W: Work> Tally<W> {
    /// Nothing done yet.
    pub fn new(work: W) -> Tally<W> {
        Tally { work, fired: 0, checksum: 0 }
    }

    /// See [`Work::units`].
    pub fn units(&self) -> u32 {
        self.work.units()
    }

    /// See [`Work::start`].
    pub fn start(&mut self, timers: &mut impl Timers) {
        self.work.start(timers);
    }

    /// See [`Work::fire`].
    pub fn fire(&mut self, unit: u32, now: u64, timers: &mut impl Timers) {
        self.fired += 1;
        self.checksum = (self.checksum.rotate_left(5) ^ now).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.work.fire(unit, now, timers);
    }
}

/// An exponential duration of at least 1 ns, from SplitMix64 at `index`.
fn exponential(mean: f64, index: u64) -> u64 {
    let mut x = index.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^= x >> 31;
    let unit = ((x >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    (-libm::log(unit) * mean) as u64 + 1
}
