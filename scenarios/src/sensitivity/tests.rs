//! A small scenario, where it is known what matters.

use std::sync::atomic::AtomicBool;

use super::*;
use crate::sample;

const SMALL: &str = "
apiVersion: nines.dev/v1alpha1
kind: Scenario
metadata: {name: small}
spec:
  horizon: 30d
  nodePools: [{name: node, count: 2}]
  pods: [{name: web, startupTime: 5s}]
  faults:
  - {name: crash, kind: machineCrash, timeToFailure: {exponential: {mean: 5d}}, timeToRepair: 20s}
---
apiVersion: v1
kind: ReplicationController
metadata: {name: web}
spec:
  replicas: 1
  selector: {app: web}
  template:
    metadata: {labels: {app: web}}
    spec:
      tolerations: [{operator: Exists, effect: NoExecute, tolerationSeconds: 60}]
      containers: [{name: web, image: nginx}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
";

fn loaded() -> Loaded {
    sample::loaded(SMALL, &[])
}

fn all(loaded: &Loaded) -> Vec<Parameter> {
    parameters(loaded, &[], (0.5, 2.0)).expect("nothing is asked for")
}

fn study(loaded: &Loaded, asked: &[&str]) -> Sensitivity {
    study_on(2, loaded, asked)
}

fn study_on(threads: usize, loaded: &Loaded, asked: &[&str]) -> Sensitivity {
    let asked: Vec<Asked> = asked.iter().map(|text| text.parse().expect(text)).collect();
    let study = Study {
        loaded,
        parameters: parameters(loaded, &asked, (0.5, 2.0)).expect("they are in the input"),
        service: 0,
        measure: Measure::Request,
        repetitions: 12,
        seed: 42,
        screened: 2,
        trajectories: 4,
    };
    let cancel = AtomicBool::new(false);
    let tornado = study.tornado().expect("valid");
    study.run(&tornado, &Execution { threads, cancel: &cancel, progress: &|_| {} }).expect("runs")
}

#[test]
fn parameters_are_what_can_be_scaled() {
    let loaded = loaded();
    let found = all(&loaded);
    let value = |path: &str| {
        let parameter = found.iter().find(|parameter| parameter.path.to_string() == path);
        parameter.and_then(|parameter| parameter.value).map(Quantity::text)
    };
    for (path, text) in [
        ("scenario.spec.faults.crash.timeToFailure.exponential.mean", "432000s"),
        ("scenario.spec.faults.crash.timeToRepair", "20s"),
        ("scenario.spec.pods.web.startupTime", "5s"),
        ("scenario.spec.timing.leaseRenewal", "10s"),
        ("ReplicationController/default/web.spec.replicas", "1"),
        ("ReplicationController/default/web.spec.template.spec.tolerations.0.tolerationSeconds", "60"),
    ] {
        assert_eq!(value(path).as_deref(), Some(text), "{path}");
    }
    assert_eq!(value("scenario.spec.horizon"), None);
}

#[test]
fn every_path_leads_back_into_the_input() {
    let loaded = loaded();
    for parameter in all(&loaded) {
        let same = parameter.value.expect("it was found").text();
        let compiled = loaded.scenario(&[(parameter.path.clone(), same)]);
        let base = loaded.scenario(&[]).expect("valid").scenario;
        assert_eq!(compiled.expect("its own value is valid").scenario, base, "{}", parameter.path);
    }
}

#[test]
fn the_range_is_walked_in_equal_ratios() {
    let loaded = loaded();
    let parameter = &all(&loaded)[0];
    let texts = [0.0, 0.5, 1.0].map(|part| parameter.at(part).text());
    assert_eq!(texts, ["216000s", "432000s", "864000s"]);
}

#[test]
fn failures_matter_more_than_what_nothing_uses() {
    let mean = "scenario.spec.faults.crash.timeToFailure.exponential.mean";
    let found = study(&loaded(), &["scenario.spec.timing.drainPoll", mean]);
    let [first, second] = found.parameters.as_slice() else { panic!("two parameters") };
    assert_eq!((first.path.as_str(), second.swing), (mean, 0.0));
    let (low, high) = (first.low.change.expect("valid").value, first.high.change.expect("valid").value);
    assert!(low > 0.0 && high < 0.0, "failures twice as often, and half as often: {low} {high}");
    assert!((first.swing - (low - high)).abs() < 1e-15);
    let effects = first.effects.expect("it was screened");
    assert!(effects.mean_absolute > 0.0 && found.trajectories == 4);
    assert!(second.effects.is_none(), "what does nothing is not screened");
}

#[test]
fn what_is_refused_is_named() {
    let found = study(&loaded(), &["scenario.spec.warmUp=1h..60d"]);
    assert_eq!(found.refused.len(), 1, "{:?}", found.refused);
    assert!(found.refused[0].starts_with("scenario.spec.warmUp=5184000s: "), "{:?}", found.refused);
    assert!(found.parameters[0].high.change.is_none() && found.parameters[0].low.change.is_some());
}

#[test]
fn the_same_on_any_number_of_threads() {
    let mean = "scenario.spec.faults.crash.timeToFailure.exponential.mean";
    assert_eq!(study_on(1, &loaded(), &[mean]), study_on(8, &loaded(), &[mean]));
}

#[test]
fn what_cannot_be_asked_for() {
    for text in
        ["x", "scenario.spec.horizon=1", "scenario.spec.horizon=2d..1d", "scenario.spec.horizon=0s..1d"]
    {
        assert!(text.parse::<Asked>().is_err(), "{text}");
    }
    let unknown = "scenario.spec.timing.nothing".parse::<Asked>().unwrap();
    let error = parameters(&loaded(), &[unknown], (0.5, 2.0)).unwrap_err();
    assert!(error.contains("give a range"), "{error}");
}
