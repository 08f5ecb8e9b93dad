//! Sheets of an incident: what the policy wants on record, its entries, and the form that fills one.

mod lines;
mod reading;

pub use lines::{SheetLine, lines, sealed};

use app::sheets::{amount, exactly};
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::actor::Section;
use domain::ids::{AccountId, EntryId};
use domain::incident::{FieldValue, Incident, Refusal, SheetEntry, Standing, sheet_offered};
use domain::pack::{FieldId, FieldNeed, Sheet, SheetField, SheetFieldKind, SheetId};
use domain::permission::{Action, Object, decide};
use domain::time::{When, Zone};
use serde::Deserialize;

use super::Case;
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            home::actor,
            sorry::{Answer, refusal},
        },
    },
    times::{self, Stamp},
    typed::{Typed, problem},
};
use lines::papers;
use reading::read;

/// `/incidents/{reference}/sheets/{sheet}`
#[derive(Debug, Template)]
#[template(path = "staff/sheet.html")]
pub struct SheetPage {
    /// The desk.
    pub desk: Desk,
    /// This page.
    pub address: String,
    /// The incident's reference.
    pub reference: String,
    /// What it is for.
    pub help: String,
    /// Documents it works with.
    pub papers: Vec<String>,
    /// The clauses behind it: cite, and what it says.
    pub cites: Vec<(String, String)>,
    /// Its entries, oldest first.
    pub entries: Vec<EntryView>,
    /// The fields of the form; empty for those who only read.
    pub fields: Vec<FieldView>,
    /// The entry that the form changes; empty for a new one.
    pub changing: String,
    /// Why this person does not fill it, or empty.
    pub others: String,
    /// Whether the words why are asked for.
    pub reason: bool,
    /// What the button says.
    pub button: &'static str,
    /// Whether an entry can be taken back here.
    pub strikes: bool,
    /// The name to sign with.
    pub signer: String,
    /// Where the page leads back to: the address, and what it says.
    pub leave: (String, &'static str),
    /// A copy to take along, or empty.
    pub copy: String,
    /// The register of the unit that its entries belong to, or empty.
    pub register: String,
    /// Whether this person may take its entries along.
    pub takes: bool,
    /// What was typed.
    pub typed: Typed,
}

desks!(SheetPage);

/// An entry.
#[derive(Debug, Clone)]
pub struct EntryView {
    /// Its id.
    pub id: String,
    /// “Laptop 4711”, or “Entry 2”
    pub heading: String,
    /// Labels and what stands there.
    pub rows: Vec<(String, String)>,
    /// What is still needed, or empty.
    pub lacks: String,
    /// When nothing was missing any more.
    pub finished: Stamp,
    /// What the policy says to what stands here.
    pub says: Vec<String>,
    /// “Signed by M. Park, Supervisor of the employee, Jul 2”, or empty.
    pub signed: String,
    /// Whether this person signs it now.
    pub signs: bool,
    /// Why it was taken back, or empty.
    pub struck: String,
    /// Every word about it: who, when, what.
    pub history: Vec<(String, Stamp, String)>,
}

/// A field of the form.
#[derive(Debug, Clone)]
pub struct FieldView {
    /// Name of the input.
    pub name: String,
    /// What it asks.
    pub label: String,
    /// A line under it.
    pub hint: String,
    /// `line`, `text`, `one`, `many`, `person`.
    pub shape: &'static str,
    /// What stands there.
    pub value: String,
    /// Its choices.
    pub choices: Vec<Choice>,
    /// Whether “not known yet” is offered.
    pub or_unknown: bool,
    /// Whether it is the answer.
    pub unknown: bool,
}

/// Where the register of the unit is, for those who may read it.
fn register(app: &App, staff: &Staff, case: &Case, sheet: &Sheet) -> String {
    let viewer = &staff.who.viewer;
    let unit = Object::Unit { tenant: viewer.tenant, unit: case.row.unit };
    let reads = sheet.register.is_some() && decide(viewer, Action::Read, unit, sheet.section).is_ok();
    let directory = app.directory();
    let code = directory.unit(case.row.unit).filter(|_| reads).map(|unit| &unit.code);
    code.map(|code| format!("/registers/{code}/{}", sheet.id)).unwrap_or_default()
}

fn spans(incident: &Incident, sheet: &Sheet, entry: &SheetEntry, staff: &Staff, zone: &Zone) -> Vec<(String, String)> {
    let told = sheet.spans.iter().filter_map(|span| {
        let (seconds, ended) = entry.span(incident, span, zone, staff.now())?;
        let words = if ended { exactly(seconds) } else { format!("{}, {} so far", span.open, exactly(seconds)) };
        Some((span.says.clone(), words))
    });
    told.collect()
}

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The entry to change.
    #[serde(default)]
    change: String,
    /// What has just been done.
    #[serde(default)]
    done: String,
}

