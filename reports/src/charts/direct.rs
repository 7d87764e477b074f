//! Direct labels: the name of a line stands at its end, in its colour, moved only as far as its neighbours ask.

use plotters::style::RGBColor;

use super::canvas::{Canvas, Drawn, LABEL_SIZE, LEFT, style};
use super::palette::CONTEXT;

/// The end of a line, in pixels, and its name.
#[derive(Clone, Debug)]
pub struct End {
    /// Where the line ends.
    pub at: (i32, i32),
    /// Its name.
    pub name: String,
    /// Its colour.
    pub colour: RGBColor,
}

/// Least distance of two labels, in pixels.
const GAP: i32 = 16;

/// Writes the names at `column`, each as near to its line as the others leave it, between `top` and `bottom`.
pub fn label_ends(canvas: &Canvas, mut ends: Vec<End>, column: i32, (top, bottom): (i32, i32)) -> Drawn {
    ends.sort_by_key(|end| end.at.1);
    let heights: Vec<i32> = ends.iter().map(|end| end.at.1).collect();
    for (end, y) in ends.iter().zip(spread(&heights, GAP, top, bottom)) {
        canvas.leader((end.at.0 + 7, end.at.1), (column - 4, y), CONTEXT)?;
        canvas.text_at(&end.name, (column, y), &style(LABEL_SIZE, end.colour), LEFT)?;
    }
    Ok(())
}

/// Ascending heights moved apart to at least `gap`, if there is room for that between `top` and `bottom`.
pub fn spread(heights: &[i32], gap: i32, top: i32, bottom: i32) -> Vec<i32> {
    let gap = gap.min((bottom - top) / (heights.len() as i32 - 1).max(1));
    let mut placed: Vec<i32> = Vec::with_capacity(heights.len());
    for &height in heights {
        placed.push(placed.last().map_or(height.max(top), |&above| height.max(above + gap)));
    }
    let mut limit = bottom;
    for height in placed.iter_mut().rev() {
        *height = (*height).min(limit);
        limit = *height - gap;
    }
    placed
}
