//! What an agency decides for itself where its policies leave it open: local values, the watch over reports, documents to
//! supply, kinds of workforce. Shown as local wherever it counts.

use app::local_values::LocalValues;
use app::policies::documents::{Handed, Slot};
use app::policies::own_values::OwnValue;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Query, State};
use domain::pack::{LocalId, SlotId, Words, WorkforceId};
use serde::Deserialize;

use super::packs::{Keeper, day, may_keep, refused};
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            sorry::{Answer, refusal},
        },
    },
    times,
    typed::{Typed, problem},
    upload::Sent,
};

/// `/admin/local`
#[derive(Debug, Template)]
#[template(path = "admin/local.html")]
pub struct Local {
    /// The desk.
    pub desk: Desk,
    /// Local values.
    pub values: Vec<ValueRow>,
    /// Minutes after which an unopened report is passed on.
    pub minutes: String,
    /// Hours of digests.
    pub hours: String,
    /// Documents.
    pub slots: Vec<SlotRow>,
    /// The documents to choose among.
    pub choices: Vec<Choice>,
    /// Kinds of workforce.
    pub kinds: Vec<KindRow>,
    /// What was typed.
    pub typed: Typed,
}

desks!(Local);

/// A local value.
#[derive(Debug, Clone)]
pub struct ValueRow {
    /// Its id.
    pub id: String,
    /// The name of its field.
    pub field: String,
    /// What it means.
    pub title: String,
    /// What counts now.
    pub now: String,
    /// The usual value.
    pub usual: String,
    /// What was set, in figures, or empty.
    pub set: String,
    /// “minutes”
    pub unit: String,
    /// The clauses that leave it open.
    pub clauses: String,
    /// The policies.
    pub policies: String,
}

/// A document that a policy refers to.
#[derive(Debug, Clone)]
pub struct SlotRow {
    /// Its title.
    pub title: String,
    /// The policy and clauses.
    pub policy: String,
    /// What to supply.
    pub supply: String,
    /// Where it is used.
    pub used: String,
    /// The version in use, or empty while not supplied.
    pub version: String,
    /// Since when it is in force.
    pub in_force: String,
    /// Where it is read.
    pub href: String,
    /// Who supplied it, when.
    pub supplied: String,
    /// Earlier versions: name and address.
    pub earlier: Vec<(String, String)>,
}

impl SlotRow {
    /// A row for a page.
    pub fn of(app: &App, staff: &Staff, slot: &Slot) -> Self {
        let id = &slot.document.id;
        let href = |digest: &str| format!("/policy/documents/{id}/{digest}");
        let clauses: Vec<&str> = slot.document.clauses.iter().map(domain::pack::ClauseId::as_str).collect();
        let used = slot.supplied.as_ref();
        Self {
            title: slot.document.title.clone(),
            policy: format!("{} · {}", slot.policy, clauses.join(", ")),
            supply: slot.document.supply.clone(),
            used: slot.document.used.clone(),
            version: used.map(|v| v.version.clone()).unwrap_or_default(),
            in_force: used.map(|v| times::day(v.in_force)).unwrap_or_default(),
            href: used.map(|v| href(&v.digest)).unwrap_or_default(),
            supplied: used
                .map(|v| {
                    let at = times::stamp(v.at, staff.now(), &staff.zone(app)).words;
                    format!("{}, {at}", app.name_of(v.by))
                })
                .unwrap_or_default(),
            earlier: slot.earlier.iter().map(|v| (v.version.clone(), href(&v.digest))).collect(),
        }
    }
}

/// A kind of workforce.
#[derive(Debug, Clone)]
pub struct KindRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// The clauses of the policy that names it; empty for one that was added.
    pub clauses: String,
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

fn value_row(value: &OwnValue) -> ValueRow {
    let clauses: Vec<&str> = value.local.clauses.iter().map(domain::pack::ClauseId::as_str).collect();
    ValueRow {
        id: value.local.id.to_string(),
        field: format!("to-{}", value.local.id),
        title: value.local.title.clone(),
        now: value.say(value.counts()),
        usual: value.say(value.local.default),
        set: value.set.map(|n| n.to_string()).unwrap_or_default(),
        unit: value.local.unit.noun(2).to_owned(),
        clauses: clauses.join(", "),
        policies: value.policies.join(", "),
    }
}

fn view(app: &App, staff: &Staff) -> Local {
    let tenant = staff.who.viewer.tenant;
    let watch = app.local_values(tenant);
    let hours: Vec<String> = watch.digest_hours.iter().map(ToString::to_string).collect();
    let slots = app.slots(tenant);
    let named = app.policy_kinds(tenant);
    let policies = app.governing_today(tenant);
    let mut kinds: Vec<KindRow> = Vec::new();
    for kind in policies.iter().flat_map(|pack| &pack.workforce) {
        if kinds.iter().any(|known| known.id == kind.id.as_str()) {
            continue;
        }
        let clauses = named.iter().find(|(id, _)| *id == kind.id).map(|(_, clauses)| clauses.clone());
        let clauses: Vec<String> = clauses.unwrap_or_default().iter().map(ToString::to_string).collect();
        kinds.push(KindRow { id: kind.id.to_string(), label: kind.label.en.clone(), clauses: clauses.join(", ") });
    }
    Local {
        desk: staff.desk(app, "Local values"),
        values: app.own_values(tenant).iter().map(value_row).collect(),
        minutes: watch.open_within_minutes.to_string(),
        hours: hours.join(", "),
        choices: slots.iter().map(|s| Choice::new(s.document.id.as_str(), s.document.title.clone())).collect(),
        slots: slots.iter().map(|slot| SlotRow::of(app, staff, slot)).collect(),
        kinds,
        typed: Typed::default(),
    }
}

