//! What faults strike, known before any run.

use crate::ids::{FaultId, MemberId, NodeId, RegionId, WorkloadId};
use crate::rng::EntityKey;
use crate::spec::{Component, Fault, FaultKind, FaultTiming, Member, NodeGroup, Scenario, Shock};
use crate::topology::{Domain, Topology};

/// What one clock strikes.
#[derive(Clone, Debug)]
pub struct Aim {
    /// The fault.
    pub fault: FaultId,
    /// Whose luck the clock has.
    pub key: EntityKey,
    /// What it strikes.
    pub target: Target,
    /// Which of the fault's targets that is.
    pub position: usize,
    /// Share of the target's failures that are its own; the others come from shocks.
    pub own_share: f64,
}

/// What a clock strikes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// These machines at once.
    Machines(Machines),
    /// Running containers of pods of these workloads.
    Containers(Vec<WorkloadId>),
    /// A pod object of each of these workloads.
    Pods(Vec<WorkloadId>),
    /// The kubelets of these nodes.
    Kubelets(Vec<NodeId>),
    /// The image registry.
    Registry,
    /// These members of etcd.
    Etcd(Vec<MemberId>),
    /// The way to every API server.
    ApiServers,
    /// The leading process of a component.
    Leader(Component),
    /// These spot machines.
    Spot(Vec<NodeId>),
    /// Some of these other clocks, which strike before their time then.
    Clocks(Vec<u32>),
}

impl Target {
    /// Whether a strike is over at once, so that the clock runs on.
    pub fn heals_at_once(&self) -> bool {
        matches!(self, Target::Pods(_) | Target::Clocks(_))
    }

    /// Machines under nodes that it strikes.
    fn nodes(&self) -> &[NodeId] {
        match self {
            Target::Machines(machines) => &machines.nodes,
            Target::Spot(nodes) => nodes,
            _ => &[],
        }
    }
}

/// Machines of both sorts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machines {
    /// Under nodes.
    pub nodes: Vec<NodeId>,
    /// Of the control plane.
    pub members: Vec<MemberId>,
}

/// The aims of a scenario: a stochastic fault has a clock for each of its targets, a scheduled one has one for all.
/// Stochastic faults of containers run on the containers' own time and are not here.
pub fn aims(scenario: &Scenario, workloads: &[String], topology: &Topology) -> Vec<Aim> {
    let field = Field { scenario, workloads, topology };
    let mut aims: Vec<Aim> = Vec::new();
    for (id, fault) in scenario.faults.iter().enumerate() {
        let mut targets = match &fault.kind {
            FaultKind::Shock(shock) => shocked(shock, &aims),
            _ => field.targets(fault),
        };
        if matches!(fault.timing, FaultTiming::Scheduled { .. }) {
            targets = vec![(String::from("*"), together(targets.into_iter().map(|(_, target)| target)))];
        } else if let [(_, Target::Containers(_)), ..] = targets[..] {
            continue;
        }
        let aim = |(position, (name, target))| Aim {
            fault: FaultId::from(id),
            key: EntityKey::new(&format!("fault/{}/{name}", fault.name)),
            own_share: own_share(scenario, FaultId::from(id), &target),
            target,
            position,
        };
        aims.extend(targets.into_iter().enumerate().map(aim));
    }
    aims
}

/// Share of a target's failures that no shock brings.
fn own_share(scenario: &Scenario, fault: FaultId, target: &Target) -> f64 {
    let nodes = target.nodes();
    let reaches = |shock: &Shock| {
        let within = |group: &NodeGroup| nodes.iter().all(|node| group.nodes.contains(node));
        !nodes.is_empty() && shock.groups.iter().any(within)
    };
    let shocks = scenario.faults.iter().filter_map(|other| match &other.kind {
        FaultKind::Shock(shock) if shock.of == fault && reaches(shock) => Some(shock.share),
        _ => None,
    });
    1.0 - shocks.sum::<f64>()
}

/// The clocks of each group that a shock strikes; the fault that they belong to comes before it in the scenario.
fn shocked(shock: &Shock, aims: &[Aim]) -> Vec<(String, Target)> {
    let is_of = |aim: &Aim, node: NodeId| aim.fault == shock.of && aim.target.nodes() == [node];
    let clock = |node: &NodeId| aims.iter().position(|aim| is_of(aim, *node)).map(|clock| clock as u32);
    let of_group = |group: &NodeGroup| {
        (group.name.clone(), Target::Clocks(group.nodes.iter().filter_map(clock).collect()))
    };
    shock.groups.iter().map(of_group).collect()
}

/// Where targets are looked for.
struct Field<'a> {
    scenario: &'a Scenario,
    workloads: &'a [String],
    topology: &'a Topology,
}

