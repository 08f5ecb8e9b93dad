//! Sheets of a pack: fields that exist, choices where there is something to choose, and nothing that waits for a field
//! that nobody can fill.

use super::{
    desk::{Desk, Kind},
    gather::{At, Paper},
    items, other_sheets,
    phrase::{self, Lexicon},
    sealed_sheets,
};
use crate::{
    Problem,
    text::{self, ReadBy, Word},
};
use domain::{actor::Section, pack::*};

pub(super) fn sheets(desk: &mut Desk, paper: &Paper, lexicon: &Lexicon) -> Vec<Sheet> {
    paper.sheets.iter().filter_map(|at| sheet(desk, paper, at, lexicon)).collect()
}

fn sheet(desk: &mut Desk, paper: &Paper, at: &At<text::Sheet>, lexicon: &Lexicon) -> Option<Sheet> {
    let (file, s) = (at.file, &at.item);
    let place = s.id.span();
    desk.fits::<200>(&s.title, place.clone(), file);
    if s.fields.is_empty() {
        let help = "Add [[sheet.field]] with id, label and kind.";
        desk.report(Problem::WrongShape, file, place.clone(), "This sheet has no field.", help);
    }
    twice(desk, &s.fields, file);
    let fields: Vec<SheetField> = s.fields.iter().filter_map(|f| field(desk, paper, s, f, file)).collect();
    let spans = s.spans.iter().filter_map(|sp| span(desk, s, sp, file)).collect();
    if !s.holds.is_empty() && fields.iter().all(|f| f.need == FieldNeed::Never) {
        let says = "This sheet holds up a step while it is unfinished, and no field says when that is.";
        desk.report(Problem::WrongShape, file, place.clone(), says, "Give a field `needed = \"to-finish\"`.");
    }
    if s.meets.is_some() && s.when.is_empty() && fields.iter().all(|f| f.need == FieldNeed::Never) {
        let says = "A duty would be answered for by an empty sheet.";
        desk.report(Problem::NoEvidence, file, place.clone(), says, "Give a field `needed = \"to-finish\"`.");
    }
    sealed_sheets::check(desk, paper, s, file);
    Some(Sheet {
        id: desk.name(&s.id, file)?,
        title: s.title.clone(),
        help: s.help.clone(),
        when: phrase::conditions(desk, &s.when, lexicon, file),
        kinds: desk.refer_all(Kind::Category, &s.kinds, file),
        after: s.after.iter().filter_map(|w| other_sheets::stands(desk, paper, s, w, file)).collect(),
        gap: s.gap.clone(),
        register: s.register.as_ref().and_then(|w| register(desk, s, w, file)),
        repeats: s.repeats,
        recorded_by: desk.refer_all(Kind::Role, &s.recorded_by, file),
        or_named: s.or_named.as_ref().and_then(|named| other_sheets::named(desk, paper, s, named, file)),
        section: match s.read_by {
            ReadBy::Officer => Section::Officer,
            ReadBy::Counsel => Section::Counsel,
            ReadBy::Evidence => Section::Evidence,
            ReadBy::Personnel => Section::Personnel,
        },
        wanted: s.wanted.clone(),
        holds: s.holds.clone(),
        meets: s.meets.iter().chain(&s.also_meets).filter_map(|w| desk.refer(Kind::Obligation, w, file)).collect(),
        met_at: s.met_at.as_ref().and_then(|w| another(desk, s, w, file)),
        ordered_by: s.ordered_by.as_ref().and_then(|w| timed(desk, s, w, file)),
        on_timeline: s.on_timeline.as_ref().and_then(|w| timed(desk, s, w, file)),
        fields,
        spans,
        clauses: desk.clauses(&s.clauses, place, file),
        notes: desk.refer_all(Kind::Note, &s.notes, file),
        uses: desk.refer_all(Kind::Missing, &s.uses, file),
        signed_by: desk.refer_all(Kind::Role, &s.signed_by, file),
        also_read_by: s.also_read_by.as_ref().and_then(|named| other_sheets::named(desk, paper, s, named, file)),
        refers: sealed_sheets::refers(desk, s, file),
        words: s.words.iter().map(|word| sealed_sheets::word(desk, s, word, file)).collect(),
        keeps: s.keeps.as_ref().map(|keeps| sealed_sheets::keeps(desk, s, keeps, file)),
    })
}

