//! Bounded text: what people type, checked and normalised before anything else sees it.

pub mod markdown;

use std::ops::RangeInclusive;

use icu_casemap::CaseMapper;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// Scalar values a grapheme may take on average over the longest text allowed; Dutch takes one.
const SCALARS_PER_GRAPHEME: usize = 8;
/// Scalar values of one grapheme; the longest emoji in Unicode has ten, stacked marks have no end.
const GRAPHEME_SCALARS: usize = 32;
/// Bytes of the longest scalar value in UTF-8.
const SCALAR_BYTES: usize = 4;
const SLUG_BYTES: usize = 80;
/// Well below what an entry of an index holds (2,704 bytes in `PostgreSQL`).
const SORT_KEY_BYTES: usize = 1_000;

const BLACK_FLAG: char = '\u{1F3F4}';
const CANCEL_TAG: char = '\u{E007F}';
/// Letters of an ISO 3166-2 subdivision in a flag: "gbsct" has five.
const FLAG_TAGS: RangeInclusive<usize> = 3..=6;

/// Why a text is refused; lengths are in graphemes (UAX #29 extended grapheme clusters).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Nothing that can be seen, where something must be given.
    Required,
    /// Fewer graphemes than allowed.
    TooShort {
        /// Fewest graphemes allowed.
        min: usize,
    },
    /// More graphemes than allowed, or more than 8 scalar values for each grapheme allowed.
    TooLong {
        /// Most graphemes allowed.
        max: usize,
    },
    /// A character that hides, reorders or breaks text, or a grapheme of more than 32 scalar values.
    ForbiddenCharacter,
}

/// How long a text may be, in graphemes (UAX #29 extended grapheme clusters), both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Fewest graphemes; 0 makes the text optional.
    pub min: usize,
    /// Most graphemes.
    pub max: usize,
}

impl Limits {
    /// Limits from `min` to `max` graphemes, both allowed.
    pub const fn new(min: usize, max: usize) -> Self {
        Self { min, max }
    }
}

/// Returns if both databases can keep the text: `PostgreSQL` takes no NUL.
pub fn is_kept(text: &str) -> bool {
    !text.contains('\0')
}

/// One line, trimmed and in NFC, "" only where `limits.min` is 0; refuses tabs, line ends and all that [`paragraphs`] refuses.
pub fn line(raw: &str, limits: Limits) -> Result<String, Problem> {
    let raw = trim(raw, limits)?;
    if raw.contains(['\n', '\t']) {
        return Err(Problem::ForbiddenCharacter);
    }
    bounded(raw, limits)
}

/// Many lines, trimmed, in NFC and ended by LF, "" only where `limits.min` is 0; refuses control characters, noncharacters, bidirectional embeddings, overrides and isolates (Unicode TR36, CVE-2021-42574), U+2028, U+2029, U+FEFF, annotations and tags outside a flag.
pub fn paragraphs(raw: &str, limits: Limits) -> Result<String, Problem> {
    let raw = trim(raw, limits)?;
    if raw.contains('\r') {
        bounded(&raw.replace("\r\n", "\n").replace('\r', "\n"), limits)
    } else {
        bounded(raw, limits)
    }
}

/// The text as it is compared and counted: NFKC, case-folded, every apostrophe and hyphen the one
/// of a keyboard, spaces collapsed and trimmed; not bounded.
pub fn folded(text: &str) -> String {
    // Before as well: the compatible form of an acute accent is a space with a mark.
    let typed: String = text.chars().map(typed_punctuation).collect();
    let folded = case_folded(&typed);
    collapsed(&folded.chars().map(typed_punctuation).collect::<String>())
}

/// The text as it is told from others: [`folded`] and without what is drawn as nothing.
pub fn alike(text: &str) -> String {
    visible(&folded(text))
}

