//! Faults of machines and of whole failure domains: one clock for each target, or for each schedule.

use crate::faults::aims::Aim;
use crate::faults::stationary;
use crate::model::Model;
use crate::rng::{Luck, Purpose};
use crate::spec::{Distribution, FaultTiming, Initially};
use crate::time::{Instant, Span};

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
    /// When the next strike is announced, if it is.
    next_warning: Instant,
}

impl Clock {
    /// A clock set at the start of a run: when all is well, unless the fault begins stationary.
    pub fn start(aim: &Aim, model: &Model, luck: &Luck) -> Clock {
        let never = Instant::NEVER;
        let mut clock = Clock { strikes: 0, heals: 0, next: never, next_heal: never, next_warning: never };
        clock.next = match &model.fault(aim.fault).timing {
            FaultTiming::Stochastic { initially: Initially::Stationary, .. } => {
                Instant::ZERO + stationary::time_to_first_strike(aim, model, luck)
            }
            _ => clock.onset(aim, model, luck, Instant::ZERO),
        };
        clock.announce(model.fault(aim.fault).kind.notice());
        clock
    }

    /// When it strikes or heals next.
    pub fn next(&self) -> Instant {
        self.next.min(self.next_heal).min(self.next_warning)
    }

    /// Which draw of its luck the last strike was.
    pub fn strikes(&self) -> u64 {
        self.strikes
    }

    /// What is due at `now`, after which the clock runs on; `None` if the next strike is only announced. Healing comes before
    /// striking.
    pub fn ring(&mut self, aim: &Aim, model: &Model, luck: &Luck, now: Instant) -> Option<Stroke> {
        if self.next_warning <= now {
            self.next_warning = Instant::NEVER;
            return None;
        }
        let announced = self.next;
        let stroke = self.turn(aim, model, luck, now);
        if self.next != announced {
            self.announce(model.fault(aim.fault).kind.notice());
        }
        Some(stroke)
    }

    /// The next strike is known so long before.
    fn announce(&mut self, notice: Span) {
        if notice > Span::ZERO && self.next < Instant::NEVER {
            self.next_warning = Instant(self.next.0.saturating_sub(notice.0));
        }
    }

    fn turn(&mut self, aim: &Aim, model: &Model, luck: &Luck, now: Instant) -> Stroke {
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
            FaultTiming::Stochastic { .. } if aim.target.heals_at_once() => {
                self.next = self.onset(aim, model, luck, now);
            }
            FaultTiming::Stochastic { time_to_repair, .. } => {
                self.next_heal = now + self.repair(time_to_repair, aim, model, luck, now);
                self.next = Instant::NEVER;
            }
            FaultTiming::Scheduled { .. } | FaultTiming::Replayed(_) => {
                self.next = self.onset(aim, model, luck, now);
                self.next_heal = self.scheduled_heal(aim, model);
            }
        }
        Stroke::Strike
    }

    /// Something else makes the target fail at `at`, or after its notice, unless it is down or fails before that anyway.
    pub fn bring_forward(&mut self, at: Instant, notice: Span) {
        let at = at + notice;
        if self.next_heal == Instant::NEVER && at < self.next {
            self.next = at;
            self.announce(notice);
        }
    }

    fn repair(
        &self,
        time_to_repair: &Distribution,
        aim: &Aim,
        model: &Model,
        luck: &Luck,
        now: Instant,
    ) -> Span {
        let begins_down = self.strikes == 1 && now == Instant::ZERO;
        let rest = begins_down.then(|| stationary::rest_of_repair(aim, model, luck)).flatten();
        let whole =
            || time_to_repair.sample(&mut luck.draw(Purpose::TimeToRepair, aim.key, self.strikes - 1));
        rest.unwrap_or_else(whole)
    }

    fn onset(&self, aim: &Aim, model: &Model, luck: &Luck, now: Instant) -> Instant {
        match &model.fault(aim.fault).timing {
            FaultTiming::Stochastic { time_to_failure, .. } => {
                now + time_to_failure.sample(&mut luck.draw(Purpose::TimeToFailure, aim.key, self.strikes))
            }
            FaultTiming::Scheduled { at, .. } => {
                at.get(self.strikes as usize).copied().unwrap_or(Instant::NEVER)
            }
            FaultTiming::Replayed(histories) => {
                histories[aim.position].get(self.strikes as usize).map_or(Instant::NEVER, |down| down.from)
            }
        }
    }

    /// Scheduled strikes last equally long, so they heal in the order in which they struck.
    fn scheduled_heal(&self, aim: &Aim, model: &Model) -> Instant {
        match &model.fault(aim.fault).timing {
            FaultTiming::Scheduled { at, duration }
                if self.heals < self.strikes && !aim.target.heals_at_once() =>
            {
                at[self.heals as usize] + *duration
            }
            FaultTiming::Replayed(histories) if self.heals < self.strikes => {
                histories[aim.position][self.heals as usize].until
            }
            _ => Instant::NEVER,
        }
    }
}
