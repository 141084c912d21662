//! A page that is compressed in parts: its head once for all polls, what is the poll's own once
//! for all who get it, and not at all what is each one's own, the token.
//!
//! A stream of Brotli (RFC 7932) is a row of blocks. A block that begins and ends on a byte can
//! stand behind any other, as long as it refers only to what both sides know stands before it. So
//! what is behind the head is compressed as what follows that very head, and the token stands in
//! a block that holds its bytes as they are. Whether that came out right is looked at whenever a
//! page is put together, by unpacking.

use std::io::Read;

use brotli::{
    Decompressor, IoReaderWrapper, IoWriterWrapper,
    enc::{BrotliCompressCustomIoCustomDict, BrotliEncoderParams, StandardAlloc},
};

/// How well what all pages have in common is compressed, of 11.
const WELL: i32 = 11;
/// How well the rest is compressed, which changes with every batch of ballots: one step more would
/// save a hundredth of the page and take a hundred times as long, for tables of many megabytes.
const QUICKLY: i32 = 4;
/// A window of 64 KiB, more than a page has.
const WINDOW: i32 = 16;
/// A last block with nothing in it.
const END: u8 = 0b11;
/// Most bytes of a block that holds them as they are.
const MOST: usize = 1 << 16;

/// What pages have in common, compressed.
#[derive(Debug)]
pub(super) struct Head {
    html: String,
    packed: Vec<u8>,
}

/// A page that is compressed but for the token in it.
#[derive(Debug)]
pub(super) struct Packed {
    before: Vec<u8>,
    /// What follows the token.
    after: String,
}

impl Head {
    /// The beginning `html` of pages; none where it cannot be compressed.
    pub(super) fn new(html: String) -> Option<Self> {
        let parameters = BrotliEncoderParams {
            quality: WELL,
            appendable: true,
            ..parameters()
        };
        let packed = compressed(html.as_bytes(), &[], &parameters)?;
        Some(Self { html, packed })
    }
}

impl Packed {
    /// The page `html`, which begins with `head`, with room for a token at `place`; none where
    /// that cannot be done, and it is sent as it is.
    pub(super) fn new(head: &Head, html: &str, place: usize) -> Option<Self> {
        let (before, after) = html.split_at_checked(place)?;
        let own = before.strip_prefix(&head.html)?;
        let parameters = BrotliEncoderParams {
            quality: QUICKLY,
            catable: true,
            ..parameters()
        };
        let mut packed = head.packed.clone();
        packed.extend(compressed(
            own.as_bytes(),
            head.html.as_bytes(),
            &parameters,
        )?);
        let page = Self {
            before: packed,
            after: after.to_owned(),
        };
        (unpacked(&page.with("")?)? == html.as_bytes()).then_some(page)
    }

    /// The page with this token in it, compressed; none where the token is longer than any.
    pub(super) fn with(&self, token: &str) -> Option<Vec<u8>> {
        let length = token.len() + self.after.len();
        let length = u32::try_from(length)
            .ok()
            .filter(|_| (1..=MOST).contains(&length))?;
        // Not the last one, four digits of length, not compressed (RFC 7932, section 9.2).
        let [first, second, third, _] = ((length - 1) << 3 | 1 << 19).to_le_bytes();
        let mut page = Vec::with_capacity(self.before.len() + length as usize + 4);
        page.extend_from_slice(&self.before);
        page.extend_from_slice(&[first, second, third]);
        page.extend_from_slice(token.as_bytes());
        page.extend_from_slice(self.after.as_bytes());
        page.push(END);
        Some(page)
    }
}

/// Blocks that others stand before or behind.
fn parameters() -> BrotliEncoderParams {
    BrotliEncoderParams {
        lgwin: WINDOW,
        bare_stream: true,
        ..BrotliEncoderParams::default()
    }
}

/// The text compressed as what follows `known`.
fn compressed(text: &[u8], known: &[u8], parameters: &BrotliEncoderParams) -> Option<Vec<u8>> {
    let mut packed = Vec::new();
    BrotliCompressCustomIoCustomDict(
        &mut IoReaderWrapper(&mut &text[..]),
        &mut IoWriterWrapper(&mut packed),
        &mut [0; 4_096],
        &mut [0; 4_096],
        parameters,
        StandardAlloc::default(),
        &mut |_, _, _, _| (),
        known,
        std::io::ErrorKind::UnexpectedEof.into(),
    )
    .ok()?;
    Some(packed)
}

fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut page = Vec::new();
    Decompressor::new(bytes, 4_096)
        .read_to_end(&mut page)
        .ok()?;
    Some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "<label class=o><input type=radio name=a value=b>Ja, graag</label>\n";

    #[test]
    fn a_token_is_put_into_a_compressed_page() {
        let head = Head::new(ROW.repeat(50)).unwrap();
        let before = format!("{}<p>{}<input value=\"", ROW.repeat(50), ROW.repeat(20));
        let after = "\"></body></html>\n";
        let page = [&before, after].concat();
        let page = Packed::new(&head, &page, before.len()).unwrap();
        for token in ["a".repeat(300), "eyJ0".repeat(75), String::new()] {
            let sent = page.with(&token).unwrap();
            assert!(sent.len() < 500, "{}", sent.len());
            let read = String::from_utf8(unpacked(&sent).unwrap()).unwrap();
            assert_eq!(read, format!("{before}{token}{after}"));
        }
        assert_eq!(page.with(&"a".repeat(1 << 16)), None);
    }

    #[test]
    fn a_page_may_be_longer_than_the_window() {
        let head = Head::new(ROW.repeat(50)).unwrap();
        let numbers: Vec<String> = (0..50_000).map(|number| number.to_string()).collect();
        let before = [ROW.repeat(50), numbers.concat()].concat();
        let page = Packed::new(&head, &format!("{before}\">"), before.len()).unwrap();
        let read = unpacked(&page.with("token").unwrap()).unwrap();
        assert_eq!(read, format!("{before}token\">").into_bytes());
    }

    #[test]
    fn a_page_with_another_head_is_none() {
        let head = Head::new("<p>é</p>".to_owned()).unwrap();
        assert!(Packed::new(&head, "<p>è</p><b>\"></b>", 11).is_none());
        assert!(Packed::new(&head, "<p>é</p>", 4).is_none());
    }
}
