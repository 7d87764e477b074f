//! The control plane, where it can fail: what its faults do to it, and what follows for those who need it.

use super::gate::Gate;
use super::sim::Sim;
use super::timers::Wake;
use crate::agents::etcd::Etcd;
use crate::controllers::leader_election::{LeaderElection, Turn};
use crate::faults::clocks::Stroke;
use crate::ids::{FaultId, MemberId};
use crate::model::Model;
use crate::moment::Moment;
use crate::observers::control_plane_meter::{ControlPlaneMeter, Working};
use crate::observers::timeline::Watch;
use crate::outcome::ControlPlaneOutcome;
use crate::rng::Luck;
use crate::spec::{self, Component};
use crate::time::Instant;
use crate::world::control_plane::Members;

/// All that is kept of it.
#[derive(Clone)]
pub(super) struct ControlPlane {
    pub members: Members,
    pub etcd: Etcd,
    /// In the order of [`Component::ALL`].
    pub leaders: [LeaderElection; 2],
    pub gate: Gate,
    /// Some API server answers, and can write.
    pub api_up: bool,
    /// When that last ended, and when it last began.
    pub lost_at: Instant,
    pub back_at: Instant,
    meter: ControlPlaneMeter,
}

impl ControlPlane {
    /// The control plane of a scenario that has one, with everything running.
    pub fn of(model: &Model, luck: Luck) -> Option<Box<ControlPlane>> {
        let spec = model.scenario().control_plane.as_ref()?;
        let at = Moment { now: Instant::ZERO, model, luck };
        let members = Members::new(spec);
        Some(Box::new(ControlPlane {
            etcd: Etcd::new(&members, spec, &at),
            leaders: Component::ALL.map(|component| LeaderElection::new(component, spec, &at)),
            gate: Gate::new(model, &luck),
            api_up: true,
            lost_at: Instant::ZERO,
            back_at: Instant::ZERO,
            meter: ControlPlaneMeter::new(),
            members,
        }))
    }

    /// Whether a component has a leader that can do its work.
    pub fn acts(&self, component: Component) -> bool {
        self.leaders[component as usize].acts()
    }

    /// Its figures at the end of the run.
    pub fn finish(&self, now: Instant) -> ControlPlaneOutcome {
        self.meter.finish(now)
    }

    fn working(&self) -> Working {
        Working {
            api: self.api_up,
            quorum: self.members.has_quorum(),
            controller_manager: self.acts(Component::ControllerManager),
            scheduler: self.acts(Component::Scheduler),
        }
    }
}

impl<'m, W: Watch> Sim<'m, W> {
    pub(super) fn reset_control_plane_meter(&mut self) {
        if let Some(plane) = &mut self.control_plane {
            plane.meter.reset(self.now);
        }
    }

    pub(super) fn crash_members(&mut self, members: &[MemberId], fault: FaultId) {
        for member in members {
            let Some((plane, spec, at)) = self.plane() else { return };
            if plane.members.crash(*member, fault) {
                let led = |election: &mut LeaderElection| election.member_down(*member, spec, &at);
                let led: Vec<bool> = plane.leaders.iter_mut().map(led).collect();
                self.timers.arm(Wake::Member(*member), Instant::NEVER);
                self.narrate_member(*member, fault);
                let lost = Component::ALL.into_iter().zip(led).filter(|(_, led)| *led);
                lost.for_each(|(component, _)| self.narrate_lead(component, "is gone with", *member, ""));
            }
        }
        self.control_plane_changed();
    }

    pub(super) fn restore_members(&mut self, members: &[MemberId], fault: FaultId) {
        for member in members {
            let Some((plane, spec, at)) = self.plane() else { return };
            let runs_at = at.now + spec.member_start;
            if plane.members.restore(*member, fault, runs_at) {
                self.timers.arm(Wake::Member(*member), runs_at);
                self.narrate_member_back(*member);
            }
        }
    }

    /// A machine has booted: its member of etcd joins, its API server answers, its candidates stand.
    pub(super) fn start_member(&mut self, member: MemberId) {
        let Some((plane, spec, at)) = self.plane() else { return };
        plane.members.start(member);
        if plane.members.has_candidates(member) {
            plane.leaders.iter_mut().for_each(|election| election.starts(member, at.now, spec, &at));
        }
        self.control_plane_changed();
    }

    pub(super) fn stop_etcd(&mut self, members: &[MemberId], stroke: Stroke, fault: FaultId) {
        self.count_strike(stroke, fault);
        for member in members {
            let Some((plane, ..)) = self.plane() else { return };
            match stroke {
                Stroke::Strike => plane.members.stop_etcd(*member, fault),
                Stroke::Heal => plane.members.start_etcd(*member, fault),
            }
            self.narrate_etcd_member(*member, stroke, fault);
        }
        self.control_plane_changed();
    }

