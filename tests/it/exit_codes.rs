//! 0 met, 1 missed, 2 wrong input. Interruptions (130) have a file of their own.

use crate::bench::Bench;

#[test]
fn a_missed_objective_is_1_and_0_without_gate() {
    let bench = Bench::new();
    bench.nines("sweep small.yaml -q").assert().code(1);
    bench.nines("sweep small.yaml -q --no-gate").assert().code(0);
    bench.nines("run small.yaml -q").assert().code(1);
}

#[test]
fn a_kept_objective_is_0() {
    let bench = Bench::new();
    let easy = "--set scenario.spec.services.web.objectives[0].target=1%";
    bench.nines(&format!("run small.yaml -q {easy}")).assert().code(0);
    bench.nines(&format!("run small.yaml -q {easy} --run 2")).assert().code(0);
}

#[test]
fn a_precision_that_is_not_reached_is_4() {
    let bench = Bench::new();
    let assert = bench.nines("run small.yaml --until availability+-0.1").assert().code(2);
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(stderr.contains("write `availability ±0.0001`"), "{stderr}");
    let until = |precision: &str, most: &str| {
        let mut command = bench.nines("run small.yaml -q --no-gate --until");
        command.arg(format!("time availability {precision}")).args(["--max-runs", most]);
        command.assert()
    };
    let told = |assert: assert_cmd::assert::Assert| {
        String::from_utf8_lossy(&assert.get_output().stdout).into_owned()
    };
    let enough = told(until("±0.1", "200").code(0));
    assert!(
        enough.contains("time availability ±0.1 is reached after 100 runs at each design point, in 1 round."),
        "{enough}"
    );
    assert!(enough.contains("--until 'time availability ±0.1' --max-runs 200"), "{enough}");
    let short = told(until("±0.0000001", "120").code(4));
    assert!(short.contains("is not reached after 120 runs at each design point, in 2 rounds"), "{short}");
}

#[test]
fn wrong_input_is_2_and_nothing_is_run() {
    let bench = Bench::new();
    bench.write("bad.yaml", "apiVersion: v1\nkind: ReplicationController\nspec: {replicas: many}\n");
    for command in ["run", "sweep", "validate", "plan"] {
        bench.nines(&format!("{command} -f bad.yaml")).assert().code(2).stdout("");
    }
    assert!(!bench.path("nines-out").exists());
}

#[test]
fn a_wrong_command_line_is_2() {
    let bench = Bench::new();
    let cases = [
        "",
        "fly",
        "run no-such-file.yaml",
        "sweep --repetitions 0",
        "run --seed x",
        "explain N999",
        "catalog none",
    ];
    for arguments in cases {
        bench.nines(arguments).assert().code(2).stdout("");
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_told_before_anything_is_run() {
    let bench = Bench::new();
    let assert = bench.nines("run small.yaml -o small.yaml/out").assert().code(2).stdout("");
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(stderr.contains("cannot make the folder small.yaml/out"), "{stderr}");
}

#[test]
fn a_file_in_the_place_of_the_folder_is_told_as_such() {
    let bench = Bench::new();
    let assert = bench.nines("run small.yaml -o small.yaml").assert().code(2).stdout("");
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(stderr.contains("small.yaml: it is a file, not a folder"), "{stderr}");
}

#[test]
fn a_negative_seed_is_told_as_such() {
    let assert = Bench::new().nines("run --seed -1").assert().code(2);
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(stderr.contains("invalid value '-1' for '--seed"), "{stderr}");
}

#[test]
fn valid_input_is_0() {
    let bench = Bench::new();
    bench.nines("validate small.yaml").assert().code(0);
    assert!(bench.stdout("validate small.yaml").starts_with("valid: "));
    bench.nines("plan small.yaml").assert().code(0);
    assert!(bench.stdout("plan small.yaml").contains("Blast radius"));
}
