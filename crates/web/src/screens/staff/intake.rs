//! Phone intake: one dense page in the order a call goes, with what to say beside it and the route shown before filing.

mod asked;

use app::submit_report::Filing;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::actor::{Actor, Section};
use domain::ids::UnitId;
use domain::pack::{FactKind, Language, Pack, QuestionKind, TileId};
use domain::permission::{Action, Object, decide};
use domain::reference::ReportReference;
use domain::report::{Channel, GoingOn, Reporter, Submission};
use domain::time::When;
use serde::Deserialize;

use super::desk::{Desk, Flash, Staff, desks, go, page as shown};
use super::picked;
use super::sorry::{Answer, refusal};
use crate::{
    screens::frame::{Choice, Problem},
    times,
    typed::{Typed, problem},
};

/// `/intake`. Sends `unit`, `happened` (several), `going-on`, `notes`, `place`, `when`, `done`, `done-staff`,
/// `done-others`, `name`, `phone`, `email`, `workforce`, `unnamed`, `involved`, `key`, `take` (several), and the policy's own
/// questions as [`asked`] names them; `then` = `look` shows the
/// advice, `pick` what the notes hold, `take` the form with what was ticked.
#[derive(Debug, Template)]
#[template(path = "staff/intake.html")]
pub struct Intake {
    /// The desk.
    pub desk: Desk,
    /// What was typed.
    pub typed: Typed,
    /// Units.
    pub units: Vec<Choice>,
    /// What can have happened, with its key.
    pub tiles: Vec<(Choice, u8)>,
    /// Kinds of work.
    pub workforce: Vec<Choice>,
    /// Whom the caller may choose, where the policy offers a choice.
    pub to: Vec<Choice>,
    /// Yes, no, not sure.
    pub going_on: Vec<Choice>,
    /// Lines to read to the caller.
    pub say: Vec<String>,
    /// Who gets it: one line each.
    pub route: Vec<String>,
    /// Whether a caller can stay unnamed.
    pub can_be_unnamed: bool,
    /// What is said about names.
    pub identity: String,
    /// The number to call first where the policy says so, or empty.
    pub phone_first: String,
    /// The policy.
    pub policy: String,
    /// Documents of the policy that are used here.
    pub slots: Vec<super::admin::local::SlotRow>,
    /// Facts found in the notes, each to be taken by a tick.
    pub found: Vec<Choice>,
    /// Whether the notes were looked through and held nothing new.
    pub nothing_found: bool,
    /// What only the policy asks.
    pub asked: Vec<asked::Asked>,
    /// The key of this form, so that a second click files nothing twice.
    pub key: String,
}

/// `/intake/filed/{reference}`
#[derive(Debug, Template)]
#[template(path = "staff/filed.html")]
pub struct Filed {
    /// The desk.
    pub desk: Desk,
    /// `R-7KQ4-M2XD`
    pub reference: String,
    /// “Romeo – seven – Kilo …”
    pub spoken: String,
    /// Who gets it.
    pub route: Vec<String>,
    /// The caller's private link, or empty when this is not shown to the one who filed it.
    pub link: String,
    /// The same as a QR code: an `svg` element made by this program.
    pub qr: String,
    /// The same, sealed, for the form that mails it.
    pub sealed: String,
    /// Where the link was mailed when the report was filed, or empty.
    pub mailed: String,
    /// The address as typed.
    pub typed: Typed,
}

desks!(Intake, Filed);

/// The query of the page: a unit can be given.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    unit: String,
}

/// The empty page.
pub async fn page(State(app): State<App>, Query(asked): Query<Asked>, staff: Staff) -> Answer {
    let typed = Typed::new(vec![("unit".to_owned(), asked.unit)]);
    Ok(shown(&view(&app, &staff, typed, Vec::new())?))
}

/// Units for which this person takes calls.
fn units(app: &App, staff: &Staff) -> Result<Vec<(UnitId, String)>, Trouble> {
    let viewer = &staff.who.viewer;
    app.allow_in_agency(viewer, Action::TakeCall, Section::Report)?;
    let scope = viewer.scope(Action::TakeCall, Section::Report);
    let directory = app.directory();
    let mine = directory.units_of(viewer.tenant).into_iter();
    let mine = mine.filter(|u| scope.as_ref().is_none_or(|units| units.contains(&u.id)));
    Ok(mine.map(|u| (u.id, u.profile.name.en.clone())).collect())
}

