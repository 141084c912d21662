//! Global ids (Relay object identification): opaque to clients, typed to us.
//!
//! An id is the kind's letter and the UUID, in URL-safe base64: 23 characters.

use async_graphql::{Context, ID, Interface, Object};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    id::{
        AccountId, BallotId, CommentId, ContentReportId, EmbedId, ModerationCaseId,
        ModerationEntryId, ModerationTemplateId, OptionId, PartnerId, PollId, QuestionId,
        SessionId, StoryId, StorySeriesId, ThemeId, ThemeUpdateId,
    },
    refusal::Path,
};
use uuid::Uuid;

use super::{
    account::Account,
    comment::Comment,
    context::request,
    embed::Embed,
    error::{Failure, nullable},
    moderation::{ModerationCase, ModerationLogEntry},
    partner::Partner,
    poll::{Poll, Question},
    story::{Story, StorySeries},
    theme::{Theme, ThemeUpdate},
};

/// How many ids `nodes` takes at once.
const MAX_NODES: usize = 100;

/// An id that has a global form.
pub(crate) trait Key: Sized {
    /// The letter of its kind, unique among all kinds.
    const KIND: u8;

    fn uuid(&self) -> Uuid;
    fn from_uuid(uuid: Uuid) -> Self;
}

macro_rules! keys {
    ($($name:ident = $kind:literal),+ $(,)?) => {$(
        impl Key for $name {
            const KIND: u8 = $kind;

            fn uuid(&self) -> Uuid {
                self.0
            }

            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
    )+};
}

keys! {
    AccountId = b'A',
    BallotId = b'B',
    CommentId = b'C',
    ModerationCaseId = b'D',
    SessionId = b'E',
    ContentReportId = b'F',
    ModerationEntryId = b'G',
    ModerationTemplateId = b'H',
    EmbedId = b'M',
    PartnerId = b'N',
    OptionId = b'O',
    PollId = b'P',
    QuestionId = b'Q',
    StorySeriesId = b'R',
    StoryId = b'S',
    ThemeId = b'T',
    ThemeUpdateId = b'U',
}

/// The global form of an id.
pub(crate) fn encode<K: Key>(key: &K) -> ID {
    let mut bytes = [0; 17];
    bytes[0] = K::KIND;
    bytes[1..].copy_from_slice(key.uuid().as_bytes());
    ID(URL_SAFE_NO_PAD.encode(bytes))
}

/// The id behind a global one; `field` is the argument that it came by.
pub(crate) fn decode<K: Key>(id: &ID, field: impl Into<Path>) -> Result<K, Failure> {
    match split(id) {
        Some((kind, uuid)) if kind == K::KIND => Ok(K::from_uuid(uuid)),
        Some(_) => Err(Failure::bad_input(
            field.into(),
            "This id belongs to another kind of object.",
        )),
        None => Err(Failure::bad_input(
            field.into(),
            "This is not an id of ours.",
        )),
    }
}

/// The ids behind global ones; `field` is the argument that they came by.
pub(crate) fn decode_all<K: Key>(ids: &[ID], field: &str) -> Result<Vec<K>, Failure> {
    ids.iter()
        .enumerate()
        .map(|(position, id)| decode(id, Path::from(field).at(position)))
        .collect()
}

/// The poll behind a global id, if it is one of a poll.
pub(crate) fn poll_id(id: &ID) -> Option<PollId> {
    let (kind, uuid) = split(id)?;
    (kind == PollId::KIND).then_some(PollId(uuid))
}

/// The letter of the kind of a global id, if it is one.
pub(crate) fn kind(id: &ID) -> Option<u8> {
    split(id).map(|(kind, _)| kind)
}

fn split(id: &ID) -> Option<(u8, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(id.as_bytes()).ok()?;
    let (kind, uuid) = bytes.split_first()?;
    Some((*kind, Uuid::from_slice(uuid).ok()?))
}

/// An object with a global id.
#[derive(Interface)]
#[graphql(field(
    name = "id",
    ty = "ID",
    desc = "Opaque and stable; good for `node` and wherever an id of this kind is taken."
))]
pub(crate) enum Node {
    /// A comment.
    Comment(Box<Comment>),
    /// A case of moderation; moderators and admins see it.
    ModerationCase(Box<ModerationCase>),
    /// A decision in the record of moderation.
    ModerationLogEntry(ModerationLogEntry),
    /// A story.
    Story(Box<Story>),
    /// A series of stories.
    StorySeries(StorySeries),
    /// Your own account.
    Account(Account),
    /// A poll on the pages of a partner.
    Embed(Embed),
    /// A partner.
    Partner(Partner),
    /// A poll.
    Poll(Poll),
    /// A question of a poll.
    Question(Question),
    /// A theme.
    Theme(Theme),
    /// An entry of a theme's follow-up log.
    ThemeUpdate(ThemeUpdate),
}

