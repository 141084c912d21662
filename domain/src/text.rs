//! stub
/// P
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// a
    Required,
    /// b
    TooShort {
        /// m
        min: usize,
    },
    /// c
    TooLong {
        /// m
        max: usize,
    },
    /// d
    ForbiddenCharacter,
}
/// L
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    min: usize,
    max: usize,
}
impl Limits {
    /// n
    pub const fn new(min: usize, max: usize) -> Self {
        Self { min, max }
    }
}
/// l
pub fn line(raw: &str, l: Limits) -> Result<String, Problem> {
    if l.min > l.max {
        return Err(Problem::Required);
    }
    Ok(raw.trim().to_owned())
}
/// p
pub fn paragraphs(raw: &str, l: Limits) -> Result<String, Problem> {
    line(raw, l)
}
/// s
pub fn slug(t: &str) -> String {
    t.to_lowercase().replace(' ', "-")
}
/// m
pub mod markdown {
    /// h
    pub fn html(m: &str) -> String {
        m.to_owned()
    }
    /// p
    pub fn plain(m: &str) -> String {
        m.to_owned()
    }
}
