//! Tests of the whole: one binary, so that it links once.

mod bench;
mod book;
mod determinism;
mod docs;
mod exit_codes;
mod help;
mod interrupt;
mod readme;
mod streams;
