//! Tables in text files: CSV, or with tabs; lines that begin with `#` are comments.

use std::sync::Arc;

use crate::source::{Place, Source};

/// A line with its cells.
#[derive(Clone, Debug)]
pub(crate) struct Row<'a> {
    /// The line.
    pub place: Place,
    /// Its cells, without white space and quotes around them.
    pub cells: Vec<&'a str>,
}

/// All lines that are neither empty nor comments.
pub(crate) fn rows(source: &Arc<Source>) -> Vec<Row<'_>> {
    let mut start = 0;
    let mut rows = Vec::new();
    for line in source.text.split_inclusive('\n') {
        let text = line.trim();
        if !text.is_empty() && !text.starts_with('#') {
            let len = line.trim_end().len() as u32;
            let place = Place { source: source.clone(), start, len };
            rows.push(Row { place, cells: cells(text) });
        }
        start += line.len() as u32;
    }
    rows
}

fn cells(line: &str) -> Vec<&str> {
    let separator = if line.contains('\t') {
        '\t'
    } else if line.contains(',') {
        ','
    } else {
        ';'
    };
    line.split(separator).map(|cell| cell.trim().trim_matches('"')).collect()
}

impl Row<'_> {
    /// The cell of a column; nothing if the line is too short.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).copied().unwrap_or_default()
    }

    /// The column under a heading, if this is the line of headings.
    pub fn column(&self, heading: &str) -> Option<usize> {
        self.cells.iter().position(|cell| cell.eq_ignore_ascii_case(heading))
    }
}
