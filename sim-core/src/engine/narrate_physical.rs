//! The physical world in words: machines, kubelets, processes, and what befalls pods on their nodes.

use super::sim::Sim;
use crate::ids::{Cause, PodId};
use crate::observers::timeline::Watch;
use crate::outcome::Actor;
use crate::spec::{FaultKind, InitContainer};
use crate::world::physical::{News, PhysicalChange};

impl<W: Watch> Sim<'_, W> {
    pub(super) fn narrate_physical(&mut self, change: PhysicalChange) {
        if W::LISTENS
            && let Some((actor, text)) = self.words_for_physical(change)
        {
            self.watch.tell(self.now, actor, text);
        }
    }

    fn words_for_physical(&self, change: PhysicalChange) -> Option<(Actor, String)> {
        Some(match change {
            // What an upgrade does is told as its own deed.
            PhysicalChange::MachineDown(node) | PhysicalChange::MachineUp(node)
                if self.upgrades.awaits(node)
                    || matches!(self.physical.down_by(node), Some(Cause::Operation(_))) =>
            {
                return None;
            }
            PhysicalChange::MachineDown(node) => {
                let by = self.cause_name(self.physical.down_by(node));
                (Actor::Fault, format!("machine {} loses power ({by})", self.node_name(node)))
            }
            PhysicalChange::MachineProvided(node) => {
                (Actor::ClusterAutoscaler, format!("gets machine {}", self.node_name(node)))
            }
            PhysicalChange::MachineUp(node) => {
                (Actor::Fault, format!("machine {} has power again", self.node_name(node)))
            }
            PhysicalChange::KubeletDown(node) => {
                let by = self.cause_name(self.physical.kubelet_down_by(node).map(Cause::Fault));
                (Actor::Fault, format!("the kubelet of node {} is gone ({by})", self.node_name(node)))
            }
            PhysicalChange::KubeletUp(node) => {
                (Actor::Fault, format!("the kubelet of node {} starts again", self.node_name(node)))
            }
            PhysicalChange::Registry(false) => {
                (Actor::Fault, String::from("the image registry does not answer"))
            }
            PhysicalChange::Registry(true) => {
                (Actor::Fault, String::from("the image registry answers again"))
            }
            PhysicalChange::Exited(pod, _) => {
                let cause = self.physical.cause(pod);
                let kind = |fault| &self.model.fault(fault).kind;
                let killed = matches!(cause, Some(Cause::Fault(fault)) if matches!(kind(fault), FaultKind::OomKill(_)));
                let does = if killed { "is killed for want of memory" } else { "exits" };
                let by = self.cause_name(cause);
                (Actor::Fault, format!("a container of pod {} {does} ({by})", self.pod_name(pod)))
            }
            PhysicalChange::Hung(pod, _) => {
                let by = self.cause_name(self.physical.cause(pod));
                (Actor::Fault, format!("a container of pod {} hangs ({by})", self.pod_name(pod)))
            }
            PhysicalChange::Unhung(pod, _) => {
                (Actor::Fault, format!("a container of pod {} answers again", self.pod_name(pod)))
            }
            PhysicalChange::News(pod, news) => (Actor::Kubelet, self.words_for_news(pod, news)),
            _ => return None,
        })
    }

    fn words_for_news(&self, pod: PodId, news: News) -> String {
        let template = self.model.template(self.api.pods_slot(pod).template);
        let name = self.pod_name(pod);
        let task = |step: usize| match &template.init[step] {
            InitContainer::Task(task) => task.name.as_str(),
            InitContainer::Sidecar(container) => template.containers[*container].name.as_str(),
        };
        match news {
            News::InitStarts(step) => format!("starts init container {} of pod {name}", task(step)),
            News::InitFails(step) => format!("sees init container {} of pod {name} fail", task(step)),
            News::PullFails(image) => {
                format!(
                    "cannot pull image {} for pod {name}",
                    self.model.scenario().images[image.index()].name
                )
            }
            News::Crashes(container) => {
                format!("has container {} of pod {name} exit by itself", template.containers[container].name)
            }
            News::HookFails(container) => {
                format!(
                    "kills container {} of pod {name}: its postStart hook failed",
                    template.containers[container].name
                )
            }
        }
    }
}
