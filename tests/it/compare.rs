//! `nines compare` and `nines sensitivity`: what is printed, what is written, and how they end.

use std::fs;

use crate::bench::Bench;

const SLOWER: &str = "--change scenario.spec.timing.nodeMonitorGracePeriod=80s";
const SENSITIVITY: &str = "sensitivity small.yaml -q --screen 2 --trajectories 2 \
     --parameter scenario.spec.faults.crash.timeToFailure.exponential.mean \
     --parameter scenario.spec.timing.nodeMonitorGracePeriod=20s..80s";

#[test]
fn a_comparison_says_who_is_better_and_writes_it_down() {
    let bench = Bench::new();
    let text = bench.stdout(&format!("compare small.yaml {SLOWER} -q --no-gate -o out"));
    assert!(text.contains("nodeMonitorGracePeriod=80s is worse than small.yaml, by "), "{text}");
    assert!(text.contains("The same luck in every design makes 6 runs worth"), "{text}");
    let differences = fs::read_to_string(bench.path("out/differences.csv")).expect("a table");
    let columns = "design,against,service,measure,seed,runs,difference,low,high,method,variance_ratio,verdict,runs_needed";
    assert_eq!(differences.lines().next(), Some(columns));
    assert_eq!(differences.lines().count(), 2);
    assert_eq!(fs::read_to_string(bench.path("out/designs.csv")).expect("a table").lines().count(), 3);
    for file in ["index.html", "differences.svg", "differences.png"] {
        assert!(bench.path("out").join(file).exists(), "{file}");
    }
}

#[test]
fn comparisons_end_as_sweeps_do() {
    let bench = Bench::new();
    bench.nines(&format!("compare small.yaml {SLOWER} -q")).assert().code(1);
    bench.nines(&format!("compare small.yaml {SLOWER} -q --no-gate")).assert().code(0);
    let easy = "--set scenario.spec.services.web.objectives[0].target=1%";
    bench.nines(&format!("compare small.yaml {SLOWER} {easy} -q")).assert().code(0);
    bench.nines("compare small.yaml -q").assert().code(2);
    bench.nines("compare small.yaml none.yaml -q").assert().code(2);
    bench.nines("compare small.yaml --change Service/web.metadata.name=other -q").assert().code(2);
}

#[test]
fn threads_change_nothing_and_the_repeated_command_gives_it_again() {
    let bench = Bench::new();
    for command in [
        format!("compare small.yaml {SLOWER} -q --no-gate --format json"),
        format!("{SENSITIVITY} --format json"),
    ] {
        let one = bench.stdout(&format!("{command} --threads 1"));
        assert_eq!(one, bench.stdout(&format!("{command} --threads 8")));
        let value: serde_json::Value = serde_json::from_str(&one).expect("JSON");
        assert_eq!(value["complete"], true);
    }
    let text = bench.stdout(SENSITIVITY);
    let repeat = text.lines().find_map(|line| line.split_once("Repeat: nines ")).expect("a command").1;
    let repeat = repeat.split("   (").next().expect("a command");
    assert_eq!(bench.stdout(&format!("{repeat} -q")), text);
}

#[test]
fn sensitivity_ranks_and_draws() {
    let bench = Bench::new();
    let text = bench.stdout(&format!("{SENSITIVITY} -o out"));
    assert!(text.contains("It depends most on "), "{text}");
    let table = fs::read_to_string(bench.path("out/sensitivity.csv")).expect("a table");
    assert_eq!(table.lines().count(), 3, "{table}");
    for file in ["index.html", "tornado.svg", "tornado.png", "screening.svg", "screening.png"] {
        assert!(bench.path("out").join(file).exists(), "{file}");
    }
    bench.nines("sensitivity small.yaml --parameter scenario.spec.nothing -q").assert().code(2);
    bench.nines("sensitivity small.yaml --service none -q").assert().code(2);
    bench.nines("sensitivity small.yaml --low 2 -q").assert().code(2);
}
