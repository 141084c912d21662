//! The words of the mails about decisions.

use unicode_segmentation::UnicodeSegmentation;

use super::{Action, Decision, Reason, SubjectKind, model::is_adverse};
use crate::{Locale, clock::Instant, local_time};

/// The number of characters of a text that are quoted.
const QUOTED: usize = 80;

/// The item of a decision, as mails name it.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub(super) kind: SubjectKind,
    /// Its title, or its text; empty if that has gone.
    pub(super) text: String,
    /// The title of what it stands under.
    pub(super) under: Option<String>,
    pub(super) written_at: Option<Instant>,
    /// The path of our page that shows it; none where we have none.
    pub(super) path: Option<String>,
}

/// The dates until which a decision holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// The last instant for an appeal; none if its author may not.
    pub(super) appealable_until: Option<Instant>,
    /// The end of the block; none if there is no block, or no date.
    pub(super) blocked_until: Option<Instant>,
}

/// The mail to the author: the subject and the text.
pub(super) fn decision(
    decision: &Decision,
    mention: &Mention,
    terms: Terms,
    locale: Locale,
    url: &str,
) -> (String, String) {
    let entry = &decision.entry;
    let done = done(entry.action, mention.kind, locale);
    let mut parts = vec![locale.pick("Dag,", "Hello,").to_owned()];
    parts.push(done.clone() + &quoted(entry.action, mention, locale));
    if let Some(reason) = entry.reason_code {
        let label = locale.pick("De reden", "The reason");
        parts.push(format!("{label}: {}.", reason_in(reason, locale)));
    }
    parts.extend(decision.statement.clone());
    if let Some(path) = &mention.path {
        let label = locale.pick("Hier staat het bij:", "It belongs to this page:");
        parts.push(format!("{label}\n\n{url}{path}"));
    }
    if let Some(until) = terms.blocked_until {
        let until = local_time::moment(until, locale);
        parts.push(match locale {
            Locale::Nl => format!("U kunt tot {until} niet meedoen; lezen kan wel."),
            Locale::En => format!("You cannot take part until {until}; you can read."),
        });
    }
    if let Some(until) = terms.appealable_until {
        let (number, until) = (entry.position, local_time::moment(until, locale));
        parts.push(match locale {
            _ if entry.action == Action::Block => blocked(number, &until, locale, url),
            Locale::Nl => format!(
                "Bent u het er niet mee eens? U kunt tot {until} één keer bezwaar maken tegen \
                 besluit {number}. Een andere moderator beslist daar dan over. Meld u daarvoor aan \
                 en open uw bijdrage:\n\n{url}",
            ),
            Locale::En => format!(
                "Do you disagree? You can appeal once against decision {number}, until {until}. \
                 Another moderator will judge it. To do so, sign in and open your \
                 contribution:\n\n{url}",
            ),
        });
    }
    parts.push("JIJ&Overijssel\n".to_owned());
    (done, parts.join("\n\n"))
}

/// Says what a blocked account may still do, and by which way in.
fn blocked(number: i64, until: &str, locale: Locale, url: &str) -> String {
    match locale {
        Locale::Nl => format!(
            "Bent u het er niet mee eens? U kunt tot {until} één keer bezwaar maken tegen besluit \
             {number}. Een andere moderator beslist daar dan over. Meld u daarvoor hier aan; u \
             kunt er ook uw gegevens opvragen en uw account verwijderen:\n\n{url}/sign-in",
        ),
        Locale::En => format!(
            "Do you disagree? You can appeal once against decision {number}, until {until}. \
             Another moderator will judge it. Sign in here to do so; here you can get your data \
             and erase your account as well:\n\n{url}/sign-in",
        ),
    }
}

