//! Documents get the same verdict from this server as from npm `graphql` over `schema.graphql`.

use std::{fmt::Write, process::Stdio};

use api::graphql::operation::Documents;
use harness::{given_seed, node};
use serde_json::Value;

/// The documents of a run.
const DOCUMENTS: usize = 2_000;
/// The seed of a run without another.
const SEED: u64 = 1;

#[tokio::test]
async fn documents_get_the_verdict_of_graphql_js() {
    let Some(mut script) = node("validation.mjs") else {
        return;
    };
    let seed = given_seed().unwrap_or(SEED).to_string();
    let output = script
        .args([seed.as_str(), &DOCUMENTS.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node starts")
        .wait_with_output()
        .await
        .expect("documents");
    let output = String::from_utf8(output.stdout).expect("UTF-8");
    let documents = Documents::default();
    let (mut judged, mut valid, mut over) = (0, 0, 0);
    let mut different = String::new();
    for line in output.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        // The verdict of npm `graphql` is empty if the document is valid.
        let [document, reason] =
            ["document", "reason"].map(|name| line[name].as_str().expect("a text"));
        judged += 1;
        let ours = documents.check(document).err();
        match ours {
            // A documented limit: what is beyond is not looked at.
            Some(refusal) if refusal.code != "BAD_INPUT" => over += 1,
            // graphql-js 16 looks for `@oneOf` behind a non-null type in vain.
            Some(refusal) if reason.is_empty() && refusal.message.contains("`@oneOf`") => {
                valid += 1;
            }
            Some(refusal) if reason.is_empty() => {
                let message = refusal.message;
                let _ = writeln!(different, "refused here ({message}):\n{document}\n");
            }
            None if !reason.is_empty() => {
                let _ = writeln!(different, "refused there ({reason}):\n{document}\n");
            }
            _ => valid += usize::from(reason.is_empty()),
        }
    }
    assert_eq!(judged, DOCUMENTS);
    assert!(
        valid > 300 && over < 60,
        "JIJ_TEST_SEED={seed}: {valid} valid, {over} over a limit"
    );
    assert!(different.is_empty(), "JIJ_TEST_SEED={seed}:\n{different}");
}

/// The answers that execution is compared with in the tests beside it are npm `graphql`'s.
#[tokio::test]
async fn the_golden_answers_are_those_of_graphql_js() {
    let Some(mut script) = node("execution.mjs") else {
        return;
    };
    let golden = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../api/src/graphql/operation/execute/golden.json"
    );
    let output = script.arg(golden).output().await.expect("answers");
    assert!(output.status.success());
    let kept = std::fs::read_to_string(golden).expect("golden.json");
    assert_eq!(String::from_utf8_lossy(&output.stdout), kept);
}
