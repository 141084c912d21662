//! The platform's face: GraphQL over HTTP, and the command line.

pub mod command;
pub mod graphql;
pub mod http;
pub mod settings;

pub use http::router;

/// Answering a request allocates thousands of small things; this allocator is made for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
