//! Quality of service of a pod, and how soon the kernel kills its containers when a machine runs out of memory.
//!
//! Upstream: `ComputePodQOS` in `pkg/apis/core/v1/helper/qos/qos.go`, and `pkg/kubelet/qos/policy.go`.

/// `oom_score_adj` of what must live.
const GUARANTEED: i32 = -997;
/// `oom_score_adj` of what goes first.
const BEST_EFFORT: i32 = 1000;

/// `status.qosClass`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QosClass {
    /// Every container has limits on both resources and requests as much.
    Guaranteed,
    /// Something is requested or limited.
    Burstable,
    /// Nothing is.
    BestEffort,
}

/// CPU and memory of a container; 0 is the same as not set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// In thousandths of a CPU.
    pub cpu: u64,
    /// In bytes.
    pub memory: u64,
}

/// What a container requests, and what it is limited to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// `resources.requests`.
    pub requests: Amounts,
    /// `resources.limits`.
    pub limits: Amounts,
}

/// The class of a pod, from all of its containers, init containers too. If the pod has resources of its own
/// (`spec.resources`, 1.34), they are the only ones that count.
pub fn qos_class(containers: &[Bounds]) -> QosClass {
    let requests = sum(containers.iter().map(|bounds| bounds.requests));
    let limits = sum(containers.iter().map(|bounds| bounds.limits));
    let is_limited = |bounds: &Bounds| bounds.limits.cpu > 0 && bounds.limits.memory > 0;
    match () {
        () if requests == Amounts::default() && limits == Amounts::default() => QosClass::BestEffort,
        () if requests == limits && containers.iter().all(is_limited) => QosClass::Guaranteed,
        () => QosClass::Burstable,
    }
}

/// `oom_score_adj` of a container: the less of the machine's memory it asks for, the sooner it is killed.
/// `is_node_critical`: its pod's priority class is `system-node-critical`.
pub fn oom_score_adj(class: QosClass, memory_request: u64, node_memory: u64, is_node_critical: bool) -> i32 {
    match class {
        _ if is_node_critical => GUARANTEED,
        QosClass::Guaranteed => GUARANTEED,
        QosClass::BestEffort => BEST_EFFORT,
        QosClass::Burstable => {
            let thousandths = u128::from(memory_request) * 1000 / u128::from(node_memory.max(1));
            // Between the other two classes, whatever is asked for.
            (BEST_EFFORT - thousandths.min(1000) as i32).clamp(BEST_EFFORT + GUARANTEED, BEST_EFFORT - 1)
        }
    }
}

fn sum(amounts: impl Iterator<Item = Amounts>) -> Amounts {
    amounts.fold(Amounts::default(), |sum, amounts| Amounts {
        cpu: sum.cpu + amounts.cpu,
        memory: sum.memory + amounts.memory,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unlimited_resource_is_enough_to_be_burstable() {
        let both = Amounts { cpu: 100, memory: 100 };
        let full = Bounds { requests: both, limits: both };
        let no_cpu = Bounds { requests: both, limits: Amounts { cpu: 0, ..both } };
        assert_eq!(qos_class(&[full, full]), QosClass::Guaranteed);
        assert_eq!(qos_class(&[full, no_cpu]), QosClass::Burstable);
        assert_eq!(qos_class(&[full, Bounds::default()]), QosClass::Burstable);
        assert_eq!(qos_class(&[]), QosClass::BestEffort);
    }

    #[test]
    fn a_request_moves_a_burstable_container_between_the_others() {
        let score = |request| oom_score_adj(QosClass::Burstable, request, 1000, false);
        assert_eq!([0, 1, 2, 250, 997, 1000, 5000].map(score), [999, 999, 998, 750, 3, 3, 3]);
        assert_eq!(oom_score_adj(QosClass::Guaranteed, 0, 1000, false), -997);
    }
}
