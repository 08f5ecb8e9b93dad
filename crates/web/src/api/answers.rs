//! Answers of programs to the questions that only a policy asks: read by the rules of the public form, refused by name.

use super::problem::Problem;
use super::reports::{Slug, prose, slug};
use crate::intake::{MOST_ITEMS, PARTS, asked, questions, read_own};
use crate::words::Language;
use domain::pack::{ChoiceId, Pack, Question, QuestionId, QuestionKind, TileId};
use domain::report::{Answered, Submission};
use domain::text::Note;
use serde::Deserialize;
use utoipa::ToSchema;

/// An answer to a question that only the unit's policy asks. Questions of one line take `words`; questions with choices
/// take `choices`, and `words` where a choice needs them; yes-or-no questions take one of `yes`, `no` and `unsure` as
/// their choice; questions about things by name take `named` and `none`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenAnswer {
    /// The question, as the last part of its page's address on the unit's public form.
    question: Slug,
    /// Choices, by their names on the unit's public form.
    #[serde(default)]
    #[schema(max_items = 20)]
    choices: Vec<Slug>,
    /// Words.
    #[schema(max_length = 8000)]
    words: Option<String>,
    /// It was asked, and is not known yet; only where the policy offers that.
    #[serde(default)]
    unknown: bool,
    /// Things by name.
    #[serde(default)]
    #[schema(max_items = 20)]
    named: Vec<NamedThing>,
    /// Kinds of things of which certainly none had a part in it.
    #[serde(default)]
    #[schema(max_items = 20)]
    none: Vec<Slug>,
}

/// A thing that had a part in it, by its name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedThing {
    /// What it is, as the name of one of the question's choices.
    kind: Slug,
    /// Its name: a tag, a user name, an address.
    #[schema(min_length = 1, max_length = 8000, pattern = "\\S")]
    name: String,
    /// Its part in it; left out when not known.
    part: Option<Part>,
}

/// The part that a thing had.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// It was hit.
    Affected,
    /// It had to do with it.
    Involved,
    /// Not known.
    Unknown,
}

/// What can be said before the policy is known: names, lengths and numbers fit.
pub fn judge(answers: &[GivenAnswer]) -> Result<(), Problem> {
    if answers.len() > 40 {
        return Err(Problem::not_possible("answers: at most 40."));
    }
    for (at, answer) in answers.iter().enumerate() {
        slug("answers.question", &answer.question, QuestionId::parse)?;
        let id = answer.question.0.as_str();
        if answers.iter().take(at).any(|earlier| earlier.question.0 == id) {
            return Err(Problem::conflict(format!("answers: “{id}” is answered twice.")));
        }
        let field = |name: &str| format!("answers.{id}.{name}");
        if answer.choices.len() > 20 || answer.none.len() > 20 || answer.named.len() > MOST_ITEMS {
            return Err(Problem::not_possible(format!("answers.{id}: choices, named and none: at most 20 each.")));
        }
        for choice in &answer.choices {
            slug(&field("choices"), choice, ChoiceId::parse)?;
        }
        for kind in answer.none.iter().chain(answer.named.iter().map(|thing| &thing.kind)) {
            slug(&field("named.kind"), kind, ChoiceId::parse)?;
        }
        let _: Option<Note> = prose(&field("words"), answer.words.clone())?;
        for thing in &answer.named {
            let name: Option<Note> = prose(&field("named.name"), Some(thing.name.clone()))?;
            name.ok_or_else(|| Problem::not_possible(format!("answers.{id}.named.name: say its name.")))?;
        }
    }
    Ok(())
}

