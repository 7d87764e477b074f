//! The help is part of the interface.

use crate::bench::Bench;

#[test]
fn every_exit_code_is_in_the_help() {
    let help = Bench::new().stdout("--help");
    for line in [
        "0    every objective",
        "1    an objective",
        "2    the input",
        "3    Nines broke",
        "4    incomplete",
        "130  interrupted",
    ] {
        assert!(help.contains(line), "{line} is missing in:\n{help}");
    }
}

#[test]
fn every_command_has_help_with_a_purpose() {
    let bench = Bench::new();
    for command in [
        "run",
        "sweep",
        "compare",
        "sensitivity",
        "validate",
        "plan",
        "fit",
        "catalog",
        "explain",
        "schema",
        "completions",
    ] {
        let help = bench.stdout(&format!("{command} --help"));
        assert!(help.contains(&format!("Usage: nines {command}")), "{help}");
    }
    assert!(bench.stdout("run --help").contains("nines run web --worst"));
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(Bench::new().stdout(&format!("completions {shell}")).contains("validate"), "{shell}");
    }
}

#[test]
fn the_schema_is_json() {
    let schema: serde_json::Value = serde_json::from_str(&Bench::new().stdout("schema")).expect("JSON");
    assert!(schema.is_object());
}

#[test]
fn every_catalog_entry_is_listed_printed_and_valid() {
    let bench = Bench::new();
    let list = bench.stdout("catalog");
    assert!(list.lines().count() >= 3, "{list}");
    for name in list.lines().filter_map(|line| line.split_whitespace().next()) {
        bench.write("entry.yaml", &bench.stdout(&format!("catalog {name}")));
        bench.nines("validate -f entry.yaml").assert().success();
        bench.nines(&format!("validate {name}")).assert().success();
    }
}

#[test]
fn every_diagnostic_is_explained() {
    let bench = Bench::new();
    let list = bench.stdout("explain");
    assert!(list.lines().count() > 20);
    for code in list.lines().filter_map(|line| line.split_whitespace().next()).take(5) {
        assert!(bench.stdout(&format!("explain {code}")).lines().count() > 2, "{code}");
    }
}

#[test]
fn defaults_are_those_of_the_version() {
    let bench = Bench::new();
    let grace = |version: &str| {
        let text = bench.stdout(&format!("explain defaults --kubernetes {version}"));
        let line = text.lines().find(|line| line.contains("nodeMonitorGracePeriod")).expect("a line");
        line.rsplit(' ').next().unwrap_or_default().to_owned()
    };
    assert_eq!([grace("1.31"), grace("v1.32.4"), grace("1.99")], ["40s", "50s", "50s"]);
    let all = bench.stdout("explain defaults");
    let entries = all.lines().filter(|line| !line.starts_with(' ') && line.contains(':')).count();
    let sources = all.lines().filter(|line| line.starts_with("    # ") && line.ends_with(']')).count();
    assert_eq!(entries, sources, "every default has a source");
    bench.nines("explain defaults --kubernetes 1.28").assert().code(2);
    bench.nines("explain N014 --kubernetes 1.30").assert().code(2);
}
