//! Sheets in examples: what an entry still needs, what it holds up, what is answered for by it, what a change takes.

use super::samples::opening;
use super::*;
use crate::actor::{Actor, Section};
use crate::ids::EntryId;
use crate::pack::tests::{days, name, pack as empty_pack, rule, zone};
use crate::pack::{
    FactId, FieldNeed, Moment, Pack, Sheet, SheetChoice, SheetField, SheetFieldKind, Span, SpanStart, Step, Trigger,
};
use crate::text::Note;
use crate::time::{Instant, When};
use std::collections::BTreeMap;

pub(super) const ONE: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
pub(super) const TWO: &str = "01890a5d-ac96-774b-bcce-b302099a8058";

pub(super) fn field(id: &str, kind: SheetFieldKind, need: FieldNeed) -> SheetField {
    SheetField {
        id: name(id),
        label: id.to_owned(),
        help: None,
        kind,
        choices: vec![],
        need,
        only_if: vec![],
        unless: None,
        ahead: false,
        of: vec![],
        or_unknown: false,
        counts: false,
        sums: false,
        lists: false,
        from_question: None,
        from_loss: None,
        answers: None,
        records: None,
        clauses: vec![],
        suggests: None,
        by_itself: false,
        offers_for: None,
        fills: None,
    }
}

/// One sheet: an outage, with its times; `stays` stands in for the time up; a spread answers a fact.
pub(super) fn policy() -> Pack {
    let mut pack = empty_pack("xx/sample", None, None, vec![]);
    let choice = |id: &str| SheetChoice { id: name(id), says: id.to_owned(), marked_by: vec![], gives: vec![] };
    let mut up = field("up", SheetFieldKind::When, FieldNeed::ToFinish);
    up.unless = Some(name("stays"));
    let mut spread = field("spread", SheetFieldKind::ChooseOne, FieldNeed::Never);
    spread.choices = vec![choice("yes"), choice("no")];
    spread.answers = Some(name("may-spread"));
    spread.or_unknown = true;
    let mut how = field("how", SheetFieldKind::Line, FieldNeed::ToSave);
    how.only_if = vec![(name("spread"), vec![name("yes")])];
    pack.sheets = vec![Sheet {
        id: name("outage"),
        title: "Outage".into(),
        help: None,
        when: vec![],
        kinds: vec![],
        after: vec![],
        gap: None,
        register: None,
        repeats: true,
        recorded_by: vec![],
        or_named: None,
        section: Section::Officer,
        wanted: vec![Step::Closing],
        holds: vec![Step::Closing],
        meets: vec![name("O1")],
        met_at: Some(name("up")),
        ordered_by: None,
        on_timeline: None,
        fields: vec![
            field("system", SheetFieldKind::Line, FieldNeed::ToSave),
            field("down", SheetFieldKind::When, FieldNeed::ToSave),
            up,
            field("stays", SheetFieldKind::Text, FieldNeed::Never),
            spread,
            how,
        ],
        spans: vec![Span {
            says: "Down for".into(),
            from: SpanStart::Field(name("down")),
            to: name("up"),
            open: "still down".into(),
        }],
        clauses: vec![],
        notes: vec![],
        uses: vec![],
        signed_by: vec![],
        also_read_by: None,
        refers: None,
        words: vec![],
        keeps: None,
    }];
    let mut restore = rule(days(3));
    restore.trigger = Trigger { on: Moment::IncidentOpened, when: vec![] };
    pack.obligations = vec![restore];
    pack
}

pub(super) fn at(text: &str) -> Instant {
    Instant::from_timestamp(text.parse().expect("an instant"))
}

pub(super) fn words(text: &str) -> FieldValue {
    FieldValue::Words(Note::parse(text).expect("words"))
}

fn time(text: &str) -> FieldValue {
    FieldValue::Time(When::Exact { at: at(text) })
}

pub(super) fn chosen(id: &str) -> FieldValue {
    FieldValue::Chosen(vec![name(id)])
}

