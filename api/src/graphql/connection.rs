//! Relay connections: a page of a list with cursors, and the length of the whole list where it
//! is asked for.

use std::borrow::Cow;

use async_graphql::{Context, Object, OutputType, TypeName, connection::PageInfo};
use domain::{
    Error,
    page::{self, Page, Paging},
};
use futures_util::future::BoxFuture;

use super::error::Failure;

/// Counts a whole list, when `totalCount` is asked for.
type Count = Box<dyn Fn() -> BoxFuture<'static, domain::Result<u64>> + Send + Sync>;

/// A page of a list.
pub(crate) struct Connection<T> {
    page: Page<T>,
    count: Count,
}

/// An item of a page.
pub(crate) struct Edge<T> {
    inner: page::Edge<T>,
}

impl<T> Connection<T> {
    /// `page` as a connection; `count` is called only if `totalCount` is selected.
    pub(crate) fn new<U, F>(page: Page<U>, count: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        U: Into<T>,
        F: Future<Output = domain::Result<u64>> + Send + 'static,
    {
        Self {
            page: page.map(U::into),
            count: Box::new(move || Box::pin(count())),
        }
    }
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// A page of a list (Relay cursor connections).
#[Object(name_type)]
impl<T: OutputType> Connection<T> {
    /// The items of this page with their cursors.
    async fn edges(&self) -> Vec<Edge<&T>> {
        self.page
            .edges
            .iter()
            .map(|edge| Edge {
                inner: page::Edge {
                    cursor: edge.cursor.clone(),
                    node: &edge.node,
                },
            })
            .collect()
    }

    /// The items of this page.
    async fn nodes(&self) -> Vec<&T> {
        self.page.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page stands in the list.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.page.has_previous,
            has_next_page: self.page.has_next,
            start_cursor: self.page.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: self.page.edges.last().map(|edge| edge.cursor.clone()),
        }
    }

    /// How many items the whole list has. Costs a statement of its own; ask for it where it is
    /// shown.
    async fn total_count(&self, _ctx: &Context<'_>) -> async_graphql::Result<u64> {
        Ok((self.count)().await.map_err(Failure::from)?)
    }
}

/// An item of a page.
#[Object(name_type)]
impl<T: OutputType> Edge<T> {
    /// Opaque; good for `after` and `before` of the same list with the same filter and order.
    async fn cursor(&self) -> &str {
        &self.inner.cursor
    }

    /// The item.
    async fn node(&self) -> &T {
        &self.inner.node
    }
}

/// The page that a client asks for.
pub(crate) fn paging(
    first: Option<i32>,
    after: Option<String>,
    last: Option<i32>,
    before: Option<String>,
) -> Paging {
    Paging {
        first,
        after,
        last,
        before,
    }
}

/// A page or the failure that says which argument was wrong.
pub(crate) fn page<T>(result: Result<Page<T>, Error<page::Invalid>>) -> Result<Page<T>, Failure> {
    result.map_err(Failure::from)
}
