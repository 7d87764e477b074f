//! Faults of machines and of whole failure domains: one clock for each target, or for each schedule.

use crate::ids::{FaultId, NodeId, WorkloadId};
use crate::model::Model;
use crate::rng::{EntityKey, Luck, Purpose};
use crate::spec::{Cluster, Fault, FaultKind, FaultTiming};
use crate::time::Instant;
use crate::topology::{Domain, Topology};

/// What one clock strikes, known before any run.
#[derive(Clone, Debug)]
pub struct Aim {
    /// The fault.
    pub fault: FaultId,
    /// Whose luck the clock has.
    pub key: EntityKey,
    /// What it strikes.
    pub target: Target,
}

/// What a clock strikes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// These machines at once.
    Machines(Vec<NodeId>),
    /// Running containers of pods of these workloads.
    Containers(Vec<WorkloadId>),
    /// A pod object of each of these workloads.
    Pods(Vec<WorkloadId>),
    /// The kubelets of these nodes.
    Kubelets(Vec<NodeId>),
    /// The image registry.
    Registry,
}

/// What is to be done because a clock has struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// Harm begins.
    Strike,
    /// Harm ends.
    Heal,
}

/// A clock that runs.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Strikes and heals so far.
    strikes: u64,
    heals: u64,
    next: Instant,
    next_heal: Instant,
}

/// The aims of a scenario: a stochastic fault has a clock for each of its targets, a scheduled one has one for all.
/// Stochastic faults of containers run on the containers' own time and are not here.
pub fn aims(faults: &[Fault], cluster: &Cluster, workloads: &[String], topology: &Topology) -> Vec<Aim> {
    let mut aims = Vec::new();
    for (id, fault) in faults.iter().enumerate() {
        let scheduled = matches!(fault.timing, FaultTiming::Scheduled { .. });
        let mut targets = targets(fault, cluster, workloads, topology);
        if scheduled {
            targets = vec![(String::from("*"), together(targets.into_iter().map(|(_, target)| target)))];
        } else if let [(_, Target::Containers(_)), ..] = targets[..] {
            continue;
        }
        let aim = |(name, target)| Aim {
            fault: FaultId::from(id),
            key: EntityKey::new(&format!("fault/{}/{name}", fault.name)),
            target,
        };
        aims.extend(targets.into_iter().map(aim));
    }
    aims
}

fn targets(
    fault: &Fault,
    cluster: &Cluster,
    workloads: &[String],
    topology: &Topology,
) -> Vec<(String, Target)> {
    let under = |name: &str, domain| (name.to_owned(), Target::Machines(topology.machines_under(domain)));
    let workload = |id: &WorkloadId| workloads[id.index()].clone();
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
        FaultKind::KubeletCrash(nodes) => {
            let kubelet = |id: &NodeId| (cluster.nodes[id.index()].name.clone(), Target::Kubelets(vec![*id]));
            nodes.iter().map(kubelet).collect()
        }
        FaultKind::RegistryOutage => vec![(String::from("registry"), Target::Registry)],
        FaultKind::ContainerCrash(target) | FaultKind::OomKill(target) | FaultKind::ContainerHang(target) => {
            target.workloads.iter().map(|id| (workload(id), Target::Containers(vec![*id]))).collect()
        }
        FaultKind::PodKill { target, .. } => {
            target.workloads.iter().map(|id| (workload(id), Target::Pods(vec![*id]))).collect()
        }
    }
}

/// One target out of several of a kind.
fn together(targets: impl Iterator<Item = Target>) -> Target {
    let join = |all: Target, more: Target| match (all, more) {
        (Target::Machines(mut all), Target::Machines(more)) => {
            all.extend(more);
            Target::Machines(all)
        }
        (Target::Containers(mut all), Target::Containers(more)) => {
            all.extend(more);
            Target::Containers(all)
        }
        (Target::Pods(mut all), Target::Pods(more)) => {
            all.extend(more);
            Target::Pods(all)
        }
        (Target::Kubelets(mut all), Target::Kubelets(more)) => {
            all.extend(more);
            Target::Kubelets(all)
        }
        _ => unreachable!("a fault has targets of one kind"),
    };
    targets.reduce(join).unwrap_or(Target::Machines(Vec::new()))
}

impl Clock {
    /// A clock set at the start of a run, when all is well.
    pub fn start(aim: &Aim, model: &Model, luck: &Luck) -> Clock {
        let mut clock = Clock { strikes: 0, heals: 0, next: Instant::NEVER, next_heal: Instant::NEVER };
        clock.next = clock.onset(aim, model, luck, Instant::ZERO);
        clock
    }

    /// When it strikes or heals next.
    pub fn next(&self) -> Instant {
        self.next.min(self.next_heal)
    }

    /// Which draw of its luck the last strike was.
    pub fn strikes(&self) -> u64 {
        self.strikes
    }

    /// What is due at `now`, after which the clock runs on. Healing comes before striking.
    pub fn ring(&mut self, aim: &Aim, model: &Model, luck: &Luck, now: Instant) -> Stroke {
        if self.next_heal <= now {
            self.heals += 1;
            self.next_heal = self.scheduled_heal(aim, model);
            if let FaultTiming::Stochastic { .. } = model.fault(aim.fault).timing {
                self.next = self.onset(aim, model, luck, now);
            }
            return Stroke::Heal;
        }
        self.strikes += 1;
        match &model.fault(aim.fault).timing {
            FaultTiming::Stochastic { .. } if matches!(aim.target, Target::Pods(_)) => {
                self.next = self.onset(aim, model, luck, now);
            }
            FaultTiming::Stochastic { time_to_repair, .. } => {
                let mut draw = luck.draw(Purpose::TimeToRepair, aim.key, self.strikes - 1);
                self.next_heal = now + time_to_repair.sample(&mut draw);
                self.next = Instant::NEVER;
            }
            FaultTiming::Scheduled { .. } => {
                self.next = self.onset(aim, model, luck, now);
                self.next_heal = self.scheduled_heal(aim, model);
            }
        }
        Stroke::Strike
    }

    fn onset(&self, aim: &Aim, model: &Model, luck: &Luck, now: Instant) -> Instant {
        match &model.fault(aim.fault).timing {
            FaultTiming::Stochastic { time_to_failure, .. } => {
                now + time_to_failure.sample(&mut luck.draw(Purpose::TimeToFailure, aim.key, self.strikes))
            }
            FaultTiming::Scheduled { at, .. } => {
                at.get(self.strikes as usize).copied().unwrap_or(Instant::NEVER)
            }
        }
    }

    /// Scheduled strikes last equally long, so they heal in the order in which they struck.
    fn scheduled_heal(&self, aim: &Aim, model: &Model) -> Instant {
        match &model.fault(aim.fault).timing {
            FaultTiming::Scheduled { at, duration }
                if self.heals < self.strikes && !matches!(aim.target, Target::Pods(_)) =>
            {
                at[self.heals as usize] + *duration
            }
            _ => Instant::NEVER,
        }
    }
}
