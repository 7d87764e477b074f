//! Pod specs to the model's pod templates, with upstream's defaults.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::PodSpec;
use sim_core::ids::ImageId;
use sim_core::spec::{
    Distribution, Image, Labels, PodTemplate, PostStart, RestartPolicy, Selector, Toleration, Work,
};
use sim_core::time::Span;

use super::usage::UsageBehaviour;
use super::{PriorityClasses, affinity, container, daemon_set, labels, resources};
use crate::diagnostic::{Code, Diagnostic, Severity, codes};
use crate::document::Document;
use crate::duration::Duration;
use crate::scenario_file::defaults;

/// A pod spec and what surrounds it.
pub(crate) struct PodSource<'a> {
    pub document: &'a Document,
    /// Path of the pod spec in the document.
    pub path: &'static str,
    pub spec: &'a PodSpec,
    pub labels: Labels,
    pub namespace: &'a str,
    /// Whether a DaemonSet makes such pods.
    pub of_daemon_set: bool,
    /// Whether a Job or CronJob makes such pods.
    pub of_job: bool,
    /// All namespaces with their labels.
    pub namespaces: &'a BTreeMap<String, Labels>,
    /// All PriorityClasses.
    pub classes: &'a PriorityClasses,
}

/// What manifests do not say of a pod.
#[derive(Clone, Debug)]
pub(crate) struct Behaviour {
    pub startup_time: Distribution,
    /// What processes do before they exit by themselves, if they do.
    pub work: Option<Work>,
    /// The same for Jobs where nothing is said.
    pub batch_work: Work,
    pub image_size: u64,
    pub capacity_rps: f64,
    pub usage: UsageBehaviour,
    pub shutdown_time: Span,
    pub serves_after_stop: Span,
    /// Length of preStop hooks that are no plain sleep.
    pub pre_stop: Span,
    /// Length of postStart hooks that are no plain sleep, and how many of all fail.
    pub post_start: PostStart,
    pub init_run_time: Distribution,
    pub init_fails: f64,
}

/// Images by name, each once.
#[derive(Debug, Default)]
pub(crate) struct Images(pub Vec<Image>);

impl Images {
    pub(super) fn id(&mut self, name: &str, size_bytes: u64) -> ImageId {
        let known = self.0.iter().position(|image| image.name == name);
        ImageId::from(known.unwrap_or_else(|| {
            self.0.push(Image { name: name.to_owned(), size_bytes });
            self.0.len() - 1
        }))
    }
}

/// Reports problems at fields of one pod spec.
pub(crate) struct PodReport<'a> {
    document: &'a Document,
    path: &'static str,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl PodReport<'_> {
    pub(super) fn error(&mut self, code: &'static Code, path: &str, message: String) {
        let place = self.document.node.place_of(&format!("{}.{path}", self.path));
        self.diagnostics.push(Diagnostic::new(code, format!("{}: {message}", self.document)).at(place, ""));
    }

    pub(super) fn choice(&mut self, path: &str, given: &str, choices: &str) {
        self.error(&codes::CHOICE, path, format!("`{given}` is not {choices}"));
    }

    /// The API server refuses a pod of a class that does not exist; here the class may just not have been exported.
    pub(super) fn unknown_class(&mut self, name: &str) {
        let place = self.document.node.place_of(&format!("{}.priorityClassName", self.path));
        let message = format!("{}: there is no PriorityClass {name}, so the priority is 0", self.document);
        let diagnostic = Diagnostic::new(&codes::NOT_FOUND, message).at(place, "");
        self.diagnostics
            .push(diagnostic.severity(Severity::Warning).help("kubectl get priorityclasses -o yaml"));
    }

    pub(super) fn selector(&mut self, path: &str, problem: &str) {
        self.error(&codes::SELECTOR, path, format!("in a selector, {problem}"));
    }

    /// A whole number of at least `least`; a smaller one is reported and raised.
    pub(super) fn at_least(&mut self, least: u32, path: &str, given: i32) -> u32 {
        let value = u32::try_from(given).ok().filter(|value| *value >= least);
        value.unwrap_or_else(|| {
            let field = path.rsplit('.').next().unwrap_or(path);
            self.error(&codes::RANGE, path, format!("{field} is {given}, but must be at least {least}"));
            least
        })
    }
}

