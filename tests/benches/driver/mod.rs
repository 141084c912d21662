//! Shared by the benches that compare our server with a bare one.

pub(crate) mod load;
pub(crate) mod process;
