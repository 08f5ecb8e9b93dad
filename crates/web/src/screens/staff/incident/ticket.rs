//! The help ticket that a policy wants: its number hands the case to whoever its category goes to, and the page says
//! since when it is with them and whether they have taken it.

use app::App;
use axum::extract::{Path, State};
use domain::incident::{Command, Incident, Ticket};
use domain::pack::{Pack, RoleId};
use domain::text::Note;
use domain::time::{Instant, Zone};

use super::acts::moment;
use super::{Place, act, again};
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{desk::Staff, sorry::Answer},
    },
    times,
    typed::{Typed, problem},
};

/// The ticket as the page shows it.
#[derive(Debug, Clone, Default)]
pub struct TicketLine {
    /// The category that the policy prints.
    pub category: String,
    /// Roles that may open it.
    pub by: Vec<Choice>,
    /// “INC-88213, opened 9:30 a.m. by the local security officer”; empty while none is on record.
    pub number: String,
    /// “With the Office of Cyber Security since 9:30 a.m.”
    pub with: String,
    /// When they took it and how that is known; empty while they have not.
    pub taken: String,
    /// Who it goes to.
    pub goes_to: String,
    /// The page on which it is written down that they have taken it, or empty.
    pub taken_on: String,
}

/// The ticket of an incident, where its policy wants one.
pub fn line(
    app: &App,
    incident: &Incident,
    pack: &Pack,
    address: &str,
    now: Instant,
    zone: &Zone,
) -> Option<TicketLine> {
    let wanted = pack.ticket.as_ref()?;
    let bound = incident.opening.as_ref().is_none_or(|o| o.voluntary.is_none());
    if !bound && incident.ticket.is_none() {
        return None;
    }
    let title = |id: &RoleId| pack.role(id).map_or_else(|| id.to_string(), |role| role.title.en.clone());
    let goes_to = title(&wanted.goes_to);
    let stood_in = incident.opening.as_ref().and_then(|o| o.in_place_of.as_ref()).map(|(_, to)| to);
    let by = |id: &RoleId| Choice::new(id.as_str(), title(id)).chosen_if(stood_in == Some(id));
    let mut line = TicketLine {
        category: wanted.category.clone(),
        by: wanted.opened_by.iter().map(by).collect(),
        goes_to: goes_to.clone(),
        ..TicketLine::default()
    };
    if let Some(ticket) = &incident.ticket {
        let at = times::stamp(ticket.what.at, now, zone).words;
        line.number = format!("{}, opened by: {}", ticket.what.number, title(&ticket.what.by));
        line.with = format!("With {goes_to} since {at}");
    }
    if let Some(taken) = &incident.acknowledged {
        let (at, words) = &taken.what;
        let by = crate::screens::staff::home::actor(app, taken.by);
        line.taken =
            format!("Acknowledged {}: {} Recorded by {by}.", times::stamp(*at, now, zone).words, full_stop(words));
    }
    if let Some(wanted) = &wanted.taken {
        line.taken_on = format!("{address}/sheets/{}", wanted.sheet);
        if let Some((at, by)) = incident.ticket_taken(wanted) {
            let by = by.map(|by| format!(": {}", full_stop(by))).unwrap_or_else(|| ".".to_owned());
            line.taken = format!("Acknowledged {}{by}", times::when(at, now, zone).words);
        }
    }
    Some(line)
}

fn full_stop(words: &Note) -> String {
    let gist = words.gist(200);
    if gist.ends_with(['.', '!', '?', '…']) { gist } else { format!("{gist}.") }
}

/// Puts the ticket on record. Sends `ticket-number`, `ticket-category`, `ticket-by`, `ticket-at`.
pub async fn open(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let read = || -> Result<Ticket, Problem> {
        let number = typed.needed_line("ticket-number", "Write the number of the ticket.")?;
        let category = typed.needed_line("ticket-category", "Write the category of the ticket.")?;
        let by = RoleId::parse(typed.get("ticket-by")).map_err(|_| problem("ticket-by", "Choose who opened it."))?;
        Ok(Ticket { number, category, at: moment(&app, &staff, &typed, "ticket-at")?, by })
    };
    match read() {
        Ok(ticket) => {
            let place = Place { section: "ticket", form: "ticket", field: "ticket-number", done: "ticket" };
            act(&app, &staff, &reference, place, typed, move |_, _| Ok(Command::OpenTicket(ticket.clone()))).await
        }
        Err(wrong) => again(&app, &staff, &reference, "ticket", typed, vec![wrong]).await,
    }
}
