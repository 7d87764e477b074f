//! Storage classes in a scenario file.

use schemars::JsonSchema;
use serde::Deserialize;

/// A storage class that claims name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StorageClassFile {
    /// `storageClassName`; empty for claims that name none, or a class that is not in this list.
    #[serde(default)]
    pub name: String,
    /// Where its volumes can be used.
    pub reach: ReachFile,
}

/// Where a volume can be used.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum ReachFile {
    /// On the node of its first pod only: a local disk.
    Node,
    /// In the zone of its first pod: a block volume of a cloud.
    Zone,
    /// Everywhere: a regional or replicated volume.
    Region,
}
