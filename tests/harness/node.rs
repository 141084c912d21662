//! Programs that speak with the server through clients from npm.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use crate::missing;

/// Node with the script `name` of `tests/npm/`, whose packages are fetched at first use. None
/// where there is no Node or no registry, which is told once.
///
/// # Panics
/// If everything is required.
pub fn node(name: &str) -> Option<tokio::process::Command> {
    static READY: OnceLock<bool> = OnceLock::new();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("npm");
    if !*READY.get_or_init(|| prepare(&folder)) {
        missing(
            "Node 20 with the packages of tests/npm",
            "the clients graphql-ws and graphql-sse were not tested",
        );
        return None;
    }
    let mut command = tokio::process::Command::new("node");
    command.arg(folder.join(name)).kill_on_drop(true);
    Some(command)
}

/// Whether the packages of the lock file are there, after an attempt to fetch them.
fn prepare(folder: &Path) -> bool {
    let quietly = |command: &mut Command| {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    if !quietly(Command::new("node").args([
        "--eval",
        "process.exit(process.versions.node.split('.')[0] >= 20 ? 0 : 1)",
    ])) {
        return false;
    }
    // npm writes what it installed here.
    let installed = std::fs::metadata(folder.join("node_modules/.package-lock.json"));
    let wanted = std::fs::metadata(folder.join("package-lock.json"));
    if let (Ok(installed), Ok(wanted)) = (installed, wanted)
        && installed.modified().ok() >= wanted.modified().ok()
    {
        return true;
    }
    quietly(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(folder),
    )
}
