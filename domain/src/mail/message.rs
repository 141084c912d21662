//! A mail as it goes over the wire (RFC 5322, MIME).

use lettre::{
    Message,
    message::{
        Mailbox, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use sha2::{Digest, Sha256};

use super::Mail;
use crate::{clock::Instant, id::JobId};

/// The hexadecimal digits of the words' hash that stand in a `Message-ID`.
const DIGEST: usize = 16;

/// Returns the message of a mail; none if it cannot be written to this address.
pub(super) fn message(mail: &Mail, from: &Mailbox, job: JobId, now: Instant) -> Option<Message> {
    let to = Mailbox::new(None, mail.to.parse().ok()?);
    // Always quoted-printable: real line ends, no line over 76 characters, ASCII only.
    let text = SinglePart::builder()
        .header(ContentType::TEXT_PLAIN)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(mail.text.clone());
    Message::builder()
        .message_id(Some(message_id(mail, from, job)))
        .date(now.into())
        .from(from.clone())
        .to(to)
        .subject(mail.subject.clone())
        // RFC 3834: no holiday notices in answer.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .singlepart(text)
        .ok()
}

/// The id of a message: of its job and its words. A retry with the same words is the same message;
/// one with a new link is another, and must not be dropped for the first.
fn message_id(mail: &Mail, from: &Mailbox, job: JobId) -> String {
    let digest = Sha256::new_with_prefix(&mail.subject)
        .chain_update([0])
        .chain_update(&mail.text)
        .finalize();
    let mut words = format!("{digest:x}");
    words.truncate(DIGEST);
    format!("<{}.{words}@{}>", job.0.simple(), from.email.domain())
}
