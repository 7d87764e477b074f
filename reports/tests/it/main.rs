//! Tests of the reports, on results that a small generator made up.

mod charts;
mod compare;
mod control_plane;
mod degenerate;
mod fixture;
mod golden;
mod html;
mod tables;
mod words;
mod write;
