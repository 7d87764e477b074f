//! Results to what a person sees: tables, CSV, JSON, charts and a page; one file per format.
//!
//! Every function here is pure: the same result gives the same bytes, on every machine and at every time.
//! Only [`mod@write`] touches the disk.

pub mod causes;
pub mod charts;
pub mod compare;
pub mod control_plane;
pub mod csv;
pub mod fit;
pub mod grid;
pub mod group;
pub mod html;
pub mod json;
pub mod labels;
pub mod methods;
pub mod paint;
pub mod per;
pub mod png;
pub mod ratio;
pub mod remedy;
pub mod run;
pub mod sensitivity;
pub mod story;
pub mod sweep;
pub mod table;
pub mod verdict;
pub mod words;
pub mod write;
