//! What commands say: results on standard output, everything else on standard error.

use std::io::Write;

use super::Failure;

/// A line on standard output; fails where nobody reads it any more.
pub(super) fn print(line: &str) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

/// A line on standard error; where that is closed there is nobody left to tell.
pub(super) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
