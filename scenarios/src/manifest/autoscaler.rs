//! HorizontalPodAutoscaler manifests, `autoscaling/v2` and `v1`.

use k8s_openapi::api::autoscaling::{v1, v2};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use sim_core::controllers::horizontal_autoscaler::{Behavior, Bounds, ScalingRules, Tolerances};
use sim_core::spec::{MetricTarget, Resource};

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::document::Document;
use crate::quantity;
use crate::scenario_file::defaults;
use crate::typed::Typed;

/// What an autoscaler's manifest says, with upstream's defaults.
pub(crate) struct AutoscalerManifest<'a> {
    pub document: &'a Document,
    /// Kind and name of the target.
    pub target: (&'a str, &'a str),
    pub bounds: Bounds,
    pub metrics: Vec<MetricManifest<'a>>,
    pub behavior: Option<Behavior>,
    pub tolerances: Tolerances,
}

/// One metric.
pub(crate) struct MetricManifest<'a> {
    pub source: MetricSourceManifest<'a>,
    pub target: MetricTarget,
    /// Where it stands in the document.
    pub path: String,
}

/// Where samples come from, by name.
#[derive(Clone, Copy)]
pub(crate) enum MetricSourceManifest<'a> {
    /// A resource, of one container or of all.
    Resource(Resource, Option<&'a str>),
    /// A metric of each pod.
    Pods(&'a str),
    /// A metric of an object of this kind and name.
    Object(&'a str, &'a str, &'a str),
    /// A metric of something outside.
    External(&'a str),
}

/// Reads `autoscaling/v2`.
pub(crate) fn compile_autoscaler<'a>(
    typed: &'a Typed<'a, v2::HorizontalPodAutoscaler>,
    diagnostics: &mut Vec<Diagnostic>,
) -> AutoscalerManifest<'a> {
    let spec = &typed.object.spec;
    let mut check = Check { document: typed.document, diagnostics };
    let rules = spec.behavior.as_ref();
    let (up, down) = (rules.and_then(|r| r.scale_up.as_ref()), rules.and_then(|r| r.scale_down.as_ref()));
    let given = spec.metrics.iter().flatten().enumerate();
    let mut metrics: Vec<_> =
        given.filter_map(|(index, metric)| check.metric(metric, format!("spec.metrics.{index}"))).collect();
    if spec.metrics.as_ref().is_none_or(Vec::is_empty) {
        metrics.push(default_metric(None));
    }
    AutoscalerManifest {
        document: typed.document,
        target: (&spec.scale_target_ref.kind, &spec.scale_target_ref.name),
        bounds: check.bounds(spec.min_replicas, spec.max_replicas),
        metrics,
        behavior: rules.map(|_| Behavior {
            up: check.rules(up, ScalingRules::up(), "scaleUp"),
            down: check.rules(down, ScalingRules::down(), "scaleDown"),
        }),
        tolerances: Tolerances {
            up: check.tolerance(up, "scaleUp"),
            down: check.tolerance(down, "scaleDown"),
        },
    }
}

/// Reads `autoscaling/v1`, which knows CPU only.
pub(crate) fn compile_autoscaler_v1<'a>(
    typed: &'a Typed<'a, v1::HorizontalPodAutoscaler>,
    diagnostics: &mut Vec<Diagnostic>,
) -> AutoscalerManifest<'a> {
    let spec = &typed.object.spec;
    let mut check = Check { document: typed.document, diagnostics };
    AutoscalerManifest {
        document: typed.document,
        target: (&spec.scale_target_ref.kind, &spec.scale_target_ref.name),
        bounds: check.bounds(spec.min_replicas, spec.max_replicas),
        metrics: vec![default_metric(spec.target_cpu_utilization_percentage)],
        behavior: None,
        tolerances: Tolerances::default(),
    }
}

fn default_metric<'a>(percent: Option<i32>) -> MetricManifest<'a> {
    let percent = percent.and_then(|percent| u32::try_from(percent).ok());
    MetricManifest {
        source: MetricSourceManifest::Resource(Resource::Cpu, None),
        target: MetricTarget::Utilization(percent.unwrap_or_else(|| defaults::CPU_UTILIZATION.parse())),
        path: String::from("spec"),
    }
}

/// Collects the problems of one autoscaler.
pub(super) struct Check<'a, 'd> {
    pub document: &'a Document,
    pub diagnostics: &'d mut Vec<Diagnostic>,
}

impl Check<'_, '_> {
    pub(super) fn error(&mut self, code: &'static Code, path: &str, message: String) {
        let message = format!("{}: {message}", self.document);
        self.diagnostics.push(Diagnostic::new(code, message).at(self.document.node.place_of(path), ""));
    }

