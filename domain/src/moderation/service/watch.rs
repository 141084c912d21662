//! Watching the queue.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use chrono::TimeDelta;

use super::{
    super::{Case, store},
    Moderation, allow,
};
use crate::{
    Actor, Result,
    clock::Instant,
    event::{Event, Listener},
    id::{AccountId, ModerationCaseId},
};

/// The least time between two looks.
const PACE: Duration = Duration::from_millis(250);
/// How often is looked where nothing was heard: what another process tells may be lost.
const LOOK: Duration = Duration::from_secs(3);
/// How far a look goes back: of two changes the one that is on disk last may be the elder.
const BACK: TimeDelta = TimeDelta::seconds(10);
/// Cases of one look.
const MOST: u64 = 1_000;

/// Someone who watches the queue.
pub struct Watch {
    moderation: Moderation,
    listener: Listener,
    since: Instant,
    /// Cases as they were passed on last, as far back as a look goes.
    known: HashMap<ModerationCaseId, Sight>,
    waiting: VecDeque<Case>,
    has_looked: bool,
}

/// What tells two states of a case apart, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sight {
    version: i64,
    claimed_by: Option<AccountId>,
    claimed_until: Option<Instant>,
    changed_at: Instant,
}

impl Moderation {
    /// Watches the queue: each case that changes from now on, as it is then. Moderators and
    /// admins.
    pub async fn watch(&self, actor: &Actor) -> Result<Watch> {
        allow(actor)?;
        // Listening comes before looking: what changes in between is heard.
        let listener = self.0.events.listen(Event::CasesChanged);
        let since = self.0.clock.now() - BACK;
        let known = store::changed_since(self.0.database.read(), since, MOST).await?;
        Ok(Watch {
            moderation: self.clone(),
            listener,
            since,
            known: known
                .iter()
                .map(|case| (case.id, Sight::of(case)))
                .collect(),
            waiting: VecDeque::new(),
            has_looked: false,
        })
    }
}

impl Watch {
    /// The next case that changed; many changes of one at once are one.
    pub async fn next(&mut self) -> Case {
        loop {
            if let Some(case) = self.waiting.pop_front() {
                return case;
            }
            if self.has_looked {
                tokio::time::sleep(PACE).await;
            }
            tokio::select! {
                () = self.listener.heard() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
            self.has_looked = true;
            if let Err(fault) = self.look().await {
                tracing::warn!(?fault, "the queue of cases cannot be read");
            }
        }
    }

    async fn look(&mut self) -> Result<()> {
        let read = self.moderation.0.database.read();
        let changed = store::changed_since(read, self.since, MOST).await?;
        for case in changed {
            let sight = Sight::of(&case);
            self.since = self.since.max(case.changed_at - BACK);
            if self.known.insert(case.id, sight) != Some(sight) {
                self.waiting.push_back(case);
            }
        }
        let since = self.since;
        self.known.retain(|_, sight| sight.changed_at >= since);
        Ok(())
    }
}

impl Sight {
    fn of(case: &Case) -> Self {
        Self {
            version: case.version,
            claimed_by: case.claimed_by,
            claimed_until: case.claimed_until,
            changed_at: case.changed_at,
        }
    }
}
