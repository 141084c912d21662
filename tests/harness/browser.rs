//! Pages looked at in a browser: scripts of `tests/npm/` that drive Chromium.

use std::path::PathBuf;

use crate::{missing, node};

/// Node with the script `name` of `tests/npm/`, which drives the browser that `CHROMIUM` names,
/// else `/usr/bin/chromium`. None where there is no browser or no Node, which is told once.
///
/// # Panics
/// If everything is required.
pub fn browser(name: &str) -> Option<tokio::process::Command> {
    let chromium = std::env::var_os("CHROMIUM")
        .map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from);
    if !chromium.exists() {
        missing("Chromium", "pages were not looked at in a browser");
        return None;
    }
    node(name)
}
