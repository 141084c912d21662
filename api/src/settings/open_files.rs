//! The limit of open files; each connection takes one.

use super::SettingError;
use crate::http::PeerLimits;

/// Files that are open whatever is served: the log, listeners, mail, keys of identity providers.
const OWN_FILES: u64 = 64;
/// Files that one connection to the database takes: SQLite has its file, log and index open.
const FILES_PER_DATABASE_CONNECTION: u64 = 4;
/// The limit is not raised beyond this, even if the machine allows it.
#[cfg(unix)]
const ENOUGH_FILES: u64 = 131_072;
/// The fewest connections that a server is of use with.
const FEWEST_CONNECTIONS: u64 = 16;

/// Returns the most HTTP connections, so that files stay for everything else: as many
/// as the operator `asked` for, or as the limit of open files allows.
pub(super) fn most_connections(
    asked: Option<usize>,
    database_connections: u32,
) -> Result<usize, SettingError> {
    let Some(limit) = file_limit() else {
        return Ok(asked.unwrap_or(PeerLimits::default().most));
    };
    fit(asked, limit, database_connections)
}

fn fit(asked: Option<usize>, limit: u64, database_connections: u32) -> Result<usize, SettingError> {
    let reserved = OWN_FILES + FILES_PER_DATABASE_CONNECTION * u64::from(database_connections);
    let room = limit.saturating_sub(reserved);
    let asked_files = asked.and_then(|asked| u64::try_from(asked).ok());
    if room < FEWEST_CONNECTIONS || asked_files.is_some_and(|asked| asked > room) {
        return Err(SettingError {
            name: "--max-open-connections (JIJ_MAX_OPEN_CONNECTIONS)",
            problem: format!(
                "the process may open {limit} files, of which {reserved} are kept for other things"
            ),
            hint: "raise the limit (`ulimit -n`, LimitNOFILE= in systemd), or choose fewer",
        });
    }
    Ok(asked.unwrap_or_else(|| usize::try_from(room).unwrap_or(usize::MAX)))
}

/// The limit of open files, raised to what this user may have; none where there is no limit.
#[cfg(unix)]
fn file_limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let enough = limit.maximum.unwrap_or(ENOUGH_FILES).min(ENOUGH_FILES);
    if limit.current.is_some_and(|current| current < enough) {
        let raised = Rlimit {
            current: Some(enough),
            maximum: limit.maximum,
        };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::debug!(%error, "could not raise the limit of open files");
        }
    }
    getrlimit(Resource::Nofile).current
}

#[cfg(not(unix))]
fn file_limit() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_everything_else() {
        assert_eq!(fit(None, 300, 8).unwrap(), 204);
        assert_eq!(fit(Some(204), 300, 8).unwrap(), 204);
        assert!(fit(Some(205), 300, 8).is_err());
        assert!(fit(None, 64, 8).is_err());
        assert_eq!(fit(Some(1), 300, 8).unwrap(), 1);
    }
}
