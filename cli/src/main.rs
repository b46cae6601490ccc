//! The `whom` command.
fn main() {}