fn view(app: &App, staff: &Staff, typed: Typed, problems: Vec<Problem>) -> Result<Intake, Trouble> {
    let units = units(app, staff)?;
    let chosen = typed.get("unit").parse::<UnitId>().ok().filter(|id| units.iter().any(|(unit, _)| unit == id));
    let unit = chosen.or_else(|| units.first().map(|(id, _)| *id)).ok_or(Trouble::NotFound)?;
    let pack = app.pack_for_report(unit, staff.now())?;
    let happened = tiles(&typed, pack);
    let going_on = typed.get("going-on") == "yes";
    let mut say: Vec<String> = Vec::new();
    if typed.get("going-on").is_empty() {
        say.push("“Is it still going on?”".to_owned());
    }
    say.extend(pack.advice(&happened, going_on).iter().map(|line| line.en.clone()));
    let tile = |(at, t): (usize, &domain::pack::Tile)| {
        let choice = Choice::new(t.id.as_str(), t.label.en.clone()).chosen_if(happened.contains(&t.id));
        (choice, u8::try_from((at + 1) % 10).unwrap_or(0))
    };
    let key = match typed.get("key") {
        "" => app.secret::<16>().iter().map(|b| format!("{b:02x}")).collect(),
        key => key.to_owned(),
    };
    let found = match typed.get("then") {
        "pick" | "take" => picked::offers(&typed, staff.now(), &staff.zone(app), &units),
        _ => Vec::new(),
    };
    let going = [("yes", "Yes"), ("no", "No"), ("unsure", "Not sure")];
    Ok(Intake {
        desk: staff.desk(app, "New call").mend(problems),
        units: units
            .iter()
            .map(|(id, name)| Choice::new(&id.to_string(), name.clone()).chosen_if(*id == unit))
            .collect(),
        tiles: pack.tiles.iter().enumerate().map(tile).collect(),
        workforce: app.kinds_for(unit, staff.now()).into_iter().map(|(id, w)| Choice::new(id.as_str(), w.en)).collect(),
        to: recipients(app, staff, &typed, unit, pack, &happened),
        going_on: going.iter().map(|(v, l)| Choice::new(v, *l).chosen_if(typed.get("going-on") == *v)).collect(),
        say,
        route: route(app, staff, unit, pack, &happened, !typed.get("involved").is_empty()),
        can_be_unnamed: pack.identity.anonymous,
        identity: pack.identity.says.en.clone(),
        phone_first: pack.phone_first.as_ref().map(|p| format!("{} {}", p.label.en, p.number)).unwrap_or_default(),
        policy: pack.title.clone(),
        slots: app
            .slots_on(staff.who.viewer.tenant, domain::pack::ShownOn::Intake)
            .iter()
            .map(|slot| super::admin::local::SlotRow::of(app, staff, slot))
            .collect(),
        nothing_found: typed.get("then") == "pick" && found.is_empty(),
        found,
        asked: asked::shown(pack, &happened, &typed),
        key,
        typed,
    })
}

fn tiles(typed: &Typed, pack: &Pack) -> Vec<TileId> {
    let known = |id: &TileId| pack.tile(id).is_some();
    typed.all("happened").filter_map(|id| TileId::parse(id).ok()).filter(known).collect()
}

/// Whom a caller may choose; where the policy's first is away, those who are there stand first.
fn recipients(app: &App, staff: &Staff, typed: &Typed, unit: UnitId, pack: &Pack, happened: &[TileId]) -> Vec<Choice> {
    let facts = said_facts(pack, happened);
    let unit = if typed.get("involved").is_empty() { unit } else { app.directory().one_level_up(unit) };
    let offered = app.recipients_offered(pack, unit, &facts, staff.now()).all.into_iter().enumerate();
    offered.map(|(at, c)| Choice::new(c.to.as_str(), c.says.en).chosen_if(at == 0)).collect()
}

fn said_facts(pack: &Pack, happened: &[TileId]) -> domain::pack::Facts {
    use domain::pack::{Answer, Facts};
    let sets = pack.tiles.iter().filter(|t| happened.contains(&t.id)).flat_map(|t| t.sets.iter());
    let yes_no = |id: &&domain::pack::FactId| pack.facts.iter().any(|f| f.id == **id && f.kind == FactKind::YesNo);
    sets.filter(yes_no).fold(Facts::default(), |facts, id| facts.answered(id.clone(), Answer::Yes))
}

/// Who gets a report from this unit: the policy's role, and the people who hold it there now.
fn route(app: &App, staff: &Staff, unit: UnitId, pack: &Pack, happened: &[TileId], involved: bool) -> Vec<String> {
    let directory = app.directory();
    let unit = if involved { directory.one_level_up(unit) } else { unit };
    let roles = pack.recipients(&said_facts(pack, happened), &[]);
    let mut lines: Vec<String> = roles
        .iter()
        .take(1)
        .map(|role| {
            let (people, away) = directory.present(role.capacity, unit, staff.now());
            let names: Vec<&str> = people.iter().map(|p| p.profile.name.as_str()).collect();
            if away {
                format!("{} (away, and nobody acts for them; it goes on to the next)", role.title.en)
            } else if names.is_empty() {
                format!("{} (nobody holds this here; it goes on to the next)", role.title.en)
            } else {
                format!("{}: {}", role.title.en, names.join(", "))
            }
        })
        .collect();
    lines.extend(roles.iter().skip(1).map(|role| format!("then {}", role.title.en)));
    lines.extend(pack.ticket.iter().map(|t| format!("Ticket category “{}”", t.category)));
    lines
}

