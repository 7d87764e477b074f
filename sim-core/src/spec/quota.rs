//! ResourceQuotas, reduced to what the pods of each template are charged.

use serde::Serialize;

use crate::ids::TemplateId;

/// A ResourceQuota.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quota {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`.
    pub namespace: String,
    /// `spec.hard`, as far as it limits pods.
    pub hard: Vec<Limit>,
    /// Templates whose pods it covers.
    pub charges: Vec<Charge>,
}

/// One of `spec.hard`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Limit {
    /// Name of the resource, such as `requests.cpu`.
    pub resource: String,
    /// How much of it the pods may take together; of CPU, in thousandths.
    pub most: u64,
    /// Whether pods that have ended count until their objects are gone, as for `count/pods`.
    pub counts_ended: bool,
}

/// What a pod takes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Charge {
    /// Whose pods.
    pub template: TemplateId,
    /// How much of each, in the order of the limits; `None` if the pod does not say it of something that is limited:
    /// then it is refused.
    pub amounts: Option<Vec<u64>>,
}
