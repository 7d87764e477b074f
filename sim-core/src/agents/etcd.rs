//! etcd: who leads, and whether anything can be written. Heartbeats are computed, not simulated.
//!
//! A follower that hears nothing from its leader for a time between one and two election timeouts, drawn anew each
//! time, stands for election; the first to do so wins. Until then writes wait.
//! Upstream: go.etcd.io/raft, `resetRandomizedElectionTimeout` and `CheckQuorum`.

use crate::ids::MemberId;
use crate::moment::Moment;
use crate::rng::{EntityKey, Purpose};
use crate::spec::ControlPlane;
use crate::time::Instant;
use crate::world::control_plane::Members;

/// The agreement among the members of etcd.
#[derive(Clone, Copy, Debug)]
pub struct Etcd {
    state: State,
    elections: u64,
}

/// How far the members agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// One leads: reads and writes go on.
    Led(MemberId),
    /// Enough run, but nobody leads until this member wins.
    Electing {
        /// Who will win.
        winner: MemberId,
        /// When.
        until: Instant,
    },
    /// Too few run.
    NoQuorum,
}

impl Etcd {
    /// All members run, and one of them leads since long before the start.
    pub fn new(members: &Members, spec: &ControlPlane, at: &Moment) -> Etcd {
        let mut etcd = Etcd { state: State::NoQuorum, elections: 0 };
        etcd.stand(members, spec, at);
        etcd.elect();
        etcd
    }

    /// How far its members agree.
    pub fn state(&self) -> State {
        self.state
    }

    /// Whether writes are stored.
    pub fn writes(&self) -> bool {
        matches!(self.state, State::Led(_))
    }

    /// Members have stopped or started.
    pub fn members_changed(&mut self, members: &Members, spec: &ControlPlane, at: &Moment) {
        let runs = |member: MemberId| members.etcd().any(|other| other == member);
        match self.state {
            _ if !members.has_quorum() => self.state = State::NoQuorum,
            State::Led(leader) if runs(leader) => {}
            State::Electing { winner, .. } if runs(winner) => {}
            _ => self.stand(members, spec, at),
        }
    }

    /// When the election under way is decided.
    pub fn next_wake(&self) -> Instant {
        match self.state {
            State::Electing { until, .. } => until,
            State::Led(_) | State::NoQuorum => Instant::NEVER,
        }
    }

    /// The election under way is decided.
    pub fn elect(&mut self) {
        if let State::Electing { winner, .. } = self.state {
            self.state = State::Led(winner);
        }
    }

    /// Everybody waits for his own time; the shortest decides.
    fn stand(&mut self, members: &Members, spec: &ControlPlane, at: &Moment) {
        let timeout = |member: MemberId| {
            let key = EntityKey::new(&format!("etcd/{}", spec.members[member.index()].name));
            let random = at.luck.draw(Purpose::EtcdElection, key, self.elections).unit();
            at.now + spec.etcd_election_timeout + spec.etcd_election_timeout.part(random)
        };
        let first = members.etcd().map(|member| (timeout(member), member)).min();
        let (until, winner) = first.expect("with a quorum somebody runs");
        self.state = State::Electing { winner, until };
        self.elections += 1;
    }
}
