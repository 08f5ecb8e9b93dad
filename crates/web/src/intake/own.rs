//! The questions that only a pack asks: read from the fields of their page, of the telephone form, or of a program.

use super::answers::Wrong;
use super::{flow, sizes};
use crate::screens::public::mend::Mend;
use domain::pack::{Pack, Question, QuestionKind};
use domain::report::{Answered, GoingOn};
use domain::text::{Line, Note, Prose, TextError};

/// The questions that a pack asks besides those that every report has, in its order. What was hit and what was done
/// are among them where *not known yet* is an answer, which is then all that is read of them here.
pub fn questions(pack: &Pack) -> impl Iterator<Item = &Question> {
    pack.questions.iter().filter(|q| match q.kind {
        QuestionKind::YesNoUnsure => q.id.as_str() != flow::GOING_ON,
        QuestionKind::ShortText | QuestionKind::ChooseOne | QuestionKind::ChooseMany | QuestionKind::Named => true,
        QuestionKind::Affected | QuestionKind::Done => q.or_unknown,
        _ => false,
    })
}

/// Whether a question is asked of somebody who chose these tiles.
pub fn asked(question: &Question, tiles: &[&str]) -> bool {
    question.tiles.is_empty() || question.tiles.iter().any(|tile| tiles.contains(&tile.as_str()))
}

/// The answer in the fields of one such question, and what to mend.
pub fn read(question: &Question, fields: &[(String, String)], tiles: &[&str]) -> (Vec<Answered>, Vec<Wrong>) {
    let mut wrong = Vec::new();
    let mut page = Page { id: question.id.as_str(), fields, wrong: &mut wrong };
    let answers = take(question, &mut page, tiles);
    (answers, wrong)
}

/// The answer on a page of its own.
pub(super) fn take(question: &Question, page: &mut Page<'_>, tiles: &[&str]) -> Vec<Answered> {
    match question.kind {
        QuestionKind::YesNoUnsure => {
            let answer = chosen(question, vec![page.one("now")]);
            if question.required && answer.is_none() {
                page.mend("now", Mend::NowMissing);
            }
            answer.into_iter().collect()
        }
        QuestionKind::ShortText => {
            let words: Option<Note> = page.prose("answer");
            let unknown = not_known(question, page).filter(|_| words.is_none());
            let said = words.is_some() || unknown.is_some() || page.wrong.iter().any(|w| w.page == page.id);
            if question.required && !said {
                page.mend("answer", Mend::AnswerMissing);
            }
            let words = words.map(|w| Answered { question: question.id.clone(), choices: Vec::new(), words: Some(w) });
            words.into_iter().chain(unknown).collect()
        }
        QuestionKind::Named => named(question, page),
        QuestionKind::Affected | QuestionKind::Done => not_known(question, page).into_iter().collect(),
        _ => choice(question, page, tiles).into_iter().collect(),
    }
}

/// The fields of one page, with a note of what was wrong with them.
pub(super) struct Page<'a> {
    /// The question's page.
    pub id: &'a str,
    /// What was sent.
    pub fields: &'a [(String, String)],
    /// What to mend.
    pub wrong: &'a mut Vec<Wrong>,
}

impl<'a> Page<'a> {
    /// The first value of a field.
    pub fn one(&self, name: &str) -> &'a str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }
    /// All values of a field.
    pub fn all(&self, name: &str) -> Vec<&'a str> {
        self.fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str()).collect()
    }
    /// Notes what is wrong with a field.
    pub fn mend(&mut self, field: &str, mend: Mend) {
        self.wrong.push(Wrong { page: self.id.to_owned(), field: field.to_owned(), mend });
    }
    /// Several lines, where there are any.
    pub fn prose<const LIMIT: usize>(&mut self, field: &str) -> Option<Prose<LIMIT>> {
        let typed = self.one(field);
        self.taken(field, Prose::parse(typed))
    }
    /// One line, where there is one.
    pub fn line<const LIMIT: usize>(&mut self, field: &str) -> Option<Line<LIMIT>> {
        let typed = self.one(field);
        self.taken(field, Line::parse(typed))
    }
    fn taken<T>(&mut self, field: &str, read: Result<T, TextError>) -> Option<T> {
        match read {
            Ok(text) => Some(text),
            Err(TextError::Empty) => None,
            Err(TextError::TooLong { length, limit }) => {
                self.mend(field, too_long(length, limit));
                None
            }
        }
    }
}

fn too_long(length: usize, limit: usize) -> Mend {
    Mend::TooLong { length: sizes::thousands(length), most: sizes::thousands(limit) }
}

