//! Writes about pods: from creation to the object's removal. Sets count their pods as these come, change and go.

use super::Write;
use crate::ids::{NodeId, PodId, SetId, TemplateId, WorkloadId};
use crate::time::{Instant, Span};
use crate::world::api::{Api, Change, Deletion, Owner, Pod, PodPhase, ReadyBy};

impl Api {
    /// Gives the slot of a removed pod back, once nothing refers to it any more.
    pub fn recycle(&mut self, pod: PodId) {
        let slot = &self.pods[pod.index()];
        debug_assert!(slot.id == pod && !slot.exists, "only the slot of a removed pod is given back");
        self.free_pods.push(pod.slot);
    }

    pub(super) fn create_pod(&mut self, set: SetId, uid: u64, write: &mut Write) {
        let owner = &self.sets[set.index()];
        let (workload, template, revision) = (owner.workload, owner.template, owner.revision);
        if !self.admits(workload, Owner::Set(set), write) {
            return;
        }
        let pod = self.new_pod(workload, Owner::Set(set), template, revision, uid, write);
        let owner = &mut self.sets[set.index()];
        owner.pods.push(pod);
        owner.active += 1;
        write.tell(Change::PodCreated(pod));
    }

    pub(super) fn create_bare_pod(&mut self, workload: WorkloadId, uid: u64, write: &mut Write) {
        self.enroll(workload, Owner::Nobody, 0, uid, write);
    }

    /// A workload that controls pods itself gets one for a place.
    pub(super) fn create_own_pod(
        &mut self,
        workload: WorkloadId,
        place: u32,
        revision: u32,
        uid: u64,
        write: &mut Write,
    ) {
        self.enroll(workload, Owner::Workload(place), revision, uid, write);
    }

    pub(super) fn bind(&mut self, pod: PodId, node: NodeId, write: &mut Write) {
        if self.pod(pod).is_none_or(|pod| pod.deletion.is_some()) {
            return;
        }
        let started = write.now + write.model.scenario().timing.watch;
        let object = &mut self.pods[pod.index()];
        (object.node, object.started) = (Some(node), Some(started));
        self.nodes[node.index()].pods.push(pod);
        self.settle_claim(pod, node);
        self.mark_stale(write.model, pod);
        write.tell(Change::PodBound(pod, node));
    }

    pub(super) fn delete(&mut self, id: PodId, grace: Option<Span>, why: Deletion, write: &mut Write) {
        let Some(pod) = self.pod(id) else { return };
        let grace = grace.unwrap_or(write.model.template(pod.template).termination_grace);
        let deadline = write.now + grace;
        let first = pod.deletion.is_none();
        if first {
            self.uncount(id);
        }
        let pod = &mut self.pods[id.index()];
        pod.deleted_for.get_or_insert(why);
        // A later deletion can only shorten the grace period.
        pod.deletion = Some(pod.deletion.map_or(deadline, |earlier| earlier.min(deadline)));
        let unconfirmed = pod.node.is_none() || pod.is_terminal() || grace == Span::ZERO;
        if first {
            self.mark_stale(write.model, id);
            write.tell(Change::PodDeleting(id, why));
        }
        if unconfirmed {
            self.remove(id, write);
        }
    }

    pub(super) fn remove(&mut self, id: PodId, write: &mut Write) {
        let Some(pod) = self.pod(id) else { return };
        let (owner, node, workload) = (pod.owner, pod.node, pod.workload);
        self.uncount(id);
        let siblings = match owner {
            Owner::Set(set) => &mut self.sets[set.index()].pods,
            Owner::Workload(_) | Owner::Job { .. } | Owner::Nobody => {
                &mut self.rosters[workload.index()].pods
            }
        };
        siblings.retain(|other| *other != id);
        if let Some(node) = node {
            self.nodes[node.index()].pods.retain(|other| *other != id);
        }
        self.pods[id.index()].exists = false;
        self.leave_claim(id);
        self.leave_job(id, write);
        self.discharge_gone(id, write.model);
        self.mark_stale(write.model, id);
        write.tell(Change::PodRemoved(id));
    }

    pub(super) fn set_pod_ready(&mut self, id: PodId, ready: bool, by: ReadyBy, write: &mut Write) {
        if self.pod(id).is_none_or(|pod| pod.ready == ready) {
            return;
        }
        let pod = &mut self.pods[id.index()];
        (pod.ready, pod.ready_since) = (ready, write.now);
        if pod.is_active() {
            let (_, count) = self.counters(id);
            *count = if ready { *count + 1 } else { *count - 1 };
        }
        self.mark_stale(write.model, id);
        write.tell(Change::PodReady(id, ready, by));
    }

