//! The control plane: the machines it runs on, and how long its parts take to notice and to start.

use serde::Serialize;

use crate::ids::{RackId, ZoneId};
use crate::time::Span;

/// Machines of the control plane, and their timings under upstream's flag names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ControlPlane {
    /// Its machines, in order of ids.
    pub members: Vec<Member>,
    /// `--leader-elect-lease-duration`: a lease not renewed for this long may be taken.
    pub lease_duration: Span,
    /// `--leader-elect-renew-deadline`: a leader that fails to renew for this long exits.
    pub renew_deadline: Span,
    /// `--leader-elect-retry-period`: gap between two tries to renew, and with jitter between two to acquire.
    pub retry_period: Span,
    /// etcd `--election-timeout`: a follower that hears nothing for one to two of these stands for election.
    pub etcd_election_timeout: Span,
    /// From power to an etcd member, an API server and candidates that work.
    pub member_start: Span,
    /// From the exit of a process until its kubelet has it running again.
    pub process_restart: Span,
    /// From the election of a leader until its informers have listed everything, when it begins to act.
    pub informer_sync: Span,
}

/// A machine of the control plane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Name, unique among the members.
    pub name: String,
    /// The zone it stands in.
    pub zone: ZoneId,
    /// The rack it stands in.
    pub rack: Option<RackId>,
    /// What runs on it.
    pub role: Role,
}

/// What runs on a machine of the control plane. Controller-manager and scheduler run wherever an API server does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Role {
    /// A member of etcd, and an API server that uses this member only, as kubeadm's stacked topology has it.
    Stacked,
    /// An API server that uses any member of etcd.
    ApiServer,
    /// A member of etcd.
    Etcd,
}

/// A component of which one process leads, and the others wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Component {
    /// kube-controller-manager: all controllers of this model.
    ControllerManager,
    /// kube-scheduler.
    Scheduler,
}

impl Role {
    /// Whether a member of etcd runs there.
    pub fn has_etcd(self) -> bool {
        self != Role::ApiServer
    }

    /// Whether an API server runs there, and with it a controller-manager and a scheduler.
    pub fn has_api_server(self) -> bool {
        self != Role::Etcd
    }
}

impl Component {
    /// Both.
    pub const ALL: [Component; 2] = [Component::ControllerManager, Component::Scheduler];

    /// Upstream's name.
    pub fn name(self) -> &'static str {
        match self {
            Component::ControllerManager => "kube-controller-manager",
            Component::Scheduler => "kube-scheduler",
        }
    }
}

impl ControlPlane {
    /// These machines, with upstream's defaults (component-base/config/v1alpha1, etcd's `DefaultElectionTicks`), and
    /// assumptions for what depends on the machines and on the size of the cluster.
    pub fn of(members: Vec<Member>) -> ControlPlane {
        ControlPlane {
            members,
            lease_duration: Span::secs(15),
            renew_deadline: Span::secs(10),
            retry_period: Span::secs(2),
            etcd_election_timeout: Span::secs(1),
            member_start: Span::secs(20),
            process_restart: Span::secs(1),
            informer_sync: Span::secs(2),
        }
    }

    /// Members of etcd that must work together: more than half.
    pub fn quorum(&self) -> usize {
        self.members.iter().filter(|member| member.role.has_etcd()).count() / 2 + 1
    }
}
