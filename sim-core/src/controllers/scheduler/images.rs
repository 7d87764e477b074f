//! Which nodes have which images, and ImageLocality's scores for it, remembered until an image moves.

use super::score::image_locality;
use super::tables::Tables;
use crate::ids::ImageId;

/// Images on nodes, as the nodes' status reports them.
#[derive(Clone, Debug)]
pub(crate) struct Images {
    on_node: Vec<Vec<bool>>,
    nodes_with: Vec<u32>,
    scores: Vec<Scores>,
}

/// Scores of all nodes for one set of images.
#[derive(Clone, Debug)]
struct Scores {
    is_stale: bool,
    is_uniform: bool,
    by_node: Vec<u8>,
}

impl Images {
    /// No image anywhere.
    pub fn new(tables: &Tables) -> Images {
        let (images, nodes) = (tables.image_sizes.len(), tables.nodes());
        Images {
            on_node: vec![vec![false; nodes]; images],
            nodes_with: vec![0; images],
            scores: vec![
                Scores { is_stale: false, is_uniform: true, by_node: vec![0; nodes] };
                tables.image_sets.len()
            ],
        }
    }

    /// The node's status begins or ceases to list the image.
    pub fn set(&mut self, tables: &Tables, image: ImageId, at: usize, present: bool) {
        let flag = &mut self.on_node[image.index()][at];
        if *flag == present {
            return;
        }
        *flag = present;
        let count = &mut self.nodes_with[image.index()];
        *count = if present { *count + 1 } else { *count - 1 };
        for (scores, images) in self.scores.iter_mut().zip(&tables.image_sets) {
            scores.is_stale |= images.contains(&image);
        }
    }

    /// Whether a set of images scores some nodes higher than others.
    pub fn tell_nodes_apart(&mut self, tables: &Tables, set: u32) -> bool {
        self.scores(tables, set);
        !self.scores[set as usize].is_uniform
    }

    /// Scores 0..=100 of all nodes for a set of images.
    pub fn scores(&mut self, tables: &Tables, set: u32) -> &[u8] {
        if self.scores[set as usize].is_stale {
            let images = &tables.image_sets[set as usize];
            let by_node: Vec<u8> = (0..tables.nodes()).map(|at| self.score(tables, images, at)).collect();
            let is_uniform = by_node.windows(2).all(|pair| pair[0] == pair[1]);
            self.scores[set as usize] = Scores { is_stale: false, is_uniform, by_node };
        }
        &self.scores[set as usize].by_node
    }

    fn score(&self, tables: &Tables, images: &[ImageId], at: usize) -> u8 {
        let here = images.iter().filter(|image| self.on_node[image.index()][at]);
        let sum = here.map(|image| self.scaled_size(tables, *image)).sum();
        image_locality(sum, images.len() as u64) as u8
    }

    /// An image on few nodes counts little, lest its first nodes get all pods (`scaledImageScore`).
    fn scaled_size(&self, tables: &Tables, image: ImageId) -> u64 {
        let spread = f64::from(self.nodes_with[image.index()]) / tables.nodes() as f64;
        (tables.image_sizes[image.index()] as f64 * spread) as u64
    }
}
