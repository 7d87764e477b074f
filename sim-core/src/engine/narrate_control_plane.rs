//! The control plane in words.

use super::sim::Sim;
use crate::agents::etcd::State;
use crate::faults::clocks::Stroke;
use crate::ids::{FaultId, MemberId};
use crate::observers::timeline::Watch;
use crate::outcome::Actor;
use crate::spec::Component;
use crate::time::Instant;

impl<W: Watch> Sim<'_, W> {
    pub(super) fn narrate_member(&mut self, member: MemberId, fault: FaultId) {
        self.tell(Actor::Fault, |sim| {
            format!(
                "machine {} loses power ({})",
                sim.member_name(member),
                sim.cause_name(Some(fault.into()))
            )
        });
    }

    pub(super) fn narrate_member_back(&mut self, member: MemberId) {
        self.tell(Actor::Fault, |sim| format!("machine {} has power again", sim.member_name(member)));
    }

    pub(super) fn narrate_etcd_member(&mut self, member: MemberId, stroke: Stroke, fault: FaultId) {
        self.tell(Actor::Fault, |sim| {
            let does = if stroke == Stroke::Strike { "stops" } else { "runs again" };
            let fault = sim.cause_name(Some(fault.into()));
            format!("the etcd member on {} {does} ({fault})", sim.member_name(member))
        });
    }

    pub(super) fn narrate_cut(&mut self, stroke: Stroke, fault: FaultId) {
        self.tell(Actor::Fault, |sim| {
            let fault = sim.cause_name(Some(fault.into()));
            match stroke {
                Stroke::Strike => format!("nobody reaches the API servers any more ({fault})"),
                Stroke::Heal => format!("the API servers can be reached again ({fault})"),
            }
        });
    }

    pub(super) fn narrate_exit(&mut self, component: Component, member: MemberId, fault: FaultId) {
        self.tell(Actor::Fault, |sim| {
            let (name, fault) = (component.name(), sim.cause_name(Some(fault.into())));
            format!("the leading {name} exits on {} ({fault})", sim.member_name(member))
        });
    }

    pub(super) fn narrate_etcd(&mut self) {
        self.tell(Actor::Etcd, |sim| {
            let Some(plane) = &sim.control_plane else { return String::new() };
            let count = plane.members.etcd().count();
            match plane.etcd.state() {
                State::NoQuorum => format!("loses its quorum: {count} member{} left", plural(count)),
                State::Electing { .. } => format!("has no leader: {count} members vote"),
                State::Led(member) => format!("elects the member on {}", sim.member_name(member)),
            }
        });
    }

    pub(super) fn narrate_api(&mut self, is_up: bool) {
        self.tell(Actor::ApiServer, |sim| {
            let votes =
                sim.control_plane.as_ref().is_some_and(|plane| plane.etcd.next_wake() != Instant::NEVER);
            let text = match is_up {
                true => "answers again",
                false if votes => "waits for etcd",
                false => "is unavailable",
            };
            text.to_owned()
        });
    }

    /// Of a component's leader: `does` stands before the name of the machine, `why` after it.
    pub(super) fn narrate_lead(&mut self, component: Component, does: &str, member: MemberId, why: &str) {
        let actor = match component {
            Component::ControllerManager => Actor::ControllerManager,
            Component::Scheduler => Actor::Scheduler,
        };
        self.tell(actor, |sim| format!("{does} {}{why}", sim.member_name(member)));
    }

    fn member_name(&self, member: MemberId) -> &str {
        let plane = self.model.scenario().control_plane.as_ref();
        plane.map_or("nowhere", |plane| &plane.members[member.index()].name)
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
