//! The questions that only the policy asks, on the page of a call: all may be left open, for nobody asks everything at once.

use crate::intake::{MOST_ITEMS, NOT_KNOWN, PARTS, asked, items, questions, read_own};
use crate::screens::frame::{Choice, Problem};
use crate::screens::public::questions::NamedItem;
use crate::typed::{Typed, problem};
use crate::words::Language;
use domain::pack::{Pack, Question, QuestionKind, TileId};
use domain::report::Answered;

/// A question as the page shows it. Its fields are called `q.`, the question, and the field on its public page.
#[derive(Debug)]
pub struct Asked {
    /// `q.spread.`
    pub prefix: String,
    /// The question.
    pub title: String,
    /// A line under it, or empty.
    pub hint: String,
    /// The choices of a question that has some.
    pub choices: Vec<Choice>,
    /// How it is answered.
    pub form: Form,
    /// Whether words may stand beside the choice.
    pub words: bool,
    /// Whether “not known yet” is ticked, where it is offered.
    pub unknown: Option<bool>,
    /// Rows of things by name.
    pub items: Vec<NamedItem>,
}

/// What a question is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One line.
    Line,
    /// One of the choices.
    One,
    /// Any of the choices.
    Many,
    /// Things by name.
    Named,
    /// Nothing but that it is not known: the answer has a place of its own on the page.
    Unknown,
}

impl Asked {
    /// The name of one of its fields.
    pub fn field(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
    /// Whether it is answered so: `line`, `one`, `many`, `named`, `unknown`.
    pub fn is(&self, form: &str) -> bool {
        let own = match self.form {
            Form::Line => "line",
            Form::One => "one",
            Form::Many => "many",
            Form::Named => "named",
            Form::Unknown => "unknown",
        };
        own == form
    }
}

/// The questions for what was ticked so far.
pub fn shown(pack: &Pack, happened: &[TileId], typed: &Typed) -> Vec<Asked> {
    of(pack, happened).map(|question| one(question, typed)).collect()
}

fn of<'p>(pack: &'p Pack, happened: &[TileId]) -> impl Iterator<Item = &'p Question> {
    let tiles: Vec<String> = happened.iter().map(ToString::to_string).collect();
    questions(pack).filter(move |q| asked(q, &tiles.iter().map(String::as_str).collect::<Vec<_>>()))
}

fn one(question: &Question, typed: &Typed) -> Asked {
    let prefix = format!("q.{}.", question.id);
    let kinds = |name: &str| -> Vec<Choice> {
        let name = format!("{prefix}{name}");
        let choice = |c: &domain::pack::Item| {
            Choice::new(c.id.as_str(), c.label.en.clone()).chosen_if(typed.has(&name, c.id.as_str()))
        };
        question.choices.iter().map(choice).collect()
    };
    let form = match question.kind {
        QuestionKind::YesNoUnsure | QuestionKind::ChooseOne => Form::One,
        QuestionKind::ChooseMany => Form::Many,
        QuestionKind::Named => Form::Named,
        QuestionKind::ShortText => Form::Line,
        _ => Form::Unknown,
    };
    let item = |number: usize| {
        let part = format!("{prefix}item-{number}-part");
        let parts = PARTS.iter();
        NamedItem {
            number,
            kinds: kinds(&format!("item-{number}-kind")),
            name: typed.get(&format!("{prefix}item-{number}-name")).to_owned(),
            parts: parts
                .map(|(v, key)| Choice::new(v, Language::English.say(key)).chosen_if(typed.has(&part, v)))
                .collect(),
        }
    };
    let rows = if form == Form::Named { (items(&fields(question, typed)) + 1).min(MOST_ITEMS) } else { 0 };
    Asked {
        title: question.title.en.clone(),
        hint: question.hint.as_ref().map(|hint| hint.en.clone()).unwrap_or_default(),
        choices: match question.kind {
            QuestionKind::YesNoUnsure => {
                [("yes", "Yes"), ("no", "No"), ("unsure", "Not sure")].map(|(v, l)| Choice::new(v, l)).to_vec()
            }
            QuestionKind::Named => kinds("none"),
            _ => kinds("answer"),
        },
        form,
        words: !question.words_with.is_empty() || !typed.get(&format!("{prefix}answer-words")).is_empty(),
        unknown: question.or_unknown.then(|| typed.get(&format!("{prefix}unknown")) == "yes"),
        items: (1..=rows).map(item).collect(),
        prefix,
    }
}

/// The fields of one question, named as on its public page.
fn fields(question: &Question, typed: &Typed) -> Vec<(String, String)> {
    let prefix = format!("q.{}.", question.id);
    let own = typed.fields().iter().filter_map(|(name, value)| Some((name.strip_prefix(&prefix)?, value)));
    let spoken = |name: &str| match (question.kind, name) {
        (QuestionKind::YesNoUnsure, "answer") => "now".to_owned(),
        _ => name.to_owned(),
    };
    // A row that was offered and left empty is no row.
    let said = own.filter(|(_, value)| !value.trim().is_empty());
    said.map(|(name, value)| (spoken(name), value.clone())).collect()
}

/// The answers that were given. What was not asked stays open and is no mistake; `answered` says of a question with a
/// place of its own on the page that something stands there.
pub fn read(
    pack: &Pack,
    happened: &[TileId],
    typed: &Typed,
    answered: impl Fn(QuestionKind) -> bool,
) -> (Vec<Answered>, Vec<Problem>) {
    let tiles: Vec<&str> = happened.iter().map(TileId::as_str).collect();
    let (mut answers, mut problems) = (Vec::new(), Vec::new());
    for question in of(pack, happened) {
        let (said, wrong) = read_own(question, &fields(question, typed), &tiles);
        // A thing with a name and without a kind would be lost.
        let stops = |w: &&crate::intake::Wrong| !w.mend.only_missing() || question.kind == QuestionKind::Named;
        let mend = |w: &crate::intake::Wrong| {
            let name = if w.field == "now" { "answer" } else { w.field.as_str() };
            problem(&format!("q.{}.{name}", question.id), &w.mend.words(Language::English))
        };
        problems.extend(wrong.iter().filter(stops).map(mend));
        let unknown = |a: &Answered| a.choices.iter().any(|choice| choice.as_str() == NOT_KNOWN);
        answers.extend(said.into_iter().filter(|a| !(unknown(a) && answered(question.kind))));
    }
    (answers, problems)
}
