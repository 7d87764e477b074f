//! Every scenario of the catalog compiles, runs, means what it says, and comes out as its opening comment says.

use std::sync::atomic::AtomicBool;

use scenarios::catalog::{self, CatalogEntry};
use scenarios::diagnostic::{Severity, human};
use scenarios::experiment::{Wanted, experiment};
use scenarios::summary::SweepResult;
use scenarios::sweep::Execution;
use scenarios::{Compiled, Loaded, Options, load};
use sim_core::spec::{Exposure, FaultKind, Measure};

fn loaded(entry: &CatalogEntry, sets: &[&str]) -> Loaded {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    load(&[entry.input()], &sets, Options::default())
}

fn compiled(loaded: &Loaded) -> Compiled {
    loaded.scenario(&[]).unwrap_or_else(|problems| panic!("{}", human(&problems, false)))
}

#[test]
fn every_entry_compiles_without_a_warning() {
    for entry in catalog::ALL {
        let compiled = compiled(&loaded(entry, &[]));
        let worst = compiled.notes.iter().map(|note| note.severity).min();
        assert!(
            worst.is_none_or(|worst| worst == Severity::Note),
            "{}: {}",
            entry.name,
            human(&compiled.notes, false)
        );
    }
}

#[test]
fn every_entry_opens_with_its_question() {
    for entry in catalog::ALL {
        assert!(entry.about().contains('?'), "{}: {}", entry.name, entry.about());
    }
}

#[test]
fn every_file_of_the_catalog_is_in_the_list() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/catalog");
    let names =
        std::fs::read_dir(directory).unwrap().filter_map(|file| file.unwrap().file_name().into_string().ok());
    for name in names.filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned)) {
        assert!(catalog::find(&name).is_some(), "{name}");
    }
}

#[test]
fn web_is_a_deployment_behind_a_load_balancer_in_three_zones() {
    let web = loaded(&catalog::ALL[0], &[]);
    let scenario = compiled(&web).scenario;
    assert_eq!((scenario.cluster.zones.len(), scenario.cluster.nodes.len()), (3, 6));
    assert_eq!(scenario.services.len(), 1);
    let service = &scenario.services[0];
    assert_eq!(service.exposure, Exposure::LoadBalancer);
    assert_eq!((service.objectives[0].measure, service.objectives[0].target), (Measure::Request, 0.9999));
    let kinds: Vec<_> = scenario.faults.iter().map(|fault| std::mem::discriminant(&fault.kind)).collect();
    assert_eq!(kinds.len(), 4);
    assert!(matches!(scenario.faults[0].kind, FaultKind::MachineCrash(ref nodes) if nodes.len() == 6));
    let sweep = web.sweep().unwrap();
    assert_eq!(
        sweep.repetitions * sweep.factors.iter().map(|factor| factor.levels.len() as u64).product::<u64>(),
        2000
    );
}

#[test]
fn the_factors_of_web_are_replicas_and_zones() {
    let web = loaded(&catalog::ALL[0], &[]);
    let sweep = web.sweep().unwrap();
    for replicas in &sweep.factors[0].levels {
        for zones in &sweep.factors[1].levels {
            let overrides = [
                (sweep.factors[0].path.clone(), replicas.value.clone()),
                (sweep.factors[1].path.clone(), zones.value.clone()),
            ];
            let scenario = web
                .scenario(&overrides)
                .unwrap_or_else(|problems| panic!("{}", human(&problems, false)))
                .scenario;
            assert_eq!(scenario.workloads[0].replicas.to_string(), replicas.label);
            assert_eq!(scenario.templates[0].node_selector.0.is_empty(), zones.label == "three");
        }
    }
}

#[test]
fn set_reaches_manifests_scenario_and_defaults() {
    let deployment = catalog::find("deployment").unwrap();
    let sets =
        ["Deployment/my-app-deployment.spec.replicas=5", "scenario.spec.faults.node-crash.timeToRepair=1h"];
    let scenario = compiled(&loaded(deployment, &sets)).scenario;
    assert_eq!(scenario.workloads[0].replicas, 5);
    let repair = format!("{:?}", scenario.faults[0].timing);
    assert!(repair.contains("time_to_repair: Deterministic(Span(3600000000000))"), "{repair}");
}

#[test]
fn the_settings_of_a_labelled_level_repeat_its_design_point() {
    let web = loaded(catalog::find("web").unwrap(), &[]);
    let wanted = Wanted { vary: true, ..Wanted::default() };
    let (sweep, _) = experiment(&web, wanted).unwrap_or_else(|p| panic!("{}", human(&p, false)));
    let settings = sweep.settings(2);
    let sets: Vec<&str> = settings.iter().map(String::as_str).collect();
    let alone = compiled(&loaded(catalog::find("web").unwrap(), &sets)).scenario;
    assert_eq!(&alone, sweep.points[2].scenario(), "{settings:?}");
}

