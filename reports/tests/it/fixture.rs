//! Made-up results: plausible, seeded, of any size; and the degenerate ones.

use scenarios::summary::*;
use sim_core::Seed;
use sim_core::ids::{FaultId, ServiceId, WorkloadId};
use sim_core::outcome::*;
use sim_core::spec::{Measure, Objective};
use sim_core::time::{Instant, Span};

use reports::labels::{RunLabels, ServiceLabel};

const YEAR_S: f64 = 365.0 * 86_400.0;

/// SplitMix64: enough luck for a fixture.
struct Luck(u64);

impl Luck {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In (0, 1).
    fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * self.unit().ln()
    }

    fn poisson(&mut self, mean: f64) -> usize {
        let mut at = self.exponential(1.0);
        let mut count = 0;
        while at < mean {
            count += 1;
            at += self.exponential(1.0);
        }
        count
    }
}

/// How bad one service is at one design point.
#[derive(Clone, Copy)]
pub struct Weather {
    pub outages_a_year: f64,
    pub mean_outage_s: f64,
    pub share_failing: f64,
}

/// The sweep of the first minute: replicas 1..4 x spread none|zone, 250 runs each.
pub fn replicas_by_spread() -> SweepResult {
    let factors = vec![
        factor("replicas", "Deployment/web:spec.replicas", &["1", "2", "3", "4"]),
        factor("spread", "Deployment/web:spec.template.spec.topologySpreadConstraints", &["none", "zone"]),
    ];
    sweep(factors, &["default/web"], 250, |_, levels| {
        let replicas = levels[0] as f64 + 1.0;
        let spread = if levels[1] == 1 { 5.0 } else { 1.0 };
        let luck = if levels[0] == 0 { 1.0 } else { spread };
        Weather {
            outages_a_year: 100.0 / replicas.powi(3) / luck,
            mean_outage_s: 420.0 / replicas.sqrt(),
            share_failing: 1.0 / replicas.sqrt(),
        }
    })
}

/// Eleven services, one design point.
pub fn many_services() -> SweepResult {
    let names: Vec<String> = [
        "frontend",
        "cart",
        "checkout",
        "currency",
        "email",
        "payment",
        "catalog",
        "advice",
        "shipping",
        "ads",
        "redis-cart",
    ]
    .iter()
    .map(|name| format!("shop/{name}"))
    .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    sweep(Vec::new(), &names, 120, |service, _| Weather {
        outages_a_year: 60.0 / (service + 1) as f64,
        mean_outage_s: 40.0 * (service + 1) as f64,
        share_failing: 0.8,
    })
}

/// Forty design points of one factor.
pub fn forty_points() -> SweepResult {
    let levels: Vec<String> = (1..=40).map(|level| (level * 10).to_string()).collect();
    let levels: Vec<&str> = levels.iter().map(String::as_str).collect();
    let factors = vec![factor("toleration_s", "Deployment/web:spec.template.spec.tolerations", &levels)];
    sweep(factors, &["default/web"], 60, |_, levels| Weather {
        outages_a_year: 12.0,
        mean_outage_s: 30.0 + 10.0 * levels[0] as f64,
        share_failing: 0.6,
    })
}

/// Nothing ever fails, at one level of one factor.
pub fn never_down() -> SweepResult {
    let calm = Weather { outages_a_year: 0.0, mean_outage_s: 1.0, share_failing: 1.0 };
    sweep(vec![factor("replicas", "Deployment/web:spec.replicas", &["3"])], &["default/web"], 20, |_, _| calm)
}

/// One run of one service without any objective: no interval, nothing promised.
pub fn single_run() -> SweepResult {
    let poor = Weather { outages_a_year: 50.0, mean_outage_s: 9000.0, share_failing: 1.0 };
    let mut result = sweep(Vec::new(), &["default/web"], 1, |_, _| poor);
    result.points[0].services[0].objectives.clear();
    result
}

