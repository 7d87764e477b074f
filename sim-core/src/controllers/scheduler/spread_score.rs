//! PodTopologySpread's score (`podtopologyspread/scoring.go`).
//!
//! Nodes that stand alike to every constraint score alike, and few standings are met, as a rule: three zones, and
//! none or one of the pods on a node. So the arithmetic is done for one node of each standing, the example.

use super::cycle::{Cycle, Term};
use super::score::{Plugin, normalize_spread};
use super::tables::SpreadRule;

/// Mark of a standing that no candidate has.
const NOBODY: u32 = u32::MAX;
/// Mark of a standing that is not scored.
const UNSCORED: u32 = u32::MAX;
/// With more standings than so many for each candidate, or two rules by hostname, every candidate has one of its own.
const STANDINGS_PER_CANDIDATE: u64 = 4;

impl Cycle<'_> {
    /// Adds the weighted scores of the candidates to the totals.
    pub(super) fn add_spread(&mut self) {
        if self.template.soft_spread.rules.is_empty() {
            return;
        }
        self.take_terms();
        self.find_standings();
        self.weigh_terms();
        self.score_standings();
        let scratch = &mut *self.scratch;
        let scores = scratch.scores.as_slice();
        for (total, standing) in scratch.totals.iter_mut().zip(&scratch.standings) {
            *total += scores[*standing as usize];
        }
    }

    fn take_terms(&mut self) {
        self.scratch.terms.clear();
        for rule in &self.template.soft_spread.rules {
            let row = self.counts_row(rule);
            let (topology, tally, skew) = (rule.topology, rule.tally, f64::from(rule.max_skew) - 1.0);
            let mut term = Term { topology, tally, row, weight: 0.0, skew, standings: 1 };
            if rule.by_hostname {
                term.standings = 1 + self.counts(&term).iter().copied().map(standing).max().unwrap_or(0);
            }
            self.scratch.terms.push(term);
        }
    }

    /// A node's standing is its group and, if there is a rule by hostname, the number of pods on it.
    fn find_standings(&mut self) {
        let mut by_hostname = self.scratch.terms.iter().filter(|term| term.standings > 1);
        let (term, another) = (by_hostname.next().cloned(), by_hostname.next());
        let pods = term.as_ref().map_or(1, |term| u64::from(term.standings));
        let standings = u64::from(self.template.soft_spread.group_count) * pods;
        let candidates = self.scratch.candidates.len();
        if another.is_none() && standings <= candidates as u64 * STANDINGS_PER_CANDIDATE {
            self.stand_in_groups(term.as_ref(), standings as usize);
        } else {
            self.scratch.standings.clear();
            self.scratch.standings.extend(0..candidates as u32);
            self.scratch.examples.clone_from(&self.scratch.candidates);
        }
    }

    fn stand_in_groups(&mut self, by_hostname: Option<&Term>, standings: usize) {
        let mut found = std::mem::take(&mut self.scratch.standings);
        let mut examples = std::mem::take(&mut self.scratch.examples);
        let (spread, nodes) = (&self.template.soft_spread, self.tables.nodes());
        let groups = &spread.groups[..nodes];
        let (domains, counts): (&[u32], &[u32]) = match by_hostname {
            Some(term) => (&self.tables.topology(term.topology).looked_up[..nodes], self.counts(term)),
            None => (groups, &[]),
        };
        examples.clear();
        examples.resize(standings, NOBODY);
        found.clear();
        found.extend(self.scratch.candidates.iter().map(|at| {
            let pods = counts.get(domains[*at as usize] as usize).copied().map_or(0, standing);
            let standing = groups[*at as usize] + spread.group_count * pods;
            examples[standing as usize] = *at;
            standing
        }));
        (self.scratch.standings, self.scratch.examples) = (found, examples);
    }

    /// Pods in few domains weigh less: ln(size + 2) each (`topologyNormalizingWeight`).
    fn weigh_terms(&mut self) {
        let spread = &self.template.soft_spread;
        for (at, rule) in spread.rules.iter().enumerate() {
            self.scratch.terms[at].weight = self.tables.spread_weights[self.topology_size(rule)];
        }
    }

    /// Number of domains among the candidates. Without a label is a domain too, where upstream lets such nodes
    /// take part: under the system's defaults.
    fn topology_size(&mut self, rule: &SpreadRule) -> usize {
        let ignored = self.template.soft_spread.ignored.as_ref();
        let scratch = &mut *self.scratch;
        if rule.by_hostname && ignored.is_none() {
            return scratch.candidates.len();
        }
        let is_scored = |at: u32| ignored.is_none_or(|ignored| !ignored[at as usize]);
        if rule.by_hostname {
            return scratch.candidates.iter().filter(|at| is_scored(**at)).count();
        }
        let topology = self.tables.topology(rule.topology);
        scratch.met.clear();
        scratch.met.resize(topology.domains as usize + 1, false);
        for at in scratch.examples.iter().copied().filter(|at| *at != NOBODY && is_scored(*at)) {
            scratch.met[topology.looked_up[at as usize].min(topology.domains) as usize] = true;
        }
        scratch.met.iter().filter(|met| **met).count()
    }

    /// Works out what each standing adds to a total.
    fn score_standings(&mut self) {
        let ignored = self.template.soft_spread.ignored.as_ref();
        let is_scored = |at: u32| at != NOBODY && ignored.is_none_or(|ignored| !ignored[at as usize]);
        let mut scores = std::mem::take(&mut self.scratch.scores);
        scores.clear();
        let score =
            |at: &u32| if is_scored(*at) { round(self.spread_around(*at as usize)) } else { UNSCORED };
        scores.extend(self.scratch.examples.iter().map(score));
        let scored = scores.iter().copied().filter(|score| *score != UNSCORED);
        let (low, high) = scored.fold((UNSCORED, 0), |(low, high), score| (low.min(score), high.max(score)));
        let weight = Plugin::PodTopologySpread.weight();
        for score in &mut scores {
            *score = if *score == UNSCORED { 0 } else { weight * normalize_spread(*score, low, high) };
        }
        self.scratch.scores = scores;
    }

    /// Sum of count x weight + maxSkew - 1 over the rules in whose domains the node is (`scoreForCount`).
    fn spread_around(&self, at: usize) -> f64 {
        let mut sum = 0.0;
        for term in &self.scratch.terms {
            let domain = self.tables.topology(term.topology).looked_up[at];
            if let Some(count) = self.counts(term).get(domain as usize) {
                sum += f64::from(*count) * term.weight + term.skew;
            }
        }
        sum
    }

    fn counts(&self, term: &Term) -> &[u32] {
        &self.cluster.tallies[term.tally.0 as usize].rows[term.row].counts
    }
}

/// Of a domain with so many pods; without a domain it is 0, as it is where taints leave none.
fn standing(pods: u32) -> u32 {
    pods.wrapping_add(1)
}

/// Half away from zero, as Go's `math.Round`, for what is never negative.
fn round(sum: f64) -> u32 {
    let whole = sum as u32;
    whole + u32::from(sum - f64::from(whole) >= 0.5)
}
