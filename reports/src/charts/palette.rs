//! Colours that are told apart with every common kind of colour blindness, and in print.

use plotters::style::{RGBColor, WHITE};

/// Text and lines that matter.
pub const INK: RGBColor = RGBColor(33, 37, 41);
/// Text that explains.
pub const QUIET: RGBColor = RGBColor(90, 98, 104);
/// Lines that guide the eye.
pub const GRID: RGBColor = RGBColor(226, 230, 234);
/// Context behind the marks that matter.
pub const CONTEXT: RGBColor = RGBColor(173, 181, 189);

/// Okabe and Ito's colours, the faintest left out.
pub const PALETTE: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(33, 37, 41),
];

/// The colour of one of some series: distinct while there are few, then steps from dark to light.
pub fn series_colour(series: usize, of: usize) -> RGBColor {
    if of <= PALETTE.len() {
        return PALETTE[series % PALETTE.len()];
    }
    shade(&VIRIDIS, series as f64 / (of - 1) as f64)
}

/// The colour at a part of the way from the first shade to the last.
pub fn shade(shades: &[RGBColor; 5], part: f64) -> RGBColor {
    let place = part.clamp(0.0, 1.0) * (shades.len() - 1) as f64;
    let below = (place as usize).min(shades.len() - 2);
    let (a, b, share) = (shades[below], shades[below + 1], place - below as f64);
    let between = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
    RGBColor(between(a.0, b.0), between(a.1, b.1), between(a.2, b.2))
}

/// Matplotlib's viridis up to where it becomes too light for lines on white.
const VIRIDIS: [RGBColor; 5] = [
    RGBColor(68, 1, 84),
    RGBColor(62, 74, 137),
    RGBColor(38, 130, 142),
    RGBColor(53, 183, 121),
    RGBColor(144, 200, 60),
];

/// ColorBrewer's Blues (Brewer, Harrower and Pennsylvania State University), without the palest.
pub const BLUES: [RGBColor; 5] = [
    RGBColor(222, 235, 247),
    RGBColor(158, 202, 225),
    RGBColor(107, 174, 214),
    RGBColor(49, 130, 189),
    RGBColor(8, 81, 156),
];

/// ColorBrewer's Oranges, without the palest.
pub const ORANGES: [RGBColor; 5] = [
    RGBColor(254, 230, 206),
    RGBColor(253, 174, 107),
    RGBColor(253, 141, 60),
    RGBColor(230, 85, 13),
    RGBColor(166, 54, 3),
];

/// Black or white, whichever is read better on a colour.
pub fn ink_on(fill: RGBColor) -> RGBColor {
    let light = 0.299 * f64::from(fill.0) + 0.587 * f64::from(fill.1) + 0.114 * f64::from(fill.2);
    if light > 140.0 { INK } else { WHITE }
}