/// A few runs at every design point.
fn sweep(name: &str, repetitions: u64) -> SweepResult {
    let loaded = loaded(catalog::find(name).unwrap(), &[]);
    let wanted = Wanted { vary: true, repetitions: Some(repetitions), ..Wanted::default() };
    let (experiment, _) = experiment(&loaded, wanted).unwrap_or_else(|p| panic!("{}", human(&p, false)));
    let how = Execution { threads: 2, cancel: &AtomicBool::new(false), progress: &|_| {} };
    experiment.run(&how).expect("it runs").result
}

/// Mean request availability of the first service at each design point.
fn availabilities(name: &str, repetitions: u64) -> Vec<f64> {
    let result = sweep(name, repetitions);
    result.points.iter().map(|point| point.services[0].request_availability.value).collect()
}

#[test]
fn every_entry_runs() {
    for entry in catalog::ALL {
        let result = sweep(entry.name, 2);
        for point in &result.points {
            let requests = point.runs.iter().flat_map(|run| &run.services).map(|s| s.requests);
            assert!(requests.fold(0.0, f64::max) > 1e5, "{}", entry.name);
            assert!(point.services.iter().all(|s| s.request_availability.value > 0.8), "{}", entry.name);
        }
    }
}

#[test]
fn four_replicas_in_one_zone_are_worth_less_than_one_over_three() {
    let points = availabilities("web", 40);
    let (one_zone, three_zones): (Vec<_>, Vec<_>) = points.chunks(2).map(|pair| (pair[0], pair[1])).unzip();
    assert!(one_zone[3] < three_zones[0], "{one_zone:?} {three_zones:?}");
    assert!(three_zones[0] < 0.9999 && three_zones[1..].iter().all(|&a| a > 0.9999), "{three_zones:?}");
}

#[test]
fn a_shorter_toleration_shortens_the_outage_by_as_much() {
    let lost = availabilities("node-failure", 40).into_iter().map(|a| (1.0 - a) * 55.0 * 60.0);
    let lost: Vec<f64> = lost.collect();
    assert!((lost[0] - lost[1] - 270.0).abs() < 15.0 && (lost[1] - lost[2] - 30.0).abs() < 15.0, "{lost:?}");
}

#[test]
fn a_rolling_update_loses_nothing_with_probe_and_hook() {
    let points = availabilities("rolling-update", 20);
    assert!(points[0] < 0.999 && points[1] < 0.999, "{points:?}");
    assert!(points[2] > 0.9998 && points[2] < 1.0 && points[3] == 1.0, "{points:?}");
}

#[test]
fn a_third_zone_saves_two_replicas() {
    let result = sweep("zone-outage", 10);
    let met: Vec<bool> = result.points.iter().map(|point| point.services[0].objectives[0].met).collect();
    assert_eq!(met, [false, false, true, false, true, true], "zones 2 and 3, each with 4, 6 and 8 replicas");
}

#[test]
fn the_losses_of_a_chain_add_up() {
    let lost: Vec<f64> = availabilities("dependencies", 60).into_iter().map(|a| 1.0 - a).collect();
    assert!(lost[1..].iter().all(|&other| other < lost[0]), "{lost:?}");
    assert!(lost[..7].iter().all(|&other| other > 2.0 * lost[7]), "{lost:?}");
}

#[test]
fn headroom_of_an_autoscaler_is_worth_its_pods() {
    let lost: Vec<f64> = availabilities("autoscaling", 4).into_iter().map(|a| 1.0 - a).collect();
    assert!(lost[0] < 0.001 && 1.5 * lost[0] < lost[1] && 1.5 * lost[1] < lost[2], "{lost:?}");
}

#[test]
fn a_fourth_replica_does_more_than_two_nodes_and_a_fifth_hurts_the_neighbour() {
    let result = sweep("planner", 8);
    let of = |point: usize, service: usize| result.points[point].services[service].request_availability.value;
    assert_eq!(result.services, ["default/shop", "default/search"]);
    let (as_it_is, fourth, fifth, two_nodes) = (0, 1, 2, 3);
    assert!(of(fourth, 0) > of(two_nodes, 0) && of(two_nodes, 0) > of(as_it_is, 0));
    assert!(of(fifth, 1) < of(as_it_is, 1));
}
