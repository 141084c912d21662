//! Embeds as partners see them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use domain::{
    embed::{self, LoadKind, Use},
    id::PartnerId,
    page::Paging,
};

use super::loader::UseOf;
use crate::graphql::{
    account::Locale,
    connection::Connection,
    context::request,
    error::{Failure, nullable},
    node,
    partner::Partner,
    poll::Poll,
    scalar::{BigInt, DateTime, HexColor},
};

/// How often an embed was shown, or refused, on the pages of one site; nothing is kept of who saw
/// it.
#[derive(SimpleObject)]
pub(crate) struct EmbedLoad {
    /// Scheme, host and port; null for pages that do not say where they are, and for those of
    /// sites beyond the first hundred that it may not stand on.
    origin: Option<String>,
    /// How often, up to some seconds ago.
    count: BigInt,
    /// When last.
    last_seen_at: DateTime,
}

/// An embed as the API shows it.
pub(crate) struct Embed(embed::Embed);

/// A poll on the pages of a partner. Seen by who works for the partner, editors and admins; the
/// page at `url` by everyone.
#[Object]
impl Embed {
    /// Opaque and stable.
    pub(crate) async fn id(&self) -> ID {
        node::encode(&self.0.id)
    }

    /// The address of its page, for a frame; with its last part, what a partner's token may be for
    /// (`aud`).
    async fn url(&self, ctx: &Context<'_>) -> String {
        request(ctx).services.embeds.url(self.0.id)
    }

    /// The HTML for the partner's page: a frame of fixed height.
    async fn snippet(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(self.snippets(ctx).await?.frame)
    }

    /// The HTML for the partner's page: a script that puts the frame in its own place, fits its
    /// height, and tells the page `jij:ready`, `jij:voted` and `jij:closed`.
    async fn script_snippet(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(self.snippets(ctx).await?.script)
    }

    /// The poll; null where you may not know of it yet.
    async fn poll(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Poll>> {
        nullable(async { Ok(self.its_poll(ctx).await?.map(Poll::from)) }).await
    }

    /// The partner on whose pages it stands.
    async fn partner(&self, ctx: &Context<'_>) -> async_graphql::Result<Partner> {
        let partner = request(ctx)
            .loader
            .load_one(self.0.partner)
            .await
            .map_err(Failure::from)?;
        let partner = partner.ok_or(domain::Error::<std::convert::Infallible>::NotFound);
        Ok(Partner::from(partner.map_err(Failure::from)?))
    }

    /// The sites that it may stand on, A to Z; 1 to 20.
    async fn allowed_origins(&self) -> &[String] {
        &self.0.origins
    }

    /// In which language.
    async fn locale(&self) -> Locale {
        self.0.locale.into()
    }

    /// The partner's colour; null for the platform's own.
    async fn accent_color(&self) -> Option<HexColor> {
        self.0.accent.map(|accent| HexColor(accent.to_string()))
    }

    /// The public Ed25519 key by which the partner signs its visitors, in base64url; null where it
    /// signs none.
    async fn subject_key(&self) -> Option<String> {
        self.0.subject_key()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Since when it is shown nowhere; null while it is shown.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }

    /// How many ballots came by it that stand, one a voter and question, over all runs of the
    /// poll.
    async fn ballot_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i64> {
        Ok(self.its_use(ctx).await?.ballots)
    }

    /// Where it was shown, the most often first; at most 121.
    async fn loads(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<EmbedLoad>> {
        self.its_loads(ctx, LoadKind::Load).await
    }

    /// Where it was to be shown and may not stand, the most often first; at most 121. Whoever runs
    /// the site may have forgotten to name it.
    async fn refusals(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<EmbedLoad>> {
        self.its_loads(ctx, LoadKind::Refusal).await
    }
}

impl Embed {
    async fn its_poll(&self, ctx: &Context<'_>) -> Result<Option<domain::poll::Poll>, Failure> {
        Ok(request(ctx).loader.load_one(self.0.poll).await?)
    }

    async fn snippets(&self, ctx: &Context<'_>) -> Result<embed::Snippet, Failure> {
        let poll = self.its_poll(ctx).await?;
        let title = match &poll {
            Some(poll) => &poll.title,
            None => self.0.locale.pick("Peiling", "Poll"),
        };
        Ok(request(ctx).services.embeds.snippet(self.0.id, title))
    }

    async fn its_use(&self, ctx: &Context<'_>) -> Result<Arc<Use>, Failure> {
        let its = request(ctx).loader.load_one(UseOf(self.0.id)).await?;
        Ok(its.unwrap_or_default())
    }

    async fn its_loads(
        &self,
        ctx: &Context<'_>,
        kind: LoadKind,
    ) -> async_graphql::Result<Vec<EmbedLoad>> {
        let its = self.its_use(ctx).await?;
        let loads = its.loads.iter().filter(|load| load.kind == kind);
        Ok(loads
            .map(|load| EmbedLoad {
                origin: load.origin.clone(),
                count: BigInt(load.count),
                last_seen_at: DateTime(load.last_seen_at),
            })
            .collect())
    }
}

/// A page of the partner's embeds; none where the viewer may not see them.
pub(crate) async fn of_partner(
    ctx: &Context<'_>,
    partner: PartnerId,
    paging: &Paging,
) -> Result<Option<Connection<Embed>>, Failure> {
    let request = request(ctx);
    let (embeds, actor) = (request.services.embeds.clone(), request.actor.clone());
    let found = embeds.list(&actor, partner, paging).await?;
    Ok(found.map(|page| {
        Connection::new(page, move || {
            let (embeds, actor) = (embeds.clone(), actor.clone());
            async move { embeds.count(&actor, partner).await }
        })
    }))
}

impl From<embed::Embed> for Embed {
    fn from(embed: embed::Embed) -> Self {
        Self(embed)
    }
}
