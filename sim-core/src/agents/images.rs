//! Image caches of nodes. Upstream pulls one image at a time per node (`serializeImagePulls: true`), and disks
//! outlive crashes.

use crate::ids::{ImageId, NodeId};
use crate::model::Model;
use crate::time::{Instant, Span};

/// Which node has which image, and from when on.
#[derive(Clone, Debug)]
pub struct Images {
    /// By node, then image: when its pull ends; never if not begun.
    present_from: Vec<Instant>,
    /// By node: when its pulls under way end.
    pulling_until: Vec<Instant>,
    images: usize,
    /// Pulls begun that nobody was told of yet.
    begun: Vec<(NodeId, ImageId)>,
}

impl Images {
    /// Nodes without images.
    pub fn new(model: &Model) -> Images {
        let (nodes, images) = (model.scenario().cluster.nodes.len(), model.scenario().images.len());
        Images {
            present_from: vec![Instant::NEVER; nodes * images],
            pulling_until: vec![Instant::ZERO; nodes],
            images,
            begun: Vec::new(),
        }
    }

    /// The next pull that was begun since the last call, of which the node's status tells.
    pub fn take_begun(&mut self) -> Option<(NodeId, ImageId)> {
        self.begun.pop()
    }

    /// The node has a new disk. Returns the images that it had.
    pub fn forget(&mut self, node: NodeId) -> Vec<ImageId> {
        let row = &mut self.present_from[node.index() * self.images..][..self.images];
        let had = row.iter().enumerate().filter(|(_, from)| **from != Instant::NEVER);
        let had = had.map(|(image, _)| ImageId::from(image)).collect();
        row.fill(Instant::NEVER);
        self.pulling_until[node.index()] = Instant::ZERO;
        had
    }

    /// When a container that needs the image at `now` has it.
    pub fn ready_at(
        &mut self,
        model: &Model,
        node: NodeId,
        image: ImageId,
        always_pull: bool,
        now: Instant,
    ) -> Instant {
        let timing = &model.scenario().timing;
        let present = &mut self.present_from[node.index() * self.images + image.index()];
        if *present != Instant::NEVER {
            let asked = if always_pull { now + timing.pull_latency } else { now };
            return asked.max(*present);
        }
        let begins = now.max(self.pulling_until[node.index()]);
        *present = begins + timing.pull_latency + transfer(model, image);
        self.pulling_until[node.index()] = *present;
        self.begun.push((node, image));
        *present
    }
}

fn transfer(model: &Model, image: ImageId) -> Span {
    let bytes = u128::from(model.scenario().images[image.index()].size_bytes);
    let rate = u128::from(model.scenario().timing.pull_bytes_per_second.max(1));
    Span((bytes * 1_000_000_000 / rate) as u64)
}
