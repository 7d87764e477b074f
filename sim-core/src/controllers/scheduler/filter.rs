//! Filtering: can this node hold the pod? In the order of upstream's default plugins, the first failure decides.

use super::confines::Confines;
use super::cycle::{Cycle, NOT_A_DOMAIN};
use super::room::{FULL, shortage};
use super::tables::{Counts, NO_LABEL};
use super::taints::NodeTaints;

/// The template's `nodeName` is another node.
pub(crate) const NAME_MISMATCH: u8 = 1;
/// The node has a lasting taint that the template does not tolerate.
pub(crate) const UNTOLERATED_TAINT: u8 = 2;
/// The node does not match the template's node selector or required node affinity.
pub(crate) const AFFINITY_MISMATCH: u8 = 4;

/// Why a node cannot hold a pod, in the order in which reasons are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // the messages below say what they mean
pub enum Reason {
    Unschedulable,
    NodeName,
    Taint,
    NodeAffinity,
    HostPort,
    TooManyPods,
    InsufficientCpu,
    InsufficientMemory,
    InsufficientExtended,
    VolumeAffinity,
    SpreadLabel,
    SpreadSkew,
    PodAffinity,
    PodAntiAffinity,
    AntiAffinityOfOthers,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Reason; 15] = [
        Reason::Unschedulable,
        Reason::NodeName,
        Reason::Taint,
        Reason::NodeAffinity,
        Reason::HostPort,
        Reason::TooManyPods,
        Reason::InsufficientCpu,
        Reason::InsufficientMemory,
        Reason::InsufficientExtended,
        Reason::VolumeAffinity,
        Reason::SpreadLabel,
        Reason::SpreadSkew,
        Reason::PodAffinity,
        Reason::PodAntiAffinity,
        Reason::AntiAffinityOfOthers,
    ];

    /// Upstream's wording.
    pub const fn message(self) -> &'static str {
        match self {
            Reason::Unschedulable => "node(s) were unschedulable",
            Reason::NodeName => "node(s) didn't match the requested node name",
            Reason::Taint => "node(s) had untolerated taint(s)",
            Reason::NodeAffinity => "node(s) didn't match Pod's node affinity/selector",
            Reason::HostPort => "node(s) didn't have free ports for the requested pod ports",
            Reason::TooManyPods => "Too many pods",
            Reason::InsufficientCpu => "Insufficient cpu",
            Reason::InsufficientMemory => "Insufficient memory",
            Reason::InsufficientExtended => "Insufficient extended resource",
            Reason::VolumeAffinity => "node(s) had volume node affinity conflict",
            Reason::SpreadLabel => {
                "node(s) didn't match pod topology spread constraints (missing required label)"
            }
            Reason::SpreadSkew => "node(s) didn't match pod topology spread constraints",
            Reason::PodAffinity => "node(s) didn't match pod affinity rules",
            Reason::PodAntiAffinity => "node(s) didn't match pod anti-affinity rules",
            Reason::AntiAffinityOfOthers => "node(s) didn't satisfy existing pods anti-affinity rules",
        }
    }

    /// Whether removing pods could help: upstream's `Unschedulable`, not `UnschedulableAndUnresolvable`.
    pub const fn is_resolvable(self) -> bool {
        use Reason::*;
        !matches!(
            self,
            Unschedulable | NodeName | Taint | NodeAffinity | VolumeAffinity | SpreadLabel | PodAffinity
        )
    }
}

/// How many nodes were rejected for each reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rejections([u32; Reason::ALL.len()]);

impl Rejections {
    /// One more node.
    pub fn add(&mut self, reason: Reason) {
        self.0[reason as usize] += 1;
    }

    /// Nodes rejected for a reason.
    pub fn count(&self, reason: Reason) -> u32 {
        self.0[reason as usize]
    }

    /// Reasons that occurred, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (Reason, u32)> {
        Reason::ALL.into_iter().map(|reason| (reason, self.count(reason))).filter(|(_, count)| *count > 0)
    }
}

