//! The guard: what a document may be, found out before it is parsed.
//!
//! The parser behind it calls itself for every bracket, and the validation looks at a fragment
//! again at every spread: a text of two kilobytes could end the process or keep it busy for good.
//! The guard reads the text once, without calling itself, and refuses what would.

mod lexer;
mod shape;
#[cfg(test)]
mod tests;

/// What a document may hold at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes: a comment and a text are one token however long, and the parser reads each sign.
    pub bytes: usize,
    /// Tokens.
    pub tokens: usize,
    /// Brackets of any kind within each other, and selection sets with fragments in place.
    pub nesting: usize,
    /// Operations.
    pub operations: usize,
    /// Fragments.
    pub fragments: usize,
    /// Fields, spreads and inline fragments of all definitions, with fragments in place.
    pub selections: usize,
    /// Fields under another name.
    pub aliases: usize,
    /// Directives.
    pub directives: usize,
    /// Directives in one place: of a field, a spread, a variable or a definition.
    pub directives_in_place: usize,
}

impl Limits {
    /// The limits where nothing else is set.
    pub const DEFAULT: Self = Self {
        bytes: 64 * 1024,
        tokens: 2_000,
        nesting: 32,
        operations: 10,
        fragments: 60,
        selections: 4_000,
        aliases: 30,
        directives: 50,
        directives_in_place: 5,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Why a document is not even parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is no GraphQL.
    #[error("The document cannot be read from line {line}, column {column} on.")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
    },
    /// Too long.
    #[error("The document has more than {limit} bytes.")]
    Bytes {
        /// Most bytes.
        limit: usize,
    },
    /// Too many tokens.
    #[error("The document has more than {limit} tokens.")]
    Tokens {
        /// Most tokens.
        limit: usize,
    },
    /// Too deep.
    #[error("The document nests more than {limit} deep.")]
    Nesting {
        /// Deepest nesting.
        limit: usize,
    },
    /// Too many operations.
    #[error("The document has more than {limit} operations.")]
    Operations {
        /// Most operations.
        limit: usize,
    },
    /// Too many fragments.
    #[error("The document has more than {limit} fragments.")]
    Fragments {
        /// Most fragments.
        limit: usize,
    },
    /// A fragment that spreads itself.
    #[error("A fragment of the document spreads itself.")]
    Cycle,
    /// Too much is selected.
    #[error("The document selects more than {limit} fields once its fragments are in place.")]
    Selections {
        /// Most selections.
        limit: usize,
    },
    /// Too many aliases.
    #[error("The document has more than {limit} aliases.")]
    Aliases {
        /// Most aliases.
        limit: usize,
    },
    /// Too many directives.
    #[error("The document has more than {limit} directives.")]
    Directives {
        /// Most directives.
        limit: usize,
    },
    /// Too many directives in one place.
    #[error("The document has more than {limit} directives in one place.")]
    DirectivesInPlace {
        /// Most directives in one place.
        limit: usize,
    },
}

impl Refusal {
    /// `extensions.code` of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "BAD_INPUT",
            Self::Bytes { .. } => "BYTE_LIMIT_EXCEEDED",
            Self::Tokens { .. } => "TOKEN_LIMIT_EXCEEDED",
            Self::Nesting { .. } => "NESTING_LIMIT_EXCEEDED",
            Self::Operations { .. } => "OPERATION_LIMIT_EXCEEDED",
            Self::Fragments { .. } => "FRAGMENT_LIMIT_EXCEEDED",
            Self::Cycle => "FRAGMENT_CYCLE",
            Self::Selections { .. } => "SELECTION_LIMIT_EXCEEDED",
            Self::Aliases { .. } => "ALIAS_LIMIT_EXCEEDED",
            Self::Directives { .. } => "DIRECTIVE_LIMIT_EXCEEDED",
            Self::DirectivesInPlace { .. } => "DIRECTIVE_IN_PLACE_LIMIT_EXCEEDED",
        }
    }

    /// The document cannot be read from this byte on.
    fn syntax(document: &str, offset: usize) -> Self {
        let read = document.get(..offset).unwrap_or(document);
        let line = read.rsplit('\n').next().unwrap_or(read);
        Self::Syntax {
            line: read.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }
}

/// Refuses a document that breaks a limit, in time linear in its length.
pub fn check(document: &str, limits: &Limits) -> Result<(), Refusal> {
    let tokens = lexer::tokens(document, limits.tokens, limits.nesting)?;
    shape::check_directives(&tokens, limits)?;
    shape::check(document, &tokens, limits)?;
    // Last: what else is wrong says more.
    if document.len() > limits.bytes {
        return Err(Refusal::Bytes {
            limit: limits.bytes,
        });
    }
    Ok(())
}
