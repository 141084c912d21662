//! What the rest of the program sees of partners.

/// A municipality of Overijssel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Municipality {
    /// The CBS code, such as `GM0193`.
    pub code: String,
    /// The name as CBS prints it.
    pub name: String,
}
