//! A control plane of members that fail and are repaired on their own is a system of so many of so many.

use sim_core::ids::MemberId;
use sim_core::outcome::{ControlPlaneOutcome, Outcome};
use sim_core::spec::*;
use sim_core::time::{Instant, Span};

use crate::cases::{Case, case};
use crate::fleet::*;
use crate::statistics::*;
use crate::support::*;

/// A control plane that starts, votes and takes over at once, and a fault of its machines, or of its members of etcd.
fn failing(case: &Case, roles: &[Role], kind: fn(Vec<MemberId>) -> FaultKind) -> Scenario {
    let a = case.number("a");
    let mut scenario = cluster(1, 1);
    scenario.warm_up = START;
    scenario.horizon = START + YEAR * 40;
    quiet(&mut scenario);
    let member = |(id, role): (usize, &Role)| Member {
        name: format!("m{id}"),
        zone: 0.into(),
        rack: None,
        role: *role,
    };
    let members = roles.iter().enumerate().map(member).collect();
    scenario.control_plane = Some(ControlPlane {
        etcd_election_timeout: Span::ZERO,
        member_start: Span::ZERO,
        ..ControlPlane::of(members)
    });
    let repair = Span::hours(10);
    let fails = (0..roles.len()).filter(|id| roles[*id].has_etcd()).map(MemberId::from).collect();
    scenario.faults.push(Fault {
        name: String::from("crash"),
        kind: kind(fails),
        timing: exponential(Span::from_secs_f64(repair.as_secs_f64() * a / (1.0 - a)), repair),
    });
    scenario
}

fn share(outcomes: &[Outcome], time: fn(&ControlPlaneOutcome) -> Span) -> Estimate {
    let share = |outcome: &Outcome| {
        let plane = outcome.cluster.control_plane.expect("it may fail");
        time(&plane).as_hours_f64() / outcome.measured.as_hours_f64()
    };
    mean(&outcomes.iter().map(share).collect::<Vec<_>>())
}

/// Two of three: with a quorum, some of the stacked API servers has a member to ask. Within 4% of the unavailability.
#[test]
fn a_stacked_control_plane_is_available_while_it_has_a_quorum() {
    let case = case("kofn_2of3_a0.99");
    let outcomes = outcomes(failing(&case, &[Role::Stacked; 3], FaultKind::ControlPlaneCrash), 500);
    case.agrees_as_availability(share(&outcomes, |plane| plane.api_available), 0.04);
    case.agrees_as_availability(share(&outcomes, |plane| plane.etcd_quorum), 0.04);
}

/// Three of five members of etcd beside an API server that never fails: within 15% of the unavailability.
#[test]
fn etcd_of_five_bears_the_loss_of_two() {
    let case = case("kofn_3of5_a0.99");
    let roles = [Role::ApiServer, Role::Etcd, Role::Etcd, Role::Etcd, Role::Etcd, Role::Etcd];
    let outcomes = outcomes(failing(&case, &roles, FaultKind::EtcdMemberCrash), 800);
    case.agrees_as_availability(share(&outcomes, |plane| plane.api_available), 0.15);
}

/// From the exit of a leader 15 s since its last renewal, of the last two seconds, and the rest of a candidate's wait
/// of 2 to 4.4 s; then 2 s to list everything. The bounds are client-go's.
#[test]
fn another_leader_acts_in_fifteen_to_twenty_two_seconds() {
    let mut scenario = cluster(3, 3);
    scenario.control_plane = Some(crate::support::random::control_plane(&scenario));
    scenario.faults.push(Fault {
        name: String::from("exit"),
        kind: FaultKind::LeaderCrash(Component::ControllerManager),
        timing: FaultTiming::Scheduled { at: vec![Instant::ZERO + Span::mins(30)], duration: Span::ZERO },
    });
    let away = |outcome: &Outcome| {
        let plane = outcome.cluster.control_plane.expect("it may fail");
        assert_eq!((plane.failovers, plane.api_outages), (1, 0));
        outcome.measured.saturating_sub(plane.controller_manager_active).as_secs_f64()
    };
    let away: Vec<f64> = outcomes(scenario, 500).iter().map(away).collect();
    let (least, most) = away.iter().fold((f64::MAX, 0.0_f64), |(low, high), a| (low.min(*a), high.max(*a)));
    assert!((15.0..15.2).contains(&least) && most > 18.5 && most <= 21.4, "{least} to {most}");
}
