//! The control plane: its machines dealt to zones and racks, its timings checked as upstream checks them.

use sim_core::ids::{RackId, ZoneId};
use sim_core::spec::{Cluster, ControlPlane, Member, Role};
use sim_core::time::Span;

use super::report::Report;
use crate::diagnostic::codes;
use crate::duration::Duration;
use crate::scenario_file::defaults::{self, DefaultValue};
use crate::scenario_file::{ControlPlaneFile, ScenarioSpec};

/// More machines than this of one sort are a mistake.
const MAX_MEMBERS: u32 = 99;

/// The control plane, if the scenario says anything about it; otherwise it never fails.
pub(super) fn compile(spec: &ScenarioSpec, cluster: &Cluster, report: &mut Report) -> Option<ControlPlane> {
    let file = spec.control_plane.as_ref()?;
    let members = Dealer { file, cluster, zones: zones(file, cluster, report) }.members(report);
    let plane = ControlPlane {
        lease_duration: or(file.leader_elect_lease_duration, &defaults::LEASE_DURATION),
        renew_deadline: or(file.leader_elect_renew_deadline, &defaults::RENEW_DEADLINE),
        retry_period: or(file.leader_elect_retry_period, &defaults::RETRY_PERIOD),
        etcd_election_timeout: or(file.etcd_election_timeout, &defaults::ETCD_ELECTION_TIMEOUT),
        member_start: or(file.member_start, &defaults::MEMBER_START),
        process_restart: or(file.process_restart, &defaults::PROCESS_RESTART),
        informer_sync: or(file.informer_sync, &defaults::INFORMER_SYNC),
        ..ControlPlane::of(members)
    };
    check_leases(&plane, report);
    check_etcd(&plane, report);
    Some(plane)
}

fn or(given: Option<Duration>, default: &DefaultValue) -> Span {
    given.unwrap_or_else(|| default.parse()).0
}

/// What client-go's `NewLeaderElector` refuses.
fn check_leases(plane: &ControlPlane, report: &mut Report) {
    let mut refuse = |wrong: bool, field: &str, message: &str| {
        if wrong {
            report.error(&codes::CONTROL_PLANE, &format!("spec.controlPlane.{field}"), message);
        }
    };
    let deadline = "leaderElectRenewDeadline";
    refuse(plane.retry_period == Span::ZERO, "leaderElectRetryPeriod", "the retry period must be positive");
    refuse(
        plane.lease_duration <= plane.renew_deadline,
        deadline,
        "the renew deadline must be shorter than the lease duration",
    );
    refuse(
        plane.renew_deadline.0 * 5 <= plane.retry_period.0 * 6,
        deadline,
        "the renew deadline must be longer than 1.2 times the retry period",
    );
}

fn check_etcd(plane: &ControlPlane, report: &mut Report) {
    let members = plane.members.iter().filter(|member| member.role.has_etcd()).count();
    if members > 0 && members.is_multiple_of(2) {
        let message = format!(
            "{members} members of etcd bear no more failures than {}, and are more that can fail",
            members - 1
        );
        report.warn(&codes::CONTROL_PLANE, "spec.controlPlane", message);
    }
}

fn zones(file: &ControlPlaneFile, cluster: &Cluster, report: &mut Report) -> Vec<ZoneId> {
    let known = || cluster.zones.iter().map(|zone| zone.name.as_str());
    let mut found = Vec::new();
    for (index, name) in file.zones.iter().enumerate() {
        match known().position(|known| known == name) {
            Some(zone) => found.push(ZoneId::from(zone)),
            None => report.not_found(&format!("spec.controlPlane.zones.{index}"), "zone", name, known()),
        }
    }
    for (index, name) in file.racks.iter().enumerate() {
        let known = || cluster.racks.iter().map(|rack| rack.name.as_str());
        if !known().any(|known| known == name) {
            report.not_found(&format!("spec.controlPlane.racks.{index}"), "rack", name, known());
        }
    }
    if found.is_empty() { (0..cluster.zones.len()).map(ZoneId::from).collect() } else { found }
}

/// Deals machines to zones in turn, and within each zone to its racks.
struct Dealer<'a> {
    file: &'a ControlPlaneFile,
    cluster: &'a Cluster,
    zones: Vec<ZoneId>,
}

impl Dealer<'_> {
    fn members(&self, report: &mut Report) -> Vec<Member> {
        let ControlPlaneFile { members, api_servers, etcd_members, .. } = *self.file;
        match (members, api_servers, etcd_members) {
            (members, None, None) => {
                let count = members.unwrap_or_else(|| defaults::CONTROL_PLANE_MEMBERS.parse());
                self.deal("control-plane", Role::Stacked, "members", count, report)
            }
            (None, Some(api_servers), Some(etcd_members)) => {
                let mut all = self.deal("api-server", Role::ApiServer, "apiServers", api_servers, report);
                all.extend(self.deal("etcd", Role::Etcd, "etcdMembers", etcd_members, report));
                all
            }
            _ => {
                let message = "give either `members`, or both `apiServers` and `etcdMembers`";
                report.error(&codes::CONTROL_PLANE, "spec.controlPlane", message);
                Vec::new()
            }
        }
    }

    fn deal(&self, name: &str, role: Role, field: &str, count: u32, report: &mut Report) -> Vec<Member> {
        if count == 0 || count > MAX_MEMBERS {
            let message = format!("there is at least one such machine, and at most {MAX_MEMBERS}");
            report.error(&codes::CONTROL_PLANE, &format!("spec.controlPlane.{field}"), message);
        }
        if self.zones.is_empty() {
            return Vec::new();
        }
        let member = |index: usize| {
            let (zone, round) = (self.zones[index % self.zones.len()], index / self.zones.len());
            Member { name: format!("{name}-{}", index + 1), zone, rack: self.rack(zone, round), role }
        };
        (0..count.min(MAX_MEMBERS) as usize).map(member).collect()
    }

    fn rack(&self, zone: ZoneId, round: usize) -> Option<RackId> {
        let wanted = |name: &String| self.file.racks.is_empty() || self.file.racks.contains(name);
        let racks = self.cluster.racks.iter().enumerate();
        let there: Vec<RackId> = racks
            .filter(|(_, rack)| rack.zone == zone && wanted(&rack.name))
            .map(|(index, _)| RackId::from(index))
            .collect();
        (!there.is_empty()).then(|| there[round % there.len()])
    }
}