/// A sheet of a case that somebody may read.
pub struct Found {
    /// The case.
    pub case: Case,
    /// The sheet.
    pub sheet: Sheet,
}

/// A sheet of a case, for those who may read it. One that waits for something on another sheet is not there, and of one
/// that human resources alone read nobody else learns.
pub async fn find(app: &App, staff: &Staff, reference: &str, sheet: &str) -> Result<Found, Trouble> {
    let id = SheetId::parse(sheet).map_err(|_| Trouble::NotFound)?;
    let of = |case: &Case| -> Result<Sheet, Trouble> {
        Ok(app.pack_of_incident(&case.incident)?.sheet(&id).ok_or(Trouble::NotFound)?.clone())
    };
    let open = match Case::find(app, staff, reference).await {
        Ok(case) => {
            let sheet = of(&case)?;
            (sheet.section != Section::Personnel).then_some((case, sheet))
        }
        Err(Trouble::NotFound) => None,
        Err(other) => return Err(other),
    };
    let (case, sheet) = match open {
        Some(found) => found,
        None => {
            let (may, row, incident) = app.sealed_sheet(&staff.who.viewer, reference, &id, Action::Read).await?;
            app.note_look(&may).await?;
            let case = Case { may, row, incident };
            let sheet = of(&case)?;
            (case, sheet)
        }
    };
    case.allow(staff, Action::Read, sheet.section)?;
    if !sheet_offered(&case.incident, &sheet) && case.incident.entries(&sheet.id).next().is_none() {
        return Err(Trouble::NotFound);
    }
    Ok(Found { case, sheet })
}

