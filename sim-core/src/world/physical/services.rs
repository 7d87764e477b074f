//! What may fail beside machines and the processes of pods: kubelets, and the image registry.

use super::{Physical, PhysicalChange, take_out};
use crate::ids::{FaultId, NodeId};

impl Physical {
    /// Whether the machine has power, and nothing keeps its kubelet from running.
    pub fn runs_kubelet(&self, node: NodeId) -> bool {
        self.is_up(node) && self.machines[node.index()].kubelet_down_by.is_empty()
    }

    /// The fault that keeps the kubelet of a machine from running the longest so far.
    pub fn kubelet_down_by(&self, node: NodeId) -> Option<FaultId> {
        self.machines[node.index()].kubelet_down_by.first().copied()
    }

    /// Whether the image registry answers.
    pub fn registry_answers(&self) -> bool {
        self.registry_down_by.is_empty()
    }

    /// A kubelet's process ends, or is kept from running by one more fault.
    pub fn stop_kubelet(&mut self, node: NodeId, fault: FaultId, changes: &mut Vec<PhysicalChange>) {
        let ran = self.runs_kubelet(node);
        self.machines[node.index()].kubelet_down_by.push(fault);
        if ran {
            changes.push(PhysicalChange::KubeletDown(node));
        }
    }

    /// One fault less keeps a kubelet from running.
    pub fn start_kubelet(&mut self, node: NodeId, fault: FaultId, changes: &mut Vec<PhysicalChange>) {
        take_out(&mut self.machines[node.index()].kubelet_down_by, fault);
        if self.runs_kubelet(node) {
            changes.push(PhysicalChange::KubeletUp(node));
        }
    }

    /// The image registry answers nobody any more, or one more fault keeps it from answering.
    pub fn cut_registry(&mut self, fault: FaultId, changes: &mut Vec<PhysicalChange>) {
        self.registry_down_by.push(fault);
        if self.registry_down_by.len() == 1 {
            changes.push(PhysicalChange::Registry(false));
        }
    }

    /// One fault less keeps the image registry from answering.
    pub fn heal_registry(&mut self, fault: FaultId, changes: &mut Vec<PhysicalChange>) {
        take_out(&mut self.registry_down_by, fault);
        if self.registry_down_by.is_empty() {
            changes.push(PhysicalChange::Registry(true));
        }
    }
}
