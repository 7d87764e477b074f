//! The wiring of horizontal autoscaling: scrapes, passes, and what wakes a controller that sleeps.

use super::sim::Sim;
use super::timers::Wake;
use crate::controllers::horizontal_autoscaler::{HorizontalAutoscalers, Pass, View};
use crate::ids::{AutoscalerId, PodId, ServiceId, WorkloadId};
use crate::observers::timeline::Watch;
use crate::outcome::Actor;
use crate::rng::{EntityKey, Purpose};
use crate::spec::{Metric, MetricSource, MetricTarget};
use crate::time::{Instant, Span};
use crate::world::api::Change;
use crate::world::metrics::PodSample;
use crate::world::physical::{Answer, PhysicalChange};

impl<W: Watch> Sim<'_, W> {
    pub(super) fn begin_autoscaling(&mut self) {
        for id in self.model.autoscalers().ids() {
            self.timers.arm(Wake::Autoscaler(id), self.autoscalers.first_pass(id));
        }
        if !self.autoscalers.is_empty() {
            self.arm_scrape();
        }
    }

    /// A new leader knows nothing of earlier recommendations, and looks at everything once a period has passed:
    /// `NewDefaultHPARateLimiter` delays what is listed like what was looked at.
    pub(super) fn restart_autoscaling(&mut self) {
        let all_slept = !self.autoscalers.is_empty() && self.autoscalers.awake() == 0;
        self.autoscalers = HorizontalAutoscalers::taking_over(self.model, self.now);
        let first_pass = self.now + self.model.scenario().timing.hpa_sync_period;
        for id in self.model.autoscalers().ids() {
            self.timers.arm(Wake::Autoscaler(id), first_pass);
        }
        if all_slept {
            self.arm_scrape();
        }
    }

    /// Request rates, and the metrics that the scenario gives over time, as of now.
    pub(super) fn set_rates(&mut self) {
        let mut next = self.traffic.set_rates(self.model, self.now);
        for metric in self.model.scenario().scaling.autoscalers.iter().flat_map(|spec| &spec.metrics) {
            if let MetricSource::Given(series) = &metric.source {
                next = next.min(series.at(self.now).1);
            }
        }
        self.timers.arm(Wake::Rates, next);
        self.all_changed();
    }

    /// A pass over one autoscaler.
    pub(super) fn autoscale(&mut self, id: AutoscalerId) {
        let moment = self.moment();
        let view = View { moment: &moment, api: &self.api, metrics: &self.metrics };
        let (pass, next) = self.autoscalers.pass(id, &view, &mut self.requests);
        self.timers.arm(Wake::Autoscaler(id), next);
        if W::LISTENS {
            self.tell_pass(id, pass);
        }
    }

    /// metrics-server asks every kubelet; it goes on only while somebody looks at what it finds.
    pub(super) fn scrape(&mut self) {
        self.metrics.scrape(self.now);
        for id in self.model.autoscalers().ids() {
            let target = self.model.autoscaler(id).target;
            let pods: Vec<PodId> = self.api.pods_of(target).collect();
            for pod in pods {
                self.measure(pod, target);
            }
        }
        if self.autoscalers.awake() > 0 {
            self.timers.arm(Wake::Scrape, self.now + self.model.scenario().timing.metric_resolution);
        }
    }

    fn measure(&mut self, pod: PodId, workload: WorkloadId) {
        let template = self.model.template(self.model.workload(workload).template);
        let timing = &self.model.scenario().timing;
        let has_node = self.api.expect_pod(pod).node.is_some_and(|node| self.api.node(node).exists);
        let runs = has_node && (0..template.containers.len()).all(|at| self.physical.is_running(pod, at));
        let requests = if runs { self.requests_to(pod).min(template.capacity_rps) } else { 0.0 };
        let thousandths = |amount: f64| (amount * 1000.0).round() as u64;
        let sample = PodSample {
            pod,
            window: Span::ZERO,
            cpu: template.usage.cpu_milli(requests).round() as u64,
            memory: template.usage.memory_bytes * 1000,
            requests: thousandths(requests),
        };
        self.metrics.measure(pod, runs, (timing.metric_min_age, timing.metric_resolution), sample);
    }

    /// Requests per second that reach a pod and that it answers.
    fn requests_to(&self, pod: PodId) -> f64 {
        if self.physical.answer(pod) != Answer::Serving {
            return 0.0;
        }
        let services = self.model.services_of(self.api.expect_pod(pod).template).iter();
        services.map(|service| self.traffic.load(self.model, *service, pod)).fold(0.0, |sum, load| sum + load)
    }

    /// A service is read since its requests meet something else than before.
    #[inline(never)]
    pub(super) fn load_changed(&mut self, service: ServiceId) {
        for id in self.model.autoscalers().by_load(service) {
            self.autoscaler_changed(*id);
        }
    }

    pub(super) fn autoscalers_see(&mut self, change: Change) {
        if self.autoscalers.is_empty() {
            return;
        }
        let workload = match change {
            Change::PodCreated(pod)
            | Change::PodBound(pod, _)
            | Change::PodReady(pod, ..)
            | Change::PodPhase(pod, _)
            | Change::PodDeleting(pod, _)
            | Change::PodRemoved(pod)
            | Change::PodRestarted(pod) => self.api.pods_slot(pod).workload,
            Change::SetCreated(set) | Change::SetScaled(set, _) | Change::SetDeleted(set) => {
                self.api.set(set).workload
            }
            Change::DeploymentSpec(workload) | Change::WorkloadSpec(workload) => workload,
            Change::NodeDeleted(_) | Change::NodeRegistered(_) => return self.all_changed(),
            _ => return,
        };
        if let Some(id) = self.model.autoscalers().of(workload) {
            self.autoscaler_changed(id);
        }
    }

    #[inline(never)]
    pub(super) fn metrics_see(&mut self, change: PhysicalChange) {
        let pod = match change {
            PhysicalChange::MachineDown(_) | PhysicalChange::MachineWithdrawn(_) => {
                return self.all_changed();
            }
            PhysicalChange::Started(pod, _) => {
                self.metrics.started(pod, self.now);
                pod
            }
            PhysicalChange::Stopped(pod, _)
            | PhysicalChange::Exited(pod, _)
            | PhysicalChange::Answers(pod) => pod,
            _ => return,
        };
        let workload = self.api.pod(pod).map(|object| object.workload);
        if let Some(id) = workload.and_then(|workload| self.model.autoscalers().of(workload)) {
            self.autoscaler_changed(id);
        }
    }

    fn all_changed(&mut self) {
        self.model.autoscalers().ids().for_each(|id| self.autoscaler_changed(id));
    }

    fn autoscaler_changed(&mut self, id: AutoscalerId) {
        if let Some(next) = self.autoscalers.changed(id, self.now, self.model) {
            self.timers.arm(Wake::Autoscaler(id), next);
            if self.autoscalers.awake() == 1 {
                self.arm_scrape();
            }
        }
    }

    /// The scrapes go on. Those left out would have found the same of every pod, but later than the last one did.
    fn arm_scrape(&mut self) {
        let period = self.model.scenario().timing.metric_resolution;
        let phase = self.luck.draw(Purpose::ScrapePhase, EntityKey::new("metrics-server"), 0).unit();
        let next = (Instant::ZERO + period.part(phase)).next_tick(period, self.now);
        if next.0 > period.0 {
            self.metrics.scrape(Instant(next.0 - period.0));
        }
        self.timers.arm(Wake::Scrape, next);
    }

    /// A line for each pass that finds anything else than the one before.
    fn tell_pass(&mut self, id: AutoscalerId, pass: Pass) {
        let spec = self.model.autoscaler(id);
        let seen = spec.metrics.iter().zip(&pass.proposals).map(|(metric, proposal)| match proposal {
            Ok(proposal) => shown(metric, proposal.shown),
            Err(error) => format!("{}: {error}", metric.name),
        });
        let seen = seen.collect::<Vec<_>>().join(", ");
        let wants = pass.wanted.map_or(String::new(), |wanted| format!(", wants {wanted}"));
        let name = self.workload_name(spec.target);
        let text = match pass {
            Pass { current, desired, .. } if current != desired => {
                let why =
                    if seen.is_empty() { String::from("out of bounds") } else { format!("{seen}{wants}") };
                format!("scales {name} from {current} to {desired} ({why})")
            }
            _ if seen.is_empty() => format!("leaves {name} alone"),
            Pass { current, .. } => format!("leaves {name} at {current} ({seen}{wants})"),
        };
        if self.told[id.index()] != text {
            self.told[id.index()].clone_from(&text);
            self.watch.tell(self.now, Actor::HorizontalPodAutoscaler, text);
        }
    }
}

/// `cpu 180% of 60%`.
fn shown(metric: &Metric, value: u64) -> String {
    let amount = |thousandths: u64| format!("{}", thousandths as f64 / 1000.0);
    let name = &metric.name;
    match metric.target {
        MetricTarget::Utilization(target) => format!("{name} {value}%, target {target}%"),
        MetricTarget::AverageValue(target) | MetricTarget::Value(target) => {
            format!("{name} {}, target {}", amount(value), amount(target))
        }
    }
}
