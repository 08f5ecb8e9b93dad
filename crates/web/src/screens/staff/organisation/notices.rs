//! Notices of the state about the threat level, as the policy wants them taken down; chief and local officers read them.

use app::{App, Trouble};
use askama::Template;
use axum::extract::{Query, State};
use domain::ids::EntryId;
use domain::organisation::register::StateNotice;
use domain::pack::{Pack, StateNotices};
use domain::permission::Action;
use domain::text::Line;
use serde::Deserialize;

use super::needed_day;
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
};

/// `/organisation/notices`
#[derive(Debug, Template)]
#[template(path = "organisation/notices.html")]
pub struct Notices {
    /// The desk.
    pub desk: Desk,
    /// Notices, the latest first.
    pub notices: Vec<Row>,
    /// The body whose notices count; empty where the policy knows none.
    pub source: String,
    /// The clause behind it.
    pub cite: String,
    /// Numbered levels; empty where a notice is a plain text.
    pub levels: Vec<Choice>,
    /// Whether time and reference are needed.
    pub exact: bool,
    /// Whether the channel and the sender are needed, and the channels on the list.
    pub channels: Option<Vec<Choice>>,
    /// The channels as an administrator edits them.
    pub channel_list: String,
    /// Whether levels were kept under an earlier edition and can be looked back on.
    pub past_levels: bool,
    /// Whether this person takes notices down.
    pub takes: bool,
    /// Whether this person keeps the agency.
    pub keeps: bool,
    /// The form that was refused, so that it stays open.
    pub opened: String,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(Notices);

/// A notice.
#[derive(Debug, Clone)]
pub struct Row {
    /// The level with its name, or the text alone.
    pub level: String,
    /// What it says.
    pub says: String,
    /// “Oct 13, 2026, 9:10 a.m.”
    pub at: String,
    /// Its source and reference.
    pub source: String,
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// The page. One statement of the store: the register is in memory.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    let mut page = view(&app, &staff)?;
    page.desk.flash = match done.done.as_str() {
        "taken" => Flash::says("On record. Chief and local officers see it here and on Home."),
        "channels" => Flash::says("The list of channels is on record."),
        _ => None,
    };
    Ok(shown(&page))
}

/// A level with its number and its name, always together.
fn level(rules: Option<&StateNotices>, level: u8) -> String {
    let name = rules.and_then(|rules| rules.levels.get(usize::from(level).checked_sub(1)?));
    name.map_or_else(|| level.to_string(), |name| format!("{level} {}", name.en))
}

/// A notice in one line each for the page and for Home.
pub fn row(app: &App, pack: &Pack, notice: &StateNotice) -> Row {
    // A notice of an older edition is read by that edition.
    let by_source = |pack: &&Pack| pack.state_notices.as_ref().is_some_and(|rules| rules.source == notice.source);
    let own = Some(pack).filter(by_source);
    let all = app.packs();
    let mut editions = all.all().iter().map(AsRef::as_ref).filter(|p: &&Pack| p.series == pack.series);
    let of = own.or_else(|| editions.find(by_source)).unwrap_or(pack);
    let source = of.role(&notice.source).map_or_else(|| notice.source.to_string(), |role| role.title.en.clone());
    let reference = notice.reference.as_ref().map(|r| format!(", {r}")).unwrap_or_default();
    let by =
        [notice.channel.as_ref().map(|c| format!(", by {c}")), notice.sender.as_ref().map(|s| format!(", from {s}"))];
    let by: String = by.into_iter().flatten().collect();
    let time = notice.at.map(|at| format!(", {}", clock(at))).unwrap_or_default();
    Row {
        level: notice.level.map(|n| level(of.state_notices.as_ref(), n)).unwrap_or_default(),
        says: notice.says.to_string(),
        at: format!("{}{time}", times::day(notice.on)),
        source: format!("{source}{reference}{by}"),
    }
}

fn clock(at: jiff::civil::Time) -> String {
    let (hour, half) = match at.hour() {
        0 => (12, "a.m."),
        hour @ 1..=11 => (hour, "a.m."),
        12 => (12, "p.m."),
        hour => (hour - 12, "p.m."),
    };
    format!("{hour}:{:02} {half}", at.minute())
}

/// The policy of the whole agency today.
fn policy<'a>(app: &'a App, staff: &Staff) -> Result<&'a Pack, Trouble> {
    let head = app.directory().head_of(staff.who.viewer.tenant).ok_or(Trouble::NotFound)?;
    app.pack_for_report(head, staff.now())
}

