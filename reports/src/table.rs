//! The summary of a sweep for a terminal and for Markdown.

use scenarios::summary::SweepResult;

use crate::grid::{Grid, escape};
use crate::paint::{Paint, Tone};
use crate::{control_plane, ratio, sweep, verdict, words};

/// How a terminal wants it.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether colours may be used.
    pub colour: bool,
    /// Columns of text in a line.
    pub width: usize,
}

/// Rows of all tables together that still make one screen.
const SCREEN_ROWS: usize = 24;

/// The summary as plain text, on about one screen.
pub fn text(result: &SweepResult, look: Look) -> String {
    let paint = Paint { colour: look.colour };
    let head = format!("{}: {}", sweep::title(result), sweep::design(result));
    let mut text = folded(&head, look.width, str::to_owned) + "\n";
    for (sentence, tone) in verdict::sentences(result) {
        text += &folded(&sentence, look.width, |line| paint.tone(line, tone));
    }
    let tables = sweep::tables(result);
    let mut room = SCREEN_ROWS;
    for (at, (group, grid)) in tables.iter().enumerate() {
        if room == 0 {
            text += &format!(
                "\n  {} not shown; the files have all\n",
                words::counted(tables.len() - at, "service")
            );
            break;
        }
        let strong = |line: &str| format!("  {}", paint.tone(line, Tone::Strong));
        text += &format!("\n{}", folded(&grid.caption, look.width.saturating_sub(2), strong));
        text += &table(grid, &mut room, look, paint);
        for line in sweep::where_time_goes(result, group) {
            text += &folded(&line, look.width.saturating_sub(2), |line| format!("  {line}"));
        }
    }
    text += &captioned(&ratio::at_point_of_interest(result), look);
    text + &captioned(&control_plane::at_point_of_interest(result), look)
}

/// Rows that a table beside the main ones may take.
const CAPTIONED_ROWS: usize = 16;

/// A table under its caption, after an empty line; nothing where it has no rows.
pub fn captioned(grid: &Grid, look: Look) -> String {
    let paint = Paint { colour: look.colour };
    if grid.rows.is_empty() {
        return String::new();
    }
    let strong = |line: &str| format!("  {}", paint.tone(line, Tone::Strong));
    let caption = folded(&grid.caption, look.width.saturating_sub(2), strong);
    format!("\n{caption}{}", table(grid, &mut { CAPTIONED_ROWS }, look, paint))
}

/// A table cut to the room that is left; the best buy is never cut away.
fn table(grid: &Grid, room: &mut usize, look: Look, paint: Paint) -> String {
    let shown = |at: usize, remark: &str| at < *room || !remark.is_empty();
    let mut cut = grid.clone();
    let kept = grid.rows.iter().enumerate().filter(|(at, row)| shown(*at, &row.remark));
    cut.rows = kept.map(|(_, row)| row.clone()).collect();
    let hidden = grid.rows.len() - cut.rows.len();
    *room = room.saturating_sub(grid.rows.len());
    let mut text = cut.to_text(look.width, paint);
    if hidden > 0 {
        text += &format!("  ... {} more; the files have all\n", words::count(hidden as u64));
    }
    text
}

/// The text in lines of at most `width` letters, broken between words.
pub(crate) fn folded(text: &str, width: usize, finish: impl Fn(&str) -> String) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("never empty");
        if !line.trim().is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(format!("  {word}"));
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.iter().map(|line| finish(line) + "\n").collect()
}

/// The summary as Markdown, with every row.
pub fn markdown(result: &SweepResult) -> String {
    let mut text = format!("## {}\n\n{}\n\n", escape(&sweep::title(result)), escape(&sweep::design(result)));
    for (sentence, _) in verdict::sentences(result) {
        text += &format!("**{}**\n\n", escape(&sentence));
    }
    for (group, grid) in sweep::tables(result) {
        text += &format!("### {}\n\n{}\n", escape(&grid.caption), grid.to_markdown());
        for line in sweep::where_time_goes(result, &group) {
            text += &format!("{}\n\n", escape(&line));
        }
    }
    let ratios = ratio::everywhere(result);
    if !ratios.rows.is_empty() {
        let definition = escape(ratio::DEFINITION);
        text += &format!("### {}\n\n{}\n{definition}\n\n", escape(&ratios.caption), ratios.to_markdown());
    }
    let plane = control_plane::at_point_of_interest(result);
    if !plane.rows.is_empty() {
        text += &format!("### {}\n\n{}\n", escape(&plane.caption), plane.to_markdown());
    }
    text + &format!("seed {} · digest {} · inputs {}\n", result.seed, result.digest, result.input_hash)
}
