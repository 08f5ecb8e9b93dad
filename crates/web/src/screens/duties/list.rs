//! The list of duties: by when they are due, fifty at a time, never counted.

use app::duties::{After, DutyFilter, DutyLine, Which, Whose};
use app::export_duties::DutySheet;
use app::{App, DutyStanding};
use askama::Template;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use domain::actor::Section;
use domain::pack::PackKind;
use domain::permission::{Action, Viewer};
use futures::stream;

use crate::query::{address, pairs, value};
use crate::screens::apology::{Apology, answer};
use crate::screens::frame::{Choice, Problem};
use crate::screens::incidents::export::csv;
use crate::screens::staff::desk::{Desk, Staff, desks, page as shown};
use crate::screens::staff::duties::{Clock, Mark, review, stands};
use crate::screens::staff::sorry::Answer;
use crate::times::{self, Stamp};

/// Rows on one page.
const ROWS: u32 = 50;

/// `/duties`
#[derive(Debug, Template)]
#[template(path = "duties/list.html")]
pub struct List {
    /// The desk.
    pub desk: Desk,
    /// Choices of what is shown.
    pub which: Vec<Choice>,
    /// Choices of whose.
    pub whose: Vec<Choice>,
    /// Choices of unit.
    pub units: Vec<Choice>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What to read when there is none.
    pub empty: &'static str,
    /// The page of later duties, or empty.
    pub later: String,
    /// The first page, when this is a later one.
    pub first: String,
    /// The same list as a table, or empty for those who may not take it along.
    pub table: String,
}

desks!(List);

/// One duty.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where it stands on the incident's page.
    pub href: String,
    /// What is to be done.
    pub title: String,
    /// How it stands.
    pub mark: Mark,
    /// The same in words.
    pub says: String,
    /// The incident's reference.
    pub reference: String,
    /// What the incident is called.
    pub incident: String,
    /// The unit.
    pub unit: String,
    /// Who leads, or “nobody”.
    pub lead: String,
    /// The clause.
    pub cite: String,
    /// The policy or law.
    pub policy: String,
    /// How far a law was checked, or empty.
    pub review: String,
    /// When it is due.
    pub due: Stamp,
}

/// What an address asks for.
#[derive(Debug, Clone, Default)]
struct Asked {
    filter: DutyFilter,
    which: &'static str,
    whose: String,
    unit: String,
    problems: Vec<Problem>,
}

const WHICH: [(&str, &str, Which); 5] = [
    ("", "Open, by date", Which::Open),
    ("past", "Past their date", Which::Past),
    ("next", "Due in the next 7 days", Which::Next),
    ("no-date", "Without a date", Which::NoDate),
    ("met", "Answered for", Which::Answered),
];

impl Asked {
    fn read(app: &App, viewer: &Viewer, pairs: &[(String, String)]) -> Self {
        let (which, whose, unit) = (value(pairs, "which"), value(pairs, "whose"), value(pairs, "unit"));
        let mut asked = Self { whose: whose.to_owned(), unit: unit.to_owned(), ..Self::default() };
        let mut wrong = Vec::new();
        match WHICH.iter().find(|(name, ..)| *name == which) {
            Some((name, _, chosen)) => (asked.which, asked.filter.which) = (*name, *chosen),
            None => wrong.push("which"),
        }
        let colleague = |id: &str| {
            let id = id.parse().ok()?;
            app.directory().person(id).filter(|person| person.tenant == viewer.tenant).map(|person| person.id)
        };
        asked.filter.whose = match (whose, colleague(whose)) {
            ("", _) => Whose::Anyone,
            ("mine", _) => Whose::Of(viewer.account),
            ("nobody", _) => Whose::Nobody,
            // Whoever is chosen, the list holds what this viewer may see and nothing else.
            (_, Some(id)) => Whose::Of(id),
            (_, None) => {
                wrong.push("whose");
                Whose::Anyone
            }
        };
        if !unit.is_empty() {
            asked.filter.unit = app.choices(viewer).units.iter().find(|(_, code, _)| code == unit).map(|(id, ..)| *id);
            if asked.filter.unit.is_none() {
                wrong.push("unit");
            }
        }
        let problem = |field: &str| Problem { field: field.to_owned(), words: "Choose one of the list.".to_owned() };
        asked.problems = wrong.into_iter().map(problem).collect();
        asked
    }

    fn address(&self, path: &str, after: &str) -> String {
        address(path, &[("which", self.which), ("whose", &self.whose), ("unit", &self.unit), ("after", after)])
    }
}

fn written((turn, incident, rule): &After) -> String {
    format!("{turn}.{incident}.{rule}")
}

