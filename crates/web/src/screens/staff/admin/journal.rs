//! Who changed people, roles, units, policies and tokens, newest first: for administrators and for auditors.

use app::App;
use app::administration::record::{Event, Held, Proof};
use askama::Template;
use axum::extract::{Query, State};
use domain::organisation::{plan, readiness, register, workforce};
use domain::permission::Action;
use serde::Deserialize;

use crate::{
    screens::staff::{
        desk::{Desk, Staff, desks, page as shown, role_title},
        home::{actor, unit_name},
        sorry::Answer,
    },
    times::{self, Stamp},
};

/// Lines on one page.
const LINES: u32 = 50;

/// `/admin/journal`
#[derive(Debug, Template)]
#[template(path = "admin/journal.html")]
pub struct Journal {
    /// The desk.
    pub desk: Desk,
    /// Whether this person also keeps people and units.
    pub keeps: bool,
    /// The lines.
    pub lines: Vec<Line>,
    /// Where the next page is, or empty.
    pub next: String,
    /// Whether this is a later page.
    pub later: bool,
}

desks!(Journal);

/// One change.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its number.
    pub number: u32,
    /// When.
    pub at: Stamp,
    /// Who.
    pub by: String,
    /// What, in a sentence.
    pub what: String,
}

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    before: Option<u32>,
}

/// The page. Three statements of the store at most: session, the end of the journal, a page of it.
pub async fn page(State(app): State<App>, Query(asked): Query<Asked>, staff: Staff) -> Answer {
    let viewer = &staff.who.viewer;
    let may = app.allow_administering(viewer, Action::ReadAdministration)?;
    let (entries, next) = app.administration_journal(&may, asked.before, LINES).await?;
    let zone = staff.zone(&app);
    let line = |entry: app::administration::Entry| Line {
        number: entry.version,
        at: times::stamp(entry.at, staff.now(), &zone),
        by: actor(&app, entry.by),
        what: entry.event.as_ref().map_or_else(|| "Erased.".to_owned(), |event| says(&app, &staff, event)),
    };
    Ok(shown(&Journal {
        desk: staff.desk(&app, "Changes"),
        keeps: app.allow_administering(viewer, Action::Administer).is_ok(),
        lines: entries.into_iter().map(line).collect(),
        next: next.map(|before| format!("/admin/journal?before={before}")).unwrap_or_default(),
        later: asked.before.is_some(),
    }))
}

const fn factor(what: Proof) -> &'static str {
    match what {
        Proof::Program => "a program that shows codes",
        Proof::Passkey => "a passkey",
    }
}

/// A change of the register in a sentence.
fn register(app: &App, change: &register::Change) -> String {
    use register::Change;
    let named = |person| app.name_of(person);
    match change {
        Change::Designated(new) => {
            let until = new.until.map(|last| format!(" to {}", times::day(last))).unwrap_or_default();
            let by = new.by.as_ref().map(|by| format!(", designated by {by}")).unwrap_or_default();
            let (name, unit) = (named(new.holder), unit_name(app, new.unit));
            format!("Designated {name} as {} of {unit} from {}{until}{by}.", new.office, times::day(new.from))
        }
        Change::Ended { office, unit, holder, last, .. } => {
            let (name, unit) = (named(*holder), unit_name(app, *unit));
            format!("{name} is {office} of {unit} until {}.", times::day(*last))
        }
        Change::Away(away) => {
            let acting = away.acting.map(|id| format!("; {} acts", named(id))).unwrap_or_default();
            let (from, until) = (times::day(away.from), times::day(away.until));
            format!("{} is away from {from} to {until}{acting}.", named(away.person))
        }
        Change::Back { last, .. } => format!("Ended an absence: the last day away is {}.", times::day(*last)),
        Change::Reached(channel) => {
            format!("{} is reached at {} from {}.", channel.role, channel.mail, times::day(channel.from))
        }
        Change::LeftOut(entry) => {
            let (unit, from) = (unit_name(app, entry.unit), times::day(entry.from));
            format!("{} leaves {unit} out of the policy from {from}.", entry.reference)
        }
        Change::BoundAgain { last, .. } => format!("The policy binds a unit again after {}.", times::day(*last)),
        Change::RoundOpened(round) => format!("Opened the round of summaries for {}.", round.year),
        Change::SummarySent(summary) => format!("Sent the summary of a unit for {}.", summary.year),
        Change::RoundTold(told) => format!("Told the trends of {} to {}.", told.year, told.to),
        Change::Looked(look) => format!("Recorded a routine review of {}.", times::day(look.on)),
        Change::ThresholdSet(new) => format!("Set a threshold: {} of {} in {} days.", new.count, new.kind, new.days),
        Change::ThresholdEnded { last, .. } => format!("Ended a threshold after {}.", times::day(*last)),
        Change::Notice(notice) => format!("Took down a notice of {} of {}.", notice.source, times::day(notice.on)),
        Change::NoticeChannels(channels) => {
            let channels: Vec<&str> = channels.iter().map(domain::text::Line::as_str).collect();
            format!("Set the channels of state notices: {}.", channels.join(", "))
        }
    }
}

