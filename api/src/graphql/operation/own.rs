//! The documents that the platform's own pages send: they are trusted wherever documents are.

use std::sync::LazyLock;

/// A document of the big screen and its remote control.
macro_rules! present {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!(
                "../../../assets/present/operations/",
                $name,
                ".graphql"
            )),
        )
    };
}

/// What the poll's page asks for, whatever documents the operator trusts.
pub(crate) const POLL_PAGE: &str = include_str!("../../../assets/poll/watch.graphql").trim_ascii();

/// Those of the big screen and its remote control, each under its name.
pub(crate) const PRESENT: [(&str, &str); 11] = [
    present!("by-code"),
    present!("every-question"),
    present!("options"),
    present!("poll"),
    present!("present"),
    present!("pulse"),
    present!("renew"),
    present!("room"),
    present!("sign-in"),
    present!("sign-out"),
    present!("steps"),
];

/// A document of the moderators' console: the name of its operation, and its text.
macro_rules! console {
    ($operation:literal, $file:literal) => {
        (
            $operation,
            include_str!(concat!(
                "../../../assets/moderate/operations/",
                $file,
                ".graphql"
            )),
        )
    };
}

const CONSOLE: [(&str, &str); 18] = [
    console!("AccountBlock", "account-block"),
    console!("AccountUnblock", "account-unblock"),
    console!("ModerationCase", "moderation-case"),
    console!("ModerationCaseClaim", "moderation-case-claim"),
    console!("ModerationCaseDecide", "moderation-case-decide"),
    console!("ModerationCaseUpdated", "moderation-case-updated"),
    console!("ModerationCounts", "moderation-counts"),
    console!("ModerationFigures", "moderation-figures"),
    console!("ModerationLog", "moderation-log"),
    console!("ModerationQueue", "moderation-queue"),
    console!("ModerationTemplateSet", "moderation-template-set"),
    console!("ModerationTemplates", "moderation-templates"),
    console!("ModerationText", "moderation-text"),
    console!("SecondFactorConfirm", "second-factor-confirm"),
    console!("SecondFactorEnroll", "second-factor-enroll"),
    console!("SessionCreate", "session-create"),
    console!("SessionRefresh", "session-refresh"),
    console!("SessionRevoke", "session-revoke"),
];
/// What those that show a case ask of it.
const CASE: &str = include_str!("../../../assets/moderate/operations/case.graphql");

static WHOLE: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let whole = |(name, document): (&'static str, &str)| {
        let case = if document.contains("...Case") {
            CASE
        } else {
            ""
        };
        (name, format!("{document}{case}"))
    };
    CONSOLE.into_iter().map(whole).collect()
});

/// Those of the moderators' console, whole, each with the name of its operation.
pub(crate) fn console() -> impl Iterator<Item = (&'static str, &'static str)> {
    WHOLE
        .iter()
        .map(|(name, document)| (*name, document.as_str()))
}

/// Whether this very text is among them.
pub(super) fn holds(document: &str) -> bool {
    let mut others = PRESENT.into_iter().chain(console());
    document == POLL_PAGE || others.any(|(_, known)| known == document)
}
