//! Which endpoints of a service the proxy of one node sends to.
//!
//! Upstream: `CategorizeEndpoints` in `pkg/proxy/topology.go`. The two traffic policies choose independently of each
//! other: a service may need both, `externalTrafficPolicy: Local` beside `internalTrafficPolicy: Cluster`.

/// An endpoint as the proxy of one node sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Condition `ready`.
    pub ready: bool,
    /// Conditions `serving` and `terminating` both.
    pub serves_while_terminating: bool,
    /// Whether it is on this node.
    pub is_local: bool,
    /// `hints.forNodes`.
    pub node_hint: Hint,
    /// `hints.forZones`.
    pub zone_hint: Hint,
}

/// What hints of one kind say to one node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hint {
    /// There are none.
    #[default]
    None,
    /// They name this node, or its zone.
    Here,
    /// They name others.
    Elsewhere,
}

/// Policy Cluster: the ready endpoints, of this node or zone alone if the hints of all of them let it; without any
/// ready one those that terminate but still serve, wherever they are.
pub fn for_cluster<E>(endpoints: &[E], see: impl Fn(&E) -> Seen) -> impl Iterator<Item = &E> {
    let any_ready = endpoints.iter().any(|endpoint| see(endpoint).ready);
    let hints = Hints::of(endpoints, &see);
    endpoints.iter().filter(move |endpoint| {
        let seen = see(endpoint);
        if any_ready { seen.ready && hints.let_through(seen) } else { seen.serves_while_terminating }
    })
}

/// Policy Local: the ready endpoints of this node, else those of it that terminate but still serve.
pub fn for_local<E>(endpoints: &[E], see: impl Fn(&E) -> Seen) -> impl Iterator<Item = &E> {
    let any_ready = endpoints.iter().map(&see).any(|seen| seen.is_local && seen.ready);
    endpoints.iter().filter(move |endpoint| {
        let seen = see(endpoint);
        seen.is_local && if any_ready { seen.ready } else { seen.serves_while_terminating }
    })
}

/// Which hints are followed.
#[derive(Clone, Copy)]
enum Hints {
    None,
    Nodes,
    Zones,
}

impl Hints {
    /// All ready endpoints must have hints of a kind, and one of them must name this node: `topologyModeFromHints`.
    fn of<E>(endpoints: &[E], see: &impl Fn(&E) -> Seen) -> Hints {
        let agree = |hint: fn(Seen) -> Hint| {
            let ready = || endpoints.iter().map(see).filter(|seen| seen.ready);
            ready().any(|seen| hint(seen) == Hint::Here) && ready().all(|seen| hint(seen) != Hint::None)
        };
        if agree(|seen| seen.node_hint) {
            Hints::Nodes
        } else if agree(|seen| seen.zone_hint) {
            Hints::Zones
        } else {
            Hints::None
        }
    }

    fn let_through(self, seen: Seen) -> bool {
        match self {
            Hints::None => true,
            Hints::Nodes => seen.node_hint == Hint::Here,
            Hints::Zones => seen.zone_hint == Hint::Here,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: Seen = Seen {
        ready: true,
        serves_while_terminating: false,
        is_local: false,
        node_hint: Hint::None,
        zone_hint: Hint::None,
    };

    fn chosen(endpoints: &[Seen]) -> Vec<usize> {
        let numbers: Vec<usize> = (0..endpoints.len()).collect();
        for_cluster(&numbers, |number| endpoints[*number]).copied().collect()
    }

    #[test]
    fn hints_for_nodes_come_before_hints_for_zones() {
        let here = Seen { node_hint: Hint::Here, zone_hint: Hint::Here, ..READY };
        let near = Seen { node_hint: Hint::Elsewhere, zone_hint: Hint::Here, ..READY };
        let far = Seen { node_hint: Hint::Elsewhere, zone_hint: Hint::Elsewhere, ..READY };
        assert_eq!(chosen(&[here, near, far]), [0]);
        assert_eq!(chosen(&[near, near, far]), [0, 1]);
        assert_eq!(chosen(&[far, far]), [0, 1]);
        assert_eq!(chosen(&[here, Seen { node_hint: Hint::None, ..far }]), [0]);
        assert_eq!(chosen(&[here, READY]), [0, 1]);
    }

    #[test]
    fn hints_of_endpoints_that_are_not_ready_do_not_matter() {
        let ending = Seen { ready: false, serves_while_terminating: true, ..READY };
        let near = Seen { zone_hint: Hint::Here, ..READY };
        let far = Seen { zone_hint: Hint::Elsewhere, ..READY };
        assert_eq!(chosen(&[ending, near, far]), [1]);
        assert_eq!(chosen(&[ending, Seen { ready: false, ..near }]), [0]);
    }
}
