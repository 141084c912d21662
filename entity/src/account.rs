//! Table `account`.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// The language in which a person is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Locale {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
}

impl Locale {
    /// The language's tag (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    /// Whichever of the two texts is in this language.
    #[must_use]
    pub fn pick<'a>(self, dutch: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Nl => dutch,
            Self::En => english,
        }
    }
}

/// A row of `account`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// The address, in lower case; a random name that is no address where it is nobody's, or
    /// another account has it.
    #[sea_orm(unique)]
    pub email: String,
    /// The address that an identity provider states of a person whose address another account
    /// has.
    pub provider_email: Option<String>,
    /// Argon2id in PHC string format.
    pub password_hash: String,
    /// How others see this person.
    pub display_name: String,
    /// The language for mail and messages.
    pub locale: Locale,
    /// When the address was shown to be theirs.
    pub email_verified_at: Option<DateTimeUtc>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
