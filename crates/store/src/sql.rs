//! Statements that are put together from parts, with their values apart.
//! Never puts a value into the text of a statement.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::error::StoreError;

/// Values that one statement carries where many rows are inserted: SQLite looks for each among all others, so that 32,000
/// take a thousand times as long as 1,000.
const VALUES_MAX: usize = 1_000;

/// Characters of a search that are looked for; SQLite refuses patterns of many thousand.
const PATTERN_CHARS_MAX: usize = 200;

/// A value of a statement.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(value.into())
    }
}

impl From<crate::At> for Value {
    fn from(at: crate::At) -> Self {
        Self::Int(at.0)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        value.to_owned().into()
    }
}

impl From<String> for Value {
    /// PostgreSQL refuses the character that ends a text in C, which nobody types: it is left out.
    fn from(value: String) -> Self {
        Self::Text(if value.contains('\0') {
            value.replace('\0', "")
        } else {
            value
        })
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

/// A statement: text with `$1`, `$2` … and the values for them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    text: String,
    values: Vec<Value>,
}

impl Query {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            values: Vec::new(),
        }
    }

    /// More text.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// A value in this place.
    pub(crate) fn value(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Text, then a value.
    pub(crate) fn with(&mut self, text: &str, value: impl Into<Value>) -> &mut Self {
        self.push(text).value(value)
    }

    /// Text, then a whole number as it reads: PostgreSQL plans a short page differently from a whole list, if it knows.
    pub(crate) fn literally(&mut self, text: &str, number: i64) -> &mut Self {
        self.push(text).push(&number.to_string())
    }

    /// `($1, $2 …)`
    pub(crate) fn list(&mut self, values: impl IntoIterator<Item = impl Into<Value>>) -> &mut Self {
        for (at, value) in values.into_iter().enumerate() {
            self.with(if at == 0 { "(" } else { ", " }, value);
        }
        self.push(")")
    }

    pub(crate) async fn all(self, conn: &mut AnyConnection) -> Result<Vec<AnyRow>, StoreError> {
        Ok(bound(self).fetch_all(conn).await?)
    }

    pub(crate) async fn one(self, conn: &mut AnyConnection) -> Result<Option<AnyRow>, StoreError> {
        Ok(bound(self).fetch_optional(conn).await?)
    }

    /// The first column of the first row, which is a count.
    pub(crate) async fn count(self, conn: &mut AnyConnection) -> Result<u64, StoreError> {
        let row = bound(self).fetch_one(conn).await?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }

    /// Rows changed.
    pub(crate) async fn run(self, conn: &mut AnyConnection) -> Result<u64, StoreError> {
        Ok(bound(self).execute(conn).await?.rows_affected())
    }
}

fn bound<'q>(query: Query) -> sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments> {
    let mut bound = sqlx::query(AssertSqlSafe(query.text));
    for value in query.values {
        bound = match value {
            Value::Int(value) => bound.bind(value),
            Value::Text(value) => bound.bind(value),
            Value::Bytes(value) => bound.bind(value),
        };
    }
    bound
}

/// Inserts rows, many at a time. `into` is `INSERT INTO table (columns) VALUES `.
pub(crate) async fn insert_many(
    conn: &mut AnyConnection,
    into: &str,
    rows: &[Vec<Value>],
) -> Result<(), StoreError> {
    let width = rows.first().map_or(1, Vec::len).max(1);
    for chunk in rows.chunks(VALUES_MAX / width) {
        let mut query = Query::new(into);
        for (at, row) in chunk.iter().enumerate() {
            if at > 0 {
                query.push(", ");
            }
            query.list(row.iter().cloned());
        }
        query.run(conn).await?;
    }
    Ok(())
}

/// A text column.
pub(crate) fn text(row: &AnyRow, column: &str) -> Result<String, StoreError> {
    Ok(row.try_get::<String, _>(column)?)
}

/// A whole number.
pub(crate) fn int(row: &AnyRow, column: &str) -> Result<i64, StoreError> {
    Ok(row.try_get::<i64, _>(column)?)
}

/// Bytes.
pub(crate) fn bytes(row: &AnyRow, column: &str) -> Result<Vec<u8>, StoreError> {
    Ok(row.try_get::<Vec<u8>, _>(column)?)
}

/// A moment.
pub(crate) fn at(row: &AnyRow, column: &str) -> Result<crate::At, StoreError> {
    int(row, column).map(crate::At)
}

/// A text to look for anywhere in a column, as `LIKE … ESCAPE '\'` takes it.
pub(crate) fn like(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars().take(PATTERN_CHARS_MAX) {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.extend(c.to_lowercase());
    }
    pattern.push('%');
    pattern
}
