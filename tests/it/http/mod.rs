//! Requests as the network brings them.

mod body;
