//! Partners and municipalities as clients see them.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::partner;

use super::loader::{Cbs, MembersOf, RoleAt};
use crate::graphql::{
    connection::{Connection, paging},
    context::request,
    embed::{self, Embed},
    error::{Failure, nullable},
    node,
    poll::{self, Poll},
    scalar::DateTime,
    story::Author,
};

/// A municipality (gemeente) of Overijssel.
#[derive(SimpleObject)]
pub(crate) struct Municipality {
    /// The CBS code, such as `GM0193`.
    code: String,
    /// The name as CBS prints it.
    name: String,
}

/// What kind of organisation a partner is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "partner::PartnerKind")]
pub(crate) enum PartnerKind {
    /// A municipality (gemeente).
    Municipality,
    /// An association of students.
    StudentAssociation,
    /// An association of businesses.
    BusinessAssociation,
    /// A water board (waterschap).
    WaterBoard,
    /// Any other.
    Other,
}

/// What someone may do for a partner; at another partner, and on the platform, it is worth
/// nothing.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "partner::PartnerRole")]
pub(crate) enum PartnerRole {
    /// Writes the partner's polls and embeds.
    Editor,
    /// What an editor may, and says who works for the partner.
    Admin,
}

/// Someone who works for a partner.
#[derive(SimpleObject)]
pub(crate) struct PartnerMember {
    /// Who, as others see them.
    account: Author,
    /// What they may do for it.
    role: PartnerRole,
}

/// A partner as the API shows it.
pub(crate) struct Partner(partner::Partner);

/// An organisation that works with the province, and may show polls on its own site. Everyone
/// may see every partner.
#[Object]
impl Partner {
    /// Opaque and stable.
    pub(crate) async fn id(&self) -> ID {
        node::encode(&self.0.id)
    }

    /// The partner's address, unique; it never changes.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// One line, 2 to 120 characters.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What kind of organisation it is.
    async fn kind(&self) -> PartnerKind {
        self.0.kind.into()
    }

    /// The https address of its own site; null where none was given.
    async fn website(&self) -> Option<&str> {
        self.0.website.as_deref()
    }

    /// The municipality that it is, or is of; null where it is of none in particular.
    async fn municipality(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Municipality>> {
        nullable(async {
            let Some(code) = &self.0.municipality else {
                return Ok(None);
            };
            let found = request(ctx).loader.load_one(Cbs(code.clone())).await;
            Ok(found.map_err(Failure::from)?.map(Municipality::from))
        })
        .await
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Who works for it, longest first, at most 100; null for who neither works for it nor is an
    /// admin of the platform.
    async fn members(
        &self,
        ctx: &Context<'_>,
    ) -> Option<async_graphql::Result<Vec<PartnerMember>>> {
        nullable(async {
            let found = request(ctx).loader.load_one(MembersOf(self.0.id)).await;
            let members = found.map_err(Failure::from)?;
            Ok(members.map(|members| members.into_iter().map(PartnerMember::from).collect()))
        })
        .await
    }

    /// What you are at this partner; null where you do not work for it.
    async fn viewer_role(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<PartnerRole>> {
        nullable(async {
            let found = request(ctx).loader.load_one(RoleAt(self.0.id)).await;
            Ok(found.map_err(Failure::from)?.map(PartnerRole::from))
        })
        .await
    }

    /// The polls in its name that you may know of, youngest first.
    async fn polls(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only polls behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only polls before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<Poll>> {
        poll::of_partner(ctx, self.0.id, &paging(first, after, last, before)).await
    }

    /// The polls on its pages, youngest first; null for who neither works for it nor is an editor
    /// or admin of the platform.
    async fn embeds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only embeds behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only embeds before this cursor.")] before: Option<String>,
    ) -> Option<async_graphql::Result<Connection<Embed>>> {
        let paging = paging(first, after, last, before);
        nullable(async { Ok(embed::of_partner(ctx, self.0.id, &paging).await?) }).await
    }
}

impl From<partner::Municipality> for Municipality {
    fn from(municipality: partner::Municipality) -> Self {
        Self {
            code: municipality.code,
            name: municipality.name,
        }
    }
}

impl From<partner::PartnerMember> for PartnerMember {
    fn from(member: partner::PartnerMember) -> Self {
        Self {
            account: member.account.into(),
            role: member.role.into(),
        }
    }
}

impl From<partner::Partner> for Partner {
    fn from(partner: partner::Partner) -> Self {
        Self(partner)
    }
}
