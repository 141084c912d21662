//! The file of an embedded database, which nobody but its owner may read.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io,
    path::{Path, PathBuf},
};

#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};

/// Makes the file and its folder where they are not there yet, for this user alone: `SQLite` gives
/// the files beside it (`-wal`, `-shm`) the mode of the file itself. Warns of what is there and
/// others may read.
pub(super) fn prepare(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(folder)?;
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    options.mode(0o600);
    // A file that may only be read is left to `SQLite`, which says so.
    if let Err(error) = options.open(path)
        && error.kind() != io::ErrorKind::PermissionDenied
    {
        return Err(error);
    }
    #[cfg(unix)]
    warn_if_shared(folder, path);
    Ok(())
}

/// Warns of the folder and files that others than their owner may use.
#[cfg(unix)]
fn warn_if_shared(folder: &Path, path: &Path) {
    let beside = ["-wal", "-shm"].map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    });
    let files = std::iter::once(path).chain(beside.iter().map(PathBuf::as_path));
    let all = std::iter::once((folder, "0700")).chain(files.map(|file| (file, "0600")));
    for (path, wanted) in all {
        let Ok(metadata) = fs::metadata(path) else {
            continue;
        };
        let mode = metadata.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            let (path, mode) = (path.display(), format!("{mode:04o}"));
            tracing::warn!(%path, mode, wanted, "others on this machine may use the database: chmod it");
        }
    }
}
