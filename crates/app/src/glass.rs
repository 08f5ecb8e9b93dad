//! Looking into an incident in an emergency without a role there: asked for with a reason, agreed to by a second person,
//! open for an hour, and told to somebody who is neither of the two.
//!
//! Whoever asks is answered the same whatever the incident is, and whether there is one: asking teaches nothing.

use crate::changing::{ATTEMPTS, Place};
use crate::jobs::Work;
use crate::mail::Letter;
use crate::words::Facet;
use crate::{App, Trouble};
use domain::actor::{Actor, Section};
use domain::ids::{AccountId, EntryId, IncidentId, TenantId};
use domain::incident::{Command, Event, Given, GlassRequest, Incident};
use domain::pack::Language;
use domain::permission::{Action, Allowed, Object, Viewer, decide};
use domain::text::Note;
use domain::time::Instant;
use store::{Change, IncidentQuery, IncidentRow};

/// More requests than these never wait at once.
const MOST: u32 = 50;

/// A request that waits for a second person.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The incident's reference; nothing else of it is shown.
    pub reference: String,
    /// The request.
    pub request: EntryId,
    /// Who asks.
    pub by: AccountId,
    /// When they asked.
    pub at: Instant,
    /// What for.
    pub reason: Note,
}

impl App {
    /// Whether this viewer may ask to look into incidents, or agree that others do.
    pub fn allow_glass(&self, viewer: &Viewer, action: Action) -> Result<Allowed, Trouble> {
        self.allow_in_agency(viewer, action, Section::Officer)
    }

