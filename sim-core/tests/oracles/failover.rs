//! Pods that are replaced elsewhere when their node dies, and requests that go to the dead in the meantime.

use sim_core::ids::{ServiceId, TemplateId};
use sim_core::outcome::{Outcome, ServiceOutcome};
use sim_core::spec::*;
use sim_core::time::Span;
use sim_core::{Model, Seed, run};

use crate::case::{Case, Reason};
use crate::estimate::{self, Estimate};
use crate::fleet::add_crashes;
use crate::machines::*;
use crate::sampling;
use crate::subsets::System;
use crate::support::*;

/// How a node's silence is noticed: heartbeat, monitor and grace period, in seconds.
#[derive(Clone, Copy)]
struct Notice {
    renewal: u64,
    period: u64,
    grace: u64,
}

/// The timings that are in use: upstream's before and since 1.32, and kubespray's fast ones.
const NOTICES: [Notice; 3] = [
    Notice { renewal: 10, period: 5, grace: 40 },
    Notice { renewal: 10, period: 5, grace: 50 },
    Notice { renewal: 4, period: 2, grace: 20 },
];

impl Notice {
    /// Mean time from a crash to its notice.
    fn mean(self) -> f64 {
        self.grace as f64 - self.renewal as f64 / 2.0 + self.period as f64 / 2.0
    }

    fn with(is: impl Fn(Notice) -> bool) -> Result<Notice, Reason> {
        let found = NOTICES.into_iter().find(|notice| is(*notice));
        found.ok_or_else(|| {
            String::from("timings of which only the mean is given, and not one that is in use")
        })
    }
}

/// Pods that fail with their nodes and are replaced.
struct Replaced {
    replicas: u32,
    mttf: Span,
    notice: Notice,
    toleration: u64,
    startup: Span,
}

impl Replaced {
    /// `replicas` pods on as many nodes, with nodes to spare. Machines are repaired after half an hour: later than their
    /// pods are replaced, and soon enough to always leave a node.
    fn scenario(&self, span: Span) -> Scenario {
        let nodes = self.replicas + 2 + self.replicas / 25;
        let mut scenario = cluster(1, nodes);
        add_workload(&mut scenario, "web", WorkloadKind::ReplicaSet, self.replicas);
        scenario.warm_up = Span::mins(10);
        scenario.horizon = scenario.warm_up + span;
        make_instant(&mut scenario);
        let timing = &mut scenario.timing;
        timing.lease_renewal = Span::secs(self.notice.renewal);
        timing.node_monitor_period = Span::secs(self.notice.period);
        timing.node_monitor_grace_period = Span::secs(self.notice.grace);
        self.fill_template(&mut scenario.templates[0]);
        let lifetime = Distribution::Exponential { mean: self.mttf };
        add_crashes(&mut scenario, 0..nodes, renewal(lifetime, Distribution::Deterministic(Span::mins(30))));
        scenario
    }

    fn fill_template(&self, template: &mut PodTemplate) {
        template.tolerations = admission_tolerations(Some(self.toleration));
        template.containers[0].startup_time = Distribution::Deterministic(self.startup);
        // Ready as soon as it has started up, to the microsecond.
        template.containers[0].readiness = Some(Probe { period: Span::nanos(1_000), ..PROBE });
        template.pod_affinity.required_anti.push(PodAffinityTerm {
            topology_key: String::from("kubernetes.io/hostname"),
            selector: Selector::from_labels(&template.labels),
            namespaces: None,
        });
    }
}

/// The laws know detection, toleration and start-up; every other latency is none.
pub fn make_instant(scenario: &mut Scenario) {
    make_recovery_instant(scenario);
    make_control_instant(scenario);
    scenario.timing.crash_backoff_initial = Span::ZERO;
    scenario.timing.crash_backoff_max = Span::ZERO;
    scenario.timing.eviction_gap = Span::ZERO;
}

/// One run after another of a scenario.
fn outcomes(scenario: Scenario) -> impl Fn(u64) -> Outcome {
    let model = Model::new(scenario);
    move |index| run(&model, Seed { master: 1, run: index })
}

/// The share of time without a ready pod.
fn share_down(exact: f64, scenario: Scenario) -> Estimate {
    let run = outcomes(scenario);
    sampling::ratio(exact, |index| {
        let outcome = run(index);
        ((outcome.services[0].down.as_secs_f64(), outcome.measured.as_secs_f64()), outcome.events)
    })
}

/// A single replica by its parts.
pub fn single_replica(case: &Case) -> Result<Estimate, Reason> {
    let detect = case.number("detect_s")?;
    let mttf = case.hours("node_MTTF_h")?;
    let replaced = Replaced {
        replicas: 1,
        mttf,
        notice: Notice::with(|notice| notice.mean() == detect)?,
        toleration: case.number("evict_s")? as u64,
        startup: case.secs("start_s")?,
    };
    Ok(share_down(1.0 - case.exact, replaced.scenario((mttf * 50).min(CENTURY))).complement())
}

