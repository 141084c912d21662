//! What the guard passes must be parsed or refused within 50 ms, and never panic.
//!
//! `cargo +nightly fuzz run --sanitizer none --fuzz-dir fuzz guard -- -dict=fuzz/graphql.dict
//! -max_len=4096`
//! Afterwards `cargo +nightly fuzz cmin --fuzz-dir fuzz guard` keeps the corpus small; the tests
//! beside the guard replay it.
#![no_main]

use std::time::Duration;

use cpu_time::ThreadTime;
use libfuzzer_sys::fuzz_target;

#[path = "../../api/src/graphql/operation/guard/mod.rs"]
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
    // Of the processor's time: the machine may do other things as well.
    let begun = ThreadTime::now();
    let _ = apollo_compiler::ast::Document::parse(document, "document");
    assert!(begun.elapsed() < MOST, "parsing takes too long");
});