/// As in the event FailedScheduling: `2 Insufficient cpu, 1 node(s) had untolerated taint(s)`.
impl std::fmt::Display for Rejections {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, (reason, nodes)) in self.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(out, "{comma}{nodes} {}", reason.message())?;
        }
        Ok(())
    }
}

impl Cycle<'_> {
    /// Finds nodes that can hold the pod, from `start` on and round the end, until there are `wanted`; gives how
    /// many it looked at.
    pub fn filter(&mut self, start: usize, wanted: usize) -> usize {
        let mut candidates = std::mem::take(&mut self.scratch.candidates);
        let nodes = self.tables.nodes();
        // Cut to one length, the compiler sees that no index is out of bounds.
        let room = &self.cluster.room.row(self.template.class)[..nodes];
        let (verdicts, taints) = (&self.verdicts[..nodes], &self.cluster.taints[..nodes]);
        let untolerated = self.template.untolerated;
        let node_fits =
            |at: usize| (verdicts[at] == 0) & !taints[at].intersects(untolerated) & (room[at] != FULL);
        let examined = if self.confines != Confines::Anywhere {
            let fits = |at: usize| node_fits(at) && self.pod_rules(at).is_ok();
            self.find_confined(&mut candidates, start, wanted, fits)
        } else if self.template.has_pod_rules {
            let fits = |at: usize| node_fits(at) && self.pod_rules(at).is_ok();
            find(&mut candidates, nodes, start, wanted, fits)
        } else {
            find(&mut candidates, nodes, start, wanted, node_fits)
        };
        self.scratch.totals.extend(candidates.iter().map(|at| u32::from(room[*at as usize])));
        self.scratch.candidates = candidates;
        examined
    }

    /// Among the nodes that the pod is confined to. A name leaves one to look at (`PreFilterResult`).
    fn find_confined(
        &self,
        candidates: &mut Vec<u32>,
        start: usize,
        wanted: usize,
        fits: impl Fn(usize) -> bool,
    ) -> usize {
        let snapshot = &self.tables.snapshot;
        if let Confines::Name(node) = self.confines {
            let at = snapshot.position(node);
            candidates.extend(fits(at).then_some(at as u32));
            return 1;
        }
        let fits = |at: usize| self.confines.admit(snapshot, at) && fits(at);
        find(candidates, self.tables.nodes(), start, wanted, fits)
    }

    /// Why no node can hold the pod; some could if they were not reserved.
    pub fn rejections(&self, reserved: &[(u32, Reason)]) -> Rejections {
        let of_others =
            |at: usize| reserved.iter().find(|(other, _)| *other as usize == at).map(|(_, reason)| *reason);
        let mut rejections = Rejections::default();
        // A node without an object is none that the scheduler knows.
        (0..self.tables.nodes())
            .filter(|at| !self.cluster.taints[*at].intersects(NodeTaints::ABSENT))
            .filter_map(|at| self.rejection(at).or_else(|| of_others(at)))
            .for_each(|reason| rejections.add(reason));
        rejections
    }

    /// Why a node cannot hold the pod, if so: the first reason in the order of [`Reason::ALL`].
    pub fn rejection(&self, at: usize) -> Option<Reason> {
        let confined = self.confines.rejection(&self.tables.snapshot, at);
        let reasons = [self.node_rejection(at), self.shortage(at), confined, self.pod_rules(at).err()];
        reasons.into_iter().flatten().min()
    }

    /// NodeUnschedulable, NodeName, TaintToleration and NodeAffinity.
    fn node_rejection(&self, at: usize) -> Option<Reason> {
        let verdict = self.verdicts[at];
        let untolerated = self.cluster.taints[at].common(self.template.untolerated);
        if untolerated.intersects(NodeTaints::UNSCHEDULABLE) {
            Some(Reason::Unschedulable)
        } else if verdict & NAME_MISMATCH != 0 {
            Some(Reason::NodeName)
        } else if verdict & UNTOLERATED_TAINT != 0 || !untolerated.is_empty() {
            Some(Reason::Taint)
        } else {
            (verdict & AFFINITY_MISMATCH != 0).then_some(Reason::NodeAffinity)
        }
    }

    /// NodeResourcesFit.
    fn shortage(&self, at: usize) -> Option<Reason> {
        let class = &self.tables.classes[self.template.class as usize];
        shortage(class, &self.cluster.used[at], &self.tables.capacities[at])
    }

    /// NodePorts, PodTopologySpread and InterPodAffinity. That room comes between them upstream changes nothing
    /// about who may stay, and [`Self::rejection`] puts the reasons in order.
    fn pod_rules(&self, at: usize) -> Result<(), Reason> {
        if !self.template.affinity.host_ports.iter().all(|port| self.is_empty(port, at)) {
            return Err(Reason::HostPort);
        }
        self.spread_rules(at)?;
        self.affinity_rules(at)
    }

    /// PodTopologySpread: count + self - least count > maxSkew rejects (`podtopologyspread/filtering.go`).
    fn spread_rules(&self, at: usize) -> Result<(), Reason> {
        for limit in &self.scratch.limits {
            let domain = self.tables.topology(limit.topology).looked_up[at];
            if domain == NO_LABEL {
                return Err(Reason::SpreadLabel);
            }
            let counts = &self.cluster.tallies[limit.tally.0 as usize].rows[limit.row].counts;
            let count = counts.get(domain as usize).copied().filter(|count| *count != NOT_A_DOMAIN);
            if i64::from(count.unwrap_or(0)) > limit.most {
                return Err(Reason::SpreadSkew);
            }
        }
        Ok(())
    }

    /// InterPodAffinity (`interpodaffinity/filtering.go`).
    fn affinity_rules(&self, at: usize) -> Result<(), Reason> {
        let rules = &self.template.affinity;
        if !rules.required.is_empty() && !self.has_required_pods(at) {
            Err(Reason::PodAffinity)
        } else if !rules.required_anti.iter().all(|term| self.is_empty(term, at)) {
            Err(Reason::PodAntiAffinity)
        } else if !rules.anti_of_others.iter().all(|term| self.is_empty(term, at)) {
            Err(Reason::AntiAffinityOfOthers)
        } else {
            Ok(())
        }
    }

    fn has_required_pods(&self, at: usize) -> bool {
        let rules = &self.template.affinity;
        let has_label = |term: &Counts| self.tables.topology(term.topology).looked_up[at] != NO_LABEL;
        rules.required.iter().all(has_label)
            && (rules.required.iter().all(|term| !self.is_empty(term, at)) || self.may_be_first())
    }

    /// The first pod of a group that wants to be together is let in anywhere.
    fn may_be_first(&self) -> bool {
        let rules = &self.template.affinity;
        let nowhere = |term: &Counts| self.cluster.tallies[term.tally.0 as usize].rows[0].total == 0;
        rules.matches_itself && rules.required.iter().all(nowhere)
    }

    fn is_empty(&self, counts: &Counts, at: usize) -> bool {
        self.pods_around(counts, at) == 0
    }

    /// Pods that a rule counts in the node's domain; 0 if the node is in none.
    pub fn pods_around(&self, counts: &Counts, at: usize) -> u32 {
        let domain = self.tables.topology(counts.topology).looked_up[at];
        let row = &self.cluster.tallies[counts.tally.0 as usize].rows[0];
        row.counts.get(domain as usize).copied().unwrap_or(0)
    }
}

fn find(
    candidates: &mut Vec<u32>,
    nodes: usize,
    start: usize,
    wanted: usize,
    fits: impl Fn(usize) -> bool,
) -> usize {
    // Every node is written down, and the next one takes the place of one that does not fit: nothing to predict.
    candidates.resize(wanted, 0);
    let mut found = 0;
    for range in [start..nodes, 0..start] {
        for at in range {
            candidates[found] = at as u32;
            found += usize::from(fits(at));
            if found == wanted {
                return (at + nodes - start) % nodes + 1;
            }
        }
    }
    candidates.truncate(found);
    nodes
}