/// The seconds that a single replica is away. Before 1.13 the pod eviction timeout counted from the last renewal seen: a
/// toleration shorter by the grace period, after it.
pub fn outage(case: &Case) -> Result<Estimate, Reason> {
    let grace = case.number("grace_s")?;
    let toleration = match case.number("toleration_s") {
        Ok(seconds) => seconds,
        Err(_) => case.number("pod_eviction_timeout_s")? - grace,
    };
    let replaced = Replaced {
        replicas: 1,
        mttf: Span::hours(720),
        notice: Notice::with(|notice| notice.grace as f64 == grace && notice.renewal == 10)?,
        toleration: toleration as u64,
        startup: case.secs("startup_s")?,
    };
    let run = outcomes(replaced.scenario(Span::hours(720 * 50)));
    let seconds = |index| {
        let outcome = run(index);
        let outages = outcome.services[0].outages.iter();
        (outages.map(|outage| outage.duration().as_secs_f64()).collect(), outcome.events)
    };
    Ok(sampling::values(seconds, |seconds| estimate::mean(seconds, case.exact)))
}

/// Share of requests that meet the dead, or nobody.
pub fn requests(case: &Case) -> Result<Estimate, Reason> {
    let detect = case.number("Td_s")?;
    let startup = 2.5;
    let mttf = case.hours("MTTF_h")?;
    let replaced = Replaced {
        replicas: case.count("R")?,
        mttf,
        notice: Notice::with(|notice| notice.mean() == detect)?,
        toleration: (case.number("Tr_s")? - startup) as u64,
        startup: Span::from_secs_f64(startup),
    };
    let run = outcomes(replaced.scenario(mttf * 20));
    Ok(sampling::ratio(case.exact, |index| {
        let outcome = run(index);
        let ServiceOutcome { lost_requests, requests, .. } = outcome.services[0];
        ((lost_requests, requests), outcome.events)
    }))
}

/// Probability that all of several replicas are away at once: every choice of as many from a larger set, at moments as
/// far apart as an outage is long.
pub fn all_away(case: &Case) -> Result<Estimate, Reason> {
    const REPLICAS: u32 = 400;
    let away = case.number("D_s")?;
    let startup = 2.5;
    let notice = Notice::with(|notice| {
        let toleration = away - startup - notice.mean();
        toleration >= 0.0 && toleration.fract() == 0.0 && (toleration == 30.0) == (notice.renewal == 4)
    })?;
    let replaced = Replaced {
        replicas: REPLICAS,
        mttf: case.hours("node_MTTF_h")?,
        notice,
        toleration: (away - startup - notice.mean()) as u64,
        startup: Span::from_secs_f64(startup),
    };
    let mut scenario = replaced.scenario(Span::hours(240));
    look_every(&mut scenario, Span::from_secs_f64(away));
    let (all, model) = (System::of(1, case.count("replicas")?), Model::new(scenario));
    Ok(sampling::dear_ratio(case.exact, |index| {
        let (mut short, mut looks) = (0.0, 0.0);
        let events = sample(&model, index, |sim| {
            let serving = sim.traffic().flow(ServiceId(0)).serving();
            short += all.short(&[REPLICAS - serving, serving]);
            looks += 1.0;
        });
        ((short, looks), events)
    }))
}

/// Containers crash, and nodes do, each for a time of its own: detection and toleration make a node's longer, but for
/// half a second for the sandbox.
fn two_risks(case: &Case) -> Result<Scenario, Reason> {
    let (crash, node) = (case.number("crash_outage_s")?, case.number("node_outage_s")?);
    let notice = NOTICES[0];
    let rest = node - crash - notice.mean();
    let toleration = rest.floor();
    if rest < 0.0 {
        return Err(String::from("a node's outage that is shorter than its detection"));
    }
    let replaced = Replaced {
        replicas: 1,
        mttf: case.hours("node_MTTF_h")?,
        notice,
        toleration: toleration as u64,
        startup: Span::from_secs_f64(crash),
    };
    let mut scenario = replaced.scenario(Span::hours(8_760 * 20));
    scenario.timing.sandbox = Span::from_secs_f64(rest - toleration);
    scenario.faults.push(Fault {
        name: String::from("crash"),
        kind: FaultKind::ContainerCrash(PodTarget { templates: vec![TemplateId(0)], workloads: Vec::new() }),
        timing: memoryless(case.hours("crash_MTTF_h")?, Span::ZERO),
    });
    Ok(scenario)
}

/// Availability under both risks.
pub fn with_two_risks(case: &Case) -> Result<Estimate, Reason> {
    Ok(share_down(1.0 - case.exact, two_risks(case)?).complement())
}

/// Seconds of downtime a year under both risks.
pub fn year_of_two_risks(case: &Case) -> Result<Estimate, Reason> {
    let year = 8_760.0 * 3_600.0;
    Ok(share_down(case.exact / year, two_risks(case)?).map(|share| share * year))
}

const CENTURY: Span = Span::hours(8_760 * 100);
