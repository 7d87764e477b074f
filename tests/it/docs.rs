//! The documentation cannot drift: its tables are made from the code, its links lead somewhere, and every dependency
//! has its reason. `NINES_DOCS=rewrite cargo test --test it docs` (or `scripts/readme`) writes the tables anew.

use std::fs;
use std::path::{Path, PathBuf};

use scenarios::scenario_file::{HEALTH_CHECKS, defaults, timing_defaults};
use scenarios::unmodelled;

const FIRST_MINOR_WITH_LONGER_GRACE: u32 = 32;

#[test]
fn tables_are_what_the_code_says() {
    let path = root().join("docs/model.md");
    let text = fs::read_to_string(&path).expect("docs/model.md");
    let tables = [
        ("defaults", default_table()),
        ("timings", timing_table()),
        ("load balancers", load_balancer_table()),
        ("no effect", unmodelled_table()),
        ("presets", preset_table()),
        ("cloud-vm", format!("```yaml\n{}```\n", defaults::FAULTS.value)),
    ];
    let written = tables.iter().fold(text.clone(), |text, (name, table)| with_table(&text, name, table));
    if std::env::var("NINES_DOCS").is_ok_and(|wish| wish == "rewrite") {
        fs::write(&path, written).expect("docs/model.md can be written");
    } else {
        let differs = text.lines().zip(written.lines()).find(|(old, new)| old != new);
        assert!(text == written, "(docs/model.md, code): {differs:?}\nscripts/readme writes the tables anew");
    }
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        for target in links(&text) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let linked = if file.is_empty() { page.clone() } else { page.with_file_name("").join(file) };
            let found = match (anchor, fs::read_to_string(&linked)) {
                ("", _) => linked.exists(),
                (_, Ok(text)) => anchors(&text).iter().any(|own| own == anchor),
                (_, Err(_)) => false,
            };
            if !found {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_dependency_has_a_reason() {
    let page = fs::read_to_string(root().join("docs/decisions/dependencies.md")).expect("the page");
    let mut named: Vec<String> = Vec::new();
    for folder in [".", "sim-core", "scenarios", "reports", "bench"] {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).expect("a Cargo.toml");
        named.extend(dependencies(&manifest));
    }
    named.sort();
    named.dedup();
    let row = |name: &String| format!("| `{name}` |");
    let missing: Vec<&String> = named.iter().filter(|name| !page.contains(&row(name))).collect();
    assert!(missing.is_empty(), "docs/decisions/dependencies.md does not say why: {missing:?}");
    let rows = page.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, named.len(), "docs/decisions/dependencies.md explains what nobody uses");
}

#[test]
fn every_decision_is_listed() {
    let folder = root().join("docs/decisions");
    let list = fs::read_to_string(folder.join("README.md")).expect("the list of decisions");
    for page in markdown_in(&folder) {
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        assert!(name == "README.md" || list.contains(&format!("]({name})")), "{name} is not in the list");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn default_table() -> String {
    let row = |default: &defaults::DefaultValue| {
        let value = if default.value.contains('\n') {
            "the faults [cloud-vm](#cloud-vm)".to_owned()
        } else {
            format!("`{}`", default.value)
        };
        format!("| `{}` | {value} | {} | {} |\n", default.field, default.meaning, default.source)
    };
    header("Field | Default | Meaning | Source") + &defaults::TABLE.iter().map(row).collect::<String>()
}

fn timing_table() -> String {
    let old = timing_defaults(FIRST_MINOR_WITH_LONGER_GRACE - 1);
    let rows = timing_defaults(35).into_iter().zip(old).map(|(new, old)| {
        let value = if new.value == old.value {
            format!("`{}`", new.value)
        } else {
            format!("`{}`; `{}` up to 1.{}", new.value, old.value, FIRST_MINOR_WITH_LONGER_GRACE - 1)
        };
        format!("| `{}` | {value} | {} | {} |\n", new.field, new.meaning, new.source)
    });
    header("Field | Default | Meaning | Source") + &rows.collect::<String>()
}

fn load_balancer_table() -> String {
    let mut table = String::from(
        "| Provider | Interval | Time-out | Healthy | Unhealthy | Source |\n|---|---|---|---|---|---|\n",
    );
    for c in HEALTH_CHECKS {
        let (healthy, unhealthy) = (c.healthy_threshold, c.unhealthy_threshold);
        table += &format!(
            "| `{}` | {} s | {} s | {healthy} | {unhealthy} | {} |\n",
            c.provider, c.interval, c.timeout, c.source
        );
    }
    table
}

fn preset_table() -> String {
    let row = |preset: &scenarios::presets::Preset| format!("| `{}` | {} |\n", preset.name, preset.about());
    header("Preset | What it is") + &scenarios::presets::ALL.iter().map(row).collect::<String>()
}

fn unmodelled_table() -> String {
    let rows = unmodelled().map(|field| {
        let value = if field.value.is_empty() { String::new() } else { format!(": {}", field.value) };
        format!("| {} | `{}{value}` | {} |\n", field.kind, field.path, field.instead)
    });
    header("In | Field | What the model does instead") + &rows.collect::<String>()
}

fn header(columns: &str) -> String {
    let rule = columns.split('|').map(|_| "---|").collect::<String>();
    format!("| {columns} |\n|{rule}\n")
}

/// The page with another table between `<!-- table: name -->` and `<!-- end -->`.
fn with_table(text: &str, name: &str, table: &str) -> String {
    let opening = format!("<!-- table: {name} -->\n");
    let start = text.find(&opening).unwrap_or_else(|| panic!("{opening}")) + opening.len();
    let end = start + text[start..].find("<!-- end -->").expect("the end of the table");
    format!("{}{table}{}", &text[..start], &text[end..])
}

/// Every page of the repository that people read.
fn pages() -> Vec<PathBuf> {
    ["", "docs", "docs/decisions"].iter().flat_map(|folder| markdown_in(&root().join(folder))).collect()
}

fn markdown_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut pages: Vec<_> = entries.filter(|path| path.extension().is_some_and(|ext| ext == "md")).collect();
    pages.sort();
    pages
}

/// Targets of links within the repository.
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://")).collect()
}

/// Anchors of a page's headings, as GitHub makes them.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        words.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
    };
    headings.map(anchor).collect()
}

/// Names in the sections of dependencies of a Cargo.toml, our own crates left out.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut within = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            within = line.trim_end_matches(']').ends_with("dependencies");
        } else if let (true, Some((name, _))) = (within, line.split_once('=')) {
            let name = name.trim().trim_end_matches(".workspace").to_owned();
            if !name.starts_with('#') && !["sim-core", "scenarios", "reports"].contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    names
}
