//! What documents may be, and whose.

use std::time::Duration;

use clap::ValueEnum;
use domain::Actor;

use super::{super::budget::DEFAULT_LIMIT, Trusted, guard};

/// What documents may be, and whose.
#[derive(Debug, Clone)]
pub struct Rules {
    /// What a document may hold, before it is parsed.
    pub guard: guard::Limits,
    /// Fields within each other.
    pub depth: usize,
    /// Fields, those below a list as often as it has items.
    pub cost: u64,
    /// The most bytes of an answer.
    pub answer_bytes: usize,
    /// How long a request may take.
    pub time_out: Duration,
    /// Whom the schema is told to by the server itself, and shown the query page.
    pub introspection: Audience,
    /// Who may send documents of their own.
    pub senders: Senders,
    /// Documents that everyone may send by their hash.
    pub trusted: Trusted,
    /// How many bytes of automatic persisted queries are remembered.
    pub remembered_bytes: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            guard: guard::Limits::DEFAULT,
            depth: 15,
            cost: 20_000,
            answer_bytes: DEFAULT_LIMIT,
            time_out: Duration::from_secs(10),
            introspection: Audience::SignedIn,
            senders: Senders::Open,
            trusted: Trusted::default(),
            remembered_bytes: 4 << 20,
        }
    }
}

/// Whom something is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Audience {
    /// Everyone.
    Everyone,
    /// Who has signed in.
    SignedIn,
    /// Nobody.
    Nobody,
}

impl Audience {
    /// Whether `actor` is one of them.
    pub fn includes(self, actor: &Actor) -> bool {
        match self {
            Self::Everyone => true,
            Self::SignedIn => actor.signed_in().is_some() || *actor == Actor::System,
            Self::Nobody => false,
        }
    }
}

/// Who may send documents of their own; trusted ones are everyone's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Senders {
    /// Everyone.
    Open,
    /// Who has signed in.
    SignedIn,
    /// Nobody: trusted documents only.
    Only,
}

impl Senders {
    /// Whether `actor` may send a document of their own.
    pub fn may_write(self, actor: &Actor) -> bool {
        match self {
            Self::Open => true,
            Self::SignedIn => actor.signed_in().is_some() || *actor == Actor::System,
            Self::Only => false,
        }
    }
}
