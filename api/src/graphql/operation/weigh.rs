//! Weighing a plan: how deep it is, and how much it asks for.

use async_graphql::{Value, Variables};

use super::plan::{Field, Selection};

/// The default page size, where the request gives none.
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

/// Fields that are more work than others, and what each costs: texts that are read letter by letter.
const HEAVY: [(&str, u64); 1] = [("contributionScreening", 5_000)];

/// The weight of a part of an operation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Weight {
    /// Fields, those below a list as often as it has items, and heavy ones as what they cost.
    pub(super) cost: u64,
    /// Fields within each other.
    pub(super) depth: usize,
}

/// Weighs what is selected; of several types that an object may be of, the heaviest counts.
pub(super) fn weigh(selection: &Selection, variables: &Variables) -> Weight {
    let weights: Vec<Weight> = selection
        .fields
        .iter()
        .map(|field| weigh_field(field, variables))
        .collect();
    let sum =
        |of: &mut dyn Iterator<Item = &Weight>| of.fold(0, |sum, one| one.cost.saturating_add(sum));
    let cost = if selection.types.is_empty() {
        sum(&mut weights.iter())
    } else {
        let types = selection.types.iter().map(|fields| {
            let weights = &weights;
            sum(&mut fields.order.iter().filter_map(|index| weights.get(*index)))
        });
        types.max().unwrap_or(0)
    };
    Weight {
        cost,
        depth: weights.iter().map(|one| one.depth).max().unwrap_or(0),
    }
}

fn weigh_field(field: &Field, variables: &Variables) -> Weight {
    let own = HEAVY.iter().find(|(name, _)| field.name == *name);
    let own = own.map_or(1, |(_, cost)| *cost);
    let Some(selection) = &field.selection else {
        return Weight {
            cost: own,
            depth: 1,
        };
    };
    let below = weigh(selection, variables);
    let times = items(field, selection, variables);
    Weight {
        cost: below.cost.saturating_mul(times).saturating_add(own),
        depth: below.depth + 1,
    }
}

/// Returns the most items of the field, if it is a list that the client bounds; otherwise how
/// many it is taken to have.
fn items(field: &Field, below: &Selection, variables: &Variables) -> u64 {
    let bounds = field.arguments.iter().filter_map(|(name, value)| {
        if !matches!(name.as_str(), "first" | "last" | "ids") {
            return None;
        }
        match value.resolve(variables)? {
            Value::Number(number) => number.as_u64(),
            Value::List(items) => u64::try_from(items.len()).ok(),
            _ => None,
        }
    });
    let unasked = || {
        let is_page = |field: &Field| field.name == "edges" || field.name == "nodes";
        if below.fields.iter().any(is_page) {
            return PAGE;
        }
        let list = LISTS.iter().find(|(list, _)| field.name == *list);
        list.map_or(1, |(_, items)| *items)
    };
    bounds.max().unwrap_or_else(unasked).max(1)
}
