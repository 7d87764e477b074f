//! Pulls that may fail: only where the scenario can make one fail does a kubelet look at the registry.
//!
//! Upstream: `EnsureImageExists` in pkg/kubelet/images/image_manager.go. A failed pull (ErrImagePull) makes the pod wait
//! 10 s for its next try of that image (ImagePullBackOff), then twice as long, up to 300 s. A container that restarts
//! with `imagePullPolicy: Always` asks the registry although its node has the image.

use super::{Desk, Kubelets};
use crate::controllers::backoff::Backoff;
use crate::ids::{ImageId, PodId};
use crate::spec::Defect;
use crate::time::Instant;
use crate::world::physical::{News, PhysicalChange};

/// An image that a container needs now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub image: ImageId,
    pub always_pull: bool,
    /// Whether it is one of the images that the pod's template changed.
    pub is_app: bool,
}

impl Kubelets {
    /// When the pod has the image: `Err` is when to try again, because it could not be had.
    pub(super) fn pull(&mut self, pod: PodId, wanted: Wanted, desk: &mut Desk) -> Result<Instant, Instant> {
        let (node, defect) = (self.workers[pod.index()].node, self.workers[pod.index()].defect);
        let is_missing = wanted.is_app && defect == Some(Defect::Image);
        let asks = is_missing || self.images.needs_registry(node, wanted.image, wanted.always_pull);
        if asks && (is_missing || !desk.physical.registry_answers()) {
            desk.changes.push(PhysicalChange::News(pod, News::PullFails(wanted.image)));
            return Err(self.back_off(pod, wanted.image, desk));
        }
        Ok(self.images.ready_at(desk.model, node, wanted.image, wanted.always_pull, desk.now))
    }

    fn back_off(&mut self, pod: PodId, image: ImageId, desk: &Desk) -> Instant {
        let timing = &desk.model.scenario().timing;
        let backoff = Backoff::new(timing.image_backoff_initial, timing.image_backoff_max);
        let pulls = &mut self.workers[pod.index()].failed_pulls;
        let known = pulls.iter().position(|(other, _)| *other == image);
        let entry = backoff.next(known.map(|at| pulls[at].1), desk.now, desk.now);
        match known {
            Some(at) => pulls[at].1 = entry,
            None => pulls.push((image, entry)),
        }
        desk.now + entry.delay
    }
}
