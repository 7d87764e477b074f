//! What charts with one row per lane share.

use scenarios::summary::SweepResult;

use super::axis::Axis;
use super::canvas::{TICK_SIZE, text_width};
use crate::group::Group;

/// Height of a sheet that gives every lane its row.
pub fn height(group: &Group) -> u32 {
    let rows = group.lanes.len().max(1) as u32;
    150 + rows * (400 / rows).clamp(22, 90)
}

/// The axis of the rows: their names, and what the names are made of.
pub fn axis(result: &SweepResult, group: &Group) -> Axis {
    let factors: Vec<&str> = result.factors.iter().map(|factor| factor.label.as_str()).collect();
    let label = if group.service.is_some() { factors.join(", ") } else { String::new() };
    Axis { label, ..Axis::rows(&names(group)) }
}

fn names(group: &Group) -> Vec<String> {
    let mark = |cheapest: bool| if cheapest { "✓ " } else { "" };
    group.lanes.iter().map(|lane| format!("{}{}", mark(lane.cheapest), lane.label)).collect()
}

/// Room that the names need, in pixels.
pub fn name_room(group: &Group) -> u32 {
    let widest = names(group).iter().map(|name| text_width(name, TICK_SIZE)).fold(40.0, f64::max);
    (widest as u32 + 40).min(230)
}
