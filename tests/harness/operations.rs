//! The operations that clients send, as `tests/contract/operations/` holds them, and those of our
//! own beside them, in `tests/contract/own/`.

use std::{collections::BTreeMap, path::PathBuf, sync::OnceLock};

use apollo_compiler::ast::{Definition, Document, OperationType, Selection};

/// An operation as a client sends it: alone, with the fragments that it uses.
#[derive(Debug)]
pub struct Operation {
    /// The file that it stands in, such as `themes.graphql`.
    pub file: String,
    /// Its text, with the fragments that it uses.
    pub document: String,
    /// Whether it is a subscription.
    pub is_subscription: bool,
}

/// Every operation by its name.
pub fn operations() -> &'static BTreeMap<String, Operation> {
    static OPERATIONS: OnceLock<BTreeMap<String, Operation>> = OnceLock::new();
    OPERATIONS.get_or_init(read)
}

/// The operation with this name.
///
/// # Panics
/// If there is none.
pub fn operation(name: &str) -> &'static Operation {
    operations()
        .get(name)
        .unwrap_or_else(|| panic!("the contract has no operation {name}"))
}

fn read() -> BTreeMap<String, Operation> {
    let contract = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("contract");
    let files = ["operations", "own"].into_iter().flat_map(|folder| {
        std::fs::read_dir(contract.join(folder)).expect("the contract is there")
    });
    let mut operations = BTreeMap::new();
    for entry in files {
        let path = entry.expect("a file of the contract").path();
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let document = Document::parse(text, &path).expect("well-formed GraphQL");
        let file = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        for definition in &document.definitions {
            let Definition::OperationDefinition(operation) = definition else {
                continue;
            };
            let mut used = Vec::new();
            fragments(&document, &operation.selection_set, &mut used);
            let mut text = operation.to_string();
            for fragment in used {
                text.push_str("\n\n");
                text.push_str(&fragment);
            }
            let name = operation.name.as_ref().expect("every operation has a name");
            let earlier = operations.insert(
                name.to_string(),
                Operation {
                    file: file.clone(),
                    document: text,
                    is_subscription: operation.operation_type == OperationType::Subscription,
                },
            );
            assert!(earlier.is_none(), "two operations are called {name}");
        }
    }
    operations
}

fn fragments(document: &Document, selections: &[Selection], used: &mut Vec<String>) {
    for selection in selections {
        match selection {
            Selection::Field(field) => fragments(document, &field.selection_set, used),
            Selection::InlineFragment(inline) => {
                fragments(document, &inline.selection_set, used);
            }
            Selection::FragmentSpread(spread) => {
                let fragment = document
                    .definitions
                    .iter()
                    .find_map(|definition| match definition {
                        Definition::FragmentDefinition(fragment)
                            if fragment.name == spread.fragment_name =>
                        {
                            Some(fragment)
                        }
                        _ => None,
                    })
                    .expect("a fragment that is spread is there");
                let text = fragment.to_string();
                if !used.contains(&text) {
                    used.push(text);
                    fragments(document, &fragment.selection_set, used);
                }
            }
        }
    }
}
