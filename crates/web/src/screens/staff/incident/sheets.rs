//! Sheets of an incident: what the policy wants on record, its entries, and the form that fills one.

mod lines;
mod reading;

pub use lines::{SheetLine, lines, sealed};

use app::sheets::exactly;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::ids::{AccountId, EntryId};
use domain::incident::{FieldValue, Incident, Refusal, SheetEntry, Standing, sheet_offered};
use domain::pack::{FieldId, FieldNeed, Sheet, SheetField, SheetFieldKind, SheetId};
use domain::permission::{Action, Object, decide};
use domain::time::{When, Zone};
use serde::Deserialize;
use serde_json::json;

use super::Case;
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            home::actor,
            sorry::{Answer, Sorry, refusal},
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
    /// The incident's page.
    pub back: String,
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

/// A sheet of a case, for those who may read it. One that waits for something on another sheet is not there.
pub async fn find(app: &App, staff: &Staff, reference: &str, sheet: &str) -> Result<Found, Trouble> {
    let case = Case::find(app, staff, reference).await?;
    let id = SheetId::parse(sheet).map_err(|_| Trouble::NotFound)?;
    let pack = app.pack_of_incident(&case.incident)?;
    let sheet = pack.sheet(&id).ok_or(Trouble::NotFound)?.clone();
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
        _ => None,
    };
    let mut page = show(&app, &staff, &found, &asked.change, Typed::default(), Vec::new())?;
    page.desk.flash = flash;
    Ok(shown(&page))
}

fn show(
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
    let back = format!("/incidents/{}", case.row.reference);
    let address = format!("{back}/sheets/{}", sheet.id);
    let struck = incident.sheets.iter().filter(|e| e.sheet == sheet.id && e.struck.is_some());
    let all: Vec<&SheetEntry> = incident.entries_in_order(sheet, &zone).into_iter().chain(struck).collect();
    let one = if sheet.repeats { None } else { incident.entries(&sheet.id).next() };
    let changing = incident.entries(&sheet.id).find(|e| e.id.to_string() == change).or(one);
    let works = incident.standing == Standing::Open && case.allow(staff, App::action_of(sheet), sheet.section).is_ok();
    let others = match app.may_fill(&staff.who.viewer, &case.row, incident, pack, sheet) {
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
    let entries = all.iter().enumerate().map(|(n, entry)| view(app, staff, incident, sheet, entry, n + 1));
    let clause = |id| pack.clause(id).map(|c| (c.cite.clone(), c.says.clone()));
    Ok(SheetPage {
        help: sheet.help.clone().unwrap_or_default(),
        papers: papers(app, case, sheet, pack),
        cites: sheet.clauses.iter().filter_map(clause).collect(),
        entries: entries.collect(),
        fields,
        changing: changing.map(|e| e.id.to_string()).unwrap_or_default(),
        others,
        reason: changing.is_some() || sheet.fields.iter().any(|f| !domain::incident::marked(incident, f).is_empty()),
        register: register(app, staff, case, sheet),
        takes: !all.is_empty() && case.allow(staff, Action::Export, sheet.section).is_ok(),
        button: if changing.is_some() { "Put the change on record" } else { "Put it on record" },
        desk: staff.desk(app, &sheet.title).under(&back, &case.row.reference).mend(problems),
        reference: case.row.reference.clone(),
        copy: case.allow(staff, Action::Export, sheet.section).map(|_| format!("{address}/copy")).unwrap_or_default(),
        back,
        address,
        typed,
    })
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
        SheetFieldKind::Line | SheetFieldKind::When | SheetFieldKind::Date | SheetFieldKind::Number => "line",
    };
    let usual = match field.kind {
        SheetFieldKind::When => "“now”, “today 2pm”, “10/12 15:00”.",
        SheetFieldKind::Date => "2026-10-20 or 10/20/2026",
        SheetFieldKind::Number => "In figures.",
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
            let after = Case::find(&app, &staff, &reference).await?.incident;
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
                Trouble::Incident(Refusal::ChangeNeedsReason) => "sheet-reason".to_owned(),
                _ => "sheet".to_owned(),
            };
            let words = refusal(trouble)?;
            again(vec![problem(&field, &words)])
        }
    }
}

/// A copy of a sheet, for those who may take one along. Where one of its fields makes lists, the copy is split into
/// them; an entry without a name says of a whole list what it chooses, such as that nothing is on it.
pub async fn copy(
    State(app): State<App>,
    Path((reference, sheet)): Path<(String, String)>,
    staff: Staff,
) -> Result<Response, Sorry> {
    let found = find(&app, &staff, &reference, &sheet).await?;
    found.case.allow(&staff, Action::Export, found.sheet.section)?;
    let (sheet, zone) = (&found.sheet, staff.zone(&app));
    let plain = |field: &SheetField, value: &FieldValue| match value {
        FieldValue::Chosen(ids) if field.kind == SheetFieldKind::ChooseOne => {
            json!(ids.first().map(ToString::to_string))
        }
        FieldValue::Chosen(ids) => json!(ids.iter().map(ToString::to_string).collect::<Vec<_>>()),
        FieldValue::Number(number) => json!(number),
        FieldValue::NotKnown => json!("not known yet"),
        FieldValue::Time(When::Exact { at } | When::About { at }) => {
            json!(at.in_zone(&zone).strftime("%FT%T%:z").to_string())
        }
        other => json!(words(&app, field, other, &staff, &zone)),
    };
    let all: Vec<&SheetEntry> = found.case.incident.entries(&sheet.id).collect();
    let whole = |entry: &&SheetEntry, without: Option<&FieldId>| {
        let held = sheet.fields.iter().filter(|f| Some(&f.id) != without);
        let held = held.filter_map(|f| Some((f.id.to_string(), plain(f, entry.values.get(&f.id)?))));
        serde_json::Value::Object(held.collect())
    };
    let named = |entry: &&SheetEntry| domain::incident::gist(sheet, entry).is_some();
    let mut copy = json!({ "incident": found.case.row.reference, "sheet": sheet.id.to_string() });
    match sheet.fields.iter().find(|field| field.lists) {
        None => copy["entries"] = all.iter().map(|entry| whole(entry, None)).collect(),
        Some(field) => {
            for choice in &field.choices {
                let of_list: Vec<&&SheetEntry> =
                    all.iter().filter(|e| e.chosen(&field.id).contains(&choice.id)).collect();
                let entries: Vec<_> = of_list.iter().filter(|e| named(e)).map(|e| whole(e, Some(&field.id))).collect();
                let declared = of_list.iter().find(|e| !named(e)).map(|e| whole(e, Some(&field.id)));
                let declared = declared.filter(|_| entries.is_empty());
                copy["lists"][choice.id.as_str()] = json!({ "entries": entries, "declared": declared });
            }
        }
    }
    let name = format!("{}-{}.json", found.case.row.reference, sheet.id);
    let bytes = serde_json::to_vec_pretty(&copy).map_err(|e| Trouble::fault("writing a copy of a sheet", e))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
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
