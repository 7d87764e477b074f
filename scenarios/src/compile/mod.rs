//! Documents to the scenario that the model runs: defaults applied, names resolved, everything checked.

mod autoscalers;
mod behaviour;
mod budgets;
mod cluster;
mod common_cause;
mod control_plane;
mod distribution;
mod domains;
mod entrances;
mod faults;
mod fit;
mod given;
mod groups;
mod node_scaling;
mod operations;
mod quotas;
mod replay;
mod report;
mod services;
mod storage;
mod surges;
mod targets;
mod upgrades;
pub mod version;
mod workloads;

pub(crate) use cluster::default_capacity;
pub(crate) use domains::{Domains, RACK_LABEL};

use std::borrow::Cow;
use std::collections::BTreeMap;

use sim_core::spec::{Scaling, Scenario};
use sim_core::time::Span;

use crate::diagnostic::{Diagnostic, Severity, any_error, codes};
use crate::document::{Document, Documents};
use crate::duration::Duration;
use crate::load::Loaded;
use crate::manifest;
use crate::presets;
use crate::scenario_file::{ScenarioFile, ScenarioSpec, defaults};
use crate::set::{self, Path};
use crate::typed::own_kind;
use report::Report;

/// A scenario that can run, and what the user should know about it.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// What the model runs.
    pub scenario: Scenario,
    /// Warnings, and notes on what was assumed or left out.
    pub notes: Vec<Diagnostic>,
}

impl Loaded {
    /// Compiles the documents with some fields overridden, as at one design point of a sweep. If there is any
    /// error, all errors, warnings and notes are returned.
    pub fn scenario(&self, overrides: &[(Path, String)]) -> Result<Compiled, Vec<Diagnostic>> {
        let mut diagnostics = self.diagnostics.clone();
        let documents = self.overridden(overrides, &mut diagnostics);
        let scenario = compile(&documents, self.options.strict, &mut diagnostics);
        diagnostics = tidy(diagnostics);
        match scenario {
            Some(scenario) if !any_error(&diagnostics) => Ok(Compiled { scenario, notes: diagnostics }),
            _ => Err(without_notes(diagnostics)),
        }
    }

    /// Everything there is to say about the input: of the scenario, of the sweep, and of each level of its factors.
    pub fn check(&self) -> Vec<Diagnostic> {
        let of = |overrides: &[(Path, String)]| match self.scenario(overrides) {
            Ok(compiled) => compiled.notes,
            Err(diagnostics) => diagnostics,
        };
        let mut all = of(&[]);
        let sweep = self.check_sweep().unwrap_or_else(|problems| {
            all.extend(problems);
            None
        });
        for factor in sweep.iter().flat_map(|sweep| &sweep.factors) {
            for level in &factor.levels {
                let more = of(&[(factor.path.clone(), level.value.clone())]);
                all.extend(more.into_iter().filter(Diagnostic::is_error));
            }
        }
        let all = tidy(all);
        if any_error(&all) { without_notes(all) } else { all }
    }

    fn overridden(
        &self,
        overrides: &[(Path, String)],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Cow<'_, Documents> {
        let mut documents = Cow::Borrowed(&self.documents);
        for (path, value) in overrides {
            if let Err(diagnostic) = set::apply(documents.to_mut(), path, value) {
                diagnostics.push(*diagnostic);
            }
            presets::expand(documents.to_mut(), diagnostics);
        }
        documents
    }
}

fn compile(documents: &Documents, strict: bool, diagnostics: &mut Vec<Diagnostic>) -> Option<Scenario> {
    let document = documents.scenario.as_ref()?;
    let file: Option<ScenarioFile> = own_kind(document, diagnostics);
    let manifests = manifest::read(documents, strict, diagnostics);
    let is_complete = !any_error(diagnostics);
    let spec = file?.spec.unwrap_or_default();
    let mut report = Report { node: &document.node, files: &documents.files, diagnostics };

    let behaviours = behaviour::compile(&spec.pods, &mut report);
    let storage = storage::compile(&spec.storage_classes, &mut report);
    let mut pods =
        workloads::compile(&manifests, &storage, &behaviours, start(&spec, &mut report), &mut report);
    report_unmatched(&behaviours, &mut report);
    let horizon = horizon(&spec, &mut report);
    let cluster = cluster::compile(&spec, &manifests, &pods, &mut report);
    pods.count_daemons(&cluster);
    let autoscaled = node_scaling::compile(&spec, &cluster, &mut report);
    fit::check(&cluster, &mut pods, &mut report);
    let minor = version::known_minor(&spec);
    let mut services = services::compile(&spec.services, &manifests, &pods, minor, &mut report);
    entrances::find(&mut services, &manifests, &pods, &mut report);
    surges::compile(&spec.operations, horizon, &mut services, &mut report);
    let given = autoscalers::given(&spec.metrics, &mut report);
    let autoscalers = autoscalers::compile(&manifests, &pods, &services, &given, &mut report);
    let budgets = budgets::compile(&manifests, &pods, &mut report);
    let quotas = quotas::compile(&manifests, &pods, &mut report);
    let control_plane = control_plane::compile(&spec, &cluster, &mut report);
    let field = targets::Field { cluster: &cluster, pods: &pods, control_plane: control_plane.as_ref() };
    let faults = faults::compile(&spec.faults, &field, horizon, &mut report);
    let operations = operations::compile(&spec.operations, &pods, &cluster, horizon, &mut report);
    let timing = version::timing(&spec, &mut report);
    note_defaults(documents, &mut report);
    if !is_complete {
        diagnostics.retain(|diagnostic| !FOLLOWS_FROM_OTHERS.contains(&diagnostic.code.id));
    }
    Some(Scenario {
        name: name(documents, document, &pods),
        horizon,
        warm_up: spec.warm_up.unwrap_or_else(|| defaults::WARM_UP.parse()).0,
        timing,
        cluster,
        control_plane,
        images: pods.images.0,
        templates: pods.templates,
        workloads: pods.workloads,
        services,
        budgets,
        quotas,
        faults,
        operations,
        scaling: Scaling { autoscalers, cluster: autoscaled },
    })
}