fn twice(desk: &mut Desk, fields: &[text::SheetField], file: usize) {
    for (n, field) in fields.iter().enumerate() {
        if fields[..n].iter().any(|earlier| earlier.id.get_ref() == field.id.get_ref()) {
            let says = format!("The field {} stands twice on this sheet.", field.id.get_ref());
            desk.report(Problem::DuplicateId, file, field.id.span(), says, "Give this one an id of its own.");
        }
    }
}

fn field(desk: &mut Desk, paper: &Paper, sheet: &text::Sheet, f: &text::SheetField, file: usize) -> Option<SheetField> {
    desk.fits::<300>(&f.label, f.id.span(), file);
    let chooses = matches!(f.kind, SheetFieldKind::ChooseOne | SheetFieldKind::ChooseMany);
    if chooses == f.choices.is_empty() {
        let says = if chooses { "There is nothing to choose from." } else { "Choices need a field that chooses." };
        let help =
            "Write `kind = \"choose-one\"` or \"choose-many\" together with choices = [{ id = \"…\", says = \"…\" }].";
        desk.report(Problem::WrongShape, file, f.id.span(), says, help);
    }
    let timed = matches!(f.kind, SheetFieldKind::When | SheetFieldKind::Date);
    if f.records.is_some() && !timed {
        let help = "Write `kind = \"when\"` or \"date\", or take `records` out.";
        desk.report(Problem::WrongShape, file, f.id.span(), "Only a time records a moment.", help);
    }
    if f.ahead && !timed {
        let help = "Write `kind = \"when\"`, or take `ahead` out.";
        desk.report(Problem::WrongShape, file, f.id.span(), "Only a time lies ahead.", help);
    }
    if !f.of.is_empty() && f.kind != SheetFieldKind::Person {
        let help = "Write `kind = \"person\"`, or take `of` out.";
        desk.report(Problem::WrongShape, file, f.id.span(), "Only a person is of a role.", help);
    }
    if f.sums && f.kind != SheetFieldKind::Amount {
        let help = "Write `kind = \"amount\"`, or take `sums` out.";
        desk.report(Problem::WrongShape, file, f.id.span(), "Only amounts are added up.", help);
    }
    let choices: Vec<SheetChoice> = f.choices.iter().filter_map(|c| choice(desk, sheet, c, file)).collect();
    if f.lists && f.kind != SheetFieldKind::ChooseOne {
        let help = "Write `kind = \"choose-one\"`, or take `lists` out.";
        desk.report(Problem::WrongShape, file, f.id.span(), "An entry stands on one list only.", help);
    }
    Some(SheetField {
        id: desk.name(&f.id, file)?,
        label: f.label.clone(),
        help: f.help.clone(),
        kind: f.kind,
        choices,
        need: f.needed,
        only_if: f.only_if.as_ref().map(|w| only_if(desk, sheet, w, file)).unwrap_or_default(),
        unless: f.unless.as_ref().and_then(|w| another(desk, sheet, w, file)),
        ahead: f.ahead,
        of: desk.refer_all(Kind::Role, &f.of, file),
        or_unknown: f.or_unknown,
        counts: f.counts,
        sums: f.sums,
        lists: f.lists,
        from_question: f.from_question.as_ref().and_then(|w| desk.refer(Kind::Question, w, file)),
        from_loss: f.from_loss.as_ref().and_then(|w| other_sheets::of_loss(desk, paper, sheet, w, file)),
        answers: f.answers.as_ref().and_then(|w| desk.refer(Kind::Fact, w, file)),
        records: f.records,
        clauses: desk.refer_all(Kind::Clause, &f.clauses, file),
        suggests: f.suggests.as_ref().and_then(|w| a_choice(desk, f, w, file)),
        by_itself: f.by_itself && by_itself(desk, sheet, f, file),
        offers_for: f.offers_for.as_ref().and_then(|w| offers_for(desk, f, w, file)),
        fills: sealed_sheets::fills(desk, sheet, f, file),
    })
}

