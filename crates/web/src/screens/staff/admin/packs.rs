//! The policies that bind an agency: what is in force, what waits for a second administrator, and the door by which a text
//! is handed in. A text with mistakes is shown with file, line and what to write.

use app::policies::install::Preview;
use app::policies::kept::{Fate, Text};
use app::policies::reassess::{Because, Run};
use app::policies::standing::Watch;
use app::policies::text::{Mend, NotTaken, from_zip};
use app::{App, Trouble};
use askama::Template;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::pack::{Governing, Pack, PackId, PackKind};
use domain::permission::{Action, Allowed, Role};
use jiff::civil::Date;
use serde::Deserialize;

use super::pack::{Proposal, parts};
use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            sorry::{Answer, Sorry, refusal},
        },
    },
    times,
    typed::{Typed, problem},
    upload::Sent,
};

/// `/admin/packs`
#[derive(Debug, Template)]
#[template(path = "admin/packs.html")]
pub struct Packs {
    /// The desk.
    pub desk: Desk,
    /// Whether this person keeps the whole agency; otherwise why they change nothing here.
    pub keeps: bool,
    /// Why rules belong to the whole agency.
    pub stays: String,
    /// Texts whose own date has passed or is near.
    pub watches: Vec<WatchRow>,
    /// What governs today.
    pub in_force: Vec<EditionRow>,
    /// Other editions, under which older incidents are worked.
    pub others: Vec<EditionRow>,
    /// What waits for somebody.
    pub waiting: Vec<TextRow>,
    /// What was decided, newest first.
    pub decided: Vec<TextRow>,
    /// The latest run over the open incidents, when there was one.
    pub run: Option<RunRow>,
    /// What to mend in the text that was handed in.
    pub mends: Vec<Mend>,
    /// What was typed.
    pub typed: Typed,
}

desks!(Packs);

/// A text whose own date has passed or is near.
#[derive(Debug, Clone)]
pub struct WatchRow {
    /// The edition.
    pub pack: String,
    /// The names of the two fields of its form.
    pub says: String,
    /// The other.
    pub until: String,
    /// Its title.
    pub title: String,
    /// `overdue`, `soon` or `running`.
    pub class: &'static str,
    /// “Passed”, “In 30 days”
    pub mark: String,
    /// What is told.
    pub words: String,
    /// “O64: Ask the issuer …”, or empty.
    pub duty: String,
    /// The clauses.
    pub clauses: String,
}

/// The id of a pack inside the id of a field.
fn slug(pack: &PackId) -> String {
    pack.as_str().replace(['/', '.'], "-")
}

impl WatchRow {
    /// A row for a page.
    pub fn of(watch: &Watch) -> Self {
        Self {
            pack: watch.pack.to_string(),
            says: format!("says-{}", slug(&watch.pack)),
            until: format!("until-{}", slug(&watch.pack)),
            title: watch.title.clone(),
            class: if watch.days < 0 {
                "overdue"
            } else if watch.early {
                "running"
            } else {
                "soon"
            },
            mark: match watch.days {
                ..0 => "Date passed".to_owned(),
                0 => "Today".to_owned(),
                1 => "In 1 day".to_owned(),
                days => format!("In {days} days"),
            },
            words: watch.words.clone(),
            duty: watch.duty.as_ref().map(|(id, title)| format!("{id}: {title}")).unwrap_or_default(),
            clauses: watch.clauses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        }
    }
}

/// An edition.
#[derive(Debug, Clone)]
pub struct EditionRow {
    /// Its title.
    pub title: String,
    /// Its id.
    pub id: String,
    /// “Policy” or “Law”.
    pub kind: &'static str,
    /// First day, in words.
    pub from: String,
    /// Last day, in words.
    pub until: String,
    /// Whether the agency installed it.
    pub installed: bool,
    /// What has to be known about it, or empty.
    pub warning: String,
    /// What was said about a date that has passed, or empty.
    pub statement: String,
}

/// A text that was handed in.
#[derive(Debug, Clone)]
pub struct TextRow {
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its id.
    pub pack: String,
    /// From when.
    pub from: String,
    /// Who proposed it.
    pub by: String,
    /// When.
    pub at: times::Stamp,
    /// How it stands.
    pub fate: &'static str,
}

