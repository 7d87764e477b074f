//! Faults of machines and of whole failure domains: one clock for each target, or for each schedule.

use crate::faults::aims::{Aim, Target};
use crate::model::Model;
use crate::rng::{Luck, Purpose};
use crate::spec::FaultTiming;
use crate::time::Instant;

/// What is to be done because a clock has struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// Harm begins.
    Strike,
    /// Harm ends.
    Heal,
}

/// A clock that runs.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Strikes and heals so far.
    strikes: u64,
    heals: u64,
    next: Instant,
    next_heal: Instant,
}

impl Clock {
    /// A clock set at the start of a run, when all is well.
    pub fn start(aim: &Aim, model: &Model, luck: &Luck) -> Clock {
        let mut clock = Clock { strikes: 0, heals: 0, next: Instant::NEVER, next_heal: Instant::NEVER };
        clock.next = clock.onset(aim, model, luck, Instant::ZERO);
        clock
    }

    /// When it strikes or heals next.
    pub fn next(&self) -> Instant {
        self.next.min(self.next_heal)
    }

    /// Which draw of its luck the last strike was.
    pub fn strikes(&self) -> u64 {
        self.strikes
    }

    /// What is due at `now`, after which the clock runs on. Healing comes before striking.
    pub fn ring(&mut self, aim: &Aim, model: &Model, luck: &Luck, now: Instant) -> Stroke {
        if self.next_heal <= now {
            self.heals += 1;
            self.next_heal = self.scheduled_heal(aim, model);
            if let FaultTiming::Stochastic { .. } = model.fault(aim.fault).timing {
                self.next = self.onset(aim, model, luck, now);
            }
            return Stroke::Heal;
        }
        self.strikes += 1;
        match &model.fault(aim.fault).timing {
            FaultTiming::Stochastic { .. } if matches!(aim.target, Target::Pods(_)) => {
                self.next = self.onset(aim, model, luck, now);
            }
            FaultTiming::Stochastic { time_to_repair, .. } => {
                let mut draw = luck.draw(Purpose::TimeToRepair, aim.key, self.strikes - 1);
                self.next_heal = now + time_to_repair.sample(&mut draw);
                self.next = Instant::NEVER;
            }
            FaultTiming::Scheduled { .. } => {
                self.next = self.onset(aim, model, luck, now);
                self.next_heal = self.scheduled_heal(aim, model);
            }
        }
        Stroke::Strike
    }

    fn onset(&self, aim: &Aim, model: &Model, luck: &Luck, now: Instant) -> Instant {
        match &model.fault(aim.fault).timing {
            FaultTiming::Stochastic { time_to_failure, .. } => {
                now + time_to_failure.sample(&mut luck.draw(Purpose::TimeToFailure, aim.key, self.strikes))
            }
            FaultTiming::Scheduled { at, .. } => {
                at.get(self.strikes as usize).copied().unwrap_or(Instant::NEVER)
            }
        }
    }

    /// Scheduled strikes last equally long, so they heal in the order in which they struck.
    fn scheduled_heal(&self, aim: &Aim, model: &Model) -> Instant {
        match &model.fault(aim.fault).timing {
            FaultTiming::Scheduled { at, duration }
                if self.heals < self.strikes && !matches!(aim.target, Target::Pods(_)) =>
            {
                at[self.heals as usize] + *duration
            }
            _ => Instant::NEVER,
        }
    }
}
