//! The tables as sea-orm sees them: columns and their types, nothing else.
//!
//! No rules and no GraphQL live here. A value that a column may hold from a fixed list is an
//! enum beside its table; an id is a newtype from [`id`], so that a theme's id can never be
//! bound where a story's is meant.

pub mod account;
pub mod account_block;
pub mod account_contribution;
pub mod account_identity;
pub mod account_role;
pub mod account_use;
pub mod ballot;
pub mod ballot_event;
pub mod comment;
pub mod comment_support;
pub mod content_report;
pub mod embed;
pub mod embed_load;
pub mod embed_origin;
pub mod erasure;
pub mod id;
pub mod job;
pub mod join_code;
pub mod mailed_link;
pub mod mark;
pub mod moderation_actor;
pub mod moderation_appeal;
pub mod moderation_case;
pub mod moderation_chain;
pub mod moderation_entry;
pub mod moderation_statement;
pub mod moderation_template;
pub mod municipality;
pub mod partner;
pub mod partner_member;
pub mod poll;
pub mod poll_edit;
pub mod poll_import;
pub mod poll_option;
pub mod poll_run;
pub mod poll_theme;
pub mod poll_voter;
pub mod question;
pub mod question_run;
pub mod recent_contribution;
pub mod recent_text;
pub mod recovery_code;
pub mod refresh_token;
pub mod registration;
pub mod room_presence;
pub mod screening_key;
pub mod second_factor;
pub mod session;
pub mod signing_key;
pub mod stated_role;
pub mod story;
pub mod story_reaction;
pub mod story_revision;
pub mod story_series;
pub mod story_series_entry;
pub mod story_theme;
pub mod tally;
pub mod theme;
pub mod theme_follow;
pub mod theme_update;
pub mod written_option;
