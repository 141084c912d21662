//! Results that were rendered lately. Everyone whose ballot was in one batch gets the same results,
//! and clients ask for them in the same few ways: a field of a plan is rendered once
//! for each state of the results and language.

use std::sync::Arc;

use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, Value,
    parser::types::{Field, Selection, SelectionSet},
};
use domain::{Locale, poll, recent::Recent};

use crate::graphql::context::RequestContext;

/// Renderings of a generation; see [`Recent`].
const MOST: usize = 64;

/// The renderings that are at hand. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Renderings(Arc<Recent<Key, Rendering>>);

/// What a rendering is of. The address of results says which they are as long as the rendering
/// holds them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    results: usize,
    plan: u64,
    /// The number of the field in the plan.
    field: usize,
    locale: Locale,
}

#[derive(Clone)]
struct Rendering {
    results: Arc<poll::QuestionResults>,
    value: Arc<Value>,
}

impl Default for Renderings {
    fn default() -> Self {
        Self(Arc::new(Recent::new(MOST)))
    }
}

/// Resolves `field` of these results by `fresh`, or gives what that gave before.
pub(super) async fn rendered(
    results: &Arc<poll::QuestionResults>,
    fresh: &impl OutputType,
    ctx: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
) -> ServerResult<Value> {
    let (Some(renderings), Some(request)) = (
        ctx.data_opt::<Renderings>(),
        ctx.data_opt::<RequestContext>(),
    ) else {
        return fresh.resolve(ctx, field).await;
    };
    let Some(plan) = request.plan else {
        return fresh.resolve(ctx, field).await;
    };
    let key = Key {
        results: Arc::as_ptr(results).addr(),
        plan,
        field: field.node.name.pos.column,
        locale: request.locale,
    };
    if let Some(rendering) = renderings.0.get(&key)
        && Arc::ptr_eq(&rendering.results, results)
    {
        return Ok(Value::clone(&rendering.value));
    }
    let value = fresh.resolve(ctx, field).await?;
    if is_plain(&field.node.selection_set.node) {
        let rendering = Rendering {
            results: Arc::clone(results),
            value: Arc::new(value.clone()),
        };
        renderings.0.put(key, rendering);
    }
    Ok(value)
}

/// Returns true if a selection gives the same whatever the variables: no field takes an argument.
/// Plans have no fragments with a name.
fn is_plain(set: &SelectionSet) -> bool {
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => {
            field.node.arguments.is_empty() && is_plain(&field.node.selection_set.node)
        }
        Selection::InlineFragment(inline) => is_plain(&inline.node.selection_set.node),
        Selection::FragmentSpread(_) => false,
    })
}