pub(super) struct Case {
    pub(super) incident: Incident,
    pub(super) pack: Pack,
}

impl Case {
    pub(super) fn open() -> Self {
        Self::under(policy())
    }

    pub(super) fn under(pack: Pack) -> Self {
        let mut case = Self { incident: Incident::empty(ONE.parse().expect("an id")), pack };
        let opening = opening(&case.pack, at("2024-03-04T15:00:00Z"));
        case.does(Command::Open(Box::new(opening))).expect("opened");
        case
    }

    pub(super) fn does(&mut self, command: Command) -> Result<Vec<Event>, Refusal> {
        let now = at("2024-03-06T12:00:00Z");
        let given = Given { actor: Actor::System, now, pack: &self.pack, laws: &[] };
        let events = decide(&self.incident, command, given)?;
        for event in &events {
            self.incident.apply(event, Actor::System, now);
        }
        Ok(events)
    }

    fn fills(
        &mut self,
        entry: &str,
        values: &[(&str, Option<FieldValue>)],
        why: Option<&str>,
    ) -> Result<Vec<Event>, Refusal> {
        let values: BTreeMap<_, _> = values.iter().map(|(field, value)| (name(field), value.clone())).collect();
        let entry: EntryId = entry.parse().expect("an id");
        let reason = why.map(|why| Note::parse(why).expect("words"));
        // The section is the policy's to say, not the caller's.
        let section = Section::Personnel;
        self.does(Command::FillSheet(SheetFilling { sheet: name("outage"), entry, section, values, reason }))
    }

    fn missing(&self) -> Vec<String> {
        sheets_before(&self.incident, &self.pack, Step::Closing).into_iter().map(|m| m.says).collect()
    }
}

fn down() -> Vec<(&'static str, Option<FieldValue>)> {
    vec![("system", Some(words("Records"))), ("down", Some(time("2024-03-04T15:00:00Z")))]
}

#[test]
fn an_entry_is_taken_when_it_can_be_and_holds_up_closing_until_it_is_finished() {
    let mut case = Case::open();
    assert_eq!(case.missing(), ["“Outage” is not filled in."]);
    let empty = case.fills(ONE, &[("system", Some(words("Records")))], None);
    assert_eq!(empty, Err(Refusal::FieldsEmpty(vec![(name("down"), "down".into())])));
    case.fills(ONE, &down(), None).expect("taken");
    assert_eq!(case.missing(), ["Outage (Records) is unfinished: “up” (or “stays”) is empty."]);
    case.fills(ONE, &[("up", Some(time("2024-03-05T21:30:00Z")))], None).expect("finished");
    assert_eq!(case.missing(), Vec::<String>::new());
    let entry = &case.incident.sheets[0];
    assert_eq!(entry.section, Section::Officer);
    let span = entry.span(&case.incident, &case.pack.sheets[0].spans[0], &zone(), at("2024-03-06T12:00:00Z"));
    assert_eq!(span, Some((30 * 3600 + 30 * 60, true)));
}

#[test]
fn a_finished_entry_answers_for_its_duty_at_the_time_it_tells() {
    let mut case = Case::open();
    case.fills(ONE, &down(), None).expect("taken");
    let duty = |case: &Case| case.incident.duties.values().next().expect("a duty").met.as_ref().map(|m| m.what.at);
    assert_eq!(duty(&case), None);
    case.fills(ONE, &[("up", Some(time("2024-03-05T21:30:00Z")))], None).expect("finished");
    assert_eq!(duty(&case), Some(at("2024-03-05T21:30:00Z")));
}

#[test]
fn another_field_can_stand_in_for_one() {
    let mut case = Case::open();
    let stays = [down(), vec![("stays", Some(words("It is replaced in May")))]].concat();
    case.fills(ONE, &stays, None).expect("taken");
    assert_eq!(case.missing(), Vec::<String>::new());
}

