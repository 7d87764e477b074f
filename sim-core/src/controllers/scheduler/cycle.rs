//! One scheduling cycle: the pod at hand, the cluster, and buffers that outlive the cycle.

use super::cluster::Cluster;
use super::confines::Confines;
use super::tables::{SpreadRule, Tables, TallyId, TemplateTable, TopologyId};
use super::taints::NodeTaints;

/// Everything that filters and scores look at.
pub(crate) struct Cycle<'a> {
    pub tables: &'a Tables,
    pub template: &'a TemplateTable,
    pub verdicts: &'a [u8],
    pub cluster: &'a mut Cluster,
    pub scratch: &'a mut Scratch,
    pub revision: u32,
    pub confines: Confines,
}

/// Buffers of a cycle, kept so that a decision allocates nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    /// Positions of the nodes that can hold the pod.
    pub candidates: Vec<u32>,
    /// Weighted scores of the candidates.
    pub totals: Vec<u32>,
    /// A plugin's scores of the candidates before normalisation.
    pub raw: Vec<i64>,
    /// The `ScheduleAnyway` constraints.
    pub terms: Vec<Term>,
    /// The candidates' standings to them.
    pub standings: Vec<u32>,
    /// By standing: a node that has it, and the score of those that do.
    pub examples: Vec<u32>,
    pub scores: Vec<u32>,
    /// Limits of the `DoNotSchedule` constraints.
    pub limits: Vec<Limit>,
    /// Domains among the candidates; the last is that of the nodes without a label.
    pub met: Vec<bool>,
}

/// One `DoNotSchedule` constraint, as it stands in this cycle.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    pub topology: TopologyId,
    pub tally: TallyId,
    pub row: usize,
    /// Most matching pods that a domain may have now.
    pub most: i64,
}

/// One `ScheduleAnyway` constraint, as it stands in this cycle.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    pub topology: TopologyId,
    pub tally: TallyId,
    pub row: usize,
    /// Score of each pod in a node's domain.
    pub weight: f64,
    /// Score of the domain itself.
    pub skew: f64,
    /// Number of standings that nodes of one group may have to it: 1 unless it is by hostname.
    pub standings: u32,
}

/// Count of a domain whose nodes all have taints that are to be honoured.
pub(crate) const NOT_A_DOMAIN: u32 = u32::MAX;

impl Cycle<'_> {
    /// Clears the buffers and works out what is the same for all nodes.
    pub fn prepare(&mut self) {
        self.scratch.candidates.clear();
        self.scratch.totals.clear();
        self.scratch.limits.clear();
        let template = self.template;
        self.cluster.room.refresh(self.tables, &self.cluster.used, template.class);
        for rule in &template.hard_spread {
            let limit = self.limit(rule);
            self.scratch.limits.push(limit);
        }
    }

    fn limit(&mut self, rule: &SpreadRule) -> Limit {
        let row = self.counts_row(rule);
        let counts = &self.cluster.tallies[rule.tally.0 as usize].rows[row].counts;
        let (domains, least) = if self.cluster.absent == 0 {
            let domains = counts.iter().filter(|count| **count != NOT_A_DOMAIN).count();
            (domains, counts.iter().copied().min().unwrap_or(0))
        } else {
            self.present_domains(rule.topology, counts)
        };
        let global_minimum = if domains < rule.min_domains as usize { 0 } else { least };
        let most = i64::from(rule.max_skew) + i64::from(global_minimum) - i64::from(rule.matches_itself);
        Limit { topology: rule.topology, tally: rule.tally, row, most }
    }

    /// Number of domains that have a node left, and the least count of one.
    fn present_domains(&self, topology: TopologyId, counts: &[u32]) -> (usize, u32) {
        let counted_in = &self.tables.topology(topology).counted_in;
        let present = |at: &usize| !self.cluster.taints[*at].intersects(NodeTaints::ABSENT);
        let mut domains: Vec<u32> = (0..counted_in.len()).filter(present).map(|at| counted_in[at]).collect();
        domains.sort_unstable();
        domains.dedup();
        let counts = domains.iter().filter_map(|domain| counts.get(*domain as usize));
        let counts = counts.filter(|count| **count != NOT_A_DOMAIN);
        (counts.clone().count(), counts.copied().min().unwrap_or(0))
    }

    /// The row of a rule's counts, brought up to date where taints are honoured.
    pub fn counts_row(&mut self, rule: &SpreadRule) -> usize {
        match rule.by_node {
            None => self.cluster.row(self.tables, rule.tally, self.revision),
            Some(by_node) => {
                self.count_untainted(rule, by_node);
                0
            }
        }
    }

    fn count_untainted(&mut self, rule: &SpreadRule, by_node: TallyId) {
        let topology = self.tables.topology(rule.topology);
        let row = self.cluster.row(self.tables, by_node, self.revision);
        let mut counts = std::mem::take(&mut self.cluster.tallies[rule.tally.0 as usize].rows[0].counts);
        let pods = &self.cluster.tallies[by_node.0 as usize].rows[row].counts;
        counts.fill(NOT_A_DOMAIN);
        for (at, (domain, pods)) in topology.counted_in.iter().zip(pods).enumerate() {
            let is_tainted = self.cluster.taints[at].intersects(self.template.untolerated);
            if let Some(count) = counts.get_mut(*domain as usize).filter(|_| !is_tainted) {
                *count = if *count == NOT_A_DOMAIN { *pods } else { *count + pods };
            }
        }
        self.cluster.tallies[rule.tally.0 as usize].rows[0].counts = counts;
    }
}
