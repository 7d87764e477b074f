//! What an autoscaler remembers of itself: what was recommended, and what was done. A restarted controller does not.
//!
//! Upstream: `stabilizeRecommendation`, `stabilizeRecommendationWithBehaviors`, `getReplicasChangePerPeriod` and
//! `storeScaleEvent` in `pkg/controller/podautoscaler/horizontal.go`. New entries take the place of outdated ones
//! there; only how many of them are kept depends on it.

use super::Behavior;
use crate::time::{Instant, Span};

/// Recommendations and steps of one autoscaler.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    recommendations: Vec<Entry>,
    added: Vec<Entry>,
    removed: Vec<Entry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    at: Instant,
    replicas: u32,
}

impl History {
    /// The first pass remembers the current count, so that it cannot scale down at once.
    pub fn begin(current: u32, now: Instant) -> History {
        let mut history = History::default();
        history.recommendations.push(Entry { at: now, replicas: current });
        history
    }

    /// Whether a pass has recommended anything.
    pub fn is_empty(&self) -> bool {
        self.recommendations.is_empty()
    }

    /// Recommendations that are kept.
    pub fn len(&self) -> usize {
        self.recommendations.len()
    }

    /// Remembers a recommendation without applying any window.
    pub fn recommend(&mut self, replicas: u32, at: Instant) {
        self.recommendations.push(Entry { at, replicas });
    }

    /// Remembers that passes up to `at` went on recommending the same: for any window, only the last of them matters.
    pub fn repeat(&mut self, window: Span, replicas: u32, at: Instant) {
        store(&mut self.recommendations, replicas, window, at);
    }

    /// Without `spec.behavior`: the highest recommendation of the window. Remembers the new one.
    pub fn stabilize_down(&mut self, window: Span, desired: u32, now: Instant) -> u32 {
        let recent = self.recommendations.iter().filter(|entry| now.since(entry.at) <= window);
        let highest = recent.map(|entry| entry.replicas).fold(desired, u32::max);
        store(&mut self.recommendations, desired, window, now);
        highest
    }

    /// With `spec.behavior`: the current count, moved between the lowest recommendation of the window for scaling
    /// up and the highest of the one for scaling down. Remembers the new one.
    pub fn stabilize(&mut self, behavior: &Behavior, current: u32, desired: u32, now: Instant) -> u32 {
        let (up, down) = (behavior.up.stabilization, behavior.down.stabilization);
        let recent = |window: Span| {
            let young = move |entry: &&Entry| now.since(entry.at) < window;
            self.recommendations.iter().filter(young).map(|entry| entry.replicas)
        };
        let lowest = recent(up).fold(desired, u32::min);
        let highest = recent(down).fold(desired, u32::max);
        store(&mut self.recommendations, desired, up.max(down), now);
        current.max(lowest).min(highest)
    }

    /// Remembers a step that was carried out.
    pub fn scaled(&mut self, behavior: &Behavior, from: u32, to: u32, now: Instant) {
        if to > from {
            store(&mut self.added, to - from, behavior.up.longest_period(), now);
        } else {
            store(&mut self.removed, from - to, behavior.down.longest_period(), now);
        }
    }

    /// Replicas when the period began that ends now; below 0 if more were added than there are.
    pub fn at_start_of(&self, period: Span, current: u32, now: Instant) -> i64 {
        let sum = |steps: &[Entry]| {
            let young = steps.iter().filter(|step| now.since(step.at) < period);
            young.map(|step| i64::from(step.replicas)).sum::<i64>()
        };
        i64::from(current) - sum(&self.added) + sum(&self.removed)
    }
}

/// In the place of the last entry that is older than the window, else at the end.
fn store(entries: &mut Vec<Entry>, replicas: u32, window: Span, now: Instant) {
    let entry = Entry { at: now, replicas };
    match entries.iter_mut().rfind(|old| now.since(old.at) > window) {
        Some(outdated) => *outdated = entry,
        None => entries.push(entry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> Instant {
        Instant::ZERO + Span::secs(secs)
    }

    #[test]
    fn a_fresh_controller_waits_five_minutes_before_it_scales_down() {
        let behavior = Behavior::default();
        let mut history = History::begin(8, at(0));
        assert_eq!(history.stabilize(&behavior, 8, 3, at(15)), 8);
        assert_eq!(history.stabilize(&behavior, 8, 3, at(299)), 8);
        assert_eq!(history.stabilize(&behavior, 8, 3, at(300)), 3);
    }

    #[test]
    fn a_window_for_scaling_up_takes_the_lowest() {
        let mut behavior = Behavior::default();
        behavior.up.stabilization = Span::secs(60);
        let mut history = History::begin(2, at(0));
        assert_eq!(history.stabilize(&behavior, 2, 9, at(30)), 2);
        assert_eq!(history.stabilize(&behavior, 2, 9, at(60)), 9);
    }

    #[test]
    fn steps_move_the_start_of_the_period_both_ways() {
        let behavior = Behavior::default();
        let mut history = History::default();
        history.scaled(&behavior, 4, 8, at(0));
        history.scaled(&behavior, 8, 6, at(10));
        assert_eq!(history.at_start_of(Span::secs(15), 6, at(14)), 4);
        assert_eq!(history.at_start_of(Span::secs(15), 6, at(15)), 8);
        assert_eq!(history.at_start_of(Span::secs(1), 6, at(15)), 6);
    }

    #[test]
    fn outdated_entries_make_room() {
        let behavior = Behavior::default();
        let mut history = History::begin(1, at(0));
        for pass in 1..100 {
            history.stabilize(&behavior, 1, 1, at(15 * pass));
        }
        assert!(history.len() <= 22, "{}", history.len());
    }
}
