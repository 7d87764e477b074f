//! Tallies: counts of pods by topology domain. All rules about where other pods are (spreading, inter-pod
//! affinity, host ports) read tallies; what a tally counts is known before the run, its figures change in it.

use std::collections::BTreeMap;

use super::topology::TopologyId;

/// Position in [`super::Tables::tallies`], and of its figures in the cluster's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TallyId(pub u32);

/// What a tally counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TallySpec {
    /// By which domains.
    pub topology: TopologyId,
    /// Pods of which templates, as flags.
    pub templates: Vec<bool>,
    /// Whether pods of each revision are counted apart.
    pub by_revision: bool,
    /// Whether pods with a deletion timestamp count: not for spreading, but for affinity and ports.
    pub with_terminating: bool,
}

/// All tallies that some rule reads, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Tallies {
    ids: BTreeMap<TallySpec, TallyId>,
    list: Vec<TallySpec>,
}

impl Tallies {
    pub fn intern(&mut self, spec: TallySpec) -> TallyId {
        if let Some(id) = self.ids.get(&spec) {
            return *id;
        }
        let id = self.push(spec.clone());
        self.ids.insert(spec, id);
        id
    }

    /// A tally for one reader, who fills it in when needed.
    pub fn reserve(&mut self, topology: TopologyId, templates: usize) -> TallyId {
        let templates = vec![false; templates];
        self.push(TallySpec { topology, templates, by_revision: false, with_terminating: false })
    }

    pub fn into_list(self) -> Vec<TallySpec> {
        self.list
    }

    fn push(&mut self, spec: TallySpec) -> TallyId {
        self.list.push(spec);
        TallyId(self.list.len() as u32 - 1)
    }
}
