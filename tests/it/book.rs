//! The lab notebook: `tests/book/*.md`, each a scenario and the timeline that it leads to, for a Kubernetes engineer
//! to check by eye. `NINES_BOOK=rewrite cargo test --test it book` writes the timelines anew.

use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use scenarios::{Input, Options, load};
use sim_core::outcome::Recording;
use sim_core::time::{Instant, Span};
use sim_core::{Model, Seed, record};

/// Every chapter, in the order in which to read them.
const CHAPTERS: [&str; 134] = [
    "node-crash",
    "node-crash-old-version",
    "short-reboot",
    "long-reboot",
    "no-toleration",
    "container-crash",
    "crash-loop",
    "hang-with-liveness",
    "hang-with-readiness",
    "zone-outage",
    "common-cause",
    "burst",
    "spot",
    "two-of-three-down",
    "partial-disruption",
    "all-zones-down",
    "one-zone-back",
    "rolling-update",
    "one-at-a-time",
    "recreate",
    "pre-stop",
    "scale-down",
    "unschedulable",
    "serial-pulls",
    "load-balancer",
    "load-balancer-nlb",
    "external-local",
    "external-local-rollout",
    "internal-local",
    "same-zone",
    "same-zone-overload",
    "topology-mode-auto",
    "ingress",
    "node-deleted",
    "init-containers",
    "init-crash-loop",
    "sidecar",
    "post-start",
    "post-start-fails",
    "pre-stop-too-long",
    "hang-with-tcp-probe",
    "liveness-grace",
    "slow-start",
    "startup-probe",
    "registry-outage",
    "registry-outage-cached",
    "parallel-pulls",
    "stuck-rollout",
    "crash-looping-rollout",
    "crash-without-readiness",
    "pause-resume",
    "oom-kill",
    "kubelet-crash",
    "kubelet-restart",
    "control-plane-lost",
    "node-crash-in-api-outage",
    "reboot-in-api-outage",
    "long-api-outage",
    "controller-manager-failover",
    "controllers-down",
    "scheduler-down",
    "etcd-quorum",
    "zone-with-leaders",
    "autoscaler-surge",
    "autoscaler-scale-down",
    "autoscaler-tolerance",
    "autoscaler-slow-start",
    "autoscaler-missing-metrics",
    "autoscaler-failing-metric",
    "autoscaler-custom-metric",
    "autoscaler-two-metrics",
    "autoscaler-bounds",
    "autoscaler-behavior",
    "autoscaler-rollout",
    "cluster-autoscaler-up",
    "cluster-autoscaler-down",
    "cluster-autoscaler-budget",
    "cluster-autoscaler-delay-after-add",
    "cluster-autoscaler-stops",
    "cluster-autoscaler-late-machine",
    "stateful-set-start",
    "stateful-set-update",
    "stateful-set-partition",
    "stateful-set-blocked",
    "stateful-set-before-135",
    "stateful-set-pending",
    "stateful-set-scale-down",
    "stateful-set-on-delete",
    "node-crash-stateful-set",
    "out-of-service",
    "force-detach",
    "forced-deletion",
    "zonal-volume",
    "regional-volume",
    "daemon-set-outage",
    "daemon-set-blocked",
    "daemon-set-update",
    "daemon-set-node-deleted",
    "drain",
    "drain-one-at-a-time",
    "drain-blocked",
    "drain-timeout",
    "drain-bare-pod",
    "two-budgets",
    "unready-if-healthy-budget",
    "unready-always-allow",
    "budget-of-nobody",
    "budget-and-rollout",
    "budget-percent",
    "cordon",
    "upgrade-in-place",
    "upgrade-by-surge",
    "upgrade-fails",
    "preemption",
    "preemption-never",
    "preemption-spares-budget",
    "preemption-violates-budget",
    "nominated-place-lost",
    "job-retries",
    "job-on-failure",
    "job-frees-room",
    "node-crash-job",
    "job-waits-for-failed",
    "job-drained",
    "job-preempted",
    "job-deadline",
    "job-indexed",
    "cron-job",
    "cron-job-replace",
    "cron-job-missed",
    "cron-job-history",
    "quota-rollout",
    "quota-lag",
    "quota-unsaid",
];

