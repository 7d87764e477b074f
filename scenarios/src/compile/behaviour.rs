//! How pods behave: the scenario's rules by selector, over the defaults.

use std::cell::Cell;

use sim_core::spec::{Labels, Operator, PostStart, Requirement, Selector, Work};

use super::{distribution, report::Report};
use crate::diagnostic::codes;
use crate::duration::Duration;
use crate::manifest::{Behaviour, UsageBehaviour};
use crate::quantity::parse_units;
use crate::scenario_file::{
    DistributionFile, ExpressionFile, LabelSelectorFile, OperatorFile, PodBehaviour, Share, defaults,
};

/// A rule of the scenario, ready to be matched.
pub(super) struct Rule {
    pub index: usize,
    selector: Selector,
    namespace: Option<String>,
    behaviour: Behaviour,
    /// Whether it has ever matched.
    pub matched: Cell<bool>,
}

/// Compiles the rules in order.
pub(super) fn compile(files: &[PodBehaviour], report: &mut Report) -> Vec<Rule> {
    files.iter().enumerate().map(|(index, file)| rule(index, file, report)).collect()
}

/// The behaviour of pods with these labels: of the first rule that matches.
pub(super) fn of(rules: &[Rule], namespace: &str, labels: &Labels, report: &mut Report) -> Behaviour {
    let rule = rules.iter().find(|rule| rule.matches(namespace, labels));
    if let Some(rule) = rule {
        rule.matched.set(true);
        return rule.behaviour.clone();
    }
    behaviour(0, &PodBehaviour::default(), report)
}

impl Rule {
    fn matches(&self, namespace: &str, labels: &Labels) -> bool {
        self.namespace.as_ref().is_none_or(|own| own == namespace) && self.selector.matches(labels)
    }
}

fn rule(index: usize, file: &PodBehaviour, report: &mut Report) -> Rule {
    Rule {
        index,
        selector: selector(&file.selector, &format!("spec.pods.{index}.selector"), report),
        namespace: file.namespace.clone(),
        behaviour: behaviour(index, file, report),
        matched: Cell::new(false),
    }
}

fn behaviour(index: usize, file: &PodBehaviour, report: &mut Report) -> Behaviour {
    let path = |field: &str| format!("spec.pods.{index}.{field}");
    let capacity_rps = file.requests_per_second.unwrap_or_else(|| defaults::REQUESTS_PER_SECOND.parse());
    if capacity_rps.is_nan() || capacity_rps <= 0.0 {
        report.error(&codes::RATE, &path("requestsPerSecond"), "requestsPerSecond must be positive");
    }
    let startup = file.startup_time.clone();
    let startup = startup.unwrap_or_else(|| DistributionFile::Bare(defaults::STARTUP_TIME.parse()));
    let span =
        |given: Option<Duration>, default: defaults::DefaultValue| given.unwrap_or_else(|| default.parse()).0;
    let init_run_time = file.init_run_time.clone();
    let init_run_time =
        init_run_time.unwrap_or_else(|| DistributionFile::Bare(defaults::INIT_RUN_TIME.parse()));
    let share = |given: Option<Share>| given.map_or(0.0, |Share(share)| share);
    let work = |run_time: &DistributionFile, report: &mut Report| Work {
        run_time: distribution::compile(run_time, &path("runTime"), report),
        fails: share(file.fails),
    };
    let idle_cpu = file.idle_cpu.clone().unwrap_or_else(|| defaults::IDLE_CPU.parse());
    let image_size = file.image_size.as_ref().map(|size| size.units());
    Behaviour {
        startup_time: distribution::compile(&startup, &path("startupTime"), report),
        work: file.run_time.as_ref().map(|run_time| work(run_time, report)),
        batch_work: work(&DistributionFile::Bare(defaults::RUN_TIME.parse()), report),
        image_size: image_size.unwrap_or_else(|| parse_units(defaults::IMAGE_SIZE.value).unwrap_or_default()),
        capacity_rps,
        usage: UsageBehaviour {
            idle_cpu_milli: idle_cpu.milli_units(),
            cpu_per_request: file.cpu_per_request.map(|Duration(span)| span),
            memory_bytes: file.memory.as_ref().map(|memory| memory.units()),
        },
        shutdown_time: span(file.shutdown_time, defaults::SHUTDOWN_TIME),
        serves_after_stop: span(file.serves_after_stop_signal, defaults::SERVES_AFTER_STOP),
        pre_stop: span(file.pre_stop, defaults::PRE_STOP),
        post_start: PostStart {
            takes: span(file.post_start, defaults::POST_START),
            fails: share(file.post_start_fails),
        },
        init_run_time: distribution::compile(&init_run_time, &path("initRunTime"), report),
        init_fails: share(file.init_fails),
    }
}

/// A selector of the scenario file.
pub(super) fn selector(file: &LabelSelectorFile, path: &str, report: &mut Report) -> Selector {
    let labels: Labels =
        file.match_labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let mut selector = Selector::from_labels(&labels);
    selector.0.extend(file.match_expressions.iter().map(|expression| requirement(expression, path, report)));
    selector
}

fn requirement(file: &ExpressionFile, path: &str, report: &mut Report) -> Requirement {
    let needs_values = matches!(file.operator, OperatorFile::In | OperatorFile::NotIn);
    if needs_values == file.values.is_empty() {
        report.error(&codes::SELECTOR, path, "In and NotIn need values, Exists and DoesNotExist have none");
    }
    let is = match file.operator {
        OperatorFile::In => Operator::In(file.values.clone()),
        OperatorFile::NotIn => Operator::NotIn(file.values.clone()),
        OperatorFile::Exists => Operator::Exists,
        OperatorFile::DoesNotExist => Operator::DoesNotExist,
    };
    Requirement { key: file.key.clone(), is }
}