/// A run over the open incidents.
#[derive(Debug, Clone)]
pub struct RunRow {
    /// Whether it is still under way.
    pub going: bool,
    /// Incidents looked at.
    pub looked_at: u64,
    /// Incidents that were open when it began.
    pub of: u64,
    /// How it stands, in a sentence or two.
    pub words: String,
    /// Why it was begun.
    pub because: &'static str,
    /// When it began, or ended.
    pub at: times::Stamp,
}

impl RunRow {
    fn of(app: &App, staff: &Staff, run: &Run) -> Self {
        let number = |n: u64| grouped(n);
        let changed = match run.changed {
            0 => ". No duty changed.".to_owned(),
            _ if run.looked_at == 1 => ", and its duties changed.".to_owned(),
            n => format!(". In {} of them duties are new, moved or met.", number(n)),
        };
        let failed = match run.failed {
            0 => String::new(),
            n => format!(" {} could not be assessed: the log of the server names them.", number(n)),
        };
        let far = match run.ended {
            None => format!("Re-assessed {} of {} open incidents", number(run.looked_at), number(run.of)),
            Some(_) if run.looked_at == 0 => "No incident was open".to_owned(),
            Some(_) if run.looked_at == 1 => "The open incident was assessed again".to_owned(),
            Some(_) => format!("All {} open incidents were assessed again", number(run.looked_at)),
        };
        let changed = if run.looked_at == 0 { ".".to_owned() } else { changed };
        Self {
            going: run.ended.is_none(),
            looked_at: run.looked_at,
            of: run.of,
            words: format!("{far}{changed}{failed}"),
            because: match run.because {
                Because::Text => "A text came into force",
                Because::Value => "A local value was changed",
                Because::Document => "A document was supplied",
                Because::Product => "The product was updated",
                Because::Asked => "An administrator asked for it",
            },
            at: times::short(run.ended.unwrap_or(run.since), staff.now(), &staff.zone(app)),
        }
    }
}

/// 1,234,567
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut told = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

fn edition(app: &App, staff: &Staff, pack: &Pack, warning: String) -> EditionRow {
    let tenant = staff.who.viewer.tenant;
    let statement = app.statement(tenant, &pack.id).map(|said| match said.until {
        Some(until) => format!("Extended until {}: {}", times::day(until), said.says),
        None => format!("Said to be in force by {}: {}", app.name_of(said.by), said.says),
    });
    let day = |day: Option<Date>, open: &str| day.map_or_else(|| open.to_owned(), times::day);
    EditionRow {
        title: pack.title.clone(),
        id: pack.id.to_string(),
        kind: if pack.kind == PackKind::Law { "Law" } else { "Policy" },
        from: day(pack.edition.from, "not stated"),
        until: day(pack.edition.until, "further notice"),
        installed: app.packs().shipped().get(&pack.id).is_none(),
        warning: if statement.is_some() { String::new() } else { warning },
        statement: statement.unwrap_or_default(),
    }
}

fn text_row(app: &App, staff: &Staff, text: &Text) -> TextRow {
    TextRow {
        href: format!("/admin/packs/{}", &text.digest[..16]),
        title: text.title.clone(),
        pack: text.pack.to_string(),
        from: times::day(text.from),
        by: app.name_of(text.by),
        at: times::short(text.at, staff.now(), &staff.zone(app)),
        fate: match text.fate {
            Fate::Proposed => "waits",
            Fate::Approved { .. } => "approved",
            Fate::Declined { .. } => "declined",
            Fate::Withdrawn { .. } => "taken back",
        },
    }
}