/// “I don't know yet”, where it is offered and was ticked.
pub(super) fn not_known(question: &Question, page: &Page<'_>) -> Option<Answered> {
    let ticked = question.or_unknown && page.one("unknown") == "yes";
    let choices = vec![domain::pack::ChoiceId::parse(NOT_KNOWN).ok()?];
    ticked.then(|| Answered { question: question.id.clone(), choices, words: None })
}

/// The choice that says so.
pub const NOT_KNOWN: &str = "not-known";

fn choice(question: &Question, page: &mut Page<'_>, tiles: &[&str]) -> Option<Answered> {
    let words: Option<Note> = page.prose("answer-words");
    let answer = chosen(question, page.all("answer"));
    let has = |id: &str| answer.iter().any(|a| a.choices.iter().any(|c| c.as_str() == id));
    if question.required && answer.is_none() {
        page.mend("answer", Mend::ChoiceMissing);
    } else if words.is_none() && question.words_with.iter().any(|id| has(id.as_str())) {
        page.mend("answer-words", Mend::SayWhich);
    } else if words.is_none() && answer.is_some() && flow::marked(question, tiles).into_iter().any(|id| !has(id)) {
        page.mend("answer-words", Mend::SayWhyNot);
    }
    answer.map(|answer| Answered { words, ..answer })
}

/// How a thing by name had to do with it: the value, and its key in the words.
pub const PARTS: [(&str, &str); 3] =
    [("affected", "named-affected"), ("involved", "named-involved"), ("unknown", "named-unknown")];

/// Things by name: one answer for each, with what it is and its part in it; one without a name for each list that is
/// said to be empty.
fn named(question: &Question, page: &mut Page<'_>) -> Vec<Answered> {
    let is = |value: &str| question.choices.iter().find(|c| c.id.as_str() == value).map(|c| c.id.clone());
    let mut answers: Vec<Answered> = Vec::new();
    for number in 1..=items(page.fields) {
        let field = |name: &str| format!("item-{number}-{name}");
        let (kind, part) = (page.one(&field("kind")), page.one(&field("part")));
        let words: Option<Note> = page.prose(&field("name"));
        let part = PARTS.iter().find(|(value, _)| *value == part).map_or("unknown", |(value, _)| *value);
        match (words, is(kind)) {
            (None, _) => {}
            (Some(_), None) => page.mend(&field("kind"), Mend::ChoiceMissing),
            (words, Some(kind)) => {
                let choices = [Some(kind), domain::pack::ChoiceId::parse(part).ok()].into_iter().flatten().collect();
                answers.push(Answered { question: question.id.clone(), choices, words });
            }
        }
    }
    for kind in page.all("none").into_iter().filter_map(is) {
        let listed = |a: &Answered| a.question == question.id && a.choices.contains(&kind);
        if !answers.iter().any(listed) {
            let choices = [Some(kind), domain::pack::ChoiceId::parse("none").ok()].into_iter().flatten().collect();
            answers.push(Answered { question: question.id.clone(), choices, words: None });
        }
    }
    answers
}

/// Yes, no or not sure.
pub(super) fn going_on(answer: &str) -> Option<GoingOn> {
    match answer {
        "yes" => Some(GoingOn::Yes),
        "no" => Some(GoingOn::No),
        "unsure" => Some(GoingOn::NotSure),
        _ => None,
    }
}

/// The choices of a question among `values`; a yes-or-no question has its three.
pub(super) fn chosen(question: &Question, values: Vec<&str>) -> Option<Answered> {
    let most = if question.kind == QuestionKind::ChooseMany { usize::MAX } else { 1 };
    let known = |value: &&str| match question.kind {
        QuestionKind::YesNoUnsure => going_on(value).is_some(),
        _ => question.choices.iter().any(|choice| choice.id.as_str() == *value),
    };
    let choices: Vec<_> =
        values.into_iter().filter(known).filter_map(|v| domain::pack::ChoiceId::parse(v).ok()).take(most).collect();
    (!choices.is_empty()).then(|| Answered { question: question.id.clone(), choices, words: None })
}

/// How many items a page holds: one more than the highest number sent, within reason.
pub fn items(fields: &[(String, String)]) -> usize {
    let number = |name: &str| name.strip_prefix("item-")?.split('-').next()?.parse::<usize>().ok();
    fields.iter().filter_map(|(name, _)| number(name)).filter(|n| (1..=MOST_ITEMS).contains(n)).max().unwrap_or(0)
}

/// Things lost in one report; more go into its words.
pub const MOST_ITEMS: usize = 20;
