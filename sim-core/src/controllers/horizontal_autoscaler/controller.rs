//! The control loop: a pass over each autoscaler every 15 s, whatever happens, and nothing in between.
//!
//! Upstream: `reconcileAutoscaler` in `pkg/controller/podautoscaler/horizontal.go`; its queue hands out every autoscaler
//! once a period. Passes that could find nothing new are left out: an autoscaler sleeps once its passes repeat each
//! other, until something that it looks at changes.

use super::behavior::{limit, limit_without_behavior};
use super::metrics::{Scale, View};
use super::{History, MetricError, Proposal, Start, combine, start};
use crate::ids::AutoscalerId;
use crate::model::Model;
use crate::rng::{Luck, Purpose};
use crate::spec::{Autoscaler, Timing};
use crate::time::{Instant, Span};
use crate::world::api::Request;

/// The controller's own memory.
#[derive(Clone, Debug)]
pub struct HorizontalAutoscalers {
    loops: Vec<Loop>,
}

/// One autoscaler.
#[derive(Clone, Debug)]
struct Loop {
    /// Passes come at this phase of the period.
    phase: Span,
    history: History,
    /// When something that it looks at last changed.
    changed: Instant,
    /// The last pass, if it was the last for the time being.
    asleep: Option<Asleep>,
}

#[derive(Clone, Copy, Debug)]
struct Asleep {
    since: Instant,
    /// What every pass since then would have recommended.
    wanted: Option<u32>,
}

/// What a pass found and decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// `spec.replicas` of the target.
    pub current: u32,
    /// What it is to be.
    pub desired: u32,
    /// What the metrics recommend, before any limit.
    pub wanted: Option<u32>,
    /// What each metric asks for; empty if they were not looked at.
    pub proposals: Vec<Result<Proposal, MetricError>>,
}

impl HorizontalAutoscalers {
    /// A controller that has just started.
    pub fn new(model: &Model, luck: &Luck) -> HorizontalAutoscalers {
        let period = model.scenario().timing.hpa_sync_period;
        let begin = |id: usize| {
            let key = model.autoscalers().key(AutoscalerId::from(id));
            let phase = period.part(luck.draw(Purpose::AutoscalerPhase, key, 0).unit());
            Loop::new(phase, Instant::ZERO)
        };
        HorizontalAutoscalers { loops: (0..model.scenario().scaling.autoscalers.len()).map(begin).collect() }
    }

    /// The controller of a leader that has taken over at `now`, which remembers nothing.
    pub fn taking_over(model: &Model, now: Instant) -> HorizontalAutoscalers {
        let phase = Span::nanos(now.0 % model.scenario().timing.hpa_sync_period.0);
        HorizontalAutoscalers {
            loops: vec![Loop::new(phase, now); model.scenario().scaling.autoscalers.len()],
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.loops.is_empty()
    }

    /// Those that do not sleep.
    pub fn awake(&self) -> usize {
        self.loops.iter().filter(|own| own.asleep.is_none()).count()
    }

    /// The first pass over an autoscaler.
    pub fn first_pass(&self, id: AutoscalerId) -> Instant {
        Instant::ZERO + self.loops[id.index()].phase
    }

    /// Something that the autoscaler looks at has changed. Returns when it looks, if it slept until now.
    pub fn changed(&mut self, id: AutoscalerId, now: Instant, model: &Model) -> Option<Instant> {
        let timing = &model.scenario().timing;
        let own = &mut self.loops[id.index()];
        own.changed = now;
        let Asleep { since, wanted } = own.asleep.take()?;
        let period = timing.hpa_sync_period;
        let next = (Instant::ZERO + own.phase).next_tick(period, now.max(since + period));
        let skipped = Instant(next.0 - period.0);
        if let Some(wanted) = wanted.filter(|_| skipped > since) {
            own.history.repeat(window(model.autoscaler(id), timing), wanted, skipped);
        }
        Some(next)
    }

    /// A pass. Returns what it found, and when the next one is.
    pub fn pass(&mut self, id: AutoscalerId, view: &View, requests: &mut Vec<Request>) -> (Pass, Instant) {
        let (now, model) = (view.moment.now, view.moment.model);
        let (spec, timing) = (model.autoscaler(id), &model.scenario().timing);
        let own = &mut self.loops[id.index()];
        let pass = view.scale(spec).map(|scale| own.decide(spec, scale, view)).unwrap_or_default();
        if pass.desired != pass.current {
            requests.push(Request::Scale(spec.target, pass.desired));
        }
        if own.repeats_itself(&pass, spec, timing, now) {
            own.asleep = Some(Asleep { since: now, wanted: pass.wanted });
            return (pass, Instant::NEVER);
        }
        (pass, now + timing.hpa_sync_period)
    }
}

impl Loop {
    fn new(phase: Span, now: Instant) -> Loop {
        Loop { phase, history: History::default(), changed: now, asleep: None }
    }

