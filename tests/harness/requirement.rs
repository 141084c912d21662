//! What a test needs beyond Rust is found, or the test is left out and says so.

use std::{collections::HashSet, io::Write, sync::Mutex};

static SAID: Mutex<Option<HashSet<String>>> = Mutex::new(None);

/// Says once that something is missing and what was therefore not tested. With
/// `JIJ_REQUIRE_ALL=1` it is a failure instead.
///
/// # Panics
/// If everything is required.
pub fn missing(what: &str, not_tested: &str) {
    let line = format!("{what} was not found: {not_tested}");
    assert!(
        std::env::var_os("JIJ_REQUIRE_ALL").is_none_or(|value| value != "1"),
        "{line} (JIJ_REQUIRE_ALL=1)"
    );
    say(&line);
}

/// Says a line once, past the test runner's capture, so that a run that passes says it too.
pub(crate) fn say(line: &str) {
    let mut said = SAID.lock().expect("nothing panics while it holds this");
    if said.get_or_insert_default().insert(line.to_owned()) {
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}
