//! Everything that is tested through the public surface: GraphQL, HTTP and the command line.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that does not find what it needs has failed"
)]

mod access;
mod account;
mod arguments;
mod comment;
mod contract;
mod database;
mod embed;
mod hostile;
mod house;
mod http;
mod moderation;
mod page;
mod partner;
mod poll;
mod privacy;
mod schema;
mod screening;
mod standing;
mod story;
mod theme;
