//! A table on its way to a terminal, a Markdown file or a page.

use crate::paint::{Paint, Tone};

/// Rows under a header; numbers stand right, words left.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// What the table shows.
    pub caption: String,
    /// What its columns show.
    pub columns: Vec<Column>,
    /// One cell per column, and a remark beside the row.
    pub rows: Vec<Row>,
}

/// A column of a [`Grid`].
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Its header.
    pub head: String,
    /// Whether its cells are set to the right.
    pub right: bool,
    /// When space is short, the column with the largest number goes first; 0 stays.
    pub spare: u8,
}

/// A row of a [`Grid`].
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// One per column.
    pub cells: Vec<Cell>,
    /// A remark, shown after the last column.
    pub remark: String,
}

/// A cell of a [`Grid`].
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// How it says it.
    pub tone: Tone,
}

impl Column {
    /// A column of words.
    pub fn words(head: impl Into<String>) -> Column {
        Column { head: head.into(), ..Column::default() }
    }

    /// A column of numbers.
    pub fn numbers(head: impl Into<String>) -> Column {
        Column { head: head.into(), right: true, spare: 0 }
    }

    /// The same column, given up early when space is short.
    pub fn spare(self, spare: u8) -> Column {
        Column { spare, ..self }
    }
}

impl Cell {
    /// A cell that stands out by nothing but its words.
    pub fn plain(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), tone: Tone::Plain }
    }

    /// A cell in a tone.
    pub fn toned(text: impl Into<String>, tone: Tone) -> Cell {
        Cell { text: text.into(), tone }
    }
}

impl Grid {
    /// Lines for a terminal, none longer than `width` if that can be.
    pub fn to_text(&self, width: usize, paint: Paint) -> String {
        let (kept, words) = self.layout(width);
        let widths = self.widths();
        let head = kept.iter().map(|&c| pad(&self.columns[c].head, widths[c], self.columns[c].right));
        let mut text = line(head.map(|cell| paint.tone(&cell, Tone::Quiet)).collect(), "");
        for row in &self.rows {
            let cells = kept.iter().map(|&c| {
                let cell = &row.cells[c];
                paint.tone(&pad(&cell.text, widths[c], self.columns[c].right), cell.tone)
            });
            text += &line(cells.collect(), &first_words(&row.remark, words));
        }
        text
    }

    /// A table of GitHub's Markdown.
    pub fn to_markdown(&self) -> String {
        let has_remarks = self.rows.iter().any(|row| !row.remark.is_empty());
        let mut heads: Vec<String> = self.columns.iter().map(|column| escape(&column.head)).collect();
        let mut rules: Vec<&str> =
            self.columns.iter().map(|c| if c.right { "---:" } else { "---" }).collect();
        if has_remarks {
            heads.push(String::new());
            rules.push("---");
        }
        let mut text = format!("| {} |\n| {} |\n", heads.join(" | "), rules.join(" | "));
        for row in &self.rows {
            let mut cells: Vec<String> = row.cells.iter().map(|cell| escape(&cell.text)).collect();
            cells.extend(has_remarks.then(|| escape(&row.remark)));
            text += &format!("| {} |\n", cells.join(" | "));
        }
        text
    }

    fn widths(&self) -> Vec<usize> {
        let widest = |c: usize| self.rows.iter().map(|row| length(&row.cells[c].text)).max().unwrap_or(0);
        self.columns.iter().enumerate().map(|(c, column)| length(&column.head).max(widest(c))).collect()
    }

    /// The columns to show, and how many words of a remark: remarks give way before columns that matter do.
    fn layout(&self, width: usize) -> (Vec<usize>, usize) {
        for (words, last_to_go) in [(usize::MAX, 3), (2, 1)] {
            let (kept, fits) = self.columns_beside_remarks(width, words);
            let matters = |&c: &usize| self.columns[c].spare <= last_to_go;
            if fits && (0..self.columns.len()).filter(matters).all(|c| kept.contains(&c)) {
                return (kept, words);
            }
        }
        (self.columns_beside_remarks(width, 1).0, 1)
    }

    fn columns_beside_remarks(&self, width: usize, words: usize) -> (Vec<usize>, bool) {
        let remarks = self.rows.iter().map(|row| length(&first_words(&row.remark, words)) + 2);
        self.columns_within(width.saturating_sub(remarks.max().unwrap_or(0)))
    }

    /// Positions of the columns that are left when the spare ones have made room, and whether that was enough.
    fn columns_within(&self, width: usize) -> (Vec<usize>, bool) {
        let widths = self.widths();
        let mut kept: Vec<usize> = (0..self.columns.len()).collect();
        while kept.iter().map(|&c| widths[c] + 2).sum::<usize>() > width {
            let first_to_go = kept.iter().copied().max_by_key(|&c| self.columns[c].spare);
            match first_to_go.filter(|&c| self.columns[c].spare > 0) {
                Some(gone) => kept.retain(|&c| c != gone),
                None => return (kept, false),
            }
        }
        (kept, true)
    }
}

fn first_words(remark: &str, words: usize) -> String {
    remark.split(' ').take(words).collect::<Vec<_>>().join(" ")
}

fn line(cells: Vec<String>, remark: &str) -> String {
    let row = format!("  {}  {remark}", cells.join("  "));
    format!("{}\n", row.trim_end())
}

fn pad(text: &str, width: usize, right: bool) -> String {
    if right { format!("{text:>width$}") } else { format!("{text:<width$}") }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Text that Markdown shows as it is.
pub fn escape(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars() {
        if "\\|`*_<>[]".contains(letter) {
            shown.push('\\');
        }
        shown.push(if letter == '\n' { ' ' } else { letter });
    }
    shown
}
