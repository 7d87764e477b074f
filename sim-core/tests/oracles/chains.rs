//! Services that need each other: a load balancer, two replicas of an application, a database.

use sim_core::ids::ServiceId;
use sim_core::time::Span;
use sim_core::{Model, Seed, run};

use crate::case::{Case, Reason};
use crate::estimate::Estimate;
use crate::fleet::*;
use crate::machines::memoryless;
use crate::sampling;

/// A request succeeds if all three do. One dead replica of two costs nothing: a node monitor that looks every second
/// and waits for two takes it out of the endpoints. Until then it costs 2 x 2 s / 1000 h / 2 of all requests, 0.1% of
/// what is measured.
pub fn product(case: &Case) -> Result<Estimate, Reason> {
    let links = [
        (0..1, case.number("LB")?, 1),
        (1..3, case.number("app_1of2_a")?, 10),
        (3..4, case.number("db")?, 1),
    ];
    let groups = links.iter().map(|(machines, ..)| Group { machines: machines.clone(), required: 1 });
    let mut scenario = fleet(1, 4, YEAR * 10, groups);
    scenario.timing.node_monitor_grace_period = Span::secs(2);
    scenario.timing.node_monitor_period = Span::secs(1);
    scenario.timing.lease_renewal = Span::secs(1);
    for (number, service) in scenario.services.iter_mut().enumerate() {
        service.publish_not_ready = false;
        service.depends_on = (number < 2).then(|| ServiceId::from(number + 1)).into_iter().collect();
    }
    for (machines, availability, repair_hours) in links {
        let repair = Span::hours(repair_hours);
        let lifetime = Span::from_secs_f64(repair.as_secs_f64() * availability / (1.0 - availability));
        add_crashes(&mut scenario, machines, memoryless(lifetime, repair));
    }
    let model = Model::new(scenario);
    let lost = |index| {
        let outcome = run(&model, Seed { master: 1, run: index });
        let service = &outcome.services[0];
        ((service.lost_requests, service.requests), outcome.events)
    };
    Ok(sampling::ratio(1.0 - case.exact, lost).complement())
}
