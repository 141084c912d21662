//! A page that is compressed once and sent to many, each with a token of their own in it.
//!
//! Brotli (RFC 7932) may hold a stretch of bytes as they are. The token's place is such a stretch,
//! with nothing around it that refers to what is in it, so that a token is put there without
//! compressing anything again. Whether that came out right is looked at once, by unpacking.

use std::io::{Read, Write};

use brotli::{CompressorWriter, Decompressor, enc::BrotliEncoderParams};
use sha2::{Digest, Sha256};

/// How well something is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// As what many get.
    Well,
    /// As what one gets, or what is soon another.
    Quick,
}

/// A window of 64 KiB, more than a page has.
const WINDOW: i32 = 16;
/// What follows the token on the page. It is part of the stretch: what comes behind is compressed
/// by the two bytes before it.
pub(super) const AFTER_TOKEN: &str = "\">";

/// A page that is compressed but for the token in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Packed {
    before: Vec<u8>,
    after: Vec<u8>,
    /// The length of a token; a shorter one is filled up with spaces.
    token: usize,
}

impl Packed {
    /// The page `html` with room for a token of this length at `place`, where [`AFTER_TOKEN`]
    /// follows; none where that cannot be done, and each is compressed for itself.
    pub(super) fn new(html: &str, place: usize, token: usize, effort: Effort) -> Option<Self> {
        let (before, after) = html.split_at_checked(place)?;
        let behind = after.strip_prefix(AFTER_TOKEN)?;
        let filler = filler(token);
        let mut writer = writer(effort);
        writer.write_all(before.as_bytes()).ok()?;
        writer.flush().ok()?;
        writer.write_all(&filler).ok()?;
        writer.write_all(AFTER_TOKEN.as_bytes()).ok()?;
        writer.flush().ok()?;
        writer.write_all(behind.as_bytes()).ok()?;
        let packed = writer.into_inner();
        let start = packed.windows(token).position(|bytes| bytes == filler)?;
        let packed = Self {
            before: packed.get(..start)?.to_vec(),
            after: packed.get(start + token..)?.to_vec(),
            token,
        };
        let trial = "x".repeat(token);
        let wanted = [before, &trial, after].concat();
        (unpacked(&packed.with(&trial)?)? == wanted.as_bytes()).then_some(packed)
    }

    /// The page with this token in it, compressed; none where the token is longer than expected.
    pub(super) fn with(&self, token: &str) -> Option<Vec<u8>> {
        let spaces = self.token.checked_sub(token.len())?;
        let length = self.before.len() + self.token + self.after.len();
        let mut page = Vec::with_capacity(length);
        page.extend_from_slice(&self.before);
        page.extend_from_slice(token.as_bytes());
        page.resize(page.len() + spaces, b' ');
        page.extend_from_slice(&self.after);
        Some(page)
    }
}

/// A page for one, compressed; none where that fails.
pub(super) fn compressed(html: &str) -> Option<Vec<u8>> {
    let mut writer = writer(Effort::Quick);
    writer.write_all(html.as_bytes()).ok()?;
    Some(writer.into_inner())
}

impl Effort {
    /// Of 11; below 10 what is done well would take a third of the time and have a twentieth more
    /// bytes.
    fn quality(self) -> i32 {
        match self {
            Self::Well => 10,
            Self::Quick => 5,
        }
    }
}

fn writer(effort: Effort) -> CompressorWriter<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: effort.quality(),
        lgwin: WINDOW,
        ..BrotliEncoderParams::default()
    };
    CompressorWriter::with_params(Vec::new(), 4_096, &parameters)
}

fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut page = Vec::new();
    Decompressor::new(bytes, 4_096)
        .read_to_end(&mut page)
        .ok()?;
    Some(page)
}

/// Bytes that cannot be compressed and occur nowhere else.
fn filler(length: usize) -> Vec<u8> {
    (0_u32..)
        .flat_map(|block| Sha256::digest(block.to_be_bytes()))
        .take(length)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_put_into_a_compressed_page() {
        let row = "<label class=o><input type=radio name=a value=b>Ja, graag</label>\n";
        let before = format!("{}<input value=\"", row.repeat(50));
        let after = format!("\"></form>{}", row.repeat(50));
        let html = [&before[..], &after].concat();
        for effort in [Effort::Well, Effort::Quick] {
            let page = Packed::new(&html, before.len(), 300, effort).unwrap();
            for token in ["a".repeat(300), "eyJ0".repeat(75), String::new()] {
                let sent = page.with(&token).unwrap();
                assert!(sent.len() < 600, "{}", sent.len());
                let read = String::from_utf8(unpacked(&sent).unwrap()).unwrap();
                assert_eq!(read, format!("{before}{token:300}{after}"));
            }
            assert_eq!(page.with(&"a".repeat(301)), None);
        }
    }

    #[test]
    fn a_page_without_room_is_none() {
        for (html, place) in [("<p>é</p>", 4), ("<p></p>", 3)] {
            assert_eq!(Packed::new(html, place, 10, Effort::Well), None);
        }
    }

    #[test]
    fn a_page_for_one_is_compressed_as_it_is() {
        let page = "<p>Peiling</p>".repeat(100);
        assert_eq!(
            unpacked(&compressed(&page).unwrap()).unwrap(),
            page.as_bytes()
        );
    }
}
