//! The whole page: everything that it needs is in it.

use std::collections::HashMap;

use domain::{
    Locale,
    id::QuestionId,
    local_time,
    poll::{Eligibility, Poll, PollStatus, QuestionState, VoteChange},
    text::markdown,
};

use super::{
    bars,
    fields::{self, Fields},
    filled::{Filled, Place, Problem, choice_name},
    frame::{self, Frame},
    html::Html,
    sheet::{Asked, Sheet},
};
use crate::graphql::node;

/// What is told of each question.
pub(super) type Told = HashMap<QuestionId, Vec<Problem>>;

/// What happened to what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// Nothing was sent.
    None,
    /// It is counted.
    Counted,
    /// Something in it cannot be counted.
    Problems,
    /// There was nothing in it.
    Empty,
    /// The page's token is no longer good.
    Expired,
    /// Too much comes at once.
    Busy,
    /// Too many new voters come from one network.
    Limited,
}

/// A page, and where the token goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) html: String,
    /// How much of its beginning it has in common with others in a frame like its own.
    head: usize,
    pub(super) place: usize,
}

impl Document {
    /// The page of a poll; `filled` stands in its fields.
    pub(super) fn new(
        sheet: &Sheet,
        frame: &Frame,
        filled: &Filled,
        told: &Told,
        notice: Notice,
    ) -> Self {
        let locale = frame.locale;
        let poll = &sheet.poll;
        let mut html = Html::default();
        beginning(&mut html, frame);
        let head = html.len();
        title(&mut html, poll, frame, notice);
        html.raw("<body")
            .attribute("data-p", &node::encode(&poll.id));
        if let Some(shown) = &frame.embed {
            html.attribute("data-e", &shown.id.0.to_string())
                .attribute("data-o", &shown.origins.join(" "));
        }
        html.raw("><main><header><h1>")
            .text(&poll.title)
            .raw("</h1><div class=d>")
            .raw(&markdown::html(&poll.description))
            .raw("</div></header>");
        state(&mut html, poll, locale);
        tell(&mut html, notice, locale);
        html.raw("<form id=f method=post novalidate")
            .attribute("action", &address(frame, locale))
            .raw(">");
        for asked in &sheet.asked {
            let told = told.get(&asked.question.id).map_or(&[][..], Vec::as_slice);
            let fields = Fields {
                asked,
                filled,
                told,
                locale,
            };
            question(&mut html, &fields);
        }
        html.raw("<div id=b>");
        if sheet.is_open() {
            let has_voted = sheet.asked.iter().any(|asked| asked.ballot.is_some());
            html.raw("<button>").raw(if has_voted {
                locale.pick("Bewaar mijn antwoorden", "Save my answers")
            } else {
                locale.pick("Stem", "Vote")
            });
            html.raw("</button>");
        }
        html.raw("</div></form>");
        foot(&mut html, sheet, frame);
        html.raw("</main><input type=hidden id=t name=token form=f value=\"");
        let place = html.len();
        html.raw("\"></body></html>\n");
        Self {
            html: html.finish(),
            head,
            place,
        }
    }

    /// What it has in common with others in a frame like its own.
    pub(super) fn head(&self) -> &str {
        self.html.get(..self.head).unwrap_or_default()
    }

    /// The page with this token in it.
    pub(super) fn with(&self, token: &str) -> String {
        let (before, after) = self.html.split_at(self.place);
        [before, token, after].concat()
    }
}

/// What is the same for all polls, and most of the page: it is compressed once for all of them.
fn beginning(html: &mut Html, frame: &Frame) {
    html.raw("<!doctype html><html")
        .attribute("lang", frame.locale.tag())
        .raw("><head><meta charset=utf-8>")
        .raw("<meta name=viewport content=\"width=device-width,initial-scale=1\">")
        .raw("<style>")
        .raw(&frame.style())
        .raw("</style><script type=module>")
        .raw(frame::script())
        .raw("</script>");
}

fn title(html: &mut Html, poll: &Poll, frame: &Frame, notice: Notice) {
    let locale = frame.locale;
    let is_wrong = !matches!(notice, Notice::None | Notice::Counted);
    html.raw("<title>")
        .raw_if(is_wrong, locale.pick("Fout: ", "Error: "))
        .text(&poll.title)
        .raw(" – JIJ&amp;Overijssel</title>")
        .raw("<link rel=alternate type=\"application/json+oembed\"")
        .attribute("href", &oembed(frame))
        .raw("></head>");
}

