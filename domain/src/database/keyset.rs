//! Paging by keyset.

use sea_orm::{
    ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select, Value,
    sea_query::{Expr, ExprTrait},
};

use crate::page::{Sort, Window};

/// `select` sorted by `column` and then `id`, both `direction`, and cut to `window`, one row
/// more than its limit so that the page knows whether it is the last.
pub fn keyset<E: EntityTrait>(
    select: Select<E>,
    column: impl ColumnTrait,
    id: impl ColumnTrait,
    direction: &Order,
    window: &Window,
) -> Select<E> {
    let descending = (*direction == Order::Desc) != window.backward;
    let select = match &window.from {
        None => select,
        Some(key) => {
            let value = match &key.sort {
                Sort::Number(number) => Value::from(*number),
                Sort::Instant(instant) => Value::from(*instant),
                Sort::Text(text) => Value::from(text.clone()),
            };
            let row = Expr::tuple([
                Expr::col(column.as_column_ref()),
                Expr::col(id.as_column_ref()),
            ]);
            let from = Expr::tuple([Expr::val(value), Expr::val(key.id)]);
            select.filter(if descending {
                row.lt(from)
            } else {
                row.gt(from)
            })
        }
    };
    let order = if descending { Order::Desc } else { Order::Asc };
    select
        .order_by(column, order.clone())
        .order_by(id, order)
        .limit(u64::from(window.limit) + 1)
}