#[test]
fn every_chapter_tells_what_happens() {
    let rewrite = std::env::var("NINES_BOOK").is_ok_and(|wish| wish == "rewrite");
    let mut wrong = Vec::new();
    for chapter in CHAPTERS {
        let path = folder().join(chapter).with_extension("md");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let told = retell(chapter, &text);
        if rewrite {
            fs::write(&path, &told).expect("the chapter can be written");
        } else if told != text {
            wrong.push(format!("{chapter}:\n{}", first_difference(&text, &told)));
        }
    }
    assert!(wrong.is_empty(), "{}\nNINES_BOOK=rewrite writes the timelines anew", wrong.join("\n"));
}

#[test]
fn every_chapter_is_in_the_list() {
    let files = fs::read_dir(folder()).expect("tests/book").map(|file| file.expect("a file").path());
    let mut stems: Vec<_> = files.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect();
    stems.sort();
    let mut listed = CHAPTERS.map(String::from).to_vec();
    listed.sort();
    assert_eq!(stems, listed);
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/book")
}

/// The chapter with its timeline as it comes out now.
fn retell(chapter: &str, text: &str) -> String {
    let scenario = &text[range(text, "```yaml")];
    let opening = text.lines().find(|line| line.starts_with("```timeline")).expect("a block ```timeline");
    let window = Window::parse(opening);
    let input = Input::Text { name: format!("{chapter}.md"), text: scenario.to_owned() };
    let loaded = load(&[input], &[], Options::default());
    assert!(loaded.diagnostics.is_empty(), "{chapter}: {:?}", loaded.diagnostics);
    let compiled = loaded.scenario(&[]).unwrap_or_else(|errors| panic!("{chapter}: {errors:?}"));
    let names: Vec<String> = compiled.scenario.services.iter().map(|service| service.name.clone()).collect();
    let recording = record(&Model::new(compiled.scenario), Seed { master: 42, run: 0 });
    let old = range(text, opening);
    format!("{}{}{}", &text[..old.start], timeline(&recording, &names, &window), &text[old.end..])
}

/// What stands between an opening line and the next fence.
fn range(text: &str, opening: &str) -> Range<usize> {
    let start = text.find(opening).unwrap_or_else(|| panic!("a block {opening}")) + opening.len();
    let start = start + text[start..].find('\n').expect("a line end") + 1;
    let end = start + text[start..].find("```").expect("a closing fence");
    start..end
}

/// Which part of the run a chapter shows: times are told relative to its start.
struct Window {
    from: Instant,
    to: Instant,
}

impl Window {
    /// From `` ```timeline from=3600 to=4000 ``, in seconds.
    fn parse(opening: &str) -> Window {
        let seconds = |key: &str| {
            let value = opening.split_whitespace().find_map(|word| word.strip_prefix(key));
            value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{key}SECONDS in {opening}"))
        };
        let at = |key| Instant::ZERO + Span::secs(seconds(key));
        Window { from: at("from="), to: at("to=") }
    }

    fn contains(&self, at: Instant) -> bool {
        self.from <= at && at < self.to
    }
}

fn timeline(recording: &Recording, services: &[String], window: &Window) -> String {
    let mut lines: Vec<(Instant, String)> = Vec::new();
    for entry in recording.timeline.iter().filter(|entry| window.contains(entry.at)) {
        lines.push((entry.at, format!("{:?} {}", entry.actor, entry.text)));
    }
    for (id, name) in services.iter().enumerate() {
        let to = if services.len() > 1 { format!(" to {name}") } else { String::new() };
        let samples = recording.samples.iter().filter(|sample| sample.service.index() == id);
        let changes = changes(samples.map(|sample| (sample.at, sample.success)));
        let told = changes.into_iter().filter(|(at, _)| window.contains(*at));
        lines.extend(told.map(|(at, s)| (at, format!("        {:.1}% of requests{to} succeed", 100.0 * s))));
    }
    lines.sort_by_key(|(at, _)| *at);
    lines.iter().fold(String::new(), |mut text, (at, line)| {
        let offset = at.since(window.from).as_secs_f64();
        writeln!(text, "{offset:>9.3} s  {line}").expect("a string takes all");
        text
    })
}

/// The values that differ from the one before.
fn changes(values: impl Iterator<Item = (Instant, f64)>) -> Vec<(Instant, f64)> {
    let mut values: Vec<_> = values.collect();
    values.dedup_by_key(|(_, value)| *value);
    values
}

fn first_difference(old: &str, new: &str) -> String {
    let differs = old.lines().zip(new.lines()).find(|(old, new)| old != new);
    let (old, new) = differs.unwrap_or(("(shorter or longer)", ""));
    format!("  in the book: {old}\n  as it is:    {new}")
}
