//! A machine that fails and is repaired: an alternating renewal process, begun in its stationary state. In every
//! interval of time it is then down for a share of exactly MTTR / (MTTF + MTTR), whatever the distributions.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

/// Exponential times to failure, and repairs; all in hours.
#[derive(Clone, Copy)]
pub struct Machine {
    /// Mean time to failure.
    pub mttf: f64,
    /// How repairs are distributed.
    pub repair: Repair,
}

/// How long repairs take.
#[derive(Clone, Copy)]
pub enum Repair {
    /// Exponential with this mean.
    Exponential(f64),
    /// Lognormal with this median and the sigma of LANL's repairs (Schroeder and Gibson's data), 1.41.
    Lognormal(f64),
}

/// Standard deviation of the logarithm of LANL's repairs.
const SIGMA: f64 = 1.41;

/// Hours of a run.
pub const YEAR: f64 = 8760.0;

/// An interval of downtime.
#[derive(Clone, Copy)]
pub struct Down {
    pub from: f64,
    pub to: f64,
}

/// Uniform in (0, 1).
pub fn uniform(luck: &mut ChaCha8Rng) -> f64 {
    ((luck.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

pub fn exponential(luck: &mut ChaCha8Rng, mean: f64) -> f64 {
    -mean * uniform(luck).ln()
}

/// By Box and Muller's method.
pub fn normal(luck: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * uniform(luck).ln()).sqrt();
    radius * (2.0 * std::f64::consts::PI * uniform(luck)).cos()
}

impl Repair {
    pub fn mean(self) -> f64 {
        match self {
            Repair::Exponential(mean) => mean,
            Repair::Lognormal(median) => median * (SIGMA * SIGMA / 2.0).exp(),
        }
    }

    pub fn draw(self, luck: &mut ChaCha8Rng) -> f64 {
        match self {
            Repair::Exponential(mean) => exponential(luck, mean),
            Repair::Lognormal(median) => median * (SIGMA * normal(luck)).exp(),
        }
    }

    /// What is left of a repair that is under way in the stationary state: a uniform part of a repair drawn in
    /// proportion to its length, which for a lognormal one is lognormal with exp(sigma²) times the median.
    fn rest(self, luck: &mut ChaCha8Rng) -> f64 {
        match self {
            Repair::Exponential(mean) => exponential(luck, mean),
            Repair::Lognormal(median) => {
                uniform(luck) * Repair::Lognormal(median * (SIGMA * SIGMA).exp()).draw(luck)
            }
        }
    }
}

impl Machine {
    /// The true share of time without it.
    pub fn unavailability(self) -> f64 {
        self.repair.mean() / (self.mttf + self.repair.mean())
    }

    /// When it is down in a run of so many hours.
    pub fn run(self, hours: f64, luck: &mut ChaCha8Rng) -> Vec<Down> {
        let begins_down = uniform(luck) < self.unavailability();
        let mut at = if begins_down { 0.0 } else { exponential(luck, self.mttf) };
        let mut left = if begins_down { self.repair.rest(luck) } else { self.repair.draw(luck) };
        let mut downs = Vec::new();
        while at < hours {
            downs.push(Down { from: at, to: (at + left).min(hours) });
            at += left + exponential(luck, self.mttf);
            left = self.repair.draw(luck);
        }
        downs
    }

    /// Share of a year's run in which it is down.
    pub fn down_share(self, luck: &mut ChaCha8Rng) -> f64 {
        self.run(YEAR, luck).iter().map(|down| down.to - down.from).sum::<f64>() / YEAR
    }

    /// The same in many runs.
    pub fn down_shares(self, runs: usize, luck: &mut ChaCha8Rng) -> Vec<f64> {
        (0..runs).map(|_| self.down_share(luck)).collect()
    }
}
