//! The README shows what really comes out: each `console` block is played in a folder of its own and compared, and
//! its pictures are those of the sweep it opens with. `NINES_README=rewrite cargo test --test it readme` (or
//! `scripts/readme`) writes both anew.
//!
//! A line `[...]` stands for lines left out; as many as stand before and after it are shown again. A `yaml` block that
//! begins with `# name.yaml` is a file for the commands after it.
#![cfg(unix)]

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use tempfile::TempDir;

/// Pictures of the sweep that the README opens with.
const PICTURES: [&str; 2] = ["availability.svg", "downtime.svg"];

const FENCE: &str = "```";

#[test]
fn the_console_shows_what_happens() {
    let text = fs::read_to_string(root().join("README.md")).expect("the README");
    let stage = Stage::new();
    let pieces = text.split(FENCE).enumerate();
    let retold: Vec<String> =
        pieces.map(|(at, piece)| if at % 2 == 1 { stage.play(piece) } else { piece.to_owned() }).collect();
    let retold = retold.join(FENCE);
    if stage.rewrite {
        fs::write(root().join("README.md"), retold).expect("the README can be written");
    } else {
        let differs = text.lines().zip(retold.lines()).find(|(old, new)| old != new);
        assert!(text == retold, "(README, now): {differs:?}\nscripts/readme writes it anew");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The folder in which the commands are played.
struct Stage {
    folder: TempDir,
    rewrite: bool,
}

impl Stage {
    fn new() -> Stage {
        let folder = TempDir::new().expect("a temporary folder");
        let catalog = root().join("scenarios");
        std::os::unix::fs::symlink(catalog, folder.path().join("scenarios")).expect("a link");
        Stage { folder, rewrite: std::env::var("NINES_README").is_ok_and(|wish| wish == "rewrite") }
    }

    /// What stands between two fences, as it comes out now.
    fn play(&self, block: &str) -> String {
        let (language, body) = block.split_once('\n').expect("a block has lines");
        match language {
            "console" => {
                let (command, shown) = body.split_once('\n').unwrap_or((body, ""));
                let command = command.strip_prefix("$ ").expect("a console block begins with a command");
                format!("console\n$ {command}\n{}", self.output(command, shown))
            }
            "yaml" => {
                let name = body.lines().next().and_then(|line| line.strip_prefix("# "));
                if let Some(name) = name.filter(|name| name.ends_with(".yaml")) {
                    fs::write(self.folder.path().join(name), body).expect("a file is written");
                }
                block.to_owned()
            }
            _ => block.to_owned(),
        }
    }

    fn output(&self, command: &str, shown: &str) -> String {
        match command {
            "scripts/test" => return self.steps(shown),
            "scripts/test --list" => return list_of_steps(),
            _ => {}
        }
        let own =
            ["cargo run --release -- ", "nines "].iter().find_map(|prefix| command.strip_prefix(prefix));
        let arguments = own.unwrap_or_else(|| panic!("no command of ours: {command}"));
        let told = trimmed(&self.nines(arguments), shown);
        if command.starts_with("cargo") {
            self.check_pictures();
        }
        told
    }

    /// Standard output and standard error together, as a terminal shows them.
    fn nines(&self, arguments: &str) -> String {
        let (mut reader, writer) = io::pipe().expect("a pipe");
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("nines"));
        command.current_dir(self.folder.path()).args(arguments.split_whitespace());
        command.env("NO_COLOR", "1").stdin(Stdio::null());
        command.stdout(writer.try_clone().expect("a second end")).stderr(writer);
        let mut child = command.spawn().expect("the command starts");
        // The pipe ends when nobody can write to it any more.
        drop(command);
        let mut output = String::new();
        reader.read_to_string(&mut output).expect("UTF-8");
        child.wait().expect("the command ends");
        output
    }

    fn check_pictures(&self) {
        for name in PICTURES {
            let fresh = fs::read(self.folder.path().join("nines-out").join(name)).expect("a picture");
            let shown = root().join("docs/images").join(name);
            if self.rewrite {
                fs::write(shown, fresh).expect("the picture can be written");
            } else {
                assert!(
                    fs::read(shown).is_ok_and(|old| old == fresh),
                    "docs/images/{name} is another: scripts/readme"
                );
            }
        }
    }

    /// The summary of `scripts/test`, whose times differ: its steps must be there.
    fn steps(&self, shown: &str) -> String {
        if self.rewrite {
            let last = fs::read_to_string(root().join("target/scripts-test.txt"));
            return last.map_or(shown.to_owned(), |summary| trimmed(&summary, shown));
        }
        for step in list_of_steps().lines() {
            assert!(shown.contains(step), "the README does not show the step {step}");
        }
        shown.to_owned()
    }
}

fn list_of_steps() -> String {
    let list = Command::new(root().join("scripts/test")).arg("--list").output().expect("a list of steps");
    String::from_utf8_lossy(&list.stdout).into_owned()
}

/// As much of the output as is shown of the old one, without the lines that tell of progress.
fn trimmed(output: &str, shown: &str) -> String {
    let lines = output.trim_end().lines().filter(|line| !line.contains(" runs/s, "));
    let lines: Vec<&str> = lines.collect();
    let shown: Vec<&str> = shown.lines().collect();
    let kept = match shown.iter().position(|line| line.trim() == "[...]") {
        Some(head) => {
            let tail = shown.len() - head - 1;
            assert!(head + tail <= lines.len(), "nothing is left out of:\n{output}");
            [&lines[..head], &[shown[head]], &lines[lines.len() - tail..]].concat()
        }
        None => lines,
    };
    kept.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn what_is_left_out_stays_left_out() {
    let output = "a\nb\n10/20 runs, 5 runs/s, 2 s left\nc\nd\ne\n";
    assert_eq!(trimmed(output, "A\nB\n[...]\nE\n"), "a\nb\n[...]\ne\n");
    assert_eq!(trimmed(output, "whatever\n"), "a\nb\nc\nd\ne\n");
}

#[test]
fn the_pictures_are_shown() {
    let text = fs::read_to_string(root().join("README.md")).expect("the README");
    for name in PICTURES {
        assert!(text.contains(&format!("](docs/images/{name})")), "{name}");
        assert!(Path::new(&root().join("docs/images").join(name)).exists(), "{name}");
    }
}