/// The answers as the record keeps them. What contradicts the policy is refused with the question's name.
pub fn read(answers: &[GivenAnswer], pack: &Pack, said: &Submission) -> Result<Vec<Answered>, Problem> {
    let tiles: Vec<&str> = said.happened.iter().map(TileId::as_str).collect();
    let mut all = Vec::new();
    for answer in answers {
        let id = answer.question.0.as_str();
        let question = questions(pack).find(|q| q.id.as_str() == id).ok_or_else(|| {
            let names: Vec<&str> = questions(pack).map(|q| q.id.as_str()).collect();
            Problem::conflict(format!(
                "answers: “{id}” is not a question of this unit’s policy, which asks: {}.",
                names.join(", ")
            ))
        })?;
        if !asked(question, &tiles) {
            let of: Vec<&str> = question.tiles.iter().map(TileId::as_str).collect();
            return Err(Problem::conflict(format!(
                "answers.{id}: asked only where happened holds one of: {}.",
                of.join(", ")
            )));
        }
        let fields = fields(question, answer, said)?;
        let (read, wrong) = read_own(question, &fields, &tiles);
        if let Some(wrong) = wrong.first() {
            let field = match wrong.field.as_str() {
                "answer-words" => "words",
                "answer" if question.kind == QuestionKind::ShortText => "words",
                "answer" | "now" => "choices",
                _ => "named",
            };
            let words = wrong.mend.words(Language::English);
            return Err(Problem::conflict(format!("answers.{id}.{field}: {words}")));
        }
        if read.is_empty() {
            return Err(Problem::conflict(format!(
                "answers.{id}: this holds no answer. Leave it out to leave it open."
            )));
        }
        all.extend(read);
    }
    Ok(all)
}

/// The answer as the question's public page would send it.
fn fields(question: &Question, answer: &GivenAnswer, said: &Submission) -> Result<Vec<(String, String)>, Problem> {
    let id = answer.question.0.as_str();
    let refuse = |words: String| Err(Problem::conflict(format!("answers.{id}{words}")));
    let (line, named) = (question.kind == QuestionKind::ShortText, question.kind == QuestionKind::Named);
    let yes_no = question.kind == QuestionKind::YesNoUnsure;
    let elsewhere = matches!(question.kind, QuestionKind::Affected | QuestionKind::Done);
    if answer.unknown {
        if !question.or_unknown {
            return refuse(".unknown: the policy does not offer that here.".to_owned());
        }
        let done = said.done.is_some() || said.done_by_staff.is_some() || said.done_by_others.is_some();
        let answered = if question.kind == QuestionKind::Done { done } else { said.affected.is_some() };
        let beside = answer.words.is_some() || !answer.choices.is_empty() || (elsewhere && answered);
        if beside {
            return refuse(".unknown: it cannot be answered and not known at once.".to_owned());
        }
    }
    if !answer.choices.is_empty() && (line || named || elsewhere) {
        return refuse(".choices: this question has no choices.".to_owned());
    }
    if answer.words.is_some() && (yes_no || named || elsewhere) {
        return refuse(".words: this question takes no words here.".to_owned());
    }
    if !(named || answer.named.is_empty() && answer.none.is_empty()) {
        return refuse(".named: this question is not about things by name.".to_owned());
    }
    if answer.choices.len() > 1 && question.kind != QuestionKind::ChooseMany {
        return refuse(".choices: choose one.".to_owned());
    }
    let known: Vec<&str> = match yes_no {
        true => vec!["yes", "no", "unsure"],
        false => question.choices.iter().map(|choice| choice.id.as_str()).collect(),
    };
    let chosen = answer.choices.iter().chain(&answer.none).chain(answer.named.iter().map(|thing| &thing.kind));
    for choice in chosen {
        if !known.contains(&choice.0.as_str()) {
            return refuse(format!(": “{}” is not one of: {}.", choice.0, known.join(", ")));
        }
    }
    let mut fields = Vec::new();
    let mut add = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
    answer.choices.iter().for_each(|choice| add(if yes_no { "now" } else { "answer" }, &choice.0));
    if let Some(words) = &answer.words {
        add(if line { "answer" } else { "answer-words" }, words);
    }
    if answer.unknown {
        add("unknown", "yes");
    }
    for (thing, number) in answer.named.iter().zip(1..) {
        add(&format!("item-{number}-kind"), &thing.kind.0);
        add(&format!("item-{number}-name"), &thing.name);
        let [affected, involved, unknown] = PARTS.map(|(value, _)| value);
        let part = match thing.part {
            Some(Part::Affected) => affected,
            Some(Part::Involved) => involved,
            Some(Part::Unknown) | None => unknown,
        };
        add(&format!("item-{number}-part"), part);
    }
    answer.none.iter().for_each(|kind| add("none", &kind.0));
    Ok(fields)
}
