//! What `embed.js` does on a partner's page.

use harness::node;
use serde_json::{Value, json};

#[tokio::test]
async fn it_makes_the_frame_and_hears_nobody_else() {
    let Some(mut program) = node("embed.mjs") else {
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/assets/embed/embed.js");
    let output = program.arg(script).output().await.expect("Node runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let seen: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let embed = "0197aaaa-bbbb-7ccc-8ddd-eeeeffff0000";
    assert_eq!(
        seen,
        json!({
            "isInPlace": true,
            "src": format!("https://jij.example/embed/{embed}"),
            "title": "Zwemmen in de kanalen",
            "loading": "lazy",
            "referrerPolicy": "strict-origin",
            "deaf": 0,
            "heights": ["701px", "701px", "703px", "20000px", "50px", "50px", "50px"],
            "stillListens": false,
            "told": [
                ["jij:ready", true, embed],
                ["jij:voted", true, embed],
                ["jij:closed", true, embed],
            ],
        })
    );
}
