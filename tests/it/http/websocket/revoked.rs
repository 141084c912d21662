//! Sockets whose session, role or embed ends before their token does.

use api::http::Limits;
use chrono::TimeDelta;
use domain::{
    Actor, Role,
    clock::Clock,
    moderation::{Block, BlockDraft, Reason},
};
use entity::{ballot, session};
use harness::{Persona, TestApp, on_both_databases, operation};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::{Client, Served, ballot, end_of};
use crate::account::{EMAIL, link, refresh, sign_in, text, verified_account};

const PASSWORD: &str = crate::account::PASSWORD;

/// The ways in which a member's access ends.
#[derive(Debug, Clone, Copy)]
enum End {
    SessionRevoked,
    SignedOut,
    RefreshTokenReused,
    AccountBlocked,
    PasswordReset,
    PasswordSetByOperator,
    SessionsEndedByOperator,
    SecondFactorRemoved,
    RoleTaken,
    AccountErased,
    /// On another instance, of which no event arrives.
    Elsewhere,
}

const ENDS: [End; 11] = [
    End::SessionRevoked,
    End::SignedOut,
    End::RefreshTokenReused,
    End::AccountBlocked,
    End::PasswordReset,
    End::PasswordSetByOperator,
    End::SessionsEndedByOperator,
    End::SecondFactorRemoved,
    End::RoleTaken,
    End::AccountErased,
    End::Elsewhere,
];

/// Someone who signed in.
struct Person {
    address: String,
    actor: Actor,
    token: String,
    refresh: String,
}

async fn person(app: &TestApp, address: &str) -> Person {
    verified_account(app, address).await;
    let accounts = &app.services.accounts;
    let granted = accounts.grant(&Actor::System, address, Role::Editor).await;
    granted.expect("a role");
    let answer = sign_in(app, address, PASSWORD).await;
    answer.accepted("sessionCreate");
    let token = text(&answer, "/sessionCreate/session/accessToken");
    let actor = accounts.authenticate(&token).await.expect("a good token");
    Person {
        address: address.to_owned(),
        actor,
        token,
        refresh: text(&answer, "/sessionCreate/session/refreshToken"),
    }
}

async fn end_in_database(app: &TestApp) {
    let row = session::ActiveModel {
        revoked_at: Set(Some(app.clock.now())),
        ..Default::default()
    };
    let ended = session::Entity::update_many().set(row);
    ended.exec(app.database.writer()).await.expect("ended");
}

impl Person {
    async fn end(&self, app: &TestApp, end: End) {
        let (system, address) = (&Actor::System, self.address.as_str());
        let accounts = &app.services.accounts;
        let Actor::Member(member) = &self.actor else {
            panic!("a member")
        };
        match end {
            End::SessionRevoked => {
                let document = "{ viewer { sessions { id current } } }";
                let own = app
                    .execute_as(self.actor.clone(), document, json!({}))
                    .await;
                let id = own.data("/viewer/sessions/0/id");
                let document = &operation("SessionRevoke").document;
                let input = json!({ "input": { "sessionId": id } });
                app.execute_as(self.actor.clone(), document, input)
                    .await
                    .accepted("sessionRevoke");
            }
            End::SignedOut => {
                let input = json!({ "input": { "refreshToken": self.refresh } });
                app.send(Persona::Anonymous, "SessionRevoke", input)
                    .await
                    .accepted("sessionRevoke");
            }
            End::RefreshTokenReused => {
                let first = refresh(app, &self.refresh).await;
                let second = text(&first, "/sessionRefresh/session/refreshToken");
                refresh(app, &second).await.accepted("sessionRefresh");
                app.clock.advance(TimeDelta::minutes(5));
                let reused = refresh(app, &self.refresh).await;
                assert_eq!(
                    reused.refusals("sessionRefresh"),
                    ["REFRESH_TOKEN_REUSED input.refreshToken"]
                );
            }
            End::AccountBlocked => {
                let draft = BlockDraft {
                    account: member.id,
                    block: Block::ForGood,
                    reason: Some(Reason::Other),
                    statement: Some("Dit account is overgenomen.".to_owned()),
                };
                let blocked = app.services.moderation.block(system, draft).await;
                blocked.expect("operators may");
                // Its mail is not taken for that of a link asked for next.
                app.run_jobs().await;
            }
            End::PasswordReset => {
                let token = link::asked(app, "AccountPasswordResetRequest", address).await;
                link::reset(app, &token, "een ander wachtwoord")
                    .await
                    .accepted("accountPasswordReset");
            }
            End::PasswordSetByOperator => {
                let password = "een ander wachtwoord".into();
                let set = accounts.set_password(system, address, password).await;
                set.expect("operators may");
            }
            End::SessionsEndedByOperator => {
                let ended = accounts.end_sessions(system, address, Some(member.session));
                ended.await.expect("operators may");
            }
            End::SecondFactorRemoved => {
                let removed = accounts.reset_second_factor(system, address).await;
                removed.expect("operators may");
            }
            End::RoleTaken => {
                let taken = accounts.withdraw(system, address, Role::Editor).await;
                taken.expect("operators may");
            }
            End::AccountErased => {
                let input = json!({ "input": { "password": PASSWORD } });
                let document = &operation("AccountErase").document;
                app.execute_as(self.actor.clone(), document, input)
                    .await
                    .accepted("accountErase");
            }
            End::Elsewhere => end_in_database(app).await,
        }
    }
}

async fn introduced(served: &Served, token: &str) -> Client {
    let authorization = format!("Bearer {token}");
    Client::introduced(served, json!({ "authorization": authorization })).await
}

