//! Tests of the reports, on results that a small generator made up.

mod fixture;
mod look;