fn read_after(text: &str) -> Option<After> {
    let mut parts = text.splitn(3, '.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.to_owned()))
}

/// The page. Two statements of the store: session and list.
pub async fn page(State(app): State<App>, RawQuery(query): RawQuery, staff: Staff) -> Answer {
    let Some(pairs) = pairs(query.as_deref()) else { return Ok(answer("/duties", &Apology::Unreadable)) };
    let viewer = &staff.who.viewer;
    app.allow_in_agency(viewer, Action::Read, Section::Officer)?;
    let asked = Asked::read(&app, viewer, &pairs);
    let after = read_after(value(&pairs, "after"));
    let (lines, next) = if asked.problems.is_empty() {
        app.list_duties(viewer, &asked.filter, after.clone(), ROWS).await?
    } else {
        (Vec::new(), None)
    };
    let may_take = staff.may(Action::Export, Section::Officer) && !lines.is_empty();
    let directory = app.directory();
    let choices = app.choices(viewer);
    let units =
        choices.units.iter().map(|(_, code, name)| Choice::new(code, name.clone()).chosen_if(*code == asked.unit));
    let people = directory.people_of(viewer.tenant).into_iter().filter(|p| p.active && p.id != viewer.account);
    let people = people.map(|p| Choice::new(&p.id.to_string(), p.profile.name.clone()));
    let whose = [("", "anybody’s"), ("mine", "mine"), ("nobody", "nobody’s: no lead yet")];
    let whose = whose.map(|(name, label)| Choice::new(name, label)).into_iter().chain(people);
    Ok(shown(&List {
        which: WHICH.iter().map(|(name, label, _)| Choice::new(name, *label).chosen_if(*name == asked.which)).collect(),
        whose: whose.map(|choice| Choice { chosen: choice.value == asked.whose, ..choice }).collect(),
        units: std::iter::once(Choice::new("", "any")).chain(units).collect(),
        empty: match (after.is_some(), asked.filter.which) {
            (true, _) => "There are no later ones.",
            (_, Which::Past) => "No duty is past its date.",
            (_, Which::Answered) => "Nothing has been answered for yet.",
            _ => "No duty is like this.",
        },
        later: next.as_ref().map(|next| asked.address("/duties", &written(next))).unwrap_or_default(),
        first: after.map(|_| asked.address("/duties", "")).unwrap_or_default(),
        table: if may_take { asked.address("/duties.csv", "") } else { String::new() },
        rows: lines.iter().map(|line| row(&app, &staff, line)).collect(),
        desk: staff.desk(&app, "Duties").mend(asked.problems),
    }))
}

fn row(app: &App, staff: &Staff, line: &DutyLine) -> Row {
    let (now, zone) = (staff.now(), staff.zone(app));
    let duty = &line.duty;
    let rule = line.rule(app);
    let (by, whole_day, since) = (duty.due, duty.whole_day, duty.since);
    let clock = Clock { by, whole_day, late_after: duty.late_after, since, met: duty.answered_at };
    let (mark, says) = match (duty.standing, duty.excused) {
        (DutyStanding::Left, _) => (Mark::Waived, "Left when the incident ended".to_owned()),
        (_, true) => (Mark::Waived, "Let go".to_owned()),
        _ => stands(&clock, now),
    };
    let law = rule.filter(|(pack, _)| pack.kind == PackKind::Law);
    Row {
        href: format!("/incidents/{}#duty-{}", line.reference, duty.rule),
        title: rule.map_or_else(|| duty.rule.clone(), |(_, rule)| rule.title.clone()),
        mark,
        says,
        reference: line.reference.clone(),
        incident: line.summary.title.clone(),
        unit: app.directory().unit(duty.unit).map(|unit| unit.profile.name.en.clone()).unwrap_or_default(),
        lead: duty.lead.map_or_else(|| "nobody".to_owned(), |lead| app.name_of(lead)),
        cite: line.cite(app),
        policy: rule.map(|(pack, _)| pack.title.clone()).unwrap_or_default(),
        review: law.map(|(pack, rule)| review(pack, Some(rule))).unwrap_or_default(),
        due: match (duty.due, duty.whole_day) {
            (Some(due), true) => {
                let day = due.day_in(&zone);
                Stamp { words: times::day(day), machine: day.to_string(), ..Stamp::default() }
            }
            (Some(due), false) => times::short(due, now, &zone),
            (None, _) => Stamp { words: "no fixed date".to_owned(), ..Stamp::default() },
        },
    }
}

/// `/duties.csv`, with the query of the list.
pub async fn table(State(app): State<App>, RawQuery(query): RawQuery, staff: Staff) -> Answer {
    let unreadable = || Ok(answer("/duties.csv", &Apology::Unreadable));
    let Some(pairs) = pairs(query.as_deref()) else { return unreadable() };
    let viewer = staff.who.viewer;
    app.may_export(&viewer)?;
    let asked = Asked::read(&app, &viewer, &pairs);
    if !asked.problems.is_empty() {
        return unreadable();
    }
    let filter = asked.filter;
    let pieces = stream::try_unfold(DutySheet::default(), move |mut sheet| {
        let (app, viewer) = (app.clone(), viewer.clone());
        async move {
            let piece = app.export_duties(&viewer, &filter, &mut sheet).await;
            piece.map(|piece| piece.map(|bytes| (bytes, sheet))).map_err(|trouble| {
                tracing::error!(%trouble, "a table broke off");
                std::io::Error::other("the table broke off")
            })
        }
    });
    Ok(csv("duties.csv", Body::from_stream(pieces)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let id = "0190a0b0-0000-7000-8000-000000000001".parse().expect("an id");
        let after: After = (-17, id, "O2-part.b".to_owned());
        assert_eq!(read_after(&written(&after)), Some(after));
        for wrong in ["", "1", "1.x.O1", "x.0190a0b0-0000-7000-8000-000000000001.O1"] {
            assert_eq!(read_after(wrong), None, "{wrong}");
        }
    }
}
