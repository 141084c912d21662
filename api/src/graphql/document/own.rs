//! The documents that the platform's own pages send: they are trusted wherever documents are.

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

/// Whether this very text is among them.
pub(super) fn holds(document: &str) -> bool {
    document == POLL_PAGE || PRESENT.iter().any(|(_, known)| *known == document)
}
