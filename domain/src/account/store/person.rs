//! Queries on accounts and their roles.

use entity::{account, account_role};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    TryInsertResult,
};

use super::super::{Account, AccountChange, Profile};
use crate::{Locale, Role, Roles, clock::Instant, id::AccountId};

/// What signing in and mailing need to know of an account.
#[derive(Debug, Clone)]
pub(in crate::account) struct Person {
    /// Its id.
    pub(in crate::account) id: AccountId,
    /// The address; none where a provider's person has none that is theirs alone.
    pub(in crate::account) email: Option<String>,
    /// Whether the address was shown to be theirs.
    pub(in crate::account) email_verified: bool,
    /// The password as a PHC string; none where they sign in by mailed links only.
    pub(in crate::account) password_hash: Option<String>,
    /// The language for mail.
    pub(in crate::account) locale: Locale,
}

impl Person {
    /// The address and language for mail; none where no mail can reach them.
    pub(in crate::account) fn addressed(self) -> Option<(String, Locale)> {
        Some((self.email?, self.locale))
    }
}

/// The person whom an account is verified for.
#[derive(Debug, Clone, Copy)]
pub(in crate::account) struct Owner<'a> {
    /// The password as a PHC string; empty for none.
    pub(in crate::account) password_hash: &'a str,
    /// The display name.
    pub(in crate::account) display_name: &'a str,
    /// The language for mail.
    pub(in crate::account) locale: Locale,
}

/// The beginning of the key of an account without an address; no address begins so.
const OF_PROVIDER: &str = "provider:";

/// Adds an account without roles that goes by its address; `false` where that is taken.
pub(in crate::account) async fn insert(
    connection: &impl ConnectionTrait,
    account: &Account,
    password_hash: &str,
    at: Instant,
) -> Result<bool, DbErr> {
    let row = account::ActiveModel {
        email: Set(account.email.clone().unwrap_or_default()),
        password_hash: Set(password_hash.to_owned()),
        ..row(account, at)
    };
    insert_row(connection, row).await
}

/// Adds an account without roles or password of a provider's person, who is known by `name` and
/// never by an address: it is mailed at the address, if it has one, and nobody signs in by it.
/// Gives the account of that name, which was there before if somebody was faster.
pub(in crate::account) async fn insert_of_provider(
    connection: &impl ConnectionTrait,
    account: &Account,
    name: &str,
    at: Instant,
) -> Result<Option<AccountId>, DbErr> {
    let key = format!("{OF_PROVIDER}{name}");
    let row = account::ActiveModel {
        email: Set(key.clone()),
        provider_email: Set(account.email.clone()),
        ..row(account, at)
    };
    insert_row(connection, row).await?;
    let found = by_email_for_change(connection, &key).await?;
    Ok(found.map(|person| person.id))
}

fn row(account: &Account, at: Instant) -> account::ActiveModel {
    account::ActiveModel {
        id: Set(account.id),
        email: NotSet,
        provider_email: Set(None),
        password_hash: Set(String::new()),
        display_name: Set(account.display_name.clone()),
        locale: Set(account.locale),
        email_verified_at: Set(account.email_verified.then_some(at)),
        created_at: Set(at),
        updated_at: Set(at),
    }
}

async fn insert_row(
    connection: &impl ConnectionTrait,
    row: account::ActiveModel,
) -> Result<bool, DbErr> {
    let inserted = account::Entity::insert(row)
        .on_conflict_do_nothing_on([account::Column::Email])
        .exec_without_returning(connection)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1..)))
}

/// The account with this id.
pub(in crate::account) async fn by_id(
    connection: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<Account>, DbErr> {
    let Some(row) = account::Entity::find_by_id(id).one(connection).await? else {
        return Ok(None);
    };
    let roles = roles(connection, id).await?;
    Ok(Some(Account {
        id: row.id,
        email: address(row.provider_email, row.email),
        email_verified: row.email_verified_at.is_some(),
        display_name: row.display_name,
        locale: row.locale,
        roles,
    }))
}

/// Those of the accounts that exist, as everyone sees them, in no order.
pub(crate) async fn profiles(
    connection: &impl ConnectionTrait,
    ids: &[AccountId],
) -> Result<Vec<Profile>, DbErr> {
    let rows: Vec<(AccountId, String)> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .column(account::Column::DisplayName)
        .filter(account::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, display_name)| Profile { id, display_name })
        .collect())
}

/// The account that showed this address to be its own.
pub(crate) async fn verified(
    connection: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<AccountId>, DbErr> {
    account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Email.eq(email))
        .filter(account::Column::EmailVerifiedAt.is_not_null())
        .into_tuple()
        .one(connection)
        .await
}

