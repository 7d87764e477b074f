//! Taints that come and go with the state of a node, as a set of bits that a decision tests in one instruction.
//!
//! Keys and effects: `pkg/controller/nodelifecycle/node_lifecycle_controller.go`.

use crate::spec::{Taint, TaintEffect, Toleration};
use crate::world::api::{Node, NodeReady};

/// A set of the taints that the node lifecycle, a cordon or an administrator puts on a node during a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NodeTaints(u16);

impl NodeTaints {
    /// No taint.
    pub const NONE: NodeTaints = NodeTaints(0);
    /// `not-ready:NoSchedule`: Ready is False.
    pub const NOT_READY: NodeTaints = NodeTaints(1);
    /// `unreachable:NoSchedule`: Ready is Unknown.
    pub const UNREACHABLE: NodeTaints = NodeTaints(1 << 1);
    /// `not-ready:NoExecute`: put on by the zone's rate limiter.
    pub const NOT_READY_EXECUTE: NodeTaints = NodeTaints(1 << 2);
    /// `unreachable:NoExecute`: put on by the zone's rate limiter.
    pub const UNREACHABLE_EXECUTE: NodeTaints = NodeTaints(1 << 3);
    /// `unschedulable:NoSchedule`: the node is cordoned.
    pub const UNSCHEDULABLE: NodeTaints = NodeTaints(1 << 4);
    /// `memory-pressure:NoSchedule`.
    pub const MEMORY_PRESSURE: NodeTaints = NodeTaints(1 << 5);
    /// `disk-pressure:NoSchedule`.
    pub const DISK_PRESSURE: NodeTaints = NodeTaints(1 << 6);
    /// `pid-pressure:NoSchedule`.
    pub const PID_PRESSURE: NodeTaints = NodeTaints(1 << 7);
    /// `network-unavailable:NoSchedule`.
    pub const NETWORK_UNAVAILABLE: NodeTaints = NodeTaints(1 << 8);
    /// `out-of-service:NoExecute`: an administrator says that the machine will not come back.
    pub const OUT_OF_SERVICE: NodeTaints = NodeTaints(1 << 9);

    /// The node's object is gone: nobody tolerates that.
    pub const ABSENT: NodeTaints = NodeTaints(1 << 10);

    /// All that evict pods.
    pub const EXECUTE: NodeTaints =
        NodeTaints::NOT_READY_EXECUTE.with(NodeTaints::UNREACHABLE_EXECUTE).with(NodeTaints::OUT_OF_SERVICE);

    const ALL: [(NodeTaints, &str, TaintEffect); 10] = [
        (NodeTaints::NOT_READY, "not-ready", TaintEffect::NoSchedule),
        (NodeTaints::UNREACHABLE, "unreachable", TaintEffect::NoSchedule),
        (NodeTaints::NOT_READY_EXECUTE, "not-ready", TaintEffect::NoExecute),
        (NodeTaints::UNREACHABLE_EXECUTE, "unreachable", TaintEffect::NoExecute),
        (NodeTaints::UNSCHEDULABLE, "unschedulable", TaintEffect::NoSchedule),
        (NodeTaints::MEMORY_PRESSURE, "memory-pressure", TaintEffect::NoSchedule),
        (NodeTaints::DISK_PRESSURE, "disk-pressure", TaintEffect::NoSchedule),
        (NodeTaints::PID_PRESSURE, "pid-pressure", TaintEffect::NoSchedule),
        (NodeTaints::NETWORK_UNAVAILABLE, "network-unavailable", TaintEffect::NoSchedule),
        (NodeTaints::OUT_OF_SERVICE, "out-of-service", TaintEffect::NoExecute),
    ];

    /// The taints that a node's object has.
    pub fn of(node: &Node) -> NodeTaints {
        let silent = node.ready == NodeReady::Unknown;
        // ToBeDeletedByClusterAutoscaler is tolerated by who tolerates everything, as the other one is.
        let is_closed = node.unschedulable || node.to_be_removed;
        let pick = |wanted, unreachable, not_ready| match (wanted, silent) {
            (false, _) => NodeTaints::NONE,
            (true, true) => unreachable,
            (true, false) => not_ready,
        };
        pick(node.no_schedule, NodeTaints::UNREACHABLE, NodeTaints::NOT_READY)
            .with(pick(node.no_execute, NodeTaints::UNREACHABLE_EXECUTE, NodeTaints::NOT_READY_EXECUTE))
            .with(if node.out_of_service { NodeTaints::OUT_OF_SERVICE } else { NodeTaints::NONE })
            .with(if is_closed { NodeTaints::UNSCHEDULABLE } else { NodeTaints::NONE })
    }

    /// The taints that none of these tolerations matches.
    pub fn untolerated(tolerations: &[Toleration]) -> NodeTaints {
        NodeTaints::ALL
            .iter()
            .filter(|(_, key, effect)| !tolerates(tolerations, &lifecycle_taint(key, *effect)))
            .fold(NodeTaints::ABSENT, |set, (taint, ..)| set.with(*taint))
    }

    /// The taints of the set as API objects.
    pub fn iter(self) -> impl Iterator<Item = Taint> {
        let present = move |(taint, ..): &&(NodeTaints, &str, TaintEffect)| self.intersects(*taint);
        NodeTaints::ALL.iter().filter(present).map(|(_, key, effect)| lifecycle_taint(key, *effect))
    }

    /// The set with `other` added.
    pub const fn with(self, other: NodeTaints) -> NodeTaints {
        NodeTaints(self.0 | other.0)
    }

    /// The set with `other` taken away.
    pub const fn without(self, other: NodeTaints) -> NodeTaints {
        NodeTaints(self.0 & !other.0)
    }

    /// The taints that are in both sets.
    pub const fn common(self, other: NodeTaints) -> NodeTaints {
        NodeTaints(self.0 & other.0)
    }

    /// Whether some taint is in both sets.
    pub const fn intersects(self, other: NodeTaints) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether there is no taint.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Whether any of `tolerations` tolerates `taint`.
pub fn tolerates(tolerations: &[Toleration], taint: &Taint) -> bool {
    tolerations.iter().any(|toleration| toleration.tolerates(taint))
}

fn lifecycle_taint(key: &str, effect: TaintEffect) -> Taint {
    Taint { key: format!("node.kubernetes.io/{key}"), value: String::new(), effect }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toleration(key: &str, effect: Option<TaintEffect>) -> Toleration {
        Toleration { key: Some(format!("node.kubernetes.io/{key}")), value: None, effect, seconds: None }
    }

    #[test]
    fn the_two_tolerations_of_admission_do_not_let_new_pods_onto_dead_nodes() {
        let admitted = [
            toleration("not-ready", Some(TaintEffect::NoExecute)),
            toleration("unreachable", Some(TaintEffect::NoExecute)),
        ];
        let untolerated = NodeTaints::untolerated(&admitted);
        assert!(untolerated.intersects(NodeTaints::NOT_READY));
        assert!(untolerated.intersects(NodeTaints::UNREACHABLE));
        assert!(!untolerated.intersects(NodeTaints::NOT_READY_EXECUTE.with(NodeTaints::UNREACHABLE_EXECUTE)));
    }

    #[test]
    fn a_toleration_of_everything_leaves_nothing_untolerated() {
        let everything = Toleration { key: None, value: None, effect: None, seconds: None };
        assert_eq!(NodeTaints::untolerated(&[everything]), NodeTaints::ABSENT);
        assert_eq!(NodeTaints::untolerated(&[]).iter().count(), 10);
    }
}