/// A change of a unit's plan in a sentence.
fn plan(app: &App, change: &plan::Change) -> String {
    use plan::Change;
    match change {
        Change::Written { unit, .. } => format!("Wrote the incident plan of {}.", unit_name(app, *unit)),
        Change::Submitted { unit, number } => {
            format!("Handed in version {number} of the incident plan of {}.", unit_name(app, *unit))
        }
        Change::Approved { unit, number, .. } => {
            format!("Approved version {number} of the incident plan of {}.", unit_name(app, *unit))
        }
        Change::Returned { unit, number, .. } => {
            format!("Sent back version {number} of the incident plan of {}.", unit_name(app, *unit))
        }
        Change::Due { unit, on } => {
            format!("The incident plan of {} is due on {}.", unit_name(app, *unit), times::day(*on))
        }
    }
}

/// A change of the readiness in a sentence; the board has what it rests on.
fn readiness(app: &App, change: &readiness::Change) -> String {
    use readiness::Change as Ready;
    match change {
        Ready::Assessed(_) => "Assessed the factors of the readiness level.".to_owned(),
        Ready::Declared(declaration) => format!("Declared readiness level {}.", declaration.level),
        Ready::Proposed(proposal) => format!("Proposed readiness level {}.", proposal.level),
        Ready::Measures { measures, .. } => format!("Entered {} recommended measures.", measures.len()),
        Ready::Answered(answer) => format!("Answered for a recommended measure in {}.", unit_name(app, answer.unit)),
        Ready::Acknowledged(entry) => format!("Confirmed the readiness level for {}.", unit_name(app, entry.unit)),
        Ready::Drafted(_) => "Saved a report of a readiness level.".to_owned(),
        Ready::Issued(report) => {
            format!("Sent a report of readiness level {} to {} recipients.", report.level, report.sent.len())
        }
        Ready::Delivered(delivered) => format!("Recorded that {} got a report.", delivered.to),
    }
}

/// A change of the list of the workforce in a sentence, without names: the list itself has them.
fn workforce(change: &workforce::Change) -> String {
    match change {
        workforce::Change::Listed(people) => format!("Listed {} people of the workforce.", people.len()),
        workforce::Change::Left { last, .. } => {
            format!("Somebody on the list of the workforce left after {}.", times::day(*last))
        }
        workforce::Change::Taught(taught) => {
            let material = taught.first().map(|t| t.material.to_string()).unwrap_or_default();
            format!("Recorded for {} people of the workforce: {material}.", taught.len())
        }
    }
}

