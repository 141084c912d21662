//! The contract: the schema is the reviewed one, is described whole, and accepts what clients
//! send.

mod conformance;

use std::{collections::BTreeSet, path::PathBuf};

use apollo_compiler::{ExecutableDocument, Schema, schema::ExtendedType, validation::Valid};
use harness::operations;

/// Operations that later issues bring; the list shrinks to nothing.
const PENDING: &[&str] = &[
    // comments.graphql
    "CommentAdded",
    // stories.graphql
    "StorySearch",
    "StoryRevisions",
    // files.graphql
    "FileBegin",
    "FileState",
    "FileAttach",
    "FileDetach",
    "StoryFiles",
    "ThemeFiles",
    // publications.graphql
    "PollResultsPublish",
    "PollPublications",
    "PublicationList",
    // evening.graphql
    "RoomCreate",
    "RoomPollActivate",
    "RoomJoin",
    "RoomUpdated",
    "AudienceQuestionAsk",
    "AudienceQuestionSupport",
    "AudienceQuestionSet",
    "AudienceQuestions",
    // search.graphql
    "Search",
    "StorySimilar",
    // followup.graphql
    "FollowSet",
    "MyFollows",
    "MyNotifications",
    "NotificationsRead",
    "MyNotificationSettings",
    "NotificationSettingSet",
    "NotificationAdded",
    "StoryRespond",
    "StoryResponsesPublish",
    "StoryResponse",
    "ThemeLinkAdd",
    "ThemeLinkRemove",
    "ThemeFollowUp",
    "CommitmentMake",
    "CommitmentComplete",
    "CommitmentDrop",
    "MyTrails",
    "FollowUpFigures",
    // meetings.graphql
    "MeetingList",
    "MeetingPage",
    "MeetingCreate",
    "MeetingUpdate",
    "MeetingAnnounce",
    "MeetingCancel",
    "MeetingRegister",
    "MeetingRegistrationCancel",
    "MeetingCheckIn",
    "MeetingRegistrations",
    "RoundTablesArrange",
    "FindingsNote",
    "FindingsCarryOver",
    "MeetingReport",
    // letters.graphql
    "LetterDraft",
    "LetterUpdate",
    "LetterAudienceSet",
    "LetterAudience",
    "LetterTest",
    "LetterApprove",
    "LetterCancel",
    "LetterList",
    "LetterPage",
    "LetterSubscribe",
    // cooperation.graphql
    "MunicipalityPage",
    "CooperationPage",
    "CooperationList",
    "CooperationSuggest",
    "PollByMunicipality",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn schema() -> Valid<Schema> {
    Schema::parse_and_validate(api::graphql::sdl(), "schema.graphql").expect("a valid schema")
}

#[test]
fn schema_file_is_current() {
    let file = std::fs::read_to_string(root().join("schema.graphql")).expect("schema.graphql");
    assert!(
        file.trim() == api::graphql::sdl().trim(),
        "schema.graphql is not what the program offers: review the change, then run `cargo run -- schema > schema.graphql`"
    );
}

#[test]
fn every_operation_is_accepted_or_pending() {
    let schema = schema();
    let mut refused = Vec::new();
    let mut accepted = BTreeSet::new();
    for (name, operation) in operations() {
        match ExecutableDocument::parse_and_validate(&schema, &operation.document, &operation.file)
        {
            Ok(_) => {
                accepted.insert(name.as_str());
            }
            Err(errors) if !PENDING.contains(&name.as_str()) => {
                refused.push(format!("{name} ({}):\n{errors}", operation.file));
            }
            Err(_) => {}
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    let done: Vec<&&str> = PENDING
        .iter()
        .filter(|name| accepted.contains(**name))
        .collect();
    assert!(done.is_empty(), "no longer pending: {done:?}");
    let unknown: Vec<&&str> = PENDING
        .iter()
        .filter(|name| !operations().contains_key(**name))
        .collect();
    assert!(unknown.is_empty(), "not in the contract: {unknown:?}");
}

#[test]
fn every_element_is_described() {
    let schema = schema();
    let mut bare = Vec::new();
    for (name, definition) in &schema.types {
        if definition.is_built_in() {
            continue;
        }
        if definition.description().is_none() {
            bare.push(name.to_string());
        }
        match definition {
            ExtendedType::Object(object) => fields(name, &object.fields, &mut bare),
            ExtendedType::Interface(interface) => fields(name, &interface.fields, &mut bare),
            ExtendedType::Enum(list) => bare.extend(
                list.values
                    .iter()
                    .filter(|(_, value)| value.description.is_none())
                    .map(|(value, _)| format!("{name}.{value}")),
            ),
            ExtendedType::InputObject(input) => bare.extend(
                input
                    .fields
                    .iter()
                    .filter(|(_, field)| field.description.is_none())
                    .map(|(field, _)| format!("{name}.{field}")),
            ),
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
        }
    }
    assert!(bare.is_empty(), "without a description: {bare:#?}");
}

type Fields = apollo_compiler::collections::IndexMap<
    apollo_compiler::Name,
    apollo_compiler::schema::Component<apollo_compiler::ast::FieldDefinition>,
>;

fn fields(owner: &apollo_compiler::Name, fields: &Fields, bare: &mut Vec<String>) {
    for (name, field) in fields {
        if field.description.is_none() {
            bare.push(format!("{owner}.{name}"));
        }
        for argument in &field.arguments {
            if argument.description.is_none() {
                bare.push(format!("{owner}.{name}({})", argument.name));
            }
        }
    }
}

/// What a client may be told, as `docs/clients.md` has to explain it.
#[test]
fn every_code_is_explained_to_clients() {
    let page = std::fs::read_to_string(root().join("docs/clients.md")).expect("docs/clients.md");
    // The schema explains its values; those of errors are codes.
    let schema = schema();
    let values: BTreeSet<&str> = schema
        .types
        .iter()
        .filter_map(|(name, kind)| match kind {
            ExtendedType::Enum(values) if name != "UserErrorCode" => Some(values.values.keys()),
            _ => None,
        })
        .flatten()
        .map(apollo_compiler::Name::as_str)
        .collect();
    let mut unexplained = BTreeSet::new();
    let mut folders = vec![root().join("api/src/http"), root().join("api/src/graphql")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a readable file");
            // A quotation mark in a text or a character ends none.
            let text = text.replace("\\\"", "").replace("'\"'", "");
            for literal in text.split('"').skip(1).step_by(2) {
                let is_code = literal.len() > 6
                    && literal != "CARGO_MANIFEST_DIR"
                    && !values.contains(literal)
                    && literal
                        .bytes()
                        .all(|byte| byte == b'_' || byte.is_ascii_uppercase());
                if is_code && !page.contains(&format!("`{literal}`")) {
                    unexplained.insert(literal.to_owned());
                }
            }
        }
    }
    assert!(unexplained.is_empty(), "{unexplained:?}");
}
