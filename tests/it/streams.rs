//! What goes where: results on standard output, talk on standard error, colours only where they are wanted.

use std::process::Stdio;

use crate::bench::{Bench, SMALL};

#[test]
fn data_on_standard_output_is_nothing_but_data() {
    let bench = Bench::new();
    let json: serde_json::Value =
        serde_json::from_str(&bench.stdout("sweep small.yaml --format json")).expect("JSON");
    assert_eq!(json["points"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["points"][0]["runs"].as_array().map(Vec::len), Some(6));
    let csv = bench.stdout("sweep small.yaml --format csv");
    assert_eq!(
        csv.lines().map(|line| line.matches(',').count()).collect::<std::collections::BTreeSet<_>>().len(),
        1
    );
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let bench = Bench::new();
    let program = bench.nines("schema").get_program().to_owned();
    let mut child = std::process::Command::new(program)
        .arg("schema")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the command ends");
    assert!(output.status.success(), "{:?}", output);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn nothing_is_animated_or_coloured_in_a_file() {
    let output = Bench::new().nines("sweep small.yaml").output().expect("the command runs");
    for stream in [&output.stdout, &output.stderr] {
        assert!(
            !stream.contains(&b'\x1b') && !stream.contains(&b'\r'),
            "{}",
            String::from_utf8_lossy(stream)
        );
    }
}

#[test]
fn colours_obey_flag_and_environment() {
    let bench = Bench::new();
    let coloured = |command: &mut assert_cmd::Command| {
        command.output().expect("the command runs").stdout.contains(&b'\x1b')
    };
    assert!(coloured(&mut bench.nines("sweep small.yaml --color always")));
    assert!(coloured(bench.nines("sweep small.yaml").env("CLICOLOR_FORCE", "1")));
    assert!(!coloured(bench.nines("sweep small.yaml").env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")));
    assert!(!coloured(bench.nines("sweep small.yaml --color never").env("CLICOLOR_FORCE", "1")));
}

#[test]
fn quiet_leaves_standard_error_empty() {
    let output = Bench::new().nines("sweep small.yaml -q").output().expect("the command runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(!output.stdout.is_empty());
}

#[test]
fn diagnostics_for_programs_are_one_json_object_a_line() {
    let bench = Bench::new();
    bench.write("bad.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: [}\n");
    let output =
        bench.nines("validate -f bad.yaml --message-format json").output().expect("the command runs");
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(!stderr.is_empty());
    for line in stderr.lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(value["code"].is_string(), "{line}");
    }
}

#[test]
fn manifests_come_from_standard_input() {
    let bench = Bench::new();
    let from_file = bench.stdout("sweep small.yaml --format json -q");
    let piped =
        bench.nines("sweep -f - --format json -q").write_stdin(SMALL).output().expect("the command runs");
    assert_eq!(String::from_utf8_lossy(&piped.stdout), from_file);
}