/// The mail to someone who reported the item: the subject and the text. It does not repeat the
/// text, which may be just what nobody should read.
pub(super) fn report_outcome(
    action: Action,
    mention: &Mention,
    reported_at: Instant,
    locale: Locale,
) -> (String, String) {
    let at = local_time::moment(reported_at, locale);
    let item = noun(mention.kind, locale);
    let under = mention.under.as_ref().map(|title| match locale {
        Locale::Nl => format!(" bij '{title}'"),
        Locale::En => format!(" under '{title}'"),
    });
    let under = under.unwrap_or_default();
    let outcome = outcome(action, locale);
    match locale {
        Locale::Nl => (
            "Uw melding is afgehandeld".to_owned(),
            format!(
                "Dag,\n\n\
                 Op {at} meldde u {item}{under}.\n\
                 Een moderator heeft ernaar gekeken. {outcome}\n\n\
                 Dank u wel voor uw melding.\n\n\
                 JIJ&Overijssel\n"
            ),
        ),
        Locale::En => (
            "Your report has been dealt with".to_owned(),
            format!(
                "Hello,\n\n\
                 On {at} you reported {item}{under}.\n\
                 A moderator has looked at it. {outcome}\n\n\
                 Thank you for your report.\n\n\
                 JIJ&Overijssel\n"
            ),
        ),
    }
}

/// The decision as a sentence without its end.
fn done(action: Action, kind: SubjectKind, locale: Locale) -> String {
    let yours = yours(kind, locale);
    match (action, locale) {
        (Action::Approve, Locale::Nl) => format!("We hebben {yours} goedgekeurd"),
        (Action::Approve, Locale::En) => format!("We have approved {yours}"),
        (Action::RequestChanges, Locale::Nl) => format!("We vragen u om {yours} aan te passen"),
        (Action::RequestChanges, Locale::En) => format!("We ask you to change {yours}"),
        (Action::Reject, Locale::Nl) => format!("We hebben {yours} niet geplaatst"),
        (Action::Reject, Locale::En) => format!("We have not published {yours}"),
        (Action::Hide, Locale::Nl) => format!("We hebben {yours} verborgen"),
        (Action::Hide, Locale::En) => format!("We have hidden {yours}"),
        (Action::Restore, Locale::Nl) => format!("We hebben {yours} weer zichtbaar gemaakt"),
        (Action::Restore, Locale::En) => format!("We have shown {yours} again"),
        (Action::Ignore, Locale::Nl) => format!("We laten {yours} zichtbaar"),
        (Action::Ignore, Locale::En) => format!("We leave {yours} visible"),
        (Action::Block, Locale::Nl) => "We hebben uw account geblokkeerd".to_owned(),
        (Action::Block, Locale::En) => "We have blocked your account".to_owned(),
        (Action::Unblock, Locale::Nl) => "Uw account is niet meer geblokkeerd".to_owned(),
        (Action::Unblock, Locale::En) => "Your account is no longer blocked".to_owned(),
    }
}

/// The end of that sentence: the item's own words, and where and when they were written.
fn quoted(action: Action, mention: &Mention, locale: Locale) -> String {
    let text = beginning(&mention.text);
    if text.is_empty() || matches!(action, Action::Block | Action::Unblock) {
        return ".".to_owned();
    }
    let under = mention.under.as_ref().map(|title| match locale {
        Locale::Nl => format!("bij '{title}'"),
        Locale::En => format!("under '{title}'"),
    });
    let day = mention.written_at.map(|at| local_time::day(at, locale));
    let place: Vec<String> = under.into_iter().chain(day).collect();
    if place.is_empty() {
        format!(": \"{text}\".")
    } else {
        format!(": \"{text}\" ({}).", place.join(", "))
    }
}

/// The beginning of a text on one line, with an ellipsis if there is more.
fn beginning(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.grapheme_indices(true).nth(QUOTED) {
        None => line,
        Some((end, _)) => {
            let cut = line.get(..end).unwrap_or_default();
            format!("{}…", cut.trim_end())
        }
    }
}

fn yours(kind: SubjectKind, locale: Locale) -> &'static str {
    match kind {
        SubjectKind::Story => locale.pick("uw verhaal", "your story"),
        SubjectKind::Comment => locale.pick("uw reactie", "your comment"),
        SubjectKind::Answer => locale.pick("uw antwoord", "your answer"),
        SubjectKind::Profile => locale.pick("uw naam", "your name"),
    }
}

