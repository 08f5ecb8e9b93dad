//! Sheets that human resources alone read: nothing on them may be told elsewhere, and somebody has to be named to fill
//! them.

use super::{
    desk::Desk,
    gather::Paper,
    items,
    sheets::{another, only_if},
};
use crate::{
    Problem,
    text::{self, ReadBy, Word},
};
use domain::pack::*;

/// What a sheet sealed for human resources must not do, and what it cannot do without.
pub(super) fn check(desk: &mut Desk, paper: &Paper, s: &text::Sheet, file: usize) {
    let place = s.id.span();
    let sealed = matches!(s.read_by, ReadBy::Personnel);
    let mut wrong = |says: String, help: &str| desk.report(Problem::WrongShape, file, place.clone(), says, help);
    for word in &s.after {
        let name = word.get_ref().split(&['.', ' '][..]).next().unwrap_or_default();
        let other = paper.sheets.iter().map(|at| &at.item).find(|other| other.id.get_ref() == name);
        let theirs = other.is_some_and(|other| matches!(other.read_by, ReadBy::Personnel));
        if theirs != sealed {
            let says = format!("Whether {name} stands would be told by this sheet to people who do not read both.");
            wrong(says, "Give both the same `read_by`, or take `after` out.");
        }
    }
    if !sealed {
        return;
    }
    if s.recorded_by.is_empty() {
        wrong("Nobody is named who fills this sheet.".to_owned(), "Write `recorded_by` with a role of the policy.");
    }
    let told = [
        (!s.wanted.is_empty() || !s.holds.is_empty(), "`wanted` or `holds`"),
        (s.met_at.is_some(), "`met_at`"),
        (s.on_timeline.is_some(), "`on_timeline`"),
        (s.refers, "`refers`"),
        (s.fields.iter().any(|f| f.counts || f.sums), "`counts` or `sums`"),
        (s.fields.iter().any(|f| f.answers.is_some()), "`answers`"),
        (s.fields.iter().any(|f| f.records.is_some()), "`records`"),
        (s.fields.iter().any(|f| f.offers_for.is_some()), "`offers_for`"),
        (s.fields.iter().any(|f| f.from_question.is_some() || f.from_loss.is_some()), "`from_question` or `from_loss`"),
        (s.fields.iter().flat_map(|f| &f.choices).any(|c| !c.marked_by.is_empty()), "`marked_by`"),
    ];
    for (_, key) in told.iter().filter(|(told, _)| *told) {
        let says = format!("Human resources alone read this sheet, and {key} would tell of it elsewhere.");
        wrong(says, "Take it out, or let officers read the sheet.");
    }
}

/// Whether an entry hands the incident to human resources, and while which choice stands.
pub(super) fn refers(desk: &mut Desk, s: &text::Sheet, file: usize) -> Option<Vec<Held>> {
    let choices = s.refers_if.as_ref().map(|word| only_if(desk, s, word, file)).unwrap_or_default();
    (s.refers || s.refers_if.is_some()).then_some(choices)
}

pub(super) fn word(desk: &mut Desk, s: &text::Sheet, word: &text::SheetWord, file: usize) -> SheetWord {
    let when = only_if(desk, s, &word.when, file);
    SheetWord { when, says: word.says.clone(), asks_first: word.asks_first }
}

pub(super) fn keeps(desk: &mut Desk, s: &text::Sheet, keeps: &text::SheetHold, file: usize) -> SheetHold {
    let when = only_if(desk, s, &keeps.when, file);
    let from = keeps.from.as_ref().and_then(|word| day(desk, s, word, file));
    SheetHold { when, from, says: keeps.says.clone() }
}

/// A field of the same sheet that holds a day.
fn day(desk: &mut Desk, s: &text::Sheet, word: &Word, file: usize) -> Option<FieldId> {
    let field = another(desk, s, word, file)?;
    if s.fields.iter().any(|f| f.id.get_ref() == word.get_ref() && f.kind == SheetFieldKind::Date) {
        return Some(field);
    }
    let says = format!("{} holds no day.", word.get_ref());
    desk.report(Problem::WrongShape, file, word.span(), says, "Name a field of kind date.");
    None
}

/// The box of human resources' part that a field fills: a choice under the box's own name, or a day.
pub(super) fn fills(
    desk: &mut Desk,
    s: &text::Sheet,
    f: &text::SheetField,
    file: usize,
) -> Option<(BoxId, Option<FieldId>)> {
    let word = f.fills.as_ref()?;
    if !matches!(s.read_by, ReadBy::Personnel) || !matches!(f.kind, SheetFieldKind::ChooseOne | SheetFieldKind::Date) {
        let says = "A box of human resources' part is filled by a choice or a day of a sheet that they alone read.";
        let help = "Write `read_by = \"personnel\"` and `kind = \"choose-one\"` or \"date\".";
        desk.report(Problem::WrongShape, file, word.span(), says, help);
        return None;
    }
    let (_, in_box) = items::box_of(desk, word, file)?;
    let with = f.fills_with.as_ref().and_then(|word| another(desk, s, word, file));
    Some((in_box, with))
}
