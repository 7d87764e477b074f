//! Comparisons and studies of sensitivity, invented: words, tables and pictures.

use reports::{charts, compare, csv, sensitivity, table::Look};
use scenarios::compare::{Comparison, Design, DesignResult, Difference, Verdict};
use scenarios::sensitivity::{Changed, Effects, Ranked, Sensitivity};
use scenarios::summary::{Estimate, Method};

const WIDE: Look = Look { colour: false, width: 120 };

fn estimate(value: f64, half: f64) -> Estimate {
    Estimate { value, low: value - half, high: value + half, method: Method::Student }
}

fn comparison() -> Comparison {
    let design = |name: &str, availability: f64| DesignResult {
        design: Design { name: name.into(), input_hash: "abc".into() },
        price_per_hour: 0.0,
        objectives_met: None,
        availability: vec![estimate(availability, 1e-6)],
    };
    let difference = |design, value, half, verdict, runs_needed| Difference {
        service: 0,
        design,
        difference: estimate(value, half),
        saved: Some(4.0),
        verdict,
        runs_needed,
    };
    Comparison {
        version: "0.1.0".into(),
        seed: 42,
        repetitions: 250,
        measured_s: 365.0 * 86_400.0,
        measure: "request",
        services: vec!["default/web".into()],
        left_out: vec!["default/old".into()],
        designs: vec![design("one", 0.9999), design("two", 0.99995), design("three", 0.99991)],
        differences: vec![
            difference(1, 5e-5, 1e-5, Verdict::Better, None),
            difference(2, 1e-5, 2e-5, Verdict::Unclear, Some(1000)),
        ],
        digest: "d".into(),
        complete: true,
    }
}

#[test]
fn a_comparison_in_words() {
    let text = compare::text(&comparison(), WIDE);
    for said in [
        "web: two is better than one, by 26 min [21 min, 32 min] of downtime a year.",
        "web: these runs do not tell three from one: it is between 16 min less and 5 min 15 s more downtime a year.",
        "About 1,000 runs would tell",
        "The same luck in every design makes 250 runs worth 1,000 runs with luck of their own.",
        "Left out, because not every design has it: default/old.",
        "x4",
    ] {
        assert!(text.replace("\n  ", " ").contains(said), "{said} is missing in:\n{text}");
    }
    assert!(compare::markdown(&comparison()).contains("| three |"));
}

#[test]
fn a_comparison_as_data_and_picture() {
    let bytes = csv::differences(&comparison()).to_csv().expect("a table");
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert!(text.contains("two,one,default/web,request,42,250,0.00005,"), "{text}");
    assert!(text.ends_with("student,4,not told,1000\n"), "{text}");
    let chart = charts::of_comparison(&comparison()).expect("a picture");
    assert!(chart.svg.contains("better") && chart.svg.contains("not told"));
}

fn study() -> Sensitivity {
    let changed = |value: &str, change: Option<f64>| Changed {
        value: value.into(),
        change: change.map(|change| estimate(change, 1e-6)),
    };
    let ranked = |path: &str, low, high, effects| Ranked {
        path: path.into(),
        value: Some("300s".into()),
        low: changed("150s", low),
        high: changed("600s", high),
        swing: 2e-5,
        effects,
    };
    let effects = Effects { mean_absolute: 3e-5, deviation: 1e-5 };
    Sensitivity {
        scenario: "web".into(),
        input_hash: "abc".into(),
        version: "0.1.0".into(),
        seed: 42,
        repetitions: 100,
        measured_s: 365.0 * 86_400.0,
        service: "default/web".into(),
        measure: "request",
        base: estimate(0.9999, 1e-6),
        parameters: vec![
            ranked("scenario.spec.faults.crash.timeToRepair", Some(-1e-5), Some(1e-5), Some(effects)),
            ranked("Deployment/default/web.spec.replicas", Some(1e-5), None, None),
        ],
        trajectories: 10,
        refused: vec!["x=1: no".into()],
        digest: "d".into(),
        complete: true,
    }
}

#[test]
fn a_study_in_words_and_pictures() {
    let text = sensitivity::text(&study(), WIDE);
    for said in [
        "It depends most on faults.crash.timeToRepair: between 2 min 30 s and 10 min, downtime differs by 11 min a year.",
        "Refused: x=1: no.",
        "refused",
        "-5 min 15 s",
    ] {
        assert!(text.replace("\n  ", " ").contains(said), "{said} is missing in:\n{text}");
    }
    let charts = charts::of_sensitivity(&study()).expect("pictures");
    let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
    assert_eq!(names, ["tornado", "screening"]);
    assert!(charts[0].svg.contains("crash timeToRepair") && charts[0].svg.contains("web replicas"));
    let bytes = csv::sensitivity(&study()).to_csv().expect("a table");
    assert_eq!(String::from_utf8(bytes).expect("UTF-8").lines().count(), 3);
}

#[test]
fn what_changes_nothing_has_no_picture() {
    let mut idle = study();
    idle.parameters.iter_mut().for_each(|ranked| (ranked.swing, ranked.effects) = (0.0, None));
    assert!(charts::of_sensitivity(&idle).expect("none").is_empty());
    assert!(sensitivity::text(&idle, WIDE).contains("No parameter made any difference"));
}
