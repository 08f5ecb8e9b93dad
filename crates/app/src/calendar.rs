//! A person's deadlines for any calendar program: behind a private link that only they make and end, with references and
//! clauses and no fact of any case.

use crate::administration::record::Event;
use crate::duties::{DutyFilter, DutyLine, Which, Whose};
use crate::sign_in::SignedIn;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::AccountId;
use domain::permission::{Action, Viewer};
use domain::time::Instant;
use journal::{Digest, Lookup};
use store::{Change, DutyRow, RowChange, TokenRow};

/// The one thing that such a link is for, as its row says it. No address of the API takes it.
const FOR: &str = "calendar";
/// How long a link works: a year and a day, so that renewing it yearly never fails.
const DAYS: i64 = 366;
/// Bytes of a link's secret, and the characters they are written with.
const SECRET: usize = 32;
const WRITTEN: usize = 43;
/// Deadlines in a feed; what lies beyond the nearest so many is no news to a calendar.
const MOST: u32 = 300;

/// A link that was made and not ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CalendarLink {
    /// Until when it works.
    pub until: Instant,
}

/// One deadline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deadline {
    /// The same for the same duty, in every feed, and telling nothing.
    pub uid: String,
    /// The incident's printed reference.
    pub reference: String,
    /// The clause, as it is cited.
    pub clause: String,
    /// When it is due.
    pub due: Instant,
    /// When its clock started.
    pub since: Option<Instant>,
}

impl App {
    /// The link of this person, when there is one that works. One statement of the store.
    pub async fn calendar_link(&self, who: &SignedIn) -> Result<Option<CalendarLink>, Trouble> {
        let rows = self.calendar_rows(&who.viewer).await?;
        Ok(rows.into_iter().map(|row| CalendarLink { until: row.ends_at }).max_by_key(|link| link.until))
    }

    /// Makes a link. The answer is the only time it is seen; an earlier one stops working.
    pub async fn make_calendar_link(&self, who: &SignedIn) -> Result<String, Trouble> {
        let viewer = &who.viewer;
        self.allow_in_agency(viewer, Action::Read, domain::actor::Section::Officer)?;
        let secret = data_encoding::BASE64URL_NOPAD.encode(&self.secret::<SECRET>());
        let hash = self.lookup(Lookup::ApiToken, secret.as_bytes())?;
        let earlier = self.calendar_rows(viewer).await?;
        let person = viewer.account;
        self.administer(viewer.tenant, Actor::Account(person), None, |standing| {
            let ends_at = standing.now.plus_seconds(DAYS * 86_400);
            let fresh = TokenRow { secret: hash, account: person, scopes: FOR.to_owned(), ends_at, withdrawn_at: None };
            let made = Event::TokenMade { person, token: name_of(&hash), scopes: FOR.to_owned(), ends_at };
            let (mut rows, mut events) = ended(&earlier, standing.now);
            rows.push(RowChange::Token(fresh));
            events.push(made);
            Ok((Change { rows, ..Change::default() }, events))
        })
        .await?;
        Ok(format!("{}/duties.ics/{secret}", self.settings().public_address))
    }

    /// Ends the link of this person. What calendars hold already stays with them.
    pub async fn end_calendar_link(&self, who: &SignedIn) -> Result<(), Trouble> {
        let viewer = &who.viewer;
        let earlier = self.calendar_rows(viewer).await?;
        self.administer(viewer.tenant, Actor::Account(viewer.account), None, |standing| {
            let (rows, events) = ended(&earlier, standing.now);
            Ok((Change { rows, ..Change::default() }, events))
        })
        .await
    }

    /// The deadlines behind a link: of the incidents that its owner leads, and of those that nobody leads, as far as they
    /// may read them now. Unknown, ended, and of a disabled account are the same: nothing is here.
    pub async fn deadlines(&self, secret: &str) -> Result<Vec<Deadline>, Trouble> {
        // Anything else was never drawn: it need not be hashed, whatever its length.
        if secret.len() != WRITTEN {
            return Err(Trouble::NotFound);
        }
        let now = self.now();
        let hash = self.lookup(Lookup::ApiToken, secret.as_bytes())?;
        let view = self.store().token(&hash, now).await?.ok_or(Trouble::NotFound)?;
        if view.token.scopes != FOR || view.token.withdrawn_at.is_some() || view.token.ends_at <= now {
            return Err(Trouble::NotFound);
        }
        self.refresh_directory(view.directory_version).await?;
        let viewer = Viewer { now, ..self.viewer(&view.account, &view.assignments) };
        let mut all = Vec::new();
        for whose in [Whose::Of(viewer.account), Whose::Nobody] {
            let filter = DutyFilter { which: Which::Open, whose, unit: None };
            all.extend(self.list_duties(&viewer, &filter, None, MOST).await?.0);
        }
        let mut deadlines: Vec<Deadline> = all.iter().filter_map(|line| self.deadline(line)).collect();
        deadlines.sort_by(|a, b| (a.due, &a.uid).cmp(&(b.due, &b.uid)));
        deadlines.truncate(MOST as usize);
        Ok(deadlines)
    }

    fn deadline(&self, line: &DutyLine) -> Option<Deadline> {
        let duty: &DutyRow = &line.duty;
        let digest = Digest::of_parts(&[b"tocsin/calendar", duty.incident.bytes(), duty.rule.as_bytes()]);
        Some(Deadline {
            uid: data_encoding::HEXLOWER.encode(&digest.0[..16]),
            reference: line.reference.clone(),
            clause: line.cite(self),
            due: duty.due?,
            since: duty.since,
        })
    }

    async fn calendar_rows(&self, viewer: &Viewer) -> Result<Vec<TokenRow>, Trouble> {
        let rows = self.store().tokens(viewer.tenant).await?;
        Ok(rows.into_iter().filter(|row| works(row, viewer.account, viewer.now)).collect())
    }
}

fn works(row: &TokenRow, account: AccountId, now: Instant) -> bool {
    row.account == account && row.scopes == FOR && row.withdrawn_at.is_none() && row.ends_at > now
}

/// What ends these links, with the entries that say so.
fn ended(links: &[TokenRow], now: Instant) -> (Vec<RowChange>, Vec<Event>) {
    let row = |link: &TokenRow| RowChange::Token(TokenRow { withdrawn_at: Some(now), ..link.clone() });
    let event = |link: &TokenRow| Event::TokenWithdrawn { person: link.account, token: name_of(&link.secret) };
    (links.iter().map(row).collect(), links.iter().map(event).collect())
}

/// `3f9a-11c2`, as tokens are called in lists.
fn name_of(secret: &[u8; 32]) -> String {
    let hex = data_encoding::HEXLOWER.encode(&secret[..4]);
    format!("{}-{}", &hex[..4], &hex[4..])
}
