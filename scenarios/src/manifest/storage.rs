//! Storage classes: how far a volume can follow its pod.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use sim_core::spec::VolumeReach;

/// Classes by name, and what holds for any other.
#[derive(Clone, Debug)]
pub(crate) struct Storage {
    pub classes: BTreeMap<String, VolumeReach>,
    pub default: VolumeReach,
}

impl Storage {
    /// Where a pod with such claims can be: its volumes all have to be there. Claims that many nodes share follow it
    /// anywhere at once.
    pub fn reach<'a>(&self, claims: impl Iterator<Item = &'a PersistentVolumeClaim>) -> Option<VolumeReach> {
        claims.filter(|claim| !is_shared(claim)).map(|claim| self.reach_of(claim)).min()
    }

    fn reach_of(&self, claim: &PersistentVolumeClaim) -> VolumeReach {
        let class = claim.spec.as_ref().and_then(|spec| spec.storage_class_name.as_ref());
        class.and_then(|class| self.classes.get(class)).copied().unwrap_or(self.default)
    }
}

fn is_shared(claim: &PersistentVolumeClaim) -> bool {
    let modes = claim.spec.as_ref().and_then(|spec| spec.access_modes.as_ref());
    modes.is_some_and(|modes| !modes.is_empty() && modes.iter().all(|mode| mode.ends_with("Many")))
}
