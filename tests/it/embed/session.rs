//! Voting in an embed: with a token that the frame holds, or on the word of the partner.

use axum::http::StatusCode;
use chrono::TimeDelta;
use domain::clock::Clock;
use entity::ballot::{self, Assurance, Channel};
use harness::{Persona, TestApp, on_both_databases};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{KEY, PUBLIC, embed, open, send, token, vote};
use crate::poll;

/// What the partner signs of a visitor for the embed.
pub(crate) fn signed(app: &TestApp, embed: &Value, subject: &str) -> Value {
    let now = app.clock.now().timestamp();
    let claims = json!({ "sub": subject, "aud": embed["url"], "iat": now, "exp": now + 300 });
    let key = EncodingKey::from_ed_pem(KEY.as_bytes()).expect("a key");
    let token = jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &key);
    json!({ "subject": token.expect("a token") })
}

pub(crate) async fn ballots(app: &TestApp) -> Vec<(Channel, Assurance, bool)> {
    let rows = ballot::Entity::find()
        .all(app.database.read())
        .await
        .expect("ballots");
    let mut ballots: Vec<_> = rows
        .into_iter()
        .map(|row| (row.channel, row.assurance, row.embed_id.is_some()))
        .collect();
    ballots.sort_unstable();
    ballots
}

on_both_databases! {
    async fn each_ballot_says_how_it_came_in_and_who_vouches(app) {
        let (made, poll, _) = embed(app, json!({ "subjectKey": PUBLIC })).await;
        for body in [json!({}), json!({ "kept": false }), signed(app, &made, "piet")] {
            let token = token(app, &made, &body).await;
            assert_eq!(vote(app, &token, &poll).await, "");
        }
        let input = json!({ "input": poll::choice(&poll, 0, &[0]) });
        app.send(Persona::Resident, "BallotCast", input).await.accepted("ballotCast");
        assert_eq!(ballots(app).await, [
            (Channel::Site, Assurance::Account, false),
            (Channel::Embed, Assurance::Open, true),
            (Channel::Embed, Assurance::Device, true),
            (Channel::Embed, Assurance::Partner, true),
        ]);
        let split = app
            .send(Persona::Editor, "PollResultsSplit", json!({ "slug": poll["slug"] }))
            .await;
        let question = split.data("/poll/questions/0").clone();
        let groups = |field: &str, name: &str| -> Vec<(String, i64)> {
            let groups = question[field].as_array().expect("groups").iter();
            groups
                .map(|group| {
                    let count = group["results"]["voterCount"].as_i64().expect("a count");
                    (group[name].as_str().expect("a name").to_owned(), count)
                })
                .collect()
        };
        let pair = |name: &str, count| (name.to_owned(), count);
        assert_eq!(groups("resultsByChannel", "channel"), [pair("SITE", 1), pair("EMBED", 3)]);
        assert_eq!(
            groups("resultsByAssurance", "assurance"),
            [pair("OPEN", 1), pair("DEVICE", 1), pair("ACCOUNT", 1), pair("PARTNER", 1)]
        );
    }

    async fn a_token_works_for_its_time(app) {
        let (made, poll, _) = embed(app, json!({ "subjectKey": PUBLIC })).await;
        for (body, life) in [
            (json!({}), TimeDelta::days(30)),
            (json!({ "kept": false }), TimeDelta::hours(12)),
            (signed(app, &made, "piet"), TimeDelta::hours(12)),
        ] {
            let (status, answer) = open(app, &made, &body).await;
            assert_eq!(status, StatusCode::OK);
            let expires = answer["expiresAt"].as_str().expect("a time");
            let expires = chrono::DateTime::parse_from_rfc3339(expires).expect("a time");
            let left = expires.to_utc() - app.clock.now();
            assert!(left <= life && left > life - TimeDelta::seconds(2), "{left}");
        }
        let token = token(app, &made, &json!({ "kept": false })).await;
        app.clock.advance(TimeDelta::hours(12));
        assert_eq!(vote(app, &token, &poll).await, "UNAUTHENTICATED");
    }

    async fn whom_the_partner_vouches_for_votes_once_however_often_it_does(app) {
        let (made, poll, _) = embed(app, json!({ "subjectKey": PUBLIC })).await;
        for subject in ["piet", "jan", "piet", "piet"] {
            app.clock.advance(TimeDelta::minutes(10));
            let token = token(app, &made, &signed(app, &made, subject)).await;
            assert_eq!(vote(app, &token, &poll).await, "");
        }
        assert_eq!(ballots(app).await.len(), 2);
        let rows = ballot::Entity::find().all(app.database.read()).await.expect("ballots");
        assert!(rows.iter().all(|row| row.voter_key.0.len() == 32));
    }

    async fn a_guest_votes_in_the_poll_of_the_embed_and_does_nothing_else(app) {
        let (made, own, _) = embed(app, json!({ "subjectKey": PUBLIC })).await;
        let other = poll::poll(app, json!({ "title": "Een andere peiling" })).await;
        for body in [json!({}), signed(app, &made, "piet")] {
            let token = token(app, &made, &body).await;
            assert_eq!(vote(app, &token, &other).await, "UNAUTHENTICATED");
            let story = json!({ "slug": other["slug"] });
            let (_, page) = send(app, &token, "PollPage", &story).await;
            assert_eq!(page.pointer("/data/poll/viewerCanVote"), Some(&json!(false)));
            let (_, page) = send(app, &token, "PollPage", &json!({ "slug": own["slug"] })).await;
            assert_eq!(page.pointer("/data/poll/viewerCanVote"), Some(&json!(true)));
            assert_eq!(vote(app, &token, &own).await, "");
            let (_, page) = send(app, &token, "PollPage", &json!({ "slug": own["slug"] })).await;
            let ballot = page.pointer("/data/poll/questions/0/viewerBallot/marks");
            assert_eq!(ballot.and_then(Value::as_array).map(Vec::len), Some(1), "{page:#}");
        }
        assert_eq!(ballots(app).await.len(), 2);
    }

    async fn a_revoked_embed_ends_its_sessions(app) {
        let (made, poll, _) = embed(app, json!({})).await;
        let token = token(app, &made, &json!({})).await;
        assert_eq!(vote(app, &token, &poll).await, "");
        let input = json!({ "input": { "embedId": made["id"] } });
        app.send(Persona::Resident, "EmbedRevoke", input).await.accepted("embedRevoke");
        assert_eq!(vote(app, &token, &poll).await, "UNAUTHENTICATED");
        assert_eq!(open(app, &made, &json!({})).await.0, StatusCode::NOT_FOUND);
        assert_eq!(ballots(app).await.len(), 1, "what came in stays");
    }

    async fn what_is_no_request_is_refused(app) {
        let (made, _, _) = embed(app, json!({})).await;
        for body in [json!([]), json!({ "subject": 7 }), json!({ "admin": true }), json!("a")] {
            assert_eq!(open(app, &made, &body).await.0, StatusCode::BAD_REQUEST, "{body}");
        }
        let long = json!({ "subject": "a".repeat(5_000) });
        assert_eq!(open(app, &made, &long).await.0, StatusCode::BAD_REQUEST);
        let unknown = json!({ "url": "https://jij.example/embed/00000000-0000-0000-0000-000000000000" });
        assert_eq!(open(app, &unknown, &json!({})).await.0, StatusCode::NOT_FOUND);
    }
}
