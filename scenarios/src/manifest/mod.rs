//! Kubernetes manifests: typed by their kind, checked as the API server would, and translated to what the model
//! knows.

mod affinity;
mod autoscaler;
mod autoscaler_behavior;
mod budget;
mod check;
mod container;
mod daemon_set;
mod ingress;
mod job;
mod labels;
mod names;
mod node;
mod owners;
mod pod;
mod priority;
mod probe;
mod quota;
mod required;
mod resources;
mod routing;
mod schedule;
mod service;
mod stateful_set;
mod storage;
mod unmodelled;
mod usage;
mod workload;

pub(crate) use autoscaler::{
    AutoscalerManifest, MetricManifest, MetricSourceManifest, compile_autoscaler, compile_autoscaler_v1,
};
pub(crate) use budget::compile_budget;
pub(crate) use ingress::{backends, controller};
use labels::labels;
pub(crate) use node::compile_node;
pub(crate) use pod::{Behaviour, Images, PodSource, compile_template};
pub(crate) use priority::PriorityClasses;
pub(crate) use quota::{Demand, compile_quota};
pub(crate) use resources::{ContainerRequests, requests_by_container};
pub(crate) use service::compile_service;
pub(crate) use storage::Storage;
pub use unmodelled::{Unmodelled, unmodelled};
pub(crate) use usage::UsageBehaviour;
pub(crate) use workload::{WorkloadManifest, compile_workloads};

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::autoscaling::{v1, v2};
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{Namespace, Node, Pod, ReplicationController, ResourceQuota, Service};
use k8s_openapi::api::networking::v1::{Ingress, IngressClass};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::scheduling::v1::PriorityClass;
use serde::Deserialize;
use sim_core::spec::Labels;

use crate::diagnostic::{Diagnostic, codes};
use crate::document::{Document, Documents};
use crate::typed::{self, Typed};

/// The objects of all modelled kinds, in order of appearance.
#[derive(Debug, Default)]
pub(crate) struct Manifests<'a> {
    /// Namespaces with their labels.
    pub namespaces: BTreeMap<String, Labels>,
    pub nodes: Vec<Typed<'a, Node>>,
    pub pods: Vec<Typed<'a, Pod>>,
    pub replication_controllers: Vec<Typed<'a, ReplicationController>>,
    pub replica_sets: Vec<Typed<'a, ReplicaSet>>,
    pub deployments: Vec<Typed<'a, Deployment>>,
    pub stateful_sets: Vec<Typed<'a, StatefulSet>>,
    pub daemon_sets: Vec<Typed<'a, DaemonSet>>,
    pub jobs: Vec<Typed<'a, Job>>,
    pub cron_jobs: Vec<Typed<'a, CronJob>>,
    pub services: Vec<Typed<'a, Service>>,
    pub ingresses: Vec<Typed<'a, Ingress>>,
    pub ingress_classes: Vec<Typed<'a, IngressClass>>,
    pub autoscalers: Vec<Typed<'a, v2::HorizontalPodAutoscaler>>,
    pub autoscalers_v1: Vec<Typed<'a, v1::HorizontalPodAutoscaler>>,
    pub budgets: Vec<Typed<'a, PodDisruptionBudget>>,
    pub quotas: Vec<Typed<'a, ResourceQuota>>,
    pub priority_classes: Vec<Typed<'a, PriorityClass>>,
}

/// Types and checks all manifests.
pub(crate) fn read<'a>(
    documents: &'a Documents,
    strict: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Manifests<'a> {
    let mut reader =
        Reader { strict, diagnostics, left_out: BTreeMap::new(), manifests: Manifests::default() };
    for document in &documents.manifests {
        reader.add(document);
    }
    reader.report_left_out();
    let Reader { mut manifests, diagnostics, .. } = reader;
    names::check_duplicates(&documents.manifests, diagnostics);
    unmodelled::report(&documents.manifests, diagnostics);
    owners::leave_out_owned(&mut manifests, diagnostics);
    manifests
}