/// Nothing answers, ever, although something was promised.
pub fn always_down() -> SweepResult {
    let mut result = never_down();
    let point = &mut result.points[0];
    let none = Estimate::exactly(0.0);
    let summary = &mut point.services[0];
    (summary.request_availability, summary.time_availability, summary.capacity_availability) =
        (none, none, none);
    let year = Estimate::exactly(YEAR_S);
    summary.annual_downtime_s = year;
    summary.annual_downtime_quantiles.iter_mut().for_each(|(_, estimate)| *estimate = year);
    summary.outage_durations_s = vec![YEAR_S; 20];
    summary.objectives[0].met = false;
    point.runs.iter_mut().for_each(|run| run.services[0].request_availability = 0.0);
    result
}

pub fn factor(label: &str, path: &str, levels: &[&str]) -> FactorAxis {
    let levels: Vec<String> = levels.iter().map(|level| (*level).to_owned()).collect();
    FactorAxis { label: label.into(), path: path.into(), values: levels.clone(), levels }
}

/// A full factorial sweep; `weather` says how bad a service is at the given levels.
pub fn sweep(
    factors: Vec<FactorAxis>,
    services: &[&str],
    repetitions: u64,
    weather: impl Fn(usize, &[usize]) -> Weather,
) -> SweepResult {
    let combinations: usize = factors.iter().map(|factor| factor.levels.len()).product();
    let mut luck = Luck(42);
    let points = (0..combinations).map(|at| {
        let levels = levels_of(at, &factors);
        let storms: Vec<Weather> = (0..services.len()).map(|service| weather(service, &levels)).collect();
        point(&mut luck, levels, &storms, repetitions)
    });
    SweepResult {
        scenario: "web".into(),
        input_hash: "3f9c1a07d2e84b65".into(),
        version: "0.1.0".into(),
        seed: 42,
        repetitions,
        stopped: None,
        measured_s: YEAR_S,
        points: points.collect(),
        services: services.iter().map(|name| (*name).to_owned()).collect(),
        workloads: vec!["Deployment default/web".into()],
        factors,
        digest: "7be2c01d55aa9034".into(),
    }
}

fn levels_of(mut at: usize, factors: &[FactorAxis]) -> Vec<usize> {
    let mut levels = vec![0; factors.len()];
    for (level, factor) in levels.iter_mut().zip(factors).rev() {
        *level = at % factor.levels.len();
        at /= factor.levels.len();
    }
    levels
}

fn point(luck: &mut Luck, levels: Vec<usize>, storms: &[Weather], repetitions: u64) -> PointResult {
    let mut durations = vec![Vec::new(); storms.len()];
    let mut rows = Vec::new();
    for run in 0..repetitions {
        let services =
            storms.iter().zip(&mut durations).map(|(storm, all)| run_service(luck, *storm, all)).collect();
        rows.push(run_row(luck, run, services));
    }
    let replicas = levels.first().map_or(3.0, |&level| level as f64 + 1.0);
    PointResult {
        price_per_hour: 0.048 * replicas,
        levels,
        services: durations.into_iter().enumerate().map(|(s, all)| service(&rows, s, all)).collect(),
        workloads: vec![workload(&rows, replicas)],
        control_plane: None,
        runs: rows,
    }
}

fn run_service(luck: &mut Luck, storm: Weather, all: &mut Vec<f64>) -> RunService {
    let durations: Vec<f64> = (0..luck.poisson(storm.outages_a_year))
        .map(|_| luck.exponential(storm.mean_outage_s).powf(1.1).max(0.5))
        .collect();
    let down: f64 = durations.iter().sum();
    all.extend(&durations);
    let requests = 50.0 * YEAR_S;
    let lost = 50.0 * down * storm.share_failing;
    RunService {
        requests,
        lost_requests: lost,
        request_availability: 1.0 - lost / requests,
        time_availability: 1.0 - 0.8 * down / YEAR_S,
        capacity_availability: 1.0 - 1.5 * down / YEAR_S,
        outages: durations.len() as u64,
        longest_outage_s: durations.iter().copied().fold(0.0, f64::max),
        outage_s: down,
        objectives_met: lost / requests <= 0.0005,
    }
}

