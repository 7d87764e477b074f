//! Which nodes are to have a pod. Room and readiness are not asked. Upstream: `NodeShouldRunDaemonPod`.

use crate::controllers::scheduler::{NodeTaints, admits, tolerates};
use crate::spec::{Node, PodTemplate, TaintEffect};

/// What a node means for the pods of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is to have one.
    Run,
    /// It gets none, but keeps the one that it has: a taint `NoSchedule` is not tolerated.
    Keep,
    /// It is to have none.
    Nothing,
}

/// What cannot change in a run about a node and the pods of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lasting(Fit);

impl Lasting {
    /// By name, selector, affinity and lasting taints.
    pub fn new(template: &PodTemplate, node: &Node) -> Lasting {
        let is_named = template.node_name.as_ref().is_none_or(|name| *name == node.name);
        let repels = |effect| {
            let mut taints = node.taints.iter().filter(|taint| taint.effect == effect);
            taints.any(|taint| !tolerates(&template.tolerations, taint))
        };
        Lasting(if !is_named || !admits(template, node) || repels(TaintEffect::NoExecute) {
            Fit::Nothing
        } else if repels(TaintEffect::NoSchedule) {
            Fit::Keep
        } else {
            Fit::Run
        })
    }

    /// Whether the node takes a pod as long as nothing is wrong with it.
    pub fn takes_one(self) -> bool {
        self.0 == Fit::Run
    }

    /// With the taints that the node has now, and those that the set's pods do not tolerate.
    pub fn with(self, taints: NodeTaints, untolerated: NodeTaints) -> Fit {
        let repelling = taints.common(untolerated);
        match self.0 {
            Fit::Run | Fit::Keep if repelling.intersects(NodeTaints::EXECUTE) => Fit::Nothing,
            Fit::Run if !repelling.is_empty() => Fit::Keep,
            lasting => lasting,
        }
    }
}
