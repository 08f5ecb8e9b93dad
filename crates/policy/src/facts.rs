//! Facts files: what is known about one incident, written down as TOML or JSON for `tocsin policy assess`. Free in
//! form (a day, a local time, an instant with its zone), strict in content: a name that nothing knows is an error.

mod read;

pub use read::{Asked, Bound, read_facts};
pub(crate) use read::{count, hold};

use domain::pack::Measure;
#[cfg(feature = "schema")]
use domain::pack::Moment;
use serde::{Deserialize, Deserializer, de};
use std::{collections::BTreeMap, fmt};

/// A point in time as people write it: `2026-03-02`, `2026-03-02T14:30` (in the zone of the file),
/// `2026-03-02T14:30:00-06:00`, or `2026-03-02T20:30:00Z`.
#[derive(Clone, Debug)]
pub(crate) struct Told(pub String);

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> de::Visitor<'de> for Reader {
            type Value = Told;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a day such as 2026-03-02 or a time such as 2026-03-02T14:30:00-06:00")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Told, E> {
                Ok(Told(text.to_owned()))
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Told, A::Error> {
                // TOML's own dates arrive as a map with a key of its own.
                let date = toml::value::Datetime::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Told(date.to_string()))
            }
        }
        d.deserialize_any(Reader)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Told {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "DayOrTime".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|z|[+-][0-9]{2}:[0-9]{2})?(\\[[A-Za-z0-9_+/-]+\\])?)?$",
            "description": "A day (2026-03-02), a local time in `zone` (2026-03-02T14:30), or an instant (2026-03-02T14:30:00-06:00, 2026-03-02T20:30:00Z)."
        })
    }
}

/// Everything known about one incident, and the packs that bind the unit it happened in.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", schemars(title = "Facts of one incident, for `tocsin policy assess`"))]
pub(crate) struct FactsText {
    /// The packs that bind the unit. A series (`us-mo/dmh`) takes the edition in force on the day of the first report;
    /// the id of one edition (`us-mo/dmh-2004`) takes that edition whatever the day.
    pub packs: Vec<String>,
    /// Where the unit's days begin: an IANA name such as `America/Chicago`. Needed by packs that count days where the
    /// unit is, and for times without an offset.
    pub zone: Option<String>,
    /// When the first report came in; it pins the editions. Without it, the earliest moment of the file.
    pub reported: Option<Told>,
    /// The moment for which open duties are called open or overdue. The dates do not depend on it.
    pub as_of: Option<Told>,
    /// What happened, and when, in short.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<Moment, Told>"))]
    pub happened: BTreeMap<String, Told>,
    /// The same at length: with whose knowledge it was and what shows it. A moment told twice counts once, the earlier.
    #[serde(default, alias = "event")]
    pub events: Vec<EventText>,
    /// Answers to the questions of the packs, by the id of the fact.
    #[serde(default)]
    pub answers: BTreeMap<String, AnswerText>,
    /// Every count of people ever made. A later one is added, never put in place of an earlier one.
    #[serde(default, alias = "count")]
    pub counts: Vec<CountText>,
    /// Requests for silence.
    #[serde(default, alias = "hold")]
    pub holds: Vec<HoldText>,
    /// What was done about duties.
    #[serde(default)]
    pub done: Vec<DoneText>,
}

/// Something that happened.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct EventText {
    /// What.
    #[cfg_attr(feature = "schema", schemars(with = "Moment"))]
    pub what: String,
    /// When.
    pub when: Told,
    /// Who did it or whose knowledge it was.
    pub who: Option<String>,
    /// What shows it.
    pub evidence: Option<String>,
}

/// `"yes"`, `"no"`, `"unknown"`, true, false, a number, or one of these with since when it is known.
#[derive(Clone, Debug)]
pub(crate) struct AnswerText {
    pub answer: Plain,
    pub since: Option<Told>,
}