/// Files the call, or shows the advice for what was ticked.
pub async fn file(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    // A tick is a yes, whichever button was pressed after it.
    let typed = picked::taken(&typed);
    if ["look", "pick", "take"].contains(&typed.get("then")) {
        return Ok(shown(&view(&app, &staff, typed, Vec::new())?));
    }
    let (submission, reporter, mut problems) = read(&app, &staff, &typed)?;
    if submission.happened.is_empty() && submission.words.is_none() {
        problems.push(problem("notes", "Tick what was heard, or write a note: one of the two is enough to file."));
    }
    if !problems.is_empty() {
        return Ok(shown(&view(&app, &staff, typed, problems)?));
    }
    let unit = submission.unit;
    let object = Object::Unit { tenant: staff.who.viewer.tenant, unit };
    decide(&staff.who.viewer, Action::TakeCall, object, Section::Report)?;
    let mails = reporter.as_ref().is_some_and(|r| r.email.is_some());
    let filing = Filing {
        submission,
        reporter,
        by: Actor::Account(staff.who.viewer.account),
        draft: None,
        idempotency_key: Some(format!("intake/{}", typed.get("key"))).filter(|_| !typed.get("key").is_empty()),
        chosen: domain::pack::RoleId::parse(typed.get("to")).ok(),
    };
    match app.submit_report(filing).await {
        Ok(receipt) => {
            let involved = if typed.get("involved").is_empty() { "" } else { "&involved=1" };
            let link = app.seal_link_for(staff.who.viewer.account, &receipt.secret)?;
            let mailed = if mails { "&mailed=1" } else { "" };
            let to = format!("/intake/filed/{}?unit={unit}{involved}{mailed}&link={link}", receipt.reference);
            Ok(go(&to))
        }
        Err(trouble) => {
            let words = refusal(trouble)?;
            Ok(shown(&view(&app, &staff, typed, vec![problem("notes", &words)])?))
        }
    }
}

type Read = (Submission, Option<Reporter>, Vec<Problem>);

fn read(app: &App, staff: &Staff, typed: &Typed) -> Result<Read, Trouble> {
    let mut problems = Vec::new();
    let units = units(app, staff)?;
    let unit = typed.get("unit").parse::<UnitId>().ok().filter(|id| units.iter().any(|(unit, _)| unit == id));
    let unit = unit.or_else(|| units.first().map(|(id, _)| *id)).ok_or(Trouble::NotFound)?;
    let pack = app.pack_for_report(unit, staff.now())?;
    let zone = staff.zone(app);
    let when = match typed.get("when") {
        "" => When::Unknown,
        text => times::read(text, staff.now(), &zone).unwrap_or_else(|e| {
            problems.push(problem("when", &e.to_string()));
            When::Unknown
        }),
    };
    if let When::Exact { at } | When::About { at } = &when
        && *at > staff.now()
    {
        let today = times::day(staff.now().day_in(&zone));
        problems.push(problem("when", &format!("The time can’t be in the future. Today is {today}.")));
    }
    let noticed = match typed.get("noticed") {
        "" => When::Unknown,
        text => times::read(text, staff.now(), &zone).unwrap_or_else(|e| {
            problems.push(problem("noticed", &e.to_string()));
            When::Unknown
        }),
    };
    if let When::Exact { at } | When::About { at } = &noticed
        && *at > staff.now()
    {
        problems.push(problem("noticed", "The time can’t be in the future."));
    }
    let mut keep = |wrong: Problem| problems.push(wrong);
    let mut note = |name: &str| {
        typed.prose(name).unwrap_or_else(|e| {
            keep(e);
            None
        })
    };
    let (done, done_by_staff, done_by_others, affected) =
        (note("done"), note("done-staff"), note("done-others"), note("affected"));
    let words = typed.prose("notes").unwrap_or_else(|e| {
        keep(e);
        None
    });
    let place = typed.line("place").unwrap_or_else(|e| {
        keep(e);
        None
    });
    let unnamed = !typed.get("unnamed").is_empty() && pack.identity.anonymous;
    let reporter = Reporter {
        name: typed
            .line("name")
            .unwrap_or_else(|e| {
                keep(e);
                None
            })
            .filter(|_| !unnamed),
        phone: typed.line("phone").unwrap_or_else(|e| {
            keep(e);
            None
        }),
        email: typed.line("email").unwrap_or_else(|e| {
            keep(e);
            None
        }),
        workforce: app
            .kinds_for(unit, staff.now())
            .into_iter()
            .map(|(id, _)| id)
            .find(|id| id.as_str() == typed.get("workforce")),
        work_place: None,
    };
    let happened = tiles(typed, pack);
    let (answers, wrong) = asked::read(pack, &happened, typed, |kind| match kind {
        QuestionKind::Affected => affected.is_some(),
        QuestionKind::Done => done.is_some() || done_by_staff.is_some() || done_by_others.is_some(),
        _ => false,
    });
    problems.extend(wrong);
    let submission = Submission {
        reference: ReportReference::from_random([0; 8]),
        pack: pack.id.clone(),
        unit,
        handling_unit: unit,
        channel: Channel::Phone,
        language: Language::English,
        happened,
        going_on: match typed.get("going-on") {
            "yes" => Some(GoingOn::Yes),
            "no" => Some(GoingOn::No),
            "unsure" => Some(GoingOn::NotSure),
            _ => None,
        },
        place,
        words,
        when,
        when_typed: typed.line("when").ok().flatten(),
        noticed,
        systems: Vec::new(),
        affected,
        lost: Vec::new(),
        done,
        done_by_staff,
        done_by_others,
        answers,
        files: Vec::new(),
        recipient_involved: !typed.get("involved").is_empty(),
        sent_early: false,
        shielded: false,
        times: Vec::new(),
    };
    Ok((submission, Some(reporter), problems))
}

