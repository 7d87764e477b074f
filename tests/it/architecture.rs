//! What types and lints cannot hold: every file is in a list, arrows point one way, files and functions stay short.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file: its path from the root of the repository, and its text.
struct Source {
    path: PathBuf,
    text: String,
}

/// Longest file. Functions: median and 90th percentile.
const FILE_LINES: usize = 300;
const FUNCTION_LINES: (usize, usize) = (12, 45);

/// Where the crates' sources are, in the order of the arrows: none knows a later one.
const CRATES: [(&str, &str); 4] = [
    ("sim-core/src", "sim_core"),
    ("scenarios/src", "scenarios"),
    ("reports/src", "reports"),
    ("src", "nines"),
];

/// Who may not speak of whom inside sim-core.
const BLIND: [(&str, &[&str]); 5] = [
    ("sim-core/src/controllers", &["physical", "agenda", "engine::", "crate::agents", "crate::faults"]),
    ("sim-core/src/faults", &["world::api", "crate::controllers", "crate::agents", "engine::"]),
    ("sim-core/src/agents", &["crate::faults", "engine::", "crate::traffic", "crate::observers"]),
    (
        "sim-core/src/traffic",
        &["world::api", "crate::controllers", "crate::agents", "engine::", "crate::faults"],
    ),
    ("sim-core/src/observers", &["Request", "crate::rng", "engine::", "crate::agents", "crate::controllers"]),
];

/// What agents may take from the controllers' folder: arithmetic that upstream shares too.
const SHARED: &str = "crate::controllers::backoff";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files under a folder, in order of their paths.
fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source");
                found.push(Source { path: path.strip_prefix(root()).expect("inside").to_owned(), text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Lines of code with their numbers, without comments.
fn code(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let lines = source.text.lines().enumerate().map(|(number, line)| (number + 1, line));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn mentions(folder: &str, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources(folder) {
        let lines = code(&source).filter(|(_, line)| line.contains(word) && !line.contains(SHARED));
        found.extend(
            lines.map(|(number, line)| format!("{}:{number}: {}", source.path.display(), line.trim())),
        );
    }
    found
}

/// The file that should list another one: `mod.rs` beside it, or the file named like its folder, or the crate's root.
fn lister(path: &Path) -> Vec<PathBuf> {
    let folder = path.parent().expect("a folder");
    let above = if path.ends_with("mod.rs") { folder.parent().expect("a folder") } else { folder };
    let named = above.with_extension("rs");
    ["mod.rs", "lib.rs", "main.rs"].iter().map(|name| above.join(name)).chain([named]).collect()
}

fn is_listed(path: &Path) -> bool {
    let stem =
        if path.ends_with("mod.rs") { path.parent().and_then(Path::file_stem) } else { path.file_stem() };
    let stem = stem.expect("a name").to_string_lossy().into_owned();
    let declares = |text: String| text.lines().any(|line| line.trim_end().ends_with(&format!("mod {stem};")));
    lister(path).iter().filter_map(|list| fs::read_to_string(root().join(list)).ok()).any(declares)
}

#[test]
fn every_source_file_is_in_a_list() {
    let roots = ["lib.rs", "main.rs"];
    let mut unlisted = Vec::new();
    for folder in CRATES.iter().map(|(folder, _)| *folder).chain(["tests/it"]) {
        let files = sources(folder).into_iter().map(|source| source.path);
        unlisted
            .extend(files.filter(|path| !roots.iter().any(|root| path.ends_with(root)) && !is_listed(path)));
    }
    assert!(unlisted.is_empty(), "in no `mod` list: {unlisted:#?}");
}

#[test]
fn arrows_point_one_way() {
    for (at, (folder, _)) in CRATES.iter().enumerate() {
        for (_, later) in &CRATES[at + 1..] {
            let back = mentions(folder, &format!("{later}::"));
            assert!(back.is_empty(), "{folder} speaks of {later}: {back:#?}");
        }
    }
}

#[test]
fn nobody_sees_more_than_the_design_allows() {
    for (folder, forbidden) in BLIND {
        for word in forbidden {
            let seen = mentions(folder, word);
            assert!(seen.is_empty(), "{folder} speaks of {word}: {seen:#?}");
        }
    }
}

#[test]
fn the_model_does_no_io() {
    for word in
        ["std::fs", "std::net", "std::thread", "std::env", "std::process", "std::time", "println!", "HashMap"]
    {
        let seen = mentions("sim-core/src", word);
        assert!(seen.is_empty(), "sim-core speaks of {word}: {seen:#?}");
    }
}

/// API state changes only in `commit`, for nobody else can name a mutable `Api`.
#[test]
fn only_the_engine_commits() {
    let folders = ["agents", "controllers", "faults", "observers", "traffic"];
    for folder in folders {
        let seen = mentions(&format!("sim-core/src/{folder}"), "&mut Api");
        assert!(seen.is_empty(), "{seen:#?}");
    }
    let seen: Vec<_> = mentions("sim-core/src/engine", ".commit(").into_iter().collect();
    assert_eq!(seen.len(), 1, "one call of the API's commit, in the engine's `write`: {seen:#?}");
}

#[test]
fn files_are_short() {
    let mut problems = Vec::new();
    for source in CRATES.iter().flat_map(|(folder, _)| sources(folder)) {
        let (path, lines) = (source.path.display().to_string(), source.text.lines().count());
        if lines > FILE_LINES {
            problems.push(format!("{path} has {lines} lines, more than {FILE_LINES}"));
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

/// Lengths of functions with what to call them. Code is formatted: a function ends at a brace as deep as its `fn`.
fn functions(source: &Source) -> Vec<(usize, String)> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut functions = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let words = line.trim_start();
        let depth = line.len() - words.len();
        let begins = ["fn ", "pub fn ", "pub(super) fn ", "pub(crate) fn ", "const fn ", "pub const fn "];
        if !begins.iter().any(|begin| words.starts_with(begin)) {
            continue;
        }
        let closes = |line: &&str| {
            line.len() > depth && line[depth..].starts_with('}') && line[..depth].trim().is_empty()
        };
        let length = lines[start..].iter().position(closes).map_or(1, |at| at + 1);
        let length = if line.trim_end().ends_with(['}', ';']) { 1 } else { length };
        functions.push((length, format!("{}:{}", source.path.display(), start + 1)));
    }
    functions
}

#[test]
fn functions_are_short() {
    let all = CRATES.iter().flat_map(|(folder, _)| sources(folder));
    let mut lengths: Vec<(usize, String)> = all.flat_map(|source| functions(&source)).collect();
    lengths.sort();
    let at = |share: f64| lengths[(lengths.len() as f64 * share) as usize].0;
    let (median, ninetieth) = (at(0.5), at(0.9));
    println!("{} functions: median {median} lines, 90% at most {ninetieth}", lengths.len());
    let longest: Vec<_> = lengths.iter().rev().take(5).collect();
    assert!(
        lengths.len() > 1_000 && median <= FUNCTION_LINES.0 && ninetieth <= FUNCTION_LINES.1,
        "median {median}, 90% {ninetieth}; the longest: {longest:#?}"
    );
}
