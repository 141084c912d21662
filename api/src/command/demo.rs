//! `jij demo`.

use clap::Args;

use super::Failure;

/// Fills an embedded database with demo content and serves it.
#[derive(Debug, Args)]
pub(super) struct DemoArguments {}

pub(super) async fn run(_: DemoArguments) -> Result<(), Failure> {
    Err("demo content comes next".into())
}
