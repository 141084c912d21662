//! Who a voter is to a poll: a key that is the same for the same person and poll, and says
//! nothing about the person to whoever lacks the poll's secret.

use std::fmt;

use hmac::{Hmac, Mac, digest::KeyInit};
use sha2::Sha256;
use uuid::Builder;

use crate::{
    Actor, Blocked,
    actor::Identity,
    id::{AccountId, PartnerId, SubjectId, VisitorId},
    random,
};

pub(super) use entity::poll_voter::VoterKey;

/// A poll's secret, 32 random bytes; without it no ballot leads back to a person.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct VoterSecret(Vec<u8>);

/// The person behind a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Voter {
    /// Someone who signed in.
    Account(AccountId),
    /// Someone who holds a visitor's token.
    Visitor(VisitorId),
    /// Someone whom a partner vouches for.
    Subject(SubjectId),
    /// Someone another platform knew by a number.
    Import(u64),
}

impl Voter {
    /// The person who asks, where a ballot of theirs can be told from others'.
    pub(crate) fn of(actor: &Actor) -> Option<Self> {
        match actor {
            Actor::Member(member) | Actor::Blocked(Blocked { member, .. }) => {
                Some(Self::Account(member.id))
            }
            Actor::Visitor(Some(visitor)) => Some(Self::Visitor(*visitor)),
            Actor::Guest(guest) => Some(match guest.identity {
                Identity::Passing(visitor) | Identity::Device(visitor) => Self::Visitor(visitor),
                Identity::Subject(subject) => Self::Subject(subject),
            }),
            Actor::Visitor(None) | Actor::System => None,
        }
    }
}

impl VoterSecret {
    /// A new secret.
    pub(super) fn new() -> Result<Self, random::Unavailable> {
        Ok(Self(random::bytes::<32>()?.to_vec()))
    }

    /// The secret as it is stored; none where it was destroyed, which leaves no bytes.
    pub(super) fn stored(bytes: Vec<u8>) -> Option<Self> {
        (!bytes.is_empty()).then_some(Self(bytes))
    }

    /// The secret to store; no bytes for none.
    pub(super) fn to_stored(secret: Option<&Self>) -> Vec<u8> {
        secret.map_or_else(Vec::new, |secret| secret.0.clone())
    }

    /// Who this voter is to the poll: HMAC-SHA-256, 32 bytes.
    pub(super) fn key(&self, voter: Voter) -> VoterKey {
        let name = match voter {
            Voter::Account(id) => format!("account:{}", id.0),
            Voter::Visitor(id) => format!("visitor:{}", id.0),
            Voter::Subject(id) => format!("subject:{}", id.0),
            Voter::Import(number) => format!("import:{number}"),
        };
        VoterKey(self.mac(&name).to_vec())
    }

    /// Who someone is to the poll whom the partner calls by this name. It leads back to the name
    /// for nobody who lacks the secret, and is another in every poll.
    pub(super) fn subject(&self, partner: PartnerId, name: &str) -> SubjectId {
        let mac = self.mac(&format!("partner:{}:{name}", partner.0));
        let mut bytes = [0; 16];
        for (byte, of_mac) in bytes.iter_mut().zip(mac) {
            *byte = of_mac;
        }
        SubjectId(Builder::from_custom_bytes(bytes).into_uuid())
    }

    fn mac(&self, message: &str) -> [u8; 32] {
        // HMAC itself pads a shorter key with zeros to the block of its hash (RFC 2104).
        let mut block = [0; 64];
        for (padded, byte) in block.iter_mut().zip(&self.0) {
            *padded = *byte;
        }
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(message.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for VoterSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("VoterSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_for_the_same_voter_and_poll_only() {
        let one = VoterSecret::new().unwrap();
        let other = VoterSecret::new().unwrap();
        assert_eq!(one.key(Voter::Import(7)), one.key(Voter::Import(7)));
        assert_ne!(one.key(Voter::Import(7)), one.key(Voter::Import(8)));
        assert_ne!(one.key(Voter::Import(7)), other.key(Voter::Import(7)));
        assert_eq!(one.key(Voter::Import(7)).0.len(), 32);
    }

    #[test]
    fn an_account_and_a_visitor_of_the_same_id_differ() {
        let secret = VoterSecret::new().unwrap();
        let id = uuid::Uuid::nil();
        assert_ne!(
            secret.key(Voter::Account(AccountId(id))),
            secret.key(Voter::Visitor(VisitorId(id)))
        );
    }

    #[test]
    fn a_partner_s_name_for_someone_is_its_own_and_that_of_one_poll() {
        let secret = VoterSecret::new().unwrap();
        let other = VoterSecret::new().unwrap();
        let [raalte, deventer] = [1, 2].map(|id| PartnerId(uuid::Uuid::from_u128(id)));
        let piet = secret.subject(raalte, "piet");
        assert_eq!(piet, secret.subject(raalte, "piet"));
        assert_ne!(piet, secret.subject(raalte, "jan"));
        assert_ne!(piet, secret.subject(deventer, "piet"));
        assert_ne!(piet, other.subject(raalte, "piet"));
        assert_ne!(
            secret.key(Voter::Subject(piet)),
            secret.key(Voter::Visitor(VisitorId(piet.0)))
        );
    }

    #[test]
    fn a_destroyed_secret_is_none() {
        assert_eq!(VoterSecret::stored(Vec::new()), None);
    }

    #[test]
    fn a_secret_never_prints() {
        assert_eq!(
            format!("{:?}", VoterSecret::stored(vec![1, 2, 3])),
            "Some(VoterSecret)"
        );
    }
}
