//! Data about persons that do not belong in public: Dutch telephone numbers, IBANs, BSNs.
//!
//! What merely has the right number of digits is not enough: a date, an amount and the number of
//! an 088-line of an office are none of these.

use std::ops::Range;

/// Most separators between two digits: "06 - 12".
const SEPARATORS: usize = 3;
/// Digits of a Dutch number at home, with its 0.
const NATIONAL: usize = 10;
/// Numbers that belong to organisations.
const ORGANISATIONS: [&str; 5] = ["0800", "0900", "0906", "0909", "088"];
/// Characters of an IBAN by country.
const IBAN_LENGTHS: [(&str, usize); 34] = [
    ("ad", 24),
    ("at", 20),
    ("be", 16),
    ("bg", 22),
    ("ch", 21),
    ("cy", 28),
    ("cz", 24),
    ("de", 22),
    ("dk", 18),
    ("ee", 20),
    ("es", 24),
    ("fi", 18),
    ("fr", 27),
    ("gb", 22),
    ("gr", 27),
    ("hr", 21),
    ("hu", 28),
    ("ie", 22),
    ("is", 26),
    ("it", 27),
    ("li", 21),
    ("lt", 20),
    ("lu", 20),
    ("lv", 21),
    ("mc", 27),
    ("mt", 31),
    ("nl", 18),
    ("no", 15),
    ("pl", 28),
    ("pt", 25),
    ("ro", 24),
    ("se", 24),
    ("si", 19),
    ("sk", 24),
];

/// Where numbers of persons stand in a folded text, in order and apart.
pub(super) fn numbers(folded: &str) -> Vec<Range<usize>> {
    let bytes = folded.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = if begins_word(folded, at) {
            telephone(bytes, at)
                .or_else(|| iban(bytes, at))
                .or_else(|| bsn(bytes, at))
                .filter(|end| ends_word(folded, *end))
        } else {
            None
        };
        if let Some(end) = end {
            found.push(at..end);
        }
        at = end.unwrap_or(at + 1);
    }
    found
}

/// Whether no letter or digit stands right before, nor the rest of a decimal number or amount.
fn begins_word(text: &str, at: usize) -> bool {
    let Some(before) = text.get(..at) else {
        return false;
    };
    let mut before = before.chars().rev();
    match before.next() {
        None => true,
        Some('.' | ',') => !before.next().is_some_and(char::is_numeric),
        Some('€' | '$' | '£' | '+') => false,
        Some(' ') => before.next() != Some('€'),
        Some(character) => !character.is_alphanumeric(),
    }
}

/// Whether no letter or digit stands right behind, nor the rest of a decimal number.
fn ends_word(text: &str, end: usize) -> bool {
    let mut behind = text.get(end..).unwrap_or_default().chars();
    match behind.next() {
        None => true,
        Some('.' | ',') => !behind.next().is_some_and(char::is_numeric),
        Some(character) => !character.is_alphanumeric(),
    }
}

/// The end of a Dutch telephone number that begins here.
fn telephone(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let (international, from) = if rest.starts_with(b"+31") {
        (true, at + 3)
    } else if rest.starts_with(b"0031") {
        (true, at + 4)
    } else if rest.starts_with(b"0") {
        (false, at)
    } else {
        return None;
    };
    let mut digits = String::with_capacity(NATIONAL);
    if international {
        digits.push('0');
    }
    let mut groups: Vec<usize> = Vec::new();
    let mut separators = 0;
    let mut end = from;
    for (index, byte) in bytes.iter().enumerate().skip(from) {
        if digits.len() == NATIONAL {
            break;
        }
        if byte.is_ascii_digit() {
            // "+31 (0)6": the nought is said twice.
            if !(international && digits == "0" && *byte == b'0') {
                digits.push(char::from(*byte));
                match groups.last_mut() {
                    Some(group) if separators == 0 => *group += 1,
                    _ => groups.push(1),
                }
            }
            separators = 0;
            end = index + 1;
        } else if matches!(byte, b' ' | b'-' | b'.' | b'/' | b'(' | b')') && separators < SEPARATORS
        {
            separators += 1;
        } else {
            break;
        }
    }
    let is_number = digits.len() == NATIONAL
        && digits.as_bytes().get(1).is_some_and(|digit| *digit != b'0')
        && (international || is_grouped(&digits, &groups))
        && !ORGANISATIONS
            .iter()
            .any(|prefix| digits.starts_with(prefix));
    is_number.then_some(end)
}

