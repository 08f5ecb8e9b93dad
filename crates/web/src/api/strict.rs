//! JSON read so that two readers cannot understand two different things: no key twice, no unknown field, bounded depth.

use super::problem::Problem;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// The largest body, in bytes: every text of a report at its limit, four bytes a character.
pub const LARGEST: usize = 1024 * 1024;
/// How deep arrays and objects may lie in one another; a report needs five.
const DEEPEST: u8 = 12;

/// A body of JSON, strictly read.
pub struct Strict<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Strict<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(&request) {
            return Err(Problem::not_json());
        }
        let body: Body = request.into_body();
        let bytes = match Limited::new(body, LARGEST).collect().await {
            Ok(all) => all.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => return Err(Problem::too_large(LARGEST)),
            Err(_) => return Err(Problem::unreadable("The body broke off.")),
        };
        parse(&bytes).map(Self)
    }
}

fn is_json(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let mut parts = kind.split(';').map(|part| part.trim().to_ascii_lowercase());
    let plain = request.headers().get(header::CONTENT_ENCODING).is_none_or(|coding| coding == "identity");
    parts.next().as_deref() == Some("application/json")
        && parts.all(|p| p.is_empty() || p == "charset=utf-8" || p == "charset=\"utf-8\"")
        && plain
}

/// Reads bytes: first that they say one thing, then what.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::unreadable("The body is not UTF-8."))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    Whole { depth: 0 }
        .deserialize(&mut reader)
        .and_then(|()| reader.end())
        .map_err(|error| Problem::unreadable(format!("The body is not sound JSON: {error}.")))?;
    serde_json::from_str(text).map_err(|error| Problem::not_possible(format!("The body does not fit: {error}.")))
}

/// Walks over any value and keeps nothing.
struct Whole {
    depth: u8,
}

impl Whole {
    fn below<E: Error>(&self) -> Result<Self, E> {
        if self.depth >= DEEPEST { Err(E::custom("nested too deep")) } else { Ok(Self { depth: self.depth + 1 }) }
    }
}

impl<'de> DeserializeSeed<'de> for Whole {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Whole {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let below = self.below()?.depth;
        while list.next_element_seed(Self { depth: below })?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let below = self.below()?.depth;
        let mut keys = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            map.next_value_seed(Self { depth: below })?;
            if keys.contains(&key) {
                return Err(A::Error::custom("a key stands there twice"));
            }
            keys.insert(key);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Two {
        a: u8,
        #[serde(default)]
        b: Vec<serde_json::Value>,
    }

    #[test]
    fn a_body_says_one_thing_or_is_refused() {
        let status = |text: &[u8]| parse::<Two>(text).map_or_else(|problem| problem.status, |_| 200);
        let deep = format!("{{\"a\":1,\"b\":[{}1{}]}}", "[".repeat(20), "]".repeat(20));
        let cases: [(&[u8], u16); 9] = [
            (b"{\"a\":1,\"b\":[null,true,1.5,-1,\"x\",{\"c\":[]}]}", 200),
            (b"{\"a\":1,\"a\":1}", 400),
            (b"{\"a\":1,\"b\":[{\"c\":1,\"c\":2}]}", 400),
            (b"{\"a\":1,\"\\u0061\":2}", 400),
            (b"{\"a\":1} {}", 400),
            (b"{\"a\":\"\xff\"}", 400),
            (b"{\"a\":1,\"c\":2}", 422),
            (b"{\"a\":300}", 422),
            (deep.as_bytes(), 400),
        ];
        for (text, expected) in cases {
            assert_eq!(status(text), expected, "{}", String::from_utf8_lossy(text));
        }
    }
}
