//! What every test stands on: an application with a database of its own, a clock that the test
//! moves, and the people who use the platform.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot be set up has failed"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "where to find a server is told by the environment of the test run"
)]

mod answer;
mod app;
mod arguments;
mod browser;
mod chance;
mod clock;
mod node;
mod operations;
mod outage;
mod persona;
mod postgres;
pub mod program;
mod property;
mod requirement;
mod screening;
mod seed;
mod serve;
mod shared;
mod slow_line;
mod subscription;
mod template;
pub mod wire;

pub use answer::Answer;
pub use app::{SITE, TestApp, name_host};
pub use arguments::Arguments;
pub use browser::browser;
pub use chance::Chance;
pub use clock::TestClock;
pub use node::node;
pub use operations::{Operation, operation, operations};
pub use outage::Outage;
pub use persona::Persona;
pub use program::Program;
pub use property::check_property;
pub use requirement::missing;
pub use seed::given_seed;
pub use serve::{Piped, Served};
pub use shared::shared_data;
pub use slow_line::{SlowLine, host_and_port};
pub use subscription::Subscription;
pub use template::{DatabaseKind, TestDatabase};
pub use wire::Wire;

/// Declares tests that run on `SQLite` and on `PostgreSQL`, each in a database of its own.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$attribute:meta])* async fn $name:ident($app:ident) $body:block)+) => {$(
        $(#[$attribute])*
        async fn $name($app: &$crate::TestApp) $body

        mod $name {
            use super::$name as check;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                if let Some(app) = $crate::TestApp::start($crate::DatabaseKind::Sqlite).await {
                    check(&app).await;
                    app.end().await;
                }
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(app) = $crate::TestApp::start($crate::DatabaseKind::Postgres).await {
                    check(&app).await;
                    app.end().await;
                }
            }
        }
    )+};
}
