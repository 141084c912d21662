//! What can be done with comments.

use std::collections::{HashMap, HashSet};

use super::{
    Comment, CommentDraft, CommentOrder, CommentRefusal, CommentState, Subject, SubjectId, Thread,
    draft, policy, store,
};
use crate::{
    Actor, Error, Result,
    clock::{Instant, SharedClock},
    database::{Database, Transaction},
    id::{AccountId, CommentId},
    job::{self, HeldContribution, Job},
    page::{self, Page, Paging, SortKind, Window},
    poll::Polls,
    screening::{Contribution, ContributionKind, Form, Screened, Screening, Screenings},
    theme,
};

/// The use-cases of comments.
#[derive(Clone)]
pub struct Comments {
    database: Database,
    clock: SharedClock,
    polls: Polls,
    screenings: Screenings,
}

impl Comments {
    pub(crate) fn new(
        database: Database,
        clock: SharedClock,
        polls: Polls,
        screenings: Screenings,
    ) -> Self {
        Self {
            database,
            clock,
            polls,
            screenings,
        }
    }

    /// A poll has another number of comments.
    pub(crate) fn counted(&self, comment: &Comment) {
        if let SubjectId::Poll(poll) = comment.subject.id {
            self.polls.changed(poll);
        }
    }

    /// Whether the actor may change the comment now: its author, within 15 minutes of posting
    /// it.
    pub fn may_edit(&self, actor: &Actor, comment: &Comment) -> bool {
        policy::may_edit(actor, comment, self.clock.now())
    }

    /// Those of the comments that exist and the actor may see, in no order.
    pub async fn by_ids(&self, actor: &Actor, ids: &[CommentId]) -> Result<Vec<Comment>> {
        let now = self.clock.now();
        Ok(store::by_ids(self.database.read(), actor, ids, now).await?)
    }

    /// A page of the comments that begin a thread under a subject.
    pub async fn roots(
        &self,
        actor: &Actor,
        subject: Subject,
        order: CommentOrder,
        paging: &Paging,
    ) -> Result<Page<Comment>, page::Invalid> {
        let list = format!("comments {:?} {order:?}", subject.id);
        let window = paging.window(&list, order.sorted_by())?;
        let rows = store::roots(self.database.read(), actor, subject, order, &window).await?;
        Ok(window.page(rows, |comment| comment.key(order)))
    }

    /// How many comments begin a thread under a subject, placeholders included.
    pub async fn count_roots(&self, actor: &Actor, subject: Subject) -> Result<u64> {
        Ok(store::count_roots(self.database.read(), actor, subject).await?)
    }

    /// A page of the replies to a comment, oldest first.
    pub async fn replies(
        &self,
        actor: &Actor,
        thread: Thread,
        paging: &Paging,
    ) -> Result<Page<Comment>, page::Invalid> {
        let window = paging.window(&list_of(thread), SortKind::Instant)?;
        let rows = store::replies(self.database.read(), actor, thread, &window).await?;
        Ok(window.page(rows, |reply| reply.key(CommentOrder::Oldest)))
    }

    /// The first page of `limit` replies, at most 100, to each of many comments, oldest first.
    pub async fn first_replies(
        &self,
        actor: &Actor,
        threads: &[Thread],
        limit: u32,
    ) -> Result<HashMap<Thread, Page<Comment>>> {
        let most = Window::first(limit, "").limit + 1;
        let mut replies = store::first_replies(self.database.read(), actor, threads, most).await?;
        Ok(threads
            .iter()
            .map(|thread| {
                let rows = replies.remove(&thread.parent).unwrap_or_default();
                let page = Window::first(limit, &list_of(*thread))
                    .page(rows, |reply| reply.key(CommentOrder::Oldest));
                (*thread, page)
            })
            .collect())
    }

    /// How many replies each of the comments has, placeholders included.
    pub async fn count_replies(
        &self,
        actor: &Actor,
        threads: &[Thread],
    ) -> Result<HashMap<Thread, u64>> {
        let counts = store::count_replies(self.database.read(), actor, threads).await?;
        Ok(threads
            .iter()
            .map(|thread| (*thread, counts.get(&thread.parent).copied().unwrap_or(0)))
            .collect())
    }

