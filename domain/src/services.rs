//! The services, built once and shared by everything that asks.

use crate::{
    account::Accounts, clock::SharedClock, database::Database, partner::Partners, story::Stories,
    theme::Themes,
};

/// Every use-case of the platform.
#[derive(Clone)]
pub struct Services {
    /// Accounts, sessions and visitors.
    pub accounts: Accounts,
    /// Partners and municipalities.
    pub partners: Partners,
    /// Stories and their series.
    pub stories: Stories,
    /// Themes.
    pub themes: Themes,
}

impl Services {
    /// The services over one database.
    pub fn new(database: &Database, clock: &SharedClock) -> Self {
        Self {
            accounts: Accounts::new(database.clone(), clock.clone()),
            partners: Partners::new(database.clone()),
            stories: Stories::new(database.clone(), clock.clone()),
            themes: Themes::new(database.clone(), clock.clone()),
        }
    }
}
