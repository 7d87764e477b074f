//! The command from outside: what it prints, writes and answers.

mod bench;
mod determinism;
mod exit_codes;
mod help;
mod interrupt;
mod streams;
