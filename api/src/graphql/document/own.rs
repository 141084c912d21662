//! The documents that the platform's own pages send: they are trusted wherever documents are.

/// A document of the big screen and its remote control.
macro_rules! present {
    ($name:literal) => {
        include_str!(concat!(
            "../../../assets/present/operations/",
            $name,
            ".graphql"
        ))
    };
}

/// Those of the big screen and its remote control, each under the name that their scripts know it by.
pub(crate) const PRESENT: [(&str, &str); 11] = [
    ("BY_CODE", present!("by-code")),
    ("EVERY_QUESTION", present!("every-question")),
    ("OPTIONS", present!("options")),
    ("POLL", present!("poll")),
    ("PRESENT", present!("present")),
    ("PULSE", present!("pulse")),
    ("RENEW", present!("renew")),
    ("ROOM", present!("room")),
    ("SIGN_IN", present!("sign-in")),
    ("SIGN_OUT", present!("sign-out")),
    ("STEPS", present!("steps")),
];

/// Whether this very text is among them.
pub(super) fn holds(document: &str) -> bool {
    PRESENT.iter().any(|(_, known)| *known == document)
}
