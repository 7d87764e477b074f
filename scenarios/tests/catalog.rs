//! Every scenario of the catalog compiles, and means what it says.

use scenarios::catalog::{self, CatalogEntry};
use scenarios::diagnostic::{Severity, human};
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
    assert_eq!((service.objectives[0].measure, service.objectives[0].target), (Measure::Request, 0.9995));
    let kinds: Vec<_> = scenario.faults.iter().map(|fault| std::mem::discriminant(&fault.kind)).collect();
    assert_eq!(kinds.len(), 3);
    assert!(matches!(scenario.faults[0].kind, FaultKind::MachineCrash(ref nodes) if nodes.len() == 6));
    let sweep = web.sweep().unwrap();
    assert_eq!(
        sweep.repetitions * sweep.factors.iter().map(|factor| factor.levels.len() as u64).product::<u64>(),
        2000
    );
}

#[test]
fn every_design_point_of_web_compiles() {
    let web = loaded(&catalog::ALL[0], &[]);
    let sweep = web.sweep().unwrap();
    for replicas in &sweep.factors[0].levels {
        for spread in &sweep.factors[1].levels {
            let overrides = [
                (sweep.factors[0].path.clone(), replicas.value.clone()),
                (sweep.factors[1].path.clone(), spread.value.clone()),
            ];
            let scenario = web
                .scenario(&overrides)
                .unwrap_or_else(|problems| panic!("{}", human(&problems, false)))
                .scenario;
            assert_eq!(scenario.workloads[0].replicas.to_string(), replicas.label);
            let key = &scenario.templates[0].spread[0].topology_key;
            assert_eq!(key.contains("zone"), spread.label == "zone");
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
