//! Many at once.

use domain::{
    Actor, Locale, Member, Role, Roles,
    comment::{CommentDraft, SubjectId},
    id::{AccountId, SessionId},
    screening::Form,
};
use entity::account;
use futures_util::future::{join, join_all};
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::Value;

use super::{
    assert_recounted, comment, comment_id, delete, reply, row, support, theme_id, threads,
};
use crate::theme::theme;

/// So many residents more.
async fn crowd(app: &TestApp, size: usize) -> Vec<Actor> {
    use domain::clock::Clock;
    let now = app.clock.now();
    let members = (0..size).map(|_| Member {
        id: AccountId::new(now),
        session: SessionId::new(now),
        roles: Roles::new([Role::Resident]),
    });
    let members: Vec<Member> = members.collect();
    account::Entity::insert_many(members.iter().enumerate().map(|(number, member)| {
        account::ActiveModel {
            id: Set(member.id),
            email: Set(format!("inwoner{number}@voorbeeld.example")),
            provider_email: Set(None),
            password_hash: Set(String::new()),
            display_name: Set(format!("Inwoner {number}")),
            locale: Set(Locale::Nl),
            email_verified_at: Set(Some(now)),
            created_at: Set(now),
            updated_at: Set(now),
        }
    }))
    .exec_without_returning(app.database.writer())
    .await
    .expect("accounts");
    members.into_iter().map(Actor::Member).collect()
}

fn draft(theme: &Value, parent: Option<&Value>) -> CommentDraft {
    CommentDraft {
        subject: SubjectId::Theme(theme_id(theme)),
        parent: parent.map(comment_id),
        body: "Eens.".to_owned(),
        language: "nl".to_owned(),
        form: Form::default(),
    }
}

/// Does something again as long as there is no place for it, as a client does that is told so.
async fn insist<T, R>(mut work: impl AsyncFnMut() -> domain::Result<T, R>) -> domain::Result<T, R> {
    loop {
        match work().await {
            Err(domain::Error::TooMany(_)) => {}
            done => return done,
        }
    }
}

on_both_databases! {
    async fn fifty_who_support_at_once_are_each_counted_once(app) {
        let theme = theme(app, "Water").await;
        let posted = comment(app, Persona::Resident, &theme, "Eens.").await;
        let crowd = crowd(app, 50).await;
        let comments = &app.services.comments;
        // Each twice: a hasty hand taps the button again.
        let taps = crowd.iter().chain(&crowd).map(|actor| insist(|| comments.support(actor, comment_id(&posted), true)));
        for supported in join_all(taps).await {
            supported.expect("support");
        }
        assert_eq!(row(app, &posted).await.support_count, 50);
        let regrets = crowd[..20].iter().map(|actor| insist(|| comments.support(actor, comment_id(&posted), false)));
        for ended in join_all(regrets).await {
            ended.expect("no support");
        }
        assert_eq!(row(app, &posted).await.support_count, 30);
        assert_recounted(app).await;
    }

    async fn comments_and_replies_that_come_at_once_are_each_counted(app) {
        let theme = theme(app, "Water").await;
        let posted = comment(app, Persona::Resident, &theme, "Eens.").await;
        let crowd = crowd(app, 20).await;
        let comments = &app.services.comments;
        let add = async |actor, parent| insist(|| comments.add(actor, draft(&theme, parent))).await;
        let roots = crowd.iter().map(|actor| add(actor, None));
        let replies = crowd.iter().map(|actor| add(actor, Some(&posted)));
        let (roots, replies) = join(join_all(roots), join_all(replies)).await;
        for added in roots.into_iter().chain(replies) {
            added.expect("a comment");
        }
        assert_eq!(row(app, &posted).await.reply_count, 20);
        assert_eq!(threads(app, Persona::Anonymous, &theme).await["commentCount"], 41);
        assert_recounted(app).await;
    }

    async fn deletes_at_once_with_replies_and_support_leave_the_counts_right(app) {
        let theme = theme(app, "Water").await;
        for _ in 0..5 {
            let posted = comment(app, Persona::Resident, &theme, "Eens.").await;
            let answered = reply(app, Persona::Neighbour, &theme, &posted, "Ook.").await;
            let late = crate::comment::add(app, Persona::Editor, &theme, Some(&posted), "Laat.");
            let supported = support(app, Persona::Moderator, &posted, true);
            let (first, second) = (delete(app, Persona::Resident, &posted), delete(app, Persona::Resident, &posted));
            let other = delete(app, Persona::Neighbour, &answered);
            let (late, supported, first, second, other) = futures_util::join!(late, supported, first, second, other);
            for (answer, mutation) in [(&first, "commentDelete"), (&second, "commentDelete"), (&other, "commentDelete")] {
                answer.accepted(mutation);
            }
            assert_eq!((late.code(), supported.code()), ("", ""));
            assert_recounted(app).await;
        }
    }
}
