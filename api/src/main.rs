//! The binary `jij`.
fn main() {}
