//! Filling sheets: who may, and how long something took.

use crate::{App, Trouble};
use domain::actor::Section;
use domain::form::{BoxText, Filling};
use domain::ids::{AccountId, EntryId, TenantId};
use domain::incident::{Command, FieldValue, Incident, Mark, SheetFilling};
use domain::pack::{BoxId, FieldId, FormPart, Pack, Sheet, SheetField, SheetFieldKind};
use domain::permission::{Action, Object, Viewer};
use domain::text::Note;
use std::collections::BTreeMap;
use store::IncidentRow;

impl App {
    /// What filling a sheet is: work on the incident, or, where the policy gives the sheet to roles by name, theirs.
    pub const fn action_of(sheet: &Sheet) -> Action {
        if sheet.recorded_by.is_empty() { Action::Work } else { Action::Fill }
    }

    /// Whether the policy gives this sheet to somebody in one of the viewer's roles, or to people named on another sheet
    /// of whom the viewer is one now; otherwise whom it gives it to. A sheet that names the people of its own entries gives
    /// each the entry that names them.
    pub fn may_fill(
        &self,
        viewer: &Viewer,
        row: &IncidentRow,
        incident: &Incident,
        pack: &Pack,
        sheet: &Sheet,
        entry: Option<EntryId>,
    ) -> Result<(), Trouble> {
        let roles: Vec<_> = sheet.recorded_by.iter().filter_map(|id| pack.role(id)).collect();
        let named = sheet.or_named.as_ref();
        if roles.is_empty()
            || roles.iter().any(|role| viewer.holds_for(role.capacity, row.unit))
            || named
                .is_some_and(|on| incident.named_for(on, (&sheet.id, entry), viewer.account, &pack.zone, viewer.now))
        {
            return Ok(());
        }
        let titles: Vec<&str> = roles.iter().map(|role| role.title.en.as_str()).collect();
        let besides = named.and_then(|on| pack.sheet(&on.sheet)).map_or_else(String::new, |on| {
            format!(" It is also open to people on “{}”, while they are named there; you are not now.", on.title)
        });
        let by = titles.join(", ");
        Err(Trouble::Refused(format!("“{}” is recorded by: {by}. Ask one of them.{besides}", sheet.title)))
    }

    /// The people of the agency whom a field may name, by name.
    pub fn people_for(&self, tenant: TenantId, pack: &Pack, field: &SheetField) -> Vec<(AccountId, String)> {
        let now = self.now();
        let wanted: Vec<_> = field.of.iter().filter_map(|id| pack.role(id)).map(|role| role.capacity).collect();
        let directory = self.directory();
        let of_role = |id| directory.grants_of(id).iter().any(|g| wanted.contains(&g.role) && g.holds(now));
        let fits = |person: &&crate::directory::Person| person.active && (wanted.is_empty() || of_role(person.id));
        let people = directory.people_of(tenant).into_iter().filter(fits);
        people.map(|person| (person.id, person.profile.name.clone())).collect()
    }

    /// Fills fields of a sheet. `entry` is `None` for a new one; its id comes back.
    pub async fn fill_sheet(
        &self,
        viewer: &Viewer,
        reference: &str,
        sheet: &Sheet,
        entry: Option<EntryId>,
        values: BTreeMap<FieldId, Option<FieldValue>>,
        reason: Option<Note>,
    ) -> Result<EntryId, Trouble> {
        let (may, row) = self.allow_on_sheet(viewer, reference, sheet, Self::action_of(sheet)).await?;
        let named = matches!(may.object(), Object::Named { .. });
        let known = entry;
        let entry = entry.unwrap_or_else(|| self.draw());
        let filling = SheetFilling { sheet: sheet.id.clone(), entry, section: sheet.section, values, reason };
        self.act_together(&may, &row, None, |incident, pack, _| {
            let sheet = pack.sheet(&filling.sheet).ok_or(Trouble::NotFound)?;
            self.may_fill(viewer, &row, incident, pack, sheet, known)?;
            let mut filling = filling.clone();
            if named && let Some(on) = &sheet.or_named {
                // Whom an entry is given to stays with those who gave it.
                filling.values.remove(&on.person);
            }
            self.people_fit(&row, pack, sheet, &filling)?;
            let form = fills_form(incident, pack, sheet, &filling)?;
            Ok(std::iter::once(Command::FillSheet(filling)).chain(form).collect())
        })
        .await?;
        Ok(entry)
    }

