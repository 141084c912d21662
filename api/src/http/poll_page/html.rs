//! HTML as it is written: what people typed is escaped, what we wrote is not.

/// A piece of HTML under way.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Markup of our own, as it is.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, also inside a quoted attribute.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        let mut rest = text;
        while let Some(place) = rest.find(['&', '<', '>', '"']) {
            let (before, from) = rest.split_at(place);
            self.0.push_str(before);
            self.0.push_str(match from.as_bytes().first() {
                Some(b'&') => "&amp;",
                Some(b'<') => "&lt;",
                Some(b'>') => "&gt;",
                _ => "&quot;",
            });
            rest = from.get(1..).unwrap_or_default();
        }
        self.0.push_str(rest);
        self
    }

    /// Something that prints as text without markup, such as a number.
    pub(super) fn number(&mut self, number: impl std::fmt::Display) -> &mut Self {
        self.0.push_str(&number.to_string());
        self
    }

    /// An attribute with a quoted value.
    pub(super) fn attribute(&mut self, name: &str, value: &str) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"").text(value).raw("\"")
    }

    /// Markup of our own where `holds`.
    pub(super) fn raw_if(&mut self, holds: bool, markup: &str) -> &mut Self {
        if holds { self.raw(markup) } else { self }
    }

    /// How many bytes it has so far.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The HTML.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_markup_is_not() {
        let mut html = Html::default();
        html.raw("<p")
            .attribute("title", "\"><script>")
            .raw(">")
            .text("a & b < c é")
            .raw("</p>");
        assert_eq!(
            html.finish(),
            "<p title=\"&quot;&gt;&lt;script&gt;\">a &amp; b &lt; c é</p>"
        );
    }
}
