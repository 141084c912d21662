//! Authors as everyone sees them.

use std::collections::HashMap;

use async_graphql::{ComplexObject, Context, Enum, ID, SimpleObject, dataloader::Loader as Load};
use domain::{
    account::Profile,
    id::{AccountId, PartnerId},
    partner,
};

use crate::graphql::{
    context::request,
    error::Failure,
    loader::{LoadError, Loader},
    node,
};

/// For whom an author speaks.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "partner::AuthorKind")]
pub(crate) enum AuthorKind {
    /// For themselves.
    Person,
    /// For a partner: the partner itself, or someone who works for it.
    Partner,
    /// For the province: someone who writes its themes and polls.
    Province,
    /// For those who run the platform: a moderator or an admin.
    Staff,
}

/// An author as everyone sees them: a person or a partner.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct Author {
    /// Opaque and stable. A person's is for `contentReport` and `accountBlock`, and `node` gives the
    /// account to its owner alone; a partner's is that of the `Partner`.
    id: ID,
    /// The name that they go by. Nobody chooses one that passes for another `kind` than theirs.
    display_name: String,
    /// The account; none for a partner.
    #[graphql(skip)]
    account: Option<AccountId>,
}

#[ComplexObject]
impl Author {
    /// For whom they speak, by what they are now.
    async fn kind(&self, ctx: &Context<'_>) -> async_graphql::Result<AuthorKind> {
        let Some(account) = self.account else {
            return Ok(AuthorKind::Partner);
        };
        let kind = request(ctx).loader.load_one(KindOf(account)).await;
        let kind = kind.map_err(Failure::from)?;
        Ok(kind.map_or(AuthorKind::Person, AuthorKind::from))
    }
}

impl Author {
    /// The partner in whose name something is.
    pub(super) fn of_partner(id: PartnerId, name: String) -> Self {
        Self {
            id: node::encode(&id),
            display_name: name,
            account: None,
        }
    }

    /// The name that they go by.
    pub(crate) fn name(&self) -> &str {
        &self.display_name
    }
}

impl From<Profile> for Author {
    fn from(profile: Profile) -> Self {
        Self {
            id: node::encode(&profile.id),
            display_name: profile.display_name,
            account: Some(profile.id),
        }
    }
}

/// For whom an account speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct KindOf(AccountId);

impl Load<KindOf> for Loader {
    type Value = partner::AuthorKind;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[KindOf],
    ) -> Result<HashMap<KindOf, partner::AuthorKind>, LoadError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let partners = &self.services.partners;
        let kinds = partners.author_kinds(&self.actor, &ids).await?;
        Ok(kinds
            .into_iter()
            .map(|(account, kind)| (KindOf(account), kind))
            .collect())
    }
}