    /// Those of the comments that the actor supports.
    pub async fn supported(
        &self,
        actor: &Actor,
        comments: &[CommentId],
    ) -> Result<HashSet<CommentId>> {
        let Some(account) = actor.reader() else {
            return Ok(HashSet::new());
        };
        let supported = store::supported(self.database.read(), account, comments).await?;
        Ok(supported.into_iter().collect())
    }

    /// Posts a comment, or a reply to one; its author follows the theme that it is about. What
    /// screening holds awaits a moderator.
    pub async fn add(
        &self,
        actor: &Actor,
        draft: CommentDraft,
    ) -> Result<Screened<Comment>, CommentRefusal> {
        let account = member(actor)?;
        let draft = &draft.check()?;
        let now = self.clock.now();
        let comment = self
            .database
            .write(|transaction| async move {
                let subject = store::subject(&transaction, actor, draft.subject, now)
                    .await?
                    .ok_or(Error::NotFound)?;
                policy::add(actor, &subject)?;
                let id = CommentId::new(now);
                let (root, depth) = match draft.parent {
                    None => (id, 1),
                    Some(parent) => {
                        let parent = for_change(&transaction, actor, parent, now).await?;
                        if parent.subject.id != subject.id {
                            return Err(Error::refused(CommentRefusal::ParentElsewhere));
                        }
                        policy::reply(actor, &parent)?;
                        (parent.root, parent.depth + 1)
                    }
                };
                let contribution = Contribution {
                    language: Some(&draft.language),
                    texts: &[&draft.body],
                };
                let screening = self
                    .screenings
                    .screen(
                        &transaction,
                        actor,
                        ContributionKind::Comment,
                        contribution,
                        &draft.form,
                        now,
                    )
                    .await?;
                let state = if screening.is_held() {
                    CommentState::Pending
                } else {
                    CommentState::Visible
                };
                let comment = Comment {
                    id,
                    subject,
                    parent: draft.parent,
                    depth,
                    body: Some(draft.body.clone()),
                    language: draft.language.clone(),
                    author: None,
                    state,
                    created_at: now,
                    edited_at: None,
                    deleted_at: None,
                    reply_count: 0,
                    support_count: 0,
                    root,
                    author_id: account,
                };
                store::insert(&transaction, &comment, &draft.body).await?;
                if let SubjectId::Theme(theme) = subject.id {
                    theme::store::follow(&transaction, theme, account, now).await?;
                }
                if state == CommentState::Visible {
                    store::add_visible(&transaction, &comment, 1).await?;
                }
                if screening.is_held() {
                    queue(&transaction, id, &screening, now).await?;
                }
                let noted = self.screenings.note(&transaction, actor, contribution, now);
                noted.await?;
                let kept = existing(&transaction, actor, id, now).await?;
                Ok(Screened { kept, screening })
            })
            .await?;
        if comment.state == CommentState::Visible {
            self.counted(&comment);
        }
        Ok(comment)
    }

    /// Changes a comment's body. Where screening holds what it says now, it awaits a moderator
    /// from then on; who judges one that waits already sees what it says now.
    pub async fn edit(
        &self,
        actor: &Actor,
        id: CommentId,
        body: &str,
        form: &Form,
    ) -> Result<Screened<Comment>, CommentRefusal> {
        member(actor)?;
        let body = &draft::body(body)?;
        let (comment, was_visible) = self
            .database
            .write(|transaction| async move {
                let now = self.clock.now();
                let comment = for_change(&transaction, actor, id, now).await?;
                policy::edit(actor, &comment, now)?;
                let is_another = comment.body.as_ref() != Some(body);
                let screening = if is_another {
                    self.rescreened(&transaction, actor, &comment, body, form, now)
                        .await?
                } else {
                    Screening::default()
                };
                store::set_body(&transaction, id, body, now).await?;
                let was_visible = comment.state == CommentState::Visible;
                if screening.is_held() && was_visible {
                    store::set_state(&transaction, id, CommentState::Pending).await?;
                    store::add_visible(&transaction, &comment, -1).await?;
                }
                let waited = comment.state == CommentState::Pending;
                if screening.is_held() || waited && is_another {
                    queue(&transaction, id, &screening, now).await?;
                }
                let kept = existing(&transaction, actor, id, now).await?;
                Ok((Screened { kept, screening }, was_visible))
            })
            .await?;
        if was_visible && comment.state != CommentState::Visible {
            self.counted(&comment);
        }
        Ok(comment)
    }

