//! Property tests that tell their seed.

use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};

use crate::seed::seed;

/// Checks a property with this many cases from within a test on a runtime of several threads. It
/// prints the seed, and takes another one from `JIJ_TEST_SEED`.
///
/// # Panics
///
/// If the property does not hold.
#[expect(clippy::print_stderr, reason = "a person is told the seed")]
pub fn check_property<S, F>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> F)
where
    S: Strategy,
    F: Future<Output = Result<(), TestCaseError>>,
{
    let seed = seed();
    eprintln!("JIJ_TEST_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let checked = TestRunner::new_with_rng(config, rng).run(strategy, |case| {
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(test(case)))
    });
    if let Err(failure) = checked {
        panic!("JIJ_TEST_SEED={seed}: {failure}");
    }
}
