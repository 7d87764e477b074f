//! Leader election: one process of a component acts, the others wait for its lease to run out.
//!
//! Upstream: client-go/tools/leaderelection. A leader renews every retry period; a renewal that fails is tried again
//! until the renew deadline, counted from its first try, and then the process exits. A candidate takes a lease that
//! *it* has seen unchanged for the lease duration, at its next try: tries come a retry period x (1..2.2) apart.
//! Nobody gives a lease back. Renewals and tries are computed, not simulated.

use crate::ids::{FaultId, MemberId};
use crate::moment::Moment;
use crate::rng::{EntityKey, Purpose};
use crate::spec::{Component, ControlPlane};
use crate::time::{Instant, Span};

/// `leaderelection.JitterFactor`: tries to acquire come up to this much of a retry period later.
const JITTER_FACTOR: f64 = 1.2;

/// The election of one component.
#[derive(Clone, Debug)]
pub struct LeaderElection {
    component: Component,
    leader: Option<Leader>,
    /// By machine: the candidate there, if its process runs.
    candidates: Vec<Option<Candidate>>,
    /// When the lease was last renewed, once its holder has ceased to.
    last_renewal: Instant,
    /// Since when the lease could be written, but for its being held.
    open_since: Instant,
    /// When the first candidate will take it.
    elects_at: Instant,
    /// Faults that keep everybody from leading.
    barred_by: Vec<FaultId>,
    api_up: bool,
    terms: u64,
}

/// The process that leads.
#[derive(Clone, Copy, Debug)]
struct Leader {
    member: MemberId,
    /// One of its renewals: the others come whole retry periods before and after.
    renews: Instant,
    /// When it gives up, while it cannot renew.
    exits_at: Instant,
    /// When it has listed everything; never while that cannot go on, or once it has.
    acts_at: Instant,
    acts: bool,
}

/// A process that waits.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    /// When it runs.
    starts: Instant,
    /// When it first saw the lease; never if it has not.
    knows_since: Instant,
}

/// What became of the lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// A leader that could not renew its lease has exited.
    Lost(MemberId),
    /// A candidate has taken the lease.
    Won(MemberId),
    /// The leader has listed everything, and acts.
    Acts(MemberId),
}

impl LeaderElection {
    /// All candidates run since long before the start, and one of them leads.
    pub fn new(component: Component, spec: &ControlPlane, at: &Moment) -> LeaderElection {
        let candidate = Candidate { starts: at.now, knows_since: at.now };
        let candidates = spec.members.iter().map(|member| member.role.has_api_server().then_some(candidate));
        let mut election = LeaderElection {
            component,
            leader: None,
            candidates: candidates.collect(),
            last_renewal: at.now,
            open_since: at.now,
            elects_at: Instant::NEVER,
            barred_by: Vec::new(),
            api_up: true,
            terms: 0,
        };
        let member = election.first_try(spec, at).map(|(_, member)| member);
        election.leader = member.map(|member| Leader {
            member,
            renews: at.now + election.residual(member, spec, at),
            exits_at: Instant::NEVER,
            acts_at: Instant::NEVER,
            acts: true,
        });
        election.terms = 1;
        election
    }

    /// Who leads.
    pub fn leader(&self) -> Option<MemberId> {
        self.leader.map(|leader| leader.member)
    }

    /// Whether there is a leader that can do its work.
    pub fn acts(&self) -> bool {
        self.api_up && self.leader.is_some_and(|leader| leader.acts)
    }

    /// When something about the lead changes by itself.
    pub fn next_wake(&self) -> Instant {
        self.leader.map_or(self.elects_at, |leader| leader.exits_at.min(leader.acts_at))
    }

    /// What is due.
    pub fn wake(&mut self, spec: &ControlPlane, at: &Moment) -> Option<Turn> {
        let Some(leader) = &mut self.leader else { return self.elect(spec, at) };
        let member = leader.member;
        if leader.exits_at <= at.now {
            self.process_exits(spec, at);
            return Some(Turn::Lost(member));
        }
        if leader.acts_at <= at.now {
            (leader.acts, leader.acts_at) = (true, Instant::NEVER);
            return Some(Turn::Acts(member));
        }
        None
    }

    /// Nothing can be written any more: neither leases, nor anything else.
    pub fn api_lost(&mut self, spec: &ControlPlane, at: &Moment) {
        self.api_up = false;
        self.last_renewal = self.last_renewal_before(spec, at.now);
        let gives_up = self.last_renewal + spec.retry_period + spec.renew_deadline;
        if let Some(leader) = &mut self.leader {
            (leader.exits_at, leader.acts_at) = (gives_up.max(at.now), Instant::NEVER);
        }
        self.plan(spec, at);
    }

