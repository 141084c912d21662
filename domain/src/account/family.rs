//! Whether the second use of a refresh token is a race, a lost answer, or theft.

use chrono::TimeDelta;

use super::store::KnownToken;
use crate::clock::Instant;

/// Uses so close together are of requests that were sent at once: no answer was waited for.
const AT_ONCE: TimeDelta = TimeDelta::seconds(1);

/// The time after its use in which a client may ask again because the answer never came: as long as a
/// request and its repetitions take. Whoever has a stolen token has no longer than that.
const GRACE: TimeDelta = TimeDelta::seconds(30);

/// What a second use is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SecondUse {
    /// One of several requests at once, another of which was first; nothing changes.
    Race,
    /// A client asks again because the answer never came: it gets another, once, and the first
    /// one stops working.
    LostAnswer,
    /// Two use the token, one of them a thief; nobody can tell which.
    Theft,
}

/// What the second use of `token` at `now` is, which was replaced by `successor`.
pub(super) fn second_use(
    token: &KnownToken,
    successor: Option<&KnownToken>,
    now: Instant,
) -> SecondUse {
    let untouched = successor.is_some_and(|successor| {
        successor.used_at.is_none()
            && successor.access_used_at.is_none()
            && successor.voided_at.is_none()
    });
    let Some(last) = token.forgiven_at.or(token.used_at) else {
        return SecondUse::Theft;
    };
    if token.voided_at.is_some() || !untouched {
        SecondUse::Theft
    } else if now - last < AT_ONCE {
        SecondUse::Race
    } else if token.forgiven_at.is_none() && now - last <= GRACE {
        SecondUse::LostAnswer
    } else {
        SecondUse::Theft
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::SessionId;

    const USED: Instant = Instant::UNIX_EPOCH;

    fn token(hash: &str) -> KnownToken {
        KnownToken {
            hash: hash.to_owned(),
            session: SessionId(uuid::Uuid::nil()),
            used_at: None,
            access_used_at: None,
            replaced_by: None,
            forgiven_at: None,
            voided_at: None,
        }
    }

    fn used() -> KnownToken {
        KnownToken {
            used_at: Some(USED),
            replaced_by: Some("b".to_owned()),
            ..token("a")
        }
    }

    fn after(milliseconds: i64) -> Instant {
        USED + TimeDelta::milliseconds(milliseconds)
    }

    #[test]
    fn a_lost_answer_is_told_from_a_race_by_time() {
        let next = token("b");
        assert_eq!(
            second_use(&used(), Some(&next), after(999)),
            SecondUse::Race
        );
        assert_eq!(
            second_use(&used(), Some(&next), after(1_000)),
            SecondUse::LostAnswer
        );
    }

    #[test]
    fn a_lost_answer_is_forgiven_for_thirty_seconds() {
        let next = token("b");
        assert_eq!(
            second_use(&used(), Some(&next), after(30_000)),
            SecondUse::LostAnswer
        );
        assert_eq!(
            second_use(&used(), Some(&next), after(30_001)),
            SecondUse::Theft
        );
    }

    #[test]
    fn who_has_the_answer_has_not_lost_it() {
        for touched in [
            KnownToken {
                used_at: Some(USED),
                ..token("b")
            },
            KnownToken {
                access_used_at: Some(USED),
                ..token("b")
            },
            KnownToken {
                voided_at: Some(USED),
                ..token("b")
            },
        ] {
            for time in [0, 5_000] {
                assert_eq!(
                    second_use(&used(), Some(&touched), after(time)),
                    SecondUse::Theft
                );
            }
        }
        assert_eq!(second_use(&used(), None, after(5_000)), SecondUse::Theft);
    }

    #[test]
    fn an_answer_is_lost_once() {
        let forgiven = KnownToken {
            forgiven_at: Some(after(5_000)),
            ..used()
        };
        let next = token("c");
        assert_eq!(
            second_use(&forgiven, Some(&next), after(5_500)),
            SecondUse::Race
        );
        assert_eq!(
            second_use(&forgiven, Some(&next), after(6_000)),
            SecondUse::Theft
        );
        let voided = KnownToken {
            voided_at: Some(USED),
            ..token("b")
        };
        assert_eq!(second_use(&voided, None, after(9_000)), SecondUse::Theft);
    }
}
