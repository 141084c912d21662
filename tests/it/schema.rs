//! Entities and migrations agree on the shape of the database, and migrations can be taken back.

use harness::on_both_databases;

on_both_databases! {
    async fn migrations_run_down_and_up_again(app) {
        let database = app.database.writer();
        migration::down(database).await.expect("down");
        assert!(!migration::pending(database).await.expect("pending").is_empty());
        migration::up(database).await.expect("up again");
        assert!(migration::pending(database).await.expect("pending").is_empty());
    }
}