/// Whether digits at home are grouped as a telephone number: "06 ...", "038 ...", "0523 ...", or
/// not at all; "06-12-2024 13" is a date.
fn is_grouped(digits: &str, groups: &[usize]) -> bool {
    if groups.starts_with(&[2, 2, 4]) || groups.iter().skip(1).any(|group| *group < 2) {
        return false;
    }
    match groups.first() {
        Some(2) => digits.starts_with("06"),
        Some(first) => *first > 2,
        None => false,
    }
}

/// The end of an IBAN that begins here, if its check digits are right.
fn iban(bytes: &[u8], at: usize) -> Option<usize> {
    let country = bytes.get(at..at + 2)?;
    let (_, length) = IBAN_LENGTHS
        .iter()
        .find(|(code, _)| code.as_bytes() == country)?;
    let mut characters = Vec::with_capacity(*length);
    let mut end = at;
    let mut separated = true;
    for (index, byte) in bytes.iter().enumerate().skip(at) {
        if characters.len() == *length {
            break;
        }
        if byte.is_ascii_alphanumeric() {
            characters.push(*byte);
            separated = false;
            end = index + 1;
        } else if matches!(byte, b' ' | b'-' | b'.') && !separated {
            separated = true;
        } else {
            return None;
        }
    }
    let head = characters.get(2..4)?;
    let is_right = characters.len() == *length
        && head.iter().all(u8::is_ascii_digit)
        && remainder(&characters) == 1;
    is_right.then_some(end)
}

/// What an IBAN leaves when divided by 97 (ISO 7064), read from its fifth character on.
fn remainder(characters: &[u8]) -> u32 {
    let (head, rest) = characters.split_at(4.min(characters.len()));
    rest.iter().chain(head).fold(0, |remainder, character| {
        let value = char::from(*character).to_digit(36).unwrap_or(0);
        let shift = if value > 9 { 100 } else { 10 };
        (remainder * shift + value) % 97
    })
}

/// The end of a BSN that begins here: nine digits, together or as 1234.56.789, that pass the
/// eleven-test.
fn bsn(bytes: &[u8], at: usize) -> Option<usize> {
    let digit = |at: usize| {
        let byte = bytes.get(at)?;
        byte.is_ascii_digit().then(|| i32::from(*byte - b'0'))
    };
    let run = (at..at + 10).take_while(|at| digit(*at).is_some()).count();
    let places: Vec<usize> = match run {
        9 => (at..at + 9).collect(),
        4 => {
            let separator = *bytes.get(at + 4)?;
            let alike =
                matches!(separator, b' ' | b'.' | b'-') && bytes.get(at + 7) == Some(&separator);
            let groups = (at..at + 4).chain(at + 5..at + 7).chain(at + 8..at + 11);
            alike.then(|| groups.collect())?
        }
        _ => return None,
    };
    let digits: Option<Vec<i32>> = places.iter().map(|at| digit(*at)).collect();
    passes_eleven_test(&digits?).then_some(places.last()? + 1)
}

/// Whether nine digits, weighed 9 to 2 and −1, are a multiple of eleven, and not all noughts.
fn passes_eleven_test(digits: &[i32]) -> bool {
    const WEIGHTS: [i32; 9] = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i32 = WEIGHTS
        .iter()
        .zip(digits)
        .map(|(weight, digit)| weight * digit)
        .sum();
    digits.iter().any(|digit| *digit != 0) && sum % 11 == 0
}

#[cfg(test)]
mod tests;