#[test]
fn a_field_is_needed_only_where_another_says_so() {
    let mut case = Case::open();
    let spreads = |answer: &str| [down(), vec![("spread", Some(chosen(answer)))]].concat();
    case.fills(ONE, &spreads("no"), None).expect("taken");
    let refused = case.fills(TWO, &spreads("yes"), None);
    assert_eq!(refused, Err(Refusal::FieldsEmpty(vec![(name("how"), "how".into())])));
}

#[test]
fn a_sheet_answers_the_fact_that_asks_the_same() {
    let mut case = Case::open();
    let unknown = [down(), vec![("spread", Some(FieldValue::NotKnown))]].concat();
    case.fills(ONE, &unknown, None).expect("taken");
    let fact: FactId = name("may-spread");
    assert_eq!(case.incident.answers.get(&fact).map(|(a, _)| *a), Some(FactValue::Unknown));
    case.fills(ONE, &[("spread", Some(chosen("no")))], None).expect("known now: nothing was contradicted");
    assert_eq!(case.incident.answers.get(&fact).map(|(a, _)| *a), Some(FactValue::No));
}

#[test]
fn a_change_takes_a_reason_and_both_words_stay() {
    let mut case = Case::open();
    case.fills(ONE, &down(), None).expect("taken");
    let change = [("system", Some(words("Imaging")))];
    assert_eq!(case.fills(ONE, &change, None), Err(Refusal::ChangeNeedsReason));
    case.fills(ONE, &change, Some("Mixed them up")).expect("changed");
    let entry = &case.incident.sheets[0];
    assert_eq!(entry.values.get(&name("system")), Some(&words("Imaging")));
    assert_eq!(entry.fillings[0].what.values.get(&name("system")), Some(&Some(words("Records"))));
    assert_eq!(case.fills(ONE, &change, None), Ok(vec![]), "saying the same again says nothing");
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut case = Case::open();
    let with = |field, value| [down(), vec![(field, Some(value))]].concat();
    let early = case.fills(ONE, &with("up", time("2024-03-04T14:59:00Z")), None);
    assert_eq!(early, Err(Refusal::EndsBeforeItBegins(name("up"))));
    assert_eq!(case.fills(ONE, &with("up", time("2024-03-07T00:00:00Z")), None), Err(Refusal::InTheFuture));
    for (field, value) in
        [("spread", chosen("perhaps")), ("system", FieldValue::Number(4)), ("up", FieldValue::NotKnown)]
    {
        let refused = case.fills(ONE, &with(field, value), None);
        assert_eq!(refused, Err(Refusal::DoesNotFit(name(field), field.into())));
    }
    assert_eq!(case.incident.sheets, vec![]);
}

#[test]
fn an_entry_taken_back_counts_for_nothing_and_stays_readable() {
    let mut case = Case::open();
    case.fills(ONE, &down(), None).expect("taken");
    let entry: EntryId = ONE.parse().expect("an id");
    let why = Note::parse("Another incident").expect("words");
    case.does(Command::StrikeEntry(entry, why.clone())).expect("taken back");
    assert_eq!(case.missing(), ["“Outage” is not filled in."]);
    assert_eq!(case.incident.sheets[0].struck.as_ref().map(|s| s.what.clone()), Some(why.clone()));
    assert_eq!(case.does(Command::StrikeEntry(entry, why)), Err(Refusal::NoSuchEntry));
    assert_eq!(case.fills(ONE, &down(), None), Err(Refusal::NoSuchEntry));
}

#[test]
fn choices_are_counted_once_and_never_from_sealed_sections() {
    let mut case = Case::open();
    for entry in [ONE, TWO] {
        case.fills(entry, &[down(), vec![("spread", Some(chosen("no")))]].concat(), None).expect("taken");
    }
    let marks = |case: &Case| case.incident.listing(&zone()).expect("a line").summary.marks;
    assert_eq!(marks(&case), [Mark { field: "outage.spread".into(), choice: "no".into() }]);
    for entry in &mut case.incident.sheets {
        entry.section = Section::Counsel;
    }
    assert_eq!(marks(&case), []);
}
