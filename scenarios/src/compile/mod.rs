//! Documents to the scenario that the model runs: defaults applied, names resolved, everything checked.

mod behaviour;
mod cluster;
mod distribution;
mod domains;
mod faults;
mod fit;
mod operations;
mod report;
mod services;
mod version;
mod workloads;

pub(crate) use cluster::default_capacity;
pub(crate) use domains::{Domains, RACK_LABEL};

use std::borrow::Cow;

use sim_core::spec::Scenario;
use sim_core::time::Span;

use crate::diagnostic::{Diagnostic, any_error, codes};
use crate::document::{Document, Documents};
use crate::duration::Duration;
use crate::load::Loaded;
use crate::manifest;
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
        diagnostics.sort_by_key(|diagnostic| diagnostic.severity);
        match scenario {
            Some(scenario) if !any_error(&diagnostics) => Ok(Compiled { scenario, notes: diagnostics }),
            _ => Err(diagnostics),
        }
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
        }
        documents
    }
}

fn compile(documents: &Documents, strict: bool, diagnostics: &mut Vec<Diagnostic>) -> Option<Scenario> {
    let document = documents.scenario.as_ref()?;
    let file: Option<ScenarioFile> = own_kind(document, diagnostics);
    let spec = file.and_then(|file| file.spec).unwrap_or_default();
    let manifests = manifest::read(documents, strict, diagnostics);
    let mut report = Report { node: &document.node, diagnostics };

    let behaviours = behaviour::compile(&spec.pods, &mut report);
    let pods = workloads::compile(&manifests, &behaviours, &mut report);
    report_unmatched(&behaviours, &mut report);
    if pods.workloads.is_empty() && !any_error(report.diagnostics) {
        let help = "kinds with pods are Deployment, ReplicaSet, ReplicationController and Pod";
        report.push(Diagnostic::new(&codes::NOTHING, "there is nothing to simulate").help(help));
    }
    let horizon = horizon(&spec, &mut report);
    let cluster = cluster::compile(&spec, &manifests, &pods, &mut report);
    let mut pods = pods;
    fit::check(&cluster, &mut pods, &mut report);
    let services = services::compile(&spec.services, &manifests, &pods, &mut report);
    let faults = faults::compile(&spec.faults, &cluster, &pods, horizon, &mut report);
    let operations = operations::compile(&spec.operations, &pods, horizon, &mut report);
    let timing = version::timing(&spec, &mut report);
    note_defaults(documents, &mut report);
    Some(Scenario {
        name: name(documents, document, &pods),
        horizon,
        warm_up: spec.warm_up.unwrap_or_else(|| defaults::WARM_UP.parse()).0,
        timing,
        cluster,
        images: pods.images.0,
        templates: pods.templates,
        workloads: pods.workloads,
        services,
        faults,
        operations,
    })
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