/// What may only seem wrong because an object was dropped for another error.
const FOLLOWS_FROM_OTHERS: [&str; 5] =
    [codes::SELECTS_NOTHING.id, codes::NOTHING.id, codes::TARGET.id, codes::NOT_FOUND.id, codes::CROWDED.id];

/// Of one kind of warning or note, this many are shown.
const SHOWN_OF_A_KIND: usize = 10;

/// The worst first, each once. All errors are kept; of the rest the first of each kind, and the number of the others.
fn tidy(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut tidied: Vec<Diagnostic> = Vec::new();
    let mut counts: BTreeMap<&str, (Diagnostic, usize)> = BTreeMap::new();
    for diagnostic in diagnostics {
        let (_, count) = counts.entry(diagnostic.code.id).or_insert_with(|| (diagnostic.clone(), 0));
        if tidied.contains(&diagnostic) {
            continue;
        }
        *count += 1;
        if diagnostic.is_error() || *count <= SHOWN_OF_A_KIND {
            tidied.push(diagnostic);
        }
    }
    tidied.extend(counts.into_values().filter_map(|(first, count)| and_more(&first, count)));
    tidied.sort_by_key(|diagnostic| diagnostic.severity);
    tidied
}

fn and_more(first: &Diagnostic, count: usize) -> Option<Diagnostic> {
    let more = count.checked_sub(SHOWN_OF_A_KIND).filter(|more| *more > 0 && !first.is_error())?;
    let message = format!("and {more} more like these: {}", first.code.title);
    Some(Diagnostic::new(first.code, message).severity(first.severity))
}

/// Assumptions do not matter while nothing can run.
fn without_notes(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.retain(|diagnostic| diagnostic.severity != Severity::Note);
    diagnostics
}

fn name(documents: &Documents, scenario: &Document, pods: &workloads::Pods) -> String {
    match &pods.workloads[..] {
        [only] if !documents.has_own_scenario => only.name.clone(),
        _ => scenario.name.clone(),
    }
}

fn horizon(spec: &ScenarioSpec, report: &mut Report) -> Span {
    let Duration(horizon) = spec.horizon.unwrap_or_else(|| defaults::HORIZON.parse());
    let Duration(warm_up) = spec.warm_up.unwrap_or_else(|| defaults::WARM_UP.parse());
    if warm_up >= horizon {
        report.error(&codes::HORIZON, "spec.horizon", "the warm-up is not shorter than the horizon");
    }
    horizon
}

/// Seconds from 1970 to the start of a run.
fn start(spec: &ScenarioSpec, report: &mut Report) -> u64 {
    let given = spec.start.as_deref().unwrap_or(defaults::START.value);
    let seconds = given.parse().ok().and_then(|at: jiff::Timestamp| u64::try_from(at.as_second()).ok());
    seconds.unwrap_or_else(|| {
        let message = format!("`{given}` is not a moment such as {}", defaults::START.value);
        report.error(&codes::CHOICE, "spec.start", message);
        0
    })
}

fn report_unmatched(behaviours: &[behaviour::Rule], report: &mut Report) {
    for rule in behaviours.iter().filter(|rule| !rule.matched.get()) {
        let path = format!("spec.pods.{}.selector", rule.index);
        report.warn(&codes::SELECTS_NOTHING, &path, "this selector matches no pods");
    }
}

fn note_defaults(documents: &Documents, report: &mut Report) {
    if defaults::is_default(report.node.place_of("spec.faults.0.name")) {
        let message = "no faults given, so those of cloud VMs apply: machine 117 d between failures, back in 5 min; \
            container 30 d; zone 365 d, back in 4 h";
        let help = "set scenario.spec.faults; sources: catalog/faults/cloud-vm.yaml";
        report.push(Diagnostic::new(&codes::ASSUMED, message).help(help));
    }
    if !documents.has_own_scenario {
        let message = format!(
            "no scenario given: one year, {} requests per second to each Service",
            defaults::TRAFFIC.value
        );
        let help = "set scenario.spec.horizon and scenario.spec.services";
        report.push(Diagnostic::new(&codes::ASSUMED, message).help(help));
    }
}
