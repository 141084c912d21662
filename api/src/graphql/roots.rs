//! The roots of the schema.

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions};

use super::{
    account::{AccountMutation, AccountQuery},
    comment::CommentMutation,
    node::NodeQuery,
    order::Orders,
    partner::PartnerQuery,
    poll::{BallotMutation, PollMutation, PollQuery, PollSubscription, RoomMutation, RoomQuery},
    story::{StoryMutation, StoryQuery},
    subscription::Hub,
    theme::{ThemeMutation, ThemeQuery},
};

/// The schema that the server runs.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Reading. What you may not see is null, or NOT_FOUND where the field cannot be null.
#[derive(MergedObject, Default)]
pub struct Query(
    AccountQuery,
    NodeQuery,
    PartnerQuery,
    PollQuery,
    RoomQuery,
    StoryQuery,
    ThemeQuery,
);

/// Changing. Each takes one `input` and gives its own payload: what changed, null where nothing
/// did, and `userErrors`, empty where all went well.
#[derive(MergedObject, Default)]
pub struct Mutation(
    AccountMutation,
    BallotMutation,
    CommentMutation,
    PollMutation,
    RoomMutation,
    StoryMutation,
    ThemeMutation,
);

/// Watching: the state now, then every newer one, over a WebSocket at `/graphql/ws` or as
/// server-sent events at `/graphql/stream`.
#[derive(MergedSubscription, Default)]
pub struct Subscription(PollSubscription);

/// The schema. What may be asked of it is for [`super::document`] to say, before it gets here.
pub fn schema() -> Schema {
    Schema::build(
        Query::default(),
        Mutation::default(),
        Subscription::default(),
    )
    .disable_suggestions()
    .data(Hub::default())
    .data(Orders::default())
    .finish()
}

/// The schema in its definition language, as `schema.graphql` holds it.
pub fn sdl() -> String {
    schema().sdl_with_options(
        SDLExportOptions::new()
            .sorted_arguments()
            .sorted_enum_items()
            .prefer_single_line_descriptions(),
    )
}