fn noun(kind: SubjectKind, locale: Locale) -> &'static str {
    match kind {
        SubjectKind::Story => locale.pick("een verhaal", "a story"),
        SubjectKind::Comment => locale.pick("een reactie", "a comment"),
        SubjectKind::Answer => locale.pick("een antwoord", "an answer"),
        SubjectKind::Profile => locale.pick("een account", "an account"),
    }
}

/// The outcome of a report, as its reporter reads it.
fn outcome(action: Action, locale: Locale) -> &'static str {
    match action {
        Action::Block => locale.pick(
            "Dit account kan voorlopig niet meedoen.",
            "This account cannot take part for now.",
        ),
        Action::RequestChanges => locale.pick(
            "We hebben de schrijver gevraagd om de tekst aan te passen.",
            "We have asked the author to change the text.",
        ),
        _ if is_adverse(action) => locale.pick(
            "We hebben ingegrepen: dit is niet meer te zien.",
            "We have acted: it can no longer be seen.",
        ),
        _ => locale.pick(
            "We zagen geen reden om in te grijpen.",
            "We saw no reason to act.",
        ),
    }
}

fn reason_in(reason: Reason, locale: Locale) -> &'static str {
    match reason {
        Reason::Spam => locale.pick("reclame of herhaling", "advertising or repetition"),
        Reason::Offensive => locale.pick("kwetsend of beledigend", "hurtful or insulting"),
        Reason::PersonalData => locale.pick("persoonsgegevens", "personal data"),
        Reason::OffTopic => locale.pick("gaat over iets anders", "about something else"),
        Reason::Illegal => locale.pick("in strijd met de wet", "against the law"),
        Reason::Duplicate => locale.pick("staat er al", "said before"),
        Reason::Other => locale.pick("anders, zie hieronder", "other, see below"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention() -> Mention {
        Mention {
            kind: SubjectKind::Comment,
            text: "Wat een onzin!\nEcht waar.".to_owned(),
            under: Some("Mijn straat kreeg zijn bomen terug".to_owned()),
            written_at: Some("2026-11-30T09:00:00Z".parse().unwrap()),
            path: None,
        }
    }

    #[test]
    fn the_item_is_quoted_with_its_place_and_day() {
        assert_eq!(
            quoted(Action::Hide, &mention(), Locale::Nl),
            ": \"Wat een onzin! Echt waar.\" (bij 'Mijn straat kreeg zijn bomen terug', 30 november 2026)."
        );
        assert_eq!(
            quoted(Action::Hide, &mention(), Locale::En),
            ": \"Wat een onzin! Echt waar.\" (under 'Mijn straat kreeg zijn bomen terug', 30 November 2026)."
        );
        let alone = Mention {
            under: None,
            written_at: None,
            ..mention()
        };
        assert_eq!(
            quoted(Action::Hide, &alone, Locale::Nl),
            ": \"Wat een onzin! Echt waar.\"."
        );
        let gone = Mention {
            text: String::new(),
            ..mention()
        };
        assert_eq!(quoted(Action::Hide, &gone, Locale::Nl), ".");
        assert_eq!(quoted(Action::Block, &mention(), Locale::Nl), ".");
    }

    #[test]
    fn a_long_text_is_cut_between_characters_as_people_see_them() {
        assert_eq!(beginning(&"é".repeat(QUOTED)), "é".repeat(QUOTED));
        let family = "👨\u{200d}👩\u{200d}👧";
        let long = family.repeat(QUOTED + 1);
        assert_eq!(beginning(&long), format!("{}…", family.repeat(QUOTED)));
    }

    #[test]
    fn reporters_read_the_outcome_and_not_the_text() {
        let at = "2026-11-30T13:05:00Z".parse().unwrap();
        let (subject, text) = report_outcome(Action::Hide, &mention(), at, Locale::Nl);
        assert_eq!(subject, "Uw melding is afgehandeld");
        assert!(text.contains("Op 30 november 2026 om 14.05 uur meldde u een reactie bij 'Mijn straat kreeg zijn bomen terug'."), "{text}");
        assert!(text.contains("niet meer te zien"), "{text}");
        assert!(!text.contains("onzin"), "{text}");
        let (_, text) = report_outcome(Action::Ignore, &mention(), at, Locale::En);
        assert!(text.contains("We saw no reason to act."), "{text}");
    }
}
