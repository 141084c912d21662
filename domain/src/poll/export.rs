//! A conversation of another platform, whole and checked, ready to become a poll.

use super::Poll;
use crate::clock::Instant;

/// A conversation as pol.is exports it: statements, and who agreed with which.
#[derive(Debug, Clone)]
pub struct Export {
    /// The poll's title.
    pub title: String,
    /// SHA-256 of the content, in hexadecimal: what has been imported is not imported again.
    pub digest: String,
    /// The statements in the order of the source, at most 1,000.
    pub statements: Vec<Statement>,
    /// Every vote, re-votes included, in the order in which they were cast.
    pub votes: Vec<Vote>,
}

/// A statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Its id in the source.
    pub reference: String,
    /// One line, 1 to 1,000 characters.
    pub label: String,
    /// Whether it was rejected there.
    pub rejected: bool,
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
