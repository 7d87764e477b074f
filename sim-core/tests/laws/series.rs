//! Services that need each other: a load balancer, two replicas of an application, a database.

use sim_core::ids::ServiceId;
use sim_core::outcome::Outcome;
use sim_core::time::Span;

use crate::cases::case;
use crate::fleet::*;
use crate::statistics::*;
use crate::support::*;

/// A request succeeds if all three do. One dead replica of two costs nothing: a node monitor that looks every second
/// and waits for two takes it out of the endpoints. Until then it costs 2 x 2 s / 1000 h / 2 of all requests, 0.1% of
/// what is measured. Within 5% of the unavailability.
#[test]
fn a_chain_is_as_good_as_the_product_of_its_links() {
    let case = case("series_lb_app_db");
    let groups = [(0..1, 1), (1..3, 1), (3..4, 1)];
    let groups = groups.map(|(machines, required)| Group { machines, required });
    let mut scenario = fleet(1, 4, YEAR * 10, groups);
    scenario.timing.node_monitor_grace_period = Span::secs(2);
    scenario.timing.node_monitor_period = Span::secs(1);
    scenario.timing.lease_renewal = Span::secs(1);
    for (number, service) in scenario.services.iter_mut().enumerate() {
        service.publish_not_ready = false;
        service.depends_on = (number < 2).then(|| ServiceId::from(number + 1)).into_iter().collect();
    }
    for (machines, availability, repair_hours) in
        [(0..1, case.number("LB"), 1), (1..3, case.number("app_1of2_a"), 10), (3..4, case.number("db"), 1)]
    {
        let repair = Span::hours(repair_hours);
        let lifetime = repair.as_secs_f64() * availability / (1.0 - availability);
        add_crashes(&mut scenario, machines, exponential(Span::from_secs_f64(lifetime), repair));
    }
    let success = |outcome: &Outcome| 1.0 - outcome.services[0].lost_requests / outcome.services[0].requests;
    let values: Vec<f64> = outcomes(scenario, 600).iter().map(success).collect();
    case.agrees_as_availability(mean(&values), 0.05);
}