    /// Leases can be written again. A leader whose next try comes before its deadline leads on.
    pub fn api_back(&mut self, spec: &ControlPlane, at: &Moment) {
        (self.api_up, self.open_since) = (true, at.now);
        for candidate in self.candidates.iter_mut().flatten().filter(|c| c.knows_since == Instant::NEVER) {
            candidate.knows_since = candidate.starts.max(at.now);
        }
        if let Some(leader) = &mut self.leader
            && leader.renews.next_tick(spec.retry_period, at.now) < leader.exits_at
        {
            leader.exits_at = Instant::NEVER;
            leader.acts_at = if leader.acts { Instant::NEVER } else { at.now + spec.informer_sync };
        }
        self.plan(spec, at);
    }

    /// The leading process exits, and its kubelet starts it again, as a candidate that knows nothing.
    pub fn process_exits(&mut self, spec: &ControlPlane, at: &Moment) -> Option<MemberId> {
        let member = self.leader()?;
        self.step_down(spec, at);
        self.starts(member, at.now + spec.process_restart, spec, at);
        Some(member)
    }

    /// A machine loses power, with the process on it. Returns whether that led.
    pub fn member_down(&mut self, member: MemberId, spec: &ControlPlane, at: &Moment) -> bool {
        let led = self.leader() == Some(member);
        self.candidates[member.index()] = None;
        if led {
            self.step_down(spec, at);
        }
        self.plan(spec, at);
        led
    }

    /// A process starts on a machine.
    pub fn starts(&mut self, member: MemberId, starts: Instant, spec: &ControlPlane, at: &Moment) {
        let knows_since = if self.api_up { starts } else { Instant::NEVER };
        self.candidates[member.index()] = Some(Candidate { starts, knows_since });
        self.plan(spec, at);
    }

    /// Nobody is to lead until this fault ends.
    pub fn bar(&mut self, fault: FaultId, spec: &ControlPlane, at: &Moment) {
        self.barred_by.push(fault);
        self.plan(spec, at);
    }

    /// One fault less keeps candidates from leading.
    pub fn unbar(&mut self, fault: FaultId, spec: &ControlPlane, at: &Moment) {
        let place = self.barred_by.iter().position(|other| *other == fault);
        self.barred_by.remove(place.expect("only what began ends"));
        self.open_since = at.now;
        self.plan(spec, at);
    }

    fn step_down(&mut self, spec: &ControlPlane, at: &Moment) {
        if self.api_up {
            self.last_renewal = self.last_renewal_before(spec, at.now);
        }
        self.leader = None;
    }

    fn elect(&mut self, spec: &ControlPlane, at: &Moment) -> Option<Turn> {
        let (_, member) = self.first_try(spec, at).filter(|_| self.elects_at <= at.now)?;
        let acts_at = at.now + spec.informer_sync;
        self.leader = Some(Leader { member, renews: at.now, exits_at: Instant::NEVER, acts_at, acts: false });
        self.elects_at = Instant::NEVER;
        self.terms += 1;
        Some(Turn::Won(member))
    }

    fn plan(&mut self, spec: &ControlPlane, at: &Moment) {
        let possible = self.leader.is_none() && self.api_up && self.barred_by.is_empty();
        let first = if possible { self.first_try(spec, at) } else { None };
        self.elects_at = first.map_or(Instant::NEVER, |(tries, _)| tries.max(at.now));
    }

    /// The first try that will succeed, and whose it is.
    fn first_try(&self, spec: &ControlPlane, at: &Moment) -> Option<(Instant, MemberId)> {
        let candidates = self.candidates.iter().enumerate().filter_map(|(id, c)| Some((id, (*c)?)));
        let knowing = candidates.filter(|(_, candidate)| candidate.knows_since != Instant::NEVER);
        let tries = knowing.map(|(id, candidate)| {
            let observed = self.last_renewal.max(candidate.knows_since);
            let free = (observed + spec.lease_duration).max(self.open_since);
            (free + self.residual(id.into(), spec, at), MemberId::from(id))
        });
        tries.min()
    }

    /// From any moment to the next try of a candidate.
    fn residual(&self, member: MemberId, spec: &ControlPlane, at: &Moment) -> Span {
        let path = format!("{}/{}", self.component.name(), spec.members[member.index()].name);
        let mut draw = at.luck.draw(Purpose::LeaderElection, EntityKey::new(&path), self.terms);
        let gap = spec.retry_period + spec.retry_period.part(JITTER_FACTOR * draw.unit());
        gap.part(draw.unit())
    }

    /// The leader's last renewal up to `now`.
    fn last_renewal_before(&self, spec: &ControlPlane, now: Instant) -> Instant {
        let Some(leader) = self.leader else { return self.last_renewal };
        let next = leader.renews.next_tick(spec.retry_period, now);
        let last = if next == now { next } else { Instant(next.0.saturating_sub(spec.retry_period.0)) };
        if leader.renews <= now { last } else { self.last_renewal }
    }
}
