//! The program `jij`, for tests that start it as a process of its own: a package's tests can
//! only count on finding programs of their own package.

use std::process::ExitCode;

fn main() -> ExitCode {
    api::command::run()
}