impl Field<'_> {
    fn targets(&self, fault: &Fault) -> Vec<(String, Target)> {
        let cluster = &self.scenario.cluster;
        let under = |name: &str, domain| (name.to_owned(), Target::Machines(self.machines_under(domain)));
        let workload = |id: &WorkloadId| self.workloads[id.index()].clone();
        match &fault.kind {
            FaultKind::MachineCrash(nodes) | FaultKind::MachineReboot(nodes) => {
                nodes.iter().map(|id| under(&cluster.nodes[id.index()].name, Domain::Machine(*id))).collect()
            }
            FaultKind::RackOutage(racks) => {
                racks.iter().map(|id| under(&cluster.racks[id.index()].name, Domain::Rack(*id))).collect()
            }
            FaultKind::ZoneOutage(zones) => {
                zones.iter().map(|id| under(&cluster.zones[id.index()].name, Domain::Zone(*id))).collect()
            }
            FaultKind::RegionOutage(regions) => {
                let region = |id: &RegionId| under(&cluster.regions[id.index()], Domain::Region(*id));
                regions.iter().map(region).collect()
            }
            FaultKind::GroupOutage(groups) => groups.iter().map(machines_of).collect(),
            FaultKind::SpotInterruption { nodes, .. } => {
                let spot = |id: &NodeId| (cluster.nodes[id.index()].name.clone(), Target::Spot(vec![*id]));
                nodes.iter().map(spot).collect()
            }
            FaultKind::Shock(_) => unreachable!("a shock strikes clocks"),
            FaultKind::KubeletCrash(nodes) => {
                let kubelet =
                    |id: &NodeId| (cluster.nodes[id.index()].name.clone(), Target::Kubelets(vec![*id]));
                nodes.iter().map(kubelet).collect()
            }
            FaultKind::RegistryOutage => vec![(String::from("registry"), Target::Registry)],
            FaultKind::ContainerCrash(target)
            | FaultKind::OomKill(target)
            | FaultKind::ContainerHang(target) => {
                target.workloads.iter().map(|id| (workload(id), Target::Containers(vec![*id]))).collect()
            }
            FaultKind::PodKill { target, .. } => {
                target.workloads.iter().map(|id| (workload(id), Target::Pods(vec![*id]))).collect()
            }
            FaultKind::ControlPlaneCrash(members) => {
                self.each(members, |members| Target::Machines(Machines { members, ..Machines::default() }))
            }
            FaultKind::EtcdMemberCrash(members) => self.each(members, Target::Etcd),
            FaultKind::ApiServerOutage => vec![(String::from("kube-apiserver"), Target::ApiServers)],
            FaultKind::LeaderCrash(component) => {
                vec![(component.name().to_owned(), Target::Leader(*component))]
            }
        }
    }

    fn each(&self, ids: &[MemberId], target: fn(Vec<MemberId>) -> Target) -> Vec<(String, Target)> {
        ids.iter().map(|id| (self.members()[id.index()].name.clone(), target(vec![*id]))).collect()
    }

    /// The machines of both sorts that fail when the domain does.
    fn machines_under(&self, domain: Domain) -> Machines {
        let stands_there = |member: &Member| match domain {
            Domain::Region(region) => self.scenario.cluster.zones[member.zone.index()].region == region,
            Domain::Zone(zone) => member.zone == zone,
            Domain::Rack(rack) => member.rack == Some(rack),
            Domain::Machine(_) => false,
        };
        let members = self.members().iter().enumerate().filter(|(_, member)| stands_there(member));
        Machines {
            members: members.map(|(id, _)| MemberId::from(id)).collect(),
            nodes: self.topology.machines_under(domain),
        }
    }

    fn members(&self) -> &[Member] {
        self.scenario.control_plane.as_ref().map_or(&[], |plane| &plane.members)
    }
}

fn machines_of(group: &NodeGroup) -> (String, Target) {
    let machines = Machines { nodes: group.nodes.clone(), ..Machines::default() };
    (group.name.clone(), Target::Machines(machines))
}

/// One target out of several of a kind.
fn together(targets: impl Iterator<Item = Target>) -> Target {
    let join = |mut all: Target, more: Target| {
        match (&mut all, more) {
            (Target::Machines(all), Target::Machines(more)) => {
                all.nodes.extend(more.nodes);
                all.members.extend(more.members);
            }
            (Target::Containers(all), Target::Containers(more)) => all.extend(more),
            (Target::Pods(all), Target::Pods(more)) => all.extend(more),
            (Target::Spot(all), Target::Spot(more)) => all.extend(more),
            (Target::Kubelets(all), Target::Kubelets(more)) => all.extend(more),
            (Target::Etcd(all), Target::Etcd(more)) => all.extend(more),
            _ => unreachable!("a fault has targets of one kind"),
        }
        all
    };
    targets.reduce(join).unwrap_or_else(|| Target::Machines(Machines::default()))
}
