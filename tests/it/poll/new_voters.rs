//! The limit of visitors' tokens that are new to a poll and vote in it from one network.

use std::net::{IpAddr, SocketAddr};

use axum::{
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Request, StatusCode, header},
};
use chrono::TimeDelta;
use domain::{
    Actor, Error,
    clock::Clock,
    id::{OptionId, QuestionId, VisitorId},
    poll::{BallotDraft, Mark},
};
use entity::poll_option;
use futures_util::future::join_all;
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use super::{choice, page, poll, question, recount::recount};
use crate::{embed, partner::partner_of};

const HERE: &str = "192.0.2.7";
const ELSEWHERE: &str = "192.0.2.8";

struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Got {
    /// The code of an error of GraphQL; empty if there is none.
    fn code(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).expect("JSON");
        let code = body.pointer("/errors/0/extensions/code");
        code.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    fn retry_after(&self) -> Option<&str> {
        self.headers.get(header::RETRY_AFTER)?.to_str().ok()
    }
}

async fn http(app: &TestApp, from: &str, mut request: Request<Body>) -> Got {
    let peer = SocketAddr::new(from.parse().expect("an address"), 4_711);
    request.extensions_mut().insert(ConnectInfo(peer));
    let (parts, body) = app.http(request).await.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    Got {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// A new visitor's token.
async fn token(app: &TestApp) -> String {
    let made = app
        .send(Persona::Anonymous, "VisitorCreate", json!({}))
        .await;
    let token = made.data("/visitorCreate/accessToken");
    token.as_str().expect("a token").to_owned()
}

/// Votes over GraphQL with a token from an address.
async fn vote(app: &TestApp, from: &str, token: &str, input: Value) -> Got {
    let body = json!({
        "query": harness::operation("BallotCast").document,
        "variables": { "input": input },
    });
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(body.to_string()))
        .expect("a request");
    http(app, from, request).await
}

/// Opens the page at `path` and sends its form with a vote for the poll's first option.
async fn send_form(app: &TestApp, from: &str, path: &str, poll: &Value) -> Got {
    let page = Request::get(path).body(Body::empty()).expect("a request");
    let page = http(app, from, page).await.body;
    let (_, token) = page
        .rsplit_once("name=token form=f value=\"")
        .expect("a token");
    let token = token.split_once('"').expect("its end").0;
    let asked = &poll["questions"][0];
    let question = asked["id"].as_str().expect("an id");
    let option = asked["options"][0]["id"].as_str().expect("an id");
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("token={token}&{question}={option}")))
        .expect("a request");
    http(app, from, request).await
}

/// Returns how many ballots were refused in the poll's run, as a persona sees it.
async fn refused(app: &TestApp, persona: Persona, poll: &Value) -> Value {
    let document = "query($slug: String!) { poll(slug: $slug) { newVotersPerNetwork runs { refusedBallotCount } } }";
    let answer = app
        .execute(persona, document, json!({ "slug": poll["slug"] }))
        .await;
    answer.data("/poll").clone()
}

fn visitor(app: &TestApp) -> Actor {
    Actor::Visitor(Some(VisitorId::new(app.clock.now())))
}

async fn first_option(app: &TestApp) -> (QuestionId, OptionId) {
    let options = poll_option::Entity::find().order_by_asc(poll_option::Column::Id);
    let options = options.all(app.database.read()).await;
    let option = options.expect("options").remove(0);
    (option.question_id, option.id)
}

fn draft(option: OptionId) -> BallotDraft {
    BallotDraft {
        marks: vec![Mark { option, value: 1 }],
        ..BallotDraft::default()
    }
}

