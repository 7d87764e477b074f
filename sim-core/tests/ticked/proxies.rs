//! Syncs of the kube-proxies, millisecond by millisecond. Upstream: `BoundedFrequencyRunner` of pkg/proxy/runner.

use std::collections::BTreeMap;

use sim_core::agents::proxies::{Proxies, usable};
use sim_core::ids::{NodeId, PodId, ServiceId};
use sim_core::spec::Timing;
use sim_core::time::{Instant, Span};
use sim_core::world::api::Endpoint;

use crate::support::random;

const WEB: ServiceId = ServiceId(0);
const OTHER: ServiceId = ServiceId(1);

/// A service's slice holds one ready endpoint, another one each time.
#[derive(Clone, Copy, Debug)]
struct Change {
    at: Instant,
    service: ServiceId,
    endpoint: u32,
}

/// What was programmed, when and for which service; the last word of each instant.
type Programmed = BTreeMap<(Instant, u32), u32>;

fn ms(millis: u64) -> Instant {
    Instant::ZERO + Span::millis(millis)
}

fn change(millis: u64, service: ServiceId, endpoint: u32) -> Change {
    Change { at: ms(millis), service, endpoint }
}

fn slice(endpoint: u32) -> [Endpoint; 1] {
    let pod = PodId { slot: endpoint, generation: 0 };
    [Endpoint::new(pod, NodeId(0), true, false, false)]
}

fn computed(timing: &Timing, changes: &[Change]) -> Programmed {
    let mut proxies = Proxies::default();
    let mut programmed = Programmed::new();
    let mut next = Instant::NEVER;
    for change in changes {
        next = program_until(change.at, next, &mut proxies, &mut programmed);
        let ends = proxies.slice_changed(timing, change.at);
        proxies.take(change.service, &slice(change.endpoint), ends);
        next = next.min(ends);
    }
    program_until(Instant::NEVER, next, &mut proxies, &mut programmed);
    programmed
}

/// Wakes the proxies whenever a sync ends before `until`. Returns when they are woken next.
fn program_until(
    until: Instant,
    next: Instant,
    proxies: &mut Proxies,
    programmed: &mut Programmed,
) -> Instant {
    let mut now = next;
    while now < until {
        let woken = now;
        now = proxies.sync_ended(woken, |service, endpoints| {
            let only = usable(endpoints).next().expect("each slice has an endpoint");
            programmed.insert((woken, service.0), only.slot);
        });
    }
    now
}

/// The runner's goroutine: what it waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Runner {
    ARun,
    EndOfSync(Instant),
    MinInterval(Instant),
}

fn ticked(timing: &Timing, changes: &[Change]) -> Programmed {
    let mut programmed = Programmed::new();
    let mut runner = Runner::ARun;
    let (mut pending, mut taken) = (BTreeMap::new(), BTreeMap::new());
    let end = changes.last().map_or(0, |last| last.at.0) + Span::secs(20).0;
    for now in (0..end).step_by(Span::millis(1).0 as usize).map(Instant) {
        for change in changes.iter().filter(|change| change.at + timing.watch == now) {
            pending.insert(change.service.0, change.endpoint);
        }
        loop {
            match runner {
                Runner::EndOfSync(at) if at == now => {
                    let done = std::mem::take(&mut taken).into_iter();
                    programmed.extend(done.map(|(service, endpoint)| ((now, service), endpoint)));
                    runner = Runner::MinInterval(now + timing.proxy_min_sync_period);
                }
                Runner::MinInterval(at) if at == now => runner = Runner::ARun,
                Runner::ARun if !pending.is_empty() => {
                    taken = std::mem::take(&mut pending);
                    runner = Runner::EndOfSync(now + timing.proxy_programming);
                }
                _ => break,
            }
        }
    }
    programmed
}

/// 1 s from sync to sync and 0.1 s for each; changes are seen after 10 ms.
fn usual() -> Timing {
    Timing::for_kubernetes(36)
}

#[test]
fn a_change_during_a_sync_waits_for_the_next_one() {
    let changes = [change(5_000, WEB, 1), change(5_050, WEB, 2)];
    let programmed = computed(&usual(), &changes);
    assert_eq!(programmed, [((ms(5_110), 0), 1), ((ms(6_210), 0), 2)].into());
    assert_eq!(programmed, ticked(&usual(), &changes));
}

#[test]
fn changes_before_a_sync_starts_go_together() {
    let changes =
        [change(5_000, WEB, 1), change(5_200, WEB, 2), change(5_900, OTHER, 3), change(6_000, WEB, 4)];
    let programmed = computed(&usual(), &changes);
    assert_eq!(programmed, [((ms(5_110), 0), 1), ((ms(6_210), 0), 4), ((ms(6_210), 1), 3)].into());
    assert_eq!(programmed, ticked(&usual(), &changes));
}

#[test]
fn a_sync_without_news_delays_the_next_one_all_the_same() {
    let mut proxies = Proxies::default();
    assert_eq!(proxies.slice_changed(&usual(), ms(5_000)), ms(5_110));
    assert_eq!(proxies.slice_changed(&usual(), ms(5_500)), ms(6_210));
    assert_eq!(proxies.sync_ended(ms(5_110), |_, _| panic!("nothing was tracked")), Instant::NEVER);
}

/// Timing of its own kind, and bursts of changes.
fn pattern(index: u64) -> (Timing, Vec<Change>) {
    let mut draw = random::numbers("syncs", index);
    let timing = Timing {
        watch: Span::millis(draw.below(30)),
        proxy_programming: Span::millis(1 + draw.below(300)),
        proxy_min_sync_period: Span::millis(draw.below(2) * draw.below(2_000)),
        ..usual()
    };
    let (mut at, mut changes) = (100, Vec::new());
    for endpoint in 0..30 {
        at += [draw.below(20), draw.below(400), draw.below(4_000)][draw.below(3) as usize];
        changes.push(change(at, ServiceId(draw.below(3) as u32), endpoint));
    }
    (timing, changes)
}

#[test]
fn the_table_changes_at_the_same_instants() {
    let mut syncs = 0;
    for index in 0..300 {
        let (timing, changes) = pattern(index);
        let ticked = ticked(&timing, &changes);
        assert_eq!(computed(&timing, &changes), ticked, "pattern {index}");
        syncs += ticked.len();
    }
    assert!(syncs > 3_000, "{syncs} entries programmed are too few to mean anything");
}
