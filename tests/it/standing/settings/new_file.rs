//! The file of an embedded database that is not there yet.

use std::{fs, path::Path};

use harness::program::command;

use super::{
    super::{BINARY, run, said, sqlite},
    log_of_start, serve_anywhere,
};

fn files(folder: &Path) -> usize {
    fs::read_dir(folder).expect("a folder").count()
}

#[test]
fn a_missing_database_file_is_not_made_for_a_public_site_or_a_command_that_needs_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    for arguments in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["poll", "recount"],
        &["moderation", "verify"],
        &["account", "grant", "an@voorbeeld.example", "moderator"],
        &["account", "rotate-key"],
        &["migrate", "--pending"],
    ] {
        let ended = run(command(BINARY, &url, arguments));
        let said = said(&ended);
        assert_eq!(ended.status.code(), Some(1), "{arguments:?}: {said}");
        for part in [
            "--database-url (DATABASE_URL)",
            "there is no file",
            &*folder.path().display().to_string(),
            "jij migrate",
        ] {
            assert!(
                said.contains(part),
                "{arguments:?}: {part} is not in: {said}"
            );
        }
        assert_eq!(files(folder.path()), 0, "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_database_file_is_told_of() {
    let says = |said: &str, url: &str| {
        let file = url.trim_start_matches("sqlite://");
        said.contains("a new, empty database was made") && said.contains(file)
    };
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    let first = said(&run(command(BINARY, &url, &["migrate"])));
    assert!(says(&first, &url), "{first}");
    let again = said(&run(command(BINARY, &url, &["migrate"])));
    assert!(!says(&again, &url), "{again}");

    // A server for a trial makes one, and says so.
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    for public_url in ["", "http://localhost:8000"] {
        let mut command = serve_anywhere(&url);
        if public_url.is_empty() {
            command.env_remove("JIJ_PUBLIC_URL");
        } else {
            command.env("JIJ_PUBLIC_URL", public_url);
        }
        let log = log_of_start(command).await;
        assert_eq!(says(&log, &url), public_url.is_empty(), "{log}");
    }
}
