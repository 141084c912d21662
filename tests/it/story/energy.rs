//! Energy is what people give: reactions, and each visible commenter but the story's author once.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::{
    Actor, Error, Member, Role, Roles,
    clock::Clock,
    comment::{CommentDraft, SubjectId},
    id::{AccountId, CommentId, SessionId, StoryId},
    moderation::{Action, DecisionDraft, Reason, ReportDraft, Subject},
    screening::Form,
    story::ReactionKind,
};
use entity::{
    account,
    comment::{self, CommentState},
    erasure, moderation_case, story_reaction,
};
use futures_util::{StreamExt, stream};
use harness::{Persona, TestApp, check_property, on_both_databases};
use proptest::{prelude::*, test_runner::TestCaseError};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use serde_json::{Value, json};

use super::{published, read, row};
use crate::{
    comment::comment,
    moderation::{case_of, report},
    privacy,
};

/// The energy of a story by a recount of the rows.
async fn recounted(app: &TestApp, story: &Value) -> i64 {
    let (read, story) = (app.database.read(), row(app, story).await);
    let erased: BTreeSet<AccountId> = erasure::Entity::find()
        .all(read)
        .await
        .expect("erasures")
        .into_iter()
        .map(|row| row.account_id)
        .collect();
    let commenters: BTreeSet<AccountId> = comment::Entity::find()
        .filter(comment::Column::SubjectId.eq(story.id.0))
        .filter(comment::Column::State.eq(CommentState::Visible))
        .all(read)
        .await
        .expect("comments")
        .into_iter()
        .map(|row| row.author_id)
        .filter(|author| *author != story.author_id && !erased.contains(author))
        .collect();
    let reactions = story_reaction::Entity::find()
        .filter(story_reaction::Column::StoryId.eq(story.id))
        .count(read)
        .await
        .expect("reactions");
    i64::try_from(commenters.len() as u64 + reactions).expect("a small number")
}

async fn energy(app: &TestApp, story: &Value) -> i64 {
    let seen = read(app, Persona::Neighbour, story, "energy").await;
    let energy = seen["energy"].as_i64().expect("a number");
    assert_eq!(energy, recounted(app, story).await);
    energy
}

const CREW: usize = 4;

/// A step of someone of the crew; the first of them wrote the story.
#[derive(Debug, Clone)]
enum Deed {
    /// Comments, or replies to one of the comments there.
    Comment(usize, Option<usize>),
    /// Deletes a comment of their own.
    Delete(usize, usize),
    /// A moderator hides or shows one of the comments.
    Judge(usize, bool),
    React(usize, bool),
    /// Someone but the author is erased.
    Erase(usize),
}

fn deeds() -> impl Strategy<Value = (Vec<Deed>, usize)> {
    let deed = prop_oneof![
        8 => (0..CREW, prop::option::weighted(0.3, 0..12_usize)).prop_map(|(who, to)| Deed::Comment(who, to)),
        4 => (0..CREW, 0..12_usize).prop_map(|(who, which)| Deed::Delete(who, which)),
        6 => (0..12_usize, any::<bool>()).prop_map(|(which, shown)| Deed::Judge(which, shown)),
        2 => (0..CREW, any::<bool>()).prop_map(|(who, active)| Deed::React(who, active)),
        1 => (1..CREW).prop_map(Deed::Erase),
    ];
    (prop::collection::vec(deed, 1..50), 1..8_usize)
}

/// A story, and who is active on it.
struct Game<'a> {
    app: &'a TestApp,
    story: StoryId,
    crew: Vec<Actor>,
}

impl<'a> Game<'a> {
    async fn begin(app: &'a TestApp, story: &Value) -> Self {
        let now = app.clock.now();
        let mut crew = vec![app.actor(Persona::Resident).clone()];
        for number in 1..CREW {
            let member = Member {
                id: AccountId::new(now),
                session: SessionId::new(now),
                roles: Roles::new([Role::Resident]),
            };
            let row = account::ActiveModel {
                id: Set(member.id),
                email: Set(format!("{}@voorbeeld.example", member.id.0)),
                provider_email: Set(None),
                password_hash: Set(String::new()),
                display_name: Set(format!("Inwoner {number}")),
                locale: Set(account::Locale::Nl),
                email_verified_at: Set(Some(now)),
                created_at: Set(now),
                updated_at: Set(now),
            };
            let inserted = account::Entity::insert(row);
            let inserted = inserted.exec_without_returning(app.database.writer());
            inserted.await.expect("an account");
            crew.push(Actor::Member(member));
        }
        let story = row(app, story).await.id;
        Self { app, story, crew }
    }

    async fn comments(&self) -> Vec<comment::Model> {
        comment::Entity::find()
            .filter(comment::Column::SubjectId.eq(self.story.0))
            .order_by_asc(comment::Column::Id)
            .all(self.app.database.read())
            .await
            .expect("comments")
    }

    async fn comment_at(&self, place: usize) -> Option<CommentId> {
        Some(self.comments().await.get(place)?.id)
    }

    async fn judge(&self, id: CommentId, shown: bool) {
        let (app, moderation) = (self.app, &self.app.services.moderation);
        let draft = ReportDraft {
            subject: Subject::Comment(id),
            reason: Reason::Offensive,
            explanation: None,
        };
        settled(
            moderation
                .report(app.actor(Persona::Neighbour), draft)
                .await,
        );
        let case = moderation_case::Entity::find()
            .filter(moderation_case::Column::SubjectId.eq(id.0))
            .one(app.database.read())
            .await
            .expect("a query");
        let Some(case) = case else { return };
        let draft = DecisionDraft {
            case: case.id,
            expected_version: case.version,
            action: if shown { Action::Restore } else { Action::Hide },
            reason: (!shown).then_some(Reason::Offensive),
            statement: (!shown).then(|| "Schelden mag hier niet.".to_owned()),
            also: Vec::new(),
        };
        settled(
            moderation
                .decide(app.actor(Persona::Moderator), draft)
                .await,
        );
    }

