//! What the guard passes must be parsed or refused within 50 ms, and never panic.
//!
//! `cargo +nightly fuzz run --fuzz-dir fuzz guard -- -dict=fuzz/graphql.dict -max_len=4096`
//! Afterwards `cargo +nightly fuzz cmin --fuzz-dir fuzz guard` keeps the corpus small; the tests
//! beside the guard replay it.
#![no_main]

use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;

#[path = "../../api/src/graphql/guard/mod.rs"]
#[expect(dead_code, reason = "only the check is called here")]
mod guard;

/// As long as a request may take whose document passed.
const MOST: Duration = Duration::from_millis(50);

fuzz_target!(|data: &[u8]| {
    let Ok(document) = std::str::from_utf8(data) else {
        return;
    };
    if guard::check(document, &guard::Limits::DEFAULT).is_err() {
        return;
    }
    // The machine may do other things: the best of five counts.
    let is_quick = (0..5).any(|_| {
        let begun = Instant::now();
        let _ = async_graphql_parser::parse_query(document);
        begun.elapsed() < MOST
    });
    assert!(is_quick, "parsing takes too long");
});
