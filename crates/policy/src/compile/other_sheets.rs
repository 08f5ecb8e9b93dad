//! What a sheet takes from elsewhere: choices that stand on another sheet, people who are named there, and the things
//! that a report says were lost.

use super::{desk::Desk, gather::Paper, sheets::choices_of};
use crate::{
    Problem,
    text::{self, Word},
};
use domain::pack::*;

/// `magnitude.level is statewide-emergency`, or `ocs-engagement` for any entry on that sheet.
pub(super) fn stands(desk: &mut Desk, paper: &Paper, sheet: &text::Sheet, word: &Word, file: usize) -> Option<OnSheet> {
    let said = word.get_ref().as_str();
    let (name, rest) = said.split_once('.').map_or((said, None), |(name, rest)| (name, Some(rest)));
    let other = other(desk, paper, sheet, word, name.trim(), file)?;
    let id = SheetId::parse(name.trim()).ok()?;
    let Some(rest) = rest else { return Some(OnSheet { sheet: id, holds: None }) };
    let holds = choices_of(desk, other, &Word::new(word.span(), rest.to_owned()), file)?;
    Some(OnSheet { sheet: id, holds: Some(holds) })
}

/// Another sheet of the pack. A sheet that waited for itself would never be offered.
fn other<'p>(
    desk: &mut Desk,
    paper: &'p Paper,
    sheet: &text::Sheet,
    word: &Word,
    name: &str,
    file: usize,
) -> Option<&'p text::Sheet> {
    let found = paper.sheets.iter().map(|at| &at.item).find(|s| s.id.get_ref() == name);
    let says = match found {
        Some(_) if sheet.id.get_ref() == name => "This sheet cannot wait for itself.".to_owned(),
        Some(found) => return Some(found),
        None => format!("There is no sheet {name}."),
    };
    let help = "Write `<sheet>` or `<sheet>.<field> is <choice>`, with another [[sheet]] of the pack.";
    desk.report(Problem::UnknownReference, file, word.span(), says, help);
    None
}

/// The people of another sheet, and from when to when they are named there.
pub(super) fn named(
    desk: &mut Desk,
    paper: &Paper,
    sheet: &text::Sheet,
    named: &text::NamedOn,
    file: usize,
) -> Option<NamedOn> {
    // A sheet may name the people of its own entries: each takes up the entry that names them.
    let own = paper.sheets.iter().map(|at| &at.item).find(|s| s.id.get_ref() == sheet.id.get_ref());
    let other = match own.filter(|own| own.id.get_ref() == named.sheet.get_ref()) {
        Some(own) => own,
        None => other(desk, paper, sheet, &named.sheet, named.sheet.get_ref(), file)?,
    };
    let mut of_kind = |word: &Word, right: fn(SheetFieldKind) -> bool, kinds: &str| {
        if other.fields.iter().any(|f| f.id.get_ref() == word.get_ref() && right(f.kind)) {
            return FieldId::parse(word.get_ref()).ok();
        }
        let says = format!("The sheet {} has no field {} of kind {kinds}.", other.id.get_ref(), word.get_ref());
        desk.report(Problem::UnknownReference, file, word.span(), says, "Name such a field of that sheet, or add it.");
        None
    };
    let timed = |kind| matches!(kind, SheetFieldKind::When | SheetFieldKind::Date);
    Some(NamedOn {
        sheet: SheetId::parse(named.sheet.get_ref()).ok()?,
        person: of_kind(&named.person, |kind| kind == SheetFieldKind::Person, "person")?,
        from: named.from.as_ref().and_then(|word| of_kind(word, timed, "when or date")),
        until: named.until.as_ref().and_then(|word| of_kind(word, timed, "when or date")),
    })
}

/// The fields of a sheet that say when the ticket was taken, and by whom.
pub(super) fn taken(desk: &mut Desk, paper: &Paper, taken: &text::Taken, file: usize) -> Option<Taken> {
    let found = paper.sheets.iter().map(|at| &at.item).find(|s| s.id.get_ref() == taken.sheet.get_ref());
    let Some(sheet) = found else {
        let says = format!("There is no sheet {}.", taken.sheet.get_ref());
        desk.report(Problem::UnknownReference, file, taken.sheet.span(), says, "Name a [[sheet]] of the pack.");
        return None;
    };
    let mut of_kind = |word: &Word, right: &[SheetFieldKind], kinds: &str| {
        if sheet.fields.iter().any(|f| f.id.get_ref() == word.get_ref() && right.contains(&f.kind)) {
            return FieldId::parse(word.get_ref()).ok();
        }
        let says = format!("The sheet {} has no field {} of kind {kinds}.", sheet.id.get_ref(), word.get_ref());
        desk.report(Problem::UnknownReference, file, word.span(), says, "Name such a field of that sheet, or add it.");
        None
    };
    Some(Taken {
        sheet: SheetId::parse(taken.sheet.get_ref()).ok()?,
        at: of_kind(&taken.at, &[SheetFieldKind::When], "when")?,
        by: taken.by.as_ref().and_then(|w| of_kind(w, &[SheetFieldKind::Line, SheetFieldKind::Text], "line or text")),
    })
}

/// A part of a thing lost or stolen.
pub(super) fn of_loss(desk: &mut Desk, paper: &Paper, sheet: &text::Sheet, word: &Word, file: usize) -> Option<OfLoss> {
    if !sheet.repeats {
        let says = "Each thing lost or stolen begins an entry, and this sheet has only one.";
        desk.report(Problem::WrongShape, file, word.span(), says, "Give the sheet `repeats = true`.");
        return None;
    }
    let asked = |id: &str| {
        let questions = paper.loss.iter().flat_map(|at| &at.item.get_ref().question);
        questions.map(|q| q.id.get_ref().as_str()).any(|q| q == id)
    };
    match word.get_ref().as_str() {
        "item" => Some(OfLoss::Item),
        "tag" => Some(OfLoss::Tag),
        "last-place" => Some(OfLoss::Place),
        "contents" => Some(OfLoss::Contents),
        id if asked(id) => QuestionId::parse(id).ok().map(OfLoss::Question),
        id => {
            let says = format!("Nothing is asked about a loss that is called {id}.");
            let help = "Write item, tag, last-place, contents, or the id of a [[loss.question]].";
            desk.report(Problem::UnknownReference, file, word.span(), says, help);
            None
        }
    }
}
