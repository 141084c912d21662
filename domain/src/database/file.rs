//! The file of an embedded database, which nobody but its owner may read.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io,
    path::{Path, PathBuf},
};

#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};

/// The file of an embedded database that was opened, and which of all files it is.
#[derive(Debug, Clone)]
pub(super) struct OpenedFile {
    path: PathBuf,
    identity: Option<Identity>,
}

/// The device and inode of a file: another file at the same path has others.
type Identity = (u64, u64);

impl OpenedFile {
    /// The file that is at `path` now.
    pub(super) fn at(path: PathBuf) -> Self {
        let identity = identity(&path);
        Self { path, identity }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns if the file is still at its path. Where files have no identity it always is.
    pub(super) fn is_in_place(&self) -> bool {
        self.identity.is_none() || self.identity == identity(&self.path)
    }
}

/// Returns which file is at `path`. It is not opened: to close it would drop the locks that
/// `SQLite` holds on it.
fn identity(path: &Path) -> Option<Identity> {
    #[cfg(unix)]
    let identity = fs::metadata(path)
        .ok()
        .map(|metadata| (metadata.dev(), metadata.ino()));
    #[cfg(not(unix))]
    let identity = None;
    identity
}

/// Returns the folder that a file lies in.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes the folder of the file where it is not there yet, for this user alone.
pub(super) fn prepare_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(folder(path))
}

/// Makes the file where it is not there yet, for this user alone: `SQLite` gives the files beside
/// it (`-wal`, `-shm`) the mode of the file itself. Warns of what is there and others may read.
pub(super) fn prepare(path: &Path) -> io::Result<()> {
    // One that is there is not even opened: to close it would drop the locks that `SQLite` may
    // hold on it in this process.
    if let Err(error) = make(path)
        && error.kind() != io::ErrorKind::AlreadyExists
    {
        return Err(error);
    }
    #[cfg(unix)]
    warn_if_shared(folder(path), path);
    Ok(())
}

/// Makes a new file that nobody but its owner may use; fails where there is one.
pub(super) fn make(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path).map(drop)
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
