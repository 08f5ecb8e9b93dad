//! The digest: at the hours an agency chose, one message to everybody for whom something waits, and none to others.

use super::Work;
use crate::directory::Person;
use crate::duties::{DutyFilter, DutyLine, Which, Whose};
use crate::mail::Letter;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::TenantId;
use domain::pack::Language;
use domain::permission::{Action, Viewer};
use domain::time::{Instant, Zone};
use std::collections::BTreeSet;
use store::Change;

/// A digest that could not be sent within three hours is left out: the next one says the same and is fresh.
const STALE_SECONDS: i64 = 3 * 3_600;
/// Beyond this many, the message says "or more".
const COUNTED: u32 = 100;

/// What waits for one person.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Waiting {
    overdue: usize,
    due: usize,
    reports: usize,
    oldest_hours: i64,
    personnel: usize,
}

impl App {
    /// Plans the next digest of every agency. Planning it twice plans it once.
    pub(super) async fn plan_digests(&self) -> Result<(), Trouble> {
        self.refresh_directory(self.store().directory_version().await?).await?;
        let now = self.now();
        let mut change = Change::default();
        for agency in self.directory().agencies() {
            if let Some(at) = next_of(&agency.local.digest_hours, &agency.profile.zone, now) {
                change.jobs.push(self.job(&Work::SendDigest { tenant: agency.id, at }, at)?);
            }
        }
        if !change.jobs.is_empty() {
            self.store().commit(change).await?;
        }
        Ok(())
    }

    pub(super) async fn send_digest(&self, tenant: TenantId, at: Instant) -> Result<(), Trouble> {
        let now = self.now();
        if now.seconds_since(at) > STALE_SECONDS {
            return Ok(());
        }
        let directory = self.directory();
        let mut change = Change::default();
        for person in directory.people_of(tenant).into_iter().filter(|p| p.active) {
            let grants = directory.grants_of(person.id);
            let viewer = Viewer { account: person.id, tenant, grants, now };
            if let Some(letter) = self.digest_for(person, &viewer, now).await? {
                change.mail.push(self.letter(tenant, &letter, now)?);
            }
        }
        if change.mail.is_empty() {
            return Ok(());
        }
        self.commit_once(change, &format!("digest/{tenant}/{}", at.micros())).await
    }

    async fn digest_for(&self, person: &Person, viewer: &Viewer, now: Instant) -> Result<Option<Letter>, Trouble> {
        let waiting = self.waiting_for(viewer, now).await?;
        let lines = waiting.lines();
        if lines.is_empty() {
            return Ok(None);
        }
        Ok(Some(Letter {
            to: person.profile.email.clone(),
            subject: "What waits for you today".to_owned(),
            words: format!(
                "{}\n\nOpen your page: {}/home\n\nSign in to read it. This message holds nothing about any of it.\n",
                lines.join("\n"),
                self.settings().public_address
            ),
            language: Language::English,
        }))
    }

    async fn waiting_for(&self, viewer: &Viewer, now: Instant) -> Result<Waiting, Trouble> {
        let mut waiting = Waiting::default();
        let may = |action, section| viewer.scope(action, section).is_none_or(|units| !units.is_empty());
        if may(Action::Triage, Section::Report) {
            let (lines, _) = self.inbox(viewer, None, COUNTED).await?;
            waiting.reports = lines.len();
            let oldest = lines.iter().map(|line| line.received_at).min();
            waiting.oldest_hours = oldest.map_or(0, |at| now.seconds_since(at) / 3_600);
        }
        if may(Action::Work, Section::Officer) {
            for whose in [Whose::Of(viewer.account), Whose::Nobody] {
                let filter = |which| DutyFilter { which, whose, unit: None };
                let (past, _) = self.duties_in(viewer, Action::Work, &filter(Which::Past), None, COUNTED).await?;
                let (next, _) = self.duties_in(viewer, Action::Work, &filter(Which::Next), None, COUNTED).await?;
                // Counted by incident: one with a duty past its date is told as that alone.
                let of = |lines: &[DutyLine]| lines.iter().map(|line| line.duty.incident).collect::<BTreeSet<_>>();
                let (past, next) = (of(&past), of(&next));
                waiting.overdue += past.len();
                waiting.due += next.difference(&past).count();
            }
        }
        if may(Action::Work, Section::Personnel) {
            waiting.personnel = self.waiting_for_personnel(viewer).await?.len();
        }
        Ok(waiting)
    }
}

