//! The shape of the database, one file an aggregate at its birth and one more for each later
//! change. It names its own tables and columns and never imports `entity`: a migration that has
//! run must not change when an entity does.

mod m20261122_000001_account;
mod m20261122_000002_job;
mod m20261122_000003_municipality;
mod m20261122_000004_theme;
mod m20261122_000005_story;
mod m20261122_000006_poll;
mod m20261122_000007_ballot;
mod m20261122_000008_comment;
mod m20261122_000009_question_kind;
mod m20261122_000010_room;
mod m20261122_000020_mailed_link;
mod m20261122_000021_refresh_family;
mod m20261122_000022_second_factor;
mod m20261127_000030_erasure;
mod m20261127_000031_identity;
mod m20261127_000032_visitor_claim;
mod m20261127_000033_account_use;
mod m20261127_000040_moderation;
mod m20261127_000041_appeal;
mod m20261127_000050_partner;
mod m20261127_000051_embed;
mod m20261127_000052_story_partner;
mod m20261127_000070_screening;
mod m20261128_000010_case_state;
mod m20261130_000301_registration;
mod m20261130_000302_stated_role;
mod m20261130_000401_failed_attempt;
mod m20261130_000501_answers_visible;
mod m20261130_000502_new_voters;
mod m20261130_000601_name;
mod m20261130_000701_title_key;
mod m20261130_000801_job_lane;
mod m20261130_000802_idle_warning;
mod m20261130_000803_record_format;
mod m20261130_001001_address;
mod m20261130_001101_anonymized;
mod m20261130_001102_commenters;
mod m20261130_001201_partner_name_key;
mod schema;

pub use sea_orm_migration::sea_orm::{DatabaseConnection, DbErr};
use sea_orm_migration::{migrator::Migration, prelude::*};

struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_account::Migration),
            Box::new(m20261122_000002_job::Migration),
            Box::new(m20261122_000003_municipality::Migration),
            Box::new(m20261122_000004_theme::Migration),
            Box::new(m20261122_000005_story::Migration),
            Box::new(m20261122_000006_poll::Migration),
            Box::new(m20261122_000007_ballot::Migration),
            Box::new(m20261122_000008_comment::Migration),
            Box::new(m20261122_000009_question_kind::Migration),
            Box::new(m20261122_000010_room::Migration),
            Box::new(m20261122_000020_mailed_link::Migration),
            Box::new(m20261122_000021_refresh_family::Migration),
            Box::new(m20261122_000022_second_factor::Migration),
            Box::new(m20261127_000030_erasure::Migration),
            Box::new(m20261127_000031_identity::Migration),
            Box::new(m20261127_000032_visitor_claim::Migration),
            Box::new(m20261127_000033_account_use::Migration),
            Box::new(m20261127_000040_moderation::Migration),
            Box::new(m20261127_000041_appeal::Migration),
            Box::new(m20261127_000050_partner::Migration),
            Box::new(m20261127_000051_embed::Migration),
            Box::new(m20261127_000052_story_partner::Migration),
            Box::new(m20261127_000070_screening::Migration),
            Box::new(m20261128_000010_case_state::Migration),
            Box::new(m20261130_000301_registration::Migration),
            Box::new(m20261130_000302_stated_role::Migration),
            Box::new(m20261130_000401_failed_attempt::Migration),
            Box::new(m20261130_000501_answers_visible::Migration),
            Box::new(m20261130_000502_new_voters::Migration),
            Box::new(m20261130_000601_name::Migration),
            Box::new(m20261130_000701_title_key::Migration),
            Box::new(m20261130_000801_job_lane::Migration),
            Box::new(m20261130_000802_idle_warning::Migration),
            Box::new(m20261130_000803_record_format::Migration),
            Box::new(m20261130_001001_address::Migration),
            Box::new(m20261130_001101_anonymized::Migration),
            Box::new(m20261130_001102_commenters::Migration),
            Box::new(m20261130_001201_partner_name_key::Migration),
        ]
    }
}

/// Applies every migration that has not run yet; running it twice changes nothing.
pub async fn up(database: &DatabaseConnection) -> Result<(), DbErr> {
    Migrator::up(database, None).await
}

/// Takes every migration back, the newest first: all data is lost.
pub async fn down(database: &DatabaseConnection) -> Result<(), DbErr> {
    Migrator::down(database, None).await
}

/// The names of the migrations that have not run yet, oldest first. Reads only, and so answers
/// for a database that was never migrated as well.
pub async fn pending(database: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    Ok(names(
        &Migrator::get_pending_migrations_read_only(database).await?,
    ))
}

/// The names of the migrations that have run, oldest first. Reads only; fails where one has run
/// that is not among ours.
pub async fn applied(database: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    Ok(names(
        &Migrator::get_applied_migrations_read_only(database).await?,
    ))
}

fn names(migrations: &[Migration]) -> Vec<String> {
    let names = migrations.iter().map(Migration::name);
    names.map(str::to_owned).collect()
}
