//! Random numbers that a seed repeats.

/// A sequence of random numbers (SplitMix64).
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// The sequence of the seed in `TEST_SEED`, of a new one otherwise, and that seed: a test
    /// that fails says it.
    ///
    /// # Panics
    /// If `TEST_SEED` is no number.
    pub fn new() -> (Self, u64) {
        let seed = match std::env::var("TEST_SEED") {
            Ok(seed) => seed.parse().expect("TEST_SEED is a number"),
            Err(_) => u64::from_be_bytes(domain::random::bytes().expect("chance")),
        };
        (Self(seed), seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.number() % end as u64).expect("below a number of its size")
    }

    /// One of `choices`, as likely as every other.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}
