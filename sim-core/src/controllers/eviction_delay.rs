//! For how long a pod stays on a node with `NoExecute` taints.
//!
//! Upstream: `processPodOnNode` of `pkg/controller/tainteviction/taint_eviction.go`.

use crate::spec::{Taint, TaintEffect, Toleration};
use crate::time::{Instant, Span};

/// What the taints of its node mean for a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvictionDelay {
    /// Some taint is not tolerated.
    AtOnce,
    /// All are tolerated, the shortest for this time.
    After(Span),
    /// There is no such taint, or all are tolerated for ever.
    Never,
}

impl EvictionDelay {
    /// What `taints` mean for a pod with `tolerations`; for each taint the first that matches counts.
    pub fn of(taints: &[Taint], tolerations: &[Toleration]) -> EvictionDelay {
        let delay_of = |taint: &Taint| match tolerations.iter().find(|t| t.tolerates(taint)) {
            None => EvictionDelay::AtOnce,
            Some(Toleration { seconds: None, .. }) => EvictionDelay::Never,
            Some(Toleration { seconds: Some(seconds), .. }) => EvictionDelay::After(Span::secs(*seconds)),
        };
        let no_execute = taints.iter().filter(|taint| taint.effect == TaintEffect::NoExecute);
        no_execute.map(delay_of).fold(EvictionDelay::Never, EvictionDelay::shorter)
    }

    /// When the pod is to be deleted, `planned` being what was said before: a plan once made is neither put off
    /// nor brought forward, only dropped, or carried out at once.
    pub fn replan(self, planned: Option<Instant>, now: Instant) -> Option<Instant> {
        match self {
            EvictionDelay::AtOnce => Some(now),
            EvictionDelay::After(delay) => planned.or(Some(now + delay)),
            EvictionDelay::Never => None,
        }
    }

    /// The shorter of two.
    pub fn shorter(self, other: EvictionDelay) -> EvictionDelay {
        match (self, other) {
            (EvictionDelay::AtOnce, _) | (_, EvictionDelay::AtOnce) => EvictionDelay::AtOnce,
            (EvictionDelay::After(a), EvictionDelay::After(b)) => EvictionDelay::After(a.min(b)),
            (delay, EvictionDelay::Never) | (EvictionDelay::Never, delay) => delay,
        }
    }
}
