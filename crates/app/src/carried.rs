//! What a report brings along into its incident: systems with their class, what was done and by whom, and the answers
//! that the policy's sheets ask for. What does not fit is left to the officer: nothing keeps a report from becoming an
//! incident.

use crate::App;
use domain::actor::Section;
use domain::incident::{
    AffectedSystem, Command, Doer, Entry, EntryKind, Event, FieldValue, Given, Incident, SheetFilling, decide, marked,
};
use domain::pack::{ChoiceId, OfLoss, Pack, QuestionKind, Sheet, SheetField, SheetFieldKind};
use domain::report::{Answered, LostItem, Report, Submission};
use domain::text::{Line, Narrative, Note};
use domain::time::{Instant, When};
use std::collections::BTreeMap;

/// Parts of the answer about what was done, as pages and records name them.
pub const DOERS: [(&str, Doer); 3] =
    [("yours", Doer::User), ("staff", Doer::TechnicalStaff), ("others", Doer::OutsideParty)];

impl App {
    /// Adds to what was decided about an incident everything that this report brings along. `incident` is the state
    /// before those events.
    pub(crate) fn carry_over(&self, events: &mut Vec<Event>, incident: &Incident, report: &Report, given: Given<'_>) {
        let Some(filed) = &report.filed else { return };
        let mut state = incident.clone();
        for event in events.iter() {
            state.apply(event, given.actor, given.now);
        }
        let said = &filed.submission;
        let mut commands: Vec<Command> = self.systems_of(said, given.pack).collect();
        commands.extend(self.actions_of(said, filed.at));
        commands.extend(self.fillings_of(&state, report, given.pack).into_iter().map(Command::FillSheet));
        for command in commands {
            if let Ok(more) = decide(&state, command, given) {
                for event in &more {
                    state.apply(event, given.actor, given.now);
                }
                events.extend(more);
            }
        }
    }

