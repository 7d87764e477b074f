//! The same version, input and seed give the same bytes.

use std::collections::BTreeMap;
use std::path::Path;

use crate::bench::Bench;

/// Every file of a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder of results");
    let read = |entry: std::fs::DirEntry| {
        let bytes = std::fs::read(entry.path()).expect("a file of results");
        (entry.file_name().to_string_lossy().into_owned(), bytes)
    };
    entries.map(|entry| read(entry.expect("an entry"))).collect()
}

fn sweep(bench: &Bench, threads: u64) -> BTreeMap<String, Vec<u8>> {
    let folder = format!("out-{threads}");
    bench.nines(&format!("sweep small.yaml -q --no-gate --threads {threads} -o {folder}")).assert().success();
    files(&bench.path(&folder))
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let bench = Bench::new();
    let one = sweep(&bench, 1);
    assert!(one.contains_key("index.html") && one.contains_key("runs.csv"), "{:?}", one.keys());
    for threads in [2, 8] {
        assert_same(&one, &sweep(&bench, threads), &format!("{threads} threads"));
    }
}

fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>, how: &str) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    let differ: Vec<_> = one.keys().filter(|name| one[*name] != other[*name]).collect();
    assert!(differ.is_empty(), "{how}: {differ:?} differ");
}

/// Without FMA and AVX2 the C library computes `ln` and `exp` in another way, as another machine would.
#[test]
fn another_processor_writes_the_same_bytes() {
    let bench = Bench::new();
    let off = "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4,-AVX2_Usable,-FMA_Usable,-FMA4_Usable";
    let mut other = bench.nines("sweep small.yaml -q --no-gate -o other");
    other.env("GLIBC_TUNABLES", off).assert().success();
    assert_same(&files(&bench.path("other")), &sweep(&bench, 1), "without FMA and AVX2");
}

#[test]
fn another_seed_is_another_result() {
    let bench = Bench::new();
    let digest = |seed: u64| {
        json(&bench, &format!("sweep small.yaml -q --format json --seed {seed}"))["digest"].clone()
    };
    assert_eq!(digest(1), digest(1));
    assert_ne!(digest(1), digest(2));
}

#[test]
fn the_last_line_repeats_the_result() {
    let bench = Bench::new();
    let first = bench.stdout("run small.yaml --set scenario.spec.horizon=20d --repetitions 3 -q");
    let line = first.lines().last().expect("a last line");
    let command =
        line.split("Repeat: nines ").nth(1).expect("a command").split("   (").next().expect("its end");
    assert_eq!(bench.stdout(&format!("{command} -q")), first);
}

#[test]
fn a_run_told_alone_is_the_same_run() {
    let bench = Bench::new();
    let all = json(&bench, "run small.yaml -q --format json --repetitions 5");
    let alone = json(&bench, "run small.yaml -q --format json --run 3");
    let digest = alone["outcome"]["digest"].as_u64().expect("a digest");
    assert_eq!(all["points"][0]["runs"][3]["digest"], format!("{digest:016x}"));
}

fn json(bench: &Bench, arguments: &str) -> serde_json::Value {
    serde_json::from_str(&bench.stdout(arguments)).expect("JSON")
}
