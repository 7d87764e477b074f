//! What requests really meet: fluid flow between events, from users through programmed tables to processes.
//!
//! It sees tables and processes, never API objects: that is the point of it.

pub mod flow;
pub mod routes;

use crate::ids::{PodId, ServiceId};
use crate::model::Model;
use crate::spec::Exposure;
use crate::time::Instant;
use crate::world::physical::Answer;

pub use flow::{Flow, Target};
pub use routes::Routes;

/// The flows of all services.
#[derive(Clone, Debug)]
pub struct Traffic {
    flows: Vec<Flow>,
    share_forwarded: f64,
}

impl Traffic {
    /// No proxy has programmed anything yet.
    pub fn new(model: &Model) -> Traffic {
        let flow = |service| Flow::new(model, ServiceId::from(service));
        Traffic { flows: (0..model.scenario().services.len()).map(flow).collect(), share_forwarded: 1.0 }
    }

    /// How many services there are.
    pub fn len(&self) -> usize {
        self.flows.len()
    }

    /// Whether there is no service.
    pub fn is_empty(&self) -> bool {
        self.flows.is_empty()
    }

    /// The flow of a service.
    pub fn flow(&self, service: ServiceId) -> &Flow {
        &self.flows[service.index()]
    }

    /// The proxies send to these pods from now on; `look` finds out about one that they did not send to before.
    pub fn program(
        &mut self,
        service: ServiceId,
        pods: impl Iterator<Item = PodId>,
        look: impl Fn(PodId) -> Target,
    ) {
        self.flows[service.index()].program(pods, look);
    }

    /// What each place sends to from now on, of the pods that the service sends to: see [`Routes::set_choices`].
    pub fn set_choices(&mut self, service: ServiceId, ends: &[u32], choices: &[u32]) {
        if let Some(routes) = self.routes(service) {
            routes.set_choices(ends, choices);
        }
    }

    /// Where the requests of a service come in, if it matters.
    pub fn routes(&mut self, service: ServiceId) -> Option<&mut Routes> {
        self.flows[service.index()].routes.as_deref_mut()
    }

    /// A pod answers differently from before. Returns whether the service sends to it.
    pub fn answers(&mut self, service: ServiceId, pod: PodId, answer: Answer) -> bool {
        self.flows[service.index()].answers(pod, answer)
    }

    /// The load balancer's share of requests that reach a node that forwards.
    pub fn set_share_forwarded(&mut self, share: f64) {
        self.share_forwarded = share;
    }

    /// Request rates as of `now`, from daily profiles and surges. Returns when one changes next.
    pub fn set_rates(&mut self, model: &Model, now: Instant) -> Instant {
        let mut next = Instant::NEVER;
        for (id, flow) in self.flows.iter_mut().enumerate() {
            let (rate, changes) = model.service(ServiceId::from(id)).traffic.at(now);
            flow.rate = rate;
            next = next.min(changes);
        }
        next
    }

    /// Works out what share of a service's own requests succeeds now, its dependencies left aside.
    pub fn settle(&mut self, model: &Model, service: ServiceId) {
        let forwarded = self.forwarded(model, service);
        self.flows[service.index()].settle(forwarded);
    }

    /// Requests per second that a service sends to a pod.
    pub fn load(&self, model: &Model, service: ServiceId, pod: PodId) -> f64 {
        let flow = self.flow(service);
        let Some(at) = flow.targets().iter().position(|target| target.pod == pod) else { return 0.0 };
        match &flow.routes {
            Some(routes) => flow.rate * routes.share_of(at),
            None => flow.rate * self.forwarded(model, service) / f64::from(flow.programmed()),
        }
    }

    fn forwarded(&self, model: &Model, service: ServiceId) -> f64 {
        match model.service(service).exposure {
            Exposure::Cluster => 1.0,
            Exposure::LoadBalancer => self.share_forwarded,
        }
    }

    /// Share of requests that succeed although every service needed must answer too: hard dependencies fail
    /// independently at an instant, so shares multiply.
    pub fn success(&self, model: &Model, service: ServiceId) -> f64 {
        let needed = model.needs(service).iter().map(|needed| self.flow(*needed).own_success());
        needed.fold(self.flow(service).own_success(), |product, share| product * share)
    }
}
