//! How long a controller waits after the API server has refused a pod of its.
//!
//! Upstream: `AddRateLimited` and `Forget` of client-go/util/workqueue, `ItemExponentialFailureRateLimiter`. A key that fails
//! is tried again after a delay that doubles with each failure in a row; a sync without a failure starts afresh. The limit
//! for all keys of a controller together, 10 a second after the first 100, is not modelled.

use crate::controllers::backoff::delay_after;
use crate::time::{Instant, Span};
use crate::world::api::Owner;

/// First and greatest delay of most controllers: `DefaultTypedControllerRateLimiter`.
const OF_MOST: (Span, Span) = (Span::millis(5), Span::secs(1_000));
/// Those of Jobs: `DefaultJobApiBackOff`, `MaxJobApiBackOff`.
const OF_JOBS: (Span, Span) = (Span::secs(1), Span::mins(1));

/// The failures of those who want pods, as their work queues remember them.
#[derive(Clone, Debug, Default)]
pub struct Refusals {
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    owner: Owner,
    failures: u32,
    last_failure: Instant,
    last_sync: Instant,
}

impl Refusals {
    /// Whether nobody has failed of late.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// An owner of pods is at work. If it was without a failure the last time, that is forgotten.
    pub fn synced(&mut self, owner: Owner, now: Instant) {
        self.entries.retain(|entry| entry.owner != owner || entry.last_failure == entry.last_sync);
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.owner == owner) {
            entry.last_sync = now;
        }
    }

    /// A pod of an owner's was refused. Returns when it is to try again, the first time in a sync.
    pub fn refused(&mut self, owner: Owner, now: Instant) -> Option<Instant> {
        let known = self.entries.iter().position(|entry| entry.owner == owner);
        let entry = match known {
            Some(at) => &mut self.entries[at],
            None => {
                self.entries.push(Entry { owner, failures: 0, last_failure: Instant::NEVER, last_sync: now });
                self.entries.last_mut()?
            }
        };
        if entry.last_failure == now {
            return None;
        }
        (entry.failures, entry.last_failure) = (entry.failures + 1, now);
        let (initial, max) = if matches!(owner, Owner::Job { .. }) { OF_JOBS } else { OF_MOST };
        Some(now + delay_after(entry.failures, initial, max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SetId;

    const SET: Owner = Owner::Set(SetId(0));

    #[test]
    fn delays_double_until_a_sync_succeeds() {
        let mut refusals = Refusals::default();
        let mut at = Instant::ZERO;
        let mut fail = |refusals: &mut Refusals| {
            refusals.synced(SET, at);
            let again = refusals.refused(SET, at).expect("the first in its sync");
            assert_eq!(refusals.refused(SET, at), None, "one failure in a sync");
            let delay = again - at;
            at = again;
            delay
        };
        let delays: Vec<Span> = (0..4).map(|_| fail(&mut refusals)).collect();
        assert_eq!(delays, [5, 10, 20, 40].map(Span::millis));
        refusals.synced(SET, Instant::ZERO + Span::secs(5));
        refusals.synced(SET, Instant::ZERO + Span::secs(6));
        assert!(refusals.is_empty());
    }

    #[test]
    fn delays_have_an_end() {
        let mut refusals = Refusals::default();
        let mut at = Instant::ZERO;
        for _ in 0..30 {
            refusals.synced(SET, at);
            at = refusals.refused(SET, at).expect("the first in its sync");
        }
        refusals.synced(SET, at);
        assert_eq!(refusals.refused(SET, at), Some(at + Span::secs(1_000)));
    }
}
