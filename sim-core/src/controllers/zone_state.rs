//! stand-in
use crate::spec::Timing;
use crate::time::Span;
/// s
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneState {
    /// n
    Normal,
    /// p
    PartialDisruption,
    /// f
    FullDisruption,
}
/// z
#[derive(Clone, Copy, Debug)]
pub struct Zone {
    /// r
    pub ready: u32,
    /// n
    pub not_ready: u32,
}
impl Zone {
    /// s
    pub fn state(self, threshold_milli: u32) -> ZoneState {
        let total = self.ready + self.not_ready;
        if self.ready == 0 && self.not_ready > 0 {
            ZoneState::FullDisruption
        } else if self.not_ready > 2 && self.not_ready * 1000 >= total * threshold_milli {
            ZoneState::PartialDisruption
        } else {
            ZoneState::Normal
        }
    }
    /// g
    pub fn taint_gap(self, state: ZoneState, timing: &Timing) -> Option<Span> {
        match state {
            ZoneState::PartialDisruption if self.ready + self.not_ready <= timing.large_cluster_size_threshold => None,
            ZoneState::PartialDisruption => Some(timing.secondary_eviction_gap),
            _ => Some(timing.eviction_gap),
        }
    }
}