    fn decide(&mut self, spec: &Autoscaler, scale: Scale, view: &View) -> Pass {
        let (now, current) = (view.moment.now, scale.replicas);
        if self.history.is_empty() {
            self.history = History::begin(current, now);
        }
        let mut pass = Pass { current, desired: current, ..Pass::default() };
        match start(current, spec.bounds) {
            Start::Disabled => {}
            Start::Forced(bound) => pass.desired = bound,
            Start::Metrics => {
                let proposal = |metric| view.proposal(spec, metric, scale);
                pass.proposals = spec.metrics.iter().map(proposal).collect();
                let replicas: Vec<_> =
                    pass.proposals.iter().map(|proposal| proposal.map(|p| p.replicas)).collect();
                pass.wanted = combine(&replicas, current);
                let limited = |wanted| self.limit(spec, current, wanted, view);
                pass.desired = pass.wanted.map_or(current, limited);
            }
        }
        if let Some(behavior) = spec.behavior.as_ref().filter(|_| pass.desired != current) {
            self.history.scaled(behavior, current, pass.desired, now);
        }
        pass
    }

    /// Stabilization, then how far one step may go.
    fn limit(&mut self, spec: &Autoscaler, current: u32, wanted: u32, view: &View) -> u32 {
        let now = view.moment.now;
        match &spec.behavior {
            Some(behavior) => {
                let stable = self.history.stabilize(behavior, current, wanted, now);
                limit(behavior, spec.bounds, current, stable, &self.history, now).0
            }
            None => {
                let window = view.moment.model.scenario().timing.hpa_downscale_stabilization;
                let stable = self.history.stabilize_down(window, wanted, now);
                limit_without_behavior(spec.bounds, current, stable).0
            }
        }
    }

    /// Whether every later pass would find and do the same as this one, which did nothing.
    ///
    /// A while after the last change all samples are new and no pod is young. Then the recommendation stays; and if it
    /// is the count as it is, or beyond a bound that the count has reached, so does the count. If it is not, the count
    /// stays once all that is remembered is as new.
    fn repeats_itself(&self, pass: &Pass, spec: &Autoscaler, timing: &Timing, now: Instant) -> bool {
        let settled = self.changed + timing.hpa_cpu_initialization_period + timing.metric_resolution * 2;
        let rests = |wanted: u32| wanted.clamp(spec.bounds.min, spec.bounds.max) == pass.current;
        let forgotten = settled + window(spec, timing).max(longest_period(spec));
        let stays = pass.wanted.is_none_or(rests) || now > forgotten;
        pass.desired == pass.current && now > settled && stays
    }
}

/// How long recommendations are remembered.
fn window(spec: &Autoscaler, timing: &Timing) -> Span {
    let both = spec.behavior.as_ref().map(|b| b.up.stabilization.max(b.down.stabilization));
    both.unwrap_or(timing.hpa_downscale_stabilization)
}

/// How long steps are remembered.
fn longest_period(spec: &Autoscaler) -> Span {
    let both = spec.behavior.as_ref().map(|b| b.up.longest_period().max(b.down.longest_period()));
    both.unwrap_or(Span::ZERO)
}
