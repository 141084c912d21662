//! `CommonMark` to HTML that a page can carry as it is, and to text without marks.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative, url::Url};
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html,
};

use super::first_forbidden;

/// Quotes and lists within each other that are drawn; HTML parsers take quadratic time in this.
const MOST_BLOCKS: usize = 8;
/// Marks of quotes and lists at the start of one line that are read as such, since the parser visits every open quote and list again on each line that follows.
const MOST_LINE_MARKS: usize = 16;
/// Columns before such a mark, a tab as four: each list in a list takes two, so this bounds them over many lines.
const MOST_COLUMNS: usize = 64;
/// Emphasis, strong and strikethrough within each other that are drawn.
const MOST_MARKS: usize = 8;

const TAGS: [&str; 17] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "ul",
];
/// The slashes keep out `https:page`, which a browser reads as relative to the page it is on.
const LINK_STARTS: [&str; 3] = ["http://", "https://", "mailto:"];

static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow ugc noopener"));
    builder
});

/// Safe HTML: raw HTML shown as text, headings from h3, images as their alt text, links to http, https and mailto only and with rel, else as their text; quotes and lists to 8 levels deep, emphasis to 8.
pub fn html(markdown: &str) -> String {
    let mut shape = Shape::default();
    let mut rendered = String::with_capacity(markdown.len().saturating_mul(2));
    html::push_html(
        &mut rendered,
        parse(&shallow(markdown)).filter_map(|event| shape.pass(event)),
    );
    SANITIZER.clean(&rendered).to_string()
}

/// The words without marks, for summaries and mail: an empty line between blocks, a line for each item; not escaped for HTML.
pub fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut lists: usize = 0;
    let mut line_ends = 0;
    for event in parse(&shallow(markdown)) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => {
                if line_ends > 0 {
                    text.truncate(text.trim_end().len());
                    if !text.is_empty() {
                        text.push_str(if line_ends == 1 { "\n" } else { "\n\n" });
                    }
                    line_ends = 0;
                }
                text.push_str(&permitted(part));
            }
            Event::SoftBreak => text.push(' '),
            Event::HardBreak => text.push('\n'),
            Event::Start(Tag::Item) => line_ends = line_ends.max(1),
            Event::Start(Tag::List(_)) => {
                lists += 1;
                line_ends = line_ends.max(1);
            }
            Event::End(TagEnd::List(_)) => {
                lists = lists.saturating_sub(1);
                line_ends = line_ends.max(if lists == 0 { 2 } else { 1 });
            }
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock,
            )
            | Event::Rule => line_ends = 2,
            _ => {}
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn parse(markdown: &str) -> Parser<'_> {
    Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH)
}

/// The source with the first quote or list mark over the limits of each line escaped, so that it and the rest are text.
fn shallow(markdown: &str) -> Cow<'_, str> {
    let mut shallow = String::new();
    let mut copied = 0;
    let mut line_start = 0;
    for line in markdown.split_inclusive(['\n', '\r']) {
        if let Some(at) = excess_mark(line) {
            let end = line_start + at;
            shallow.push_str(markdown.get(copied..end).unwrap_or_default());
            shallow.push('\\');
            copied = end;
        }
        line_start += line.len();
    }
    if copied == 0 {
        return Cow::Borrowed(markdown);
    }
    shallow.push_str(markdown.get(copied..).unwrap_or_default());
    Cow::Owned(shallow)
}

/// Byte index of the first quote or list mark over the limits; that of a numbered item is the sign after its digits.
fn excess_mark(line: &str) -> Option<usize> {
    let mut rest = line;
    let mut marks = 0;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        let sign = mark(rest)?;
        let start = line.len() - rest.len();
        let tabs = line.get(..start)?.matches('\t').count();
        if marks == MOST_LINE_MARKS || start + 3 * tabs > MOST_COLUMNS {
            return (!is_rule(rest)).then_some(start + sign);
        }
        marks += 1;
        rest = rest.get(sign + 1..)?;
    }
}

/// A row of one sign is a rule, however long.
fn is_rule(text: &str) -> bool {
    text.starts_with(['-', '*'])
        && text
            .trim_matches(|sign: char| sign.is_whitespace() || text.starts_with(sign))
            .is_empty()
}

/// Byte index of the sign with which a text starts a quote or an item.
fn mark(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut signs = text.get(digits..)?.chars();
    let is_mark = match (digits, signs.next()?) {
        (0, '>') => true,
        (0, '-' | '+' | '*') | (1..=9, '.' | ')') => signs.next().is_none_or(char::is_whitespace),
        _ => false,
    };
    is_mark.then_some(digits)
}