/// Where the poll stands.
fn state(html: &mut Html, poll: &Poll, locale: Locale) {
    let at = |instant| local_time::moment(instant, locale);
    let times = &poll.times;
    let nl = locale == Locale::Nl;
    let text = match poll.status {
        PollStatus::Draft => locale
            .pick("Deze peiling is nog een concept.", "This poll is a draft.")
            .to_owned(),
        PollStatus::Scheduled => match (times.opens_at.map(at), nl) {
            (Some(at), true) => format!("De peiling gaat open op {at}."),
            (Some(at), false) => format!("The poll opens on {at}."),
            (None, _) => String::new(),
        },
        PollStatus::Open => match (times.ends_at().map(at), nl) {
            (Some(at), true) => format!("Stemmen kan tot {at}."),
            (Some(at), false) => format!("You can vote until {at}."),
            (None, true) => "U kunt nu stemmen.".to_owned(),
            (None, false) => "You can vote now.".to_owned(),
        },
        PollStatus::Paused => locale
            .pick(
                "De peiling staat even stil. Wat u invult, blijft staan.",
                "The poll is paused. What you fill in stays.",
            )
            .to_owned(),
        PollStatus::Closed | PollStatus::ResultsPublished | PollStatus::Archived => locale
            .pick(
                "De peiling is gesloten. Stemmen kan niet meer.",
                "The poll is closed. You can no longer vote.",
            )
            .to_owned(),
        PollStatus::Cancelled => locale
            .pick("Deze peiling gaat niet door.", "This poll was called off.")
            .to_owned(),
    };
    html.raw("<p id=s")
        .attribute("data-s", status(poll.status))
        .raw(">")
        .text(&text)
        .raw("</p>");
}

/// What happened to what was sent.
fn tell(html: &mut Html, notice: Notice, locale: Locale) {
    let text = match notice {
        Notice::None => "",
        Notice::Counted => locale.pick("Uw stem is geteld.", "Your vote is counted."),
        Notice::Problems => locale.pick(
            "Nog niet alles is geteld. Kijk bij de rode teksten wat er anders moet; wat u invulde, staat er nog.",
            "Not all of it is counted yet. The red texts say what to change; what you filled in is still there.",
        ),
        Notice::Empty => locale.pick(
            "U hebt nog niets ingevuld.",
            "You have not filled in anything yet.",
        ),
        Notice::Expired => locale.pick(
            "Deze pagina stond te lang open. Verstuur haar nog eens; wat u invulde, staat er nog.",
            "This page was open for too long. Send it again; what you filled in is still there.",
        ),
        Notice::Busy => locale.pick(
            "Het is nu te druk. Verstuur uw stem over een paar tellen nog eens.",
            "Too much is going on. Send your vote again in a few seconds.",
        ),
        Notice::Limited => locale.pick(
            "Via uw netwerk is het afgelopen uur al heel vaak gestemd. Verstuur uw stem over een uur nog eens; wat u invulde, staat er nog.",
            "Very many votes came from your network in the last hour. Send your vote again in an hour; what you filled in is still there.",
        ),
    };
    let class = match notice {
        Notice::None => "",
        Notice::Counted => " class=y",
        _ => " class=x",
    };
    html.raw("<div id=n role=status tabindex=-1")
        .raw(class)
        .raw(">")
        .raw(text)
        .raw("</div>");
}

fn question(html: &mut Html, fields: &Fields<'_>) {
    let Fields {
        asked,
        told,
        locale,
        ..
    } = *fields;
    let question = &asked.question;
    let id = choice_name(question.id);
    html.raw("<section class=q")
        .attribute("id", &id)
        .attribute("data-s", place(question.state));
    if let Some(budget) = question.rules.budget {
        html.raw(" data-b=").number(budget);
    }
    html.raw("><fieldset")
        .raw_if(!asked.is_open, " disabled")
        .attribute("aria-describedby", &format!("h{id} e{id}"))
        .raw("><legend><h2>")
        .text(&question.prompt)
        .raw("</h2></legend>");
    if !question.description.is_empty() {
        html.raw("<div class=d>")
            .raw(&markdown::html(&question.description))
            .raw("</div>");
    }
    html.raw("<p class=h")
        .attribute("id", &format!("h{id}"))
        .raw(">")
        .text(&said(asked, locale))
        .raw("</p>");
    fields::problem(html, told, Place::Question, &format!("e{id}"));
    // Who has no part in it sees the answers with the results.
    if asked.is_open || asked.ballot.is_some() || asked.results.is_none() {
        fields.write(html);
    }
    if let Some(budget) = question.rules.budget.filter(|_| asked.is_open) {
        html.raw("<output data-t=\"")
            .raw(locale.pick("Nog {n} van de ", "{n} left of "))
            .number(budget)
            .raw(locale.pick(" punten te verdelen.", " points."))
            .raw("\"></output>");
    }
    html.raw("</fieldset>");
    bars::results(html, asked, locale);
    html.raw("</section>");
}