    /// Each system has one class. The reporter's own words describe it where there is one alone.
    fn systems_of<'a>(&'a self, said: &'a Submission, pack: &'a Pack) -> impl Iterator<Item = Command> + 'a {
        let only = said.systems.len() == 1;
        said.systems.iter().filter_map(move |system| {
            let class = pack.systems.iter().find(|class| class.id == system.class)?;
            let words = said.affected.as_ref().filter(|_| only).and_then(|words| Line::parse(&words.gist(480)).ok());
            let own = system.description.clone().or(words).or_else(|| Line::parse(&class.label.en).ok())?;
            let (id, class) = (self.draw(), Some(class.id.clone()));
            Some(Command::AffectSystem(AffectedSystem { id, class, description: own, counted: true }))
        })
    }

    /// What was done before officers took over, in the order in which it was done; what has no time was done before
    /// the report.
    fn actions_of(&self, said: &Submission, filed: Instant) -> Vec<Command> {
        let words = [&said.done, &said.done_by_staff, &said.done_by_others];
        let done = DOERS.into_iter().zip(words).filter_map(|((part, doer), words)| {
            let words = Narrative::parse(words.as_ref()?.as_str()).ok()?;
            let of = |id: &Option<ChoiceId>| id.as_ref().is_some_and(|id| id.as_str() == part);
            let time = said.times.iter().find(|t| t.question.as_str() == "done" && of(&t.part));
            let happened = time.map_or(When::About { at: filed }, |time| time.when.clone());
            Some(Entry {
                id: self.draw(),
                kind: EntryKind::Action,
                happened,
                words,
                observables: Vec::new(),
                corrects: None,
                tags: Vec::new(),
                doer: Some(doer),
            })
        });
        let mut done: Vec<Entry> = done.collect();
        done.sort_by_key(|entry| match &entry.happened {
            When::Exact { at } | When::About { at } => at.micros(),
            _ => 0,
        });
        done.into_iter().map(|entry| Command::Note(Box::new(entry))).collect()
    }

    /// What a report already answers of the policy's sheets: one filling for a sheet with one entry, one for each
    /// thing named, lost or chosen where a sheet has several.
    fn fillings_of(&self, incident: &Incident, report: &Report, pack: &Pack) -> Vec<SheetFilling> {
        let Some(said) = report.filed.as_ref().map(|filed| &filed.submission) else { return Vec::new() };
        let own = pack.sheets.iter().filter(|sheet| sheet.section == Section::Officer);
        let mut fillings = Vec::new();
        for sheet in own {
            // A second report adds entries where there can be several; what stands in the only one is not contradicted.
            if !sheet.repeats && incident.entries(&sheet.id).next().is_some() {
                continue;
            }
            if sheet.fields.iter().any(|field| field.from_loss.is_some()) && !said.lost.is_empty() {
                fillings.extend(said.lost.iter().filter_map(|item| self.filling_of_loss(sheet, item)));
                continue;
            }
            let asked = sheet.fields.iter().filter_map(|field| field.from_question.as_ref());
            // Several things named in one answer are entries of their own; answers to several questions fill one.
            let times = |q: &domain::pack::QuestionId| said.answers.iter().filter(|a| a.question == *q).count();
            if sheet.repeats && asked.clone().any(|q| times(q) > 1) {
                let each = said.answers.iter().filter(|a| asked.clone().any(|q| *q == a.question));
                fillings
                    .extend(each.filter_map(|a| self.filling_of(pack, incident, sheet, std::slice::from_ref(a), said)));
            } else {
                let answers = one_by_one(sheet, &said.answers);
                fillings.extend(answers.iter().filter_map(|a| self.filling_of(pack, incident, sheet, a, said)));
            }
        }
        fillings
    }

    fn filling_of(
        &self,
        pack: &Pack,
        incident: &Incident,
        sheet: &Sheet,
        answers: &[Answered],
        said: &Submission,
    ) -> Option<SheetFilling> {
        let (mut values, mut reason) = (BTreeMap::new(), None);
        for field in &sheet.fields {
            let brought = if sheet.repeats { Vec::new() } else { marked(incident, field) };
            let answer = field.from_question.as_ref().and_then(|q| answers.iter().find(|a| a.question == *q));
            let time = field.from_question.as_ref().and_then(|q| said.times.iter().find(|t| t.question == *q));
            let value = match (answer, time) {
                (Some(answer), _) => taken(field, answer, &brought, &mut reason),
                (None, Some(time)) if field.kind == SheetFieldKind::When => Some(FieldValue::Time(time.when.clone())),
                (None, _) if field.from_question.is_some() && brought.is_empty() => kept_elsewhere(said, pack, field),
                (None, _) => (!brought.is_empty()).then_some(FieldValue::Chosen(brought)),
            };
            values.extend(value.map(|value| (field.id.clone(), Some(value))));
        }
        let (sheet, section) = (sheet.id.clone(), sheet.section);
        (!values.is_empty()).then(|| SheetFilling { sheet, entry: self.draw(), section, values, reason })
    }

    /// Each thing lost or stolen begins an entry.
    fn filling_of_loss(&self, sheet: &Sheet, item: &LostItem) -> Option<SheetFilling> {
        let parts = sheet.fields.iter().filter_map(|field| Some((field.id.clone(), Some(of_loss(item, field)?))));
        let values: BTreeMap<_, _> = parts.collect();
        let (sheet, section) = (sheet.id.clone(), sheet.section);
        (!values.is_empty()).then(|| SheetFilling { sheet, entry: self.draw(), section, values, reason: None })
    }
}