/// The query of the page after filing.
#[derive(Debug, Default, Deserialize)]
pub struct After {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    involved: String,
    #[serde(default)]
    link: String,
    #[serde(default)]
    mailed: String,
    #[serde(default)]
    done: String,
}

/// The reference, to be read aloud slowly, and the private link to give to the caller.
pub async fn filed(
    State(app): State<App>,
    Path(reference): Path<String>,
    Query(after): Query<After>,
    staff: Staff,
) -> Answer {
    Ok(shown(&filed_page(&app, &staff, &reference, &after, Typed::default(), Vec::new())?))
}

fn filed_page(
    app: &App,
    staff: &Staff,
    reference: &str,
    after: &After,
    typed: Typed,
    problems: Vec<Problem>,
) -> Result<Filed, Trouble> {
    let units = units(app, staff)?;
    let reference: ReportReference = reference.parse().map_err(|_| Trouble::NotFound)?;
    let unit = after.unit.parse::<UnitId>().ok().filter(|id| units.iter().any(|(unit, _)| unit == id));
    let route = match unit {
        Some(unit) => {
            let pack = app.pack_for_report(unit, staff.now())?;
            route(app, staff, unit, pack, &[], !after.involved.is_empty())
        }
        None => Vec::new(),
    };
    let spoken = reference.spoken();
    let (first, second) = spoken.split_at(spoken.len() / 2);
    let spoken = format!("Romeo – {} – {}", first.join(", "), second.join(", "));
    let mut desk = staff.desk(app, format!("Filed: {reference}")).mend(problems);
    if after.done == "mailed" {
        desk.flash = Flash::says("The link is on its way by mail.");
    }
    let secret = app.open_link_of(staff.who.viewer.account, &after.link);
    let link = secret.map(|secret| format!("{}/s/{secret}", app.settings().public_address)).unwrap_or_default();
    Ok(Filed {
        desk,
        reference: reference.to_string(),
        spoken,
        route,
        qr: if link.is_empty() { String::new() } else { crate::intake::qr(&link) },
        link,
        sealed: after.link.clone(),
        mailed: after.mailed.clone(),
        typed,
    })
}

/// Mails the caller's private link. Sends `email`, and `link` as the page holds it, sealed.
pub async fn mail_link(
    State(app): State<App>,
    Path(reference): Path<String>,
    Query(after): Query<After>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let sealed = typed.get("link").to_owned();
    let secret = app.open_link_of(staff.who.viewer.account, &sealed).ok_or(Trouble::NotFound)?;
    let after = After { link: sealed.clone(), ..after };
    let sound = crate::intake::is_email(typed.get("email"));
    let to = match typed.needed_line("email", "Write the address that the caller says.") {
        Ok(to) if sound => to,
        Ok(_) => {
            let wrong = problem("email", "Check the address. It looks like name@example.org.");
            return Ok(shown(&filed_page(&app, &staff, &reference, &after, typed, vec![wrong])?));
        }
        Err(wrong) => return Ok(shown(&filed_page(&app, &staff, &reference, &after, typed, vec![wrong])?)),
    };
    app.mail_status_link(&staff.who.viewer, &secret, to).await?;
    Ok(go(&format!("/intake/filed/{reference}?done=mailed&mailed=1&link={sealed}")))
}
