//! Themes: what people talk about, and what is done with it.
//!
//! A theme moves from RAISED towards CLOSED by entries in its follow-up log, which is only ever
//! added to: each entry keeps the status before and after it.
//!
//! Verbs: create, update, post an update, follow.
//!
//! Always: the slug never changes; the newest entry's status is the theme's; `follower_count`
//! equals the rows that follow.

mod draft;
mod model;
mod policy;
mod refusal;
mod service;
pub(crate) mod store;

pub use draft::{ThemeChange, ThemeDraft, ThemeUpdateDraft};
pub use model::{Theme, ThemeFilter, ThemeOrder, ThemeStatus, ThemeUpdate};
pub use policy::{may_edit, may_follow};
pub use refusal::ThemeRefusal;
pub use service::Themes;