/// The title by which a list is sorted, byte by byte: letters and digits without accents in lower
/// case, one space for whatever is between them, at most 1,000 bytes, so that an index holds it.
/// The migration that filled in the first ones does the same.
pub fn sort_key(title: &str) -> String {
    let mut key = String::new();
    let plain = title.nfkd().flat_map(char::to_lowercase);
    for character in plain.filter(|one| !is_combining_mark(*one) && !is_invisible(*one)) {
        if character.is_alphanumeric() {
            key.push(character);
        } else if !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
    }
    // A title of signs alone is sorted by its signs.
    let key = if key.is_empty() { title } else { &key };
    let mut end = key.len().min(SORT_KEY_BYTES);
    while !key.is_char_boundary(end) {
        end -= 1;
    }
    key.get(..end).unwrap_or_default().trim().to_owned()
}

/// The text in NFKC and case-folded, its spaces as many as they were.
pub(crate) fn case_folded(text: &str) -> String {
    let compatible: String = text.nfkc().collect();
    CaseMapper::new().fold_string(&compatible).nfkc().collect()
}

/// The text trimmed, with one space wherever white space of any length and kind was.
pub fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text without what is drawn as nothing, so that texts that look alike are alike. The tags
/// of a flag say which flag is drawn, and stay.
pub fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if !is_invisible(character) {
            seen.push(character);
        }
        if character == BLACK_FLAG {
            let tags = flag_tags(characters.as_str());
            seen.extend(characters.by_ref().take(tags));
        }
    }
    collapsed(&seen)
}

/// The title as an address part: ASCII words in lower case joined by '-', 1 to 80 bytes, cut at a word's end; "x" where no Latin letter or digit is left.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    let mut word_ended = false;
    for character in title.nfkd() {
        let mut ascii = [0; 1];
        let letters = if character.is_ascii_alphanumeric() {
            &*character.to_ascii_lowercase().encode_utf8(&mut ascii)
        } else if is_within_word(character) {
            continue;
        } else {
            fold(character)
        };
        if letters.is_empty() {
            word_ended = true;
            continue;
        }
        if word_ended && !slug.is_empty() {
            slug.push('-');
        }
        word_ended = false;
        slug.push_str(letters);
        if slug.len() > SLUG_BYTES {
            break;
        }
    }
    if slug.len() > SLUG_BYTES {
        let word_end = slug.get(..=SLUG_BYTES).and_then(|head| head.rfind('-'));
        slug.truncate(word_end.unwrap_or(SLUG_BYTES));
    }
    if slug.is_empty() {
        slug.push('x');
    }
    slug
}

fn trim(raw: &str, limits: Limits) -> Result<&str, Problem> {
    let trimmed = raw.trim();
    let most_bytes = limits
        .max
        .saturating_mul(SCALARS_PER_GRAPHEME * SCALAR_BYTES);
    // Before any other work, so that a huge text costs no more than this comparison.
    if trimmed.len() > most_bytes {
        return Err(Problem::TooLong { max: limits.max });
    }
    Ok(trimmed)
}

fn bounded(trimmed: &str, limits: Limits) -> Result<String, Problem> {
    let Limits { min, max } = limits;
    if first_forbidden(trimmed).is_some() {
        return Err(Problem::ForbiddenCharacter);
    }
    if trimmed.chars().all(is_blank) {
        return if min == 0 {
            Ok(String::new())
        } else {
            Err(Problem::Required)
        };
    }
    let text: String = trimmed.nfc().collect();
    if text.chars().count() > max.saturating_mul(SCALARS_PER_GRAPHEME) {
        return Err(Problem::TooLong { max });
    }
    let mut length = 0;
    for grapheme in text.graphemes(true) {
        if grapheme.chars().count() > GRAPHEME_SCALARS {
            return Err(Problem::ForbiddenCharacter);
        }
        length += 1;
    }
    if length > max {
        Err(Problem::TooLong { max })
    } else if length < min {
        Err(Problem::TooShort { min })
    } else {
        Ok(text)
    }
}

