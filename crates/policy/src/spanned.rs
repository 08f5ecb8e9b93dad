//! A value with its place in the file, so that a diagnostic can point at it; in the published schema it is the value
//! alone.

use serde::{Deserialize, Deserializer};
use std::ops::Range;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spanned<T>(toml::Spanned<T>);

impl<T> Spanned<T> {
    /// A value that stands there.
    pub fn new(place: Range<usize>, value: T) -> Self {
        Self(toml::Spanned::new(place, value))
    }

    pub fn get_ref(&self) -> &T {
        self.0.get_ref()
    }

    /// Bytes from the beginning of the file.
    pub fn span(&self) -> Range<usize> {
        self.0.span()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        toml::Spanned::deserialize(d).map(Self)
    }
}

#[cfg(feature = "schema")]
pub(crate) use schema::{Day, DayOrNotStated, Free};

#[cfg(feature = "schema")]
mod schema {
    use super::Spanned;
    use schemars::{JsonSchema, Schema, SchemaGenerator};
    use std::borrow::Cow;

    impl<T: JsonSchema> JsonSchema for Spanned<T> {
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

    /// A civil day in a published schema: TOML writes it without quotes, and editors show it to the schema as text.
    pub struct Day;

    impl JsonSchema for Day {
        fn schema_name() -> Cow<'static, str> {
            "Day".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "A civil day: 2016-06-23" })
        }
    }

    /// A civil day, or the words `not stated`.
    pub struct DayOrNotStated;

    impl JsonSchema for DayOrNotStated {
        fn schema_name() -> Cow<'static, str> {
            "DayOrNotStated".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            schemars::json_schema!({ "type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}|not stated)$", "description": "A civil day, or \"not stated\"" })
        }
    }

    /// A day or a time, or an answer, where worked cases write one.
    pub struct Free;

    impl JsonSchema for Free {
        fn schema_name() -> Cow<'static, str> {
            "DayTimeOrAnswer".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            schemars::json_schema!({ "type": ["string", "integer", "boolean"] })
        }
    }
}
