//! Real data that some tests read where it is present; the project never contains it.

use std::path::PathBuf;

/// The file or folder `name` of the real data in `JIJ_SHARED_DATA`, else in `../shared/data`
/// beside the project. None where it is not there, which is told once: it is never required.
pub fn shared_data(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("JIJ_SHARED_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    crate::requirement::say(&format!("{name} is not here: it was not tested"));
    None
}