    /// Asks to look into an incident. Says nothing of what came of it.
    pub async fn ask_glass(&self, viewer: &Viewer, reference: &str, reason: &Note) -> Result<(), Trouble> {
        self.allow_glass(viewer, Action::BreakGlass)?;
        let Ok((_, row)) = self.behind_glass(viewer, reference, Action::BreakGlass).await else { return Ok(()) };
        let request = GlassRequest { id: self.draw(), account: viewer.account, reason: reason.clone() };
        let by = Actor::Account(viewer.account);
        match self.on_glass(by, &row, &Command::AskGlass(request), |_| Ok(None)).await {
            // An incident that was withdrawn is none; the answer is the same.
            Err(Trouble::Incident(_)) | Ok(_) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Requests of others that wait and that this viewer may agree to, the oldest first. Two statements of the store.
    pub async fn glass_waiting(&self, viewer: &Viewer) -> Result<Vec<Waiting>, Trouble> {
        let may = self.allow_glass(viewer, Action::AgreeGlass)?;
        let query = IncidentQuery {
            tenant: may.tenant(),
            state: None,
            all: vec![Facet::Waits("glass").token(&self.keyring(), may.tenant())?],
            any: Vec::new(),
            viewer: viewer.account,
            before: None,
            limit: MOST,
        };
        let mut waiting = Vec::new();
        for row in self.store().list_incidents(&query).await? {
            let incident = self.whole_incident(&row).await?.state;
            let theirs = incident.glass.into_iter().filter(|g| g.waits(viewer.now));
            waiting.extend(theirs.filter(|g| g.asked.what.account != viewer.account).map(|glass| Waiting {
                reference: row.reference.clone(),
                request: glass.asked.what.id,
                by: glass.asked.what.account,
                at: glass.asked.at,
                reason: glass.asked.what.reason,
            }));
        }
        waiting.sort_by_key(|w| (w.at, w.request));
        Ok(waiting)
    }

    /// Agrees to a request, or does not. Where it is agreed to, somebody who is neither of the two is told in the same
    /// commit; where nobody is left to be told, it is not opened.
    pub async fn answer_glass(
        &self,
        viewer: &Viewer,
        reference: &str,
        request: EntryId,
        agreed: bool,
    ) -> Result<(), Trouble> {
        let (may, row) = self.behind_glass(viewer, reference, Action::AgreeGlass).await?;
        let out = self.store().exclusions(row.id.into()).await?;
        let tell = |incident: &Incident| {
            let asked = incident.glass.iter().find(|g| g.asked.what.id == request).ok_or(Trouble::NotFound)?;
            let who = asked.asked.what.account;
            if out.contains(&who) {
                // Kept from it since they asked.
                return Err(Trouble::NotFound);
            }
            if !agreed {
                return Ok(None);
            }
            if self.watchers(incident, &row, &[who, may.by()], &out).is_empty() {
                return Err(Trouble::Refused(
                    "Nobody is left who could be told of it, and unwatched it is not opened. Ask the security officer to \
                     let them take part instead."
                        .to_owned(),
                ));
            }
            Ok(Some(Work::TellOfGlass { tenant: row.tenant, incident: row.id, request }))
        };
        self.on_glass(Actor::Account(may.by()), &row, &Command::AnswerGlass(request, agreed), tell).await
    }

    /// An incident as one that somebody has no role for; like nothing for whoever must not learn of it.
    async fn behind_glass(
        &self,
        viewer: &Viewer,
        reference: &str,
        action: Action,
    ) -> Result<(Allowed, IncidentRow), Trouble> {
        let found = self.store().incident_for(viewer.tenant, reference, viewer.account).await?;
        let (row, excluded) = found.ok_or(Trouble::NotFound)?;
        let object = Object::Behind { stream: row.id.into(), tenant: row.tenant, excluded };
        Ok((decide(viewer, action, object, Section::Officer)?, row))
    }

    async fn on_glass(
        &self,
        by: Actor,
        row: &IncidentRow,
        command: &Command,
        follows: impl Fn(&Incident) -> Result<Option<Work>, Trouble> + Send + Sync,
    ) -> Result<(), Trouble> {
        for _ in 0..ATTEMPTS {
            let now = self.now();
            let mut loaded = self.whole_incident(row).await?;
            let job = follows(&loaded.state)?;
            let pack = self.pack_of_incident(&loaded.state)?;
            let laws = self.laws_of_incident(&loaded.state);
            let given = Given { actor: by, now, pack, laws: &laws };
            let events: Vec<Event> = domain::incident::decide(&loaded.state, command.clone(), given)?;
            if events.is_empty() {
                return Ok(());
            }
            let mut change = Change::default();
            let place = Place { tenant: row.tenant, pack, source: row.source };
            self.change_incident(&mut change, &mut loaded, &place, &events, by, now)?;
            if let Some(work) = job {
                change.jobs.push(self.job(&work, now)?);
            }
            match self.store().commit(change).await.map_err(Trouble::from) {
                Err(Trouble::Moved) => {}
                other => return other.map(|_| ()),
            }
        }
        Err(Trouble::Moved)
    }

    /// Who is told that an incident was opened in an emergency: whoever leads it, those who decide who may know of it,
    /// and the auditors; never the two who did it, nor anybody who must not learn of the incident.
    fn watchers(&self, incident: &Incident, row: &IncidentRow, two: &[AccountId], out: &[AccountId]) -> Vec<String> {
        let now = self.now();
        let directory = self.directory();
        let people = directory.people_of(row.tenant).into_iter().filter(|person| person.active);
        let people = people.filter(|person| !two.contains(&person.id) && !out.contains(&person.id));
        let watches = |person: &&crate::directory::Person| {
            let viewer = Viewer { account: person.id, tenant: row.tenant, grants: directory.grants_of(person.id), now };
            let (stream, tenant, unit) = (row.id.into(), row.tenant, row.unit);
            let object = Object::Case { stream, tenant, unit, excluded: false, invited: false };
            incident.lead == Some(person.id)
                || decide(&viewer, Action::Exclude, object.clone(), Section::Officer).is_ok()
                || decide(&viewer, Action::ReadAdministration, object, Section::Officer).is_ok()
                    && decide(&viewer, Action::Administer, Object::Agency { tenant }, Section::Officer).is_err()
        };
        people.filter(watches).map(|person| person.profile.email.clone()).collect()
    }

    /// Tells them, once.
    pub(crate) async fn tell_of_glass(
        &self,
        tenant: TenantId,
        id: IncidentId,
        request: EntryId,
    ) -> Result<(), Trouble> {
        let row = self.store().incident(tenant, id).await?.ok_or(Trouble::NotFound)?;
        let incident = self.whole_incident(&row).await?.state;
        let Some(glass) = incident.glass.iter().find(|g| g.asked.what.id == request) else { return Ok(()) };
        let Some(Actor::Account(second)) = glass.answered.as_ref().map(|answer| answer.by) else { return Ok(()) };
        let out = self.store().exclusions(id.into()).await?;
        let now = self.now();
        let mut change = Change::default();
        for to in self.watchers(&incident, &row, &[glass.asked.what.account, second], &out) {
            let letter = Letter {
                to,
                subject: format!("{} was opened in an emergency", row.reference),
                words: format!(
                    "Somebody without a role in {reference} asked to look into it, and a second person agreed. It is open \
                     to them for one hour.\n\nSee who, why, and what they looked at: {}/incidents/{reference}/access\n\n\
                     Sign in to read it. This message holds nothing about it.\n",
                    self.settings().public_address,
                    reference = row.reference,
                ),
                language: Language::English,
            };
            change.mail.push(self.letter_about(tenant, &letter, id.into(), now)?);
        }
        if change.mail.is_empty() {
            return Ok(());
        }
        self.commit_once(change, &format!("glass/{id}/{request}")).await
    }
}
