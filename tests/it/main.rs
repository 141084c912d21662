//! Everything that is tested through the public surface: GraphQL, HTTP and the command line.

mod access;
mod account;
mod comment;
mod contract;
mod database;
mod hostile;
mod house;
mod http;
mod poll;
mod schema;
mod story;
mod theme;