fn view(app: &App, staff: &Staff) -> Result<Notices, Trouble> {
    app.allow_seeing_organisation(&staff.who.viewer)?;
    let pack = policy(app, staff)?;
    let directory = app.directory();
    let agency = directory.agency(staff.who.viewer.tenant).ok_or(Trouble::NotFound)?;
    let rules = pack.state_notices.as_ref();
    let mut notices: Vec<&StateNotice> = agency.register.notices.iter().collect();
    notices.sort_by_key(|n| std::cmp::Reverse((n.on, n.at)));
    let numbers = rules.iter().flat_map(|rules| 1..=u8::try_from(rules.levels.len()).unwrap_or(u8::MAX));
    Ok(Notices {
        desk: staff.desk(app, "Notices of the state").under("/organisation", "Organization"),
        notices: notices.into_iter().map(|notice| row(app, pack, notice)).collect(),
        source: rules.and_then(|rules| pack.role(&rules.source)).map(|role| role.title.en.clone()).unwrap_or_default(),
        cite: rules
            .and_then(|rules| rules.clauses.first())
            .and_then(|id| pack.clause(id))
            .map(|clause| clause.cite.clone())
            .unwrap_or_default(),
        levels: numbers.map(|n| Choice::new(&n.to_string(), level(rules, n))).collect(),
        exact: rules.is_some_and(|rules| rules.exact),
        channels: rules.filter(|rules| rules.channels).map(|_| {
            let listed = agency.register.notice_channels.iter();
            listed.map(|channel| Choice::new(channel.as_str(), channel.as_str())).collect()
        }),
        channel_list: listed(&agency.register.notice_channels),
        past_levels: app.readiness(&staff.who.viewer).is_ok_and(|board| !board.in_force),
        takes: super::rules::whole_agency(app, staff).is_some(),
        keeps: super::keeps(app, staff),
        opened: String::new(),
        typed: Typed::default(),
    })
}

/// Takes a notice down. Sends `on`, `at`, `reference`, `level`, `says`.
pub async fn take(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let may = super::rules::whole_agency(&app, &staff).ok_or(Trouble::NotFound)?;
    let pack = policy(&app, &staff)?;
    let rules = pack.state_notices.as_ref().ok_or(Trouble::NotFound)?;
    let id: EntryId = app.draw();
    let read = || -> Result<StateNotice, Problem> {
        let on = needed_day(&app, &staff, &typed, "on", "Write the day of the notice, such as 2026-10-20.")?;
        let at = match typed.get("at") {
            "" if rules.exact => return Err(problem("at", "Write the time of the notice, such as 3:30 pm.")),
            "" => None,
            text => Some(
                crate::intake::time_of_day(text)
                    .ok_or_else(|| problem("at", "Write a time such as 3:30 pm or 15:30."))?,
            ),
        };
        let reference = match typed.line("reference")? {
            None if rules.exact => return Err(problem("reference", "Write the reference that stands on the notice.")),
            reference => reference,
        };
        let level = match typed.get("level") {
            "" if !rules.levels.is_empty() => return Err(problem("level", "Choose the level that the notice tells.")),
            "" => None,
            text => Some(text.parse().map_err(|_| problem("level", "Choose a level."))?),
        };
        let says = match typed.prose("says")? {
            Some(says) => says,
            None => match level {
                Some(level) => domain::text::Note::parse(&self::level(Some(rules), level))
                    .map_err(|_| problem("says", "Write what the notice says."))?,
                None => return Err(problem("says", "Write what the notice says.")),
            },
        };
        // The policy names the only body whose notices count; nobody types another.
        let channel = typed.line("channel")?;
        let sender = typed.line("sender")?;
        if rules.channels {
            if channel.is_none() {
                return Err(problem("channel", "Choose the channel by which the notice came."));
            }
            if sender.is_none() {
                return Err(problem("sender", "Write who sent the notice."));
            }
        }
        Ok(StateNotice { id, source: rules.source.clone(), on, at, reference, level, says, channel, sender })
    };
    let again = |typed: Typed, wrong: Problem| -> Answer {
        let page = view(&app, &staff)?;
        let desk = page.desk.clone().mend(vec![wrong]);
        Ok(shown(&Notices { desk, opened: "notice".to_owned(), typed, ..page }))
    };
    let notice = match read() {
        Ok(notice) => notice,
        Err(wrong) => return again(typed, wrong),
    };
    match app.take_notice(&may, &notice).await.map_err(refusal) {
        Ok(()) => Ok(go("/organisation/notices?done=taken")),
        Err(Ok(words)) => again(typed, problem("on", &words)),
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Channels, one a line.
fn listed(channels: &[Line<80>]) -> String {
    channels.iter().map(Line::as_str).collect::<Vec<_>>().join("\n")
}

/// Sets the channels by which notices come. Sends `channels`, one a line.
pub async fn channels(State(app): State<App>, staff: Staff, typed: Typed) -> Answer {
    let may = app.allow_administering(&staff.who.viewer, Action::Administer)?;
    let lines = typed.raw("channels").unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty());
    let read: Result<Vec<Line<80>>, _> = lines.map(Line::parse).collect();
    let channels = match read {
        Ok(channels) => channels,
        Err(wrong) => {
            let page = view(&app, &staff)?;
            let wrong = problem("channels", &format!("One of the lines does not fit: {wrong}."));
            let desk = page.desk.clone().mend(vec![wrong]);
            return Ok(shown(&Notices { desk, opened: "channels".to_owned(), typed, ..page }));
        }
    };
    app.set_notice_channels(&may, &channels).await?;
    Ok(go("/organisation/notices?done=channels"))
}