/// The page. Statements of the store: session, row with exclusion, stream.
pub async fn page(
    State(app): State<App>,
    Path((reference, sheet)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Answer {
    let found = find(&app, &staff, &reference, &sheet).await?;
    let flash = match asked.done.as_str() {
        "filled" => Flash::says("On record."),
        "struck" => Flash::says("Taken back. It stays readable, struck through."),
        "signed" => Flash::says("Signed. Nothing of this entry changes any more."),
        _ => None,
    };
    let mut page = show(&app, &staff, &found, &asked.change, Typed::default(), Vec::new())?;
    page.desk.flash = flash;
    Ok(shown(&page))
}

pub(super) fn show(
    app: &App,
    staff: &Staff,
    found: &Found,
    change: &str,
    typed: Typed,
    problems: Vec<Problem>,
) -> Result<SheetPage, Trouble> {
    let Found { case, sheet } = found;
    let (incident, zone) = (&case.incident, staff.zone(app));
    let pack = app.pack_of_incident(incident)?;
    let address = format!("/incidents/{}/sheets/{}", case.row.reference, sheet.id);
    let back = leave(case, sheet);
    let struck = incident.sheets.iter().filter(|e| e.sheet == sheet.id && e.struck.is_some());
    let all: Vec<&SheetEntry> = incident.entries_in_order(sheet, &zone).into_iter().chain(struck).collect();
    let named = matches!(case.may.object(), Object::Named { .. });
    let one = if sheet.repeats && !named { None } else { incident.entries(&sheet.id).find(|e| e.signed.is_none()) };
    let changing = incident.entries(&sheet.id).find(|e| e.id.to_string() == change && e.signed.is_none()).or(one);
    // Human resources may act long after an incident is closed.
    let open = match incident.standing {
        Standing::Open => true,
        Standing::Closed => sheet.section == Section::Personnel,
        Standing::Withdrawn => false,
    };
    let full = changing.is_none() && !sheet.repeats && incident.entries(&sheet.id).next().is_some();
    let works = open && !full && case.allow(staff, App::action_of(sheet), sheet.section).is_ok();
    let others = match app.may_fill(&staff.who.viewer, &case.row, incident, pack, sheet, changing.map(|e| e.id)) {
        Err(Trouble::Refused(words)) => words,
        _ => String::new(),
    };
    let fields = if works && others.is_empty() {
        let people = |f: &SheetField| match f.kind {
            SheetFieldKind::Person => app.people_for(case.row.tenant, pack, f),
            _ => Vec::new(),
        };
        sheet.fields.iter().map(|f| field(incident, f, changing, &typed, &zone, &people(f))).collect()
    } else {
        Vec::new()
    };
    let signs = |entry: &SheetEntry| {
        open && entry.struck.is_none()
            && entry.signed.is_none()
            && !sheet.signed_by.is_empty()
            && case.allow(staff, Action::Sign, sheet.section).is_ok()
            && app.may_sign(&staff.who.viewer, &case.row, incident, pack, (sheet, entry.id)).is_ok()
    };
    let entries = all
        .iter()
        .enumerate()
        .map(|(n, entry)| EntryView { signs: signs(entry), ..view(app, staff, incident, sheet, entry, n + 1) });
    let clause = |id| pack.clause(id).map(|c| (c.cite.clone(), c.says.clone()));
    Ok(SheetPage {
        help: sheet.help.clone().unwrap_or_default(),
        papers: papers(app, case, sheet, pack),
        cites: sheet.clauses.iter().filter_map(clause).collect(),
        entries: entries.collect(),
        fields,
        changing: changing.map(|e| e.id.to_string()).unwrap_or_default(),
        others,
        reason: changing.is_some()
            || sheet.words.iter().any(|word| word.asks_first)
            || sheet.fields.iter().any(|f| !domain::incident::marked(incident, f).is_empty()),
        register: register(app, staff, case, sheet),
        takes: !all.is_empty() && case.allow(staff, Action::Export, sheet.section).is_ok(),
        button: if changing.is_some() { "Put the change on record" } else { "Put it on record" },
        strikes: !named,
        signer: typed.raw("name").unwrap_or(&staff.who.name).to_owned(),
        desk: staff.desk(app, &sheet.title).under(&back.0, &case.row.reference).mend(problems),
        reference: case.row.reference.clone(),
        copy: case.allow(staff, Action::Export, sheet.section).map(|_| format!("{address}/copy")).unwrap_or_default(),
        leave: back,
        address,
        typed,
    })
}

/// Where a sheet leads back to: the incident, for human resources their page, for those whom it names their own.
fn leave(case: &Case, sheet: &Sheet) -> (String, &'static str) {
    let incident = format!("/incidents/{}", case.row.reference);
    match case.may.object() {
        Object::Named { .. } => ("/home".to_owned(), "Back to Home"),
        _ if sheet.section == Section::Personnel => (format!("{incident}/personnel"), "Back to the personnel file"),
        _ => (format!("{incident}#sheets"), "Back to the incident"),
    }
}

fn field(
    incident: &Incident,
    field: &SheetField,
    entry: Option<&SheetEntry>,
    typed: &Typed,
    zone: &Zone,
    people: &[(AccountId, String)],
) -> FieldView {
    let brought = domain::incident::marked(incident, field);
    let name = format!("f.{}", field.id);
    let held = entry.and_then(|e| e.values.get(&field.id));
    let again = !typed.is_empty();
    let shape = match field.kind {
        SheetFieldKind::Text => "text",
        SheetFieldKind::ChooseOne => "one",
        SheetFieldKind::ChooseMany => "many",
        SheetFieldKind::Person => "person",
        SheetFieldKind::Line
        | SheetFieldKind::When
        | SheetFieldKind::Date
        | SheetFieldKind::Number
        | SheetFieldKind::Amount => "line",
    };
    let usual = match field.kind {
        SheetFieldKind::When => "“now”, “today 2pm”, “10/12 15:00”.",
        SheetFieldKind::Date => "2026-10-20 or 10/20/2026",
        SheetFieldKind::Number => "In figures.",
        SheetFieldKind::Amount => "In dollars, such as 1,250.50",
        _ => "",
    };
    let need = match field.need {
        FieldNeed::ToFinish if field.only_if.is_empty() => "Needed to finish.",
        _ => "",
    };
    let suggested = incident.suggested(field, entry);
    let confirm = if suggested.is_some() { "Suggested: confirm it, or choose another." } else { "" };
    let hint: Vec<&str> = [field.help.as_deref().unwrap_or_default(), usual, need, confirm]
        .into_iter()
        .filter(|s| !s.is_empty())
        .collect();
    let value = if again {
        typed.raw(&name).unwrap_or_default().to_owned()
    } else {
        held.map(|v| editable(v, zone)).unwrap_or_default()
    };
    let chosen = |id: &str| {
        if again {
            typed.has(&name, id)
        } else {
            let offered = brought.iter().chain(suggested).any(|c| c.as_str() == id);
            (held.is_none() && offered)
                || matches!(held, Some(FieldValue::Chosen(ids)) if ids.iter().any(|c| c.as_str() == id))
        }
    };
    let unknown =
        if again { typed.has(&format!("{name}.unknown"), "1") } else { matches!(held, Some(FieldValue::NotKnown)) };
    let named =
        |id: &str| if again { value == id } else { matches!(held, Some(FieldValue::Person(p)) if p.to_string() == id) };
    let people = people.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let people = people.map(|(id, name)| Choice::new(&id, name).chosen_if(named(&id)));
    let choices =
        field.choices.iter().map(|c| Choice::new(c.id.as_str(), c.says.clone()).chosen_if(chosen(c.id.as_str())));
    let choices: Vec<Choice> = choices.chain(people).collect();
    FieldView {
        label: field.label.clone(),
        hint: hint.join(" "),
        shape,
        value,
        choices,
        or_unknown: field.or_unknown,
        unknown,
        name,
    }
}

/// A value as it can be typed again.
fn editable(value: &FieldValue, zone: &Zone) -> String {
    match value {
        FieldValue::Words(words) => words.to_string(),
        FieldValue::Time(When::Exact { at }) => at.in_zone(zone).strftime("%Y-%m-%d %H:%M").to_string(),
        FieldValue::Time(When::About { at }) => at.in_zone(zone).strftime("about %Y-%m-%d %H:%M").to_string(),
        FieldValue::Time(When::Day { on }) | FieldValue::Day(on) => on.to_string(),
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Amount(hundredths) => amount(*hundredths),
        FieldValue::Time(When::Unknown) | FieldValue::Chosen(_) | FieldValue::NotKnown | FieldValue::Person(_) => {
            String::new()
        }
    }
}

/// A value as it is read.
pub fn words(app: &App, field: &SheetField, value: &FieldValue, staff: &Staff, zone: &Zone) -> String {
    match value {
        FieldValue::Words(words) => words.to_string(),
        FieldValue::Chosen(ids) => {
            ids.iter().map(|id| field.choice(id).unwrap_or(id.as_str())).collect::<Vec<_>>().join(", ")
        }
        FieldValue::Time(when) => times::when(when, staff.now(), zone).words,
        FieldValue::Day(on) => times::day(*on),
        FieldValue::Number(number) => crate::typed::thousands(number),
        FieldValue::Amount(hundredths) => amount(*hundredths),
        FieldValue::NotKnown => "not known yet".to_owned(),
        FieldValue::Person(id) => app.name_of(*id),
    }
}

pub(super) fn view(
    app: &App,
    staff: &Staff,
    incident: &Incident,
    sheet: &Sheet,
    entry: &SheetEntry,
    number: usize,
) -> EntryView {
    let zone = &staff.zone(app);
    let told =
        |(field, value): (&SheetField, &FieldValue)| (field.label.clone(), words(app, field, value, staff, zone));
    let held = sheet.fields.iter().filter_map(|f| Some((f, entry.values.get(&f.id)?)));
    let rows = held.map(told).chain(spans(incident, sheet, entry, staff, zone));
    let lacks: Vec<&str> = entry.lacks(sheet, FieldNeed::ToFinish).iter().map(|f| f.label.as_str()).collect();
    let said = |filling: &domain::incident::SheetFilling| {
        let one = |(id, value): (&FieldId, &Option<FieldValue>)| {
            let field = sheet.field(id)?;
            let now = value.as_ref().map_or_else(|| "emptied".to_owned(), |v| words(app, field, v, staff, zone));
            Some(format!("{}: {now}", field.label))
        };
        let mut parts: Vec<String> = filling.values.iter().filter_map(one).collect();
        parts.extend(filling.reason.as_ref().map(|why| format!("Why: {why}")));
        parts.join(". ")
    };
    let history =
        entry.fillings.iter().map(|f| (actor(app, f.by), times::stamp(f.at, staff.now(), zone), said(&f.what)));
    EntryView {
        id: entry.id.to_string(),
        heading: domain::incident::gist(sheet, entry).unwrap_or_else(|| format!("Entry {number}")),
        rows: rows.collect(),
        finished: entry.finished_at(sheet).map(|at| times::short(at, staff.now(), zone)).unwrap_or_default(),
        lacks: lacks.join(", "),
        says: sheet.words.iter().filter(|word| entry.holds(&word.when)).map(|word| word.says.clone()).collect(),
        signed: entry.signed.as_ref().map_or_else(String::new, |signed| {
            let at = times::short(signed.at, staff.now(), zone).words;
            format!("Signed by {}, {}, {at}", signed.what.name, signed.what.capacity)
        }),
        signs: false,
        struck: entry.struck.as_ref().map(|why| why.what.to_string()).unwrap_or_default(),
        history: history.collect(),
    }
}

/// Fills it. Sends `f.{field}`, `f.{field}.unknown`, `entry` and `sheet-reason`.
pub async fn fill(
    State(app): State<App>,
    Path((reference, sheet)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let found = find(&app, &staff, &reference, &sheet).await?;
    let change = typed.get("entry").to_owned();
    let entry: Option<EntryId> = change.parse().ok();
    let zone = staff.zone(&app);
    let again = |problems| Ok(shown(&show(&app, &staff, &found, &change, typed.clone(), problems)?));
    let values = match read(&found.sheet, &typed, &staff, &zone) {
        Ok(values) => values,
        Err(wrong) => return again(wrong),
    };
    let reason = match typed.prose("sheet-reason") {
        Ok(reason) => reason,
        Err(wrong) => return again(vec![wrong]),
    };
    match app.fill_sheet(&staff.who.viewer, &reference, &found.sheet, entry, values, reason).await {
        Ok(entry) => {
            // What is suggested now is asked at once.
            let after = find(&app, &staff, &reference, &sheet).await?.case.incident;
            let filled = after.entries(&found.sheet.id).find(|e| e.id == entry);
            let asks = filled.is_some() && found.sheet.fields.iter().any(|f| after.suggested(f, filled).is_some());
            let change = if asks { format!("&change={entry}#fill") } else { String::new() };
            let address = format!("/incidents/{}/sheets/{}", found.case.row.reference, found.sheet.id);
            Ok(go(&format!("{address}?done=filled{change}")))
        }
        Err(Trouble::Incident(Refusal::FieldsEmpty(fields))) => {
            let needed = |(id, _): &(FieldId, String)| {
                problem(&format!("f.{id}"), "This is needed before it can be put on record.")
            };
            again(fields.iter().map(needed).collect())
        }
        Err(trouble) => {
            let field = match &trouble {
                Trouble::Incident(Refusal::DoesNotFit(id, _) | Refusal::EndsBeforeItBegins(id)) => format!("f.{id}"),
                Trouble::Incident(Refusal::MarkNeedsReason(..)) => "sheet-reason".to_owned(),
                Trouble::Incident(Refusal::ChangeNeedsReason | Refusal::AsksFirst(_)) => "sheet-reason".to_owned(),
                _ => "sheet".to_owned(),
            };
            let words = refusal(trouble)?;
            again(vec![problem(&field, &words)])
        }
    }
}

/// Takes an entry back. Sends `entry` and `strike-reason`.
pub async fn strike(
    State(app): State<App>,
    Path((reference, sheet)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let found = find(&app, &staff, &reference, &sheet).await?;
    let again = |wrong| Ok(shown(&show(&app, &staff, &found, "", Typed::default(), vec![wrong])?));
    let entry: EntryId = typed.get("entry").parse().map_err(|_| Trouble::NotFound)?;
    let reason = match typed.needed_prose("strike-reason", "Write why this entry is taken back.") {
        Ok(reason) => reason,
        Err(wrong) => return again(wrong),
    };
    match app.strike_entry(&staff.who.viewer, &reference, &found.sheet, entry, reason).await {
        Ok(()) => Ok(go(&format!("/incidents/{}/sheets/{}?done=struck", found.case.row.reference, found.sheet.id))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(problem("sheet", &words))
        }
    }
}
