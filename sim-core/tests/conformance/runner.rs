//! Runs the cases of a folder and reports on them, group by group; a file that cannot be read is a failure like any.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::{Answer, Answerer};

/// What came of a folder.
pub struct Report {
    groups: Vec<GroupReport>,
    unreadable: Vec<String>,
}

/// What came of the cases of a group.
struct GroupReport {
    name: String,
    cases: usize,
    failures: Vec<String>,
}

/// A file of cases.
struct Group {
    name: String,
    cases: Vec<Map<String, Value>>,
}

impl Report {
    /// Cases that failed, and things that are wrong with files.
    pub fn failures(&self) -> usize {
        self.groups.iter().map(|group| group.failures.len()).sum::<usize>() + self.unreadable.len()
    }

    /// Names of the groups.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().map(|group| group.name.as_str())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for group in &self.groups {
            writeln!(out, "{:<28} {}/{}", group.name, group.cases - group.failures.len(), group.cases)?;
            group.failures.iter().try_for_each(|failure| writeln!(out, "    FAILED {failure}"))?;
        }
        self.unreadable.iter().try_for_each(|error| writeln!(out, "MALFORMED {error}"))?;
        let cases: usize = self.groups.iter().map(|group| group.cases).sum();
        let failed: usize = self.groups.iter().map(|group| group.failures.len()).sum();
        write!(out, "{}/{cases} cases of {} groups pass", cases - failed, self.groups.len())
    }
}

/// Runs every `*.json` file of a folder, in order of their names.
pub fn run_folder(folder: &Path, groups: &[(&str, Answerer)]) -> Report {
    let mut report = Report { groups: Vec::new(), unreadable: Vec::new() };
    let files = json_files(folder).unwrap_or_else(|error| {
        report.unreadable.push(format!("{}: {error}", folder.display()));
        Vec::new()
    });
    if files.is_empty() {
        report.unreadable.push(format!("{}: no files *.json", folder.display()));
    }
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| vec![error.to_string()]);
        match text.and_then(|text| parse(&text)) {
            Ok(group) => report.groups.push(run_group(group, groups)),
            Err(errors) => {
                let named = errors.into_iter().map(|error| format!("{}: {error}", file.display()));
                report.unreadable.extend(named);
            }
        }
    }
    report
}

fn json_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    Ok(files)
}

/// A group, or everything that is wrong with it.
fn parse(text: &str) -> Result<Group, Vec<String>> {
    let file: Value = serde_json::from_str(text).map_err(|error| vec![format!("not JSON: {error}")])?;
    let mut errors = Vec::new();
    let name = file["group"].as_str().map(str::to_owned);
    errors.extend(name.is_none().then(|| "`group` is not a name".to_owned()));
    let listed = file["cases"].as_array();
    errors.extend(listed.is_none().then(|| "`cases` is not a list".to_owned()));
    let numbered = listed.into_iter().flatten().enumerate();
    let (cases, broken): (Vec<_>, Vec<_>) = numbered.map(parse_case).partition(Result::is_ok);
    errors.extend(broken.into_iter().filter_map(Result::err));
    match name {
        Some(name) if errors.is_empty() => {
            Ok(Group { name, cases: cases.into_iter().filter_map(Result::ok).collect() })
        }
        _ => Err(errors),
    }
}

fn parse_case((index, case): (usize, &Value)) -> Result<Map<String, Value>, String> {
    let error = |what: &str| Err(format!("case {}: {what}", index + 1));
    let Some(fields) = case.as_object() else { return error("not an object") };
    match () {
        () if !case["case"].is_string() => error("`case` is not a name"),
        () if !fields.keys().any(is_expectation) => error("it expects nothing"),
        () => Ok(fields.clone()),
    }
}

fn run_group(group: Group, groups: &[(&str, Answerer)]) -> GroupReport {
    let answerer = groups.iter().find(|(name, _)| *name == group.name).map(|(_, answerer)| *answerer);
    let failure = |case: &Map<String, Value>| {
        let failure = match answerer {
            None => format!("the group {} is not known", group.name),
            Some(answerer) => check(case, answerer)?,
        };
        Some(format!("{}: {failure}", case["case"].as_str().unwrap_or_default()))
    };
    let failures = group.cases.iter().filter_map(failure).collect();
    GroupReport { name: group.name, cases: group.cases.len(), failures }
}