    /// Takes an entry back, with the reason; it stays readable.
    pub async fn strike_entry(
        &self,
        viewer: &Viewer,
        reference: &str,
        sheet: &Sheet,
        entry: EntryId,
        reason: Note,
    ) -> Result<(), Trouble> {
        let (may, row) = self.allow_on_sheet(viewer, reference, sheet, Self::action_of(sheet)).await?;
        if matches!(may.object(), Object::Named { .. }) {
            return Err(Trouble::NotFound);
        }
        self.act(&may, &row, None, |incident, pack| {
            let sheet = pack.sheet(&sheet.id).ok_or(Trouble::NotFound)?;
            self.may_fill(viewer, &row, incident, pack, sheet, Some(entry))?;
            if !incident.entries(&sheet.id).any(|e| e.id == entry) {
                return Err(Trouble::NotFound);
            }
            Ok(Command::StrikeEntry(entry, reason.clone()))
        })
        .await?;
        Ok(())
    }

    /// Choices made on sheets, as people read them: “Unauthorized use, what for: Storing data, Placing attack tools”.
    pub fn marks_in_words(&self, marks: &[Mark]) -> String {
        let fields = || self.packs().all().iter().flat_map(|pack| &pack.sheets);
        let named = |name: &str| {
            fields().find_map(|sheet| {
                let field = sheet.fields.iter().find(|f| name == format!("{}.{}", sheet.id, f.id))?;
                Some((sheet, field))
            })
        };
        let mut told: Vec<(&str, String, Vec<String>)> = Vec::new();
        for mark in marks {
            let Some((sheet, field)) = named(&mark.field) else { continue };
            let says = domain::pack::ChoiceId::parse(&mark.choice).ok();
            let says = says.and_then(|id| field.choice(&id)).unwrap_or(&mark.choice).to_owned();
            match told.iter_mut().find(|(name, ..)| *name == mark.field) {
                Some((.., choices)) => choices.push(says),
                None => told.push((&mark.field, format!("{}, {}", sheet.title, field.label), vec![says])),
            }
        }
        told.iter().map(|(_, head, choices)| format!("{head} {}", choices.join(", "))).collect::<Vec<_>>().join("; ")
    }

    /// A person is one whom the field may name.
    fn people_fit(&self, row: &IncidentRow, pack: &Pack, sheet: &Sheet, filling: &SheetFilling) -> Result<(), Trouble> {
        for field in sheet.fields.iter().filter(|f| f.kind == SheetFieldKind::Person) {
            let Some(Some(FieldValue::Person(id))) = filling.values.get(&field.id) else { continue };
            if !self.people_for(row.tenant, pack, field).iter().any(|(known, _)| known == id) {
                let says = format!("{}: choose somebody from the list.", field.label);
                return Err(Trouble::Refused(says));
            }
        }
        Ok(())
    }
}