struct Reader<'a, 'd> {
    strict: bool,
    diagnostics: &'d mut Vec<Diagnostic>,
    left_out: BTreeMap<&'a str, Vec<&'a Document>>,
    manifests: Manifests<'a>,
}

impl<'a> Reader<'a, '_> {
    fn add(&mut self, document: &'a Document) {
        match (document.api_version.as_str(), document.kind.as_str()) {
            ("v1", "Namespace") => self.add_namespace(document),
            ("v1", "Node") => {
                let node = self.typed(document);
                self.manifests.nodes.extend(node);
            }
            ("v1", "Pod") => {
                let pod = self.typed(document);
                self.manifests.pods.extend(pod);
            }
            ("v1", "ReplicationController") => {
                let controller = self.typed(document);
                self.manifests.replication_controllers.extend(controller);
            }
            ("apps/v1", "ReplicaSet") => {
                let set = self.typed(document);
                self.manifests.replica_sets.extend(set);
            }
            ("apps/v1", "Deployment") => {
                let deployment = self.typed(document);
                self.manifests.deployments.extend(deployment);
            }
            ("apps/v1", "StatefulSet") => {
                let set = self.typed(document);
                self.manifests.stateful_sets.extend(set);
            }
            ("apps/v1", "DaemonSet") => {
                let set = self.typed(document);
                self.manifests.daemon_sets.extend(set);
            }
            ("batch/v1", "Job") => {
                let job = self.typed(document);
                self.manifests.jobs.extend(job);
            }
            ("batch/v1", "CronJob") => {
                let cron_job = self.typed(document);
                self.manifests.cron_jobs.extend(cron_job);
            }
            ("v1", "Service") => {
                let service = self.typed(document);
                self.manifests.services.extend(service);
            }
            ("networking.k8s.io/v1", "Ingress") => {
                let ingress = self.typed(document);
                self.manifests.ingresses.extend(ingress);
            }
            ("networking.k8s.io/v1", "IngressClass") => {
                let class = self.typed(document);
                self.manifests.ingress_classes.extend(class);
            }
            ("v1", "ResourceQuota") => {
                let quota = self.typed(document);
                self.manifests.quotas.extend(quota);
            }
            ("autoscaling/v2", "HorizontalPodAutoscaler") => {
                let autoscaler = self.typed(document);
                self.manifests.autoscalers.extend(autoscaler);
            }
            ("autoscaling/v1", "HorizontalPodAutoscaler") => {
                let autoscaler = self.typed(document);
                self.manifests.autoscalers_v1.extend(autoscaler);
            }
            ("policy/v1", "PodDisruptionBudget") => {
                let budget = self.typed(document);
                self.manifests.budgets.extend(budget);
            }
            ("scheduling.k8s.io/v1", "PriorityClass") => {
                let class = self.typed(document);
                self.manifests.priority_classes.extend(class);
            }
            (_, kind) => self.left_out.entry(kind).or_default().push(document),
        }
    }

    fn typed<T: for<'de> Deserialize<'de>>(&mut self, document: &'a Document) -> Option<Typed<'a, T>> {
        let complete = required::check(document, self.diagnostics);
        let named = names::check(document, self.diagnostics);
        typed::manifest(document, self.strict, self.diagnostics).filter(|_| complete && named)
    }

    fn add_namespace(&mut self, document: &'a Document) {
        let Some(Typed { object, .. }) = self.typed::<Namespace>(document) else { return };
        self.manifests.namespaces.insert(document.name.clone(), labels(object.metadata.labels.as_ref()));
    }

    fn report_left_out(&mut self) {
        let Some(first) = self.left_out.values().flatten().next() else { return };
        let kinds = self.left_out.iter().map(|(kind, documents)| format!("{kind} ({})", documents.len()));
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        let message = format!("kinds that are not modelled were left out: {kinds}");
        self.diagnostics
            .push(Diagnostic::new(&codes::KIND_LEFT_OUT, message).at(first.node.place_of("kind"), ""));
    }
}
