//! What was typed into the form of a sheet, read field by field.

use crate::screens::{frame::Problem, staff::desk::Staff};
use crate::times;
use crate::typed::{Typed, problem};
use app::sheets::read_amount;
use domain::incident::FieldValue;
use domain::pack::{FieldId, Sheet, SheetField, SheetFieldKind};
use domain::text::Note;
use domain::time::Zone;
use std::collections::BTreeMap;

/// All fields of the form, or what to mend.
pub(super) fn read(
    sheet: &Sheet,
    typed: &Typed,
    staff: &Staff,
    zone: &Zone,
) -> Result<BTreeMap<FieldId, Option<FieldValue>>, Vec<Problem>> {
    let (mut values, mut wrong) = (BTreeMap::new(), Vec::new());
    for field in &sheet.fields {
        match value(field, typed, staff, zone) {
            Ok(value) => {
                values.insert(field.id.clone(), value);
            }
            Err(problem) => wrong.push(problem),
        }
    }
    if wrong.is_empty() { Ok(values) } else { Err(wrong) }
}

fn value(field: &SheetField, typed: &Typed, staff: &Staff, zone: &Zone) -> Result<Option<FieldValue>, Problem> {
    let name = format!("f.{}", field.id);
    let said = |words: &dyn std::fmt::Display| problem(&name, &words.to_string());
    let text = typed.get(&name);
    let value = match field.kind {
        SheetFieldKind::Line => {
            let line: Option<domain::text::Line<500>> = typed.line(&name)?;
            line.and_then(|line| Note::parse(line.as_str()).ok()).map(FieldValue::Words)
        }
        SheetFieldKind::Text => typed.prose(&name)?.map(FieldValue::Words),
        SheetFieldKind::ChooseOne | SheetFieldKind::ChooseMany => {
            let known = field.choices.iter().filter(|c| typed.has(&name, c.id.as_str()));
            let chosen: Vec<_> = known.map(|c| c.id.clone()).collect();
            (!chosen.is_empty()).then_some(FieldValue::Chosen(chosen))
        }
        _ if text.is_empty() => None,
        SheetFieldKind::Person => {
            let id = text.parse().map_err(|_| said(&"Choose somebody from the list."))?;
            Some(FieldValue::Person(id))
        }
        SheetFieldKind::When => Some(FieldValue::Time(times::read(text, staff.now(), zone).map_err(|e| said(&e))?)),
        SheetFieldKind::Date => Some(FieldValue::Day(times::read_day(text, staff.now(), zone).map_err(|e| said(&e))?)),
        SheetFieldKind::Number => {
            let number = text.replace([',', ' '], "").parse().map_err(|_| said(&"Write a number in figures."))?;
            Some(FieldValue::Number(number))
        }
        SheetFieldKind::Amount => {
            let read = read_amount(text).ok_or_else(|| said(&"Write a sum such as 1,250.50."))?;
            Some(FieldValue::Amount(read))
        }
    };
    let unknown = field.or_unknown && typed.has(&format!("{name}.unknown"), "1");
    Ok(value.or_else(|| unknown.then_some(FieldValue::NotKnown)))
}
