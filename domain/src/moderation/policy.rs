//! Who may do what with cases.

use chrono::TimeDelta;

use super::{
    Case, Entry,
    model::{claim, is_adverse},
};
use crate::{Actor, clock::Instant, id::AccountId};

/// How long a decision may be appealed against (Regulation (EU) 2022/2065, article 20, asks for
/// six months of online platforms; the province's rule is shorter, and so is its scale).
const APPEAL: TimeDelta = TimeDelta::days(14);

/// Whether `actor` sees cases and judges them: moderators and admins.
pub fn may_moderate(actor: &Actor) -> bool {
    actor.is_moderator()
}

/// Whether `actor` may decide the case now: moderators and admins, unless they wrote what it is
/// about, another has claimed it, or it is contested and the decision was theirs (`contested`).
pub fn may_decide(actor: &Actor, case: &Case, contested: Option<AccountId>, now: Instant) -> bool {
    may_moderate(actor)
        && actor.account().is_some_and(|account| {
            may_judge(account, case, contested)
                && claim(case, now).is_none_or(|(by, _)| by == account)
        })
}

/// Whether there is an appeal in the case that none of the `moderators` may judge: `contested`
/// made the decision that it is against.
pub fn awaits_another(case: &Case, contested: Option<AccountId>, moderators: &[AccountId]) -> bool {
    let may = |one: &AccountId| may_judge(*one, case, contested);
    case.appeal_id.is_some() && !moderators.iter().any(may)
}

fn may_judge(account: AccountId, case: &Case, contested: Option<AccountId>) -> bool {
    case.author_id != Some(account) && contested != Some(account)
}

/// Until when its author may appeal against a decision; none where it does not go against them.
pub fn appealable_until(entry: &Entry) -> Option<Instant> {
    is_adverse(entry.action).then(|| entry.created_at + APPEAL)
}
