//! Scoring: which of the nodes that can hold the pod is best? Each plugin gives 0..=100, in upstream's integer
//! arithmetic; the weights are those of `pkg/scheduler/apis/config/v1/default_plugins.go`.

use super::cycle::Cycle;
use super::room::{balanced, least};
use super::tables::{SpreadRule, UNCOUNTED};

/// Mark of a candidate that spreading does not score.
const IGNORED: u32 = u32::MAX;

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

/// The more alike the shares of CPU and memory in use, the better; each is `(requested with the pod, capacity)`.
#[inline]
pub fn balanced_allocation(cpu: (u64, u64), memory: (u64, u64)) -> u32 {
    if cpu.1 == 0 || memory.1 == 0 {
        return MAX_SCORE;
    }
    let share = |(requested, capacity): (u64, u64)| (requested as f64 / capacity as f64).min(1.0);
    let deviation = ((share(cpu) - share(memory)) / 2.0).abs();
    ((1.0 - deviation) * f64::from(MAX_SCORE)) as u32
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

    fn add_spread(&mut self) {
        let spread = &self.template.soft_spread;
        if spread.rules.is_empty() {
            return;
        }
        self.scratch.sums.clear();
        self.scratch.sums.resize(self.scratch.candidates.len(), 0.0);
        for rule in &spread.rules {
            self.sum_spread(rule);
        }
        match &spread.ignored {
            None => self.add_sums(|_| false),
            Some(ignored) => self.add_sums(|at| ignored[at as usize]),
        }
    }

    /// count x ln(size + 2) + maxSkew - 1 for each candidate in a domain (`scoreForCount`).
    fn sum_spread(&mut self, rule: &SpreadRule) {
        let row = self.counts_row(rule);
        let weight = self.tables.spread_weights[self.topology_size(rule)];
        let skew = f64::from(rule.max_skew) - 1.0;
        let domains = &self.tables.topology(rule.topology).looked_up;
        let counts = &self.cluster.tallies[rule.tally.0 as usize].rows[row].counts;
        for (sum, at) in self.scratch.sums.iter_mut().zip(&self.scratch.candidates) {
            if let Some(count) = counts.get(domains[*at as usize] as usize) {
                *sum += f64::from(*count) * weight + skew;
            }
        }
    }

    /// Number of domains among the candidates. Without a label is a domain too, where upstream lets such nodes
    /// take part: under the system's defaults.
    fn topology_size(&mut self, rule: &SpreadRule) -> usize {
        let topology = self.tables.topology(rule.topology);
        let ignored = self.template.soft_spread.ignored.as_ref();
        if ignored.is_none() && (rule.by_hostname || self.scratch.candidates.len() == self.tables.nodes()) {
            return if rule.by_hostname { self.scratch.candidates.len() } else { topology.size as usize };
        }
        let scratch = &mut *self.scratch;
        let is_scored = |at: &&u32| ignored.is_none_or(|ignored| !ignored[**at as usize]);
        let scored = scratch.candidates.iter().filter(is_scored);
        if rule.by_hostname {
            return scored.count();
        }
        scratch.met.clear();
        scratch.met.resize(topology.domains as usize + 1, false);
        for at in scored {
            let domain = topology.looked_up[*at as usize];
            debug_assert!(domain != UNCOUNTED, "a candidate is eligible");
            scratch.met[domain.min(topology.domains) as usize] = true;
        }
        scratch.met.iter().filter(|met| **met).count()
    }

    /// Rounds the sums, scales them and adds them to the totals, but those of ignored candidates.
    fn add_sums(&mut self, is_ignored: impl Fn(u32) -> bool) {
        let scratch = &mut *self.scratch;
        let rounded = |(sum, at): (&f64, &u32)| if is_ignored(*at) { IGNORED } else { round(*sum) };
        scratch.rounded.clear();
        scratch.rounded.extend(scratch.sums.iter().zip(&scratch.candidates).map(rounded));
        let scored = scratch.rounded.iter().copied().filter(|score| *score != IGNORED);
        let (lowest, highest) =
            scored.fold((IGNORED, 0), |(low, high), score| (low.min(score), high.max(score)));
        let weight = Plugin::PodTopologySpread.weight();
        let scaled = |score| weight * normalize_spread(score, lowest, highest);
        // Scores are few and candidates many, as a rule: a table saves their divisions.
        let few = highest.saturating_sub(lowest) as usize <= scratch.candidates.len();
        scratch.scaled.clear();
        scratch.scaled.extend((lowest..=highest).take_while(|_| few).map(scaled));
        for (total, score) in scratch.totals.iter_mut().zip(&scratch.rounded).filter(|(_, s)| **s != IGNORED)
        {
            let known = scratch.scaled.get((score - lowest) as usize).copied();
            *total += known.unwrap_or_else(|| scaled(*score));
        }
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

/// Half away from zero, as Go's `math.Round`, for what is never negative.
fn round(sum: f64) -> u32 {
    let whole = sum as u32;
    whole + u32::from(sum - f64::from(whole) >= 0.5)
}