on_both_databases! {
    async fn a_network_brings_a_limited_number_of_new_voters_within_an_hour(app) {
        let questions = [question("SINGLE", &["Ja", "Nee"]), question("SINGLE", &["Nu", "Later"])];
        let made = poll(app, json!({ "newVotersPerNetwork": 2, "questions": questions })).await;
        let (first, second, third) = (token(app).await, token(app).await, token(app).await);
        for known in [&first, &second] {
            assert_eq!(vote(app, HERE, known, choice(&made, 0, &[0])).await.code(), "");
        }
        app.clock.advance(TimeDelta::minutes(10));
        let late = vote(app, HERE, &third, choice(&made, 0, &[0])).await;
        assert_eq!((late.code().as_str(), late.retry_after()), ("RATE_LIMITED", Some("3000")), "{}", late.body);
        // Who has voted before may go on: on another question, and on the same once more.
        assert_eq!(vote(app, HERE, &first, choice(&made, 1, &[0])).await.code(), "");
        assert_eq!(vote(app, HERE, &second, choice(&made, 0, &[1])).await.code(), "");
        // Elsewhere there is room, and who has voted there is known here.
        assert_eq!(vote(app, ELSEWHERE, &third, choice(&made, 0, &[0])).await.code(), "");
        assert_eq!(vote(app, HERE, &third, choice(&made, 1, &[0])).await.code(), "");
        // What cannot be counted is refused for its own reason.
        let nothing = vote(app, HERE, &token(app).await, choice(&made, 0, &[])).await;
        assert!(nothing.body.contains("CHOICE_COUNT_BELOW_MINIMUM"), "{}", nothing.body);
        let other = poll(app, json!({})).await;
        assert_eq!(vote(app, HERE, &token(app).await, choice(&other, 0, &[0])).await.code(), "", "each poll counts by itself");
        let member = app.actor(Persona::Resident).clone();
        let (asked, option) = first_option(app).await;
        let here: IpAddr = HERE.parse().expect("an address");
        app.services.polls.cast_from(Some(here), &member, asked, draft(option)).await.expect("accounts have no limit");
        for persona in Persona::ALL {
            let seen = refused(app, persona, &made).await;
            let expected = match persona {
                Persona::Editor | Persona::Moderator | Persona::Admin => json!({ "newVotersPerNetwork": 2, "runs": [{ "refusedBallotCount": 1 }] }),
                _ => json!({ "newVotersPerNetwork": null, "runs": [{ "refusedBallotCount": null }] }),
            };
            assert_eq!(seen, expected, "{persona:?}");
        }
        app.clock.advance(TimeDelta::minutes(50));
        assert_eq!(vote(app, HERE, &token(app).await, choice(&made, 0, &[0])).await.code(), "");
        assert_eq!(page(app, Persona::Anonymous, &made).await["voterCount"], 5);
        recount(app).await;
    }

    async fn forms_are_limited_as_requests_are(app) {
        let partner = partner_of(app, "Raalte", &[]).await;
        let made = poll(app, json!({ "newVotersPerNetwork": 1 })).await;
        let input = embed::draft(&partner, &made, &json!({}));
        let shown = app.send(Persona::Editor, "EmbedCreate", json!({ "input": input })).await;
        let url = shown.accepted("embedCreate")["embed"]["url"].as_str().expect("a URL").to_owned();
        let embed = format!("/embed/{}", url.rsplit_once('/').expect("an id").1);
        let own = format!("/p/{}", made["slug"].as_str().expect("a slug"));
        for (path, from) in [(&own, HERE), (&embed, ELSEWHERE)] {
            assert_eq!(send_form(app, from, path, &made).await.status, StatusCode::OK, "{path}");
            for again in [&own, &embed] {
                let limited = send_form(app, from, again, &made).await;
                assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS, "{again}");
                assert_eq!(limited.retry_after(), Some("3600"));
                assert!(limited.body.contains("Via uw netwerk is het afgelopen uur al heel vaak gestemd."), "{}", limited.body);
            }
        }
        assert_eq!(refused(app, Persona::Editor, &made).await["runs"][0]["refusedBallotCount"], 4);
    }

    async fn staff_raises_the_limit_while_votes_are_taken(app) {
        let made = poll(app, json!({ "newVotersPerNetwork": 1 })).await;
        assert_eq!(vote(app, HERE, &token(app).await, choice(&made, 0, &[0])).await.code(), "");
        assert_eq!(vote(app, HERE, &token(app).await, choice(&made, 0, &[0])).await.code(), "RATE_LIMITED");
        let change = |limit: Value| json!({ "input": { "pollId": made["id"], "newVotersPerNetwork": limit } });
        for limit in [json!(2), json!(null)] {
            app.send(Persona::Editor, "PollUpdate", change(limit)).await.accepted("pollUpdate");
            assert_eq!(vote(app, HERE, &token(app).await, choice(&made, 0, &[0])).await.code(), "");
        }
        assert_eq!(refused(app, Persona::Admin, &made).await["newVotersPerNetwork"], json!(null));
        for bad in [0, 1_000_001] {
            let refused = app.send(Persona::Editor, "PollUpdate", change(json!(bad))).await;
            assert_eq!(refused.refusals("pollUpdate"), ["POLL_CONFIGURATION_INVALID input.newVotersPerNetwork"]);
        }
        // Who works for a partner makes polls, and has no say in this.
        let partner = partner_of(app, "Raalte", &[(Persona::Resident, "EDITOR")]).await;
        let mut input = super::draft(app, &json!({ "partnerId": partner["id"], "newVotersPerNetwork": 1_000_000 }));
        let denied = app.send(Persona::Resident, "PollCreate", json!({ "input": input })).await;
        assert_eq!(denied.code(), "FORBIDDEN", "{:#}", denied.0);
        input["newVotersPerNetwork"] = json!(null);
        let own = app.send(Persona::Resident, "PollCreate", json!({ "input": input })).await;
        let own = own.accepted("pollCreate")["poll"]["id"].clone();
        let raised = json!({ "input": { "pollId": own, "newVotersPerNetwork": 1_000_000 } });
        assert_eq!(app.send(Persona::Resident, "PollUpdate", raised).await.code(), "FORBIDDEN");
    }

    async fn two_thousand_of_many_votes_from_one_machine_are_counted(app) {
        let made = poll(app, json!({})).await;
        let (question, option) = first_option(app).await;
        let here: IpAddr = HERE.parse().expect("an address");
        let crowd: Vec<Actor> = (0..2_300).map(|_| visitor(app)).collect();
        let casts = crowd.iter().map(|voter| {
            app.services.polls.cast_from(Some(here), voter, question, draft(option))
        });
        let ended = join_all(casts).await;
        let limited = ended.iter().filter(|end| matches!(end, Err(Error::TooMany(wait)) if wait.as_secs() == 3_600));
        assert_eq!(limited.count(), 300);
        assert_eq!(ended.iter().filter(|end| end.is_ok()).count(), 2_000);
        assert_eq!(page(app, Persona::Anonymous, &made).await["voterCount"], 2_000);
        assert_eq!(refused(app, Persona::Editor, &made).await["runs"][0]["refusedBallotCount"], 300);
        // A voter who is counted may come back from the same place; a restart is a new start.
        let back = app.services.polls.cast_from(Some(here), &crowd[0], question, draft(option));
        back.await.expect("known");
        recount(app).await;
    }

    async fn a_limit_costs_a_ballot_no_statement(app) {
        poll(app, json!({})).await;
        let (question, option) = first_option(app).await;
        let polls = &app.services.polls;
        let (known, new) = (visitor(app), visitor(app));
        let (cast, before) = app.statements_of(polls.cast(&known, question, draft(option))).await;
        cast.expect("a ballot");
        let here: IpAddr = HERE.parse().expect("an address");
        let (cast, limited) = app.statements_of(polls.cast_from(Some(here), &new, question, draft(option))).await;
        cast.expect("a ballot");
        assert_eq!(limited.len(), before.len(), "{limited:#?}");
    }
}
