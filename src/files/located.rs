//! Values with the position that they were read from, so that every mistake can be shown where it stands.

use std::{borrow::Cow, cmp::Ordering, ops::Deref, sync::Arc};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use crate::diagnostic::{Place, SourceFile};

/// A value of a YAML file, with its line and column. Compared by its value alone, so that it can be a map's key.
#[derive(Clone, Debug)]
pub struct At<T> {
    value: T,
    /// Line and column, counted from 1, the column in characters; and the length in characters.
    line: usize,
    column: usize,
    length: usize,
}

/// A name with its position: of a node, a script, a line.
pub type Name = At<String>;

impl<T> At<T> {
    pub(crate) fn new(value: T, line: u64, column: u64, length: u64) -> At<T> {
        let index = |n| usize::try_from(n).unwrap_or(0);
        At { value, line: index(line), column: index(column), length: index(length) }
    }

    /// Where it stands in `file`.
    pub fn place(&self, file: &Arc<SourceFile>) -> Place {
        let text = &file.text;
        let line_start: usize = text.split_inclusive('\n').take(self.line.saturating_sub(1)).map(str::len).sum();
        let chars = |from: usize, n: usize| text[from..].char_indices().nth(n).map_or(text.len(), |(at, _)| from + at);
        let start = chars(line_start, self.column.saturating_sub(1));
        let end = chars(start, self.length.max(1));
        Place { file: file.clone(), span: start..end.max(start) }
    }
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for At<T> {
    fn eq(&self, other: &At<T>) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for At<T> {}

impl<T: Ord> PartialOrd for At<T> {
    fn partial_cmp(&self, other: &At<T>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord> Ord for At<T> {
    fn cmp(&self, other: &At<T>) -> Ordering {
        self.value.cmp(&other.value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<At<T>, D::Error> {
        let spanned = Spanned::<T>::deserialize(deserializer)?;
        let at = spanned.referenced;
        Ok(At::new(spanned.value, at.line(), at.column(), at.span().len()))
    }
}

/// Where it stands is no part of what may be written.
impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A value with the file that it came from.
#[derive(Debug)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its file.
    pub file: Arc<SourceFile>,
}
