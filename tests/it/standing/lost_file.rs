//! A database file that is replaced, moved or removed while the server runs.

use std::{fs, path::Path, process::Stdio};

use harness::{Program, program::command};
use tokio::time::timeout;

use super::{BINARY, PATIENCE, page, prepare, sqlite, wait_for};

const THEMES: &str = "/graphql?query=%7Bthemes%7BtotalCount%7D%7D";
const OBSTACLE: &str = "the database file was replaced or removed\n";

/// Serves a database, does this to its file, and looks how the server takes it.
async fn loses(change: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    drop(prepare(&url, "an@voorbeeld.example", "een lang wachtwoord").await);
    let said = folder.path().join("said");
    let mut serve = command(BINARY, &url, &["serve"]);
    // Long enough to be seen not ready, also on a machine that does much else.
    serve.env("JIJ_DRAIN_DELAY", "15");
    serve.stderr(Stdio::from(fs::File::create(&said).expect("a file")));
    let program = Program::serve(serve).await;
    let address = program.address;
    wait_for(address, "/readyz", 200).await;
    assert_eq!(page(address, THEMES).await.expect("an answer").0, 200);

    change(&folder.path().join("jij.sqlite3"));
    let told = wait_for(address, "/readyz", 503).await;
    assert!(told.contains(OBSTACLE), "{told}");
    let (status, body) = page(address, THEMES).await.expect("an answer");
    assert_eq!(status, 503, "nothing is taken that would be lost: {body}");
    let ended = timeout(PATIENCE, program.ended()).await.expect("it ends");
    assert_eq!(ended.code(), Some(1));
    let said = fs::read_to_string(said).expect("its words");
    assert!(
        said.contains("error: the database file was replaced, moved or removed"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_ends_where_its_database_file_is_replaced() {
    loses(|file| {
        let other = file.with_extension("other");
        fs::copy(file, &other).expect("a copy");
        fs::rename(other, file).expect("replaced");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_ends_where_its_database_file_is_removed() {
    loses(|file| {
        fs::remove_file(file).expect("removed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_goes_on_where_its_database_file_is_only_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    drop(prepare(&url, "an@voorbeeld.example", "een lang wachtwoord").await);
    let mut serve = command(BINARY, &url, &["serve"]);
    serve.env("JIJ_DRAIN_DELAY", "0");
    let program = Program::serve(serve).await;
    wait_for(program.address, "/readyz", 200).await;
    let link = folder.path().join("link.sqlite3");
    fs::hard_link(folder.path().join("jij.sqlite3"), &link).expect("a second name");
    fs::remove_file(link).expect("removed");
    // Some looks later it is ready still.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert_eq!(wait_for(program.address, "/readyz", 200).await, "ok\n");
    program.ask_to_end();
    let ended = timeout(PATIENCE, program.ended()).await.expect("it ends");
    assert_eq!(ended.code(), Some(0));
}