/// What is wrong with the answer to a case, if anything is.
fn check(case: &Map<String, Value>, answerer: Answerer) -> Option<String> {
    let answer = match answer(case, answerer) {
        Ok(Some(answer)) => answer,
        Ok(None) => return Some("its function is not known, or a field that it needs is missing".to_owned()),
        Err(error) => return Some(error),
    };
    let differs = |(field, expected): &(&String, &Value)| {
        is_expectation(field) && !same(expected, &answer[field.as_str()])
    };
    let differences = case.iter().filter(differs);
    let said: Vec<String> = differences
        .map(|(field, expected)| format!("{field} is {}, expected {expected}", answer[field.as_str()]))
        .collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// A case that its function cannot make sense of stops it with a panic.
fn answer(case: &Map<String, Value>, answerer: Answerer) -> Result<Answer, String> {
    let case = Value::Object(case.clone());
    catch_unwind(AssertUnwindSafe(|| answerer(&case))).map_err(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        said.or(panic.downcast_ref::<&str>().copied()).unwrap_or("the function stopped").to_owned()
    })
}

fn is_expectation(field: impl AsRef<str>) -> bool {
    field.as_ref().starts_with("expect")
}

/// Whole numbers may be written as floats.
fn same(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Number(expected), Value::Number(actual)) => {
            let difference = expected.as_f64().zip(actual.as_f64()).map(|(a, b)| (a - b).abs());
            expected == actual || difference.is_some_and(|difference| difference < 1e-12)
        }
        (Value::Array(expected), Value::Array(actual)) => {
            expected.len() == actual.len() && expected.iter().zip(actual).all(|(a, b)| same(a, b))
        }
        (Value::Object(expected), Value::Object(actual)) => {
            let in_actual = |(field, value)| actual.get(field).is_some_and(|other| same(value, other));
            expected.len() == actual.len() && expected.iter().all(in_actual)
        }
        _ => expected == actual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(text: &str) -> Report {
        let doubled: Answerer = |case| match case["fn"].as_str()? {
            "double" => Some(serde_json::json!({ "expect": case["of"].as_u64().expect("a number") * 2 })),
            _ => None,
        };
        let group = parse(text).unwrap_or_else(|errors| panic!("{errors:?}"));
        Report { groups: vec![run_group(group, &[("doubles", doubled)])], unreadable: Vec::new() }
    }

    #[test]
    fn a_report_names_what_was_expected_and_what_came() {
        let report = reported(
            r#"{"group": "doubles", "cases": [
                {"case": "right", "fn": "double", "of": 2, "expect": 4.0},
                {"case": "wrong", "fn": "double", "of": 2, "expect": 5},
                {"case": "silent", "fn": "double", "of": 2, "expect_more": null, "expect": 4},
                {"case": "foreign", "fn": "treble", "of": 2, "expect": 6},
                {"case": "broken", "fn": "double", "of": "two", "expect": 4}]}"#,
        );
        let lines: Vec<String> = report.to_string().lines().map(str::to_owned).collect();
        assert_eq!(
            lines,
            [
                "doubles                      2/5",
                "    FAILED wrong: expect is 4, expected 5",
                "    FAILED foreign: its function is not known, or a field that it needs is missing",
                "    FAILED broken: a number",
                "2/5 cases of 1 groups pass",
            ]
        );
    }

    #[test]
    fn a_group_that_is_not_known_fails_as_a_whole() {
        let report = reported(r#"{"group": "trebles", "cases": [{"case": "any", "expect": 1}]}"#);
        assert_eq!(report.failures(), 1);
    }

    #[test]
    fn everything_that_is_wrong_with_a_file_is_said_at_once() {
        let errors = |text: &str| parse(text).map(|group| group.name).unwrap_err();
        assert!(errors("{")[0].starts_with("not JSON"));
        assert_eq!(errors("[]"), ["`group` is not a name", "`cases` is not a list"]);
        assert_eq!(
            errors(r#"{"group": "doubles", "cases": [1, {"expect": 1}, {"case": "idle"}]}"#),
            ["case 1: not an object", "case 2: `case` is not a name", "case 3: it expects nothing"]
        );
    }
}