    pub(super) fn cut_api_servers(&mut self, stroke: Stroke, fault: FaultId) {
        self.count_strike(stroke, fault);
        let Some((plane, ..)) = self.plane() else { return };
        match stroke {
            Stroke::Strike => plane.members.cut(fault),
            Stroke::Heal => plane.members.heal(fault),
        }
        self.narrate_cut(stroke, fault);
        self.control_plane_changed();
    }

    pub(super) fn strike_leader(&mut self, component: Component, stroke: Stroke, fault: FaultId) {
        self.count_strike(stroke, fault);
        let Some((plane, spec, at)) = self.plane() else { return };
        let election = &mut plane.leaders[component as usize];
        match stroke {
            Stroke::Heal => election.unbar(fault, spec, &at),
            Stroke::Strike => {
                election.bar(fault, spec, &at);
                if let Some(member) = election.process_exits(spec, &at) {
                    self.narrate_exit(component, member, fault);
                }
            }
        }
        self.control_plane_changed();
    }

    pub(super) fn end_etcd_election(&mut self) {
        let Some((plane, ..)) = self.plane() else { return };
        plane.etcd.elect();
        self.narrate_etcd();
        self.control_plane_changed();
    }

    pub(super) fn wake_leadership(&mut self, component: Component) {
        let Some((plane, spec, at)) = self.plane() else { return };
        match plane.leaders[component as usize].wake(spec, &at) {
            Some(Turn::Lost(member)) => {
                self.narrate_lead(component, "exits on", member, ": it cannot renew its lease");
            }
            Some(Turn::Won(member)) => {
                plane.meter.count_failover();
                self.narrate_lead(component, "takes the lease on", member, "");
            }
            Some(Turn::Acts(member)) => {
                self.narrate_lead(component, "acts on", member, ": it has listed everything");
                self.take_over(component);
            }
            None => {}
        }
        self.control_plane_changed();
    }

    /// Its state, what never changes of it, and the moment; none where it cannot fail.
    pub(super) fn plane(&mut self) -> Option<(&mut ControlPlane, &'m spec::ControlPlane, Moment<'m>)> {
        let (spec, at) = (self.model.scenario().control_plane.as_ref()?, self.moment());
        Some((self.control_plane.as_deref_mut()?, spec, at))
    }

    fn count_strike(&mut self, stroke: Stroke, fault: FaultId) {
        if stroke == Stroke::Strike {
            self.count_fault(fault);
        }
    }

    /// Something of it is different: what follows, for etcd, for the API, for leaders, for those who wait.
    fn control_plane_changed(&mut self) {
        let Some((plane, spec, at)) = self.plane() else { return };
        let agreed = plane.etcd.state();
        plane.etcd.members_changed(&plane.members, spec, &at);
        if plane.etcd.state() != agreed {
            self.narrate_etcd();
        }
        self.api_may_have_changed();
        self.note_what_works();
        self.arm_control_plane();
    }

    fn api_may_have_changed(&mut self) {
        let Some((plane, spec, at)) = self.plane() else { return };
        let api_up = plane.etcd.writes() && plane.members.has_api_server();
        if api_up == std::mem::replace(&mut plane.api_up, api_up) {
            return;
        }
        if api_up {
            plane.back_at = at.now;
            plane.leaders.iter_mut().for_each(|election| election.api_back(spec, &at));
            self.narrate_api(true);
            self.reopen();
        } else {
            plane.lost_at = at.now;
            plane.leaders.iter_mut().for_each(|election| election.api_lost(spec, &at));
            self.narrate_api(false);
        }
    }

    fn note_what_works(&mut self) {
        let Some((plane, _, at)) = self.plane() else { return };
        let working = plane.working();
        if plane.meter.read(working, at.now) {
            let Working { api, quorum, controller_manager, scheduler } = working;
            let bits = [api, quorum, controller_manager, scheduler];
            self.digest.add(bits.into_iter().fold(0, |word, bit| word << 1 | u64::from(bit)));
        }
    }

    fn arm_control_plane(&mut self) {
        let Some((plane, ..)) = self.plane() else { return };
        let (election, leaders) =
            (plane.etcd.next_wake(), plane.leaders.clone().map(|lead| lead.next_wake()));
        self.timers.arm(Wake::EtcdElection, election);
        for (component, at) in Component::ALL.into_iter().zip(leaders) {
            self.timers.arm(Wake::Leadership(component), at);
        }
    }
}
