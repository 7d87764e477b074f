//! Jobs and CronJobs.

use k8s_openapi::api::batch::v1::{
    CronJob, CronJobSpec as CronJobFile, Job, JobSpec as JobFile, PodFailurePolicyRule,
};
use sim_core::spec::{
    Concurrency, CronJobSpec, JobSpec, OnDisruption, PodReplacement, Schedule, WorkloadKind,
};
use sim_core::time::Span;

use super::check::Check;
use super::labels::labels;
use super::schedule;
use super::workload::WorkloadManifest;
use crate::diagnostic::{Diagnostic, codes};
use crate::scenario_file::defaults::{self, DefaultValue};
use crate::typed::Typed;

/// A Job; its pods carry its name, as the API server sees to it.
pub(super) fn job<'a>(
    typed: &'a Typed<'a, Job>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<WorkloadManifest<'a>> {
    let mut check = Check { document: typed.document, diagnostics };
    let file = typed.object.spec.as_ref()?;
    let spec = Fields { path: "spec", check: &mut check }.job(file);
    let name = typed.document.name.as_str();
    let mut workload = manifest(WorkloadKind::Job(spec), file, "spec.template.spec", &mut check)?;
    let own = ["batch.kubernetes.io/job-name", "job-name"].map(|key| (key, name));
    workload.labels = workload.labels.iter().chain(own).collect();
    Some(workload)
}

/// A CronJob, in a run that starts so many seconds after 1970.
pub(super) fn cron_job<'a>(
    typed: &'a Typed<'a, CronJob>,
    run_starts: u64,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<WorkloadManifest<'a>> {
    let mut check = Check { document: typed.document, diagnostics };
    let file = &typed.object.spec;
    let job = file.job_template.spec.as_ref()?;
    let spec = cron_job_spec(file, job, run_starts, &mut check);
    manifest(WorkloadKind::CronJob(spec), job, "spec.jobTemplate.spec.template.spec", &mut check)
}

fn manifest<'a>(
    kind: WorkloadKind,
    file: &'a JobFile,
    pod_path: &'static str,
    check: &mut Check<'a, '_>,
) -> Option<WorkloadManifest<'a>> {
    let pod = file.template.spec.as_ref()?;
    if !matches!(pod.restart_policy.as_deref(), Some("OnFailure" | "Never")) {
        let message = "restartPolicy must be OnFailure or Never here".to_owned();
        check.error(&codes::CHOICE, &format!("{pod_path}.restartPolicy"), message);
    }
    Some(WorkloadManifest {
        document: check.document,
        replicas: kind.job().map_or(0, |job| job.parallelism.min(job.completions.unwrap_or(u32::MAX))),
        kind,
        min_ready: Span::ZERO,
        labels: labels(file.template.metadata.as_ref().and_then(|metadata| metadata.labels.as_ref())),
        pod,
        pod_path,
    })
}

fn cron_job_spec(file: &CronJobFile, job: &JobFile, run_starts: u64, check: &mut Check) -> CronJobSpec {
    let zone = file.time_zone.as_deref().unwrap_or("UTC");
    if !matches!(zone, "UTC" | "Etc/UTC") {
        let message = format!("the time zone can only be UTC here, not {zone}");
        check.error(&codes::CHOICE, "spec.timeZone", message);
    }
    let moments = schedule::parse(&file.schedule).unwrap_or_else(|problem| {
        check.error(&codes::SCHEDULE, "spec.schedule", format!("`{}`: {problem}", file.schedule));
        schedule::parse("@daily").expect("a schedule")
    });
    let concurrency = match file.concurrency_policy.as_deref() {
        None | Some("Allow") => Concurrency::Allow,
        Some("Forbid") => Concurrency::Forbid,
        Some("Replace") => Concurrency::Replace,
        Some(other) => {
            let message = format!("`{other}` is not Allow, Forbid or Replace");
            check.error(&codes::CHOICE, "spec.concurrencyPolicy", message);
            Concurrency::Allow
        }
    };
    let spec = &mut Fields { path: "spec", check };
    CronJobSpec {
        schedule: Schedule { run_starts, moments },
        concurrency,
        starting_deadline: spec.seconds("startingDeadlineSeconds", file.starting_deadline_seconds),
        suspend: file.suspend.unwrap_or(false),
        successful_history: spec.number(
            "successfulJobsHistoryLimit",
            file.successful_jobs_history_limit,
            defaults::SUCCESSFUL_JOBS,
        ),
        failed_history: spec.number(
            "failedJobsHistoryLimit",
            file.failed_jobs_history_limit,
            defaults::FAILED_JOBS,
        ),
        job: Fields { path: "spec.jobTemplate.spec", check: spec.check }.job(job),
    }
}

