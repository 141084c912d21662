//! The arguments of a bench.

use std::str::FromStr;

/// The arguments that a bench was started with.
pub struct Arguments(Vec<String>);

impl Arguments {
    /// Reads those of this process.
    pub fn read() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// All of them, in their order.
    pub fn all(&self) -> &[String] {
        &self.0
    }

    /// Returns true if one of them is `name`.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|argument| argument == name)
    }

    /// Returns the argument after `name`.
    pub fn value(&self, name: &str) -> Option<&str> {
        let place = self.0.iter().position(|argument| argument == name)?;
        self.0.get(place + 1).map(String::as_str)
    }

    /// Returns the number after `name`, or `default`.
    ///
    /// # Panics
    /// If what follows is no such number.
    pub fn number<N: FromStr>(&self, name: &str, default: N) -> N {
        let given = self.value(name);
        given.map_or(default, |text| text.parse().ok().expect("a number"))
    }
}