/// One of the field's own choices.
fn a_choice(desk: &mut Desk, f: &text::SheetField, word: &Word, file: usize) -> Option<ChoiceId> {
    if f.choices.iter().any(|c| c.id.get_ref() == word.get_ref()) {
        return ChoiceId::parse(word.get_ref()).ok();
    }
    let says = format!("The field {} has no choice {}.", f.id.get_ref(), word.get_ref());
    desk.report(Problem::UnknownReference, file, word.span(), says, "Name one of its choices, or add it.");
    None
}

/// A kind fills a field by itself where there is one entry and something for it to choose.
fn by_itself(desk: &mut Desk, sheet: &text::Sheet, f: &text::SheetField, file: usize) -> bool {
    let place = f.id.span();
    if sheet.repeats {
        let says =
            "A kind of incident fills a field by itself, and this sheet has an entry for each of several things.";
        desk.report(Problem::WrongShape, file, place, says, "Take `repeats` or `by_itself` out.");
        return false;
    }
    if f.kind != SheetFieldKind::ChooseOne || f.choices.iter().all(|choice| choice.marked_by.is_empty()) {
        let help = "Write `kind = \"choose-one\"` and give a choice `marked_by`, or take `by_itself` out.";
        desk.report(Problem::WrongShape, file, place, "There is nothing that a kind could choose by itself.", help);
        return false;
    }
    true
}

/// `report-of-security-incident/VII`, for a field that holds words.
fn offers_for(desk: &mut Desk, f: &text::SheetField, word: &Word, file: usize) -> Option<BoxId> {
    if !matches!(f.kind, SheetFieldKind::Line | SheetFieldKind::Text) {
        let help = "Write `kind = \"line\"` or \"text\", or take `offers_for` out.";
        desk.report(Problem::WrongShape, file, word.span(), "Only words are offered for a box of the form.", help);
    }
    items::box_of(desk, word, file).map(|(_, in_box)| in_box)
}

fn choice(desk: &mut Desk, sheet: &text::Sheet, c: &text::SheetChoice, file: usize) -> Option<SheetChoice> {
    let mut gives = Vec::new();
    for word in &c.gives {
        let Some((field, choices)) = choices_of(desk, sheet, word, file) else { continue };
        let [one] = choices.as_slice() else {
            let says = "A choice gives one other choice.";
            desk.report(Problem::WrongShape, file, word.span(), says, "Write `<field> is <choice>` without `or`.");
            continue;
        };
        gives.push((field, one.clone()));
    }
    let marked_by = desk.refer_all(Kind::Category, &c.marked_by, file);
    Some(SheetChoice { id: desk.name(&c.id, file)?, says: c.says.clone(), marked_by, gives })
}

/// The field by which a register is narrowed: a line of a sheet that has several entries.
fn register(desk: &mut Desk, sheet: &text::Sheet, word: &Word, file: usize) -> Option<FieldId> {
    let field = another(desk, sheet, word, file)?;
    let line = |f: &text::SheetField| f.id.get_ref() == word.get_ref() && f.kind == SheetFieldKind::Line;
    if sheet.repeats && sheet.fields.iter().any(line) {
        return Some(field);
    }
    let help = "Give the sheet `repeats = true`, and name a field of kind line.";
    desk.report(Problem::WrongShape, file, word.span(), "A register has several entries, told apart by a line.", help);
    None
}

/// A field of the same sheet that holds a time.
fn timed(desk: &mut Desk, sheet: &text::Sheet, word: &Word, file: usize) -> Option<FieldId> {
    let field = another(desk, sheet, word, file)?;
    let holds = |f: &text::SheetField| matches!(f.kind, SheetFieldKind::When | SheetFieldKind::Date);
    if sheet.fields.iter().any(|f| f.id.get_ref() == word.get_ref() && holds(f)) {
        return Some(field);
    }
    let says = format!("{} holds no time.", word.get_ref());
    desk.report(Problem::WrongShape, file, word.span(), says, "Name a field of kind when or date.");
    None
}