    /// Has an account erased whose address nobody verified for long.
    async fn erase(&self, who: usize) {
        let app = self.app;
        let id = self.crew[who].account().expect("an account");
        let row = account::ActiveModel {
            id: Set(id),
            email_verified_at: Set(None),
            updated_at: Set(app.clock.now() - TimeDelta::days(31)),
            ..Default::default()
        };
        row.update(app.database.writer()).await.expect("an update");
        settled(app.services.privacy.retain(&Actor::System).await);
    }

    async fn play(&self, deed: &Deed, number: usize) {
        let services = &self.app.services;
        match *deed {
            Deed::Comment(who, to) => {
                let parent = match to {
                    Some(place) => self.comment_at(place).await,
                    None => None,
                };
                let draft = CommentDraft {
                    subject: SubjectId::Story(self.story),
                    parent,
                    body: format!("Reactie {number} op het dorpshuis."),
                    language: "nl".to_owned(),
                    form: Form::default(),
                };
                settled(services.comments.add(&self.crew[who], draft).await);
            }
            Deed::Delete(who, which) => {
                if let Some(id) = self.comment_at(which).await {
                    settled(services.comments.delete(&self.crew[who], id).await);
                }
            }
            Deed::Judge(which, shown) => {
                if let Some(id) = self.comment_at(which).await {
                    self.judge(id, shown).await;
                }
            }
            Deed::React(who, active) => {
                let love = ReactionKind::Love;
                settled(
                    services
                        .stories
                        .react(&self.crew[who], self.story, love, active)
                        .await,
                );
            }
            Deed::Erase(who) => self.erase(who).await,
        }
    }
}

/// Passes over what was declined; a fault is one.
fn settled<T, R: std::fmt::Debug>(outcome: domain::Result<T, R>) {
    if let Err(Error::Internal(fault)) = outcome {
        panic!("{fault}");
    }
}

async fn play(app: &TestApp, (deeds, at_once): (Vec<Deed>, usize)) -> Result<(), TestCaseError> {
    let story = published(app, "Het dorpshuis van Lettele").await;
    let game = &Game::begin(app, &story).await;
    stream::iter(deeds.iter().enumerate())
        .for_each_concurrent(at_once, |(number, deed)| game.play(deed, number))
        .await;
    let kept = row(app, &story).await.energy;
    prop_assert_eq!(kept, recounted(app, &story).await);
    Ok(())
}

on_both_databases! {
    async fn each_visible_commenter_but_the_author_gives_energy_once(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        comment(app, Persona::Resident, &story, "Zelf geschreven.").await;
        assert_eq!(energy(app, &story).await, 0, "nobody gives their own story energy");
        let first = comment(app, Persona::Neighbour, &story, "Mooi plan.").await;
        comment(app, Persona::Neighbour, &story, "Ik help mee.").await;
        comment(app, Persona::Editor, &story, "Dank u wel.").await;
        assert_eq!(energy(app, &story).await, 2);
        super::reaction::react(app, Persona::Neighbour, &story, "LOVE", true).await.accepted("reactionSet");
        assert_eq!(energy(app, &story).await, 3, "who comments may react as well");
        let input = json!({ "input": { "commentId": first["id"] } });
        app.send(Persona::Neighbour, "CommentDelete", input).await.accepted("commentDelete");
        assert_eq!(energy(app, &story).await, 3, "the other comment stands");
    }

    async fn what_is_hidden_takes_energy_back_and_what_is_shown_again_gives_it(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        let posted = comment(app, Persona::Neighbour, &story, "Scheldwoord.").await;
        report(app, Persona::Resident, &posted, "OFFENSIVE").await.accepted("contentReport");
        let decide = async |case: &Value, action: &str| {
            let input = json!({ "caseId": case["id"], "expectedVersion": case["version"], "action": action,
                "reasonCode": "OFFENSIVE", "statement": "Schelden mag hier niet." });
            let decided = app.send(Persona::Moderator, "ModerationCaseDecide", json!({ "input": input })).await;
            decided.accepted("moderationCaseDecide")["case"].clone()
        };
        let case = case_of(app, &posted).await;
        assert_eq!(energy(app, &story).await, 1);
        let hidden = decide(&case, "HIDE").await;
        assert_eq!(energy(app, &story).await, 0);
        decide(&hidden, "RESTORE").await;
        assert_eq!(energy(app, &story).await, 1);
    }

    async fn an_erased_commenter_gives_no_energy_any_more(app) {
        for keeps in [true, false] {
            let story = published(app, "Het dorpshuis van Lettele").await;
            let name = if keeps { "Anna" } else { "Bert" };
            let person = crate::moderation::person(app, name, &[Role::Resident]).await;
            let input = json!({ "subjectId": story["id"], "body": "Mooi plan.", "language": "nl" });
            let posted = crate::moderation::send(app, &person, "CommentAdd", json!({ "input": input })).await;
            posted.accepted("commentAdd");
            assert_eq!(energy(app, &story).await, 1);
            let input = json!({ "password": "veilig-genoeg-lang-wachtwoord", "keepContributions": keeps });
            privacy::erase::erase(app, &person, input).await.accepted("accountErase");
            assert_eq!(energy(app, &story).await, 0, "{keeps}");
        }
    }

    async fn whatever_people_do_the_energy_equals_a_recount(app) {
        check_property(16, &deeds(), |case| play(app, case));
    }
}