impl Waiting {
    /// Counts alone: which case and what about is for those who sign in.
    fn lines(self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut say = |count: usize, one: &str, many: &str| {
            if count > 0 {
                let more = if count >= COUNTED as usize { " or more" } else { "" };
                lines.push(format!("{count}{more} {}", if count == 1 { one } else { many }));
            }
        };
        say(self.overdue, "incident has a duty past its date", "incidents have a duty past its date");
        say(self.due, "incident has a duty due within 7 days", "incidents have a duty due within 7 days");
        let since = format!("the oldest for {} hours", self.oldest_hours);
        say(
            self.reports,
            &format!("report waits for a decision, {since}"),
            &format!("reports wait for a decision, {since}"),
        );
        say(self.personnel, "incident waits for human resources", "incidents wait for human resources");
        lines
    }
}

/// The next of these hours on the wall clock of a zone, strictly after an instant.
fn next_of(hours: &[u8], zone: &Zone, after: Instant) -> Option<Instant> {
    let today = after.day_in(zone);
    let days = [Some(today), today.tomorrow().ok(), today.tomorrow().ok().and_then(|day| day.tomorrow().ok())];
    let at = |day: jiff::civil::Date, hour: u8| {
        let wall = day.at(i8::try_from(hour).ok()?, 0, 0, 0);
        // An hour that the clock skips is taken as the one after it.
        let at = wall.to_zoned(zone.time_zone().clone()).ok()?;
        Some(Instant::from_timestamp(at.timestamp()))
    };
    let all = days.into_iter().flatten().flat_map(|day| hours.iter().filter_map(move |hour| at(day, *hour)));
    all.filter(|at| *at > after).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(hours: &[u8], after: &str) -> Option<String> {
        let zone = Zone::named("America/Chicago").expect("a zone");
        let after = Instant::from_timestamp(after.parse().expect("a time"));
        next_of(hours, &zone, after).map(|at| at.in_zone(&zone).strftime("%Y-%m-%d %H:%M %Z").to_string())
    }

    #[test]
    fn the_next_digest_is_at_a_chosen_hour_of_the_agencys_day() {
        for (hours, after, told) in [
            (&[8, 15][..], "2026-11-20T13:59:59Z", Some("2026-11-20 08:00 CST")),
            (&[8, 15], "2026-11-20T14:00:00Z", Some("2026-11-20 15:00 CST")),
            (&[15, 8], "2026-11-20T22:00:00Z", Some("2026-11-21 08:00 CST")),
            (&[8], "2026-11-01T05:30:00Z", Some("2026-11-01 08:00 CST")),
            (&[2], "2026-03-08T07:00:00Z", Some("2026-03-08 03:00 CDT")),
            (&[], "2026-11-20T13:59:59Z", None),
        ] {
            assert_eq!(next(hours, after).as_deref(), told, "{hours:?} after {after}");
        }
    }

    #[test]
    fn nothing_waits_means_no_message_and_a_count_says_no_fact() {
        assert!(Waiting::default().lines().is_empty());
        let waiting = Waiting { overdue: 1, due: 100, reports: 3, oldest_hours: 5, personnel: 0 };
        assert_eq!(
            waiting.lines(),
            [
                "1 incident has a duty past its date",
                "100 or more incidents have a duty due within 7 days",
                "3 reports wait for a decision, the oldest for 5 hours",
            ]
        );
    }
}
