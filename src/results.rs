//! Results: what is printed, what is written, and the last line that gives them again.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use reports::words::counted;
use reports::{csv, json, table, verdict};
use scenarios::summary::SweepResult;
use scenarios::sweep::Findings;

use crate::cli::{Format, Results};
use crate::exit::Exit;
use crate::output;
use crate::told::Told;
use crate::voice::Voice;

/// Makes the folder for the files, and sees that it takes some, before anything is run for them.
pub fn prepare(args: &Results) -> Result<()> {
    let folder = args.output.display();
    if args.output.is_file() {
        bail!("cannot write results to {folder}: it is a file, not a folder (choose one with -o)");
    }
    std::fs::create_dir_all(&args.output).with_context(|| format!("cannot make the folder {folder}"))?;
    let probe = args.output.join(".nines.partial");
    std::fs::write(&probe, "").with_context(|| format!("cannot write to the folder {folder}"))?;
    std::fs::remove_file(&probe).with_context(|| format!("cannot write to the folder {folder}"))
}

/// The summary of all runs in the format that was asked for.
pub fn summary(result: &SweepResult, format: Format, voice: &Voice) -> Result<String> {
    Ok(match format {
        Format::Table => table::text(result, look(voice)),
        Format::Markdown => table::markdown(result),
        Format::Json => json::text(result)?,
        Format::Csv => String::from_utf8_lossy(&csv::points(result).to_csv()?).into_owned(),
    })
}

/// How the terminal wants it.
pub fn look(voice: &Voice) -> table::Look {
    table::Look { colour: voice.colour_stdout, width: output::width() }
}

/// What was written where, the page first.
pub fn written(args: &Results, files: std::io::Result<Vec<PathBuf>>) -> Result<String> {
    let folder = args.output.display();
    let files = files.with_context(|| format!("cannot write to {folder}"))?;
    let are =
        |kind: &str| files.iter().filter(|path| path.extension().is_some_and(|end| end == kind)).count();
    let page = args.output.join("index.html");
    let (tables, pictures) = (are("csv"), are("svg"));
    let (tables, pictures) = (counted(tables, "CSV table"), counted(pictures, "chart"));
    Ok(format!("Wrote {}, and beside it {tables} and {pictures} as SVG and PNG", page.display()))
}

/// How to get the results of an experiment again, or the whole of them.
pub fn signature(findings: &Findings, repeat: &str) -> String {
    let result = &findings.result;
    let origin = origin(&result.version, &result.input_hash, &result.digest);
    signed(findings.complete, result.repetitions, repeat, &origin)
}

/// The same of any result that is complete, or has so many runs at each design point.
pub fn signed(complete: bool, repetitions: u64, repeat: &str, origin: &str) -> String {
    if complete {
        return format!("{SAME} {repeat}   {origin}");
    }
    let head = format!("Interrupted: the results are of {repetitions} runs at each design point.");
    format!("{head} All of them: {repeat}   {origin}")
}

/// How to get one run again.
pub fn signature_of_run(told: &Told, repeat: &str) -> String {
    let digest = told.recording.outcome.digest.to_string();
    format!("{SAME} {repeat}   {}", origin(&told.labels.version, &told.labels.input_hash, &digest))
}

const SAME: &str = "Same version, input and seed give the same bytes. Repeat:";

/// What a result is of.
pub fn origin(version: &str, input: &str, digest: &str) -> String {
    format!("(nines {version}, input {input}, digest {digest})")
}

/// The last lines: with a table on standard output; with data, which must stay pure, on standard error.
pub fn close(args: &Results, lines: &[String], voice: &Voice) -> Result<()> {
    if args.format == Format::Table {
        return output::print_line(&format!("\n{}", lines.join("\n")));
    }
    lines.iter().for_each(|line| voice.announce(line));
    Ok(())
}

/// The exit code of a finished experiment.
pub fn exit(findings: &Findings, args: &Results) -> Exit {
    let fell_short = findings.result.stopped.as_ref().is_some_and(|stopped| !stopped.reached);
    match (findings.complete, fell_short) {
        (false, _) => Exit::Interrupted,
        (true, true) => Exit::Incomplete,
        (true, false) => verdict(verdict::objectives_hold(&findings.result), args),
    }
}

/// The exit code where objectives hold, or do not.
pub fn verdict(hold: bool, args: &Results) -> Exit {
    if hold || args.no_gate { Exit::Met } else { Exit::Missed }
}