fn again(app: &App, staff: &Staff, typed: Typed, wrong: Problem) -> Answer {
    let page = view(app, staff);
    let desk = page.desk.clone().mend(vec![wrong]);
    Ok(shown(&Local { desk, typed, ..page }))
}

/// Where a change leads: back with what was done, or the page again with what to mend.
fn after(app: &App, staff: &Staff, typed: Typed, field: &str, done: Result<(), Trouble>, said: &str) -> Answer {
    match done.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/admin/local?done={said}"))),
        Err(Ok(words)) => again(app, staff, typed, problem(field, &words)),
        Err(Err(trouble)) => Err(trouble.into()),
    }
}

/// The page. One statement of the store.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    may_keep(&app, &staff)?.ok_or(Trouble::NotFound)?;
    let mut page = view(&app, &staff);
    page.desk.flash = match done.done.as_str() {
        "value" => Flash::says("Set. It counts from now on, and pages show it as local."),
        "watch" => Flash::says("Set. It counts from now on."),
        "document" => Flash::says("The document is there. Pages that use it offer this version."),
        "kind" => Flash::says("The kinds of workforce are changed."),
        _ => None,
    };
    Ok(shown(&page))
}

/// Sets one local value. Sends `value` (its id) and `to`; empty gives it back to its usual value.
pub async fn value(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let Some(may) = may_keep(&app, &staff)? else {
        return refused(&app, &staff, &format!("set the local value {}", cut(typed.get("value")))).await;
    };
    let id = LocalId::parse(typed.get("value")).map_err(|_| Trouble::NotFound)?;
    let field = format!("to-{id}");
    let to = match typed.get(&field) {
        "" => None,
        figures => match figures.parse::<u32>() {
            Ok(number) => Some(number),
            Err(_) => {
                let wrong = problem(&field, "Write a whole number in figures, or leave it empty.");
                return again(&app, &staff, typed, wrong);
            }
        },
    };
    let done = app.set_own_value(&may, &id, to).await;
    after(&app, &staff, typed, &field, done, "value")
}

/// Sets when reports are passed on and digests sent. Sends `minutes` and `hours`.
pub async fn watch(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let Some(may) = may_keep(&app, &staff)? else {
        return refused(&app, &staff, "change when reports are passed on").await;
    };
    let hours: Result<Vec<u8>, _> =
        typed.get("hours").split([',', ' ']).filter(|word| !word.is_empty()).map(str::parse).collect();
    let Ok(open_within_minutes) = typed.get("minutes").parse() else {
        return again(&app, &staff, typed, problem("minutes", "Write the minutes in figures."));
    };
    let Ok(mut digest_hours) = hours else {
        return again(&app, &staff, typed, problem("hours", "Write hours from 0 to 23 in figures, split by commas."));
    };
    digest_hours.sort_unstable();
    digest_hours.dedup();
    let done = app.set_local_values(&may, &LocalValues { open_within_minutes, digest_hours }).await;
    after(&app, &staff, typed, "minutes", done, "watch")
}

/// Supplies a document. Sends `slot`, `version`, `since`, `file`.
pub async fn supply(State(app): State<App>, Keeper(staff): Keeper, sent: Sent) -> Answer {
    let Some(may) = may_keep(&app, &staff)? else {
        return refused(&app, &staff, "supply a document of the policy").await;
    };
    let Sent { typed, file } = sent;
    let Ok(slot) = SlotId::parse(typed.get("slot")) else {
        return again(&app, &staff, typed, problem("slot", "Choose which document it is."));
    };
    let in_force = match day(&staff, &app, &typed, "since") {
        Ok(Some(day)) => day,
        Ok(None) => {
            return again(&app, &staff, typed, problem("since", "Write since when it is in force, as in 2027-01-31."));
        }
        Err(wrong) => return again(&app, &staff, typed, wrong),
    };
    let Some((name, bytes)) = file else {
        return again(&app, &staff, typed, problem("file", "Choose the file."));
    };
    let version = typed.get("version").to_owned();
    let handed = Handed { version: &version, in_force, file: &name, bytes: &bytes };
    let done = app.supply_document(&may, &slot, &handed).await;
    after(&app, &staff, typed, "version", done, "document")
}

/// Adds a kind of workforce. Sends `kind` and `kind-es`.
pub async fn add_kind(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let Some(may) = may_keep(&app, &staff)? else {
        return refused(&app, &staff, "add a kind of workforce").await;
    };
    let en = match typed.needed_line::<80>("kind", "Write what the kind is called.") {
        Ok(en) => en.to_string(),
        Err(wrong) => return again(&app, &staff, typed, wrong),
    };
    let es = match typed.line::<80>("kind-es") {
        Ok(es) => es.map_or_else(|| en.clone(), |es| es.to_string()),
        Err(wrong) => return again(&app, &staff, typed, wrong),
    };
    let done = app.add_workforce_kind(&may, Words { en, es }).await;
    after(&app, &staff, typed, "kind", done, "kind")
}

/// Takes a kind of workforce away. Sends `which`.
pub async fn remove_kind(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let Some(may) = may_keep(&app, &staff)? else {
        return refused(&app, &staff, &format!("remove the kind of workforce {}", cut(typed.get("which")))).await;
    };
    let id = WorkforceId::parse(typed.get("which")).map_err(|_| Trouble::NotFound)?;
    let done = app.remove_workforce_kind(&may, &id).await;
    after(&app, &staff, typed, "kinds", done, "kind")
}

fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
