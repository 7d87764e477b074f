//! Manifests of others, unchanged: a shop of eleven services, and the nodes and pods of a real cluster. They are not
//! part of this repository; without them these tests say so and pass.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use scenarios::diagnostic::{Severity, human};
use scenarios::{Compiled, Input, Options, load};
use sim_core::spec::{Exposure, IntOrPercent, Strategy, WorkloadKind};

/// `shared/` beside the repository or beside the directory that holds its work trees.
fn shared(file: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../../shared", "../../../shared"]
        .iter()
        .map(|up| root.join(up).join(file))
        .find(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: ../shared/{file} is not here");
    }
    found
}

fn compile(inputs: &[Input]) -> Compiled {
    let loaded = load(inputs, &[], Options::default());
    loaded.scenario(&[]).unwrap_or_else(|problems| panic!("{}", human(&problems, false)))
}

fn unzipped(path: &Path) -> Input {
    let mut text = String::new();
    flate2::read::GzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    Input::Text { name: path.display().to_string(), text }
}

#[test]
fn a_deployment_alone_runs_on_defaults() {
    let Some(path) = shared("manifests/deployment.yaml") else { return };
    let Compiled { scenario, notes } = compile(&[Input::Path(path)]);
    assert_eq!(scenario.name, "my-app-deployment");
    assert_eq!(scenario.workloads[0].replicas, 3);
    let WorkloadKind::Deployment(deployment) = &scenario.workloads[0].kind else {
        panic!("not a Deployment")
    };
    let quarter = IntOrPercent::Percent(25);
    assert_eq!(deployment.strategy, Strategy::RollingUpdate { max_surge: quarter, max_unavailable: quarter });
    assert_eq!(
        (scenario.services[0].name.as_str(), scenario.services[0].required_serving),
        ("my-app-deployment", 3)
    );
    assert!(notes.iter().all(|note| note.severity == Severity::Note));
}

#[test]
fn a_replication_controller_alone_runs_on_defaults() {
    let Some(path) = shared("manifests/replication-controller.yaml") else { return };
    let scenario = compile(&[Input::Path(path)]).scenario;
    assert_eq!(scenario.workloads[0].kind, WorkloadKind::ReplicationController);
    assert_eq!(scenario.templates[0].labels.get("app"), Some("my-app"));
}

#[test]
fn the_catalog_has_the_same_manifests() {
    for name in ["deployment", "replication-controller"] {
        let Some(path) = shared(&format!("manifests/{name}.yaml")) else { continue };
        let entry = scenarios::catalog::find(name).unwrap();
        assert!(entry.text.ends_with(&fs::read_to_string(path).unwrap()), "{name}");
    }
}

#[test]
fn online_boutique_runs_unchanged() {
    let Some(path) = shared("manifests/online-boutique.yaml") else { return };
    let Compiled { scenario, notes } = compile(&[Input::Path(path)]);
    assert_eq!(scenario.workloads.len(), 12);
    let outside: Vec<&str> = scenario
        .services
        .iter()
        .filter(|service| service.exposure == Exposure::LoadBalancer)
        .map(|service| service.name.as_str())
        .collect();
    assert_eq!(outside, ["frontend-external"]);
    let left_out = notes.iter().find(|note| note.code.id == "N009").unwrap();
    assert!(left_out.message.contains("ServiceAccount (11)"), "{}", left_out.message);
    let unknown: Vec<_> = notes.iter().filter(|note| note.code.id == "N010").collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn nodes_and_pods_of_a_real_cluster_compile() {
    for size in [100, 1200] {
        let Some(nodes) = shared(&format!("datasets/gcda/nodes-{size}.yaml.gz")) else { return };
        let Some(pods) = shared(&format!("datasets/gcda/pods-{size}.yaml.gz")) else { return };
        let scenario = compile(&[unzipped(&nodes), unzipped(&pods)]).scenario;
        assert!(scenario.cluster.nodes.len() >= size / 2, "{} nodes", scenario.cluster.nodes.len());
        assert_eq!(scenario.cluster.zones.len(), 1, "nodes without a zone share one");
        assert_eq!(scenario.cluster.nodes[0].allocatable.cpu_milli, 64_000);
        assert!(!scenario.workloads.is_empty());
    }
}