/// Whom to write to.
pub(in crate::account) async fn addressee(
    connection: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<Person>, DbErr> {
    let row = account::Entity::find_by_id(id).one(connection).await?;
    Ok(row.map(Person::from))
}

/// Whom to write to, locked until the transaction ends.
pub(in crate::account) async fn addressee_for_change(
    connection: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<Person>, DbErr> {
    let row = account::Entity::find_by_id(id)
        .lock_exclusive()
        .one(connection)
        .await?;
    Ok(row.map(Person::from))
}

/// Who signs in with this address.
pub(in crate::account) async fn to_sign_in(
    connection: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<Person>, DbErr> {
    let row = account::Entity::find()
        .filter(account::Column::Email.eq(email))
        .one(connection)
        .await?;
    Ok(row.map(Person::from))
}

/// The person of a provider whose address this is, if only one is known by it.
pub(in crate::account) async fn by_provider_email(
    connection: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<Person>, DbErr> {
    let mut rows = account::Entity::find()
        .filter(account::Column::ProviderEmail.eq(email))
        .limit(2)
        .all(connection)
        .await?;
    let row = rows.pop().filter(|_| rows.is_empty());
    Ok(row.map(Person::from))
}

/// Whose address this is, locked until the transaction ends.
pub(in crate::account) async fn by_email_for_change(
    connection: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<Person>, DbErr> {
    let row = account::Entity::find()
        .filter(account::Column::Email.eq(email))
        .lock_exclusive()
        .one(connection)
        .await?;
    Ok(row.map(Person::from))
}

/// Replaces an account's password; an empty hash leaves it without one.
pub(in crate::account) async fn set_password(
    connection: &impl ConnectionTrait,
    id: AccountId,
    password_hash: &str,
    at: Instant,
) -> Result<(), DbErr> {
    let row = account::ActiveModel {
        password_hash: Set(password_hash.to_owned()),
        updated_at: Set(at),
        ..Default::default()
    };
    account::Entity::update_many()
        .set(row)
        .filter(account::Column::Id.eq(id))
        .exec(connection)
        .await?;
    Ok(())
}

/// Gives an unverified account the person who showed that the address is theirs; an empty hash
/// leaves it without a password.
pub(in crate::account) async fn verify(
    connection: &impl ConnectionTrait,
    id: AccountId,
    owner: Owner<'_>,
    at: Instant,
) -> Result<(), DbErr> {
    let row = account::ActiveModel {
        password_hash: Set(owner.password_hash.to_owned()),
        display_name: Set(owner.display_name.to_owned()),
        locale: Set(owner.locale),
        email_verified_at: Set(Some(at)),
        updated_at: Set(at),
        ..Default::default()
    };
    account::Entity::update_many()
        .set(row)
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::EmailVerifiedAt.is_null())
        .exec(connection)
        .await?;
    Ok(())
}

/// Changes what the owner may change; `false` where there is no such account.
pub(in crate::account) async fn update(
    connection: &impl ConnectionTrait,
    id: AccountId,
    change: AccountChange,
    at: Instant,
) -> Result<bool, DbErr> {
    let row = account::ActiveModel {
        display_name: change.display_name.map_or(NotSet, Set),
        locale: change.locale.map_or(NotSet, Set),
        updated_at: Set(at),
        ..Default::default()
    };
    let updated = account::Entity::update_many()
        .set(row)
        .filter(account::Column::Id.eq(id))
        .exec(connection)
        .await?;
    Ok(updated.rows_affected > 0)
}

/// The account's roles.
pub(crate) async fn roles(
    connection: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Roles, DbErr> {
    let roles: Vec<Role> = account_role::Entity::find()
        .select_only()
        .column(account_role::Column::Role)
        .filter(account_role::Column::AccountId.eq(id))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(Roles::new(roles))
}

/// Gives a role; giving it twice is the same as once.
pub(in crate::account) async fn grant(
    connection: &impl ConnectionTrait,
    id: AccountId,
    role: Role,
    at: Instant,
) -> Result<(), DbErr> {
    let row = account_role::ActiveModel {
        account_id: Set(id),
        role: Set(role),
        granted_at: Set(at),
    };
    account_role::Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Takes a role; taking what is not there changes nothing.
pub(in crate::account) async fn withdraw(
    connection: &impl ConnectionTrait,
    id: AccountId,
    role: Role,
) -> Result<(), DbErr> {
    account_role::Entity::delete_by_id((id, role))
        .exec(connection)
        .await?;
    Ok(())
}

/// The accounts that mail can reach.
pub(crate) fn has_address() -> Condition {
    Condition::any()
        .add(account::Column::ProviderEmail.is_not_null())
        .add(account::Column::Email.not_like(format!("{OF_PROVIDER}%")))
}

/// The address that mail reaches an account at.
fn address(at_provider: Option<String>, own: String) -> Option<String> {
    at_provider.or_else(|| Some(own).filter(|own| !own.starts_with(OF_PROVIDER)))
}

impl From<account::Model> for Person {
    fn from(row: account::Model) -> Self {
        Self {
            id: row.id,
            email: address(row.provider_email, row.email),
            email_verified: row.email_verified_at.is_some(),
            password_hash: Some(row.password_hash).filter(|hash| !hash.is_empty()),
            locale: row.locale,
        }
    }
}
