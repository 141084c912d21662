//! What an operation asks for: how deep, how much, and whether about who asks.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Value, Variables,
    parser::types::{
        ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
    },
};

/// How many items a list has where nothing says.
const PAGE: u64 = 20;

/// The items that lists without `first` are taken to have. What they really hold is charged while
/// the answer is made (`budget`).
const LISTS: [(&str, u64); 8] = [
    ("distribution", 5),
    ("marks", 5),
    ("options", 10),
    ("otherTexts", 20),
    ("questions", 5),
    ("resultsByAssurance", 4),
    ("resultsByChannel", 4),
    ("runs", 2),
];

/// Mutations that stand in an operation once: each try at a password, a link or a vote is a
/// request of its own, which limits by time can count.
const ONCE: [&str; 14] = [
    "accountErase",
    "accountPasswordReset",
    "accountPasswordResetRequest",
    "accountRegister",
    "accountVerifyEmail",
    "ballotCast",
    "ballotRetract",
    "secondFactorConfirm",
    "secondFactorEnroll",
    "sessionCreate",
    "sessionCreateFromLink",
    "sessionLinkRequest",
    "sessionRefresh",
    "visitorCreate",
];

/// Fields that are more work than others, and what each costs: texts that are read letter by letter.
const HEAVY: [(&str, u64); 1] = [("contributionScreening", 5_000)];

/// What a part of an operation asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Weight {
    /// Fields, those below a list as often as it has items, and heavy ones as what they cost.
    pub(super) cost: u64,
    /// Fields within each other.
    pub(super) depth: usize,
    /// It asks for the schema.
    pub(super) introspects: bool,
    /// It asks about who asks.
    pub(super) is_personal: bool,
    /// It selects the items of a page.
    is_page: bool,
}

impl Weight {
    fn and(self, other: Self) -> Self {
        Self {
            cost: self.cost.saturating_add(other.cost),
            depth: self.depth.max(other.depth),
            introspects: self.introspects || other.introspects,
            is_personal: self.is_personal || other.is_personal,
            is_page: self.is_page || other.is_page,
        }
    }
}

/// Weighs an operation of a document that passed the guard, so that it calls itself no deeper
/// than brackets nest and fragments are.
pub(super) fn weigh(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Weight {
    let defaults = operation
        .variable_definitions
        .iter()
        .filter_map(|definition| {
            let default = definition.node.default_value.as_ref()?;
            Some((&definition.node.name.node, &default.node))
        })
        .collect();
    let mut scale = Scale {
        document,
        variables,
        defaults,
        known: HashMap::new(),
    };
    scale.set(&operation.selection_set.node)
}

struct Scale<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    defaults: HashMap<&'a Name, &'a Value>,
    /// The fragments that were weighed.
    known: HashMap<&'a Name, Weight>,
}

impl<'a> Scale<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Weight {
        set.items
            .iter()
            .fold(Weight::default(), |weight, selection| {
                weight.and(match &selection.node {
                    Selection::Field(field) => self.field(&field.node),
                    Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node),
                    Selection::FragmentSpread(spread) => {
                        self.fragment(&spread.node.fragment_name.node)
                    }
                })
            })
    }

    fn fragment(&mut self, name: &'a Name) -> Weight {
        if let Some(weight) = self.known.get(name) {
            return *weight;
        }
        // One that is not there is the validation's to name.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Weight::default();
        };
        let weight = self.set(&fragment.node.selection_set.node);
        self.known.insert(name, weight);
        weight
    }

    fn field(&mut self, field: &'a Field) -> Weight {
        let name = field.name.node.as_str();
        let below = self.set(&field.selection_set.node);
        let times = self.items(field, below);
        Weight {
            cost: below.cost.saturating_mul(times).saturating_add(own(name)),
            depth: below.depth + 1,
            introspects: below.introspects || name == "__schema" || name == "__type",
            is_personal: below.is_personal || name.starts_with("viewer"),
            is_page: name == "edges" || name == "nodes",
        }
    }

    /// Returns the most items of the field, if it is a list that the client bounds; otherwise how
    /// many it is taken to have.
    fn items(&self, field: &Field, below: Weight) -> u64 {
        let argument = |name: &str| {
            let value = field.get_argument(name)?.node.clone();
            value
                .into_const_with(|name| self.variable(&name).ok_or(()))
                .ok()
        };
        let asked = ["first", "last", "ids"]
            .into_iter()
            .filter_map(|name| match argument(name)? {
                Value::Number(number) => number.as_u64(),
                Value::List(items) => u64::try_from(items.len()).ok(),
                _ => None,
            })
            .max();
        let unasked = if below.is_page {
            PAGE
        } else {
            let name = field.name.node.as_str();
            let list = LISTS.iter().find(|(list, _)| *list == name);
            list.map_or(1, |(_, items)| *items)
        };
        asked.unwrap_or(unasked).max(1)
    }

    fn variable(&self, name: &Name) -> Option<Value> {
        let given = self.variables.get(name);
        given.or_else(|| self.defaults.get(name).copied()).cloned()
    }
}

/// What a field costs by itself.
fn own(field: &str) -> u64 {
    let heavy = HEAVY.iter().find(|(name, _)| *name == field);
    heavy.map_or(1, |(_, cost)| *cost)
}

/// The first mutation that stands in the operation more often than it may.
pub(super) fn repeated<'a>(
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
) -> Option<&'a str> {
    if operation.ty != OperationType::Mutation {
        return None;
    }
    let mut seen = HashSet::new();
    let mut fields: HashMap<&str, &str> = HashMap::new();
    let mut sets = vec![&operation.selection_set.node];
    while let Some(set) = sets.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    let key = field.node.response_key().node.as_str();
                    // Under the same name it is the same field, and executed once.
                    if ONCE.contains(&name) && *fields.entry(name).or_insert(key) != key {
                        return Some(name);
                    }
                }
                Selection::InlineFragment(inline) => sets.push(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if seen.insert(name)
                        && let Some(fragment) = document.fragments.get(name)
                    {
                        sets.push(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
    None
}