/// A change in a sentence.
fn says(app: &App, staff: &Staff, event: &Event) -> String {
    let named = |person| app.name_of(person);
    let zone = staff.zone(app);
    let day = |at: domain::time::Instant| times::day(at.day_in(&zone));
    match event {
        Event::AgencyAdded { code, name } => format!("Added the agency {name} ({code})."),
        Event::UnitAdded { code, name, under: Some(under), .. } => {
            format!("Added the unit {name} ({code}) below {}.", unit_name(app, *under))
        }
        Event::UnitAdded { code, name, under: None, .. } => format!("Added the head office {name} ({code})."),
        Event::PersonAdded { name, email, .. } => format!("Added {name} ({email})."),
        Event::PersonChanged { name, email, phone, .. } => {
            let phone = phone.as_ref().map(|phone| format!(", telephone {phone}")).unwrap_or_default();
            format!("Changed a person: now {name} ({email}{phone}).")
        }
        Event::PersonDisabled { person } => format!("Disabled {}.", named(*person)),
        Event::PersonEnabled { person } => format!("Enabled {} again.", named(*person)),
        Event::SessionsEnded { person } => format!("Signed {} out everywhere.", named(*person)),
        Event::LinkMade { person, .. } => format!("Made a link by which {} chooses a password.", named(*person)),
        Event::PasswordChosen { person } => format!("{} chose a password.", named(*person)),
        Event::RolesSet { person, roles } => {
            let held = |held: &Held| {
                let until = held.until.map(|until| format!(", until {}", day(until))).unwrap_or_default();
                format!("{} at {} from {}{until}", role_title(held.role), unit_name(app, held.unit), day(held.from))
            };
            let roles: Vec<String> = roles.iter().map(held).collect();
            let roles = if roles.is_empty() { "none".to_owned() } else { roles.join("; ") };
            format!("Set the roles of {}: {roles}.", named(*person))
        }
        Event::TokenMade { person, token, scopes, ends_at } => {
            let (name, until, scopes) = (named(*person), day(*ends_at), scopes.replace(' ', ", "));
            format!("Made the token {token}, which acts with the rights of {name} ({scopes}) until {until}.")
        }
        Event::TokenWithdrawn { person, token } => {
            format!("Withdrew the token {token} of {}.", named(*person))
        }
        Event::Register(change) => register(app, change),
        Event::Workforce(change) => workforce(change),
        Event::Readiness(change) => readiness(app, change),
        Event::Plan(change) => plan(app, change),
        Event::FactorAdded { person, what } => format!("{} set up {}.", named(*person), factor(*what)),
        Event::FactorRemoved { person, what } => format!("{} took {} away.", named(*person), factor(*what)),
        Event::FactorsReset { person, reason } => {
            format!("Took passkeys, program and recovery codes away from {}: {reason}", named(*person))
        }
        Event::RecoveryCodesMade { person } => format!("{} made new recovery codes.", named(*person)),
        Event::RecoveryUsed { person, left } => {
            format!("{} used a recovery code; {left} are left.", named(*person))
        }
        _ => policy(event),
    }
}

/// A change that concerns policies, in a sentence.
fn policy(event: &Event) -> String {
    match event {
        Event::PackProposed { pack, title, from, note, .. } => {
            format!("Proposed {title} ({pack}), to be in force from {}: {note}", times::day(*from))
        }
        Event::PackAuthorized { pack, role, reason, .. } => format!("Approved {pack} as {role}: {reason}"),
        Event::PackApproved { pack, from, reason, new_series, .. } => {
            let new = if *new_series { ", a policy that is new here" } else { "" };
            format!("Put {pack} in force from {}{new}: {reason}", times::day(*from))
        }
        Event::PackDeclined { pack, reason, .. } => format!("Declined {pack}: {reason}"),
        Event::PackWithdrawn { pack, .. } => format!("Took the proposed text {pack} back."),
        Event::RuleChangeRefused { what, clauses } if clauses.is_empty() => format!("Was refused: {what}."),
        Event::RuleChangeRefused { what, clauses } => {
            let clauses: Vec<&str> = clauses.iter().map(domain::pack::ClauseId::as_str).collect();
            format!("Was refused, by {}: {what}.", clauses.join(", "))
        }
        Event::LocalValueSet { value, to, from } => {
            let said = |number: &Option<u32>| number.map_or_else(|| "the usual value".to_owned(), |n| n.to_string());
            format!("Set the local value {value} to {}; before it was {}.", said(to), said(from))
        }
        Event::WatchSet { open_within_minutes, digest_hours } => {
            let hours: Vec<String> = digest_hours.iter().map(|hour| format!("{hour}:00")).collect();
            let hours = if hours.is_empty() { "no hour".to_owned() } else { hours.join(", ") };
            format!("Unopened reports are passed on after {open_within_minutes} minutes; digests are sent at {hours}.")
        }
        Event::DocumentSupplied { slot, version, in_force, .. } => {
            format!("Supplied the document {slot}, version {version}, in force since {}.", times::day(*in_force))
        }
        Event::WorkforceKindAdded { label, .. } => format!("Added the kind of workforce {label}."),
        Event::WorkforceKindRemoved { kind } => format!("Took the kind of workforce {kind} away."),
        Event::EditionStated { pack, until: Some(until), says } => {
            format!("Said that {pack} is extended until {}: {says}", times::day(*until))
        }
        Event::EditionStated { pack, until: None, says } => format!("Said that {pack} is in force: {says}"),
        Event::ReassessmentAsked => "Asked that open incidents be assessed again.".to_owned(),
        _ => String::new(),
    }
}
