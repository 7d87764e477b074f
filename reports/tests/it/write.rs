//! Whole files, the same every time.

use std::fs;
use std::path::{Path, PathBuf};

use reports::write::{Extras, write_run, write_sweep};

use crate::fixture::*;

fn fresh(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&dir);
    dir
}

fn contents(paths: &[PathBuf]) -> Vec<(String, Vec<u8>)> {
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

#[test]
fn a_sweep_is_written_twice_to_the_same_bytes() {
    let extras =
        |threads| Extras { reproduce: "nines sweep --seed 42".into(), recording: Some(recording()), threads };
    let (first, second) = (fresh("sweep-1"), fresh("sweep-2"));
    let once = write_sweep(&first, &replicas_by_spread(), &extras(1)).unwrap();
    let again = write_sweep(&second, &replicas_by_spread(), &extras(3)).unwrap();
    assert!(contents(&once) == contents(&again));
    let in_directory = fs::read_dir(&first).unwrap().count();
    assert_eq!(in_directory, once.len(), "no partial file is left");
    assert_eq!(once.last().unwrap(), &first.join("index.html"));
    // Over an older result, too.
    assert_eq!(write_sweep(&first, &replicas_by_spread(), &extras(0)).unwrap(), once);
    for name in
        ["points.csv", "runs.csv", "workloads.csv", "availability.svg", "heatmap.png", "run-timeline.csv"]
    {
        assert!(once.contains(&first.join(name)), "{name}");
    }
}

#[test]
fn a_run_is_written_twice_to_the_same_bytes() {
    let (labels, recording) = recording();
    let write = |name: &str| write_run(&fresh(name), &labels, &recording, "nines run web.yaml").unwrap();
    assert!(contents(&write("run-1")) == contents(&write("run-2")));
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let blocked = fresh("blocked");
    fs::create_dir_all(blocked.join("index.html")).unwrap();
    assert!(write_sweep(&blocked, &never_down(), &Extras::default()).is_err());
    assert!(!hidden(&blocked), "no partial file is left");
    let file = blocked.join("a-file");
    fs::write(&file, "").unwrap();
    assert!(write_sweep(&file, &never_down(), &Extras::default()).is_err());
}

#[test]
fn where_one_file_fails_none_appears() {
    let blocked = fresh("blocked-partial");
    fs::create_dir_all(blocked.join(".outages.csv.partial")).unwrap();
    assert!(write_sweep(&blocked, &never_down(), &Extras::default()).is_err());
    fs::remove_dir(blocked.join(".outages.csv.partial")).unwrap();
    assert_eq!(fs::read_dir(&blocked).unwrap().count(), 0);
}

fn hidden(dir: &Path) -> bool {
    fs::read_dir(dir).unwrap().any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with('.'))
}
