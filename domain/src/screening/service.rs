//! Screening what people send, with what is remembered of them.

use std::{fmt, ops::Deref, sync::Arc};

use chrono::{DurationRound, TimeDelta};
use hmac::{Hmac, Mac, digest::KeyInit};
use sha2::Sha256;

use super::{
    Circumstances, Contribution, Screener, Screening,
    store::{self, ScreeningHash},
};
use crate::{
    Actor,
    actor::Identity,
    clock::{Instant, SharedClock},
    database::{ConnectionTrait, Database, DbErr, Transaction},
    id::AccountId,
    random,
    recent::Recent,
    text,
};

/// How long it is remembered who contributed when, and which texts came in.
pub(crate) const MEMORY: TimeDelta = TimeDelta::hours(24);
/// Characters from which on a text that another sent as well is no coincidence.
const UNLIKELY: usize = 40;
/// How many accounts are known to be new no longer, twice at most.
const SETTLED: usize = 10_000;

/// How contributions are screened and published.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The checks.
    pub screener: Screener,
    /// Whether comments are held until a moderator has seen them.
    pub comments_read_first: bool,
    /// Whether answers that voters write are held until a moderator has seen them, in polls that
    /// do not ask for it as well.
    pub answers_read_first: bool,
}

/// What the form tells that a contribution was typed in; nothing is held against who says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// What stands in the field that people do not see.
    pub honeypot: Option<String>,
    /// When it was opened.
    pub opened_at: Option<Instant>,
}

/// What kind of thing is contributed, as far as screening treats kinds differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContributionKind {
    /// A story, which a moderator reads in any case.
    Story,
    /// A comment.
    Comment,
    /// An answer of a voter's own. Voters answer at once, in the same words, as often as they are
    /// asked: that speaks against nobody.
    Answer,
}

/// What a contribution became, and what screening found in it.
#[derive(Debug, Clone)]
pub struct Screened<T> {
    /// What it became.
    pub kept: T,
    /// What was found.
    pub screening: Screening,
}

impl<T> Deref for Screened<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.kept
    }
}

/// Screens what people send; cheap to clone.
#[derive(Clone)]
pub struct Screenings {
    database: Database,
    clock: SharedClock,
    rules: Arc<Rules>,
    secret: Arc<Secret>,
    /// Who contributed so much that nothing of theirs is among the first any more.
    settled: Arc<Recent<AccountId, ()>>,
}

/// What hashes are made with.
struct Secret(Vec<u8>);

impl Screenings {
    /// Makes the key of the hashes where there is none yet.
    pub(crate) async fn new(
        database: Database,
        clock: SharedClock,
        rules: Rules,
    ) -> crate::Result<Self> {
        let kept = store::key(database.read()).await?;
        let secret = if let Some(secret) = kept {
            secret
        } else {
            let made = &random::bytes::<32>()?;
            let now = clock.now();
            let kept = database
                .write(|transaction| async move {
                    store::add_key(&transaction, made.to_vec(), now).await?;
                    // Read back: another process may have been first.
                    Ok::<_, crate::Error<std::convert::Infallible>>(store::key(&transaction).await?)
                })
                .await?;
            kept.ok_or_else(|| {
                crate::Error::internal("the screening key was kept and is not there")
            })?
        };
        Ok(Self {
            database,
            clock,
            rules: Arc::new(rules),
            secret: Arc::new(Secret(secret)),
            settled: Arc::new(Recent::new(SETTLED)),
        })
    }

    /// Derives a key for another use from the database's own, the same in every instance.
    pub(crate) fn subkey(&self, purpose: &str) -> [u8; 32] {
        // No contribution holds a control character, so that nothing else has this hash.
        let ScreeningHash(bytes) = self.secret.hash(&["\u{0}subkey", purpose]);
        let mut key = [0; 32];
        for (own, byte) in key.iter_mut().zip(bytes) {
            *own = byte;
        }
        key
    }

    /// What would be found if the actor sent this now; nothing is kept of it.
    pub async fn preview(
        &self,
        actor: &Actor,
        kind: ContributionKind,
        contribution: Contribution<'_>,
        form: &Form,
    ) -> crate::Result<Screening> {
        let now = self.clock.now();
        let known = self
            .known(self.database.read(), actor, kind, contribution, form, now)
            .await?;
        Ok(self.rules.screener.screen(contribution, &known))
    }

    /// What is found in a new contribution, which [`note`](Self::note) is to be told of once it is
    /// made.
    pub(crate) async fn screen(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        kind: ContributionKind,
        contribution: Contribution<'_>,
        form: &Form,
        now: Instant,
    ) -> Result<Screening, DbErr> {
        let known = self
            .known(connection, actor, kind, contribution, form, now)
            .await?;
        Ok(self.rules.screener.screen(contribution, &known))
    }

    /// What is found in a change of what was contributed before, and was counted then: it is read
    /// first where that was, and nobody repeats themselves by it.
    pub(crate) async fn rescreen(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        kind: ContributionKind,
        contribution: Contribution<'_>,
        form: &Form,
        now: Instant,
    ) -> Result<Screening, DbErr> {
        let mut known = self.of_author(connection, actor, kind, form, now).await?;
        known.earlier = known.earlier.map(|ever| ever.saturating_sub(1));
        Ok(self.rules.screener.screen(contribution, &known))
    }

