//! `jij poll recount`: it says what differs, and mends nothing.

use entity::{ballot, mark, poll_run, poll_voter, question_run, tally};
use harness::{Persona, TestApp, on_both_databases, program::output};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};

use super::{cast, choice, poll, recount::recount, retract};

/// How the command ends, and what it says: on standard output, and on standard error.
fn run(app: &TestApp, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut all = vec!["poll", "recount"];
    all.extend(arguments);
    let output = output(
        env!("CARGO_BIN_EXE_jij-under-test"),
        app.database_url(),
        &all,
    );
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

async fn voted(app: &TestApp, title: &str) -> Value {
    let made = poll(app, json!({ "title": title, "voteChange": "UNTIL_CLOSE" })).await;
    cast(app, Persona::Resident, choice(&made, 0, &[0]))
        .await
        .accepted("ballotCast");
    cast(app, Persona::Neighbour, choice(&made, 0, &[1]))
        .await
        .accepted("ballotCast");
    cast(app, Persona::Visitor, choice(&made, 0, &[1]))
        .await
        .accepted("ballotCast");
    retract(app, Persona::Visitor, &made)
        .await
        .accepted("ballotRetract");
    made
}

on_both_databases! {
    async fn a_line_a_poll_where_every_sum_agrees(app) {
        let first = voted(app, "Zwemmen").await;
        voted(app, "Fietsen").await;
        recount(app).await;
        let (code, said, complained) = run(app, &[]);
        assert_eq!((code, complained.as_str()), (Some(0), ""));
        assert_eq!(said, "fietsen: 2 ballots, every sum agrees\nzwemmen: 2 ballots, every sum agrees\n");
        let by_id = first["id"].as_str().expect("an id");
        assert_eq!(run(app, &["--poll", by_id]).1, "zwemmen: 2 ballots, every sum agrees\n");
        let (_, said, _) = run(app, &["--poll", "fietsen", "--poll", by_id]);
        assert_eq!(said.lines().count(), 2);
    }

    async fn every_kind_of_difference_is_told_and_none_is_mended(app) {
        voted(app, "Zwemmen").await;
        voted(app, "Fietsen").await;
        let connection = app.database.writer();
        macro_rules! add {
            ($table:ident, $column:ident) => {
                $table::Entity::update_many()
                    .col_expr($table::Column::$column, Expr::col($table::Column::$column).add(1))
                    .exec(connection).await.expect("changed")
            };
        }
        add!(tally, Ballots);
        add!(question_run, VoterCount);
        add!(question_run, SkipCount);
        add!(poll_run, VoterCount);
        add!(poll_voter, BallotCount);
        let retracted = ballot::Entity::find().filter(ballot::Column::RetractedAt.is_not_null())
            .all(connection).await.expect("ballots");
        for ballot in &retracted {
            mark::Entity::insert(mark::ActiveModel {
                ballot_id: sea_orm::Set(ballot.id),
                option_id: sea_orm::Set(domain::id::OptionId(ballot.id.0)),
                value: sea_orm::Set(1),
            }).exec_without_returning(connection).await.expect("a mark");
        }
        for _ in 0..2 {
            let (code, said, complained) = run(app, &["--poll", "zwemmen"]);
            assert_eq!(code, Some(1), "{said}{complained}");
            let lines: Vec<&str> = said.lines().collect();
            assert_eq!(lines[0], "zwemmen: 2 ballots, 7 sums DIFFER");
            for (sum, counts) in [
                ("ballots that give option", "kept 2, counted 1"),
                ("ballots that answer question", "kept 3, counted 2"),
                ("ballots that skip question", "kept 1, counted 0"),
                ("people with a ballot", "kept 3, counted 2"),
                ("ballots of each voter", "kept 5, counted 2"),
                ("marks on ballots", "kept 1, counted 0"),
            ] {
                let tells = |line: &&str| line.contains(sum) && line.ends_with(counts);
                assert!(lines.iter().any(tells), "{sum} {counts}: {said}");
            }
            assert!(complained.starts_with("error: the sums of 1 of 1 polls are not"), "{complained}");
        }
        assert_eq!(run(app, &[]).1.lines().count(), 16, "nothing was mended");
    }

    async fn a_poll_that_is_not_there_is_an_error(app) {
        voted(app, "Zwemmen").await;
        let (code, said, complained) = run(app, &["--poll", "zwemmen", "--poll", "vliegen"]);
        assert_eq!((code, said.as_str()), (Some(1), ""));
        assert!(complained.starts_with("error: there is no poll vliegen\nhint: "), "{complained}");
        let (code, help, _) = run(app, &["--help"]);
        assert_eq!(code, Some(0));
        for taught in ["Nothing is ever mended", "--poll <SLUG_OR_ID>", "with 0 where all agree", "Examples:"] {
            assert!(help.contains(taught), "{taught}: {help}");
        }
    }
}
