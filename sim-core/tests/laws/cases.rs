//! The cases, and what it means to agree with one.

use std::path::Path;

use serde_json::Value;
use sim_core::time::Span;

use crate::statistics::Estimate;

const CASES: &str = include_str!("cases.json");
const TESTS: [&str; 11] = [
    include_str!("common_cause.rs"),
    include_str!("control_plane.rs"),
    include_str!("detection.rs"),
    include_str!("failover.rs"),
    include_str!("k_of_n.rs"),
    include_str!("renewal.rs"),
    include_str!("rollouts.rs"),
    include_str!("series.rs"),
    include_str!("single.rs"),
    include_str!("stationary.rs"),
    include_str!("zones.rs"),
];

/// A case with a known answer.
pub struct Case {
    pub name: String,
    pub exact: f64,
    params: Value,
}

/// The case of this name.
pub fn case(name: &str) -> Case {
    let all: Vec<Value> = serde_json::from_str(CASES).expect("cases.json is JSON");
    let found = all.into_iter().find(|case| case["name"] == name);
    let found = found.unwrap_or_else(|| panic!("{name} is not in cases.json"));
    Case {
        name: name.to_owned(),
        exact: found["exact_value"].as_f64().expect("a number"),
        params: found["params"].clone(),
    }
}

impl Case {
    /// A parameter.
    pub fn number(&self, key: &str) -> f64 {
        self.params[key].as_f64().unwrap_or_else(|| panic!("{} has no number {key}", self.name))
    }

    /// A parameter that counts something.
    pub fn count(&self, key: &str) -> u32 {
        self.number(key) as u32
    }

    /// A parameter in hours.
    pub fn hours(&self, key: &str) -> Span {
        Span::from_secs_f64(3600.0 * self.number(key))
    }

    /// A parameter in seconds.
    pub fn secs(&self, key: &str) -> Span {
        Span::from_secs_f64(self.number(key))
    }

    /// A parameter that is a number or a percentage, as written.
    pub fn text(&self, key: &str) -> String {
        match &self.params[key] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// The exact value lies in the interval, which is at most `relative` of it to each side.
    pub fn agrees(&self, estimate: Estimate, relative: f64) {
        self.agrees_to(estimate, relative * self.exact);
    }

    /// Likewise for an availability: the width is measured by the unavailability.
    pub fn agrees_as_availability(&self, estimate: Estimate, relative: f64) {
        self.agrees_to(estimate, relative * (1.0 - self.exact));
    }

    fn agrees_to(&self, Estimate { mean, half_width }: Estimate, widest: f64) {
        let Case { name, exact, .. } = self;
        println!("{name}: exact {exact:.8e}, estimated {mean:.8e} ± {half_width:.2e}");
        assert!((mean - exact).abs() <= half_width, "{name}: {mean} ± {half_width} misses {exact}");
        assert!(half_width <= widest, "{name}: ± {half_width} is wider than {widest}");
    }
}

#[test]
fn every_case_is_tested() {
    let all: Vec<Value> = serde_json::from_str(CASES).expect("cases.json is JSON");
    for case in all {
        let quoted = case["name"].to_string();
        assert!(TESTS.iter().any(|test| test.contains(&quoted)), "no test asks for {quoted}");
    }
}

/// The reference is no part of this repository; without it this test says so and passes.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test may read files")]
fn the_cases_are_those_of_the_reference() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["../../shared", "../../../shared"].map(|up| root.join(up).join("reference/oracles.json"));
    let Some(file) = files.iter().find(|file| file.exists()) else {
        return eprintln!("skipped: ../shared/reference/oracles.json is not here");
    };
    let text = std::fs::File::open(file).expect("the reference can be read");
    let reference: Vec<Value> = serde_json::from_reader(text).expect("the reference is JSON");
    let ours: Vec<Value> = serde_json::from_str(CASES).expect("cases.json is JSON");
    for case in ours {
        let theirs = reference.iter().find(|theirs| theirs["name"] == case["name"]);
        let theirs = theirs.unwrap_or_else(|| panic!("{} is not in the reference", case["name"]));
        for field in ["params", "exact_value"] {
            assert_eq!(case[field], theirs[field], "{field} of {}", case["name"]);
        }
    }
}