    /// What is found in each of the answers that a voter writes; what is about all of them stands
    /// with each.
    pub(crate) async fn answers(
        &self,
        actor: &Actor,
        texts: &[String],
        form: &Form,
    ) -> Result<Vec<Screening>, DbErr> {
        let (connection, now) = (self.database.read(), self.clock.now());
        let kind = ContributionKind::Answer;
        let known = self.of_author(connection, actor, kind, form, now).await?;
        let screened = texts.iter().map(|text| {
            let contribution = Contribution {
                language: None,
                texts: &[text],
            };
            self.rules.screener.screen(contribution, &known)
        });
        Ok(screened.collect())
    }

    /// Remembers a contribution that was made. It comes last in a transaction: whoever counts
    /// ballots takes the locks in this order as well.
    pub(crate) async fn note(
        &self,
        transaction: &Transaction,
        actor: &Actor,
        contribution: Contribution<'_>,
        now: Instant,
    ) -> Result<(), DbErr> {
        if let Some(account) = actor.account() {
            store::count(transaction, [(account, 1)]).await?;
        }
        let minute = minute(now);
        if let Some(author) = self.author(actor) {
            store::count_recent(transaction, author, minute).await?;
        }
        store::note_text(transaction, self.text(actor, contribution), minute).await?;
        Ok(())
    }

    async fn known(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        kind: ContributionKind,
        contribution: Contribution<'_>,
        form: &Form,
        now: Instant,
    ) -> Result<Circumstances, DbErr> {
        let mut known = self.of_author(connection, actor, kind, form, now).await?;
        if known.trusted || kind == ContributionKind::Answer {
            return Ok(known);
        }
        let thresholds = self.rules.screener.thresholds();
        if let Some(author) = self.author(actor) {
            let since = now - thresholds.window;
            known.recent = unsigned(store::recent(connection, &author, since).await?);
        }
        if thresholds.repeat_within > TimeDelta::zero() {
            let text = self.text(actor, contribution);
            let since = now - thresholds.repeat_within;
            known.seen_lately = store::seen(connection, &text, since).await?;
        }
        Ok(known)
    }

    /// What is known of who contributes, whatever and how often they do lately.
    async fn of_author(
        &self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        kind: ContributionKind,
        form: &Form,
        now: Instant,
    ) -> Result<Circumstances, DbErr> {
        let trusted = actor.is_staff();
        let mut known = Circumstances {
            trusted,
            held_first: match kind {
                ContributionKind::Story => false,
                ContributionKind::Comment => self.rules.comments_read_first,
                ContributionKind::Answer => self.rules.answers_read_first,
            } && !trusted,
            ..told(form, now)
        };
        let first_held = self.rules.screener.thresholds().first_held;
        // A moderator reads every story: what is new about its author changes nothing.
        let counts = first_held > 0 && kind != ContributionKind::Story && !trusted;
        if let Some(account) = actor.account().filter(|_| counts)
            && self.settled.get(&account).is_none()
        {
            let ever = unsigned(store::contributions(connection, account).await?);
            if ever > first_held {
                self.settled.put(account, ());
            }
            known.earlier = Some(ever);
        }
        Ok(known)
    }

    /// Who contributes, where they can be told from others.
    fn author(&self, actor: &Actor) -> Option<ScreeningHash> {
        let name = match actor {
            Actor::Member(member) => format!("account:{}", member.id.0),
            Actor::Visitor(Some(visitor)) => format!("visitor:{}", visitor.0),
            Actor::Guest(guest) => match guest.identity {
                Identity::Passing(visitor) | Identity::Device(visitor) => {
                    format!("visitor:{}", visitor.0)
                }
                Identity::Subject(subject) => format!("subject:{}", subject.0),
            },
            Actor::Visitor(None) | Actor::Blocked(_) | Actor::System => return None,
        };
        Some(self.secret.hash(&[&name]))
    }

    /// The texts as they are compared. Short ones are the same only when the same person sends
    /// them: many agree in few words.
    fn text(&self, actor: &Actor, contribution: Contribution<'_>) -> ScreeningHash {
        let mut parts: Vec<String> = contribution
            .texts
            .iter()
            .map(|typed| text::alike(typed))
            .collect();
        let characters: usize = parts.iter().map(|part| part.chars().count()).sum();
        if characters < UNLIKELY
            && let Some(account) = actor.account()
        {
            parts.push(format!("account:{}", account.0));
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        self.secret.hash(&parts)
    }
}

/// What the form tells at `now`.
fn told(form: &Form, now: Instant) -> Circumstances {
    Circumstances {
        honeypot_filled: form
            .honeypot
            .as_ref()
            .is_some_and(|filled| !filled.is_empty()),
        filled_in_within: form.opened_at.map(|opened| now - opened),
        ..Circumstances::default()
    }
}

/// The minute of an instant: nothing finer is remembered.
fn minute(now: Instant) -> Instant {
    now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now)
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

impl Secret {
    /// HMAC-SHA-256 of the parts, which no other parts have.
    fn hash(&self, parts: &[&str]) -> ScreeningHash {
        // HMAC itself pads a shorter key with zeros to the block of its hash (RFC 2104).
        let mut block = [0; 64];
        for (padded, byte) in block.iter_mut().zip(&self.0) {
            *padded = *byte;
        }
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        ScreeningHash(mac.finalize().into_bytes().to_vec())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}
