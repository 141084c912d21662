//! A person's rights over what is held on them.

mod mutation;

pub(crate) use mutation::PrivacyMutation;
