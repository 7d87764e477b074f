//! Scoring: which of the nodes that can hold the pod is best? Each plugin gives 0..=100, in upstream's integer
//! arithmetic; the weights are those of `pkg/scheduler/apis/config/v1/default_plugins.go`.

use super::cycle::Cycle;
use super::room::{balanced, least};

/// Best score that a plugin can give.
const MAX_SCORE: u32 = 100;

/// Image sizes that score nothing and everything, per container (`imagelocality/image_locality.go`).
const IMAGE_SCORE_RANGE: (u64, u64) = (23 * 1024 * 1024, 1000 * 1024 * 1024);

/// Scoring plugins of the default profile that matter without volumes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are upstream's
pub enum Plugin {
    TaintToleration,
    NodeAffinity,
    PodTopologySpread,
    InterPodAffinity,
    LeastAllocated,
    BalancedAllocation,
    ImageLocality,
}

impl Plugin {
    /// All plugins.
    pub const ALL: [Plugin; 7] = [
        Plugin::TaintToleration,
        Plugin::NodeAffinity,
        Plugin::PodTopologySpread,
        Plugin::InterPodAffinity,
        Plugin::LeastAllocated,
        Plugin::BalancedAllocation,
        Plugin::ImageLocality,
    ];

    /// Weight in the total.
    pub const fn weight(self) -> u32 {
        match self {
            Plugin::TaintToleration => 3,
            Plugin::NodeAffinity | Plugin::PodTopologySpread | Plugin::InterPodAffinity => 2,
            Plugin::LeastAllocated | Plugin::BalancedAllocation | Plugin::ImageLocality => 1,
        }
    }
}

/// The more is left, the better: Σ weight x left x 100 / capacity over Σ weight. Each resource is
/// `(requested with the pod, capacity, weight)`; one without capacity is left out with its weight.
#[inline]
pub fn least_allocated(resources: &[(u64, u64, u32)]) -> u32 {
    let (mut sum, mut weights) = (0, 0);
    for &(requested, capacity, weight) in resources.iter().filter(|(_, capacity, _)| *capacity > 0) {
        sum += weight * (capacity.saturating_sub(requested) * 100 / capacity) as u32;
        weights += weight;
    }
    sum.checked_div(weights).unwrap_or(0)
}

/// The more alike the shares of resources in use, the better; each is `(requested with the pod, capacity)`. The
/// default profile looks at CPU and memory.
#[inline]
pub fn balanced_allocation(resources: &[(u64, u64)]) -> u32 {
    let share = |(requested, capacity): (u64, u64)| (requested as f64 / capacity as f64).min(1.0);
    let deviation = match *resources {
        [one, other] if one.1 > 0 && other.1 > 0 => ((share(one) - share(other)) / 2.0).abs(),
        _ => {
            let known = resources.iter().filter(|(_, capacity)| *capacity > 0);
            standard_deviation(&known.map(|resource| share(*resource)).collect::<Vec<f64>>())
        }
    };
    ((1.0 - deviation) * f64::from(MAX_SCORE)) as u32
}

/// Of one share or none it is 0.
fn standard_deviation(shares: &[f64]) -> f64 {
    let count = shares.len().max(1) as f64;
    let mean = shares.iter().sum::<f64>() / count;
    let squares: f64 = shares.iter().map(|share| (share - mean) * (share - mean)).sum();
    (squares / count).sqrt()
}

/// Scales a score to 0..=100 by the highest (`DefaultNormalizeScore`).
pub fn normalize(score: i64, highest: i64, reverse: bool) -> u32 {
    let scaled = if highest == 0 { 0 } else { (i64::from(MAX_SCORE) * score / highest) as u32 };
    if reverse { MAX_SCORE - scaled } else { scaled }
}

/// Few matching pods score high: 100 x (highest + lowest - score) / highest.
pub fn normalize_spread(score: u32, lowest: u32, highest: u32) -> u32 {
    if highest == 0 {
        return MAX_SCORE;
    }
    (u64::from(MAX_SCORE) * u64::from(highest + lowest - score) / u64::from(highest)) as u32
}

/// Scales to 0..=100 between the lowest and the highest.
pub fn normalize_affinity(score: i64, lowest: i64, highest: i64) -> u32 {
    if highest == lowest {
        return 0;
    }
    (f64::from(MAX_SCORE) * ((score - lowest) as f64 / (highest - lowest) as f64)) as u32
}

