//! What the platform decides: its aggregates, and for each use-case who may do it, under which
//! rules, in one transaction.
//!
//! What holds for every aggregate:
//! - A use-case is a method of a service and takes the [`Actor`] first. There is no other way in.
//! - A service begins and commits; a store runs statements inside and never commits.
//! - An aggregate imports only aggregates named before it:
//!   account, partner, theme, story, poll, comment, moderation, embed, privacy, access. Talk in the other
//!   direction goes by job.
//! - Time comes from the [`clock`], chance from [`random`], ids from [`id`].

pub mod access;
pub mod account;
pub mod actor;
pub mod clock;
pub mod comment;
pub mod database;
pub mod embed;
pub mod error;
pub mod event;
pub mod id;
pub mod job;
pub mod local_time;
pub mod locale;
pub mod mail;
pub mod moderation;
pub mod page;
pub mod partner;
pub mod poll;
pub mod privacy;
pub mod random;
pub(crate) mod rate_limit;
pub mod recent;
pub mod refusal;
pub mod screening;
pub mod services;
pub mod story;
pub mod task;
pub mod text;
pub mod theme;

pub use actor::{Actor, Blocked, Member, Role, Roles};
pub use error::{Error, Result};
pub use locale::Locale;
pub use services::{Services, Settings};