/// Reads on until the socket is closed with 4403.
async fn is_forbidden(client: Client, told: &str) {
    assert_eq!(
        client.closed().await,
        (4403, "Forbidden".to_owned()),
        "{told}"
    );
}

async fn count_ballots(app: &TestApp) -> u64 {
    let all = ballot::Entity::find();
    all.count(app.database.read()).await.expect("a count")
}

on_both_databases! {
    async fn a_socket_closes_when_its_session_or_role_ends(app) {
        let poll = super::super::poll(app, 1, 2).await;
        let served = app.serve(Limits::default()).await;
        let bystander = person(app, "blijver@voorbeeld.example").await;
        for (number, way) in ENDS.into_iter().enumerate() {
            let person = person(app, &format!("{number}{EMAIL}")).await;
            let mut client = introduced(&served, &person.token).await;
            client.watch("a", &poll).await;
            assert_eq!(client.hear().await["type"], "next");
            let mut other = introduced(&served, &bystander.token).await;
            person.end(app, way).await;
            is_forbidden(client, &format!("{way:?}")).await;
            if !matches!(way, End::Elsewhere | End::RefreshTokenReused) {
                other.subscribe("1", "{ __typename }", Value::Null).await;
                assert_eq!(other.result("1").await["data"]["__typename"], "Query", "{way:?}");
            }
        }
        end_of(served).await;
    }

    async fn no_operation_runs_after_the_end_of_its_session(app) {
        let poll = super::super::poll(app, 1, 2).await;
        let served = app.serve(Limits::default()).await;
        let person = person(app, EMAIL).await;
        let mut client = introduced(&served, &person.token).await;
        client.subscribe("1", "{ __typename }", Value::Null).await;
        client.result("1").await;
        // Another instance ended it, and five seconds have passed.
        end_in_database(app).await;
        app.clock.advance(TimeDelta::seconds(5));
        let cast = &operation("BallotCast").document;
        client.subscribe("2", cast, json!({ "input": ballot(&poll) })).await;
        is_forbidden(client, "a ballot").await;
        assert_eq!(count_ballots(app).await, 0);
        end_of(served).await;
    }

    async fn a_moderator_whose_role_is_taken_reads_no_more_cases(app) {
        let served = app.serve(Limits::default()).await;
        let known = person(app, EMAIL).await;
        let accounts = &app.services.accounts;
        accounts.grant(&Actor::System, EMAIL, Role::Moderator).await.expect("a role");
        // As after a second factor.
        let row = session::ActiveModel { second_factor: Set(true), ..Default::default() };
        session::Entity::update_many().set(row).exec(app.database.writer()).await.expect("set");
        let renewed = refresh(app, &known.refresh).await;
        let token = text(&renewed, "/sessionRefresh/session/accessToken");
        let mut client = introduced(&served, &token).await;
        let document = "subscription { moderationCaseUpdated { id } }";
        client.subscribe("cases", document, Value::Null).await;
        let theme = crate::theme::theme(app, "Water").await;
        let report = async |text: &str| {
            let posted = crate::comment::comment(app, Persona::Resident, &theme, text).await;
            crate::moderation::report(app, Persona::Neighbour, &posted, "OFFENSIVE").await.accepted("contentReport");
        };
        // Nothing tells the moment at which a subscription without a first state has begun: cases
        // are opened until one is heard of.
        let next = tokio::select! {
            next = client.hear() => next,
            () = async {
                for number in 0.. {
                    report(&format!("Scheldwoord {number}.")).await;
                    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                }
            } => unreachable!("there is always another"),
        };
        assert_eq!(next["type"], "next", "{next:#}");
        accounts.withdraw(&Actor::System, EMAIL, Role::Moderator).await.expect("operators may");
        report("Nog een scheldwoord.").await;
        is_forbidden(client, "a moderator").await;
        end_of(served).await;
    }

    async fn a_guest_whose_embed_is_revoked_votes_no_more(app) {
        let (made, poll, _) = crate::embed::embed(app, json!({})).await;
        let token = crate::embed::token(app, &made, &json!({})).await;
        let served = app.serve(Limits::default()).await;
        let (mut watching, mut idle) = (introduced(&served, &token).await, introduced(&served, &token).await);
        watching.watch("a", &poll).await;
        assert_eq!(watching.hear().await["type"], "next");
        idle.subscribe("1", "{ __typename }", Value::Null).await;
        idle.result("1").await;
        let input = json!({ "input": { "embedId": made["id"] } });
        app.send(Persona::Resident, "EmbedRevoke", input).await.accepted("embedRevoke");
        for client in [watching, idle] {
            is_forbidden(client, "a guest").await;
        }
        assert_eq!(count_ballots(app).await, 0);
        end_of(served).await;
    }

    async fn one_statement_looks_after_many_sockets(app) {
        let served = app.serve(Limits::default()).await;
        let mut clients = Vec::new();
        for number in 0..20 {
            let person = person(app, &format!("{number}{EMAIL}")).await;
            clients.push(introduced(&served, &person.token).await);
        }
        let looks = async {
            // A sweep passes all of them, and no more often than every two seconds.
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            end_in_database(app).await;
            for client in clients {
                is_forbidden(client, "all at once").await;
            }
        };
        let ((), statements) = app.statements_of(looks).await;
        let looks = statements.iter().filter(|text| text.contains("account_role")).count();
        assert!(looks <= 3, "{statements:#?}");
        end_of(served).await;
    }
}
