//! Image caches of nodes. Upstream pulls one image at a time per node (`serializeImagePulls: true`) or some
//! (`maxParallelImagePulls`), and disks outlive crashes.

use crate::ids::{ImageId, NodeId};
use crate::model::Model;
use crate::time::{Instant, Span};

/// Which node has which image, and from when on.
#[derive(Clone, Debug)]
pub struct Images {
    /// By node, then image: when its pull ends; never if not begun.
    present_from: Vec<Instant>,
    /// By node, then by pull that may be under way: when it ends.
    pulling_until: Vec<Instant>,
    images: usize,
    parallel: usize,
    /// Pulls begun that nobody was told of yet.
    begun: Vec<(NodeId, ImageId)>,
}

impl Images {
    /// Nodes without images.
    pub fn new(model: &Model) -> Images {
        let (nodes, images) = (model.scenario().cluster.nodes.len(), model.scenario().images.len());
        let parallel = model.scenario().timing.max_parallel_image_pulls.max(1) as usize;
        Images {
            present_from: vec![Instant::NEVER; nodes * images],
            pulling_until: vec![Instant::ZERO; nodes * parallel],
            images,
            parallel,
            begun: Vec::new(),
        }
    }

    /// The next pull that was begun since the last call, of which the node's status tells.
    pub fn take_begun(&mut self) -> Option<(NodeId, ImageId)> {
        self.begun.pop()
    }

    /// Whether a container that needs the image cannot start without the registry.
    pub fn needs_registry(&self, node: NodeId, image: ImageId, always_pull: bool) -> bool {
        always_pull || self.present_from[node.index() * self.images + image.index()] == Instant::NEVER
    }

    /// The node has a new disk. Returns the images that it had.
    pub fn forget(&mut self, node: NodeId) -> Vec<ImageId> {
        let row = &mut self.present_from[node.index() * self.images..][..self.images];
        let had = row.iter().enumerate().filter(|(_, from)| **from != Instant::NEVER);
        let had = had.map(|(image, _)| ImageId::from(image)).collect();
        row.fill(Instant::NEVER);
        self.pulling_until[node.index() * self.parallel..][..self.parallel].fill(Instant::ZERO);
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
        let lanes = &mut self.pulling_until[node.index() * self.parallel..][..self.parallel];
        let lane = lanes.iter_mut().min().expect("at least one");
        *present = now.max(*lane) + timing.pull_latency + transfer(model, image);
        *lane = *present;
        self.begun.push((node, image));
        *present
    }
}

fn transfer(model: &Model, image: ImageId) -> Span {
    let bytes = u128::from(model.scenario().images[image.index()].size_bytes);
    let rate = u128::from(model.scenario().timing.pull_bytes_per_second.max(1));
    Span((bytes * 1_000_000_000 / rate) as u64)
}
