//! Paper forms as they stand in a pack.

use super::{BothAt, Word};
use domain::pack::{BoxKind, FormPart, Moment};
use serde::Deserialize;

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    pub id: Word,
    pub title: BothAt,
    pub issuer: String,
    pub edition: String,
    #[serde(rename = "box")]
    pub boxes: Vec<FormBox>,
    pub send_line: BothAt,
    pub send_to: Word,
    pub attach_line: BothAt,
    pub meets: Option<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct FormBox {
    pub id: Word,
    #[serde(default)]
    pub numeral: String,
    pub label: BothAt,
    pub part: FormPart,
    pub kind: BoxKind,
    pub limit: Option<u32>,
    #[serde(default)]
    pub required: Required,
    #[serde(default)]
    pub or_reason: bool,
    /// A fact under which a reason does not do.
    pub reason_unless: Option<Word>,
    /// The box whose day comes first.
    pub not_before: Option<Word>,
    /// The moment that the day in this box tells.
    pub tells: Option<Moment>,
    /// The signature box whose signing sets this day.
    pub set_by: Option<Word>,
    /// The choice that makes this box needed.
    pub goes_with: Option<Word>,
    #[serde(default, rename = "choice")]
    pub choices: Vec<BoxChoice>,
    pub help: Option<String>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct BoxChoice {
    pub id: Word,
    pub label: BothAt,
    #[serde(default)]
    pub needs_words: bool,
    #[serde(default)]
    pub nothing: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Required {
    #[default]
    Never,
    ToSign,
    ToComplete,
}
