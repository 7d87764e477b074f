//! Who may act while the control plane is not all there. Whoever may not has his wake-up kept until he may; what a
//! kubelet could not write is kept on its node.

use super::control_plane::ControlPlane;
use super::sim::Sim;
use super::timers::Wake;
use crate::ids::{NodeId, PodId};
use crate::model::Model;
use crate::observers::timeline::Watch;
use crate::outcome::Actor;
use crate::rng::{Luck, Purpose};
use crate::spec::Component;
use crate::time::{Instant, Span};
use crate::world::api::{Api, Change, ReadyBy, Request};

/// A kubelet's status manager tries again this often (`syncPeriod`, pkg/kubelet/status/status_manager.go).
const STATUS_SYNC_PERIOD: Span = Span::secs(10);
/// A request that waits no longer than this for a leader of etcd is answered after all (`ReqTimeout`,
/// server/config/config.go of etcd: 5 s and twice the election timeout).
const REQUEST_TIMEOUT: Span = Span::secs(7);

/// What waits for the control plane.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    /// Wake-ups of those who could not act, in the order of their coming.
    waiting: Vec<Wake>,
    /// By node: what its kubelet has to tell.
    unreported: Vec<Vec<Request>>,
    /// What others wanted.
    unsent: Vec<Request>,
    /// By node: when its kubelet tries again.
    phases: Vec<Span>,
    /// Pods of which a restart was seen, but not reported yet; once for each.
    restarted: Vec<PodId>,
}

/// Who does what a wake-up or a request asks for, by what he needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Client {
    /// Nobody that needs the API: physics, and what a machine does by itself.
    Local,
    /// Whoever only needs the API.
    Anyone,
    /// A kubelet that starts, or that has something to tell: it needs the API.
    Kubelet(NodeId),
    /// A component: it needs the API, and a leader.
    Leader(Component),
}

impl Gate {
    /// Nobody waits.
    pub fn new(model: &Model, luck: &Luck) -> Gate {
        let nodes = model.scenario().cluster.nodes.len();
        let phase = |node| luck.draw(Purpose::StatusPhase, model.node_key(NodeId::from(node)), 0).unit();
        Gate {
            waiting: Vec::new(),
            unreported: vec![Vec::new(); nodes],
            unsent: Vec::new(),
            phases: (0..nodes).map(|node| STATUS_SYNC_PERIOD.part(phase(node))).collect(),
            restarted: Vec::new(),
        }
    }

    /// Forgets the wake-ups of a component: who takes over starts afresh.
    pub fn forget(&mut self, component: Component) {
        self.waiting.retain(|wake| client_of_wake(*wake) != Client::Leader(component));
    }

    fn has_news(&self, node: NodeId) -> bool {
        !self.unreported[node.index()].is_empty()
    }

    fn wait(&mut self, wake: Wake) {
        if !self.waiting.contains(&wake) {
            self.waiting.push(wake);
        }
    }

    /// Only the last word on a pod's condition will be told.
    fn keep(&mut self, node: NodeId, request: Request) {
        let unreported = &mut self.unreported[node.index()];
        unreported.retain(|earlier| !replaces(request, *earlier));
        unreported.push(request);
    }
}

impl ControlPlane {
    fn lets(&self, client: Client) -> bool {
        match client {
            Client::Local => true,
            Client::Anyone | Client::Kubelet(_) => self.api_up,
            Client::Leader(component) => self.acts(component),
        }
    }

    /// When a kubelet whose requests failed tries again. After a short time they only waited.
    fn retries_at(&self, node: NodeId, now: Instant) -> Instant {
        let first = Instant::ZERO + self.gate.phases[node.index()];
        let waited = self.back_at.since(self.lost_at) <= REQUEST_TIMEOUT;
        if waited { now } else { first.next_tick(STATUS_SYNC_PERIOD, now) }
    }
}

