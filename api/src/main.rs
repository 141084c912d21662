//! The binary `jij`.

use std::process::ExitCode;

fn main() -> ExitCode {
    api::command::run()
}