/// Whether this person keeps the whole agency, a part of it, or nothing.
pub(super) fn may_keep(app: &App, staff: &Staff) -> Result<Option<Allowed>, Trouble> {
    match app.allow_administering(&staff.who.viewer, Action::Administer) {
        Ok(may) => Ok(Some(may)),
        Err(_) if staff.who.viewer.has(Role::Administrator) => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

/// Somebody who keeps the agency or a part of it. Asked before a file is read that anybody might send.
#[derive(Debug, Clone)]
pub struct Keeper(pub Staff);

impl FromRequestParts<App> for Keeper {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let staff = Staff::from_request_parts(parts, app).await?;
        match may_keep(app, &staff) {
            Ok(_) => Ok(Self(staff)),
            Err(trouble) => Err(Sorry::from(trouble).into_response()),
        }
    }
}

fn view(app: &App, staff: &Staff, keeps: bool) -> Packs {
    let tenant = staff.who.viewer.tenant;
    let today = staff.now().day_in(&staff.zone(app));
    let directory = app.directory();
    let agency = directory.agency(tenant);
    let series = app.series_of(tenant);
    let editions = app.packs().of(tenant);
    let mut in_force = Vec::new();
    let mut governing_ids: Vec<PackId> = Vec::new();
    if let Some(pinned) = app.pinned_edition(tenant) {
        governing_ids.push(pinned.id.clone());
        in_force.push(edition(app, staff, pinned, "It governs whatever the day: an archive or an exercise.".into()));
    }
    for governing in series.iter().map(|series| editions.governing(series, today)) {
        let warning = governing.warning().unwrap_or_default();
        if let (Some(pack), false) = (governing.pack(), matches!(governing, Governing::None)) {
            governing_ids.push(pack.id.clone());
            in_force.push(edition(app, staff, pack, warning));
        }
    }
    let others = editions.all().iter().filter(|p| series.contains(&p.series) && !governing_ids.contains(&p.id));
    let kept = agency.map(|a| a.kept.clone()).unwrap_or_default();
    let rows = |fates: fn(&Fate) -> bool| {
        let texts = kept.texts.iter().rev().filter(|text| fates(&text.fate));
        texts.map(|text| text_row(app, staff, text)).collect::<Vec<_>>()
    };
    Packs {
        desk: staff.desk(app, "Policies"),
        keeps,
        stays: if keeps { String::new() } else { app.rules_stay(tenant, staff.now()).0 },
        watches: app.watches(tenant).iter().map(WatchRow::of).collect(),
        others: others.map(|pack| edition(app, staff, pack, String::new())).collect(),
        in_force,
        waiting: rows(|fate| *fate == Fate::Proposed),
        decided: rows(|fate| *fate != Fate::Proposed),
        run: None,
        mends: Vec::new(),
        typed: Typed::default(),
    }
}

/// The page. Two statements of the store.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    let keeps = may_keep(&app, &staff)?.is_some();
    let mut page = view(&app, &staff, keeps);
    page.run = app.reassessment(staff.who.viewer.tenant).await?.map(|run| RunRow::of(&app, &staff, &run));
    page.desk.flash = match done.done.as_str() {
        "asked" => Flash::says("Open incidents are being assessed again. This page says how far it is."),
        "stated" => Flash::says("That is on record."),
        "withdrawn" => Flash::says("You took the text back. It bound nobody."),
        "declined" => Flash::says("Declined. The text bound nobody."),
        _ => None,
    };
    Ok(shown(&page))
}

/// Somebody who keeps a part of the agency: refused with the clause, and the refusal is on record.
pub(super) async fn refused(app: &App, staff: &Staff, what: &str) -> Answer {
    match app.refuse_rules(&staff.who.viewer, what).await {
        Trouble::Refused(words) => {
            let page = view(app, staff, false);
            let desk = page.desk.clone().mend(vec![problem("stays", &words)]);
            Ok(shown(&Packs { desk, ..page }))
        }
        other => Err(other.into()),
    }
}