/// Scales the sum of the sizes of the images that are there.
pub fn image_locality(sum: u64, containers: u64) -> u32 {
    let (least, most_each) = IMAGE_SCORE_RANGE;
    let most = (most_each * containers).max(least + 1);
    (u64::from(MAX_SCORE) * (sum.clamp(least, most) - least) / (most - least)) as u32
}

impl Cycle<'_> {
    /// Adds the weighted scores of all plugins but the two on resources, which filtering has worked out, and but those
    /// that score all nodes alike, which decide nothing.
    pub fn score(&mut self) {
        if self.template.unpreferred.is_some() {
            self.add_taints();
        }
        self.add_node_affinity();
        self.add_spread();
        self.add_pod_affinity();
        if self.cluster.images.tell_nodes_apart(self.tables, self.template.images) {
            self.add_images();
        }
    }

    /// One plugin's scores of the candidates, in place of the totals.
    pub fn score_by(&mut self, plugin: Plugin) {
        self.scratch.totals.fill(0);
        match plugin {
            Plugin::TaintToleration => self.add_taints(),
            Plugin::NodeAffinity => self.add_node_affinity(),
            Plugin::PodTopologySpread => self.add_spread(),
            Plugin::InterPodAffinity => self.add_pod_affinity(),
            Plugin::LeastAllocated | Plugin::BalancedAllocation => self.add_resources(plugin),
            Plugin::ImageLocality => self.add_images(),
        }
        self.scratch.totals.iter_mut().for_each(|total| *total /= plugin.weight());
    }

    fn add_taints(&mut self) {
        let weight = Plugin::TaintToleration.weight();
        let Some(row) = &self.template.unpreferred else {
            self.scratch.totals.iter_mut().for_each(|total| *total += MAX_SCORE * weight);
            return;
        };
        self.take_raw(|at| row[at]);
        let highest = self.raw_range().1;
        self.add_raw(weight, |raw| normalize(raw, highest, true));
    }

    fn add_node_affinity(&mut self) {
        let Some(row) = &self.template.preferred else { return };
        self.take_raw(|at| row[at]);
        let highest = self.raw_range().1;
        self.add_raw(Plugin::NodeAffinity.weight(), |raw| normalize(raw, highest, false));
    }

    fn add_pod_affinity(&mut self) {
        let rules = &self.template.affinity.weighted;
        if rules.is_empty() {
            return;
        }
        let mut raw = std::mem::take(&mut self.scratch.raw);
        let score = |at: &u32| {
            rules
                .iter()
                .map(|(weight, counts)| weight * i64::from(self.pods_around(counts, *at as usize)))
                .sum()
        };
        raw.clear();
        raw.extend(self.scratch.candidates.iter().map(|at| -> i64 { score(at) }));
        self.scratch.raw = raw;
        let (lowest, highest) = self.raw_range();
        self.add_raw(Plugin::InterPodAffinity.weight(), |raw| normalize_affinity(raw, lowest, highest));
    }

    fn add_resources(&mut self, plugin: Plugin) {
        let class = &self.tables.classes[self.template.class as usize];
        let scratch = &mut *self.scratch;
        let score = if plugin == Plugin::LeastAllocated { least } else { balanced };
        for (total, at) in scratch.totals.iter_mut().zip(&scratch.candidates) {
            let at = *at as usize;
            *total += plugin.weight() * score(class, &self.cluster.used[at], &self.tables.capacities[at]);
        }
    }

    fn add_images(&mut self) {
        let scores = self.cluster.images.scores(self.tables, self.template.images);
        let scratch = &mut *self.scratch;
        for (total, at) in scratch.totals.iter_mut().zip(&scratch.candidates) {
            *total += Plugin::ImageLocality.weight() * u32::from(scores[*at as usize]);
        }
    }

    fn take_raw(&mut self, score: impl Fn(usize) -> i64) {
        let scratch = &mut *self.scratch;
        scratch.raw.clear();
        scratch.raw.extend(scratch.candidates.iter().map(|at| score(*at as usize)));
    }

    fn raw_range(&self) -> (i64, i64) {
        let raw = &self.scratch.raw;
        (raw.iter().copied().min().unwrap_or(0), raw.iter().copied().max().unwrap_or(0))
    }

    fn add_raw(&mut self, weight: u32, normalized: impl Fn(i64) -> u32) {
        let scratch = &mut *self.scratch;
        for (total, raw) in scratch.totals.iter_mut().zip(&scratch.raw) {
            *total += weight * normalized(*raw);
        }
    }
}
