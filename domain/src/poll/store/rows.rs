//! Rows of values as the source of a statement.
//!
//! On `PostgreSQL` each column travels as one array: the text of the statement is the same for
//! any number of rows, so that it stays prepared and planned. `SQLite` has no arrays; there the
//! rows stand in the text, a bounded number at a time.

use sea_orm::{
    ConnectionTrait, DatabaseBackend, DbErr, FromQueryResult, Statement, Value,
    sea_query::ArrayType,
};

use crate::clock::Instant;

/// Parameters of one statement that `SQLite` takes.
const PARAMETERS: usize = 32_766;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bytes,
    Flag,
    Instant,
    Integer,
    Number,
    Text,
    Uuid,
    /// An instant or null, which an array cannot hold: made by [`optional`].
    OptionalInstant,
    /// A text that is not empty, or null.
    OptionalText,
    /// A UUID or null.
    OptionalUuid,
}

/// Returns the text that joins what stands before it with the rows of `table` that match: looked up
/// row by row, by an index, and in no other way. A plain join leaves that to the planner, which
/// reads a whole table where it was analysed while it was empty.
pub(super) fn look_up(backend: DatabaseBackend, table: &str, matches: &str) -> String {
    match backend {
        // `OFFSET 0` keeps the planner from making a plain join of it.
        DatabaseBackend::Postgres => format!(
            "CROSS JOIN LATERAL (SELECT * FROM {table} WHERE {matches} OFFSET 0) AS {table}"
        ),
        // `SQLite` never reorders a cross join.
        _ => format!("CROSS JOIN {table} ON {matches}"),
    }
}

/// Rows of values.
#[derive(Debug)]
pub(super) struct Rows<const N: usize> {
    kinds: [Kind; N],
    rows: Vec<[Value; N]>,
}

/// The value of a column of [`Kind::OptionalInstant`].
pub(super) fn optional(instant: Option<Instant>) -> Value {
    Value::from(instant)
}

impl Kind {
    fn array(self) -> (ArrayType, &'static str) {
        match self {
            Self::Bytes => (ArrayType::Bytes, "bytea"),
            Self::Flag => (ArrayType::Bool, "boolean"),
            Self::Instant => (ArrayType::ChronoDateTimeUtc, "timestamptz"),
            Self::Integer => (ArrayType::Int, "integer"),
            Self::Number => (ArrayType::BigInt, "bigint"),
            Self::Text | Self::OptionalInstant | Self::OptionalText | Self::OptionalUuid => {
                (ArrayType::String, "text")
            }
            Self::Uuid => (ArrayType::Uuid, "uuid"),
        }
    }

    /// A value as an element of an array.
    fn element(self, value: Value) -> Value {
        match (self, value) {
            (Self::OptionalInstant, Value::ChronoDateTimeUtc(instant)) => {
                let text = instant.map_or_else(String::new, |instant| instant.to_rfc3339());
                Value::from(text)
            }
            (Self::OptionalText, Value::String(text)) => Value::from(text.unwrap_or_default()),
            (Self::OptionalUuid, Value::Uuid(uuid)) => {
                Value::from(uuid.map_or_else(String::new, |uuid| uuid.to_string()))
            }
            (_, value) => value,
        }
    }
}

impl<const N: usize> Rows<N> {
    /// Rows with columns of these kinds.
    pub(super) fn new(kinds: [Kind; N], rows: impl IntoIterator<Item = [Value; N]>) -> Self {
        Self {
            kinds,
            rows: rows.into_iter().collect(),
        }
    }

    /// Runs `text`, in which `{rows}` stands for the rows, if there are any.
    pub(super) async fn execute(
        self,
        connection: &impl ConnectionTrait,
        text: &str,
    ) -> Result<(), DbErr> {
        for statement in self.statements(connection.get_database_backend(), text) {
            connection.execute_raw(statement).await?;
        }
        Ok(())
    }

    /// What `text` finds, in which `{rows}` stands for the rows, if there are any.
    pub(super) async fn query<T: FromQueryResult>(
        self,
        connection: &impl ConnectionTrait,
        text: &str,
    ) -> Result<Vec<T>, DbErr> {
        let mut found = Vec::new();
        for statement in self.statements(connection.get_database_backend(), text) {
            for row in connection.query_all_raw(statement).await? {
                found.push(T::from_query_result(&row, "")?);
            }
        }
        Ok(found)
    }