    /// Below 1 only with the feature gate HPAScaleToZero, which is off in every version.
    fn bounds(&mut self, min: Option<i32>, max: i32) -> Bounds {
        let min = min.unwrap_or_else(|| defaults::MIN_REPLICAS.parse());
        if min < 1 {
            self.error(
                &codes::RANGE,
                "spec.minReplicas",
                format!("minReplicas is {min}, but must be at least 1"),
            );
        } else if max < min {
            let message = format!("maxReplicas is {max}, but must not be below minReplicas, {min}");
            self.error(&codes::RANGE, "spec.maxReplicas", message);
        }
        let min = u32::try_from(min).unwrap_or(1).max(1);
        Bounds { min, max: u32::try_from(max).unwrap_or(min).max(min) }
    }

    fn metric<'m>(&mut self, given: &'m v2::MetricSpec, path: String) -> Option<MetricManifest<'m>> {
        use MetricSourceManifest::{External, Object, Pods, Resource};
        let (source, target) = match given.type_.as_str() {
            "Resource" => given.resource.as_ref().and_then(|resource| {
                Some((Resource(self.resource(&resource.name, &path)?, None), &resource.target))
            }),
            "ContainerResource" => given.container_resource.as_ref().and_then(|resource| {
                let container = Some(resource.container.as_str());
                Some((Resource(self.resource(&resource.name, &path)?, container), &resource.target))
            }),
            "Pods" => given.pods.as_ref().map(|pods| (Pods(&pods.metric.name), &pods.target)),
            "Object" => given.object.as_ref().map(|object| {
                let described = &object.described_object;
                (Object(&described.kind, &described.name, &object.metric.name), &object.target)
            }),
            "External" => {
                given.external.as_ref().map(|external| (External(&external.metric.name), &external.target))
            }
            other => {
                let choices = "Resource, ContainerResource, Pods, Object or External";
                self.error(&codes::CHOICE, &format!("{path}.type"), format!("`{other}` is not {choices}"));
                return None;
            }
        }
        .or_else(|| {
            let message = format!("a metric of type {} needs what belongs to it", given.type_);
            self.error(&codes::MISSING_FIELD, &path, message);
            None
        })?;
        Some(MetricManifest { source, target: self.target(source, target, &path)?, path })
    }

    fn resource(&mut self, name: &str, path: &str) -> Option<Resource> {
        match name {
            "cpu" => Some(Resource::Cpu),
            "memory" => Some(Resource::Memory),
            other => {
                self.error(&codes::CHOICE, path, format!("`{other}` is not measured: cpu and memory are"));
                None
            }
        }
    }

    /// Which targets upstream allows for which type (`validateMetricSpec`, `pkg/apis/autoscaling/validation`).
    fn target(
        &mut self,
        source: MetricSourceManifest,
        given: &v2::MetricTarget,
        path: &str,
    ) -> Option<MetricTarget> {
        use MetricSourceManifest::{External, Object, Pods, Resource};
        let path = format!("{path}.{}.target", field_of(source));
        let percent = given.average_utilization.and_then(|p| u32::try_from(p).ok()).filter(|p| *p > 0);
        let average = given.average_value.as_ref();
        match (source, percent, average, given.value.as_ref()) {
            (Resource(..), Some(percent), None, _) => Some(MetricTarget::Utilization(percent)),
            (Resource(..) | Pods(_), None, Some(average), _)
            | (Object(..) | External(_), _, Some(average), None) => {
                self.amount(average, &path).map(MetricTarget::AverageValue)
            }
            (Object(..) | External(_), _, None, Some(value)) => {
                self.amount(value, &path).map(MetricTarget::Value)
            }
            _ => {
                let choices = match source {
                    Resource(..) => "either averageUtilization or averageValue",
                    Pods(_) => "averageValue",
                    Object(..) | External(_) => "either value or averageValue",
                };
                self.error(&codes::MISSING_FIELD, &path, format!("the target needs {choices}, above 0"));
                None
            }
        }
    }

    fn amount(&mut self, Quantity(text): &Quantity, path: &str) -> Option<u64> {
        match quantity::parse_milli_units(text) {
            Ok(0) => {
                self.error(&codes::RANGE, path, "the target must be positive".to_owned());
                None
            }
            Ok(amount) => Some(amount),
            Err(problem) => {
                self.error(&codes::QUANTITY, path, problem);
                None
            }
        }
    }
}

fn field_of(source: MetricSourceManifest) -> &'static str {
    match source {
        MetricSourceManifest::Resource(_, None) => "resource",
        MetricSourceManifest::Resource(_, Some(_)) => "containerResource",
        MetricSourceManifest::Pods(_) => "pods",
        MetricSourceManifest::Object(..) => "object",
        MetricSourceManifest::External(_) => "external",
    }
}