    /// What is found in a comment that says something else from now on.
    async fn rescreened(
        &self,
        transaction: &Transaction,
        actor: &Actor,
        comment: &Comment,
        body: &str,
        form: &Form,
        now: Instant,
    ) -> Result<Screening, CommentRefusal> {
        let kind = ContributionKind::Comment;
        let contribution = Contribution {
            language: Some(&comment.language),
            texts: &[body],
        };
        let screened = self
            .screenings
            .rescreen(transaction, actor, kind, contribution, form, now);
        Ok(screened.await?)
    }

    /// Deletes a comment for everyone; a placeholder stays, and so do its replies. Twice is the
    /// same as once.
    pub async fn delete(&self, actor: &Actor, id: CommentId) -> Result<Comment, CommentRefusal> {
        member(actor)?;
        let now = self.clock.now();
        let comment = self
            .database
            .write(|transaction| async move {
                let comment = for_change(&transaction, actor, id, now).await?;
                policy::delete(actor, &comment)?;
                if !comment.is_deleted() {
                    store::delete(&transaction, id, now).await?;
                }
                match comment.state {
                    CommentState::Visible => {
                        store::add_visible(&transaction, &comment, -1).await?;
                    }
                    CommentState::Pending => {
                        // Nobody needs to judge it any more.
                        let job = Job::QueueContribution {
                            contribution: HeldContribution::Comment(id),
                            findings: Vec::new(),
                            by: None,
                        };
                        job::push(&transaction, &job, now).await?;
                    }
                    CommentState::Hidden | CommentState::DeletedByAuthor => {}
                }
                existing(&transaction, actor, id, now).await
            })
            .await?;
        self.counted(&comment);
        Ok(comment)
    }

    /// Makes the actor support a comment or stop; either twice is the same as once.
    pub async fn support(
        &self,
        actor: &Actor,
        id: CommentId,
        supporting: bool,
    ) -> Result<Comment, CommentRefusal> {
        let account = member(actor)?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let comment = for_change(&transaction, actor, id, now).await?;
                policy::support(actor, &comment)?;
                if supporting {
                    store::support(&transaction, id, account, now).await?;
                } else {
                    store::unsupport(&transaction, id, account).await?;
                }
                existing(&transaction, actor, id, now).await
            })
            .await
    }
}

/// The name of the list of replies to a comment, for its cursors.
fn list_of(thread: Thread) -> String {
    format!("replies {:?}", thread.parent)
}

/// Leaves what waits to the moderators.
async fn queue(
    transaction: &Transaction,
    id: CommentId,
    screening: &Screening,
    now: Instant,
) -> Result<(), CommentRefusal> {
    let job = Job::QueueContribution {
        contribution: HeldContribution::Comment(id),
        findings: screening.codes(),
        by: None,
    };
    job::push(transaction, &job, now).await?;
    Ok(())
}

fn member(actor: &Actor) -> Result<AccountId, CommentRefusal> {
    actor.account().ok_or_else(|| actor.denied())
}

async fn for_change(
    transaction: &Transaction,
    actor: &Actor,
    id: CommentId,
    now: Instant,
) -> Result<Comment, CommentRefusal> {
    store::by_id_for_change(transaction, actor, id, now)
        .await?
        .ok_or(Error::NotFound)
}

async fn existing(
    transaction: &Transaction,
    actor: &Actor,
    id: CommentId,
    now: Instant,
) -> Result<Comment, CommentRefusal> {
    store::by_ids(transaction, actor, &[id], now)
        .await?
        .pop()
        .ok_or(Error::NotFound)
}
