//! The `nines` command.

fn main() {}