/// Reading any object by its global id.
#[derive(Default)]
pub(crate) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The object with this id; null where there is none that you may see. An id that was not
    /// made here is BAD_INPUT.
    #[graphql(cache_control(max_age = 2))]
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The object's id.")] id: ID,
    ) -> Option<async_graphql::Result<Node>> {
        nullable(async { Ok(load(ctx, &id, Path::from("id")).await?) }).await
    }

    /// The objects with these ids, in their order; null in the place of each that you may not
    /// see. At most 100 at once.
    #[graphql(cache_control(max_age = 2))]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The objects' ids, at most 100.")] ids: Vec<ID>,
    ) -> async_graphql::Result<Vec<Option<Node>>> {
        if ids.len() > MAX_NODES {
            return Err(Failure::bad_input(Path::from("ids"), "At most 100 ids at once.").into());
        }
        let loads = ids
            .iter()
            .enumerate()
            .map(|(position, id)| load(ctx, id, Path::from("ids").at(position)));
        Ok(futures_util::future::try_join_all(loads).await?)
    }
}

async fn load(ctx: &Context<'_>, id: &ID, field: Path) -> Result<Option<Node>, Failure> {
    let loader = &request(ctx).loader;
    let Some((kind, uuid)) = split(id) else {
        return Err(Failure::bad_input(field, "This is not an id of ours."));
    };
    match kind {
        CommentId::KIND => Ok(loader
            .load_one(CommentId(uuid))
            .await?
            .map(|comment| Node::Comment(Box::new(comment.into())))),
        ModerationCaseId::KIND => Ok(loader
            .load_one(ModerationCaseId(uuid))
            .await?
            .map(|case| Node::ModerationCase(Box::new(case.into())))),
        ModerationEntryId::KIND => Ok(loader
            .load_one(ModerationEntryId(uuid))
            .await?
            .map(|entry| Node::ModerationLogEntry(entry.into()))),
        StoryId::KIND => Ok(loader
            .load_one(StoryId(uuid))
            .await?
            .map(|story| Node::Story(Box::new(story.into())))),
        StorySeriesId::KIND => Ok(loader
            .load_one(StorySeriesId(uuid))
            .await?
            .map(|series| Node::StorySeries(series.into()))),
        AccountId::KIND => Ok(own_account(ctx, AccountId(uuid)).await?.map(Node::Account)),
        EmbedId::KIND => Ok(loader
            .load_one(EmbedId(uuid))
            .await?
            .map(|embed| Node::Embed(embed.into()))),
        PartnerId::KIND => Ok(loader
            .load_one(PartnerId(uuid))
            .await?
            .map(|partner| Node::Partner(partner.into()))),
        PollId::KIND => Ok(loader
            .load_one(PollId(uuid))
            .await?
            .map(|poll| Node::Poll(poll.into()))),
        QuestionId::KIND => Ok(loader
            .load_one(QuestionId(uuid))
            .await?
            .map(|question| Node::Question(question.into()))),
        ThemeId::KIND => Ok(loader
            .load_one(ThemeId(uuid))
            .await?
            .map(|theme| Node::Theme(theme.into()))),
        ThemeUpdateId::KIND => Ok(loader
            .load_one(ThemeUpdateId(uuid))
            .await?
            .map(|update| Node::ThemeUpdate(update.into()))),
        _ => Err(Failure::bad_input(
            field,
            "Objects of this kind cannot be read by id.",
        )),
    }
}

/// The viewer's own account, if this is its id; nobody reads another's.
async fn own_account(ctx: &Context<'_>, id: AccountId) -> Result<Option<Account>, Failure> {
    let request = request(ctx);
    if request.actor.reader() != Some(id) {
        return Ok(None);
    }
    let own = request.services.accounts.own(&request.actor).await?;
    Ok(own.map(Account::from))
}
