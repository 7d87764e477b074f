//! How much of a zone is down, and how fast its nodes may get their `NoExecute` taints.
//!
//! Upstream: `ComputeZoneState` and `handleDisruption` of `node_lifecycle_controller.go`.

use crate::spec::Timing;
use crate::time::Span;

/// More nodes than this must be down for a partial disruption.
const FEW_NODES: u32 = 2;

/// State of a zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names are upstream's
pub enum ZoneState {
    #[default]
    Normal,
    PartialDisruption,
    FullDisruption,
}

/// Nodes of a zone; those labelled `node.kubernetes.io/exclude-disruption` are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Zone {
    /// Nodes with Ready True.
    pub ready: u32,
    /// All others: False, Unknown, or without the condition.
    pub not_ready: u32,
}

impl Zone {
    /// The zone's state; the threshold is in thousandths.
    pub fn state(self, unhealthy_threshold_milli: u32) -> ZoneState {
        let down = u64::from(self.not_ready) * 1000;
        let threshold = u64::from(self.size()) * u64::from(unhealthy_threshold_milli);
        if self.ready == 0 && self.not_ready > 0 {
            ZoneState::FullDisruption
        } else if self.not_ready > FEW_NODES && down >= threshold {
            ZoneState::PartialDisruption
        } else {
            ZoneState::Normal
        }
    }

    /// Gap between the taints of two nodes of the zone, `None` if none may be tainted. When all zones are down,
    /// the controller takes it for its own isolation.
    pub fn taint_gap(self, state: ZoneState, all_zones_down: bool, timing: &Timing) -> Option<Span> {
        let is_large = self.size() > timing.large_cluster_size_threshold;
        match state {
            ZoneState::FullDisruption if all_zones_down => None,
            ZoneState::PartialDisruption if is_large => Some(timing.secondary_eviction_gap),
            ZoneState::PartialDisruption => None,
            ZoneState::Normal | ZoneState::FullDisruption => Some(timing.eviction_gap),
        }
    }

    fn size(self) -> u32 {
        self.ready + self.not_ready
    }
}
