//! The control plane in a scenario file.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::duration::Duration;

/// The machines that the control plane runs on, besides all nodes, and its timings under upstream's flag names.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ControlPlaneFile {
    /// Machines of a stacked control plane, each with a member of etcd and an API server that uses only this member.
    /// Default 3. They are called control-plane-1 and so on.
    pub members: Option<u32>,
    /// Instead of members: machines with an API server, a controller-manager and a scheduler, called api-server-1 and
    /// so on.
    pub api_servers: Option<u32>,
    /// With apiServers: machines with a member of etcd, called etcd-1 and so on; every API server uses any of them.
    pub etcd_members: Option<u32>,
    /// Zones that the machines are dealt to in turn. Default: all zones of the cluster.
    pub zones: Vec<String>,
    /// Racks that the machines of a zone are dealt to in turn. Default: all racks of the zone.
    pub racks: Vec<String>,
    /// A leader's lease that is not renewed for this long may be taken (`--leader-elect-lease-duration`). Default 15s.
    pub leader_elect_lease_duration: Option<Duration>,
    /// A leader that fails to renew its lease for this long exits (`--leader-elect-renew-deadline`). Default 10s.
    pub leader_elect_renew_deadline: Option<Duration>,
    /// Gap between two tries to renew a lease, and, times 1 to 2.2, to take one (`--leader-elect-retry-period`).
    /// Default 2s.
    pub leader_elect_retry_period: Option<Duration>,
    /// A member of etcd that hears nothing from the leader for one to two of these stands for election
    /// (`--election-timeout`). Default 1s.
    pub etcd_election_timeout: Option<Duration>,
    /// From power to an etcd member, an API server and candidates that work; the boot before it is part of the repair
    /// time. Default 20s.
    pub member_start: Option<Duration>,
    /// From the exit of a controller-manager or scheduler until its kubelet has it running again. Default 1s.
    pub process_restart: Option<Duration>,
    /// From the election of a leader until it has listed everything and begins to act. Default 2s.
    pub informer_sync: Option<Duration>,
}
