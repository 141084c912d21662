//! The roots of the schema.

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions, ValidationMode};

use super::{
    account::{AccountMutation, AccountQuery},
    comment::CommentMutation,
    embed::EmbedMutation,
    moderation::{ModerationMutation, ModerationQuery, ModerationSubscription},
    node::NodeQuery,
    partner::{PartnerMutation, PartnerQuery},
    poll::{
        BallotMutation, PollMutation, PollQuery, PollSubscription, Renderings, RoomMutation,
        RoomQuery,
    },
    privacy::PrivacyMutation,
    screening::ScreeningQuery,
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
    ModerationQuery,
    NodeQuery,
    PartnerQuery,
    PollQuery,
    RoomQuery,
    ScreeningQuery,
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
    ModerationMutation,
    EmbedMutation,
    PartnerMutation,
    PollMutation,
    PrivacyMutation,
    RoomMutation,
    StoryMutation,
    ThemeMutation,
);

/// Watching: the state now, then every newer one, over a WebSocket at `/graphql/ws` or as
/// server-sent events at `/graphql/stream`.
#[derive(MergedSubscription, Default)]
pub struct Subscription(ModerationSubscription, PollSubscription);

/// Selection sets within each other, those of single types included.
const DEEPEST: usize = 128;

/// The schema. What may be asked of it is for [`super::operation`] to say, before it gets here.
pub fn schema() -> Schema {
    Schema::build(
        Query::default(),
        Mutation::default(),
        Subscription::default(),
    )
    .disable_suggestions()
    // Documents are validated and bounded before they get here.
    .validation_mode(ValidationMode::Fast)
    .limit_recursive_depth(DEEPEST)
    .data(Hub::default())
    .data(Renderings::default())
    .finish()
}

/// Directives that readers of the language bring themselves.
const EVERYWHERE: [&str; 3] = [
    "directive @include(",
    "directive @skip(",
    "directive @specifiedBy(",
];

/// The schema in its definition language, as `schema.graphql` holds it: elements in alphabetical
/// order, and without the directives that every schema has (GraphQL specification, 3.13).
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .include_specified_by()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .use_space_ident()
        .indent_width(2);
    let all = schema().sdl_with_options(options);
    let mut own = String::with_capacity(all.len());
    let mut described = String::new();
    let mut lines = all.lines();
    while let Some(line) = lines.next() {
        if line == "\"\"\"" && described.is_empty() {
            described.push_str(line);
            described.push('\n');
            for line in lines.by_ref() {
                described.push_str(line);
                described.push('\n');
                if line == "\"\"\"" {
                    break;
                }
            }
            continue;
        }
        if !EVERYWHERE.iter().any(|name| line.starts_with(name)) {
            own.push_str(&described);
            own.push_str(line);
            own.push('\n');
        }
        described.clear();
    }
    own
}
