//! Random scenarios of Jobs and CronJobs beside a Deployment, with quotas.

use sim_core::ids::TemplateId;
use sim_core::rng::Draw;
use sim_core::spec::*;
use sim_core::time::Span;

use super::random::{add_faults, numbers, small_cluster, vary};
use super::*;

/// The `index`-th random scenario with faults of every kind; every second one has a quota.
pub fn trouble(index: u64) -> Scenario {
    let mut draw = numbers("batch", index);
    let mut scenario = small_cluster(&mut draw);
    let deployment = deployment_spec(Strategy::Recreate);
    let id = add_workload(&mut scenario, "web", deployment, draw.below(4) as u32);
    vary(&mut scenario, id, &mut draw);
    for workload in 0..1 + draw.below(3) {
        let job = random_job(&mut draw);
        let parallelism = job.parallelism;
        let kind = match draw.below(3) {
            0 => WorkloadKind::CronJob(random_cron_job(job, &mut draw)),
            _ => WorkloadKind::Job(job),
        };
        let id = add_workload(&mut scenario, &format!("j{workload}"), kind, parallelism);
        vary(&mut scenario, id, &mut draw);
        give_work(&mut scenario.templates[id.index()], &mut draw);
    }
    scenario.timing.kubernetes_minor = 30 + draw.below(6) as u32;
    add_faults(&mut scenario, &mut draw);
    if index.is_multiple_of(2) {
        scenario.quotas.push(random_quota(&scenario, &mut draw));
    }
    scenario
}

fn random_job(draw: &mut Draw) -> JobSpec {
    let seconds = |draw: &mut Draw| (draw.below(4) == 0).then(|| Span::secs(60 + draw.below(7_200)));
    let indexed = draw.below(3) == 0;
    JobSpec {
        parallelism: 1 + draw.below(4) as u32,
        completions: (indexed || draw.below(3) > 0).then(|| 1 + draw.below(5) as u32),
        indexed,
        backoff_limit: draw.below(8) as u32,
        active_deadline: seconds(draw),
        ttl_after_finished: seconds(draw),
        replacement: [PodReplacement::TerminatingOrFailed, PodReplacement::Failed][draw.below(2) as usize],
        on_disruption: [OnDisruption::Count, OnDisruption::Ignore][draw.below(2) as usize],
        suspend: false,
    }
}

fn random_cron_job(job: JobSpec, draw: &mut Draw) -> CronJobSpec {
    let policies = [Concurrency::Allow, Concurrency::Forbid, Concurrency::Replace];
    CronJobSpec {
        schedule: Schedule {
            run_starts: 1_704_067_200,
            moments: Moments::Every(Span::secs(60 + draw.below(3_600))),
        },
        concurrency: policies[draw.below(3) as usize],
        starting_deadline: (draw.below(2) == 0).then(|| Span::secs(draw.below(600))),
        suspend: false,
        successful_history: draw.below(4) as u32,
        failed_history: draw.below(3) as u32,
        job,
    }
}

fn give_work(template: &mut PodTemplate, draw: &mut Draw) {
    template.restart_policy = [RestartPolicy::OnFailure, RestartPolicy::Never][draw.below(2) as usize];
    // A pod that its own probe kills never comes to an end.
    template.containers[0].liveness = None;
    let run_time = Distribution::Exponential { mean: Span::secs(10 + draw.below(600)) };
    template.containers[0].work = Some(Work { run_time, fails: draw.below(4) as f64 / 10.0 });
}

fn random_quota(scenario: &Scenario, draw: &mut Draw) -> Quota {
    let limit = |resource: &str, most| Limit {
        resource: resource.to_owned(),
        most,
        counts_ended: resource == "count/pods",
    };
    let hard = vec![
        limit("pods", 2 + draw.below(8)),
        limit("requests.cpu", 500 + draw.below(3_000)),
        limit("count/pods", 5 + draw.below(20)),
    ];
    let charge = |(id, template): (usize, &PodTemplate)| Charge {
        template: TemplateId::from(id),
        amounts: Some(vec![1, template.requests.cpu_milli, 1]),
    };
    let charges = scenario.templates.iter().enumerate().map(charge).collect();
    Quota { name: String::from("team"), namespace: String::from("default"), hard, charges }
}
