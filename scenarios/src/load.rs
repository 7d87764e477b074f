//! Inputs to documents: files, directories and standard input, read once and split into objects.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, codes};
use crate::document::{Document, Documents};
use crate::presets;
use crate::set;
use crate::source::{Place, Source};
use crate::tree;

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file, or a directory whose .yaml, .yml and .json files are read in order of their names.
    Path(PathBuf),
    /// Standard input.
    Stdin,
    /// Text at hand, such as a catalog entry.
    Text {
        /// Name for diagnostics.
        name: String,
        /// The text.
        text: String,
    },
}

/// As on the command line: `-` is standard input.
impl From<&str> for Input {
    fn from(argument: &str) -> Input {
        if argument == "-" { Input::Stdin } else { Input::Path(PathBuf::from(argument)) }
    }
}

/// How to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether unknown fields of manifests are errors.
    pub strict: bool,
    /// Greatest size of one input in bytes.
    pub max_bytes: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { strict: false, max_bytes: 64 << 20 }
    }
}

/// What was read: documents to compile, and what was wrong with the text of the inputs.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Objects in order of appearance, with `--set` applied.
    pub documents: Documents,
    /// Problems of the text; problems of the objects come with compiling them.
    pub diagnostics: Vec<Diagnostic>,
    /// Hash of all that was read and set, in hex.
    pub input_hash: String,
    /// How it was read.
    pub options: Options,
}

/// Reads all inputs and applies `--set` arguments in order. Never fails: whatever is wrong is in the diagnostics.
pub fn load(inputs: &[Input], sets: &[String], options: Options) -> Loaded {
    let mut diagnostics = Vec::new();
    let mut hash = blake3::Hasher::new();
    let mut documents = Documents::default();
    for input in inputs {
        for source in read(input, &options, &mut diagnostics) {
            hash.update(blake3::hash(source.text.as_bytes()).as_bytes());
            add_documents(&source, &mut documents, &mut diagnostics);
        }
    }
    documents.complete();
    presets::expand(&mut documents, &mut diagnostics);
    for set in sets {
        hash.update(blake3::hash(set.as_bytes()).as_bytes());
        if let Err(diagnostic) = set::apply_argument(&mut documents, set) {
            diagnostics.push(*diagnostic);
        }
        presets::expand(&mut documents, &mut diagnostics);
    }
    read_named(&mut documents, &options, &mut diagnostics);
    for text in documents.files.texts() {
        hash.update(blake3::hash(text.as_bytes()).as_bytes());
    }
    let input_hash = hash.finalize().to_hex()[..16].to_owned();
    Loaded { documents, diagnostics, input_hash, options }
}

/// Reads the files that the scenario and the sweep name.
fn read_named(documents: &mut Documents, options: &Options, diagnostics: &mut Vec<Diagnostic>) {
    let mut files = std::mem::take(&mut documents.files);
    for document in documents.scenario.iter().chain(&documents.sweep) {
        files.read(&document.node, |path, place| {
            let problem = |diagnostic: Box<Diagnostic>| diagnostics.push(diagnostic.at(place, ""));
            read_file(path, options).map_err(problem).ok()
        });
    }
    documents.files = files;
}

/// Reads one file, such as a failure trace.
pub fn read_source(path: &Path) -> Result<Arc<Source>, Diagnostic> {
    read_file(path, &Options::default()).map_err(|diagnostic| *diagnostic)
}

fn add_documents(source: &Arc<Source>, documents: &mut Documents, diagnostics: &mut Vec<Diagnostic>) {
    let before = diagnostics.len();
    let nodes = tree::parse(source, diagnostics);
    if nodes.is_empty() && diagnostics.len() == before {
        let message = format!("{} has no objects", source.name);
        diagnostics.push(Diagnostic::new(&codes::EMPTY, message));
    }
    for node in nodes {
        Document::add(node, documents, diagnostics);
    }
}

fn read(input: &Input, options: &Options, diagnostics: &mut Vec<Diagnostic>) -> Vec<Arc<Source>> {
    let text = match input {
        Input::Text { name, text } => return vec![Source::new(name, text)],
        Input::Stdin => read_text("standard input", std::io::stdin().lock(), options),
        Input::Path(path) if path.is_dir() => return read_directory(path, options, diagnostics),
        Input::Path(path) => read_file(path, options),
    };
    text.map_err(|diagnostic| diagnostics.push(*diagnostic)).into_iter().collect()
}

fn read_directory(path: &Path, options: &Options, diagnostics: &mut Vec<Diagnostic>) -> Vec<Arc<Source>> {
    let files = match manifests_in(path) {
        Ok(files) => files,
        Err(error) => {
            diagnostics.push(*unreadable(&path.display().to_string(), &error));
            return Vec::new();
        }
    };
    if files.is_empty() {
        let message = format!("{} has no .yaml, .yml or .json file", path.display());
        let help = "directories inside it are not read; name them one by one";
        diagnostics.push(Diagnostic::new(&codes::EMPTY, message).help(help));
    }
    let read = files.iter().map(|file| read_file(file, options));
    read.filter_map(|text| text.map_err(|diagnostic| diagnostics.push(*diagnostic)).ok()).collect()
}

/// Like `kubectl -f DIR`: not the directories inside.
fn manifests_in(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        let extension = file.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("yaml" | "yml" | "json")) && !file.is_dir() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

type Text = Result<Arc<Source>, Box<Diagnostic>>;

fn read_file(path: &Path, options: &Options) -> Text {
    let name = path.display().to_string();
    let file = fs::File::open(path).map_err(|error| unreadable(&name, &error))?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    if size > options.max_bytes {
        return Err(too_large(&name, options));
    }
    read_text(&name, file, options)
}

/// Reads no more than one byte above the limit, so that a pipe or a device cannot fill the memory.
fn read_text(name: &str, reader: impl Read, options: &Options) -> Text {
    let mut bytes = Vec::new();
    let limited = reader.take(options.max_bytes + 1).read_to_end(&mut bytes);
    limited.map_err(|error| unreadable(name, &error))?;
    if bytes.len() as u64 > options.max_bytes {
        return Err(too_large(name, options));
    }
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(name, error))?;
    Ok(Source::new(name, text.strip_prefix('\u{feff}').unwrap_or(&text)))
}

fn unreadable(name: &str, error: &std::io::Error) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(&codes::UNREADABLE, format!("cannot read {name}: {error}")))
}

fn too_large(name: &str, options: &Options) -> Box<Diagnostic> {
    let message = format!("{name} is larger than {} MiB", options.max_bytes >> 20);
    let help = "leave out kinds that are not modelled: kubectl get nodes,deploy,rs,rc,svc -A -o yaml";
    Box::new(Diagnostic::new(&codes::TOO_LARGE, message).help(help))
}

/// Shows the text up to the first byte that is not UTF-8.
fn not_utf8(name: &str, error: std::string::FromUtf8Error) -> Box<Diagnostic> {
    let valid = error.utf8_error().valid_up_to();
    let message = format!("{name} is not UTF-8 text: byte {valid} does not belong to any character");
    let diagnostic = Diagnostic::new(&codes::NOT_UTF8, message);
    let is_utf16 = matches!(error.as_bytes(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    if is_utf16 {
        return Box::new(diagnostic.help(format!("it looks like UTF-16: iconv -f UTF-16 -t UTF-8 {name}")));
    }
    let text = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
    let place = Place { source: Source::new(name, text), start: valid as u32, len: 0 };
    Box::new(diagnostic.at(&place, "up to here it is"))
}
