//! Where input text came from, and places in it that diagnostics point at.

use std::sync::Arc;

/// A named piece of input text: a file, standard input, or a command-line argument.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// File name as the user gave it, or a description such as `--set`.
    pub name: String,
    /// Its whole text; empty if it could not be read.
    pub text: String,
}

/// A stretch of a source. Cheap to clone, and complete: whoever holds it can show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The text it lies in.
    pub source: Arc<Source>,
    /// Offset of its first byte.
    pub start: u32,
    /// Its length in bytes.
    pub len: u32,
}

impl Source {
    /// Makes a source to point into.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Source> {
        Arc::new(Source { name: name.into(), text: text.into() })
    }
}

impl Place {
    /// The very start of a source, for problems with all of it.
    pub fn start_of(source: &Arc<Source>) -> Place {
        Place { source: source.clone(), start: 0, len: 0 }
    }

    /// Its bytes as a range that lies within the text, on character boundaries.
    pub fn range(&self) -> std::ops::Range<usize> {
        let text = &self.source.text;
        let start = boundary(text, self.start as usize);
        let end = boundary(text, self.start as usize + self.len as usize);
        start..end.max(start)
    }

    /// Line and column of its start, counted from 1; the column counts characters.
    pub fn line_and_column(&self) -> (usize, usize) {
        let before = &self.source.text[..self.range().start];
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        (line, column)
    }
}

/// The nearest character boundary at or before an offset.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
