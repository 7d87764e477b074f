//! Preemption wired up: a pod that fits nowhere asks for the room of others.

use super::sim::Sim;
use crate::controllers::scheduler::preemption::Resident;
use crate::controllers::scheduler::{Candidate, Confines, Occupant};
use crate::ids::{NodeId, PodId};
use crate::observers::timeline::Watch;
use crate::rng::{EntityKey, Purpose};
use crate::world::api::{Api, Deletion, Pod, Request};

impl<W: Watch> Sim<'_, W> {
    /// PostFilter: victims are deleted, and the pod is nominated for their node. If no node helps, an earlier
    /// nomination is void.
    pub(super) fn preempt(&mut self, candidate: &Candidate, key: EntityKey) {
        if !self.model.may_preempt(candidate.template) || self.waits_for_victims(candidate) {
            return;
        }
        let (model, api) = (self.model, &self.api);
        let occupants = |node: NodeId| {
            let pods = api.node(node).pods.iter().map(|pod| api.expect_pod(*pod));
            pods.filter(|pod| !pod.is_terminal()).map(|pod| occupant(pod, model, api)).collect()
        };
        let allowed: Vec<u32> = api.budgets().iter().map(|b| b.status.disruptions_allowed).collect();
        let mut luck = self.luck.draw(Purpose::PreemptionOffset, key, self.now.0 & 0xff_ffff);
        let found = self.scheduler.preempt(candidate, &allowed, |nodes| luck.below(nodes), occupants);
        let Some(preemption) = found else {
            return self.requests.push(Request::Nominate(candidate.pod, None));
        };
        let why = Deletion::Preemption(candidate.pod);
        let delete = |pod: &PodId| Request::Delete { pod: *pod, grace: None, why };
        self.requests.extend(preemption.victims.iter().map(delete));
        let weaker = preemption.weaker_nominees.iter().map(|pod| Request::Nominate(*pod, None));
        self.requests.extend(weaker);
        self.requests.push(Request::Nominate(candidate.pod, Some(preemption.node)));
    }

    /// `PodEligibleToPreemptOthers`: not while victims on the nominated node still terminate, unless no victim could
    /// make that node fit any more.
    fn waits_for_victims(&mut self, candidate: &Candidate) -> bool {
        let Some(node) = candidate.nominated else { return false };
        let reason = self.scheduler.rejection(candidate.template, candidate.revision, node);
        if reason.is_some_and(|reason| !reason.is_resolvable()) {
            return false;
        }
        let priority = self.model.template(candidate.template).priority;
        self.api.node(node).pods.iter().map(|pod| self.api.expect_pod(*pod)).any(|pod| {
            matches!(pod.deleted_for, Some(Deletion::Preemption(_)))
                && self.model.template(pod.template).priority < priority
        })
    }

    pub(super) fn pod_nominated(&mut self, pod: PodId) {
        let object = self.api.expect_pod(pod);
        let (template, revision) = (object.template, object.revision);
        let confines = Confines::of(object, self.model, &self.api);
        let nominee = object
            .nominated
            .map(|node| (Candidate { pod, template, revision, confines, nominated: None }, node));
        self.scheduler.nominate(pod, nominee);
    }
}

fn occupant(pod: &Pod, model: &crate::Model, api: &Api) -> Occupant {
    let unapproved = |id: &&crate::ids::BudgetId| {
        !api.budget(**id).disrupted.iter().any(|(disrupted, _)| *disrupted == pod.id)
    };
    let budgets = model.budgets_of(pod.template).iter().filter(unapproved).map(|id| id.index()).collect();
    let priority = model.template(pod.template).priority;
    let started = pod.started.unwrap_or(pod.created);
    Occupant {
        pod: pod.id,
        template: pod.template,
        revision: pod.revision,
        terminating: pod.deletion.is_some(),
        resident: Resident { priority, started, budgets },
    }
}
