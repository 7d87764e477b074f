//! From the text of a sweep to its design points.

use super::*;
use crate::{Input, Options, load};

const INPUT: &str = "\
apiVersion: v1
kind: ReplicationController
metadata: {name: web}
spec:
  selector: {app: web}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: nines.dev/v1alpha1
kind: Scenario
metadata: {name: small}
spec: {horizon: 30d}
---
apiVersion: nines.dev/v1alpha1
kind: Sweep
metadata: {name: small}
spec:
  repetitions: 7
  seed: 5
  factors:
";

const REPLICAS: &str =
    "  - {name: replicas, path: ReplicationController/web.spec.replicas, levels: [1, 2]}\n";
const HORIZON: &str = "  - {path: scenario.spec.horizon, levels: [10d, 20d, 30d]}\n";

fn made(factors: &[&str], wanted: Wanted) -> Made {
    let text = INPUT.to_owned() + &factors.concat();
    experiment(&load(&[Input::Text { name: "test".to_owned(), text }], &[], Options::default()), wanted)
}

fn all() -> Wanted {
    Wanted { vary: true, ..Wanted::default() }
}

#[test]
fn every_combination_is_a_design_point() {
    let (experiment, _) = made(&[REPLICAS, HORIZON], all()).expect("valid");
    let scenarios = experiment.points.iter().map(Model::scenario);
    let points: Vec<_> =
        scenarios.map(|s| (s.workloads[0].replicas, s.horizon.as_hours_f64() / 24.0)).collect();
    assert_eq!(points, [(1, 10.0), (1, 20.0), (1, 30.0), (2, 10.0), (2, 20.0), (2, 30.0)]);
    assert_eq!((experiment.repetitions, experiment.seed, experiment.runs()), (7, 5, 42));
    assert_eq!(
        experiment.settings(4),
        ["ReplicationController/web.spec.replicas=2", r#"scenario.spec.horizon="20d""#]
    );
}

#[test]
fn the_command_line_overrules_the_sweep() {
    let wanted = Wanted { vary: true, seed: Some(1), repetitions: Some(3), stopping: None };
    let (experiment, _) = made(&[REPLICAS], wanted).expect("valid");
    assert_eq!((experiment.repetitions, experiment.seed), (3, 1));
}

#[test]
fn without_varying_there_is_one_point_as_the_files_have_it() {
    let (experiment, _) = made(&[REPLICAS, HORIZON], Wanted::default()).expect("valid");
    assert_eq!(experiment.points.len(), 1);
    assert_eq!(experiment.points[0].scenario().workloads[0].replicas, 1);
}

#[test]
fn what_all_points_have_to_say_is_said_once() {
    let (_, one) = made(&[REPLICAS], Wanted::default()).expect("valid");
    let (_, two) = made(&[REPLICAS], all()).expect("valid");
    assert!(!one.is_empty());
    assert_eq!(one.len(), two.len());
}

#[test]
fn problems_of_every_level_are_told() {
    let factor = "  - {path: ReplicationController/web.spec.replicas, levels: [1, -1, many]}\n";
    let problems = made(&[factor], all()).err().expect("two levels are wrong");
    for told in ["spec.replicas is -1", "string \"many\""] {
        assert!(
            problems.iter().any(|problem| problem.is_error() && problem.message.contains(told)),
            "{told}"
        );
    }
}

#[test]
fn points_with_other_services_cannot_stand_side_by_side() {
    let factor = "  - {path: ReplicationController/web.metadata.name, levels: [web, shop]}\n";
    let problems = made(&[factor], all()).err().expect("other workloads");
    assert_eq!(problems.iter().map(|problem| problem.code.id).collect::<Vec<_>>(), [codes::SWEEP.id]);
}
