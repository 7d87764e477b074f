//! Would it have helped? The same run once more, with one thing changed for the pods of one service.
//!
//! Every draw belongs to a purpose and an entity, so under one seed the same machines and zones fail at the same
//! moments; what differs is how the cluster answers.

use sim_core::ids::ServiceId;
use sim_core::outcome::Outcome;
use sim_core::spec::{Scenario, TaintEffect, Workload, WorkloadKind};
use sim_core::{Model, Seed, run};

/// Seconds that the pods of the second remedy tolerate a node that does not answer.
const SHORT_TOLERATION: u64 = 30;

/// A change, and what the users of the service met with it in the whole run.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// What was changed; "as it is" comes first.
    pub change: String,
    /// Longest outage in seconds.
    pub longest_outage_s: f64,
    /// Requests lost in the whole run.
    pub lost_requests: f64,
}

/// Runs each change that can be made, after the run as it is.
pub fn remedies(scenario: &Scenario, service: ServiceId, seed: Seed) -> Vec<Remedy> {
    let designs = [Some(("as it is".to_owned(), scenario.clone())), another_replica(scenario, service)];
    let designs = designs.into_iter().chain([shorter_toleration(scenario, service)]).flatten();
    designs.map(|(change, design)| remedy(change, run(&Model::new(design), seed), service)).collect()
}

fn remedy(change: String, outcome: Outcome, service: ServiceId) -> Remedy {
    let met = &outcome.services[service.index()];
    let lengths = met.outages.iter().map(|outage| outage.duration().as_secs_f64());
    Remedy { change, longest_outage_s: lengths.fold(0.0, f64::max), lost_requests: met.lost_requests }
}

/// One more pod in every controller behind the service; none where there is no controller.
fn another_replica(scenario: &Scenario, service: ServiceId) -> Option<(String, Scenario)> {
    let mut changed = scenario.clone();
    for workload in behind(scenario, service) {
        let replicas = &mut changed.workloads[workload].replicas;
        let has_scale =
            !matches!(scenario.workloads[workload].kind, WorkloadKind::Pod | WorkloadKind::DaemonSet(_))
                && !scenario.workloads[workload].kind.is_batch();
        *replicas += u32::from(has_scale);
    }
    (changed != *scenario).then_some(("one more replica".into(), changed))
}

/// A shorter toleration of nodes that do not answer; none where it is as short already.
fn shorter_toleration(scenario: &Scenario, service: ServiceId) -> Option<(String, Scenario)> {
    let mut changed = scenario.clone();
    for workload in behind(scenario, service) {
        let template = scenario.workloads[workload].template;
        for toleration in &mut changed.templates[template.index()].tolerations {
            let evicts = toleration.effect.is_none_or(|effect| effect == TaintEffect::NoExecute);
            toleration.seconds = toleration.seconds.map(|s| if evicts { s.min(SHORT_TOLERATION) } else { s });
        }
    }
    (changed != *scenario).then(|| (format!("tolerationSeconds {SHORT_TOLERATION}"), changed))
}

/// Workloads whose pods the service selects.
fn behind(scenario: &Scenario, service: ServiceId) -> impl Iterator<Item = usize> {
    let service = &scenario.services[service.index()];
    let selected = move |workload: &Workload| {
        let template = &scenario.templates[workload.template.index()];
        workload.namespace == service.namespace && service.selector.matches(&template.labels)
    };
    (0..scenario.workloads.len()).filter(move |&workload| selected(&scenario.workloads[workload]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;
    use crate::{Options, load};

    fn node_failure() -> Scenario {
        let entry = catalog::find("node-failure").expect("in the catalog");
        load(&[entry.input()], &[], Options::default()).scenario(&[]).expect("valid").scenario
    }

    #[test]
    fn a_short_toleration_helps_against_a_dead_node_and_a_second_replica_beside_the_first_does_not() {
        let found = remedies(&node_failure(), ServiceId::from(0), Seed { master: 42, run: 0 });
        let changes: Vec<&str> = found.iter().map(|remedy| remedy.change.as_str()).collect();
        assert_eq!(changes, ["as it is", "one more replica", "tolerationSeconds 30"]);
        let saved = found[0].longest_outage_s - found[2].longest_outage_s;
        assert!((saved - 270.0).abs() < 15.0, "300 s less 30 s: {found:?}");
        assert_eq!(found[1].lost_requests, found[0].lost_requests, "both replicas wish for node-1");
    }

    #[test]
    fn what_is_so_already_is_no_remedy() {
        let mut scenario = node_failure();
        scenario.templates[0].tolerations.clear();
        let found = remedies(&scenario, ServiceId::from(0), Seed { master: 42, run: 0 });
        assert_eq!(found.len(), 2);
    }
}
