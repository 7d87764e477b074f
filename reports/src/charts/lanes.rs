//! What charts with one row per lane share.

use super::canvas::{TICK_SIZE, text_width};
use crate::group::Group;

/// Height of a sheet that gives every lane its row.
pub fn height(group: &Group) -> u32 {
    let rows = group.lanes.len().max(1) as u32;
    150 + rows * (400 / rows).clamp(22, 90)
}

/// Names of the rows.
pub fn names(group: &Group) -> Vec<String> {
    let mark = |cheapest: bool| if cheapest { "✓ " } else { "" };
    group.lanes.iter().map(|lane| format!("{}{}", mark(lane.cheapest), lane.label)).collect()
}

/// Room that the names need, in pixels.
pub fn name_room(group: &Group) -> u32 {
    let widest = names(group).iter().map(|name| text_width(name, TICK_SIZE)).fold(40.0, f64::max);
    (widest as u32 + 14).min(230)
}