    pub(super) fn set_pod_phase(&mut self, id: PodId, phase: PodPhase, finished: Instant, write: &mut Write) {
        // A pod that has ended stays so (`UpdatePodStatus`, pkg/kubelet/status).
        if self.pod(id).is_none_or(|pod| pod.phase == phase || pod.is_terminal()) {
            return;
        }
        if matches!(phase, PodPhase::Succeeded | PodPhase::Failed) {
            self.uncount(id);
            self.discharge_ended(id, write.model);
            self.pods[id.index()].finished = Some(finished);
        }
        self.pods[id.index()].phase = phase;
        self.mark_stale(write.model, id);
        write.tell(Change::PodPhase(id, phase));
    }

    pub(super) fn mark_unschedulable(&mut self, pod: PodId, write: &mut Write) {
        if self.pod(pod).is_some_and(|pod| pod.node.is_none() && !pod.unschedulable) {
            self.pods[pod.index()].unschedulable = true;
            write.tell(Change::PodUnschedulable(pod));
        }
    }

    pub(super) fn count_restart(&mut self, pod: PodId, write: &mut Write) {
        if self.pod(pod).is_some() {
            self.pods[pod.index()].restarts += 1;
            write.tell(Change::PodRestarted(pod));
        }
    }

    /// A pod that belongs to its workload with no set between.
    pub(super) fn enroll(
        &mut self,
        workload: WorkloadId,
        owner: Owner,
        revision: u32,
        uid: u64,
        write: &mut Write,
    ) {
        if !self.admits(workload, owner, write) {
            return;
        }
        let template = write.model.workload(workload).template;
        let pod = self.new_pod(workload, owner, template, revision, uid, write);
        self.enter_claim(pod, write);
        let roster = &mut self.rosters[workload.index()];
        roster.pods.push(pod);
        roster.active += 1;
        write.tell(Change::PodCreated(pod));
    }

    /// A new object, in a slot that is free.
    fn new_pod(
        &mut self,
        workload: WorkloadId,
        owner: Owner,
        template: TemplateId,
        revision: u32,
        uid: u64,
        write: &Write,
    ) -> PodId {
        let id = match self.free_pods.pop() {
            Some(slot) => PodId { slot, generation: self.pods[slot as usize].id.generation + 1 },
            None => PodId { slot: self.pods.len() as u32, generation: 0 },
        };
        let ordinal = self.pods_created[workload.index()];
        self.pods_created[workload.index()] += 1;
        let pod = Pod {
            id,
            exists: true,
            workload,
            owner,
            claim: None,
            template,
            revision,
            defect: match owner {
                Owner::Set(set) => self.sets[set.index()].defect,
                Owner::Nobody | Owner::Job { .. } | Owner::Workload(_) => None,
            },
            ordinal,
            uid,
            created: write.now,
            node: None,
            nominated: None,
            started: None,
            unschedulable: false,
            phase: PodPhase::Pending,
            ready: false,
            ready_since: write.now,
            restarts: 0,
            finished: None,
            counted: false,
            deletion: None,
            deleted_for: None,
        };
        match self.pods.get_mut(id.index()) {
            Some(slot) => *slot = pod,
            None => self.pods.push(pod),
        }
        id
    }

    /// Takes a pod out of its owner's counters, if it still counts.
    fn uncount(&mut self, id: PodId) {
        let pod = &self.pods[id.index()];
        if pod.is_active() {
            let was_ready = u32::from(pod.ready);
            let (active, ready) = self.counters(id);
            *active -= 1;
            *ready -= was_ready;
        }
    }

    /// Where a pod is counted: as active, and as ready.
    fn counters(&mut self, id: PodId) -> (&mut u32, &mut u32) {
        let pod = &self.pods[id.index()];
        match pod.owner {
            Owner::Set(set) => {
                let set = &mut self.sets[set.index()];
                (&mut set.active, &mut set.ready)
            }
            Owner::Workload(_) | Owner::Job { .. } | Owner::Nobody => {
                let roster = &mut self.rosters[pod.workload.index()];
                (&mut roster.active, &mut roster.ready)
            }
        }
    }
}
