//! Workloads with their pod templates and images.

use sim_core::controllers::daemon_sets::Lasting;
use sim_core::ids::{TemplateId, WorkloadId};
use sim_core::spec::{Cluster, Node, PodTemplate, Resource, RestartPolicy, Selector, Workload, WorkloadKind};

use super::behaviour::{self, Rule};
use super::report::Report;
use crate::diagnostic::{Diagnostic, codes};
use crate::document::Document;
use crate::manifest::{
    ContainerRequests, Demand, Images, Manifests, PodSource, PriorityClasses, Storage, WorkloadManifest,
    compile_template, compile_workloads, requests_by_container,
};
use crate::scenario_file::defaults;
use crate::source::Place;

/// Everything about pods; all but the images run in parallel.
#[derive(Debug, Default)]
pub(super) struct Pods {
    pub images: Images,
    pub templates: Vec<PodTemplate>,
    pub workloads: Vec<Workload>,
    pub origins: Vec<Origin>,
    pub container_requests: Vec<Vec<ContainerRequests>>,
}

/// Where a workload comes from.
#[derive(Debug)]
pub(super) struct Origin {
    /// Kind and name.
    pub title: String,
    /// `Deployment/web`, or `Deployment/shop/web` in another namespace than `default`.
    pub reference: String,
    /// Where its name stands.
    pub place: Place,
    /// Where the requests of its first container stand.
    pub resources: Place,
    /// What quotas look at in its pods.
    pub demand: Demand,
}

impl Pods {
    /// Templates with the number of pods that are wanted of each.
    pub fn counted(&self) -> impl Iterator<Item = (&PodTemplate, u32)> {
        self.templates.iter().zip(self.workloads.iter().map(|workload| workload.replicas))
    }

    /// A DaemonSet has a pod for each node that takes one.
    pub fn count_daemons(&mut self, cluster: &Cluster) {
        for (workload, template) in self.workloads.iter_mut().zip(&self.templates) {
            if matches!(workload.kind, WorkloadKind::DaemonSet(_)) {
                let takes_one = |node: &&Node| Lasting::new(template, node).takes_one();
                workload.replicas = cluster.nodes.iter().filter(takes_one).count() as u32;
            }
        }
    }

    /// Workloads whose pods are selected within a namespace (`None` is every one).
    pub fn selected(&self, namespace: Option<&str>, selector: &Selector) -> Vec<WorkloadId> {
        let chosen = self.templates.iter().enumerate().filter(|(_, template)| {
            namespace.is_none_or(|namespace| namespace == template.namespace)
                && selector.matches(&template.labels)
        });
        chosen.map(|(index, _)| WorkloadId::from(index)).collect()
    }

    /// Of a container, or of all: whether it serves requests, and how much of a resource is requested, in thousandths;
    /// nothing if one of them requests none.
    pub fn requests_of(
        &self,
        workload: WorkloadId,
        resource: Resource,
        container: Option<&str>,
    ) -> (bool, Option<u64>) {
        let amount = |requests: &ContainerRequests| match resource {
            Resource::Cpu => requests.cpu,
            Resource::Memory => requests.memory,
        };
        let chosen = self.container_requests[workload.index()].iter();
        let chosen: Vec<_> = chosen.filter(|c| container.is_none_or(|name| name == c.name)).collect();
        (chosen.iter().any(|c| c.serves), chosen.iter().map(|c| amount(c)).sum())
    }

    /// The workload that a reference such as `Deployment/web` or `Deployment/shop/web` names.
    pub fn find(&self, reference: &str) -> Option<WorkloadId> {
        let full = match reference.matches('/').count() {
            2 => reference.replacen("/default/", "/", 1),
            _ => reference.to_owned(),
        };
        self.origins
            .iter()
            .position(|origin| origin.reference.eq_ignore_ascii_case(&full))
            .map(WorkloadId::from)
    }
}

/// Compiles all workloads of the manifests.
pub(super) fn compile(
    manifests: &Manifests,
    storage: &Storage,
    rules: &[Rule],
    run_starts: u64,
    report: &mut Report,
) -> Pods {
    let mut pods = Pods::default();
    let classes = PriorityClasses::read(&manifests.priority_classes, report.diagnostics);
    for manifest in compile_workloads(manifests, storage, run_starts, report.diagnostics) {
        add(manifest, manifests, &classes, rules, &mut pods, report);
    }
    if pods.workloads.is_empty() {
        let help = "kinds with pods are Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob and Pod";
        report.push(Diagnostic::new(&codes::NOTHING, "there is nothing to simulate").help(help));
    }
    pods
}

fn add(
    manifest: WorkloadManifest,
    manifests: &Manifests,
    classes: &PriorityClasses,
    rules: &[Rule],
    pods: &mut Pods,
    report: &mut Report,
) {
    let document = manifest.document;
    let behaviour = behaviour::of(rules, &document.namespace, &manifest.labels, report);
    let source = PodSource {
        document,
        path: manifest.pod_path,
        spec: manifest.pod,
        labels: manifest.labels,
        namespace: &document.namespace,
        of_daemon_set: matches!(manifest.kind, WorkloadKind::DaemonSet(_)),
        of_job: manifest.kind.is_batch(),
        namespaces: &manifests.namespaces,
        classes,
    };
    if manifest.kind.is_batch() && behaviour.work.is_none() {
        note_run_time(document, report);
    }
    pods.container_requests.push(requests_by_container(manifest.pod));
    let template = TemplateId::from(pods.templates.len());
    pods.templates.push(compile_template(&source, &behaviour, &mut pods.images, report.diagnostics));
    pods.origins.push(Origin {
        demand: Demand::of(manifest.pod),
        title: document.to_string(),
        reference: reference(document),
        place: document.name_place().clone(),
        resources: document
            .node
            .place_of(&format!("{}.containers.0.resources.requests", manifest.pod_path))
            .clone(),
    });
    pods.workloads.push(Workload {
        name: document.name.clone(),
        namespace: document.namespace.clone(),
        kind: manifest.kind,
        replicas: manifest.replicas,
        min_ready: manifest.min_ready,
        template,
    });
}

fn note_run_time(document: &Document, report: &mut Report) {
    let message = format!("{document}: its containers are taken to run for {}", defaults::RUN_TIME.value);
    let help = "set runTime of an entry of scenario.spec.pods that selects them";
    report.push(Diagnostic::new(&codes::ASSUMED, message).at(document.name_place(), "").help(help));
}

/// Whether a workload serves users for ever: pods that end by themselves do not.
pub(super) fn serves(workload: &Workload, template: &PodTemplate) -> bool {
    match workload.kind {
        WorkloadKind::Job(_) | WorkloadKind::CronJob(_) => false,
        WorkloadKind::Pod => template.restart_policy == RestartPolicy::Always && !template.labels.is_empty(),
        _ => true,
    }
}

fn reference(document: &Document) -> String {
    match document.namespace.as_str() {
        "default" => format!("{}/{}", document.kind, document.name),
        namespace => format!("{}/{namespace}/{}", document.kind, document.name),
    }
}
