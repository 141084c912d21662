//! Text in a picture: escaped, measured, and cut where it does not fit.

use unicode_segmentation::UnicodeSegmentation;

/// Text as XML holds it: what has a meaning there is escaped, what may not stand there is left
/// out.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' | '\r' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// How wide a text may be at most at this size, in pixels. The picture does not know which font
/// it meets, so each character counts as wide as common fonts draw it, and a little more.
pub(super) fn width(text: &str, size: i64) -> i64 {
    let hundredths: i64 = text.graphemes(true).map(grapheme).sum();
    hundredths * size / 100
}

/// The width of what one sees as one character, in hundredths of its size.
fn grapheme(grapheme: &str) -> i64 {
    match grapheme.chars().next().unwrap_or(' ') {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '!' | '|'
        | ' ' => 36,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 96,
        'A'..='Z' => 74,
        '\0'..='\u{2e7f}' => 61,
        _ => 105,
    }
}

/// The text in at most so many lines of this width, broken at words where they allow it; what
/// does not fit ends in an ellipsis.
pub(super) fn lines(text: &str, size: i64, room: i64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut words = text.split_whitespace().peekable();
    let mut line = String::new();
    while let Some(word) = words.peek() {
        let longer = if line.is_empty() {
            (*word).to_owned()
        } else {
            format!("{line} {word}")
        };
        if width(&longer, size) <= room || (line.is_empty() && lines.len() + 1 < most) {
            words.next();
            line = longer;
        } else if lines.len() + 1 < most {
            lines.push(cut(&line, size, room));
            line.clear();
        } else {
            // The last line takes what is left, as far as it fits.
            let rest = words.collect::<Vec<_>>().join(" ");
            let whole = format!("{line} {rest}");
            lines.push(cut(whole.trim_start(), size, room));
            return lines;
        }
    }
    if !line.is_empty() {
        lines.push(cut(&line, size, room));
    }
    lines
}

/// The text, or as much of it as fits and an ellipsis.
fn cut(text: &str, size: i64, room: i64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for part in text.graphemes(true) {
        if width(&format!("{kept}{part}…"), size) > room {
            break;
        }
        kept.push_str(part);
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_reads_is_escaped() {
        assert_eq!(
            escaped("<script>\"&'\u{0}\u{1b}\u{ffff}\n"),
            "&lt;script&gt;&quot;&amp;&#39; "
        );
    }

    #[test]
    fn lines_break_at_words_and_are_cut() {
        assert_eq!(lines("een twee drie", 20, 110, 2), ["een twee", "drie"]);
        assert_eq!(lines("een twee drie vier", 20, 110, 1), ["een twee…"]);
        assert_eq!(lines("", 20, 100, 2), Vec::<String>::new());
        for line in lines(&"reusachtig".repeat(20), 20, 200, 2) {
            assert!(width(&line, 20) <= 200, "{line}");
        }
    }

    #[test]
    fn a_family_is_never_cut_apart() {
        let family = "👨‍👩‍👧";
        assert_eq!(lines(&family.repeat(3), 20, 50, 1), [format!("{family}…")]);
    }
}
