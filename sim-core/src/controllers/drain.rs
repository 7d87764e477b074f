//! `kubectl drain`: cordon, evict every pod at once, ask again for those that are refused, wait until all are gone.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/drain/drain.go`. Each pod has a loop of its own there, as here.

use crate::controllers::eviction_api::Verdict;
use crate::ids::{NodeId, OperationId, PodId};
use crate::model::Model;
use crate::spec::{self, WorkloadKind};
use crate::time::Instant;
use crate::world::api::{Api, Deletion, Request};

/// Drains under way.
#[derive(Clone, Debug, Default)]
pub struct Drains {
    active: Vec<Drain>,
}

/// How a drain ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All pods are gone.
    Drained,
    /// There are pods without a controller, and no `--force`: nothing was evicted.
    BarePods,
    /// The API would not evict a pod, whatever time passes.
    Refused,
    /// `--timeout` is over.
    TimedOut,
}

/// A drain that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Of which operation.
    pub operation: OperationId,
    /// Of which node.
    pub node: NodeId,
    /// How.
    pub end: End,
}

#[derive(Clone, Debug)]
struct Drain {
    operation: OperationId,
    spec: spec::Drain,
    deadline: Instant,
    /// When the node's pods are listed; `None` once they are.
    lists_at: Option<Instant>,
    leaving: Vec<Leaving>,
    refused: bool,
}

/// A pod that is to go.
#[derive(Clone, Copy, Debug)]
struct Leaving {
    pod: PodId,
    step: Step,
    /// When the step is due.
    at: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Ask for its eviction, or delete it.
    Ask,
    /// Look whether it is gone.
    Poll,
    /// Nothing more.
    Done,
}

impl Drains {
    /// A drain begins with the cordon.
    pub fn begin(
        &mut self,
        operation: OperationId,
        spec: spec::Drain,
        now: Instant,
        model: &Model,
        requests: &mut Vec<Request>,
    ) {
        requests.push(Request::SetUnschedulable(spec.node, true));
        self.active.push(Drain {
            operation,
            spec,
            deadline: spec.timeout.map_or(Instant::NEVER, |timeout| now + timeout),
            lists_at: Some(now + model.scenario().timing.api_write),
            leaving: Vec::new(),
            refused: false,
        });
    }

    /// Does what is due, and tells which drains have ended by that.
    pub fn work(
        &mut self,
        now: Instant,
        model: &Model,
        api: &Api,
        requests: &mut Vec<Request>,
    ) -> Vec<Ended> {
        let mut ended = Vec::new();
        self.active.retain_mut(|drain| {
            let end = drain.work(now, model, api, requests);
            ended.extend(end.map(|end| Ended { operation: drain.operation, node: drain.spec.node, end }));
            end.is_none()
        });
        ended
    }

    /// The Eviction API answers about a pod.
    pub fn answered(&mut self, pod: PodId, verdict: Verdict, now: Instant, model: &Model) {
        for drain in &mut self.active {
            drain.answered(pod, verdict, now, model);
        }
    }

    /// When something is due.
    pub fn next(&self) -> Instant {
        self.active.iter().map(Drain::next).min().unwrap_or(Instant::NEVER)
    }
}

impl Drain {
    fn work(&mut self, now: Instant, model: &Model, api: &Api, requests: &mut Vec<Request>) -> Option<End> {
        if self.lists_at.is_some_and(|at| at <= now) {
            self.lists_at = None;
            if !self.list(now, model, api) {
                return Some(End::BarePods);
            }
        }
        for at in 0..self.leaving.len() {
            if self.leaving[at].at <= now {
                self.step(at, now, model, api, requests);
            }
        }
        let done = self.leaving.iter().all(|leaving| leaving.step == Step::Done);
        match () {
            () if self.lists_at.is_none() && done && self.refused => Some(End::Refused),
            () if self.lists_at.is_none() && done => Some(End::Drained),
            () if self.deadline <= now => Some(End::TimedOut),
            () => None,
        }
    }

    /// The pods to go; not if one would be lost for good and nobody insists.
    fn list(&mut self, now: Instant, model: &Model, api: &Api) -> bool {
        let pods = &api.node(self.spec.node).pods;
        let bare = |pod: &PodId| {
            let object = api.expect_pod(*pod);
            model.workload(object.workload).kind == WorkloadKind::Pod && !object.is_terminal()
        };
        if !self.spec.force && pods.iter().any(bare) {
            return false;
        }
        let of_daemon_set = |pod: &&PodId| {
            matches!(model.workload(api.expect_pod(**pod).workload).kind, WorkloadKind::DaemonSet(_))
        };
        let leaving = pods.iter().filter(|pod| !of_daemon_set(pod));
        self.leaving = leaving.map(|pod| Leaving { pod: *pod, step: Step::Ask, at: now }).collect();
        true
    }

    fn step(&mut self, at: usize, now: Instant, model: &Model, api: &Api, requests: &mut Vec<Request>) {
        let next_look = now + model.scenario().timing.drain_poll;
        let leaving = &mut self.leaving[at];
        let pod = leaving.pod;
        let is_gone = api.pod(pod).is_none();
        (leaving.step, leaving.at) = match leaving.step {
            _ if is_gone => (Step::Done, Instant::NEVER),
            Step::Ask if self.spec.disable_eviction => {
                requests.push(Request::Delete { pod, grace: None, why: Deletion::Drain(self.operation) });
                (Step::Poll, next_look)
            }
            Step::Ask => {
                let why = Deletion::Eviction(self.operation);
                requests.push(Request::Evict { pod, grace: None, why });
                (Step::Ask, Instant::NEVER) // until the answer
            }
            Step::Poll => (Step::Poll, next_look),
            Step::Done => (Step::Done, Instant::NEVER),
        };
    }

    fn answered(&mut self, pod: PodId, verdict: Verdict, now: Instant, model: &Model) {
        let asked = |leaving: &&mut Leaving| leaving.pod == pod && leaving.step == Step::Ask;
        let Some(leaving) = self.leaving.iter_mut().find(asked) else { return };
        (leaving.step, leaving.at) = match verdict {
            Verdict::Deleted | Verdict::DeletedAndDecremented => (Step::Poll, now),
            Verdict::TooManyRequests => (Step::Ask, now + model.scenario().timing.drain_retry),
            Verdict::Forbidden | Verdict::Unsupported => (Step::Done, now),
        };
        self.refused |= leaving.step == Step::Done;
    }

    fn next(&self) -> Instant {
        let pods = self.leaving.iter().map(|leaving| leaving.at).min();
        let next = self.lists_at.or(pods).unwrap_or(Instant::NEVER);
        next.min(self.deadline)
    }
}