/// Reads fields below a path.
struct Fields<'a, 'd, 'c> {
    path: &'static str,
    check: &'c mut Check<'a, 'd>,
}

impl Fields<'_, '_, '_> {
    fn job(&mut self, file: &JobFile) -> JobSpec {
        let indexed = self.is_indexed(file);
        let completions = match (file.completions, file.parallelism) {
            (None, Some(_)) => None,
            _ => Some(self.number("completions", file.completions, defaults::COMPLETIONS)),
        };
        if indexed && completions.is_none() {
            let message = "an Indexed Job needs completions".to_owned();
            self.check.error(&codes::MISSING_FIELD, self.path, message);
        }
        JobSpec {
            parallelism: self.number("parallelism", file.parallelism, defaults::PARALLELISM),
            completions,
            indexed,
            backoff_limit: self.number("backoffLimit", file.backoff_limit, defaults::BACKOFF_LIMIT),
            active_deadline: self.seconds("activeDeadlineSeconds", file.active_deadline_seconds),
            ttl_after_finished: self
                .seconds("ttlSecondsAfterFinished", file.ttl_seconds_after_finished.map(i64::from)),
            replacement: self.replacement(file),
            on_disruption: self.on_disruption(file),
            suspend: file.suspend.unwrap_or(false),
        }
    }

    fn is_indexed(&mut self, file: &JobFile) -> bool {
        match file.completion_mode.as_deref() {
            None | Some("NonIndexed") => false,
            Some("Indexed") => true,
            Some(other) => {
                self.choice("completionMode", other, "NonIndexed or Indexed");
                false
            }
        }
    }

    /// With a podFailurePolicy only Failed is allowed, and the default.
    fn replacement(&mut self, file: &JobFile) -> PodReplacement {
        match (file.pod_replacement_policy.as_deref(), &file.pod_failure_policy) {
            (Some("Failed"), _) | (None, Some(_)) => PodReplacement::Failed,
            (None | Some("TerminatingOrFailed"), None) => PodReplacement::TerminatingOrFailed,
            (Some(other), Some(_)) => {
                self.choice("podReplacementPolicy", other, "Failed, which podFailurePolicy demands");
                PodReplacement::Failed
            }
            (Some(other), None) => {
                self.choice("podReplacementPolicy", other, "TerminatingOrFailed or Failed");
                PodReplacement::TerminatingOrFailed
            }
        }
    }

    /// The first rule that matches decides.
    fn on_disruption(&mut self, file: &JobFile) -> OnDisruption {
        let rules = file.pod_failure_policy.iter().flat_map(|policy| &policy.rules);
        let Some(rule) = rules.into_iter().find(|rule| concerns_disruption(rule)) else {
            return OnDisruption::Count;
        };
        match rule.action.as_str() {
            "Ignore" => OnDisruption::Ignore,
            "FailJob" => OnDisruption::FailJob,
            "Count" => OnDisruption::Count,
            other => {
                self.choice("podFailurePolicy.rules", other, "Ignore, FailJob or Count");
                OnDisruption::Count
            }
        }
    }

    fn number(&mut self, field: &str, given: Option<i32>, default: DefaultValue) -> u32 {
        let path = format!("{}.{field}", self.path);
        self.check.count(&path, given.unwrap_or_else(|| default.parse()))
    }

    fn seconds(&mut self, field: &str, given: Option<i64>) -> Option<Span> {
        let seconds = given?;
        Some(Span::secs(u64::try_from(seconds).unwrap_or_else(|_| {
            let message = format!("{field} is {seconds}, but must be at least 0");
            self.check.error(&codes::RANGE, &format!("{}.{field}", self.path), message);
            0
        })))
    }

    fn choice(&mut self, field: &str, given: &str, choices: &str) {
        let message = format!("`{given}` is not {choices}");
        self.check.error(&codes::CHOICE, &format!("{}.{field}", self.path), message);
    }
}

/// Whether it is about the condition DisruptionTarget being True.
fn concerns_disruption(rule: &PodFailurePolicyRule) -> bool {
    let is_true = |status: Option<&str>| status.is_none_or(|status| status == "True");
    let mut conditions = rule.on_pod_conditions.iter().flatten();
    conditions.any(|c| c.type_ == "DisruptionTarget" && is_true(c.status.as_deref()))
}
