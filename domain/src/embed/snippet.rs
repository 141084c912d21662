//! What a partner pastes into its page.

use uuid::Uuid;

use crate::{Locale, id::EmbedId};

/// The HTML that shows an embed, in two forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// A frame of fixed height.
    pub frame: String,
    /// A script that puts the frame in its own place and fits its height.
    pub script: String,
}

/// What an address of ours leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// The poll with this slug.
    Poll(String),
    /// An embed.
    Embed(EmbedId),
}

impl Link {
    /// What the address leads to, where it is that of a poll or an embed of this site.
    pub(super) fn read(site: &str, url: &str) -> Option<Self> {
        if url.len() > 2_000 {
            return None;
        }
        let path = url.strip_prefix(site)?.split(['?', '#']).next()?;
        let path = path.strip_suffix('/').unwrap_or(path);
        if let Some(id) = path.strip_prefix("/embed/") {
            return Some(Self::Embed(EmbedId(Uuid::try_parse(id).ok()?)));
        }
        let slug = path.strip_prefix("/p/")?;
        let is_slug = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (!slug.is_empty() && slug.chars().all(is_slug)).then(|| Self::Poll(slug.to_owned()))
    }
}

/// The address of an embed's page.
pub(super) fn url(site: &str, embed: EmbedId) -> String {
    format!("{site}/embed/{}", embed.0)
}

impl Snippet {
    /// What shows the embed of a poll with this title.
    pub(super) fn new(site: &str, embed: EmbedId, title: &str) -> Self {
        let frame = frame(site, embed, title, "100%", 600);
        let title = escaped(title);
        let script = format!(
            "<script src=\"{site}/embed.js\" data-poll=\"{}\" data-title=\"{title}\" async></script>",
            embed.0
        );
        Self { frame, script }
    }
}

/// A frame of this size.
pub(super) fn frame(site: &str, embed: EmbedId, title: &str, width: &str, height: u32) -> String {
    format!(
        "<iframe src=\"{}\" title=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\" \
         allow=\"\" referrerpolicy=\"strict-origin\" style=\"border:0\"></iframe>",
        url(site, embed),
        escaped(title)
    )
}

/// A link to a poll that says what it is.
pub(super) fn quotation(site: &str, slug: &str, title: &str, locale: Locale) -> String {
    let ask = locale.pick("Stem mee", "Vote");
    let title = escaped(title);
    format!("<blockquote><p>{title}</p><a href=\"{site}/p/{slug}\">{ask}</a></blockquote>")
}

/// Text as the value of an attribute in double quotes.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_stays_inside_its_attribute() {
        let id = EmbedId(Uuid::nil());
        let title = "\"><script>alert(1)</script> & meer";
        let snippet = Snippet::new("https://jij.example", id, title);
        let written = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; meer";
        assert!(snippet.frame.contains(&format!("title=\"{written}\"")));
        assert!(
            snippet
                .script
                .contains(&format!("data-title=\"{written}\""))
        );
        assert_eq!(snippet.script.matches('<').count(), 2);
    }

    #[test]
    fn only_addresses_of_ours_lead_somewhere() {
        let read = |url: &str| Link::read("https://jij.example", url);
        let nil = Link::Embed(EmbedId(Uuid::nil()));
        let embed = "https://jij.example/embed/00000000-0000-0000-0000-000000000000";
        assert_eq!(read(embed), Some(nil.clone()));
        assert_eq!(read(&format!("{embed}/?a=b#c")), Some(nil));
        let poll = Some(Link::Poll("een-peiling-23ab".to_owned()));
        assert_eq!(read("https://jij.example/p/een-peiling-23ab"), poll);
        for url in [
            "",
            "https://jij.example",
            "https://jij.example/p/",
            "https://jij.example/p/a/b",
            "https://jij.example/p/\"onload",
            "https://jij.example/embed/1",
            "https://jij.example/stories/a",
            "https://jij.example.evil.example/p/a",
            "http://jij.example/p/a",
        ] {
            assert_eq!(read(url), None, "{url}");
        }
    }
}