/// What an entry writes into human resources' part of the form: a choice with its words, and a day.
fn fills_form(
    incident: &Incident,
    pack: &Pack,
    sheet: &Sheet,
    filling: &SheetFilling,
) -> Result<Option<Command>, Trouble> {
    let Some(form) = pack.forms.first() else { return Ok(None) };
    let before = incident.entries(&sheet.id).find(|entry| entry.id == filling.entry).map(|entry| &entry.values);
    let value = |id: &FieldId| match filling.values.get(id) {
        Some(value) => value.as_ref(),
        None => before.and_then(|values| values.get(id)),
    };
    let mut boxes = BTreeMap::new();
    for field in &sheet.fields {
        let Some((in_box, with)) = &field.fills else { continue };
        let text = match value(&field.id) {
            Some(FieldValue::Chosen(held)) => {
                let choices = form.form_box(in_box).map(|b| b.choices.as_slice()).unwrap_or_default();
                let label = choices
                    .iter()
                    .find(|c| held.iter().any(|h| h.as_str() == c.id.as_str()))
                    .map(|c| c.label.en.clone());
                let words = with.as_ref().and_then(value);
                match (label, words) {
                    (Some(label), Some(FieldValue::Words(words))) => Some(format!("{label}: {words}")),
                    (label, _) => label,
                }
            }
            Some(FieldValue::Day(day)) => Some(crate::form::day_words(*day)),
            _ => None,
        };
        let Some(text) = text else { continue };
        let text = BoxText::parse(&text).map_err(|e| Trouble::Refused(format!("Box {in_box} of the form: {e}.")))?;
        if incident.form.boxes.get(in_box) != Some(&text) {
            boxes.insert(in_box.clone(), Some(text));
        }
    }
    let filling = Filling { part: FormPart::Hr, boxes, not_applicable: BTreeMap::new() };
    Ok((!filling.boxes.is_empty()).then_some(Command::FillForm(filling)))
}

/// What finished entries offer for a box of the form, each on a line of its own; `None` where they offer nothing.
pub(crate) fn offered(incident: &Incident, pack: &Pack, in_box: &BoxId) -> Option<String> {
    let offering = |sheet: &&Sheet| sheet.section == Section::Officer;
    let words = pack.sheets.iter().filter(offering).flat_map(|sheet| {
        let fields = sheet.fields.iter().filter(|f| f.offers_for.as_ref() == Some(in_box));
        fields.flat_map(move |field| {
            let finished = incident.entries(&sheet.id).filter(|entry| entry.finished(sheet));
            finished.filter_map(|entry| match entry.values.get(&field.id)? {
                FieldValue::Words(words) => Some(words.to_string()),
                _ => None,
            })
        })
    });
    let lines: Vec<String> = words.collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Entries as a table that is safe to open in a spreadsheet.
pub fn as_csv(head: Vec<String>, rows: Vec<Vec<String>>) -> Vec<u8> {
    documents::csv::table(head, rows, documents::csv::Mark::Utf8)
}

/// A sum of money from hundredths: “1,250.50”.
pub fn amount(hundredths: u64) -> String {
    let whole = (hundredths / 100).to_string();
    let mut grouped = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{:02}", hundredths % 100)
}

/// A typed sum of money in hundredths: “1,250.50”, “$400”.
pub fn read_amount(text: &str) -> Option<u64> {
    let plain: String = text.trim().trim_start_matches('$').chars().filter(|c| !matches!(c, ',' | ' ')).collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: u64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(part)
}

/// How long something took, to the minute: “30 h 30 min”, “12 h”, “40 min”.
pub fn exactly(seconds: i64) -> String {
    let minutes = seconds.max(0) / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "less than 1 min".to_owned(),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::{amount, exactly, read_amount};

    #[test]
    fn money_is_read_as_it_is_told() {
        for (text, hundredths, told) in
            [("1,000.00", 100_000, "1,000.00"), ("$250.5", 25_050, "250.50"), ("7", 700, "7.00")]
        {
            assert_eq!(read_amount(text), Some(hundredths));
            assert_eq!(amount(hundredths), told);
        }
        for wrong in ["", "ten", "1.234", "-5", "1.2.3", "99999999999999999999"] {
            assert_eq!(read_amount(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_time_is_told_to_the_minute() {
        let told = [(0, "less than 1 min"), (2_400, "40 min"), (43_200, "12 h"), (109_800, "30 h 30 min")];
        for (seconds, words) in told {
            assert_eq!(exactly(seconds), words);
        }
    }
}