/// What of the document is drawn; follows the open tags.
#[derive(Default)]
struct Shape {
    /// For every open tag whether it is drawn.
    drawn: Vec<bool>,
    blocks: usize,
    marks: usize,
    images: usize,
}

impl Shape {
    fn pass<'a>(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                Some(Event::Text(permitted(text)))
            }
            Event::Code(text) if self.images > 0 => Some(Event::Text(permitted(text))),
            Event::Code(text) => Some(Event::Code(permitted(text))),
            Event::SoftBreak | Event::HardBreak | Event::Rule => Some(event),
            _ => None,
        }
    }

    fn open<'a>(&mut self, tag: Tag<'a>) -> Option<Event<'a>> {
        let drawn = self.images == 0 && self.draws(&tag);
        self.drawn.push(drawn);
        match tag {
            Tag::Image { .. } => {
                self.images += 1;
                None
            }
            // Without it the words of two items would run together.
            Tag::Item if !drawn => Some(Event::SoftBreak),
            _ if !drawn => None,
            Tag::BlockQuote(_) | Tag::List(_) => {
                self.blocks += 1;
                Some(Event::Start(tag))
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {
                self.marks += 1;
                Some(Event::Start(tag))
            }
            Tag::Heading { level, .. } => Some(Event::Start(Tag::Heading {
                level: lowered(level),
                id: None,
                classes: Vec::new(),
                attrs: Vec::new(),
            })),
            Tag::HtmlBlock => Some(Event::Start(Tag::Paragraph)),
            Tag::CodeBlock(_) => Some(Event::Start(Tag::CodeBlock(CodeBlockKind::Indented))),
            Tag::Link {
                link_type,
                dest_url,
                id,
                ..
            } => Some(Event::Start(Tag::Link {
                link_type,
                dest_url,
                title: CowStr::Borrowed(""),
                id,
            })),
            _ => Some(Event::Start(tag)),
        }
    }

    fn close<'a>(&mut self, tag: TagEnd) -> Option<Event<'a>> {
        if tag == TagEnd::Image {
            self.images = self.images.saturating_sub(1);
        }
        if self.drawn.pop() != Some(true) {
            return None;
        }
        Some(Event::End(match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) => {
                self.blocks = self.blocks.saturating_sub(1);
                tag
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.marks = self.marks.saturating_sub(1);
                tag
            }
            TagEnd::Heading(level) => TagEnd::Heading(lowered(level)),
            TagEnd::HtmlBlock => TagEnd::Paragraph,
            _ => tag,
        }))
    }

    fn draws(&self, tag: &Tag) -> bool {
        match tag {
            Tag::BlockQuote(_) | Tag::List(_) => self.blocks < MOST_BLOCKS,
            Tag::Item => self.drawn.last() == Some(&true),
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => self.marks < MOST_MARKS,
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => is_safe_link(*link_type, dest_url),
            Tag::Paragraph | Tag::Heading { .. } | Tag::HtmlBlock | Tag::CodeBlock(_) => true,
            _ => false,
        }
    }
}

/// The page's own headings are h1 and h2.
fn lowered(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

fn is_safe_link(kind: LinkType, target: &str) -> bool {
    // "<name@example.org>" has no scheme; the renderer writes it.
    let target = if kind == LinkType::Email {
        Cow::Owned(format!("mailto:{target}"))
    } else {
        Cow::Borrowed(target)
    };
    let starts_well = LINK_STARTS.iter().any(|start| {
        target
            .get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start))
    });
    // The parser below overlooks tabs and line ends, as browsers do; the sanitiser does not, and
    // would leave a link without a target. `https://overijssel.nl@example.org` is a link to
    // example.org.
    starts_well
        && !target.chars().any(char::is_control)
        && Url::parse(&target)
            .is_ok_and(|url| url.username().is_empty() && url.password().is_none())
}

/// The text without forbidden characters: "&#x202E;" brings one past the check of the source.
fn permitted(text: CowStr<'_>) -> CowStr<'_> {
    if first_forbidden(&text).is_none() {
        return text;
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some((at, character)) = first_forbidden(rest) {
        let (before, after) = rest.split_at(at);
        kept.push_str(before);
        rest = after.get(character.len_utf8()..).unwrap_or_default();
    }
    kept.push_str(rest);
    CowStr::from(kept)
}

#[cfg(test)]
mod tests;
