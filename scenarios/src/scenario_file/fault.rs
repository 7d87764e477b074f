//! Faults in a scenario file.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::{DistributionFile, LabelSelectorFile, Share};
use crate::duration::Duration;

/// Something that goes wrong: at random (`timeToFailure`, `timeToRepair`) or on schedule (`at` or `every`, with
/// `duration`).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FaultFile {
    /// Name, unique in the scenario; outages name it as their root.
    pub name: String,
    /// What happens.
    pub kind: FaultKindFile,
    /// What it happens to. Default: everything that this kind can strike.
    #[serde(default)]
    pub targets: Targets,
    /// Time from start or repair to failure, of each target by itself.
    pub time_to_failure: Option<DistributionFile>,
    /// Time from failure to repair.
    pub time_to_repair: Option<DistributionFile>,
    /// Moments, counted from the start of the run.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(schema_with = "one_or_many_schema")]
    pub at: Vec<Duration>,
    /// Period of repetition; the first time is after one period, or at `at`.
    pub every: Option<Duration>,
    /// How long each scheduled fault lasts.
    pub duration: Option<Duration>,
    /// Grace period of a podKill. Default: the pod's own.
    pub grace_period: Option<Duration>,
    /// How long before a spotInterruption it is known: then nodes are cordoned and pods deleted. Default: 2m.
    pub notice: Option<Duration>,
    /// State of each target at the start of a run, of a random fault. Default: new.
    pub initially: Option<InitiallyFile>,
    /// What the machines of a groupOutage have in common: see `within` of `commonCause`.
    pub group_by: Option<String>,
    /// A share of the failures of machines that has a common cause, and strikes all machines of a group at once.
    pub common_cause: Option<CommonCauseFile>,
    /// A share of the failures of machines that comes in bursts.
    pub bursts: Option<BurstsFile>,
    /// Failures of machines as they once were, instead of random or scheduled ones.
    pub trace: Option<TraceFile>,
}

/// The state in which a random fault begins.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum InitiallyFile {
    /// Every target works and is as new, or as just repaired.
    New,
    /// As after running for ever: some targets are down, and the others have been up for a while.
    Stationary,
}

/// Failures with a common cause: the beta-factor model. Each machine that is struck is repaired by itself.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommonCauseFile {
    /// Share of a machine's failures that strike its whole group.
    pub beta: Share,
    /// What makes a group: zone, region, rack, pool, all, or the key of a node label. Default: all.
    pub within: Option<String>,
}

/// Bursts of failures. Each machine that is struck is repaired by itself.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BurstsFile {
    /// Share of all failures that come in bursts.
    pub share: Share,
    /// How many machines a burst strikes.
    pub sizes: Vec<BurstSize>,
    /// The machines of a burst fail within this time. Default: at once.
    pub window: Option<Duration>,
    /// Machines that a burst chooses from: zone, region, rack, pool, all, or the key of a node label. Default: all.
    pub within: Option<String>,
}

/// A size of bursts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BurstSize {
    /// Machines.
    pub nodes: u32,
    /// How frequent such bursts are, beside the others.
    pub weight: f64,
}

/// A failure trace: CSV with `entity,down,up`, or events of the Failure Trace Archive.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceFile {
    /// Name of the file, from the folder of the file that names it.
    pub file: String,
    /// The time in the trace at which a run begins, in seconds or as a date and time. Default: 0 where times are seconds,
    /// and the first that is told where they are dates.
    pub from: Option<String>,
    /// How the trace's machines become nodes. Default: by name.
    pub assign: Option<Assign>,
}

/// How the machines of a trace become nodes.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum Assign {
    /// By the node's name.
    #[default]
    Name,
    /// The first to appear is the first node, and so on; what is left over is left out.
    Order,
}

/// Kinds of fault.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum FaultKindFile {
    /// A machine loses power until it is repaired.
    MachineCrash,
    /// A machine restarts; the repair is the boot.
    MachineReboot,
    /// A rack loses power.
    RackOutage,
    /// A zone loses power.
    ZoneOutage,
    /// A region loses power.
    RegionOutage,
    /// All machines of a group lose power: those of a pool, or with the same value of a label; see `groupBy`.
    GroupOutage,
    /// The cloud takes spot machines back, with `notice`; the repair is the time until a new machine is there.
    SpotInterruption,
    /// A container's process exits; the kubelet restarts it.
    ContainerCrash,
    /// The kernel kills a container's process for want of memory; the kubelet restarts it.
    OomKill,
    /// A kubelet's process is gone; the machine and its containers run on.
    KubeletCrash,
    /// The image registry answers nobody.
    RegistryOutage,
    /// A container's process stops answering without exiting, until its liveness probe kills it or it recovers.
    ContainerHang,
    /// A pod is deleted; its controller replaces it.
    PodKill,
    /// A machine of the control plane loses power until it is repaired.
    ControlPlaneCrash,
    /// A member of etcd stops until it is repaired; its machine goes on.
    EtcdMemberCrash,
    /// Nobody reaches any API server.
    ApiServerOutage,
    /// The leading kube-controller-manager exits; for the duration, if one is given, no other one can lead.
    ControllerManagerCrash,
    /// The leading kube-scheduler exits; for the duration, if one is given, no other one can lead.
    SchedulerCrash,
}

/// What a fault strikes: everything that matches any of the lists that are given.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Targets {
    /// Node pools (machine faults).
    pub pools: Vec<String>,
    /// Nodes by name (machine faults).
    pub nodes: Vec<String>,
    /// Machines of the control plane by name, such as control-plane-1 (controlPlaneCrash, etcdMemberCrash).
    pub members: Vec<String>,
    /// Zones: whole ones for a zoneOutage, the machines in them for machine faults, the racks for a rackOutage.
    pub zones: Vec<String>,
    /// Racks: whole ones for a rackOutage, the machines in them for machine faults.
    pub racks: Vec<String>,
    /// Regions: whole ones for a regionOutage.
    pub regions: Vec<String>,
    /// Groups of a groupOutage, by the value that they have in common.
    pub groups: Vec<String>,
    /// Workloads such as `Deployment/web` (container and pod faults).
    pub workloads: Vec<String>,
    /// Pods by their labels (container and pod faults).
    pub pods: Option<LabelSelectorFile>,
}

pub(super) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
    struct Visitor;
    impl<'de> serde::de::Visitor<'de> for Visitor {
        type Value = Vec<Duration>;

        fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str("a duration such as 30d, or a list of durations")
        }

        fn visit_unit<E>(self) -> Result<Vec<Duration>, E> {
            Ok(Vec::new())
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Vec<Duration>, E> {
            text.parse().map(|duration| vec![duration]).map_err(E::custom)
        }

        fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Vec<Duration>, E> {
            self.visit_str(&number.to_string())
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Duration>, A::Error> {
            let mut durations = Vec::new();
            while let Some(duration) = list.next_element()? {
                durations.push(duration);
            }
            Ok(durations)
        }
    }
    deserializer.deserialize_any(Visitor)
}

pub(super) fn one_or_many_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let one = generator.subschema_for::<Duration>();
    schemars::json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
}
