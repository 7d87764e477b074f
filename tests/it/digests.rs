//! Golden digests: what happens in a run, event by event, is the same today as it was, on every machine, in debug and in
//! release, at any number of threads. `NINES_DIGESTS=rewrite cargo test --test it digests` writes them anew.

#[path = "../../sim-core/tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use scenarios::{Options, catalog, load};
use sim_core::{Model, Seed, run};

const RUNS: u64 = 3;
const RANDOM: u64 = 20;

/// A scenario, and what to call it.
type Named = (String, Model);

/// Catalog scenarios, over 60 days, and random ones in which everything goes wrong.
fn models() -> Vec<Named> {
    let ready = catalog::ALL.iter().map(|entry| {
        let horizon = [String::from("scenario.spec.horizon=60d")];
        let loaded = load(&[entry.input()], &horizon, Options::default());
        let compiled = loaded.scenario(&[]).unwrap_or_else(|errors| panic!("{}: {errors:?}", entry.name));
        (entry.name.to_owned(), Model::new(compiled.scenario))
    });
    let trouble = |index| (format!("trouble-{index}"), Model::new(support::random::trouble(index)));
    let rollout = |index| (format!("rollout-{index}"), Model::new(support::random::rollout(index)));
    let own_pods = |index| (format!("own-pods-{index}"), Model::new(support::own_pods::trouble(index)));
    let autoscaled = |index| {
        let name = format!("autoscaled-{index}");
        (name, Model::new(support::autoscaled::autoscaled(index)))
    };
    let random = (0..RANDOM).map(trouble).chain((0..RANDOM / 4).map(rollout));
    ready.chain(random).chain((0..RANDOM).map(own_pods)).chain((0..RANDOM / 2).map(autoscaled)).collect()
}

/// `web 0 7be2c01d...`: scenario, run, digest.
fn line((name, model): &Named, run_index: u64) -> String {
    let digest = run(model, Seed { master: 42, run: run_index }).digest;
    format!("{name} {run_index} {digest}\n")
}

/// All lines, by so many threads that deal the scenarios out among themselves.
fn digests(models: &[Named], threads: usize) -> String {
    let mut lines = vec![String::new(); models.len()];
    std::thread::scope(|scope| {
        for share in lines
            .chunks_mut(models.len().div_ceil(threads))
            .zip(models.chunks(models.len().div_ceil(threads)))
        {
            scope.spawn(move || {
                for (lines, model) in share.0.iter_mut().zip(share.1) {
                    *lines = (0..RUNS).map(|run| line(model, run)).collect();
                }
            });
        }
    });
    lines.concat()
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/digests/golden.txt")
}

#[test]
fn digests_are_golden() {
    let told = digests(&models(), 1);
    if std::env::var("NINES_DIGESTS").is_ok_and(|wish| wish == "rewrite") {
        fs::write(file(), &told).expect("the digests can be written");
    }
    let golden = fs::read_to_string(file()).expect("tests/digests/golden.txt");
    let changed: Vec<&str> = told.lines().filter(|line| !golden.lines().any(|old| old == *line)).collect();
    assert!(
        told == golden,
        "digests have changed: {changed:#?}\nThe same input and seed now give another result. If that is meant, \
         CHANGELOG.md needs a line that says so; NINES_DIGESTS=rewrite writes the digests anew."
    );
}

#[test]
fn any_number_of_threads_meets_the_same_events() {
    let models = models();
    let one = digests(&models, 1);
    for threads in [2, 8] {
        assert_eq!(digests(&models, threads), one, "{threads} threads");
    }
}

/// Without FMA and AVX2 the C library computes `ln` and `exp` in another way, as another machine would.
#[test]
fn another_processor_meets_the_same_events() {
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    child.args(["digests::digests_are_golden", "--exact"]);
    child.env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4,-AVX2_Usable,-FMA_Usable,-FMA4_Usable");
    let output = child.env_remove("NINES_DIGESTS").output().expect("it runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}");
}
