//! Results to a directory. Everything is made before anything is written, and every file appears whole or not at
//! all; `index.html` comes last, so that a page never speaks of files that are not there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use scenarios::summary::SweepResult;
use sim_core::outcome::Recording;

use crate::charts::{self, Chart};
use crate::labels::RunLabels;
use crate::{csv, html, png};

/// What a result does not say itself.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    /// The command that repeats the result.
    pub reproduce: String,
    /// A run of the sweep, told in full.
    pub recording: Option<(RunLabels, Recording)>,
}

/// Files in the order in which they are written.
type Files = Vec<(String, Vec<u8>)>;

/// Writes the tables, pictures and page of a sweep; returns their paths.
pub fn write_sweep(dir: &Path, result: &SweepResult, extras: &Extras) -> io::Result<Vec<PathBuf>> {
    write_all(dir, sweep_files(result, extras)?)
}

/// Writes the tables, pictures and page of one run; returns their paths.
pub fn write_run(
    dir: &Path,
    labels: &RunLabels,
    recording: &Recording,
    reproduce: &str,
) -> io::Result<Vec<PathBuf>> {
    let mut files = run_tables(labels, recording)?;
    let pictures = charts::of_run(labels, recording)?;
    files.extend(pictures_of(&pictures)?);
    let page = html::of_run(labels, recording, &pictures, reproduce, &names(&files));
    files.push(("index.html".into(), page.into_bytes()));
    write_all(dir, files)
}

fn sweep_files(result: &SweepResult, extras: &Extras) -> io::Result<Files> {
    let mut files: Files = vec![
        ("points.csv".into(), csv::points(result).to_csv()?),
        ("runs.csv".into(), csv::runs(result).to_csv()?),
        ("workloads.csv".into(), csv::workloads(result).to_csv()?),
        ("replica-ratio.csv".into(), csv::replica_ratios(result).to_csv()?),
        ("outages.csv".into(), csv::outages(result).to_csv()?),
        ("causes.csv".into(), csv::causes(result).to_csv()?),
    ];
    let pictures = charts::of_sweep(result)?;
    files.extend(pictures_of(&pictures)?);
    let mut run_pictures = Vec::new();
    if let Some((labels, recording)) = &extras.recording {
        files.extend(run_tables(labels, recording)?);
        run_pictures = charts::of_run(labels, recording)?;
        files.extend(pictures_of(&run_pictures)?);
    }
    let run =
        extras.recording.as_ref().map(|(labels, recording)| (labels, recording, run_pictures.as_slice()));
    let page = html::of_sweep(result, &pictures, run, &extras.reproduce, &names(&files));
    files.push(("index.html".into(), page.into_bytes()));
    Ok(files)
}

fn run_tables(labels: &RunLabels, recording: &Recording) -> io::Result<Files> {
    Ok(vec![
        ("run-timeline.csv".into(), csv::timeline(recording).to_csv()?),
        ("run-samples.csv".into(), csv::samples(labels, recording).to_csv()?),
        ("run-outages.csv".into(), csv::run_outages(labels, recording).to_csv()?),
    ])
}

fn pictures_of(charts: &[Chart]) -> io::Result<Files> {
    let mut files = Vec::new();
    for chart in charts {
        files.push((format!("{}.svg", chart.name), chart.svg.clone().into_bytes()));
        files.push((format!("{}.png", chart.name), png::from_svg(&chart.svg)?));
    }
    Ok(files)
}

fn names(files: &Files) -> Vec<String> {
    files.iter().map(|(name, _)| name.clone()).collect()
}

fn write_all(dir: &Path, files: Files) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(dir)?;
    files.into_iter().map(|(name, bytes)| write_whole(dir, &name, &bytes)).collect()
}

/// Writes beside the file's place and then moves it there, which no reader sees half done.
fn write_whole(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let (path, partial) = (dir.join(name), dir.join(format!(".{name}.partial")));
    let written = fs::write(&partial, bytes).and_then(|()| fs::rename(&partial, &path));
    if written.is_err() {
        // The error that matters is the first one.
        let _ = fs::remove_file(&partial);
    }
    written.map(|()| path)
}
