//! Which pod is tried next, and when: the active queue, the back-off queue, and the pods that wait for an event.
//!
//! After `pkg/scheduler/backend/queue`. The queue never acts by itself; it is told the time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::filter::Reason;
use crate::controllers::backoff::delay_after;
use crate::ids::PodId;
use crate::spec::Timing;
use crate::time::{Instant, Span};

/// The back-off queue is flushed this often (`flushBackoffQCompleted`).
const BACKOFF_FLUSH_PERIOD: Span = Span::secs(1);
/// Pods that wait too long are looked for this often (`flushUnschedulablePodsLeftover`).
const LEFTOVER_FLUSH_PERIOD: Span = Span::secs(30);
/// First minor version with `SchedulerPopFromBackoffQ`.
const POPS_FROM_BACKOFF_SINCE: u32 = 33;

/// A set of changes in the cluster that may let a rejected pod in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events(u8);

impl Events {
    /// No event.
    pub const NONE: Events = Events(0);
    /// The object of a pod on a node went away.
    pub const POD_REMOVED: Events = Events(1);
    /// A pod was bound.
    pub const POD_ASSIGNED: Events = Events(2);
    /// A node's taints changed.
    pub const NODE_TAINTS: Events = Events(4);

    /// The events that may remove a reason, after the plugins' queueing hints.
    pub const fn that_help(reason: Reason) -> Events {
        match reason {
            Reason::NodeName | Reason::NodeAffinity | Reason::VolumeAffinity | Reason::SpreadLabel => {
                Events::NONE
            }
            Reason::Unschedulable | Reason::Taint => Events::NODE_TAINTS,
            Reason::SpreadSkew => Events::POD_REMOVED.with(Events::POD_ASSIGNED),
            Reason::PodAffinity => Events::POD_ASSIGNED,
            _ => Events::POD_REMOVED,
        }
    }

    /// Both sets together.
    pub const fn with(self, other: Events) -> Events {
        Events(self.0 | other.0)
    }

    /// Whether an event is in both.
    pub const fn intersects(self, other: Events) -> bool {
        self.0 & other.0 != 0
    }
}

/// Pods without a node.
#[derive(Clone, Debug)]
pub struct Queue {
    initial: Span,
    max: Span,
    longest_wait: Span,
    pops_from_backoff: bool,
    entries: Vec<Entry>,
    active: BinaryHeap<Active>,
    backoff: BinaryHeap<Reverse<BackingOff>>,
    parked: Vec<PodId>,
    tickets: u64,
}

/// What is known of the pod that now has a slot.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    generation: u32,
    priority: i32,
    attempts: u32,
    place: Place,
    /// Time of arrival or of the last failure.
    since: Instant,
    waits_for: Events,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Nowhere,
    /// With a ticket: an item of the heap with another ticket is out of date.
    Active(u64),
    Backoff(u64),
    Parked,
}

/// Greatest first: higher priority, then longer in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Active {
    priority: i32,
    since: Reverse<Instant>,
    ticket: Reverse<u64>,
    pod: PodId,
}

/// Least first: earlier expiry, then as in the active queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct BackingOff {
    flushed_at: Instant,
    then: Reverse<Active>,
}

impl Queue {
    /// An empty queue.
    pub fn new(timing: &Timing) -> Queue {
        Queue {
            initial: timing.scheduler_backoff_initial,
            max: timing.scheduler_backoff_max,
            longest_wait: timing.scheduler_unschedulable_flush,
            pops_from_backoff: timing.kubernetes_minor >= POPS_FROM_BACKOFF_SINCE,
            entries: Vec::new(),
            active: BinaryHeap::new(),
            backoff: BinaryHeap::new(),
            parked: Vec::new(),
            tickets: 0,
        }
    }

    /// A pod without a node appears.
    pub fn add(&mut self, pod: PodId, priority: i32, now: Instant) {
        if self.entries.len() <= pod.index() {
            self.entries.resize(pod.index() + 1, Entry::default());
        }
        self.entries[pod.index()] =
            Entry { generation: pod.generation, priority, since: now, ..Entry::default() };
        self.activate(pod);
    }

    /// The pod to try now; it is in no queue until it is parked or added again.
    pub fn pop(&mut self, now: Instant) -> Option<PodId> {
        self.flush(now);
        let pod =
            self.pop_active().or_else(|| if self.pops_from_backoff { self.pop_backoff() } else { None })?;
        let entry = &mut self.entries[pod.index()];
        entry.place = Place::Nowhere;
        entry.attempts += 1;
        Some(pod)
    }

    /// No node could hold the pod that was popped: it waits for one of these events.
    pub fn park(&mut self, pod: PodId, waits_for: Events, now: Instant) {
        let entry = &mut self.entries[pod.index()];
        debug_assert_eq!(entry.generation, pod.generation, "a pod that is gone is not parked");
        entry.since = now;
        entry.waits_for = waits_for;
        entry.place = Place::Parked;
        self.parked.push(pod);
    }