/// What is said below a question: what to do, or why nothing is to be done.
fn said(asked: &Asked, locale: Locale) -> String {
    let has_voted = asked.ballot.is_some();
    let hint = fields::hint(asked, locale);
    match (asked.is_open, has_voted) {
        (true, false) => hint,
        (true, true) => format!(
            "{hint} {}",
            locale.pick("U hebt al gestemd.", "You have voted.")
        ),
        (false, true) => locale
            .pick("Dit hebt u gestemd.", "This is what you voted.")
            .to_owned(),
        (false, false) => String::new(),
    }
}

/// What one vote per person means here, and the way to the other language.
fn foot(html: &mut Html, sheet: &Sheet, frame: &Frame) {
    let locale = frame.locale;
    let poll = &sheet.poll;
    html.raw("<footer><p>").raw(match poll.eligibility {
        Eligibility::Anyone if frame.embed.as_ref().is_some_and(|shown| shown.vouches()) => {
            locale.pick(
                "Eén stem per persoon voor wie via deze site is aangemeld. Van anderen telt één stem per apparaat: de browser onthoudt daarvoor een willekeurig nummer, zonder cookie. Wie een ander apparaat pakt, kan nog eens stemmen; de uitslag is dus geen steekproef.",
                "One vote per person for whoever is signed in by this site. Of others one vote per device counts: the browser keeps a random number for this, without a cookie. Whoever takes another device can vote again, so the result is no sample.",
            )
        }
        Eligibility::Anyone => locale.pick(
            "Eén stem per apparaat: uw browser onthoudt daarvoor een willekeurig nummer, zonder cookie. Kan hij dat niet, dan geldt het zolang deze pagina open staat. Wie een ander apparaat pakt, kan nog eens stemmen; de uitslag is dus geen steekproef.",
            "One vote per device: your browser keeps a random number for this, without a cookie. If it cannot, that holds while this page is open. Whoever takes another device can vote again, so the result is no sample.",
        ),
        Eligibility::Account => locale.pick(
            "Eén stem per account van JIJ&amp;Overijssel.",
            "One vote per account of JIJ&amp;Overijssel.",
        ),
    });
    if poll.eligibility == Eligibility::Account && !sheet.is_member {
        html.raw(" ")
            .raw(locale.pick("Meld u daar aan om te stemmen.", "Sign in there to vote."));
    }
    html.raw(" ").raw(match poll.vote_change {
        VoteChange::Locked => locale.pick("Een stem staat vast.", "A vote is final."),
        VoteChange::UntilClose => locale.pick(
            "U kunt uw stem wijzigen zolang de peiling open is.",
            "You can change your vote while the poll is open.",
        ),
    });
    if poll.ballots_anonymized_at.is_some() {
        html.raw(" ").raw(locale.pick(
            "Niemand kan nog zien wie wat heeft gestemd. Ook u ziet uw eigen stem niet meer.",
            "Nobody can see any more who voted what. You do not see your own vote any more either.",
        ));
    }
    let (other, name) = match locale {
        Locale::Nl => (Locale::En, "English"),
        Locale::En => (Locale::Nl, "Nederlands"),
    };
    html.raw("</p><p><a")
        .attribute("href", &address(frame, other))
        .attribute("lang", other.tag())
        .attribute("hreflang", other.tag())
        .raw(">")
        .raw(name)
        .raw("</a>");
    if frame.embed.is_some() {
        html.raw(" · <a target=_blank rel=noopener")
            .attribute("href", &format!("/p/{}", frame.slug))
            .raw(">")
            .raw(locale.pick(
                "Deze peiling op JIJ&amp;Overijssel",
                "This poll on JIJ&amp;Overijssel",
            ))
            .raw("</a>");
    }
    html.raw("</p></footer>");
}

/// Where it is told what a link to this page is to become.
fn oembed(frame: &Frame) -> String {
    let Frame { site, path, .. } = frame;
    let page = format!("{site}{path}");
    let page = page.replace(':', "%3A").replace('/', "%2F");
    format!("{site}/oembed?url={page}")
}

/// The page in this language.
fn address(frame: &Frame, locale: Locale) -> String {
    format!("{}?lang={}", frame.path, locale.tag())
}

/// The status as the API has it.
fn status(status: PollStatus) -> &'static str {
    match status {
        PollStatus::Draft => "DRAFT",
        PollStatus::Scheduled => "SCHEDULED",
        PollStatus::Open => "OPEN",
        PollStatus::Paused => "PAUSED",
        PollStatus::Closed => "CLOSED",
        PollStatus::ResultsPublished => "RESULTS_PUBLISHED",
        PollStatus::Archived => "ARCHIVED",
        PollStatus::Cancelled => "CANCELLED",
    }
}

/// The state as the API has it.
fn place(state: QuestionState) -> &'static str {
    match state {
        QuestionState::Hidden => "HIDDEN",
        QuestionState::Open => "OPEN",
        QuestionState::Locked => "LOCKED",
        QuestionState::Revealed => "REVEALED",
    }
}
