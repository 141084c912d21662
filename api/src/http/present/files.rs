//! The styles and scripts of the screen and the remote control, as they are written.

use std::sync::LazyLock;

use axum::Router;

use super::POLICY;
use crate::{
    graphql::operation::own,
    http::{
        AppState,
        asset::{self, CSS, SCRIPT},
    },
};

/// A file's address, media type and content.
macro_rules! file {
    ($name:literal, $media:expr) => {
        (
            concat!("/present/", $name),
            $media,
            include_str!(concat!("../../../assets/present/", $name)),
        )
    };
}

const FILES: [(&str, &str, &str); 14] = [
    file!("present.css", CSS),
    file!("charts.css", CSS),
    file!("remote.css", CSS),
    file!("charts.js", SCRIPT),
    file!("cloud.js", SCRIPT),
    file!("glide.js", SCRIPT),
    file!("keys.js", SCRIPT),
    file!("lead.js", SCRIPT),
    file!("remote.js", SCRIPT),
    file!("screen.js", SCRIPT),
    file!("server.js", SCRIPT),
    file!("sign-in.js", SCRIPT),
    file!("tables.js", SCRIPT),
    file!("words.js", SCRIPT),
];

pub(super) fn routes() -> Router<AppState> {
    let operations = ("/present/operations.js", SCRIPT, OPERATIONS.as_str());
    asset::sent(asset::routes(FILES.into_iter().chain([operations])), POLICY)
}

/// The documents of the scripts, as a module.
static OPERATIONS: LazyLock<String> = LazyLock::new(|| {
    let export = |(name, document): (&str, &str)| {
        let name = name.to_uppercase().replace('-', "_");
        let document = serde_json::Value::from(document);
        format!("export const {name} = {document};\n")
    };
    own::PRESENT.into_iter().map(export).collect()
});
