//! What is of the control plane: machines with power or without, and the processes on them. Changed only through verbs.

use crate::ids::{FaultId, MemberId};
use crate::spec::{ControlPlane, Role};
use crate::time::Instant;

/// The machines of the control plane.
#[derive(Clone, Debug)]
pub struct Members {
    members: Vec<Member>,
    quorum: usize,
    /// Faults that keep everybody from every API server.
    cut_by: Vec<FaultId>,
}

#[derive(Clone, Debug)]
struct Member {
    role: Role,
    /// Faults that keep the machine down.
    down_by: Vec<FaultId>,
    /// Faults that keep its member of etcd down.
    etcd_down_by: Vec<FaultId>,
    /// Its processes run.
    runs: bool,
    /// When they will, if the machine boots.
    runs_at: Instant,
}

impl Members {
    /// Every machine runs.
    pub fn new(spec: &ControlPlane) -> Members {
        let member = |member: &crate::spec::Member| Member {
            role: member.role,
            down_by: Vec::new(),
            etcd_down_by: Vec::new(),
            runs: true,
            runs_at: Instant::NEVER,
        };
        Members {
            members: spec.members.iter().map(member).collect(),
            quorum: spec.quorum(),
            cut_by: Vec::new(),
        }
    }

    /// Every machine, in order of ids.
    pub fn ids(&self) -> impl Iterator<Item = MemberId> + use<> {
        (0..self.members.len()).map(MemberId::from)
    }

    /// Whether the machine has power and its processes run.
    pub fn runs(&self, member: MemberId) -> bool {
        self.of(member).runs
    }

    /// When the machine's processes will run; never unless it boots.
    pub fn runs_at(&self, member: MemberId) -> Instant {
        self.of(member).runs_at
    }

    /// Whether controller-manager and scheduler run there.
    pub fn has_candidates(&self, member: MemberId) -> bool {
        self.of(member).runs && self.of(member).role.has_api_server()
    }

    /// Members of etcd that run.
    pub fn etcd(&self) -> impl Iterator<Item = MemberId> + '_ {
        self.ids().filter(|member| self.of(*member).etcd_runs())
    }

    /// Whether enough members of etcd run to agree on anything.
    pub fn has_quorum(&self) -> bool {
        self.etcd().count() >= self.quorum
    }

    /// Whether some API server can be reached that has a member of etcd to ask.
    pub fn has_api_server(&self) -> bool {
        let serves = |member: &Member| match member.role {
            Role::Stacked => member.etcd_runs(),
            Role::ApiServer => member.runs,
            Role::Etcd => false,
        };
        self.cut_by.is_empty() && self.members.iter().any(serves)
    }

    /// The machine loses power, or is kept down by one more fault. Returns whether it had power.
    pub fn crash(&mut self, member: MemberId, fault: FaultId) -> bool {
        let member = &mut self.members[member.index()];
        member.down_by.push(fault);
        (member.runs, member.runs_at) = (false, Instant::NEVER);
        member.down_by.len() == 1
    }

    /// One fault less keeps the machine down; without any it boots until `runs_at`. Returns whether it has power.
    pub fn restore(&mut self, member: MemberId, fault: FaultId, runs_at: Instant) -> bool {
        let member = &mut self.members[member.index()];
        lift(&mut member.down_by, fault);
        if member.down_by.is_empty() {
            member.runs_at = runs_at;
        }
        member.down_by.is_empty()
    }

    /// The machine has booted.
    pub fn start(&mut self, member: MemberId) {
        let member = &mut self.members[member.index()];
        (member.runs, member.runs_at) = (true, Instant::NEVER);
    }

    /// A member of etcd stops, or is kept from running by one more fault.
    pub fn stop_etcd(&mut self, member: MemberId, fault: FaultId) {
        self.members[member.index()].etcd_down_by.push(fault);
    }

    /// One fault less keeps a member of etcd from running.
    pub fn start_etcd(&mut self, member: MemberId, fault: FaultId) {
        lift(&mut self.members[member.index()].etcd_down_by, fault);
    }

    /// Nobody reaches an API server any more.
    pub fn cut(&mut self, fault: FaultId) {
        self.cut_by.push(fault);
    }

    /// One fault less stands between API servers and everybody.
    pub fn heal(&mut self, fault: FaultId) {
        lift(&mut self.cut_by, fault);
    }

    fn of(&self, member: MemberId) -> &Member {
        &self.members[member.index()]
    }
}

impl Member {
    fn etcd_runs(&self) -> bool {
        self.runs && self.role.has_etcd() && self.etcd_down_by.is_empty()
    }
}

fn lift(faults: &mut Vec<FaultId>, fault: FaultId) {
    let at = faults.iter().position(|other| *other == fault).expect("only what began ends");
    faults.remove(at);
}
