//! A story as its statements read it: the row itself joined with its author, its municipality
//! and its series.

use entity::{account, municipality, partner, story, story_series, story_series_entry};
use sea_orm::{EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationDef, Select};

use crate::{
    account::Profile,
    clock::Instant,
    id::{AccountId, PartnerId, StoryId, StorySeriesId},
    partner::Municipality,
    story::{
        Lifecycle, Moderation, SeriesPlace, Story, StoryKind, StorySeries, Withdrawal,
        WithdrawalReason,
    },
};

/// The columns of a story; `body` is missing in lists.
#[derive(FromQueryResult)]
pub(super) struct Row {
    id: StoryId,
    slug: String,
    kind: StoryKind,
    title: String,
    summary: String,
    body: Option<String>,
    language: String,
    author_id: AccountId,
    author_name: String,
    partner_id: Option<PartnerId>,
    partner_name: Option<String>,
    municipality_code: Option<String>,
    municipality_name: Option<String>,
    series_id: Option<StorySeriesId>,
    series_slug: Option<String>,
    series_title: Option<String>,
    series_intro: Option<String>,
    series_created_at: Option<Instant>,
    series_updated_at: Option<Instant>,
    series_position: Option<i64>,
    submitted_at: Option<Instant>,
    published_at: Option<Instant>,
    withdrawn_at: Option<Instant>,
    withdrawal_reason: Option<WithdrawalReason>,
    withdrawal_explanation: Option<String>,
    archived_at: Option<Instant>,
    moderation: Moderation,
    moderation_statement: Option<String>,
    edited_at: Option<Instant>,
    version: i64,
    comment_count: i64,
    love_count: i64,
    join_count: i64,
    share_count: i64,
    energy: i64,
    created_at: Instant,
    updated_at: Instant,
}

/// A select of stories with what stands beside them, without their bodies.
pub(super) fn heads() -> Select<story::Entity> {
    story::Entity::find()
        .select_only()
        .columns([
            story::Column::Id,
            story::Column::Slug,
            story::Column::Kind,
            story::Column::Title,
            story::Column::Summary,
            story::Column::Language,
            story::Column::AuthorId,
            story::Column::PartnerId,
            story::Column::MunicipalityCode,
            story::Column::SubmittedAt,
            story::Column::PublishedAt,
            story::Column::WithdrawnAt,
            story::Column::WithdrawalReason,
            story::Column::WithdrawalExplanation,
            story::Column::ArchivedAt,
            story::Column::Moderation,
            story::Column::ModerationStatement,
            story::Column::EditedAt,
            story::Column::Version,
            story::Column::CommentCount,
            story::Column::LoveCount,
            story::Column::JoinCount,
            story::Column::ShareCount,
            story::Column::Energy,
            story::Column::CreatedAt,
            story::Column::UpdatedAt,
        ])
        .column_as(account::Column::DisplayName, "author_name")
        .column_as(partner::Column::Name, "partner_name")
        .column_as(municipality::Column::Name, "municipality_name")
        .column_as(story_series_entry::Column::Position, "series_position")
        .column_as(story_series::Column::Id, "series_id")
        .column_as(story_series::Column::Slug, "series_slug")
        .column_as(story_series::Column::Title, "series_title")
        .column_as(story_series::Column::Intro, "series_intro")
        .column_as(story_series::Column::CreatedAt, "series_created_at")
        .column_as(story_series::Column::UpdatedAt, "series_updated_at")
        .join(JoinType::InnerJoin, author())
        .join(JoinType::LeftJoin, name())
        .join(JoinType::LeftJoin, about())
        .join(JoinType::LeftJoin, entry())
        .join(JoinType::LeftJoin, series())
}

/// A select of stories with what stands beside them and their bodies.
pub(super) fn wholes() -> Select<story::Entity> {
    heads().column(story::Column::Body)
}

fn author() -> RelationDef {
    story::Entity::belongs_to(account::Entity)
        .from(story::Column::AuthorId)
        .to(account::Column::Id)
        .into()
}

fn name() -> RelationDef {
    story::Entity::belongs_to(partner::Entity)
        .from(story::Column::PartnerId)
        .to(partner::Column::Id)
        .into()
}

fn about() -> RelationDef {
    story::Entity::belongs_to(municipality::Entity)
        .from(story::Column::MunicipalityCode)
        .to(municipality::Column::Code)
        .into()
}

fn entry() -> RelationDef {
    story::Entity::belongs_to(story_series_entry::Entity)
        .from(story::Column::Id)
        .to(story_series_entry::Column::StoryId)
        .into()
}

fn series() -> RelationDef {
    story_series_entry::Entity::belongs_to(story_series::Entity)
        .from(story_series_entry::Column::SeriesId)
        .to(story_series::Column::Id)
        .into()
}

impl Row {
    /// The story as it stands at `now`.
    pub(super) fn at(self, now: Instant) -> Story {
        Story {
            lifecycle: Lifecycle::at(
                now,
                self.submitted_at,
                self.published_at,
                self.withdrawn_at,
                self.archived_at,
            ),
            municipality: self
                .municipality_code
                .zip(self.municipality_name)
                .map(|(code, name)| Municipality { code, name }),
            series: place(
                self.series_id,
                self.series_slug
                    .zip(self.series_title)
                    .zip(self.series_intro),
                self.series_created_at.zip(self.series_updated_at),
                self.series_position,
            ),
            withdrawal: self
                .withdrawn_at
                .zip(self.withdrawal_reason)
                .map(|(at, reason)| Withdrawal {
                    at,
                    reason,
                    explanation: self.withdrawal_explanation,
                }),
            id: self.id,
            slug: self.slug,
            kind: self.kind,
            title: self.title,
            summary: self.summary,
            body: self.body,
            language: self.language,
            author: Profile {
                id: self.author_id,
                display_name: self.author_name,
            },
            partner: self.partner_id.zip(self.partner_name),
            submitted_at: self.submitted_at,
            published_at: self.published_at,
            moderation: self.moderation,
            moderation_statement: self.moderation_statement,
            edited_at: self.edited_at,
            version: self.version,
            comment_count: self.comment_count,
            love_count: self.love_count,
            join_count: self.join_count,
            share_count: self.share_count,
            energy: self.energy,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

fn place(
    id: Option<StorySeriesId>,
    texts: Option<((String, String), String)>,
    times: Option<(Instant, Instant)>,
    position: Option<i64>,
) -> Option<SeriesPlace> {
    let ((slug, title), intro) = texts?;
    let (created_at, updated_at) = times?;
    Some(SeriesPlace {
        series: StorySeries {
            id: id?,
            slug,
            title,
            intro,
            created_at,
            updated_at,
        },
        position: position?,
    })
}
