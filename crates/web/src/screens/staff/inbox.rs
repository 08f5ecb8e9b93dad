//! The inbox: reports that wait, those that are hurt most by waiting first, with the one in hand beside the list.

use app::App;
use app::inbox::{InboxCursor, InboxLine};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::pack::{Language, Pack};
use domain::report::Signal;
use domain::time::{Instant, Zone};
use serde::Deserialize;

use super::desk::{Desk, Flash, Staff, desks, page as shown};
use super::report::{Look, ReportView, look};
use super::sorry::Answer;
use crate::times;

/// Rows on one page.
const ROWS: u32 = 50;

/// `/inbox`
#[derive(Debug, Template)]
#[template(path = "staff/inbox.html")]
pub struct Inbox {
    /// The desk.
    pub desk: Desk,
    /// “4 reports wait, the oldest for 5 h.”
    pub count: String,
    /// The rows.
    pub rows: Vec<Row>,
    /// The next page, or empty.
    pub next: String,
    /// Whether this is a later page.
    pub later: bool,
    /// The report in hand.
    pub open: Option<Box<ReportView>>,
}

/// The report in hand alone, fetched while moving through the list.
#[derive(Debug, Template)]
#[template(path = "staff/preview.html")]
pub struct Preview {
    /// The desk.
    pub desk: Desk,
    /// The report.
    pub open: Box<ReportView>,
}

desks!(Inbox, Preview);

/// One report in the list.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its reference.
    pub reference: String,
    /// Its page.
    pub href: String,
    /// The inbox with this report in hand.
    pub hold: String,
    /// How long it has waited.
    pub age: String,
    /// When it arrived.
    pub received: times::Stamp,
    /// What happened, as chosen.
    pub what: String,
    /// The first words.
    pub gist: String,
    /// The language of the words, when not English.
    pub lang: &'static str,
    /// Where.
    pub place: String,
    /// Marks with words.
    pub signals: Vec<Sign>,
    /// “Open incident: loss of data”
    pub suggested: String,
    /// “A. Ortiz is reading this”
    pub claimed: String,
    /// “Sent to the ITSD help desk”, when it is not this officer's first, or empty.
    pub sent_to: String,
    /// Whether nobody has opened it.
    pub new: bool,
    /// Whether a question to the reporter is open.
    pub asked: bool,
    /// Whether it is the one in hand.
    pub here: bool,
}

/// A signal: mark and words together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// The class of its mark.
    pub mark: &'static str,
    /// Its words.
    pub words: &'static str,
}

/// A signal as people read it.
pub const fn sign(signal: Signal) -> Sign {
    let (mark, words) = match signal {
        Signal::GoingOn => ("overdue", "Still going on"),
        Signal::LeftTheBuilding => ("soon", "Left the building"),
        Signal::NewWords => ("running", "New words from the reporter"),
        Signal::RecipientInvolved => ("soon", "The person reported to is involved"),
        Signal::Files => ("on-track", "Files"),
        Signal::SentEarly => ("on-track", "Sent early, more may follow"),
        Signal::InSpanish => ("on-track", "In Spanish"),
        Signal::Urgent => ("overdue", "To be read first"),
        Signal::Voluntary => ("on-track", "Voluntary: the policy does not bind this unit"),
    };
    Sign { mark, words }
}

/// The query of the inbox.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The cursor of the page before.
    #[serde(default)]
    after: String,
    /// The report in hand.
    #[serde(default)]
    open: String,
    /// What has just been done.
    #[serde(default)]
    done: String,
    /// To which report.
    #[serde(default)]
    of: String,
}

/// The page. Five statements of the store at most: session, list, and the three of the report in hand.
pub async fn page(State(app): State<App>, Query(asked): Query<Asked>, staff: Staff) -> Answer {
    let (now, zone) = (staff.now(), staff.zone(&app));
    let after = read_cursor(&asked.after);
    let (lines, next) = app.inbox(&staff.who.viewer, after, ROWS).await?;
    let in_hand = lines.iter().find(|l| l.reference == asked.open).or_else(|| lines.first());
    let in_hand = in_hand.map(|l| l.reference.clone());
    let open = match &in_hand {
        Some(reference) => look(&app, &staff, reference, Look::Glance).await?.map(Box::new),
        None => None,
    };
    let rows: Vec<Row> = lines.iter().map(|l| row(&app, l, in_hand.as_deref(), &asked.after, now, &zone)).collect();
    let count = count(&lines, next.is_some(), now);
    let mut desk = staff.desk(&app, "Inbox");
    desk.flash = flash(&asked.done, &asked.of);
    let next = next.map(|cursor| format!("/inbox?after={}", write_cursor(cursor))).unwrap_or_default();
    Ok(shown(&Inbox { desk, count, rows, next, later: after.is_some(), open }))
}

/// The report in hand, for the pane beside the list.
pub async fn preview(State(app): State<App>, Path(reference): Path<String>, staff: Staff) -> Answer {
    let open = look(&app, &staff, &reference, Look::Glance).await?.ok_or(app::Trouble::NotFound)?;
    Ok(shown(&Preview { desk: staff.desk(&app, reference), open: Box::new(open) }))
}

