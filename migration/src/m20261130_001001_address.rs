//! An account has one address in one form, its domain in ASCII; and whoever comes in through an
//! identity provider is known by issuer and subject alone, never by an address, which a provider
//! gives to successors.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use sea_orm_migration::{
    prelude::*,
    sea_orm::{DatabaseBackend, Statement, prelude::Uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Accounts with a password were taken over by their owner, by a mailed link: they stay.
const BY_SUBJECT: &str = "UPDATE account \
    SET provider_email = email, email = 'provider:' || email \
    WHERE provider_email IS NULL AND password_hash = '' AND email LIKE '%@%' \
    AND id IN (SELECT account_id FROM account_identity)";
const BY_ADDRESS: &str = "UPDATE account \
    SET email = provider_email, provider_email = NULL \
    WHERE email = 'provider:' || provider_email";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["email", "provider_email"] {
            to_ascii(manager, column).await?;
        }
        let connection = manager.get_connection();
        connection.execute_unprepared(BY_SUBJECT).await?;
        Ok(())
    }

    /// Domains stay in ASCII, which is the same address.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared(BY_ADDRESS).await?;
        Ok(())
    }
}

/// Gives every address a domain in ASCII. If two accounts come to the same one, the one that has it
/// in ASCII keeps it, and the other can be found by its id alone.
async fn to_ascii(manager: &SchemaManager<'_>, column: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let backend = connection.get_database_backend();
    let (value, id) = match backend {
        DatabaseBackend::Postgres => ("$1", "$2"),
        _ => ("?1", "?2"),
    };
    let select = format!("SELECT id, {column} FROM account WHERE {column} LIKE '%@%'");
    let rows = connection
        .query_all_raw(Statement::from_string(backend, select))
        .await?;
    for row in rows {
        let (key, email): (Uuid, String) = (row.try_get("", "id")?, row.try_get("", column)?);
        let Some(ascii) = with_ascii_domain(&email).filter(|ascii| *ascii != email) else {
            continue;
        };
        let free = if column == "email" {
            format!(" AND NOT EXISTS (SELECT 1 FROM account WHERE email = {value})")
        } else {
            String::new()
        };
        let update = format!("UPDATE account SET {column} = {value} WHERE id = {id}{free}");
        let values = [ascii.into(), key.into()];
        connection
            .execute_raw(Statement::from_sql_and_values(backend, update, values))
            .await?;
    }
    Ok(())
}

/// The domain's form of an address, as it was when this was written; none if it has none.
fn with_ascii_domain(email: &str) -> Option<String> {
    let (user, domain) = email.rsplit_once('@')?;
    let domain = Uts46::new().to_ascii(
        domain.as_bytes(),
        AsciiDenyList::STD3,
        Hyphens::CheckFirstLast,
        DnsLength::Verify,
    );
    Some(format!("{user}@{}", domain.ok()?))
}
