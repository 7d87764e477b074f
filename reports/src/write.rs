//! Results to a directory. Files are written side by side, on as many threads as asked for, and none is in memory as a
//! whole unless it is small. Every file appears whole or not at all: all are written beside their places first, and
//! moved there when nothing can fail any more; `index.html` comes last, so that a page never speaks of files that are
//! not there. Where something fails after all, nothing half done is left behind.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use scenarios::compare::Comparison;
use scenarios::sensitivity::Sensitivity;
use scenarios::summary::SweepResult;
use sim_core::outcome::Recording;

use crate::charts::{self, Chart};
use crate::csv::Table;
use crate::labels::RunLabels;
use crate::{csv, html, png};

/// What a result does not say itself.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    /// The command that repeats the result.
    pub reproduce: String,
    /// A run of the sweep, told in full.
    pub recording: Option<(RunLabels, Recording)>,
    /// Threads that write; 0 takes one per core. The files are the same with any number.
    pub threads: usize,
}

/// A file to be: its name and what comes into it.
struct Draft<'a> {
    name: String,
    content: Content<'a>,
}

enum Content<'a> {
    Table(Table<'a>),
    /// As it is.
    Text(&'a str),
    /// An SVG document, to be painted as PNG.
    Painting(&'a str),
}

/// Writes the tables, pictures and page of a sweep; returns their paths.
pub fn write_sweep(dir: &Path, result: &SweepResult, extras: &Extras) -> io::Result<Vec<PathBuf>> {
    on_threads(extras.threads, || {
        let pictures = charts::of_sweep(result)?;
        let run = extras.recording.as_ref();
        let run_pictures =
            run.map_or(Ok(Vec::new()), |(labels, recording)| charts::of_run(labels, recording))?;
        let mut drafts = sweep_tables(result);
        drafts.extend(drafts_of(&pictures));
        drafts.extend(run.into_iter().flat_map(|(labels, recording)| run_tables(labels, recording)));
        drafts.extend(drafts_of(&run_pictures));
        let run = run.map(|(labels, recording)| (labels, recording, run_pictures.as_slice()));
        let page = html::of_sweep(result, &pictures, run, &extras.reproduce, &names(&drafts));
        write_all(dir, drafts, &page)
    })
}

/// Writes the tables, the picture and the page of a comparison; returns their paths.
pub fn write_comparison(dir: &Path, comparison: &Comparison, reproduce: &str) -> io::Result<Vec<PathBuf>> {
    let picture = [charts::of_comparison(comparison)?];
    let mut drafts = vec![
        Draft::table("designs.csv", csv::designs(comparison)),
        Draft::table("differences.csv", csv::differences(comparison)),
    ];
    drafts.extend(drafts_of(&picture));
    let page = html::of_comparison(comparison, &picture, reproduce, &names(&drafts));
    write_all(dir, drafts, &page)
}

/// Writes the table, the pictures and the page of a study of sensitivity; returns their paths.
pub fn write_sensitivity(dir: &Path, found: &Sensitivity, reproduce: &str) -> io::Result<Vec<PathBuf>> {
    let pictures = charts::of_sensitivity(found)?;
    let mut drafts = vec![Draft::table("sensitivity.csv", csv::sensitivity(found))];
    drafts.extend(drafts_of(&pictures));
    let page = html::of_sensitivity(found, &pictures, reproduce, &names(&drafts));
    write_all(dir, drafts, &page)
}

/// Writes the tables, pictures and page of one run; returns their paths.
pub fn write_run(
    dir: &Path,
    labels: &RunLabels,
    recording: &Recording,
    reproduce: &str,
) -> io::Result<Vec<PathBuf>> {
    let pictures = charts::of_run(labels, recording)?;
    let mut drafts = run_tables(labels, recording);
    drafts.extend(drafts_of(&pictures));
    let page = html::of_run(labels, recording, &pictures, reproduce, &names(&drafts));
    write_all(dir, drafts, &page)
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> io::Result<T> + Send) -> io::Result<T> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(io::Error::other)?;
    pool.install(work)
}

fn sweep_tables(result: &SweepResult) -> Vec<Draft<'_>> {
    let mut tables = vec![
        Draft::table("points.csv", csv::points(result)),
        Draft::table("runs.csv", csv::runs(result)),
        Draft::table("workloads.csv", csv::workloads(result)),
        Draft::table("replica-ratio.csv", csv::replica_ratios(result)),
        Draft::table("outages.csv", csv::outages(result)),
        Draft::table("causes.csv", csv::causes(result)),
    ];
    tables.extend(csv::control_plane(result).map(|table| Draft::table("control-plane.csv", table)));
    tables
}

fn run_tables<'a>(labels: &'a RunLabels, recording: &'a Recording) -> Vec<Draft<'a>> {
    vec![
        Draft::table("run-timeline.csv", csv::timeline(recording)),
        Draft::table("run-samples.csv", csv::samples(labels, recording)),
        Draft::table("run-replica-ratio.csv", csv::replica_ratio(labels, recording)),
        Draft::table("run-outages.csv", csv::run_outages(labels, recording)),
    ]
}

fn drafts_of(charts: &[Chart]) -> impl Iterator<Item = Draft<'_>> {
    charts.iter().flat_map(|chart| {
        let svg = Draft { name: format!("{}.svg", chart.name), content: Content::Text(&chart.svg) };
        [svg, Draft { name: format!("{}.png", chart.name), content: Content::Painting(&chart.svg) }]
    })
}

fn names(drafts: &[Draft]) -> Vec<String> {
    drafts.iter().map(|draft| draft.name.clone()).collect()
}

/// Writes pictures; returns their paths.
pub fn write_charts(dir: &Path, charts: &[Chart]) -> io::Result<Vec<PathBuf>> {
    write_drafts(dir, drafts_of(charts).collect())
}

fn write_all<'a>(dir: &Path, mut drafts: Vec<Draft<'a>>, page: &'a str) -> io::Result<Vec<PathBuf>> {
    drafts.push(Draft { name: "index.html".into(), content: Content::Text(page) });
    write_drafts(dir, drafts)
}

fn write_drafts(dir: &Path, drafts: Vec<Draft>) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(dir)?;
    let written = drafts.par_iter().try_for_each(|draft| draft.write(dir));
    let placed = written.and_then(|()| drafts.iter().map(|draft| draft.place(dir)).collect());
    if placed.is_err() {
        drafts.iter().for_each(|draft| draft.discard(dir));
    }
    placed
}

impl<'a> Draft<'a> {
    fn table(name: &str, table: Table<'a>) -> Draft<'a> {
        Draft { name: name.into(), content: Content::Table(table) }
    }

    /// Beside the file's place: no reader takes it for the file.
    fn partial(&self, dir: &Path) -> PathBuf {
        dir.join(format!(".{}.partial", self.name))
    }

    fn write(&self, dir: &Path) -> io::Result<()> {
        let mut out = BufWriter::new(File::create(self.partial(dir))?);
        match &self.content {
            Content::Table(table) => table.write_to(&mut out)?,
            Content::Text(text) => out.write_all(text.as_bytes())?,
            Content::Painting(svg) => out.write_all(&png::from_svg(svg)?)?,
        }
        out.flush()
    }

    /// A move that no reader sees half done.
    fn place(&self, dir: &Path) -> io::Result<PathBuf> {
        let path = dir.join(&self.name);
        fs::rename(self.partial(dir), &path).map(|()| path)
    }

    fn discard(&self, dir: &Path) {
        // The error that matters came before; a file that is not there is well discarded.
        let _ = fs::remove_file(self.partial(dir));
    }
}
