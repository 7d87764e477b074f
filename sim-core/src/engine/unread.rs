//! Services to be read.

use crate::ids::ServiceId;

/// Services whose state may have changed since their last reading.
#[derive(Clone, Debug, Default)]
pub(super) struct Unread {
    pub list: Vec<ServiceId>,
    marks: Vec<bool>,
}

impl Unread {
    pub fn new(services: usize) -> Unread {
        Unread { list: Vec::with_capacity(services), marks: vec![false; services] }
    }

    pub fn mark(&mut self, service: ServiceId) {
        if !std::mem::replace(&mut self.marks[service.index()], true) {
            self.list.push(service);
        }
    }

    pub fn take(&mut self, at: usize) -> ServiceId {
        let service = self.list[at];
        self.marks[service.index()] = false;
        service
    }
}
