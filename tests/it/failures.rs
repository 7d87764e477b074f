//! Presets of faults, failure traces and fits, from the command line.

use crate::bench::Bench;

/// Two machines, each up for a while and down for a while, again and again.
fn trace() -> String {
    let mut lines = String::from("entity,down,up\n");
    for machine in ["pool-1", "pool-2"] {
        let mut at = 0;
        for turn in 1..40_u64 {
            let down = at + 3_600 * (1 + turn * turn % 37);
            at = down + 60 * (1 + turn * 7 % 11);
            lines += &format!("{machine},{down},{at}\n");
        }
    }
    lines
}

#[test]
fn presets_replace_the_faults_and_can_be_changed() {
    let bench = Bench::new();
    let plan = bench.stdout("plan small.yaml --faults hpc-lanl,zone");
    assert!(plan.contains("node-crash (bursts)") && plan.contains("zone-outage"), "{plan}");
    assert!(!plan.contains(" crash "), "{plan}");
    let set = "scenario.spec.faults.node-crash.timeToFailure={exponential: {mean: 1d}}";
    let json = bench.nines("plan small.yaml --format json --faults gpu-rsc1").args(["--set", set]).output();
    let json = String::from_utf8(json.expect("the command runs").stdout).expect("text");
    assert!(json.contains("\"node-crash\""), "{json}");
    assert!(bench.stdout("sweep small.yaml --faults google-cell").contains("--faults google-cell"));
}

#[test]
fn presets_are_listed_and_shown() {
    let bench = Bench::new();
    let list = bench.stdout("explain faults");
    for preset in scenarios::presets::ALL {
        assert!(list.lines().any(|line| line == preset.name), "{}", preset.name);
    }
    assert!(bench.stdout("explain zone").contains("as an assumption"));
}

#[test]
fn a_trace_is_fitted_and_what_is_printed_can_be_run() {
    let bench = Bench::new();
    bench.write("trace.csv", &trace());
    let said = bench.stdout("fit trace.csv -o out");
    assert!(said.contains("trace.csv: 2 machines") && said.contains("76 up times"), "{said}");
    for file in ["fit-up-times.svg", "fit-up-times.png", "fit-down-times.svg", "fit-down-times.png"] {
        assert!(bench.path("out").join(file).exists(), "{file}");
    }
    let fault: String =
        said.lines().skip_while(|line| !line.starts_with("- name")).take(5).collect::<Vec<_>>().join("\n");
    bench.write(
        "fitted.yaml",
        &format!("apiVersion: nines.dev/v1alpha1\nkind: Scenario\nspec:\n  faults:\n{}\n", indented(&fault)),
    );
    bench.write("web.yaml", crate::bench::SMALL.split("---").next().expect("a workload"));
    bench.stdout("validate fitted.yaml -f web.yaml");
    let json: serde_json::Value =
        serde_json::from_str(&bench.stdout("fit trace.csv --format json")).expect("JSON");
    assert_eq!(json["up"]["fits"].as_array().map(Vec::len), Some(4));
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_trace_is_replayed() {
    let bench = Bench::new();
    bench.write("trace.csv", "entity,down,up\npool-1,7200,9000\npool-2,7200,9000\npool-3,7200,9000\n");
    let set = "scenario.spec.faults=[{name: past, kind: machineCrash, trace: {file: trace.csv}}]";
    let story = bench.nines("run small.yaml --run 0 --timeline 200 --no-gate").args(["--set", set]).output();
    let story = String::from_utf8(story.expect("the command runs").stdout).expect("text");
    assert_eq!(story.matches("loses power (past)").count(), 3, "{story}");
}

#[test]
fn a_bad_trace_is_refused_with_its_line() {
    let bench = Bench::new();
    bench.write("bad.csv", "entity,down,up\na,5,3\n");
    let output = bench.nines("fit bad.csv").output().expect("the command runs");
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("N073") && said.contains("bad.csv:2:1"), "{said}");
    bench.write("few.csv", "a,5,6\n");
    assert_eq!(bench.nines("fit few.csv").output().expect("the command runs").status.code(), Some(2));
}