impl<W: Watch> Sim<'_, W> {
    /// Whether the one who is woken may act; otherwise the wake-up is kept.
    #[cold]
    #[inline(never)]
    pub(super) fn admits(&mut self, wake: Wake) -> bool {
        let Some(plane) = &mut self.control_plane else { return true };
        let admitted = plane.lets(client_of_wake(wake));
        if !admitted {
            plane.gate.wait(wake);
        }
        admitted
    }

    /// Whether a request cannot be written now; it is kept, except for what the next leader decides anew.
    #[cold]
    #[inline(never)]
    pub(super) fn holds_back(&mut self, request: Request) -> bool {
        let Some(plane) = &mut self.control_plane else { return false };
        let client = client_of_request(request, &self.api);
        let admitted = plane.lets(client);
        match client {
            Client::Kubelet(node) if !admitted || plane.gate.has_news(node) => {
                plane.gate.keep(node, request);
                if admitted {
                    self.report(node);
                } else {
                    self.narrate_unreported(request);
                }
                return true;
            }
            Client::Anyone if !admitted => plane.gate.unsent.push(request),
            _ => {}
        }
        !admitted
    }

    /// The API is back: whoever waited for it goes on, each kubelet at its next try.
    pub(super) fn reopen(&mut self) {
        let Some(plane) = &mut self.control_plane else { return };
        let waiting = std::mem::take(&mut plane.gate.waiting);
        let (free, shut): (Vec<Wake>, Vec<Wake>) =
            waiting.into_iter().partition(|wake| plane.lets(client_of_wake(*wake)));
        plane.gate.waiting = shut;
        for wake in free {
            let at = match client_of_wake(wake) {
                Client::Kubelet(node) => plane.retries_at(node, self.now),
                _ => self.now,
            };
            self.timers.arm(wake, at);
        }
        let has_news = |(_, unreported): &(usize, &Vec<Request>)| !unreported.is_empty();
        for (node, _) in plane.gate.unreported.iter().enumerate().filter(has_news) {
            self.timers.arm(Wake::Report(node.into()), plane.retries_at(node.into(), self.now));
        }
        self.requests.append(&mut plane.gate.unsent);
    }

    /// A kubelet, if it runs, tells what it could not write.
    pub(super) fn report(&mut self, node: NodeId) {
        let Some(plane) = &mut self.control_plane else { return };
        if self.leases.runs(node) {
            self.requests.append(&mut plane.gate.unreported[node.index()]);
        }
    }

    /// With its machine's power goes what a kubelet had to tell, but for the pods whose end it will find again.
    pub(super) fn forget_status(&mut self, node: NodeId) {
        if let Some(plane) = &mut self.control_plane {
            plane.gate.waiting.retain(|wake| *wake != Wake::Boot(node));
            plane.gate.unreported[node.index()].retain(|request| matches!(request, Request::Remove(_)));
        }
    }

    /// When the API last heard of a lease whose kubelet renewed it at `renewal`.
    pub(super) fn heard(&self, renewal: Instant) -> Instant {
        match &self.control_plane {
            Some(plane) if renewal >= plane.lost_at && !plane.api_up => plane.lost_at,
            Some(plane) if renewal >= plane.lost_at && renewal < plane.back_at => plane.back_at,
            _ => renewal,
        }
    }

    /// Whether a restart that is reported now was told of when it happened.
    pub(super) fn reports_late(&self, pod: PodId) -> bool {
        self.control_plane.as_ref().is_some_and(|plane| plane.gate.restarted.contains(&pod))
    }

    /// A restart has been reported.
    pub(super) fn restart_is_told(&mut self, change: Change) {
        if let (Change::PodRestarted(pod), Some(plane)) = (change, &mut self.control_plane)
            && let Some(place) = plane.gate.restarted.iter().position(|other| *other == pod)
        {
            plane.gate.restarted.swap_remove(place);
        }
    }

    fn narrate_unreported(&mut self, request: Request) {
        if let (Request::CountRestart(pod), Some(plane), true) =
            (request, &mut self.control_plane, W::LISTENS)
        {
            plane.gate.restarted.push(pod);
            self.tell(Actor::Kubelet, |sim| format!("restarts a container of pod {}", sim.pod_name(pod)));
        }
    }
}

/// Every wake-up has its client; what comes to be added needs one too.
fn client_of_wake(wake: Wake) -> Client {
    match wake {
        Wake::Operation | Wake::Drains | Wake::Upgrades | Wake::Scan => Client::Anyone,
        Wake::Boot(node) => Client::Kubelet(node),
        Wake::Scheduler => Client::Leader(Component::Scheduler),
        Wake::Token
        | Wake::Tainting
        | Wake::Health(_)
        | Wake::Evictions(_)
        | Wake::PodGc(_)
        | Wake::Deployment(_)
        | Wake::StatefulSet(_)
        | Wake::DaemonSet(_)
        | Wake::Job(_)
        | Wake::CronJob(_)
        | Wake::Volume(_)
        | Wake::Budget(_)
        | Wake::Autoscaler(_)
        | Wake::Endpoints(_)
        | Wake::Set(_) => Client::Leader(Component::ControllerManager),
        Wake::Horizon
        | Wake::WarmUp
        | Wake::Rates
        | Wake::Proxies
        | Wake::Ingress
        | Wake::Clock(_)
        | Wake::Balancer(_)
        | Wake::Scrape
        | Wake::Provision(_)
        | Wake::Worker(_)
        | Wake::Fate(_)
        | Wake::EtcdElection
        | Wake::Leadership(_)
        | Wake::Member(_)
        | Wake::Report(_) => Client::Local,
    }
}

/// Requests of those whose wake-ups were let through need only the API, those of kubelets are kept on their nodes.
/// Taints follow at once from what others write, and then the node controller must be there.
fn client_of_request(request: Request, api: &Api) -> Client {
    match request {
        Request::SetNodeTaints { .. } => Client::Leader(Component::ControllerManager),
        Request::SetNodeReady(node, _) | Request::RegisterNode(node) | Request::ReleaseVolume(_, node) => {
            Client::Kubelet(node)
        }
        Request::SetPodReady { pod, by: ReadyBy::Kubelet, .. }
        | Request::SetPodPhase { pod, .. }
        | Request::CountRestart(pod)
        | Request::Remove(pod) => {
            api.pod(pod).and_then(|pod| pod.node).map_or(Client::Anyone, Client::Kubelet)
        }
        _ => Client::Anyone,
    }
}

/// Whether a later request says anew what an earlier one said.
fn replaces(later: Request, earlier: Request) -> bool {
    match (later, earlier) {
        (Request::SetPodReady { pod, .. }, Request::SetPodReady { pod: same, .. })
        | (Request::SetPodPhase { pod, .. }, Request::SetPodPhase { pod: same, .. }) => pod == same,
        _ => false,
    }
}
