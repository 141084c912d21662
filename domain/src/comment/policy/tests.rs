use chrono::{DateTime, TimeDelta};

use super::{may_comment, may_delete, may_edit, may_read, may_reply, may_see, may_support};
use crate::{
    Actor, Member, Role, Roles,
    clock::Instant,
    comment::{Comment, CommentState, Subject, SubjectId},
    id::{AccountId, CommentId, SessionId, ThemeId},
};

fn then() -> Instant {
    DateTime::UNIX_EPOCH
}

fn member(role: Role) -> Actor {
    Actor::Member(Member {
        id: AccountId::new(then()),
        session: SessionId::new(then()),
        roles: Roles::new([role]),
    })
}

fn comment(author: &Actor, state: CommentState) -> Comment {
    let id = CommentId::new(then());
    Comment {
        id,
        subject: Subject {
            id: SubjectId::Theme(ThemeId::new(then())),
            is_open: true,
        },
        parent: None,
        depth: 1,
        body: None,
        language: "nl".to_owned(),
        author: None,
        state,
        created_at: then(),
        edited_at: None,
        deleted_at: None,
        reply_count: 0,
        support_count: 0,
        root: id,
        author_id: author.account().unwrap(),
    }
}

#[test]
fn an_author_edits_for_fifteen_minutes() {
    let author = member(Role::Resident);
    let comment = comment(&author, CommentState::Visible);
    let after = |seconds| then() + TimeDelta::seconds(seconds);
    assert!(may_edit(&author, &comment, after(15 * 60)));
    assert!(!may_edit(&author, &comment, after(15 * 60 + 1)));
    for other in [member(Role::Admin), Actor::Visitor(None), Actor::System] {
        assert!(!may_edit(&other, &comment, after(0)));
        assert!(!may_delete(&other, &comment));
    }
}

#[test]
fn only_what_is_visible_takes_replies_and_support() {
    let (author, other) = (member(Role::Resident), member(Role::Resident));
    for (state, allowed) in [
        (CommentState::Visible, true),
        (CommentState::Pending, false),
        (CommentState::Hidden, false),
        (CommentState::DeletedByAuthor, false),
    ] {
        let comment = comment(&author, state);
        assert_eq!(may_reply(&other, &comment), allowed, "{state:?}");
        assert_eq!(may_support(&other, &comment), allowed, "{state:?}");
        assert!(!may_support(&author, &comment), "{state:?}");
        assert!(!may_reply(&Actor::Visitor(None), &comment), "{state:?}");
        assert!(!may_support(&Actor::System, &comment), "{state:?}");
    }
}

#[test]
fn a_thread_ends_at_depth_three() {
    let author = member(Role::Resident);
    let mut comment = comment(&author, CommentState::Visible);
    for (depth, allowed) in [(1, true), (2, true), (3, false)] {
        comment.depth = depth;
        assert_eq!(may_reply(&author, &comment), allowed, "{depth}");
    }
}

#[test]
fn a_closed_subject_takes_nothing_new() {
    let (author, other) = (member(Role::Resident), member(Role::Resident));
    let mut comment = comment(&author, CommentState::Visible);
    assert!(may_comment(&other, &comment.subject));
    comment.subject.is_open = false;
    assert!(!may_comment(&other, &comment.subject));
    assert!(!may_reply(&other, &comment));
    assert!(!may_support(&other, &comment));
    assert!(may_edit(&author, &comment, then()));
    assert!(may_delete(&author, &comment));
}

#[test]
fn what_awaits_a_moderator_or_was_removed_is_for_its_author_and_moderators() {
    let author = member(Role::Resident);
    let id = author.account().unwrap();
    let others = [
        Actor::Visitor(None),
        member(Role::Resident),
        member(Role::Editor),
    ];
    for other in others {
        assert!(!may_see(&other, CommentState::Pending, id));
        assert!(may_see(&other, CommentState::Hidden, id));
        assert!(!may_read(&other, CommentState::Hidden, id));
    }
    for judge in [author, member(Role::Moderator), member(Role::Admin)] {
        for state in [CommentState::Pending, CommentState::Hidden] {
            assert!(may_see(&judge, state, id));
            assert!(may_read(&judge, state, id));
        }
        assert!(!may_read(&judge, CommentState::DeletedByAuthor, id));
    }
}