/// An answer alone.
#[derive(Clone, Debug)]
pub(crate) enum Plain {
    Text(String),
    Number(u64),
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        AnswerText::deserialize(d).map(|a| a.answer)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Full {
    answer: Plain,
    since: Option<Told>,
    /// Read, so that it may be written; the engine has no use for it.
    #[serde(rename = "evidence")]
    _evidence: Option<String>,
}

impl<'de> Deserialize<'de> for AnswerText {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> de::Visitor<'de> for Reader {
            type Value = AnswerText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"yes\", \"no\", \"unknown\", true, false, a whole number, or { answer, since }")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<AnswerText, E> {
                Ok(plain(Plain::Text(text.to_owned())))
            }
            fn visit_bool<E: de::Error>(self, yes: bool) -> Result<AnswerText, E> {
                Ok(plain(Plain::Text(if yes { "yes" } else { "no" }.to_owned())))
            }
            fn visit_u64<E: de::Error>(self, n: u64) -> Result<AnswerText, E> {
                Ok(plain(Plain::Number(n)))
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<AnswerText, E> {
                let n = u64::try_from(n).map_err(|_| E::custom("a number of things is not negative"))?;
                Ok(plain(Plain::Number(n)))
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<AnswerText, A::Error> {
                let full = Full::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(AnswerText { answer: full.answer, since: full.since })
            }
        }
        d.deserialize_any(Reader)
    }
}

fn plain(answer: Plain) -> AnswerText {
    AnswerText { answer, since: None }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for AnswerText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Answer".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let time = generator.subschema_for::<Told>();
        let plain = schemars::json_schema!({ "anyOf": [
            { "enum": ["yes", "no", "unknown"] }, { "type": "boolean" }, { "type": "integer", "minimum": 0 }
        ] });
        schemars::json_schema!({
            "description": "yes, no, unknown, or a number; with `since` where the answer became known later",
            "anyOf": [
                plain,
                {
                    "type": "object",
                    "properties": { "answer": plain, "since": time, "evidence": { "type": "string" } },
                    "required": ["answer"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

/// One count of people. `people` for an exact number or the best estimate; `low` and `high` for its range.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct CountText {
    /// `affected` (taken where nothing is said), `notified` (one mailing), or `unreachable`.
    pub what: Option<Measure>,
    /// Where they live: two letters (`MO`), `all` (taken where nothing is said), or `unknown`.
    pub of: Option<String>,
    /// How many.
    #[serde(alias = "estimate")]
    pub people: Option<u64>,
    /// No fewer than.
    pub low: Option<u64>,
    /// No more than. Where only a range is known, this end counts.
    pub high: Option<u64>,
    /// The state of knowledge it describes.
    pub as_of: Option<Told>,
    /// `counted` or `estimated`.
    pub confidence: Option<Confidence>,
    /// Who counted, and from what.
    pub evidence: Option<String>,
}

/// How sure a number is.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Confidence {
    Counted,
    Estimated,
}

/// A request for silence.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldText {
    /// What it pauses: ids of regimes (`hipaa`), or of a pack for all of its regimes.
    pub regimes: Vec<String>,
    /// Who asked.
    pub official: String,
    /// For which agency.
    pub agency: String,
    /// `written` or `oral`.
    pub form: FormText,
    /// When it was said or received.
    pub stated: Told,
    /// The last day it asks for.
    pub until: Option<Told>,
    /// The day on which it was taken back.
    pub lifted: Option<Told>,
    /// On what ground, and what shows it.
    pub evidence: Option<String>,
}

/// How an official asked.
#[derive(Clone, Copy, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FormText {
    Written,
    Oral,
}

/// What was done about a duty: `evidence` that it was done, or why it does not apply, or who let it go.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct DoneText {
    /// The duty.
    pub rule: String,
    /// Its pack, where two packs use the same number.
    pub pack: Option<String>,
    /// When.
    pub at: Told,
    /// What shows that it was done.
    pub evidence: Option<String>,
    /// Why it does not apply.
    pub not_applicable: Option<String>,
    /// Who let it go, and by what authority; needs `reason`.
    pub waived_by: Option<String>,
    /// Why it was let go.
    pub reason: Option<String>,
}
