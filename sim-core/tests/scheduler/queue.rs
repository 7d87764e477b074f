//! When a pod is tried, and tried again.

use sim_core::controllers::scheduler::{Events, Queue};
use sim_core::ids::PodId;
use sim_core::spec::Timing;
use sim_core::time::{Instant, Span};

const A: PodId = PodId { slot: 0, generation: 0 };
const B: PodId = PodId { slot: 1, generation: 0 };
const C: PodId = PodId { slot: 2, generation: 0 };

fn queue(minor: u32) -> Queue {
    Queue::new(&Timing::for_kubernetes(minor))
}

fn at(millis: u64) -> Instant {
    Instant::ZERO + Span::millis(millis)
}

#[test]
fn higher_priority_goes_first_then_who_came_first() {
    let mut queue = queue(32);
    queue.add(A, 0, at(0));
    queue.add(B, 0, at(0));
    queue.add(C, 10, at(5));
    let order: Vec<_> = std::iter::from_fn(|| queue.pop(at(10))).collect();
    assert_eq!(order, [C, A, B]);
}

#[test]
fn an_unschedulable_pod_waits_for_an_event_that_helps_it() {
    let mut queue = queue(32);
    queue.add(A, 0, at(0));
    queue.pop(at(0));
    queue.park(A, Events::POD_REMOVED, at(0));
    queue.on_event(Events::NODE_TAINTS, at(2000));
    assert_eq!(queue.pop(at(2000)), None);
    queue.on_event(Events::POD_REMOVED, at(2000));
    assert_eq!(queue.pop(at(2000)), Some(A), "its back-off of 1 s is over");
}

#[test]
fn back_off_doubles_up_to_ten_seconds_and_ends_with_a_whole_second() {
    let mut queue = queue(32);
    queue.add(A, 0, at(0));
    let mut now = at(0);
    for wait in [1, 2, 4, 8, 10, 10] {
        assert_eq!(queue.pop(now), Some(A));
        now += Span::millis(300);
        queue.park(A, Events::POD_REMOVED, now);
        queue.on_event(Events::POD_REMOVED, now);
        assert_eq!(queue.pop(now), None);
        let wake = queue.next_wake(now).unwrap();
        let expiry = now + Span::secs(wait);
        assert_eq!(wake.0, expiry.0.div_ceil(1_000_000_000) * 1_000_000_000);
        now = wake;
    }
}

#[test]
fn since_1_33_an_idle_scheduler_does_not_wait_for_back_off_to_end() {
    let mut queue = queue(33);
    queue.add(A, 0, at(0));
    queue.pop(at(0));
    queue.park(A, Events::POD_REMOVED, at(0));
    queue.on_event(Events::POD_REMOVED, at(100));
    assert_eq!(queue.next_wake(at(100)), Some(at(100)));
    queue.add(B, 0, at(100));
    assert_eq!(queue.pop(at(100)), Some(B), "who does not back off goes first");
    assert_eq!(queue.pop(at(100)), Some(A));
}

#[test]
fn a_pod_without_event_is_tried_again_after_five_minutes() {
    let mut queue = queue(32);
    queue.add(A, 0, at(0));
    queue.pop(at(0));
    queue.park(A, Events::NONE, at(1000));
    let wake = queue.next_wake(at(1000)).unwrap();
    assert_eq!(wake, Instant::ZERO + Span::secs(330), "first look, every 30 s, after 301 s");
    assert_eq!(queue.pop(Instant(wake.0 - 1)), None);
    assert_eq!(queue.pop(wake), Some(A));
}

#[test]
fn a_removed_pod_is_not_tried_even_if_its_slot_has_a_new_pod() {
    let mut queue = queue(33);
    for pod in [A, B, C] {
        queue.add(pod, 0, at(0));
    }
    queue.remove(A);
    assert_eq!(queue.pop(at(0)), Some(B));
    queue.park(B, Events::POD_REMOVED, at(0));
    queue.remove(B);
    let successor = PodId { slot: B.slot, generation: 1 };
    queue.add(successor, 0, at(1));
    assert_eq!(queue.pop(at(1)), Some(C));
    assert_eq!(queue.pop(at(1)), Some(successor));
    assert_eq!(queue.next_wake(at(1)), None);
}
