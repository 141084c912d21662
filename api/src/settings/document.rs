//! What documents may be, and whose.

use std::{path::PathBuf, time::Duration};

use clap::{Args, builder::RangedU64ValueParser};

use super::{SettingError, SettingWarning};
use crate::graphql::operation::{Audience, Rules, Senders, Trusted, guard::Limits};

/// The most of anything that a limit may be set to.
const MOST: u64 = 1_000_000_000;

/// What the documents of requests may be, and whose.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Documents")]
pub struct DocumentSettings {
    /// Documents that are sent by their hash (`documentId`): the JSON that graphql-codegen
    /// (persistedDocuments) and Relay's compiler write
    #[arg(long, env = "JIJ_TRUSTED_DOCUMENTS", value_name = "FILE")]
    trusted_documents: Option<PathBuf>,

    /// Who may send documents of their own
    #[arg(
        long,
        env = "JIJ_DOCUMENTS",
        value_name = "WHO",
        value_enum,
        default_value = "open"
    )]
    documents: Senders,

    /// Whom the server tells its schema by introspection, and shows the query page
    /// [default: signed-in; everyone for the demo]
    #[arg(long, env = "JIJ_INTROSPECTION", value_name = "WHO", value_enum)]
    introspection: Option<Audience>,

    /// How many bytes of automatic persisted queries are remembered
    #[arg(long, env = "JIJ_REMEMBERED_BYTES", value_name = "BYTES", default_value_t = 4 << 20)]
    remembered_bytes: usize,

    /// How many seconds a request may take
    #[arg(
        long,
        env = "JIJ_REQUEST_TIMEOUT",
        value_name = "SECONDS",
        default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=300)
    )]
    request_timeout: u64,

    /// How many fields may stand within each other
    #[arg(
        long,
        env = "JIJ_MAX_DEPTH",
        value_name = "NUMBER",
        default_value_t = 15,
        value_parser = at_least_one()
    )]
    max_depth: usize,

    /// How many fields an operation may ask for, those below a list as often as it has items
    #[arg(
        long,
        env = "JIJ_MAX_COST",
        value_name = "NUMBER",
        default_value_t = 20_000,
        value_parser = clap::value_parser!(u64).range(1..=MOST)
    )]
    max_cost: u64,

    /// The most bytes of an answer
    #[arg(
        long,
        env = "JIJ_MAX_ANSWER_BYTES",
        value_name = "BYTES",
        default_value_t = 4 << 20,
        value_parser = clap::value_parser!(u32).range(65_536..)
    )]
    max_answer_bytes: u32,

    /// How many bytes a document may have
    #[arg(long, env = "JIJ_MAX_DOCUMENT_BYTES", value_name = "BYTES", default_value_t = Limits::DEFAULT.bytes, value_parser = at_least_one())]
    max_document_bytes: usize,

    /// How many tokens a document may have
    #[arg(long, env = "JIJ_MAX_TOKENS", value_name = "NUMBER", default_value_t = Limits::DEFAULT.tokens, value_parser = at_least_one())]
    max_tokens: usize,

    /// How deep a document's brackets may nest, fragments in place; at most 32, which is as deep
    /// as the parser goes
    #[arg(
        long,
        env = "JIJ_MAX_NESTING",
        value_name = "NUMBER",
        default_value_t = 32,
        value_parser = clap::value_parser!(u8).range(1..=32)
    )]
    max_nesting: u8,

    /// How many operations a document may have
    #[arg(long, env = "JIJ_MAX_OPERATIONS", value_name = "NUMBER", default_value_t = Limits::DEFAULT.operations, value_parser = at_least_one())]
    max_operations: usize,

    /// How many fragments a document may have
    #[arg(long, env = "JIJ_MAX_FRAGMENTS", value_name = "NUMBER", default_value_t = Limits::DEFAULT.fragments)]
    max_fragments: usize,

    /// How many fields and fragments a document may select, fragments in place
    #[arg(long, env = "JIJ_MAX_SELECTIONS", value_name = "NUMBER", default_value_t = Limits::DEFAULT.selections, value_parser = at_least_one())]
    max_selections: usize,

    /// How many aliases a document may have
    #[arg(long, env = "JIJ_MAX_ALIASES", value_name = "NUMBER", default_value_t = Limits::DEFAULT.aliases)]
    max_aliases: usize,

    /// How many directives a document may have
    #[arg(long, env = "JIJ_MAX_DIRECTIVES", value_name = "NUMBER", default_value_t = Limits::DEFAULT.directives)]
    max_directives: usize,

    /// How many directives one place of a document may have
    #[arg(long, env = "JIJ_MAX_DIRECTIVES_IN_PLACE", value_name = "NUMBER", default_value_t = Limits::DEFAULT.directives_in_place)]
    max_directives_in_place: usize,
}

impl DocumentSettings {
    /// The rules of a server that shows its schema to `introspection` where nothing is set.
    pub fn rules(&self, introspection: Audience) -> Result<Rules, SettingError> {
        let guard = Limits {
            bytes: self.max_document_bytes,
            tokens: self.max_tokens,
            nesting: usize::from(self.max_nesting),
            operations: self.max_operations,
            fragments: self.max_fragments,
            selections: self.max_selections,
            aliases: self.max_aliases,
            directives: self.max_directives,
            directives_in_place: self.max_directives_in_place,
        };
        Ok(Rules {
            depth: self.max_depth,
            cost: self.max_cost,
            answer_bytes: self.max_answer_bytes as usize,
            time_out: Duration::from_secs(self.request_timeout),
            introspection: self.introspection.unwrap_or(introspection),
            senders: self.documents,
            trusted: self.trusted(&guard)?,
            remembered_bytes: self.remembered_bytes,
            guard,
        })
    }

    /// Returns what is probably not meant so, with these rules.
    pub fn warnings(&self, rules: &Rules) -> Vec<SettingWarning> {
        let refused = match self.documents {
            Senders::Open => return Vec::new(),
            Senders::SignedIn => "nobody can register, sign in or vote as a visitor",
            Senders::Only => "every request but those of the moderators' console is refused",
        };
        if !rules.trusted.is_empty() {
            return Vec::new();
        }
        vec![SettingWarning::new(
            "--documents (JIJ_DOCUMENTS)",
            format!("no document is trusted: {refused}"),
            "name the file of trusted documents in --trusted-documents (JIJ_TRUSTED_DOCUMENTS)",
        )]
    }

    fn trusted(&self, limits: &Limits) -> Result<Trusted, SettingError> {
        let Some(file) = &self.trusted_documents else {
            return Ok(Trusted::default());
        };
        let wrong = |problem: String| SettingError {
            name: "--trusted-documents (JIJ_TRUSTED_DOCUMENTS)",
            problem: format!("{}: {problem}", file.display()),
            hint: "the file that graphql-codegen (persistedDocuments) or Relay's compiler wrote",
        };
        let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
        Trusted::from_json(&text, limits).map_err(|error| wrong(error.to_string()))
    }
}

fn at_least_one() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=MOST)
}
