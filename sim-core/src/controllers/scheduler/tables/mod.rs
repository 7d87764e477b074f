//! Everything about a scenario that the scheduler can know before a run: built once, shared by all runs.

mod affinity;
mod builder;
mod nodes;
mod requests;
mod spread;
mod tally;
mod topology;

pub(crate) use affinity::{AffinityRules, Counts};
pub(crate) use builder::admits;
pub(crate) use nodes::Snapshot;
pub(crate) use requests::{Capacity, RequestClass};
pub(crate) use spread::{SoftSpread, SpreadRule};
pub(crate) use tally::{TallyId, TallySpec};
pub(crate) use topology::{NO_LABEL, Topology, TopologyId};

use super::taints::NodeTaints;
use crate::ids::ImageId;
use crate::spec::Scenario;

/// Static tables of a scenario. Rows over nodes are in snapshot order.
#[derive(Clone, Debug)]
pub struct Tables {
    pub(crate) snapshot: Snapshot,
    pub(crate) templates: Vec<TemplateTable>,
    pub(crate) capacities: Vec<Capacity>,
    pub(crate) initial_taints: Vec<NodeTaints>,
    pub(crate) classes: Vec<RequestClass>,
    /// Flags of [`super::filter`] by node: why a node can never hold pods of a template.
    pub(crate) verdicts: Vec<Vec<u8>>,
    pub(crate) topologies: Vec<Topology>,
    pub(crate) tallies: Vec<TallySpec>,
    /// Tallies that count the pods of a template.
    pub(crate) tallies_of: Vec<Vec<TallyId>>,
    /// Images of the containers of templates, one per container.
    pub(crate) image_sets: Vec<Vec<ImageId>>,
    pub(crate) image_sizes: Vec<u64>,
    /// ln(size + 2) of a topology with `size` domains (`podtopologyspread/scoring.go`).
    pub(crate) spread_weights: Vec<f64>,
}

/// What holds for all pods of one template.
#[derive(Clone, Debug)]
pub(crate) struct TemplateTable {
    /// `spec.priority`.
    pub priority: i32,
    /// Index in [`Tables::classes`].
    pub class: u32,
    /// Index in [`Tables::verdicts`].
    pub verdicts: u32,
    /// Taints of the node lifecycle that it does not tolerate.
    pub untolerated: NodeTaints,
    /// Untolerated `PreferNoSchedule` taints by node; `None` if there are none.
    pub unpreferred: Option<Vec<i64>>,
    /// Weights of matching preferred node affinity terms by node; `None` if all are 0.
    pub preferred: Option<Vec<i64>>,
    /// `DoNotSchedule` constraints.
    pub hard_spread: Vec<SpreadRule>,
    /// `ScheduleAnyway` constraints, or the system's defaults.
    pub soft_spread: SoftSpread,
    /// Rules about other pods.
    pub affinity: AffinityRules,
    /// Whether filtering must look at the pods around.
    pub has_pod_rules: bool,
    /// Index in [`Tables::image_sets`].
    pub images: u32,
}

impl Tables {
    /// Prepares a scenario.
    pub fn new(scenario: &Scenario) -> Tables {
        builder::build(scenario)
    }

    /// Number of nodes.
    pub(crate) fn nodes(&self) -> usize {
        self.snapshot.len()
    }

    pub(crate) fn topology(&self, id: TopologyId) -> &Topology {
        &self.topologies[id.0 as usize]
    }
}