fn run_row(luck: &mut Luck, run: u64, services: Vec<RunService>) -> RunRow {
    let restarts = luck.poisson(50.0) as u64;
    let steady = 1.0 - luck.exponential(2e-4);
    RunRow {
        run,
        digest: Digest(luck.bits()),
        events: 12_000 + luck.bits() % 900,
        machines_up: 5.999,
        nodes_ready: 5.998,
        pods_ready: 2.996,
        evictions: luck.poisson(6.0) as u64,
        services,
        workloads: vec![RunWorkload {
            share_at_ratio_one: steady,
            mean_ratio: 2.0 - steady,
            share_all_ready: steady - 1e-3,
            mean_ready: 2.99,
            restarts,
        }],
        control_plane: None,
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Estimate {
    let values: Vec<f64> = values.collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    let half = 1.96 * (variance / n).sqrt();
    Estimate { value: mean, low: mean - half, high: mean + half, method: Method::Student }
}

fn within(estimate: Estimate) -> Estimate {
    Estimate { low: estimate.low.max(0.0), high: estimate.high.min(1.0), ..estimate }
}

fn quantile(mut values: Vec<f64>, p: f64) -> Estimate {
    values.sort_by(f64::total_cmp);
    let at = |p: f64| values[((p * values.len() as f64) as usize).min(values.len() - 1)];
    Estimate {
        value: at(p),
        low: at((p - 0.05).max(0.0)),
        high: at(p + 0.04),
        method: Method::OrderStatistics,
    }
}

fn service(rows: &[RunRow], s: usize, mut durations: Vec<f64>) -> ServiceSummary {
    durations.sort_by(f64::total_cmp);
    let of = |pick: fn(&RunService) -> f64| within(mean(rows.iter().map(|row| pick(&row.services[s]))));
    let availability = of(|run| run.request_availability);
    let downtimes: Vec<f64> =
        rows.iter().map(|row| (1.0 - row.services[s].request_availability) * YEAR_S).collect();
    let any = !durations.is_empty();
    ServiceSummary {
        request_availability: availability,
        time_availability: of(|run| run.time_availability),
        capacity_availability: of(|run| run.capacity_availability),
        objectives: vec![ObjectiveSummary {
            measure: "request".into(),
            target: 0.9995,
            met: availability.value >= 0.9995,
            runs_meeting: of(|run| f64::from(u8::from(run.objectives_met))),
        }],
        annual_downtime_s: mean(downtimes.iter().copied()),
        annual_downtime_quantiles: [0.5, 0.9, 0.95, 0.99]
            .map(|p| (p, quantile(downtimes.clone(), p)))
            .to_vec(),
        outages_per_year: mean(rows.iter().map(|row| row.services[s].outages as f64)),
        outage_durations_s: durations,
        lost_share: if any { [0.22, 0.01, 0.6, 0.03, 0.11, 0.02, 0.01, 0.0, 0.0] } else { [0.0; 9] },
        root_share: if any {
            vec![("machine-crash".into(), 0.81), ("container-crash".into(), 0.15), ("none".into(), 0.04)]
        } else {
            Vec::new()
        },
    }
}

fn workload(rows: &[RunRow], replicas: f64) -> WorkloadSummary {
    let of = |pick: fn(&RunWorkload) -> f64| mean(rows.iter().map(|row| pick(&row.workloads[0])));
    WorkloadSummary {
        share_at_ratio_one: of(|w| w.share_at_ratio_one),
        mean_ratio: of(|w| w.mean_ratio),
        share_all_ready: of(|w| w.share_all_ready),
        mean_ready: Estimate {
            value: replicas - 0.01,
            low: replicas - 0.02,
            high: replicas,
            method: Method::Student,
        },
        restarts_per_year: of(|w| w.restarts as f64),
    }
}

/// A crash of the node under two of three pods, as a year with one outage on day 211.
pub fn recording() -> (RunLabels, Recording) {
    let noon = Instant::ZERO + Span::days(210) + Span::hours(3) + Span::mins(12) + Span::secs(9);
    let at = |ms: u64| noon + Span::millis(ms);
    let sample = |ms, pods, ready, programmed, serving, success| Sample {
        at: at(ms),
        service: ServiceId(0),
        pods,
        ready,
        programmed,
        serving,
        success,
    };
    let mut samples = vec![
        Sample { at: Instant::ZERO, ..sample(0, 0, 0, 0, 0, 0.0) },
        Sample { at: Instant::ZERO + Span::secs(9), ..sample(0, 3, 3, 3, 3, 1.0) },
    ];
    samples.extend([
        sample(300, 3, 3, 3, 1, 0.34),
        sample(47_100, 3, 1, 3, 1, 0.34),
        sample(48_000, 3, 1, 1, 1, 0.92),
        sample(347_000, 5, 1, 1, 1, 0.92),
        sample(355_000, 5, 2, 1, 2, 0.92),
        sample(355_600, 5, 3, 3, 3, 1.0),
        sample(900_000, 3, 3, 3, 3, 1.0),
    ]);
    let entry = |ms, actor, text: &str| Entry { at: at(ms), actor, text: text.into() };
    let timeline = vec![
        entry(300, Actor::Fault, "machine of node n4 loses power (machine-crash)"),
        entry(300, Actor::Traffic, "66% of requests to default/web fail: proxies still send to dead pods"),
        entry(47_100, Actor::NodeController, "marks n4 Unknown (grace period 50 s)"),
        entry(48_000, Actor::KubeProxy, "web: 1 endpoint left"),
        entry(347_200, Actor::TaintEviction, "deletes web-5d9c-x2 and web-5d9c-k8 (toleration 300 s)"),
        entry(347_300, Actor::Scheduler, "binds web-5d9c-q7 to n1, web-5d9c-z1 to n2"),
        entry(355_000, Actor::Kubelet, "web-5d9c-q7 on n1 is Ready"),
        entry(355_600, Actor::EndpointSlice, "default/web: 3 endpoints"),
    ];
    let outage = Outage {
        start: at(300),
        end: at(355_600),
        root: Some(FaultId(0).into()),
        worst: 0.66,
        lost_requests: 2770.0,
    };
    let outcome = Outcome {
        measured: Span::days(365),
        services: vec![ServiceOutcome {
            requests: 50.0 * YEAR_S,
            lost_requests: 2770.0,
            lost_by: [1580.0, 0.0, 1190.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            down: Span::ZERO,
            short: Span::secs(355),
            outages: vec![outage],
        }],
        workloads: vec![WorkloadOutcome {
            at_ratio_one: Span::days(365).saturating_sub(Span::secs(300)),
            all_ready: Span::days(365).saturating_sub(Span::secs(355)),
            // Three wanted; two there for 300 s.
            ratio_integral: (YEAR_S - 300.0 + 1.5 * 300.0) * 1e9,
            ..WorkloadOutcome::default()
        }],
        cluster: ClusterOutcome::default(),
        events: 12_345,
        digest: Digest(0x7be2_c01d),
    };
    (run_labels(), Recording { outcome, timeline, samples, replicas: replicas(noon) })
}

/// A start, a rollout with a surge of one, and the eviction of two of three pods, replaced five minutes later.
fn replicas(noon: Instant) -> Vec<ReplicaSample> {
    let sample =
        |at, current, ready| ReplicaSample { at, workload: WorkloadId(0), desired: 3, current, ready };
    let rollout = Instant::ZERO + Span::days(100);
    vec![
        sample(Instant::ZERO, 0, 0),
        sample(Instant::ZERO + Span::millis(60), 3, 0),
        sample(Instant::ZERO + Span::secs(9), 3, 3),
        sample(rollout, 4, 3),
        sample(rollout + Span::secs(25), 3, 3),
        sample(noon + Span::millis(47_100), 3, 1),
        sample(noon + Span::millis(47_200), 2, 1),
        sample(noon + Span::millis(48_000), 2, 2),
        sample(noon + Span::millis(347_200), 3, 2),
        sample(noon + Span::millis(355_600), 3, 3),
    ]
}

fn run_labels() -> RunLabels {
    RunLabels {
        scenario: "web".into(),
        version: "0.1.0".into(),
        input_hash: "3f9c1a07d2e84b65".into(),
        seed: Seed { master: 42, run: 0 },
        horizon: Span::days(365),
        design_point: String::new(),
        repeat: String::new(),
        services: vec![ServiceLabel {
            name: "default/web".into(),
            objectives: vec![Objective { measure: Measure::Request, target: 0.9995, window: Span::days(30) }],
        }],
        workloads: vec!["Deployment default/web".into()],
        faults: vec!["machine-crash".into()],
        operations: Vec::new(),
    }
}
