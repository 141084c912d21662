//! The seed of tests that draw at random.

/// Returns the seed in `JIJ_TEST_SEED`, or a new one; a test that fails tells it.
///
/// # Panics
/// If `JIJ_TEST_SEED` is no number.
pub(crate) fn seed() -> u64 {
    given_seed()
        .unwrap_or_else(|| u64::from_be_bytes(domain::random::bytes().expect("random bytes")))
}

/// Returns the seed in `JIJ_TEST_SEED`, if there is one.
///
/// # Panics
/// If `JIJ_TEST_SEED` is no number.
pub fn given_seed() -> Option<u64> {
    let seed = std::env::var("JIJ_TEST_SEED").ok()?;
    Some(seed.parse().expect("JIJ_TEST_SEED is a number"))
}
