//! What pods use of a node, as far as the scenario says it.

use sim_core::spec::{Resources, Usage};
use sim_core::time::Span;

use crate::duration::Duration;
use crate::scenario_file::{Share, defaults};

/// What is said of a pod's use of a node; the rest follows from what it requests.
#[derive(Clone, Debug)]
pub(crate) struct UsageBehaviour {
    pub idle_cpu_milli: u64,
    pub cpu_per_request: Option<Span>,
    pub memory_bytes: Option<u64>,
}

impl UsageBehaviour {
    /// A pod at its capacity uses all the CPU that it requests.
    pub fn usage(&self, requests: &Resources, capacity_rps: f64) -> Usage {
        let idle_cpu_milli = self.idle_cpu_milli as f64;
        let assumed: Span = defaults::CPU_PER_REQUEST.parse::<Duration>().0;
        let cpu_milli_per_rps = match self.cpu_per_request {
            None if capacity_rps.is_finite() => {
                (requests.cpu_milli as f64 - idle_cpu_milli).max(0.0) / capacity_rps
            }
            given => given.unwrap_or(assumed).as_secs_f64() * 1000.0,
        };
        let Share(share) = defaults::MEMORY_SHARE.parse();
        let assumed = (requests.memory_bytes as f64 * share) as u64;
        let memory_bytes = self.memory_bytes.unwrap_or(assumed);
        Usage { idle_cpu_milli, cpu_milli_per_rps, memory_bytes }
    }
}
