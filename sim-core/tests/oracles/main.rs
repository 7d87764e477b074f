//! The engine against a file of cases with exact answers, in the layout of `cases.json` beside this file: `scripts/oracles`.
//!
//! A family of cases is told by what its names begin with and by the quantity asked for; its scenario is made from the
//! case's parameters, and the exact value is used for nothing but the comparison. Each estimate has a 99% interval. An
//! estimate disagrees if Holm's correction over the whole file rejects it at 1%; it is too wide if the interval reaches
//! further than 5% of the value (of the unavailability, where an availability is asked for) to a side.
//!
//! `ORACLES_FILE` names another file, `ORACLES_REPORT` a file for the table.
#![expect(clippy::disallowed_methods, reason = "the cases are files, and the environment may name others")]

mod budgets;
mod case;
mod chains;
mod common_cause;
mod database;
mod detection;
mod estimate;
mod failover;
mod families;
mod first_outage;
#[allow(dead_code)] // the laws use the rest of it
#[path = "../laws/fleet.rs"]
mod fleet;
mod machines;
mod renewal;
mod report;
mod rollouts;
mod sampling;
mod single;
mod subsets;
#[path = "../support/mod.rs"]
mod support;
mod unmodelled;

use std::path::{Path, PathBuf};

use report::{Report, Verdict};

/// Cases of the shared reference that are of a family, at least.
const LEAST_EXPRESSED: usize = 100;

#[test]
fn the_engine_agrees_with_mathematics() {
    let file = std::env::var_os("ORACLES_FILE").map_or_else(own_cases, PathBuf::from);
    let report = report_on(&file);
    println!("{report}");
    if let Some(file) = std::env::var_os("ORACLES_REPORT") {
        std::fs::write(&file, format!("{report}\n")).expect("a file that can be written");
    }
    assert_eq!(report.count(Verdict::Disagrees), 0, "some cases disagree");
}

/// Our own cases are cheap: none is too wide, and what cannot be expressed says why.
#[test]
fn our_own_cases_are_narrow() {
    let report = report_on(&own_cases());
    assert_eq!(report.count(Verdict::TooWide), 0, "{report}");
    assert!(report.count(Verdict::CannotExpress) <= 2, "{report}");
}

/// A case that is wrong by a tenth is found out.
#[test]
fn a_wrong_value_disagrees() {
    let text = text_of(&own_cases());
    let mut cases = case::read(&text).expect("cases.json is readable");
    cases.retain(|case| case.name.starts_with("kofn_2of3_failfreq") || case.name.starts_with("rolling_n4"));
    for case in &mut cases {
        case.exact *= 1.1;
    }
    assert_eq!(report::run(&cases).count(Verdict::Disagrees), cases.len());
}

/// Every case of the shared reference, where that is present, is expressed or explained; `scripts/oracles` runs them.
#[test]
fn the_shared_reference_is_known_by_family() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["../../shared", "../../../shared"].map(|up| root.join(up).join("reference/oracles.json"));
    let Some(file) = files.iter().find(|file| file.exists()) else {
        return eprintln!("skipped: ../shared/reference/oracles.json is not here");
    };
    let cases = case::read(&text_of(file)).expect("the reference is readable");
    let expressed = cases.iter().filter(|case| families::find(case).is_some()).count();
    assert!(expressed >= LEAST_EXPRESSED, "only {expressed} of {} are of a family", cases.len());
    for case in &cases {
        let known = families::find(case).is_some() || unmodelled::reason(case).is_some();
        assert!(known, "{} is neither expressed nor explained", case.name);
    }
}

fn own_cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/cases.json")
}

fn text_of(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn report_on(file: &Path) -> Report {
    let cases = case::read(&text_of(file)).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    report::run(&cases)
}
