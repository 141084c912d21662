//! A poll's own page, as a browser without any script sees it and sends its form.

mod browser;
mod embedded;
mod form;
mod kept;
mod packed;
mod served;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use harness::{Persona, TestApp};
use serde_json::{Value, json};

/// What the server answered.
struct Seen {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Seen {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).expect(name);
        value.to_str().expect("a header of letters")
    }

    /// The token in the page.
    fn token(&self) -> &str {
        let (_, from) = self
            .text()
            .rsplit_once("name=token form=f value=\"")
            .expect("a token");
        from.split_once('"').expect("its end").0
    }

    /// The part of the page from the question with this id on, up to the next.
    fn question(&self, id: &Value) -> &str {
        let start = format!("<section class=q id=\"{}\"", id.as_str().expect("an id"));
        let (_, from) = self.text().split_once(&start).expect("the question");
        from.split_once("</section>").expect("its end").0
    }
}

async fn ask(app: &TestApp, request: Request<Body>) -> Seen {
    let response = app.http(request).await;
    let (parts, body) = response.into_parts();
    Seen {
        status: parts.status,
        headers: parts.headers,
        body: to_bytes(body, 1 << 20).await.expect("a body").to_vec(),
    }
}

/// The address of the page of a poll, or of an embed.
fn path(poll: &Value) -> String {
    if let Some(url) = poll["url"].as_str() {
        let (_, id) = url.rsplit_once('/').expect("an embed's address");
        return format!("/embed/{id}");
    }
    format!("/p/{}", poll["slug"].as_str().expect("a slug"))
}

async fn open(app: &TestApp, poll: &Value) -> Seen {
    open_with(app, poll, &[]).await
}

async fn open_with(app: &TestApp, poll: &Value, headers: &[(&str, &str)]) -> Seen {
    let mut request = Request::get(path(poll));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    ask(app, request.body(Body::empty()).expect("a request")).await
}

/// Sends the form of a page that has this token.
async fn send(app: &TestApp, poll: &Value, token: &str, fields: &[(String, String)]) -> Seen {
    send_with(app, poll, token, fields, &[]).await
}

async fn send_with(
    app: &TestApp,
    poll: &Value,
    token: &str,
    fields: &[(String, String)],
    headers: &[(&str, &str)],
) -> Seen {
    let fields = fields.iter().map(|(name, value)| (&name[..], &value[..]));
    let pairs: Vec<String> = [("token", token)]
        .into_iter()
        .chain(fields)
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    let mut request =
        Request::post(path(poll)).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(pairs.join("&")));
    ask(app, request.expect("a request")).await
}

fn encoded(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    bytes.concat()
}

/// A question of this kind with these options and rules.
fn question(kind: &str, labels: &[&str], rules: Value) -> Value {
    let options: Vec<Value> = labels
        .iter()
        .map(|label| json!({ "label": label }))
        .collect();
    let mut question =
        json!({ "kind": kind, "prompt": format!("Vraag {kind}"), "options": options });
    question["rules"] = rules;
    question
}

async fn poll(app: &TestApp, changes: Value) -> Value {
    crate::poll::poll(app, changes).await
}

/// A poll with a question of each kind.
async fn every_kind(app: &TestApp) -> Value {
    let mut quiz = question("QUIZ", &["Zwolle", "Deventer"], json!({}));
    quiz["options"][0]["isRight"] = json!(true);
    let labels = [
        "Veilige fietspaden",
        "Meer bomen in de straat",
        "Een buurthuis",
    ];
    poll(
        app,
        json!({ "questions": [
            question("SINGLE", &labels, json!({ "other": true, "noneOfTheAbove": true })),
            question("MULTIPLE", &labels, json!({ "maxChoices": 2 })),
            question("STATEMENTS", &labels, json!({})),
            question("SCALE", &labels[..2], json!({ "scaleMin": 1, "scaleMax": 5 })),
            question("RANKING", &labels, json!({})),
            question("POINTS", &labels, json!({ "budget": 10, "allowSkip": true })),
            question("NUMBER", &[], json!({ "scaleMin": 0, "scaleMax": 100 })),
            question("WORD_CLOUD", &[], json!({})),
            question("OPEN", &[], json!({})),
            quiz,
        ] }),
    )
    .await
}

/// The id of a poll's question.
fn asked(poll: &Value, question: usize) -> String {
    let id = &poll["questions"][question]["id"];
    id.as_str().expect("an id").to_owned()
}

/// The id of an option of a poll's question.
fn option(poll: &Value, question: usize, option: usize) -> String {
    let id = &poll["questions"][question]["options"][option]["id"];
    id.as_str().expect("an id").to_owned()
}

/// The field of a choice.
fn chosen(poll: &Value, question: usize, place: usize) -> (String, String) {
    (asked(poll, question), option(poll, question, place))
}

/// The field of an option's value.
fn valued(poll: &Value, question: usize, place: usize, value: &str) -> (String, String) {
    (option(poll, question, place), value.to_owned())
}

/// The field of a text of one's own.
fn written(poll: &Value, question: usize, text: &str) -> (String, String) {
    (format!("w.{}", asked(poll, question)), text.to_owned())
}

/// The questions with their results, as the editor sees them.
async fn results(app: &TestApp, poll: &Value) -> Vec<Value> {
    let page = app
        .send(Persona::Editor, "PollPage", json!({ "slug": poll["slug"] }))
        .await;
    let questions = page.data("/poll/questions").as_array().expect("questions");
    questions
        .iter()
        .map(|question| question["results"].clone())
        .collect()
}
