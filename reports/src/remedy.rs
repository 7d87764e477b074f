//! Whether a change would have helped, as a short table under a story.

use scenarios::remedy::Remedy;

use crate::grid::{Cell, Column, Grid, Row};
use crate::paint::Tone;
use crate::words;

/// One row per change; the one that saves the most requests stands out.
pub fn grid(service: &str, remedies: &[Remedy]) -> Grid {
    let best = remedies.iter().map(|remedy| remedy.lost_requests).fold(f64::INFINITY, f64::min);
    let row = |remedy: &Remedy| {
        let tone = if remedy.lost_requests == best { Tone::Strong } else { Tone::Plain };
        let lost = words::count(remedy.lost_requests.round() as u64);
        let cells = vec![
            Cell::toned(remedy.change.as_str(), tone),
            Cell::toned(words::duration(remedy.longest_outage_s), tone),
            Cell::toned(lost, tone),
        ];
        Row { cells, remark: String::new() }
    };
    Grid {
        caption: format!(
            "Would it have helped {}? The same run again, with one thing changed",
            words::name(service)
        ),
        columns: vec![
            Column::words("change"),
            Column::numbers("longest outage"),
            Column::numbers("requests lost in the run"),
        ],
        rows: remedies.iter().map(row).collect(),
    }
}
