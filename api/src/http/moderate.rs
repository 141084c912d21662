//! `/moderate`: the console with which moderators work. Its files are public and say nothing; what
//! it shows it asks from the API, as who signed in there.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::Router;
use serde_json::json;

use super::{
    AppState,
    asset::{self, CSS, HTML, IMAGE, SCRIPT},
};
use crate::graphql::operation::own;

/// Nothing but the page's own files, and requests to this server; a script makes no markup of
/// text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// A file of the console, at the address that its name gives.
macro_rules! asset {
    ($media:expr, $name:literal) => {
        (
            concat!("/moderate/", $name),
            $media,
            include_str!(concat!("../../assets/moderate/", $name)),
        )
    };
}

/// The console's files: address, media type, content.
const FILES: [(&str, &str, &str); 28] = [
    (
        "/moderate",
        HTML,
        include_str!("../../assets/moderate/index.html"),
    ),
    asset!(CSS, "case.css"),
    asset!(CSS, "form.css"),
    asset!(CSS, "frame.css"),
    asset!(CSS, "queue.css"),
    asset!(IMAGE, "icon.svg"),
    asset!(SCRIPT, "api.js"),
    asset!(SCRIPT, "block.js"),
    asset!(SCRIPT, "case.js"),
    asset!(SCRIPT, "claim.js"),
    asset!(SCRIPT, "clock.js"),
    asset!(SCRIPT, "console.js"),
    asset!(SCRIPT, "decision.js"),
    asset!(SCRIPT, "drafts.js"),
    asset!(SCRIPT, "dutch.js"),
    asset!(SCRIPT, "element.js"),
    asset!(SCRIPT, "english.js"),
    asset!(SCRIPT, "figures.js"),
    asset!(SCRIPT, "keep.js"),
    asset!(SCRIPT, "keys.js"),
    asset!(SCRIPT, "list.js"),
    asset!(SCRIPT, "live.js"),
    asset!(SCRIPT, "queue.js"),
    asset!(SCRIPT, "say.js"),
    asset!(SCRIPT, "session.js"),
    asset!(SCRIPT, "sign-in.js"),
    asset!(SCRIPT, "templates.js"),
    asset!(SCRIPT, "words.js"),
];

pub(super) fn routes() -> Router<AppState> {
    let operations = ("/moderate/operations.js", SCRIPT, OPERATIONS.as_str());
    asset::sent(asset::routes(FILES.into_iter().chain([operations])), POLICY)
}

/// The documents of the scripts by their names, as a module.
static OPERATIONS: LazyLock<String> = LazyLock::new(|| {
    let documents: BTreeMap<&str, &str> = own::console().collect();
    format!("export const documents = {};\n", json!(documents))
});
