//! The platform's face: GraphQL over HTTP, and the command line.

pub mod graphql;
