//! The rules of the house that the compiler does not know.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The aggregates, each importing only those before it.
const AGGREGATES: [&str; 10] = [
    "account",
    "partner",
    "theme",
    "story",
    "poll",
    "comment",
    "moderation",
    "embed",
    "privacy",
    "access",
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 7] = [
    "utils", "util", "helpers", "helper", "common", "misc", "manager",
];

const MEMBERS: [&str; 5] = ["api", "domain", "entity", "migration", "tests"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file of a member with its text, its path relative to the root.
fn sources(member: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(member)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !path.ends_with("target") && !path.ends_with("node_modules") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a readable file");
                let path = path
                    .strip_prefix(root())
                    .expect("below the root")
                    .to_owned();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{member} has no source");
    found
}

/// The crates that a member lists, in any of its dependency tables.
fn dependencies(member: &str) -> Vec<String> {
    let manifest = fs::read_to_string(root().join(member).join("Cargo.toml")).expect("a manifest");
    let mut listed = Vec::new();
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies");
        } else if inside && let Some((name, _)) = line.split_once(['.', '=', ' ']) {
            listed.push(name.trim().to_owned());
        }
    }
    assert!(!listed.is_empty(), "{member} lists nothing");
    listed
}

fn assert_none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn members_list_only_what_their_layer_may_import() {
    let forbidden: [(&str, &[&str]); 4] = [
        ("api", &["entity", "sea-orm", "sea-orm-migration", "sqlx"]),
        ("domain", &["async-graphql", "axum", "api", "migration"]),
        (
            "entity",
            &["api", "domain", "migration", "async-graphql", "axum"],
        ),
        ("migration", &["api", "domain", "entity"]),
    ];
    let mut found = Vec::new();
    for (member, forbidden) in forbidden {
        for name in dependencies(member) {
            if forbidden.contains(&name.as_str()) {
                found.push(format!("{member} lists {name}"));
            }
        }
    }
    assert_none(&found, "api → domain → entity, and migration apart");
}

#[test]
fn aggregates_import_only_earlier_ones() {
    let mut found = Vec::new();
    for (path, text) in sources("domain") {
        let folder = path
            .iter()
            .nth(2)
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let Some(own) = AGGREGATES.iter().position(|name| *name == folder) else {
            continue;
        };
        for later in &AGGREGATES[own + 1..] {
            if imports(&text, later) {
                found.push(format!("{} imports {later}", path.display()));
            }
        }
    }
    assert_none(&found, "upward talk goes by event or job");
}

/// Whether a file names a module of its crate, alone or in a group of imports.
fn imports(text: &str, module: &str) -> bool {
    if text.contains(&format!("crate::{module}::")) || text.contains(&format!("crate::{module};")) {
        return true;
    }
    text.split("use crate::{").skip(1).any(|group| {
        let group = group.split(';').next().unwrap_or_default();
        group
            .split([',', '{', '}', '\n', ' '])
            .any(|name| name == module || name.starts_with(&format!("{module}::")))
    })
}

#[test]
fn imports_are_found_alone_and_in_groups() {
    assert!(imports("use crate::poll::Poll;", "poll"));
    assert!(imports(
        "use crate::{\n    id::PollId,\n    poll::Poll,\n};",
        "poll"
    ));
    assert!(!imports("use crate::{id::PollId, theme::Theme};", "poll"));
}

#[test]
fn only_stores_name_the_database_library() {
    let mut found = Vec::new();
    for member in ["domain", "api"] {
        for (path, text) in sources(member) {
            let allowed = path.ends_with("store.rs")
                || path.iter().any(|part| part == "store")
                || path.ends_with("domain/src/database.rs")
                || path.starts_with("domain/src/database")
                || path.ends_with("job/queue.rs");
            if !allowed && text.contains("sea_orm") {
                found.push(path.display().to_string());
            }
        }
    }
    assert_none(
        &found,
        "only store.rs, database.rs and job/queue.rs name sea_orm",
    );
}

#[test]
fn files_are_short_and_named_for_what_they_hold() {
    let mut found = Vec::new();
    for member in MEMBERS {
        for (path, text) in sources(member) {
            let lines = text.lines().count();
            if lines > 400 {
                found.push(format!("{} has {lines} lines", path.display()));
            }
            let name = path
                .file_stem()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let folder = path
                .parent()
                .and_then(Path::file_name)
                .and_then(|name| name.to_str());
            if EMPTY_NAMES.contains(&name) || folder.is_some_and(|name| EMPTY_NAMES.contains(&name))
            {
                found.push(format!(
                    "{} says nothing about what it holds",
                    path.display()
                ));
            }
        }
    }
    assert_none(&found, "no file over 400 lines, no name without meaning");
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    let mut found = Vec::new();
    for member in ["api", "domain", "entity", "migration"] {
        for (path, text) in sources(member) {
            if text.contains("#[allow") || text.contains("#![allow") {
                found.push(path.display().to_string());
            }
        }
    }
    assert_none(&found, "#[expect(…, reason = \"…\")], never #[allow]");
}

/// A browser cuts what is pasted into a field with `maxlength`, in UTF-16 code units and in silence:
/// of a password, something else would be kept than its owner has.
#[test]
fn no_field_cuts_what_is_typed() {
    let mut folders = vec![root().join("api/assets"), root().join("api/src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if fs::read_to_string(&path).is_ok_and(|text| cuts(&text)) {
                found.push(path.display().to_string());
            }
        }
    }
    assert_none(&found, "no field has a maxlength");
}

/// Returns true if the attribute is given to a field, in HTML or by a script.
fn cuts(text: &str) -> bool {
    let text = text.to_lowercase();
    ["maxlength=", "maxlength:", ".maxlength"]
        .iter()
        .any(|given| text.contains(given))
}

#[test]
fn browser_code_that_shows_times_names_the_zone() {
    let mut folders = vec![root().join("api/assets")];
    let mut shown = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "js") {
                let text = fs::read_to_string(&path).expect("a readable file");
                let formats = [
                    "DateTimeFormat(",
                    "toLocaleTimeString(",
                    "toLocaleDateString(",
                ];
                let uses: usize = formats.iter().map(|name| text.matches(name).count()).sum();
                let zones = text.matches("timeZone:").count();
                assert!(
                    zones >= uses,
                    "{}: {uses} times, {zones} zones",
                    path.display()
                );
                shown += uses;
            }
        }
    }
    assert!(shown > 0, "no browser code shows a time");
}
