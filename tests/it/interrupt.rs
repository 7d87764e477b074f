//! Ctrl-C ends in order: exit code 130, with the results of the runs finished until then.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::bench::Bench;

#[test]
fn ctrl_c_keeps_what_is_done() {
    let bench = Bench::new();
    let program = bench.nines("").get_program().to_owned();
    let mut child = Command::new(program)
        .current_dir(bench.path(""))
        .args(["run", "small.yaml", "--repetitions", "100000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut talk = BufReader::new(child.stderr.take().expect("its standard error"));
    let announced = std::iter::from_fn(|| {
        let mut line = String::new();
        talk.read_line(&mut line).ok().filter(|bytes| *bytes > 0).map(|_| line)
    })
    .any(|line| line.contains("100,000,000 runs"));
    assert!(announced);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().expect("a signal is sent");
    let output = child.wait_with_output().expect("the command ends");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(130), "{stdout}");
    assert!(stdout.contains("Interrupted"), "{stdout}");
    assert!(stdout.contains("--repetitions 100000000"), "{stdout}");
}
