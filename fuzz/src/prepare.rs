//! Any request must be prepared or refused within 200 ms, and never panic: guarded, parsed,
//! validated, merged, weighed, its variables coerced. The input behind a null byte is read as the
//! variables.
//!
//! `cargo +nightly fuzz run --sanitizer none --fuzz-dir fuzz prepare -- -dict=fuzz/graphql.dict
//! -max_len=4096`
#![no_main]

use std::{sync::LazyLock, time::Duration};

use api::graphql::operation::{Documents, GraphqlRequest};
use cpu_time::ThreadTime;
use domain::Actor;
use libfuzzer_sys::fuzz_target;

/// As long as a request may take until it is executed.
const MOST: Duration = Duration::from_millis(200);

static DOCUMENTS: LazyLock<Documents> = LazyLock::new(Documents::default);

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (document, variables) = text.split_once('\0').unwrap_or((text, "{}"));
    let Ok(variables) = serde_json::from_str(variables) else {
        return;
    };
    let request = GraphqlRequest::new(document, variables);
    // Of the processor's time: the machine may do other things as well.
    let begun = ThreadTime::now();
    let prepared = DOCUMENTS.prepare(request, &Actor::System);
    assert!(begun.elapsed() < MOST, "preparing takes too long");
    // A panic is caught where requests are served.
    assert!(!prepared.is_err_and(|refusal| refusal.code == "INTERNAL"));
});
