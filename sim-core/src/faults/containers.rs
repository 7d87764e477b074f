//! Stochastic faults of containers: a container's clock starts with its process, since it is the process that ages.

use crate::ids::{FaultId, PodId, TemplateId};
use crate::model::Model;
use crate::moment::Moment;
use crate::rng::{EntityKey, Purpose};
use crate::spec::{FaultKind, FaultTiming};
use crate::time::Instant;
use crate::world::physical::{Physical, PhysicalChange};

/// What will befall each running container next.
#[derive(Clone, Debug, Default)]
pub struct ContainerFaults {
    pods: Vec<Vec<Fate>>,
}

#[derive(Clone, Copy, Debug)]
struct Fate {
    at: Instant,
    harm: Harm,
    /// Processes of the container so far: each has luck of its own.
    starts: u64,
}

#[derive(Clone, Copy, Debug)]
enum Harm {
    Strike(FaultId),
    Recover,
}

/// Whose container it is, as the faults need to know it.
#[derive(Clone, Copy, Debug)]
pub struct Victim {
    /// The pod.
    pub pod: PodId,
    /// Template that it was made from.
    pub template: TemplateId,
    /// Whose luck the pod's is.
    pub key: EntityKey,
}

const SAFE: Fate = Fate { at: Instant::NEVER, harm: Harm::Strike(FaultId(0)), starts: 0 };

impl ContainerFaults {
    /// A new pod in a slot: nothing runs yet.
    pub fn forget(&mut self, pod: PodId, containers: usize) {
        while self.pods.len() <= pod.index() {
            self.pods.push(Vec::new());
        }
        let fates = &mut self.pods[pod.index()];
        fates.clear();
        fates.resize(containers, SAFE);
    }

    /// A process started: which fault will strike it first, and when.
    pub fn started(&mut self, victim: Victim, container: usize, at: &Moment) {
        let fate = &mut self.pods[victim.pod.index()][container];
        fate.at = Instant::NEVER;
        for fault in at.model.container_faults(victim.template) {
            let FaultTiming::Stochastic { time_to_failure, .. } = &at.model.fault(*fault).timing else {
                continue;
            };
            let key = victim.fault_key(at.model, *fault, container);
            let mut draw = at.luck.draw(Purpose::TimeToFailure, key, fate.starts);
            let strikes = at.now + time_to_failure.sample(&mut draw);
            if strikes < fate.at {
                fate.at = strikes;
                fate.harm = Harm::Strike(*fault);
            }
        }
        fate.starts += 1;
    }

    /// A process ended: nothing can befall it any more.
    pub fn ended(&mut self, pod: PodId, container: usize) {
        self.pods[pod.index()][container].at = Instant::NEVER;
    }

    /// The machine lost power: nothing runs.
    pub fn power_lost(&mut self, pod: PodId) {
        for fate in &mut self.pods[pod.index()] {
            fate.at = Instant::NEVER;
        }
    }

    /// When something befalls one of the pod's containers.
    pub fn next(&self, pod: PodId) -> Instant {
        self.pods[pod.index()].iter().map(|fate| fate.at).min().unwrap_or(Instant::NEVER)
    }

    /// Something befalls the pod's containers. Returns the fault that struck, if one did.
    pub fn strike(
        &mut self,
        victim: Victim,
        at: &Moment,
        physical: &mut Physical,
        changes: &mut Vec<PhysicalChange>,
    ) -> Option<FaultId> {
        let fates = &mut self.pods[victim.pod.index()];
        let container = fates.iter().position(|fate| fate.at <= at.now)?;
        let harm = fates[container].harm;
        fates[container].at = Instant::NEVER;
        match harm {
            Harm::Strike(fault) => {
                self.inflict(fault, victim, container, at, physical, changes);
                Some(fault)
            }
            Harm::Recover => {
                physical.unhang(victim.pod, container, changes);
                self.started(victim, container, at);
                None
            }
        }
    }

    /// A fault strikes a running container, now.
    pub fn inflict(
        &mut self,
        fault: FaultId,
        victim: Victim,
        container: usize,
        at: &Moment,
        physical: &mut Physical,
        changes: &mut Vec<PhysicalChange>,
    ) {
        if matches!(at.model.fault(fault).kind, FaultKind::ContainerCrash(_) | FaultKind::OomKill(_)) {
            return physical.exit(victim.pod, container, fault.into(), changes);
        }
        physical.hang(victim.pod, container, fault.into(), changes);
        let fate = &mut self.pods[victim.pod.index()][container];
        fate.harm = Harm::Recover;
        fate.at = match &at.model.fault(fault).timing {
            FaultTiming::Scheduled { duration, .. } => at.now + *duration,
            FaultTiming::Stochastic { time_to_repair, .. } => {
                let key = victim.fault_key(at.model, fault, container);
                at.now + time_to_repair.sample(&mut at.luck.draw(Purpose::TimeToRepair, key, fate.starts))
            }
            FaultTiming::Replayed(_) => unreachable!("traces are of machines"),
        };
    }
}

impl Victim {
    fn fault_key(&self, model: &Model, fault: FaultId, container: usize) -> EntityKey {
        self.key.child(container as u64).with(model.fault_key(fault))
    }
}
