//! HorizontalPodAutoscalers: their targets found, and where the samples of their metrics come from.

use sim_core::ids::{ServiceId, WorkloadId};
use sim_core::spec::{Autoscaler, Metric, MetricSource, MetricTarget, Resource, Service, Traffic};

use super::report::Report;
use super::services::series;
use super::workloads::Pods;
use crate::diagnostic::{Diagnostic, codes};
use crate::manifest::{AutoscalerManifest, Manifests, MetricManifest, MetricSourceManifest};
use crate::manifest::{compile_autoscaler, compile_autoscaler_v1};
use crate::scenario_file::MetricFile;

/// The custom metric that every pod and every Service has.
const REQUESTS: &str = "requests_per_second";

/// Metrics of the scenario file by name.
pub(super) type Given = Vec<(String, Traffic)>;

/// Compiles the metrics that the scenario gives over time.
pub(super) fn given(files: &[MetricFile], report: &mut Report) -> Given {
    report.check_unique("metrics", "metrics", files.iter().map(|file| file.name.as_str()));
    let one = |(index, file): (usize, &MetricFile)| {
        let path = format!("spec.metrics.{index}");
        (file.name.clone(), series(file.value, &file.daily_profile, &format!("{path}.value"), &path, report))
    };
    files.iter().enumerate().map(one).collect()
}

/// Compiles all autoscalers.
pub(super) fn compile(
    manifests: &Manifests,
    pods: &Pods,
    services: &[Service],
    given: &Given,
    report: &mut Report,
) -> Vec<Autoscaler> {
    let v2 = manifests.autoscalers.iter();
    let mut read: Vec<_> = v2.map(|typed| compile_autoscaler(typed, report.diagnostics)).collect();
    read.extend(
        manifests.autoscalers_v1.iter().map(|typed| compile_autoscaler_v1(typed, report.diagnostics)),
    );
    let compiler = Compiler { pods, services, given };
    let targeted: Vec<_> = read
        .into_iter()
        .filter_map(|manifest| Some((compiler.target(&manifest, report)?, manifest)))
        .collect();
    let count = |id: WorkloadId| targeted.iter().filter(|(other, _)| *other == id).count();
    let mut autoscalers = Vec::new();
    for (target, manifest) in &targeted {
        if count(*target) > 1 {
            leave_out(manifest, "another one has the same target, and Kubernetes then lets none act", report);
        } else {
            autoscalers.push(compiler.autoscaler(*target, manifest, report));
        }
    }
    autoscalers
}

struct Compiler<'a> {
    pods: &'a Pods,
    services: &'a [Service],
    given: &'a Given,
}

impl Compiler<'_> {
    fn target(&self, manifest: &AutoscalerManifest, report: &mut Report) -> Option<WorkloadId> {
        let (kind, name) = manifest.target;
        let reference = format!("{kind}/{}/{name}", manifest.document.namespace);
        let found = self.pods.find(&reference).filter(|_| !matches!(kind, "Pod" | "DaemonSet"));
        if found.is_none() {
            leave_out(manifest, &format!("there is no {kind} {name} in its namespace"), report);
        }
        found
    }

    fn autoscaler(
        &self,
        target: WorkloadId,
        manifest: &AutoscalerManifest,
        report: &mut Report,
    ) -> Autoscaler {
        let metrics = manifest.metrics.iter();
        Autoscaler {
            name: manifest.document.name.clone(),
            namespace: manifest.document.namespace.clone(),
            target,
            bounds: manifest.bounds,
            metrics: metrics.map(|metric| self.metric(target, metric, manifest, report)).collect(),
            behavior: manifest.behavior.clone(),
            tolerances: manifest.tolerances,
        }
    }

    fn metric(
        &self,
        target: WorkloadId,
        metric: &MetricManifest,
        manifest: &AutoscalerManifest,
        report: &mut Report,
    ) -> Metric {
        let name = match metric.source {
            MetricSourceManifest::Resource(Resource::Cpu, _) => "cpu",
            MetricSourceManifest::Resource(Resource::Memory, _) => "memory",
            MetricSourceManifest::Pods(name)
            | MetricSourceManifest::Object(_, _, name)
            | MetricSourceManifest::External(name) => name,
        };
        let source = self.source(target, metric, &manifest.document.namespace);
        let place = manifest.document.node.place_of(&metric.path);
        if source == MetricSource::Unavailable {
            let message = format!("{}: nobody serves the metric {name}", manifest.document);
            let help = format!("give it in scenario.spec.metrics; pods and Services have {REQUESTS}");
            report.push(Diagnostic::new(&codes::NO_METRIC, message).at(place, "").help(help));
        }
        self.check_usage(target, &source, metric.target, manifest, report);
        Metric { name: name.to_owned(), source, target: metric.target }
    }

    fn source(&self, target: WorkloadId, metric: &MetricManifest, namespace: &str) -> MetricSource {
        let named = |name: &str| self.given.iter().find(|(given, _)| given == name);
        match metric.source {
            MetricSourceManifest::Resource(resource, container) => {
                let (serving, request) = self.pods.requests_of(target, resource, container);
                MetricSource::Resource { resource, serving, request }
            }
            MetricSourceManifest::Pods(REQUESTS) => MetricSource::PodRequests,
            MetricSourceManifest::Object("Service", name, REQUESTS) => {
                let is_it = |service: &Service| service.name == name && service.namespace == namespace;
                let found = self.services.iter().position(is_it).map(ServiceId::from);
                found.map_or(MetricSource::Unavailable, MetricSource::ServiceRequests)
            }
            MetricSourceManifest::Object(_, _, name) | MetricSourceManifest::External(name) => named(name)
                .map_or(MetricSource::Unavailable, |(_, series)| MetricSource::Given(series.clone())),
            MetricSourceManifest::Pods(_) => MetricSource::Unavailable,
        }
    }

    /// A metric that can never move is most likely a field left out.
    fn check_usage(
        &self,
        target: WorkloadId,
        source: &MetricSource,
        wanted: MetricTarget,
        manifest: &AutoscalerManifest,
        report: &mut Report,
    ) {
        let MetricSource::Resource { resource, serving, request } = source else { return };
        let usage = &self.pods.templates[target.index()].usage;
        let problem = if request.is_none() && matches!(wanted, MetricTarget::Utilization(_)) {
            "a container requests none of the resource, so this metric always fails"
        } else if *resource == Resource::Cpu && *serving && usage.cpu_milli_per_rps == 0.0 {
            "nothing says how much CPU its pods use for a request"
        } else {
            return;
        };
        let message = format!("{}: {problem}", manifest.document);
        let help = "set resources.requests, and requestsPerSecond or cpuPerRequest in scenario.spec.pods";
        let place = manifest.document.name_place();
        report.push(Diagnostic::new(&codes::NO_METRIC, message).at(place, "").help(help));
    }
}

fn leave_out(manifest: &AutoscalerManifest, why: &str, report: &mut Report) {
    let message = format!("{} was left out: {why}", manifest.document);
    let place = manifest.document.node.place_of("spec.scaleTargetRef");
    report.push(Diagnostic::new(&codes::NO_TARGET, message).at(place, ""));
}
