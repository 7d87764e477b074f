//! The wiring of the Cluster Autoscaler, and the cloud that gives it machines.

use super::sim::Sim;
use super::timers::Wake;
use crate::controllers::cluster_autoscaler::{CloudRequest, Scan, View};
use crate::ids::NodeId;
use crate::observers::timeline::Watch;
use crate::outcome::Actor;
use crate::rng::Purpose;
use crate::spec::ScalablePool;
use crate::time::Instant;
use crate::world::api::{Change, Request};

impl<W: Watch> Sim<'_, W> {
    /// Nodes that may come later are not there.
    pub(super) fn begin_node_scaling(&mut self) {
        let Some(spec) = &self.model.scenario().scaling.cluster else { return };
        for pool in &spec.pools {
            for node in &pool.nodes[pool.initial_count as usize..] {
                self.physical.withdraw(*node, &mut self.physical_changes);
                self.requests.push(Request::DeleteNode(*node));
            }
        }
        self.scan_soon();
    }

    /// A pass of the Cluster Autoscaler.
    pub(super) fn scan(&mut self) {
        let Some(spec) = &self.model.scenario().scaling.cluster else { return };
        let moment = self.moment();
        let view = View { moment: &moment, api: &self.api, scheduler: &self.scheduler };
        let (scan, next) = self.cluster_autoscaler.scan(spec, &view, &mut self.requests);
        self.timers.arm(Wake::Scan, next);
        self.narrate_scan(&scan);
        for request in scan.cloud {
            match request {
                CloudRequest::Add(node) => self.order(node),
                CloudRequest::Remove(node) => self.remove_node(node),
            }
        }
    }

    /// The cloud begins to make a machine.
    fn order(&mut self, node: NodeId) {
        let key = self.model.node_key(node);
        let mut luck = self.luck.draw(Purpose::ProvisionTime, key, self.orders[node.index()]);
        if let Some(takes) = self.pool_of(node).map(|pool| pool.provision_time.sample(&mut luck)) {
            self.orders[node.index()] += 1;
            self.timers.arm(Wake::Provision(node), self.now + takes);
        }
    }

    /// The machine is there: it boots from an empty disk.
    pub(super) fn provision(&mut self, node: NodeId) {
        self.forget_disk(node);
        self.physical.provide(node, &mut self.physical_changes);
    }

    /// A new machine stands in for the node's old one: no image is there.
    pub(super) fn forget_disk(&mut self, node: NodeId) {
        for image in self.kubelets.forget_images(node) {
            self.scheduler.set_image(node, image, false);
        }
    }

    /// The machine goes, and the cloud controller deletes the node's object.
    fn remove_node(&mut self, node: NodeId) {
        self.timers.arm(Wake::Provision(node), Instant::NEVER);
        self.physical.withdraw(node, &mut self.physical_changes);
        self.requests.push(Request::DeleteNode(node));
    }

    /// The autoscaler looks at what has changed in its next pass.
    pub(super) fn node_scaling_sees(&mut self, change: Change) {
        if self.model.scenario().scaling.cluster.is_none() {
            return;
        }
        let matters = matches!(
            change,
            Change::PodUnschedulable(_)
                | Change::PodBound(..)
                | Change::PodDeleting(..)
                | Change::PodRemoved(_)
                | Change::NodeReady { .. }
                | Change::NodeTaints(_)
                | Change::NodeToBeRemoved(_)
                | Change::BudgetStatus(_)
                | Change::NodeDeleted(_)
                | Change::NodeRegistered(_)
        );
        if matters {
            self.scan_soon();
        }
    }

    fn scan_soon(&mut self) {
        if let Some(spec) = &self.model.scenario().scaling.cluster {
            self.timers.arm_earlier(Wake::Scan, self.cluster_autoscaler.next_scan(spec, self.now));
        }
    }

    fn pool_of(&self, node: NodeId) -> Option<&ScalablePool> {
        let spec = self.model.scenario().scaling.cluster.as_ref()?;
        spec.pools.iter().find(|pool| pool.nodes.contains(&node))
    }

    fn narrate_scan(&mut self, scan: &Scan) {
        if !W::LISTENS {
            return;
        }
        let mut lines = Vec::new();
        let adds = |request: &&CloudRequest| matches!(request, CloudRequest::Add(_));
        let names = |nodes: &mut dyn Iterator<Item = NodeId>| {
            nodes.map(|node| self.node_name(node).to_owned()).collect::<Vec<_>>().join(", ")
        };
        for gone in scan.cloud.iter().filter(|request| !adds(request)).map(|request| request.node()) {
            lines.push(format!("removes node {}", self.node_name(gone)));
        }
        if scan.helped > 0 {
            let new = names(&mut scan.cloud.iter().filter(adds).map(|request| request.node()));
            lines.push(format!("asks the cloud for {new}, on which {} pending pods would fit", scan.helped));
        }
        for node in &scan.drains {
            lines.push(format!("finds node {} unneeded, and moves its pods away", self.node_name(*node)));
        }
        for node in &scan.given_up {
            lines
                .push(format!("gives up removing node {}: pods could not be evicted", self.node_name(*node)));
        }
        if scan.stopped != self.scaling_stopped {
            self.scaling_stopped = scan.stopped;
            let does = if scan.stopped { "stops: too many nodes are unready" } else { "goes on" };
            lines.push(does.to_owned());
        }
        for line in lines {
            self.watch.tell(self.now, Actor::ClusterAutoscaler, line);
        }
    }
}
