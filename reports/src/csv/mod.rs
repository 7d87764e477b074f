//! Results for spreadsheets and data frames: RFC 4180 with `\n`, one header, units in the column names,
//! numbers in their shortest exact form, empty where there is no number. One file per table.

mod compare;
mod control_plane;
mod points;
mod prefix;
mod run;
mod runs;
mod sensitivity;
mod table;

pub use compare::{designs, differences};
pub use control_plane::control_plane;
pub use points::{causes, outages, points, replica_ratios};
pub use run::{replica_ratio, run_outages, samples, timeline};
pub use runs::{runs, workloads};
pub use sensitivity::sensitivity;
pub use table::{Rows, Table, Written};