/// The answers as they fill entries: one set for each choice where several were taken and an entry holds one of them.
fn one_by_one(sheet: &Sheet, answers: &[Answered]) -> Vec<Vec<Answered>> {
    let holds_one = |answer: &Answered| {
        let of = |f: &&SheetField| f.from_question.as_ref() == Some(&answer.question);
        sheet.fields.iter().find(of).is_some_and(|f| f.kind == SheetFieldKind::ChooseOne)
    };
    let several = answers.iter().position(|a| sheet.repeats && a.choices.len() > 1 && holds_one(a));
    let Some(place) = several else { return vec![answers.to_vec()] };
    let each = answers[place].choices.iter().map(|choice| {
        let mut one = answers.to_vec();
        one[place].choices = vec![choice.clone()];
        one
    });
    each.collect()
}

/// An answer that the report keeps in a place of its own.
fn kept_elsewhere(said: &Submission, pack: &Pack, field: &SheetField) -> Option<FieldValue> {
    let question = pack.questions.iter().find(|q| Some(&q.id) == field.from_question.as_ref())?;
    let words = |text: &str| Note::parse(text).ok().map(FieldValue::Words);
    match (question.kind, field.kind) {
        (QuestionKind::Place, SheetFieldKind::Line | SheetFieldKind::Text) => words(said.place.as_ref()?.as_str()),
        (QuestionKind::LongText, SheetFieldKind::Text) => words(said.words.as_ref()?.as_str()),
        (QuestionKind::Affected, SheetFieldKind::Text) => said.affected.clone().map(FieldValue::Words),
        (QuestionKind::When, SheetFieldKind::When) if said.when != When::Unknown => {
            Some(FieldValue::Time(said.when.clone()))
        }
        _ => None,
    }
}

/// What of a thing lost or stolen a field takes over.
fn of_loss(item: &LostItem, field: &SheetField) -> Option<FieldValue> {
    let words = |text: &str| Note::parse(text).ok().map(FieldValue::Words);
    let known = |ids: &[ChoiceId]| {
        let known: Vec<_> = ids.iter().filter(|id| field.choice(id).is_some()).cloned().collect();
        (!known.is_empty()).then_some(FieldValue::Chosen(known))
    };
    match field.from_loss.as_ref()? {
        OfLoss::Item => known(std::slice::from_ref(&item.item)),
        OfLoss::Contents => known(&item.contents),
        OfLoss::Tag => words(item.tag.as_ref()?.as_str()),
        OfLoss::Place => words(item.place.as_ref()?.as_str()),
        OfLoss::Question(id) => {
            let answer = item.answers.iter().find(|a| a.question == *id)?;
            taken(field, answer, &[], &mut None)
        }
    }
}

/// The part of an answer that a field takes over. Choices that the kind of incident brings along stay, unless the
/// reporter said why not.
fn taken(field: &SheetField, answer: &Answered, brought: &[ChoiceId], reason: &mut Option<Note>) -> Option<FieldValue> {
    let unknown = answer.choices.iter().any(|c| matches!(c.as_str(), "unknown" | "not-known" | "unsure"));
    let value = match field.kind {
        SheetFieldKind::ChooseOne | SheetFieldKind::ChooseMany => {
            let mut known: Vec<_> = answer.choices.iter().filter(|c| field.choice(c).is_some()).cloned().collect();
            let given_up = brought.iter().any(|choice| !known.contains(choice));
            match &answer.words {
                Some(why) if given_up => *reason = Some(why.clone()),
                _ => known.extend(brought.iter().filter(|choice| !answer.choices.contains(choice)).cloned()),
            }
            if field.kind == SheetFieldKind::ChooseOne {
                known.truncate(1);
            }
            (!known.is_empty()).then_some(FieldValue::Chosen(known))
        }
        SheetFieldKind::Line | SheetFieldKind::Text => answer.words.clone().map(FieldValue::Words),
        SheetFieldKind::When
        | SheetFieldKind::Date
        | SheetFieldKind::Number
        | SheetFieldKind::Person
        | SheetFieldKind::Amount => None,
    };
    value.or_else(|| (unknown && field.or_unknown).then_some(FieldValue::NotKnown))
}