/// `managed is state and impacted is yes`.
pub(super) fn only_if(desk: &mut Desk, sheet: &text::Sheet, word: &Word, file: usize) -> Vec<Held> {
    let parts: Vec<Word> = word.get_ref().split(" and ").map(|p| Word::new(word.span(), p.to_owned())).collect();
    parts.iter().filter_map(|part| choices_of(desk, sheet, part, file)).collect()
}

/// `corruption is some`, `corruption is some or unknown`.
pub(super) fn choices_of(
    desk: &mut Desk,
    sheet: &text::Sheet,
    word: &Word,
    file: usize,
) -> Option<(FieldId, Vec<ChoiceId>)> {
    let help = "Write `<field> is <choice>` or `<field> is <choice> or <choice>`, with a field of this sheet.";
    let Some((name, choices)) = word.get_ref().split_once(" is ") else {
        let says = format!("{:?} cannot be read as a condition on a field.", word.get_ref());
        desk.report(Problem::Unreadable, file, word.span(), says, help);
        return None;
    };
    let other = sheet.fields.iter().find(|f| f.id.get_ref() == name.trim());
    let names: Vec<&str> = choices.split(" or ").map(str::trim).collect();
    let unknown = names.iter().find(|name| other.is_none_or(|f| !f.choices.iter().any(|c| c.id.get_ref() == *name)));
    if other.is_none() || unknown.is_some() {
        let says = match (other, unknown) {
            (None, _) => format!("This sheet has no field {}.", name.trim()),
            (_, choice) => format!("The field {} has no choice {}.", name.trim(), choice.unwrap_or(&"")),
        };
        desk.report(Problem::UnknownReference, file, word.span(), says, help);
        return None;
    }
    let choices = names.iter().filter_map(|name| ChoiceId::parse(name).ok()).collect();
    Some((FieldId::parse(name.trim()).ok()?, choices))
}

/// A field of the same sheet.
pub(super) fn another(desk: &mut Desk, sheet: &text::Sheet, word: &Word, file: usize) -> Option<FieldId> {
    if sheet.fields.iter().any(|f| f.id.get_ref() == word.get_ref()) {
        return FieldId::parse(word.get_ref()).ok();
    }
    let says = format!("This sheet has no field {}.", word.get_ref());
    desk.report(Problem::UnknownReference, file, word.span(), says, "Name a field of this sheet, or add it.");
    None
}

fn span(desk: &mut Desk, sheet: &text::Sheet, span: &text::Span, file: usize) -> Option<Span> {
    let from = match span.from.get_ref().strip_prefix("moment ") {
        Some(name) => SpanStart::Moment(moment(desk, name.trim(), &span.from, file)?),
        None => SpanStart::Field(another(desk, sheet, &span.from, file)?),
    };
    let to = another(desk, sheet, &span.to, file)?;
    for word in [&span.from, &span.to].into_iter().filter(|word| !word.get_ref().starts_with("moment ")) {
        let timed = |f: &&text::SheetField| matches!(f.kind, SheetFieldKind::When | SheetFieldKind::Date);
        let found = sheet.fields.iter().find(|f| f.id.get_ref() == word.get_ref());
        if found.filter(timed).is_none() {
            let says = format!("{} holds no time.", word.get_ref());
            desk.report(
                Problem::WrongShape,
                file,
                word.span(),
                says,
                "A span runs between fields of kind when or date.",
            );
        }
    }
    Some(Span { says: span.says.clone(), from, to, open: span.open.clone() })
}

fn moment(desk: &mut Desk, name: &str, word: &Word, file: usize) -> Option<Moment> {
    let read = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name);
    let moment = <Moment as serde::Deserialize>::deserialize(read).ok();
    if moment.is_none() {
        let says = format!("There is no moment {name}.");
        let help = "Write `moment report-received` or another moment that starts clocks.";
        desk.report(Problem::UnknownReference, file, word.span(), says, help);
    }
    moment
}