    /// Returns `selected` of what [`look_up`] finds for the rows, whose columns are `names` of `asked`:
    /// in one table after the other, each by what matches.
    pub(super) async fn look_up<T: FromQueryResult>(
        self,
        connection: &impl ConnectionTrait,
        names: &str,
        selected: &str,
        tables: &[(&str, &str)],
    ) -> Result<Vec<T>, DbErr> {
        let backend = connection.get_database_backend();
        let found: Vec<String> = tables
            .iter()
            .map(|(table, matches)| look_up(backend, table, matches))
            .collect();
        let found = found.join(" ");
        let text =
            format!("WITH asked ({names}) AS ({{rows}}) SELECT {selected} FROM asked {found}");
        self.query(connection, &text).await
    }

    fn statements(self, backend: DatabaseBackend, text: &str) -> Vec<Statement> {
        if self.rows.is_empty() {
            Vec::new()
        } else if backend == DatabaseBackend::Postgres {
            vec![self.arrays(text)]
        } else {
            self.lists(backend, text)
        }
    }

    fn arrays(self, text: &str) -> Statement {
        let mut columns: [Vec<Value>; N] = std::array::from_fn(|_| Vec::new());
        for row in self.rows {
            for ((column, value), kind) in columns.iter_mut().zip(row).zip(self.kinds) {
                column.push(kind.element(value));
            }
        }
        let (mut names, mut taken, mut arrays) = (Vec::new(), Vec::new(), Vec::new());
        let mut values = Vec::with_capacity(N);
        for ((column, kind), number) in columns.into_iter().zip(self.kinds).zip(1..) {
            let (array, name) = kind.array();
            names.push(format!("c{number}"));
            taken.push(match kind {
                Kind::OptionalInstant => format!("NULLIF(c{number}, '')::timestamptz"),
                Kind::OptionalText => format!("NULLIF(c{number}, '')"),
                Kind::OptionalUuid => format!("NULLIF(c{number}, '')::uuid"),
                _ => format!("c{number}"),
            });
            arrays.push(format!("${number}::{name}[]"));
            values.push(Value::Array(array, Some(Box::new(column))));
        }
        let rows = format!(
            "SELECT {} FROM UNNEST({}) AS given ({})",
            taken.join(", "),
            arrays.join(", "),
            names.join(", ")
        );
        let text = text.replace("{rows}", &rows);
        Statement::from_sql_and_values(DatabaseBackend::Postgres, text, values)
    }

    fn lists(self, backend: DatabaseBackend, text: &str) -> Vec<Statement> {
        let row = format!("({})", ["?"; N].join(", "));
        let mut rows = self.rows.into_iter();
        let mut statements = Vec::new();
        loop {
            let values: Vec<Value> = rows.by_ref().take(PARAMETERS / N).flatten().collect();
            if values.is_empty() {
                return statements;
            }
            let list = vec![row.as_str(); values.len() / N].join(", ");
            let text = text.replace("{rows}", &format!("VALUES {list}"));
            statements.push(Statement::from_sql_and_values(backend, text, values));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: i32) -> Rows<2> {
        let rows = (0..count).map(|number| [Value::from(number), optional(None)]);
        Rows::new([Kind::Integer, Kind::OptionalInstant], rows)
    }

    #[test]
    fn arrays_have_one_text_for_any_number_of_rows() {
        let of = |count| rows(count).statements(DatabaseBackend::Postgres, "SELECT ({rows})");
        let (one, many) = (of(1), of(100_000));
        assert_eq!((one.len(), many.len()), (1, 1));
        assert_eq!(one[0].sql, many[0].sql);
        assert_eq!(
            one[0].sql,
            "SELECT (SELECT c1, NULLIF(c2, '')::timestamptz FROM UNNEST($1::integer[], $2::text[]) AS given (c1, c2))"
        );
    }

    #[test]
    fn lists_keep_to_the_bound_of_parameters() {
        let of = |count| rows(count).statements(DatabaseBackend::Sqlite, "{rows}");
        assert_eq!(of(2)[0].sql, "VALUES (?, ?), (?, ?)");
        let many = of(40_000);
        assert_eq!(many.len(), 3);
        let values = many.iter().filter_map(|one| one.values.as_ref());
        let counts: Vec<usize> = values.map(|values| values.0.len()).collect();
        assert_eq!(counts, [32_766, 32_766, 14_468]);
    }

    #[test]
    fn no_rows_are_no_statement() {
        assert!(
            rows(0)
                .statements(DatabaseBackend::Postgres, "{rows}")
                .is_empty()
        );
        assert!(
            rows(0)
                .statements(DatabaseBackend::Sqlite, "{rows}")
                .is_empty()
        );
    }
}
