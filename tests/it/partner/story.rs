//! Stories in a partner's name.

use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::partner_of;
use crate::story;

pub(super) fn input(partner: &Value) -> Value {
    let mut input = story::input("Een haven voor iedereen");
    input["partnerId"] = partner["id"].clone();
    json!({ "input": input })
}

async fn read(app: &TestApp, persona: Persona, story: &Value) -> Value {
    app.execute(
        persona,
        "query($slug: String!) { story(slug: $slug) { author { displayName } partner { slug } } }",
        json!({ "slug": story["slug"] }),
    )
    .await
    .data("/story")
    .clone()
}

on_both_databases! {
    async fn it_is_the_partner_s_and_its_author_is_not_named(app) {
        let partner = partner_of(app, "Raalte", &[(Persona::Resident, "EDITOR")]).await;
        let answer = app.send(Persona::Resident, "StoryCreate", input(&partner)).await;
        let made = answer.accepted("storyCreate")["story"].clone();
        for persona in [Persona::Resident, Persona::Editor] {
            let read = read(app, persona, &made).await;
            assert_eq!(read["author"]["displayName"], "Raalte", "{persona:?}");
            assert_eq!(read["partner"]["slug"], partner["slug"], "{persona:?}");
        }
        assert_eq!(read(app, Persona::Neighbour, &made).await, Value::Null);
    }
}
