//! Tests of the whole: one binary, so that it links once.

mod architecture;
mod bench;
mod book;
mod compare;
mod determinism;
mod digests;
mod docs;
mod exit_codes;
mod failures;
mod help;
mod interrupt;
mod readme;
mod streams;