fn count(lines: &[InboxLine], more: bool, now: Instant) -> String {
    let oldest = lines.iter().map(|l| now.seconds_since(l.received_at)).max();
    match (lines.len(), oldest) {
        (0, _) | (_, None) => "No reports wait. New ones appear here by themselves.".to_owned(),
        (1, Some(age)) => format!("1 report waits, for {} now.", times::span(age)),
        (n, Some(age)) if more => format!(
            "{n} of more reports, those harmed most by waiting first; the oldest here waits for {}.",
            times::span(age)
        ),
        (n, Some(age)) => {
            format!("{n} reports wait, those harmed most by waiting first; the oldest for {}.", times::span(age))
        }
    }
}

fn age(seconds: i64) -> String {
    if seconds < 60 { "now".to_owned() } else { times::span(seconds) }
}

fn flash(done: &str, of: &str) -> Option<Flash> {
    let of = of.parse::<domain::reference::ReportReference>().ok()?.to_string();
    let undo = format!("/inbox/{of}/undo");
    let undoable = |words: String| Some(Flash { words, lines: Vec::new(), undo: undo.clone(), seconds: 30 });
    match done {
        "set-aside" => undoable(format!("{of} is not an incident. The person who reported gets a thank-you.")),
        "handed" => Flash::says(format!("{of} was handed over.")),
        "undone" => Flash::says(format!("Undone. {of} is waiting again.")),
        _ => None,
    }
}

fn row(app: &App, line: &InboxLine, in_hand: Option<&str>, after: &str, now: Instant, zone: &Zone) -> Row {
    let directory = app.directory();
    let unit = directory.unit(line.unit).map(|u| u.profile.name.en.clone()).unwrap_or_default();
    let pack = app.pack_for_report(line.unit, line.received_at).ok();
    let summary = &line.summary;
    let what = pack.map(|p| tiles(p, &summary.happened)).unwrap_or_default();
    let place = if summary.place.is_empty() { unit } else { format!("{unit}, {}", summary.place) };
    let suggested = pack.and_then(|p| p.suggested_categories(&summary.happened).first().map(|c| c.label.en.clone()));
    let after = if after.is_empty() { String::new() } else { format!("&after={after}") };
    Row {
        href: format!("/inbox/{}", line.reference),
        hold: format!("/inbox?open={}{after}", line.reference),
        age: age(now.seconds_since(line.received_at)),
        received: times::short(line.received_at, now, zone),
        what: if what.is_empty() { "Not said".to_owned() } else { what },
        gist: summary.gist.clone(),
        lang: if summary.language == Language::Spanish { "es" } else { "" },
        place,
        signals: summary.signals.iter().copied().map(sign).collect(),
        suggested: suggested.map_or_else(|| "Read and decide".to_owned(), |c| format!("Open incident: {c}")),
        claimed: line.claimed.map(|(by, _)| format!("{} is reading this", app.name_of(by))).unwrap_or_default(),
        sent_to: sent_to(pack, summary),
        new: line.claimed.is_none(),
        asked: line.state == app::ReportState::Asked,
        here: in_hand == Some(line.reference.as_str()),
        reference: line.reference.clone(),
    }
}

/// Who gets a report in place of whom the policy names.
fn sent_to(pack: Option<&Pack>, summary: &domain::report::SummaryOfReport) -> String {
    use domain::report::Why;
    let Some((to, why)) = &summary.sent_to else { return String::new() };
    let title = pack.and_then(|pack| pack.role(to)).map_or_else(|| to.to_string(), |role| role.title.en.clone());
    match why {
        Why::Named => String::new(),
        Why::Chosen => format!("copy: sent to {title}, as the reporter chose"),
        Why::Away => format!("copy: sent to {title}, while you are away"),
        Why::Involved => format!("for {title}: whoever is first may be involved"),
        Why::Vacant => format!("for {title}: nobody holds the office there"),
    }
}

/// What was chosen under "What happened?", in the words of the public page.
pub fn tiles(pack: &Pack, chosen: &[domain::pack::TileId]) -> String {
    chosen.iter().filter_map(|id| pack.tile(id)).map(|t| t.label.en.as_str()).collect::<Vec<_>>().join(" · ")
}

/// A cursor as it stands in an address.
pub fn write_cursor((urgency, at, id): InboxCursor) -> String {
    format!("{urgency}.{}.{id}", at.micros())
}

/// A cursor that cannot be read starts at the top: an old or mistyped address is no error.
pub fn read_cursor(text: &str) -> Option<InboxCursor> {
    let mut parts = text.splitn(3, '.');
    let urgency = parts.next()?.parse().ok()?;
    let at = Instant::from_micros(parts.next()?.parse().ok()?);
    Some((urgency, at, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_address() {
        let id = "01890000-0000-7000-8000-000000000001".parse().expect("an id");
        let cursor = (-3, Instant::from_micros(1_792_000_000_123_456), id);
        assert_eq!(read_cursor(&write_cursor(cursor)), Some(cursor));
        assert_eq!(read_cursor("1.x"), None);
    }
}