/// Takes a text in: shows what to mend, or what it would change, or proposes it. Sends `text` (a zip), `from`, `note`, and
/// `then` = `check` or `propose`.
pub async fn hand_in(State(app): State<App>, Keeper(staff): Keeper, sent: Sent) -> Answer {
    let Some(may) = may_keep(&app, &staff)? else {
        return refused(&app, &staff, "propose a text of policy").await;
    };
    let Sent { typed, file } = sent;
    let again = |typed: Typed, wrong: Vec<Problem>, mends: Vec<Mend>| {
        let page = view(&app, &staff, true);
        let desk = page.desk.clone().mend(wrong);
        Ok(shown(&Packs { desk, mends, typed, ..page }))
    };
    let from = match day(&staff, &app, &typed, "from") {
        Ok(from) => from,
        Err(wrong) => return again(typed, vec![wrong], Vec::new()),
    };
    let Some((_, bytes)) = file else {
        return again(typed, vec![problem("text", "Choose the zip file that holds the text.")], Vec::new());
    };
    let sound = match from_zip(&bytes).and_then(|files| app.read_text(files)) {
        Ok(sound) => sound,
        Err(NotTaken::Mend(mends)) => {
            let words = match mends.len() {
                1 => "1 thing is to mend in the text. It is listed below the form.".to_owned(),
                n => format!("{n} things are to mend in the text. They are listed below the form."),
            };
            return again(typed, vec![problem("text", &words)], mends);
        }
        Err(NotTaken::Trouble(trouble)) => match refusal(trouble) {
            Ok(words) => return again(typed, vec![problem("text", &words)], Vec::new()),
            Err(trouble) => return Err(trouble.into()),
        },
    };
    if typed.get("then") == "check" {
        let mut pack = sound.pack.clone();
        match app.first_day(may.tenant(), &pack, from) {
            Ok(first) => pack.edition.from = Some(first),
            Err(trouble) => match refusal(trouble) {
                Ok(words) => return again(typed, vec![problem("from", &words)], Vec::new()),
                Err(trouble) => return Err(trouble.into()),
            },
        }
        return Ok(shown(&checked(&app, &staff, &pack)));
    }
    match app.propose_sound(&may, &sound, from, typed.get("note")).await.map_err(refusal) {
        Ok(()) => Ok(go(&format!("/admin/packs/{}?done=proposed", &sound.digest[..16]))),
        Err(Ok(words)) => {
            let field = if typed.get("note").is_empty() { "note" } else { "from" };
            again(typed, vec![problem(field, &words)], Vec::new())
        }
        Err(Err(trouble)) => Err(trouble.into()),
    }
}

/// What a text would change, without proposing it.
fn checked(app: &App, staff: &Staff, pack: &Pack) -> Proposal {
    let Preview { against, parts: found, units, new_series, office, behind } =
        app.preview(staff.who.viewer.tenant, pack);
    Proposal {
        desk: staff.desk(app, "What this text would change").under("/admin/packs", "Policies"),
        title: pack.title.clone(),
        pack: pack.id.to_string(),
        from: pack.edition.from.map(times::day).unwrap_or_default(),
        against: against.unwrap_or_default(),
        parts: parts(found),
        units,
        new_series,
        office: office.map(|office| office.role.title.en).unwrap_or_default(),
        behind,
        ..Proposal::default()
    }
}

/// A day of the form; empty is none.
pub(super) fn day(staff: &Staff, app: &App, typed: &Typed, field: &str) -> Result<Option<Date>, Problem> {
    match typed.get(field) {
        "" => Ok(None),
        written => times::read_day(written, staff.now(), &staff.zone(app))
            .map(Some)
            .map_err(|_| problem(field, "Write the day as in 2027-01-31.")),
    }
}

/// Says how a text stands whose own date has passed or is near. Sends `pack`, and
/// `until-…` and `says-…` with the pack's name.
pub async fn state(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let Some(may) = may_keep(&app, &staff)? else {
        return refused(&app, &staff, "say how a text of policy stands").await;
    };
    let pack = PackId::parse(typed.get("pack")).map_err(|_| Trouble::NotFound)?;
    let again = |typed: Typed, wrong: Problem| {
        let page = view(&app, &staff, true);
        let desk = page.desk.clone().mend(vec![wrong]);
        Ok(shown(&Packs { desk, typed, ..page }))
    };
    let (says, until) = (format!("says-{}", slug(&pack)), format!("until-{}", slug(&pack)));
    let until = match day(&staff, &app, &typed, &until) {
        Ok(until) => until,
        Err(wrong) => return again(typed, wrong),
    };
    match app.state_edition(&may, &pack, until, typed.get(&says)).await.map_err(refusal) {
        Ok(()) => Ok(go("/admin/packs?done=stated")),
        Err(Ok(words)) => again(typed, problem(&says, &words)),
        Err(Err(trouble)) => Err(trouble.into()),
    }
}

/// Has the open incidents assessed again.
pub async fn reassess(State(app): State<App>, staff: Staff) -> Answer {
    let Some(may) = may_keep(&app, &staff)? else {
        return refused(&app, &staff, "have open incidents assessed again").await;
    };
    app.ask_reassessment(&may).await?;
    Ok(go("/admin/packs?done=asked"))
}
