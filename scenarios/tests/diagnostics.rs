//! What users see for bad and doubtful input. Each `diagnostics/NAME.yaml` is an input and `NAME.txt` what is
//! printed for it. `UPDATE_EXPECTED=1 cargo test -p nines-scenarios` writes the expectations anew: read the diff.
//!
//! A line `# set: PATH=VALUE` in an input is an argument, `# strict` an option.

use std::fs;
use std::path::{Path, PathBuf};

use scenarios::diagnostic::{Diagnostic, codes, human, json_lines};
use scenarios::{Input, Options, load};

#[test]
fn every_input_is_answered_as_expected() {
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    let mut wrong = Vec::new();
    for input in inputs() {
        let expected_file = input.with_extension("txt");
        let actual = human(&diagnose(&input), false);
        if update {
            fs::write(&expected_file, &actual).unwrap();
        } else if fs::read_to_string(&expected_file).unwrap_or_default() != actual {
            wrong.push(format!("{}:\n{actual}", input.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_of_the_compiler_is_shown_by_some_input() {
    let shown: String = inputs().iter().map(|input| json_lines(&diagnose(input))).collect();
    let elsewhere = ["N001", "N002", "N003"];
    for code in codes::ALL.iter().filter(|code| !elsewhere.contains(&code.id)) {
        assert!(shown.contains(&format!("\"{}\"", code.id)), "no input shows {}: {}", code.id, code.title);
    }
}

#[test]
fn json_lines_tell_the_place() {
    let input = inputs().into_iter().find(|input| input.ends_with("no-progress.yaml")).unwrap();
    let lines = json_lines(&diagnose(&input));
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((&first["code"], &first["severity"]), (&"N014".into(), &"error".into()));
    assert_eq!((&first["labels"][0]["line"], &first["labels"][0]["column"]), (&10.into(), &23.into()));
    assert_eq!(first["labels"][0]["file"], "no-progress.yaml");
}

fn inputs() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut inputs: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|e| e == "yaml")).collect();
    inputs.sort();
    inputs
}

fn diagnose(path: &Path) -> Vec<Diagnostic> {
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let sets: Vec<String> =
        text.lines().filter_map(|line| line.strip_prefix("# set: ")).map(str::to_owned).collect();
    let options = Options { strict: text.starts_with("# strict"), ..Options::default() };
    load(&[Input::Text { name, text }], &sets, options).check()
}