    /// The pod is bound, deleted, or no longer the scheduler's business.
    pub fn remove(&mut self, pod: PodId) {
        if self.place(pod) != Place::Nowhere {
            self.entries[pod.index()].place = Place::Nowhere;
            self.parked.retain(|other| *other != pod);
        }
    }

    /// Pods that wait for such an event are to be tried again, as soon as their back-off is over.
    pub fn on_event(&mut self, events: Events, now: Instant) {
        self.release(now, |entry| entry.waits_for.intersects(events));
    }

    /// Whether an event could release some pod.
    pub fn waits_for_events(&self) -> bool {
        !self.parked.is_empty()
    }

    /// When [`Self::pop`] will give a pod, if nothing happens until then: `now` if at once.
    pub fn next_wake(&mut self, now: Instant) -> Option<Instant> {
        self.flush(now);
        self.forget_outdated();
        let backoff = self.backoff.peek().map(|Reverse(item)| item.flushed_at);
        if !self.active.is_empty() || (self.pops_from_backoff && backoff.is_some()) {
            return Some(now);
        }
        let leftover = self.parked.iter().map(|pod| self.leftover_at(&self.entries[pod.index()])).min();
        backoff.into_iter().chain(leftover).min()
    }

    /// Moves what is due by `now`: back-offs that are over, and pods that were parked too long.
    fn flush(&mut self, now: Instant) {
        while self.backoff.peek().is_some_and(|Reverse(item)| item.flushed_at <= now) {
            if let Some(pod) = self.pop_backoff() {
                self.activate(pod);
            }
        }
        if !self.parked.is_empty() {
            let (wait, period) = (self.longest_wait, LEFTOVER_FLUSH_PERIOD);
            self.release(now, |entry| flush_after(entry.since + wait, period) <= now);
        }
    }

    fn leftover_at(&self, entry: &Entry) -> Instant {
        flush_after(entry.since + self.longest_wait, LEFTOVER_FLUSH_PERIOD)
    }

    fn release(&mut self, now: Instant, is_due: impl Fn(&Entry) -> bool) {
        let mut parked = std::mem::take(&mut self.parked);
        parked.retain(|pod| {
            let due = is_due(&self.entries[pod.index()]);
            if due {
                self.unpark(*pod, now);
            }
            !due
        });
        self.parked = parked;
    }

    fn unpark(&mut self, pod: PodId, now: Instant) {
        let entry = self.entries[pod.index()];
        let expiry = entry.since + delay_after(entry.attempts, self.initial, self.max);
        if expiry <= now {
            return self.activate(pod);
        }
        let item = self.take_ticket(pod);
        self.entries[pod.index()].place = Place::Backoff(item.ticket.0);
        let flushed_at = flush_at(expiry, BACKOFF_FLUSH_PERIOD);
        self.backoff.push(Reverse(BackingOff { flushed_at, then: Reverse(item) }));
    }

    fn activate(&mut self, pod: PodId) {
        let item = self.take_ticket(pod);
        self.entries[pod.index()].place = Place::Active(item.ticket.0);
        self.active.push(item);
    }

    fn take_ticket(&mut self, pod: PodId) -> Active {
        self.tickets += 1;
        let entry = &self.entries[pod.index()];
        Active { priority: entry.priority, since: Reverse(entry.since), ticket: Reverse(self.tickets), pod }
    }

    fn pop_active(&mut self) -> Option<PodId> {
        while let Some(item) = self.active.pop() {
            if self.place(item.pod) == Place::Active(item.ticket.0) {
                return Some(item.pod);
            }
        }
        None
    }

    fn pop_backoff(&mut self) -> Option<PodId> {
        while let Some(Reverse(BackingOff { then: Reverse(item), .. })) = self.backoff.pop() {
            if self.place(item.pod) == Place::Backoff(item.ticket.0) {
                return Some(item.pod);
            }
        }
        None
    }

    /// Drops items of removed pods from the heads of both heaps.
    fn forget_outdated(&mut self) {
        while let Some(item) = self.active.peek().copied() {
            if self.place(item.pod) == Place::Active(item.ticket.0) {
                break;
            }
            self.active.pop();
        }
        while let Some(Reverse(BackingOff { then: Reverse(item), .. })) = self.backoff.peek().copied() {
            if self.place(item.pod) == Place::Backoff(item.ticket.0) {
                break;
            }
            self.backoff.pop();
        }
    }

    fn place(&self, pod: PodId) -> Place {
        match self.entries.get(pod.index()) {
            Some(entry) if entry.generation == pod.generation => entry.place,
            _ => Place::Nowhere,
        }
    }
}

/// First tick of a period at or after an instant.
fn flush_at(instant: Instant, period: Span) -> Instant {
    Instant(instant.0.div_ceil(period.0).saturating_mul(period.0))
}

/// First tick of a period after an instant.
fn flush_after(instant: Instant, period: Span) -> Instant {
    Instant((instant.0 / period.0 + 1).saturating_mul(period.0))
}
