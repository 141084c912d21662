//! The cost of pages of the story list as stories grow.

use serde_json::Value;

use super::{
    BINARY, Plan, Server, database, driver::load::median, headline, seed::Size, tell, work,
};

/// The page that stands for those far down the list.
const FAR: usize = 100;

/// Measures the first and the hundredth page of a list of 2,000 up to `most` stories.
pub(crate) async fn measure(plan: &Plan, size: Size, most: usize) {
    headline("story list as it grows");
    let mut first = None;
    for stories in [2_000, most / 10, most] {
        let size = Size {
            stories,
            comments: stories,
            ..size
        };
        let Some(storage) = database(size).await else {
            return;
        };
        let server = Server::ours("ours", BINARY, &storage.url).await;
        let far = cursor(&server).await;
        for (page, after) in [("first page", None), ("hundredth page", Some(&*far))] {
            let requests = vec![work::list(after); plan.requests];
            let mut outcomes = Vec::new();
            for round in 0..=plan.rounds {
                let outcome = server.serve(plan, &requests).await;
                outcomes.extend((round > 0).then_some(outcome));
            }
            let outcome = median(&outcomes);
            let first = *first.get_or_insert(outcome.rate);
            tell(
                &format!("{stories}, {page}"),
                &outcome,
                outcome.rate / first,
            );
        }
        drop(server);
        storage.remove().await;
    }
}

/// The cursor that the far page stands behind.
async fn cursor(server: &Server) -> String {
    let mut wire = harness::Wire::connect(server.program.address)
        .await
        .expect("the server answers");
    let mut after: Option<String> = None;
    for _ in 1..FAR {
        let answer = wire.exchange(&work::list(after.as_deref())).await;
        let answer: Value = serde_json::from_slice(&answer.expect("an answer")).expect("JSON");
        let cursor = answer["data"]["stories"]["pageInfo"]["endCursor"].as_str();
        after = Some(cursor.expect("a cursor").to_owned());
    }
    after.expect("pages")
}
