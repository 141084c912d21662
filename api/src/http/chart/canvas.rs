//! The picture itself: what is drawn, what it says to those who do not see it, its colours.

use std::fmt::{Arguments, Display};

use domain::Locale;

use super::text::{escaped, lines};

/// The size of a social card.
const WIDTH: i64 = 1200;
const HEIGHT: i64 = 630;
/// The left edge of everything, and how wide it may be.
pub(super) const LEFT: i64 = 60;
pub(super) const ROOM: i64 = WIDTH - 2 * LEFT;
/// Where what is counted is drawn.
pub(super) const TOP: i64 = 190;
pub(super) const BODY: i64 = 330;

/// Every text has a contrast of 4.5:1 at least with what lies behind it, in light and in dark,
/// and every bar 3:1.
pub(super) const STYLE: &str = "text{font-family:system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:#1a1a1a}\
.quiet{fill:#4d4d4d}.strong{font-weight:700}.ground{fill:#fff}.track{fill:#e9edf0}\
.bar{fill:#0b5c4a}.against{fill:#a3390b}.between{fill:#737b80}.mean{fill:#a3390b;stroke:#fff;stroke-width:2}\
@media(prefers-color-scheme:dark){text{fill:#f2f2f2}.quiet{fill:#c2c8cc}.ground{fill:#14191c}\
.track{fill:#2a3237}.bar{fill:#5fc4aa}.against,.mean{fill:#f29a6b}.between{fill:#98a2a8}.mean{stroke:#14191c}}";

/// How a text stands to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A picture in the making.
pub(super) struct Canvas {
    svg: String,
    pub(super) locale: Locale,
}

impl Canvas {
    /// A picture with its name and sentence, the poll's title, the question and, at the foot,
    /// the sentence again for those who see it.
    pub(super) fn new(locale: Locale, poll: &str, question: &str, sentence: &str) -> Self {
        let mut canvas = Self {
            svg: String::with_capacity(8 * 1024),
            locale,
        };
        let (title, desc) = (escaped(question), escaped(sentence));
        let language = locale.tag();
        canvas.push(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" lang=\"{language}\" \
             aria-labelledby=\"title desc\"><title id=\"title\">{title}</title>\
             <desc id=\"desc\">{desc}</desc><style>{STYLE}</style>\
             <rect class=\"ground\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>"
        ));
        let above: String = lines(poll, 24, ROOM, 1).concat();
        canvas.text("quiet", (LEFT, 62), 24, Anchor::Start, &above);
        for (y, line) in (110..).step_by(48).zip(lines(question, 38, ROOM, 2)) {
            canvas.text("strong", (LEFT, y), 38, Anchor::Start, &line);
        }
        for (y, line) in (568..).step_by(32).zip(lines(sentence, 24, ROOM, 2)) {
            canvas.text("quiet", (LEFT, y), 24, Anchor::Start, &line);
        }
        canvas
    }

    /// Draws a text at its baseline.
    pub(super) fn text(
        &mut self,
        class: &str,
        (x, y): (impl Display, i64),
        size: i64,
        anchor: Anchor,
        text: &str,
    ) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escaped(text);
        self.push(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" font-size=\"{size}\" \
             text-anchor=\"{anchor}\">{text}</text>"
        ));
    }

    /// Draws a rectangle; one without width or height leaves no trace.
    pub(super) fn bar(&mut self, class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) {
        if width > 0.0 && height > 0.0 {
            self.push(format_args!(
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
                 height=\"{height:.1}\" rx=\"3\"/>"
            ));
        }
    }

    /// What was drawn.
    pub(super) fn finish(mut self) -> String {
        self.svg.push_str("</svg>\n");
        self.svg
    }

    fn push(&mut self, part: Arguments<'_>) {
        self.svg.push_str(&part.to_string());
    }
}
