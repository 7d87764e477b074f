//! `spec.behavior` of a HorizontalPodAutoscaler.

use k8s_openapi::api::autoscaling::v2;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use sim_core::controllers::horizontal_autoscaler::{Policy, PolicyKind, ScalingRules, Select};
use sim_core::time::Span;

use super::autoscaler::Check;
use crate::diagnostic::codes;
use crate::quantity;
use crate::scenario_file::defaults;

/// Upstream's greatest stabilization window, and greatest period of a policy, in seconds.
const MAX_WINDOW: i32 = 3600;
const MAX_PERIOD: i32 = 1800;

impl Check<'_, '_> {
    pub(super) fn rules(
        &mut self,
        given: Option<&v2::HPAScalingRules>,
        default: ScalingRules,
        at: &str,
    ) -> ScalingRules {
        let Some(given) = given else { return default };
        let path = format!("spec.behavior.{at}");
        let window = given.stabilization_window_seconds.map(|seconds| {
            self.seconds(seconds, 0..=MAX_WINDOW, &format!("{path}.stabilizationWindowSeconds"))
        });
        let policies = given.policies.iter().flatten().enumerate();
        let policies: Vec<_> =
            policies.map(|(at, given)| self.policy(given, &format!("{path}.policies.{at}"))).collect();
        let select = match given.select_policy.as_deref() {
            None | Some("Max") => Select::Max,
            Some("Min") => Select::Min,
            Some("Disabled") => Select::Disabled,
            Some(other) => {
                let message = format!("`{other}` is not Max, Min or Disabled");
                self.error(&codes::CHOICE, &format!("{path}.selectPolicy"), message);
                Select::Max
            }
        };
        ScalingRules {
            stabilization: window.unwrap_or(default.stabilization),
            select,
            policies: if policies.is_empty() { default.policies } else { policies },
        }
    }

    fn policy(&mut self, given: &v2::HPAScalingPolicy, path: &str) -> Policy {
        let kind = match given.type_.as_str() {
            "Percent" => PolicyKind::Percent,
            "Pods" => PolicyKind::Pods,
            other => {
                self.error(&codes::CHOICE, path, format!("`{other}` is not Pods or Percent"));
                PolicyKind::Pods
            }
        };
        if given.value < 1 {
            self.error(&codes::RANGE, &format!("{path}.value"), "the value must be positive".to_owned());
        }
        let period = self.seconds(given.period_seconds, 1..=MAX_PERIOD, &format!("{path}.periodSeconds"));
        Policy { kind, value: u32::try_from(given.value).unwrap_or(1), period }
    }

    fn seconds(&mut self, given: i32, allowed: std::ops::RangeInclusive<i32>, path: &str) -> Span {
        if !allowed.contains(&given) {
            let (least, most) = (allowed.start(), allowed.end());
            self.error(&codes::RANGE, path, format!("{given} is not from {least} to {most} seconds"));
        }
        Span::secs(u64::try_from(given).unwrap_or(0))
    }

    pub(super) fn tolerance(&mut self, given: Option<&v2::HPAScalingRules>, at: &str) -> f64 {
        let default = defaults::HPA_TOLERANCE.parse();
        let Some(Quantity(text)) = given.and_then(|rules| rules.tolerance.as_ref()) else { return default };
        quantity::parse_milli_units(text).map_or_else(
            |problem| {
                self.error(&codes::QUANTITY, &format!("spec.behavior.{at}.tolerance"), problem);
                default
            },
            |milli| milli as f64 / 1000.0,
        )
    }
}
