//! A conversation of another platform, whole and checked, ready to become a poll.

use sha2::{Digest, Sha256};

use super::{Poll, QuestionKind, draft::label_limits};
use crate::{
    clock::Instant,
    text::{self, Problem},
};

/// A conversation as pol.is exports it: statements, and who agreed with which.
#[derive(Debug, Clone)]
pub struct Export {
    /// The poll's title, 3 to 255 characters on one line.
    pub title: String,
    /// The poll's description in Markdown, at most 5,000 characters.
    pub description: String,
    /// What its content comes down to, as [`Export::digest`] gives it: what has been imported is
    /// not imported again.
    pub digest: String,
    /// The statements in the order of the source, 1 to 1,000.
    pub statements: Vec<Statement>,
    /// Every vote, re-votes included, in the order in which they were cast.
    pub votes: Vec<Vote>,
}

/// A statement.
#[derive(Debug, Clone)]
pub struct Statement {
    pub(super) reference: String,
    pub(super) label: String,
    pub(super) rejected: bool,
}

/// A vote.
#[derive(Debug, Clone, Copy)]
pub struct Vote {
    /// When it was cast.
    pub at: Instant,
    /// The voter's number in the source.
    pub voter: u64,
    /// The statement, counted from 0.
    pub statement: usize,
    /// 1 agrees, 0 passes, -1 disagrees.
    pub value: i32,
}

/// What came of an import.
#[derive(Debug, Clone)]
pub enum Imported {
    /// A new poll.
    Made(Poll),
    /// The poll that the same content became before.
    Already(Poll),
}

impl Export {
    /// Most statements of a conversation.
    pub const STATEMENTS: usize = 1_000;

    /// SHA-256 of a conversation's files, in hexadecimal; their order matters.
    pub fn digest(files: &[&[u8]]) -> String {
        let mut digest = Sha256::new();
        for file in files {
            digest.update((file.len() as u64).to_be_bytes());
            digest.update(file);
        }
        format!("{:x}", digest.finalize())
    }
}

impl Statement {
    /// The statement with this id in the source; its text, of 1 to 1,000 characters, becomes one
    /// line. What was `rejected` there is not shown to the public here.
    pub fn new(reference: &str, text: &str, rejected: bool) -> Result<Self, Problem> {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Self {
            reference: reference.to_owned(),
            label: text::line(&line, label_limits(QuestionKind::Statements))?,
            rejected,
        })
    }

    /// The statement with this id in the source that has no text there; the public never sees it.
    pub fn without_text(reference: &str) -> Self {
        Self {
            reference: reference.to_owned(),
            label: format!("Stelling {reference} (zonder tekst)"),
            rejected: true,
        }
    }
}
