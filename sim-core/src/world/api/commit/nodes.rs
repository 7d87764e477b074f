//! Writes about nodes. The object of a node that is gone takes none but its registration.

use super::Write;
use crate::ids::NodeId;
use crate::world::api::{Api, Change, NodeReady};

impl Api {
    pub(super) fn set_node_ready(&mut self, node: NodeId, ready: NodeReady, write: &mut Write) {
        let object = &mut self.nodes[node.index()];
        if object.exists && object.ready != ready {
            let was = std::mem::replace(&mut object.ready, ready);
            write.tell(Change::NodeReady { node, was, is: ready });
        }
    }

    pub(super) fn set_node_taints(
        &mut self,
        node: NodeId,
        no_schedule: bool,
        no_execute: bool,
        write: &mut Write,
    ) {
        let object = &mut self.nodes[node.index()];
        if object.exists && (object.no_schedule, object.no_execute) != (no_schedule, no_execute) {
            (object.no_schedule, object.no_execute) = (no_schedule, no_execute);
            write.tell(Change::NodeTaints(node));
        }
    }

    pub(super) fn taint_for_removal(&mut self, node: NodeId, is: bool, write: &mut Write) {
        let object = &mut self.nodes[node.index()];
        if object.exists && std::mem::replace(&mut object.to_be_removed, is) != is {
            write.tell(Change::NodeToBeRemoved(node));
        }
    }

    pub(super) fn set_out_of_service(&mut self, node: NodeId, is: bool, write: &mut Write) {
        let object = &mut self.nodes[node.index()];
        if object.exists && std::mem::replace(&mut object.out_of_service, is) != is {
            write.tell(Change::NodeOutOfService(node));
        }
    }

    pub(super) fn delete_node(&mut self, node: NodeId, write: &mut Write) {
        if std::mem::replace(&mut self.nodes[node.index()].exists, false) {
            self.mark_pods_stale(write.model, node);
            write.tell(Change::NodeDeleted(node));
        }
    }

    /// The object is new: it has no taints but the one for not being ready.
    pub(super) fn register_node(&mut self, node: NodeId, write: &mut Write) {
        let object = &mut self.nodes[node.index()];
        if !std::mem::replace(&mut object.exists, true) {
            (object.ready, object.unschedulable) = (NodeReady::False, false);
            (object.no_schedule, object.no_execute) = (true, false);
            object.to_be_removed = false;
            object.out_of_service = false;
            self.mark_pods_stale(write.model, node);
            write.tell(Change::NodeRegistered(node));
        }
    }
}