/// Makes the template of a pod spec.
pub(crate) fn compile_template(
    source: &PodSource,
    behaviour: &Behaviour,
    images: &mut Images,
    diagnostics: &mut Vec<Diagnostic>,
) -> PodTemplate {
    let spec = source.spec;
    let report = &mut PodReport { document: source.document, path: source.path, diagnostics };
    check_container_names(spec, report);
    let requests = resources::requests(spec, report);
    let priority = source.classes.of(spec, report);
    let mut template = PodTemplate {
        namespace: source.namespace.to_owned(),
        labels: source.labels.clone(),
        containers: container::containers(spec, behaviour, images, report),
        init: container::init(spec, behaviour, images),
        usage: behaviour.usage.usage(&requests, behaviour.capacity_rps),
        requests,
        node_name: spec.node_name.clone().filter(|name| !name.is_empty()),
        node_selector: Selector::from_labels(&labels::labels(spec.node_selector.as_ref())),
        node_affinity: affinity::required_nodes(spec.affinity.as_ref(), report),
        preferred_node_affinity: affinity::preferred_nodes(spec.affinity.as_ref(), report),
        pod_affinity: affinity::between_pods(source, spec.affinity.as_ref(), report),
        spread: affinity::spread(
            source,
            spec.topology_spread_constraints.as_deref().unwrap_or_default(),
            report,
        ),
        tolerations: tolerations(source, report),
        host_ports: host_ports(spec),
        priority: priority.value,
        preempts: priority.preempts,
        termination_grace: termination_grace(spec, report),
        restart_policy: restart_policy(spec, report),
        capacity_rps: behaviour.capacity_rps,
    };
    let work = behaviour.work.clone().or_else(|| source.of_job.then(|| behaviour.batch_work.clone()));
    let sidecars = template.sidecars();
    template.containers.iter_mut().skip(sidecars).for_each(|container| container.work = work.clone());
    template
}

fn tolerations(source: &PodSource, report: &mut PodReport) -> Vec<Toleration> {
    let mut tolerations = labels::tolerations(source.spec.tolerations.as_deref().unwrap_or_default(), report);
    if source.of_daemon_set {
        daemon_set::add_tolerations(&mut tolerations, source.spec.host_network == Some(true));
    }
    labels::with_admission(tolerations)
}

fn host_ports(spec: &PodSpec) -> Vec<(u16, String)> {
    let ports = spec.containers.iter().flat_map(|container| container.ports.iter().flatten());
    let claimed = ports.filter_map(|port| {
        let on_host =
            if spec.host_network == Some(true) { Some(port.container_port) } else { port.host_port };
        let protocol = port.protocol.clone().unwrap_or_else(|| "TCP".to_owned());
        Some((u16::try_from(on_host?).ok().filter(|port| *port > 0)?, protocol))
    });
    claimed.collect()
}

fn termination_grace(spec: &PodSpec, report: &mut PodReport) -> Span {
    let Some(seconds) = spec.termination_grace_period_seconds else {
        return defaults::TERMINATION_GRACE.parse::<Duration>().0;
    };
    Span::secs(u64::try_from(seconds).unwrap_or_else(|_| {
        let message = format!("terminationGracePeriodSeconds is {seconds}, but must be at least 0");
        report.error(&codes::RANGE, "terminationGracePeriodSeconds", message);
        0
    }))
}

fn restart_policy(spec: &PodSpec, report: &mut PodReport) -> RestartPolicy {
    match spec.restart_policy.as_deref() {
        None | Some("Always") => RestartPolicy::Always,
        Some("OnFailure") => RestartPolicy::OnFailure,
        Some("Never") => RestartPolicy::Never,
        Some(other) => {
            report.choice("restartPolicy", other, "Always, OnFailure or Never");
            RestartPolicy::Always
        }
    }
}

fn check_container_names(spec: &PodSpec, report: &mut PodReport) {
    let names: Vec<&str> = spec.containers.iter().map(|container| container.name.as_str()).collect();
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            let message = format!("two containers are called `{name}`");
            report.error(&codes::DUPLICATE, &format!("containers.{index}.name"), message);
        }
    }
}
