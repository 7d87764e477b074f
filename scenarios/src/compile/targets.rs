//! What faults strike: names to ids.

use sim_core::ids::{MemberId, NodeId, RackId, RegionId, WorkloadId, ZoneId};
use sim_core::spec::{Cluster, Component, ControlPlane, FaultKind, NodeGroup, PodTarget, Role};

use super::workloads::Pods;
use super::{behaviour, groups, report::Report};
use crate::diagnostic::{Diagnostic, codes};
use crate::duration::Duration;
use crate::presets;
use crate::scenario_file::{FaultFile, FaultKindFile, Targets, defaults};

/// Everything that a fault could strike.
pub(super) struct Field<'a> {
    pub cluster: &'a Cluster,
    pub pods: &'a Pods,
    pub control_plane: Option<&'a ControlPlane>,
}

/// Finds the targets of one fault.
pub(super) struct Resolver<'a, 'n, 'd, 'r> {
    pub path: String,
    pub file: &'a FaultFile,
    pub field: &'a Field<'a>,
    pub report: &'r mut Report<'n, 'd>,
}

impl<'a> Resolver<'a, '_, '_, '_> {
    /// What the fault does, and to whom.
    pub fn kind(&mut self) -> FaultKind {
        self.check_fields();
        let grace = self.file.grace_period.map(|Duration(span)| span);
        match self.file.kind {
            FaultKindFile::MachineCrash => FaultKind::MachineCrash(self.nodes()),
            FaultKindFile::MachineReboot => FaultKind::MachineReboot(self.nodes()),
            FaultKindFile::RackOutage => FaultKind::RackOutage(self.racks()),
            FaultKindFile::ZoneOutage => FaultKind::ZoneOutage(self.zones()),
            FaultKindFile::SpotInterruption => {
                let notice = self.file.notice.unwrap_or_else(|| defaults::SPOT_NOTICE.parse());
                FaultKind::SpotInterruption { nodes: self.nodes(), notice: notice.0 }
            }
            FaultKindFile::RegionOutage => FaultKind::RegionOutage(self.regions()),
            FaultKindFile::GroupOutage => FaultKind::GroupOutage(self.groups()),
            FaultKindFile::ContainerCrash => FaultKind::ContainerCrash(self.pod_target()),
            FaultKindFile::OomKill => FaultKind::OomKill(self.pod_target()),
            FaultKindFile::KubeletCrash => FaultKind::KubeletCrash(self.nodes()),
            FaultKindFile::RegistryOutage => FaultKind::RegistryOutage,
            FaultKindFile::ContainerHang => FaultKind::ContainerHang(self.pod_target()),
            FaultKindFile::PodKill => FaultKind::PodKill { target: self.pod_target(), grace },
            FaultKindFile::ControlPlaneCrash => FaultKind::ControlPlaneCrash(self.members(|_| true)),
            FaultKindFile::EtcdMemberCrash => FaultKind::EtcdMemberCrash(self.members(Role::has_etcd)),
            FaultKindFile::ApiServerOutage => self.of_whole_plane(FaultKind::ApiServerOutage),
            FaultKindFile::ControllerManagerCrash => {
                self.of_whole_plane(FaultKind::LeaderCrash(Component::ControllerManager))
            }
            FaultKindFile::SchedulerCrash => {
                self.of_whole_plane(FaultKind::LeaderCrash(Component::Scheduler))
            }
        }
    }

    /// Targets of a sort that this kind of fault cannot strike.
    fn check_fields(&mut self) {
        let Targets { pools, nodes, members, zones, racks, regions, groups, workloads, pods } =
            &self.file.targets;
        let allowed: &[&str] = match self.file.kind {
            FaultKindFile::MachineCrash
            | FaultKindFile::MachineReboot
            | FaultKindFile::SpotInterruption
            | FaultKindFile::KubeletCrash => &["pools", "nodes", "zones", "racks"],
            FaultKindFile::RackOutage => &["zones", "racks"],
            FaultKindFile::ZoneOutage => &["zones"],
            FaultKindFile::RegionOutage => &["regions"],
            FaultKindFile::GroupOutage => &["groups", "pools", "nodes", "zones", "racks"],
            FaultKindFile::ControlPlaneCrash | FaultKindFile::EtcdMemberCrash => {
                &["members", "zones", "racks"]
            }
            FaultKindFile::RegistryOutage
            | FaultKindFile::ApiServerOutage
            | FaultKindFile::ControllerManagerCrash
            | FaultKindFile::SchedulerCrash => &[],
            _ => &["workloads", "pods"],
        };
        for (field, given) in [
            ("pools", !pools.is_empty()),
            ("nodes", !nodes.is_empty()),
            ("members", !members.is_empty()),
            ("zones", !zones.is_empty()),
            ("racks", !racks.is_empty()),
            ("regions", !regions.is_empty()),
            ("groups", !groups.is_empty()),
            ("workloads", !workloads.is_empty()),
            ("pods", pods.is_some()),
        ] {
            if given && !allowed.contains(&field) {
                let instead = if allowed.is_empty() { "no targets".to_owned() } else { allowed.join(", ") };
                let message = format!("this kind of fault cannot strike {field}: give {instead}");
                self.report.error(&codes::TARGET, &format!("{}.{field}", self.path), message);
            }
        }
    }

    fn nodes(&mut self) -> Vec<NodeId> {
        let cluster = self.field.cluster;
        let targets = self.file.targets.clone();
        self.check_names(
            "pools",
            "node pool",
            &targets.pools,
            cluster.nodes.iter().map(|node| node.pool.as_str()),
        );
        self.check_names(
            "nodes",
            "node",
            &targets.nodes,
            cluster.nodes.iter().map(|node| node.name.as_str()),
        );
        let zones = self.named_zones();
        let racks = self.named_racks();
        let all = targets.pools.is_empty()
            && targets.nodes.is_empty()
            && targets.zones.is_empty()
            && targets.racks.is_empty();
        let struck = cluster.nodes.iter().enumerate().filter(|(_, node)| {
            all || targets.pools.contains(&node.pool)
                || targets.nodes.contains(&node.name)
                || zones.contains(&node.zone)
                || node.rack.is_some_and(|rack| racks.contains(&rack))
        });
        let ids: Vec<NodeId> = struck.map(|(index, _)| NodeId::from(index)).collect();
        self.not_empty(ids, "node")
    }

    fn racks(&mut self) -> Vec<RackId> {
        let zones = self.named_zones();
        let mut racks = self.named_racks();
        let all = self.file.targets.zones.is_empty() && self.file.targets.racks.is_empty();
        let in_zones =
            self.field.cluster.racks.iter().enumerate().filter(|(_, rack)| all || zones.contains(&rack.zone));
        racks.extend(in_zones.map(|(index, _)| RackId::from(index)));
        racks.sort_unstable();
        racks.dedup();
        self.not_empty(racks, "rack")
    }

    fn zones(&mut self) -> Vec<ZoneId> {
        let named = self.named_zones();
        if self.file.targets.zones.is_empty() {
            (0..self.field.cluster.zones.len()).map(ZoneId::from).collect()
        } else {
            named
        }
    }

    fn regions(&mut self) -> Vec<RegionId> {
        let (regions, names) = (&self.field.cluster.regions, self.file.targets.regions.clone());
        self.check_names("regions", "region", &names, regions.iter().map(String::as_str));
        let wanted = |name: &String| names.is_empty() || names.contains(name);
        let found = regions.iter().enumerate().filter(|(_, name)| wanted(name));
        found.map(|(index, _)| RegionId::from(index)).collect()
    }

    /// Groups of the nodes that are meant, by what they have in common.
    fn groups(&mut self) -> Vec<NodeGroup> {
        let nodes = self.nodes();
        let path = self.path.trim_end_matches(".targets").to_owned();
        let Some(by) = &self.file.group_by else {
            self.report.error(&codes::COMMON_CAUSE, &path, "a groupOutage needs groupBy");
            return Vec::new();
        };
        let mut all = groups::of(&nodes, by, self.field.cluster, &format!("{path}.groupBy"), self.report);
        let wanted = self.file.targets.groups.clone();
        self.check_names("groups", "group", &wanted, all.iter().map(|group| group.name.as_str()));
        all.retain(|group| wanted.is_empty() || wanted.contains(&group.name));
        all
    }

    fn members(&mut self, role: fn(Role) -> bool) -> Vec<MemberId> {
        let Some(plane) = self.plane() else { return Vec::new() };
        let targets = self.file.targets.clone();
        let names = plane.members.iter().map(|member| member.name.as_str());
        self.check_names("members", "machine of the control plane", &targets.members, names);
        let (zones, racks) = (self.named_zones(), self.named_racks());
        let all = targets.members.is_empty() && targets.zones.is_empty() && targets.racks.is_empty();
        let struck = plane.members.iter().enumerate().filter(|(_, member)| {
            let named = targets.members.contains(&member.name) || zones.contains(&member.zone);
            role(member.role) && (all || named || member.rack.is_some_and(|rack| racks.contains(&rack)))
        });
        let ids: Vec<MemberId> = struck.map(|(index, _)| MemberId::from(index)).collect();
        self.not_empty(ids, "machine of the control plane")
    }

    fn of_whole_plane(&mut self, kind: FaultKind) -> FaultKind {
        self.plane();
        kind
    }

    fn plane(&mut self) -> Option<&'a ControlPlane> {
        if self.field.control_plane.is_none() {
            let message = format!(
                "fault `{}` strikes the control plane, which never fails without spec.controlPlane",
                self.file.name
            );
            let path = self.path.trim_end_matches(".targets").to_owned();
            self.report.error(&codes::CONTROL_PLANE, &format!("{path}.kind"), message);
        }
        self.field.control_plane
    }

    fn named_zones(&mut self) -> Vec<ZoneId> {
        let (cluster, names) = (self.field.cluster, self.file.targets.zones.clone());
        let known = || cluster.zones.iter().map(|zone| zone.name.as_str());
        self.check_names("zones", "zone", &names, known());
        let found = known().enumerate().filter(|(_, name)| names.iter().any(|n| n == name));
        found.map(|(index, _)| ZoneId::from(index)).collect()
    }

    fn named_racks(&mut self) -> Vec<RackId> {
        let (cluster, names) = (self.field.cluster, self.file.targets.racks.clone());
        let known = || cluster.racks.iter().map(|rack| rack.name.as_str());
        self.check_names("racks", "rack", &names, known());
        let found = known().enumerate().filter(|(_, name)| names.iter().any(|n| n == name));
        found.map(|(index, _)| RackId::from(index)).collect()
    }

    fn pod_target(&mut self) -> PodTarget {
        let targets = &self.file.targets;
        let mut workloads: Vec<WorkloadId> = Vec::new();
        for (index, reference) in targets.workloads.iter().enumerate() {
            match self.field.pods.find(reference) {
                Some(id) => workloads.push(id),
                None => {
                    let known = self.field.pods.origins.iter().map(|origin| origin.reference.as_str());
                    self.report.not_found(
                        &format!("{}.workloads.{index}", self.path),
                        "workload",
                        reference,
                        known,
                    );
                }
            }
        }
        if let Some(file) = &targets.pods {
            let selector = behaviour::selector(file, &format!("{}.pods", self.path), self.report);
            workloads.extend(self.field.pods.selected(None, &selector));
        }
        if targets.workloads.is_empty() && targets.pods.is_none() {
            workloads.extend((0..self.field.pods.workloads.len()).map(WorkloadId::from));
        }
        workloads.sort_unstable();
        workloads.dedup();
        let workloads = self.not_empty(workloads, "pod");
        let templates = workloads.iter().map(|id| self.field.pods.workloads[id.index()].template).collect();
        PodTarget { templates, workloads }
    }

    fn check_names<'n>(
        &mut self,
        field: &str,
        what: &str,
        names: &[String],
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        for (index, name) in names.iter().enumerate() {
            if !known.clone().any(|known| known == name) {
                self.report.not_found(&format!("{}.{field}.{index}", self.path), what, name, known.clone());
            }
        }
    }

    /// A preset is not wrong where it has nothing to strike.
    fn not_empty<T>(&mut self, targets: Vec<T>, what: &str) -> Vec<T> {
        let name = &self.file.name;
        if !targets.is_empty() || self.field.pods.workloads.is_empty() {
            return targets;
        }
        if presets::is_preset(self.report.node.place_of(&self.path)) {
            let message = format!("fault `{name}` of the preset never strikes, for there is no {what}");
            self.report.push(Diagnostic::new(&codes::ASSUMED, message));
        } else {
            let message = format!("fault `{name}` strikes no {what}");
            self.report.error(&codes::TARGET, &self.path, message);
        }
        targets
    }
}