/// Byte index and value of the first character that no text may hold.
fn first_forbidden(text: &str) -> Option<(usize, char)> {
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == BLACK_FLAG {
            if let Some(last) = flag_tags(characters.as_str()).checked_sub(1) {
                characters.nth(last);
            }
        } else if is_forbidden(character) {
            return Some((at, character));
        }
    }
    None
}

/// Number of tag characters that make a subdivision's flag of the black flag before `rest` (UTS #51, ED-14a), else 0.
fn flag_tags(rest: &str) -> usize {
    let letters = rest
        .chars()
        .take_while(|tag| matches!(tag, '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}'))
        .take(*FLAG_TAGS.end() + 1)
        .count();
    if FLAG_TAGS.contains(&letters) && rest.chars().nth(letters) == Some(CANCEL_TAG) {
        letters + 1
    } else {
        0
    }
}

fn is_forbidden(character: char) -> bool {
    let noncharacter = u32::from(character) & 0xFFFE == 0xFFFE;
    match character {
        '\n' | '\t' => false,
        '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{FEFF}'
        | '\u{FDD0}'..='\u{FDEF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0001}'
        | '\u{E0020}'..='\u{E007F}' => true,
        _ => noncharacter || character.is_control(),
    }
}

/// Whether a character leaves the page white, alone or in a row of its like.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
}

/// `Default_Ignorable_Code_Point`, and what else is drawn as nothing.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' // soft hyphen
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}' // Hangul fillers, here and below
            | '\u{1160}'
            | '\u{17B4}'
            | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' // ZWSP, ZWNJ, ZWJ, LRM, RLM
            | '\u{2060}'..='\u{206F}'
            | '\u{2800}' // Braille without a dot
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' // variation selectors, here and below
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFF8}'
            | '\u{16FE4}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D159}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// The apostrophe or hyphen of a keyboard for each of its other forms (Unicode's `Dash` without
/// waves and stacked forms), any other character as it is.
fn typed_punctuation(character: char) -> char {
    match character {
        '`'
        | '\u{B4}'
        | '\u{2B9}'
        | '\u{2BB}'..='\u{2BD}'
        | '\u{2C8}'
        | '\u{2CA}'
        | '\u{2CB}'
        | '\u{55A}'
        | '\u{5F3}'
        | '\u{2018}'..='\u{201B}'
        | '\u{2032}'
        | '\u{2035}'
        | '\u{A78B}'
        | '\u{A78C}'
        | '\u{FF07}'
        | '\u{FF40}' => '\'',
        '\u{2D7}'
        | '\u{58A}'
        | '\u{5BE}'
        | '\u{1400}'
        | '\u{1806}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{207B}'
        | '\u{208B}'
        | '\u{2212}'
        | '\u{2796}'
        | '\u{2E17}'
        | '\u{2E1A}'
        | '\u{2E3A}'
        | '\u{2E3B}'
        | '\u{2E40}'
        | '\u{2E5D}'
        | '\u{30A0}'
        | '\u{FE58}'
        | '\u{FE63}'
        | '\u{FF0D}'
        | '\u{10EAD}' => '-',
        other => other,
    }
}

/// Whether a slug drops the character without ending the word: "foto's" is "fotos".
fn is_within_word(character: char) -> bool {
    matches!(character, '\'' | '\u{2BC}' | '\u{2018}' | '\u{2019}')
        || is_combining_mark(character)
        || is_invisible(character)
}

/// ASCII letters for a Latin letter that has no decomposition, else "".
fn fold(character: char) -> &'static str {
    match character {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ł' | 'Ł' => "l",
        'ı' => "i",
        'ħ' | 'Ħ' => "h",
        'ŧ' | 'Ŧ' => "t",
        'ŋ' | 'Ŋ' => "ng",
        _ => "",
    }
}

#[cfg(test)]
mod tests;
