//! Issuing the Report of Security Incident: the form as it stands, typeset in a process of its own, filed with the case.

use crate::plain_form::{has_adopted_paper, signature};
use crate::{App, Trouble};
use documents::{Acts, Amends, Edition, FormView, Job, Numbering, OfficerPart, PersonnelAction, ReporterPart, Section};
use domain::actor::Actor;
use domain::form::{Filled, Party};
use domain::ids::{AccountId, DocumentId, IncidentId, TenantId};
use domain::incident::{Command, Document, DocumentKind, Incident};
use domain::pack::{BoxId, Evidence, Language, Pack};
use domain::permission::Reading;
use domain::text::Note;
use domain::time::{Instant, Zone};

/// Makes bytes of a document, in a process without network and files.
#[async_trait::async_trait]
pub trait Typesetter: Send + Sync {
    /// The document; the fault's words hold nothing of its content.
    async fn typeset(&self, job: Job) -> Result<Vec<u8>, Trouble>;
}

impl App {
    /// Typesets the form at a version and files it as a document of the incident. Doing it twice files it once.
    pub(crate) async fn issue_form(
        &self,
        tenant: TenantId,
        incident: IncidentId,
        version: u32,
        by: AccountId,
        personnel: bool,
    ) -> Result<(), Trouble> {
        let row = self.store().incident(tenant, incident).await?.ok_or(Trouble::NotFound)?;
        let kind = if personnel { DocumentKind::PersonnelCopy } else { DocumentKind::SecurityIncidentReport };
        let mut whole = self.load_incident(&Reading::by_the_product(incident.into(), tenant)).await?.state;
        let done = |i: &Incident| i.documents.iter().any(|d| d.what.kind == kind && d.what.of_version >= version);
        if done(&whole) {
            return Ok(());
        }
        // Boxes that nobody has written in print what the incident knows.
        whole.form = self.whole_form(&row, &whole).await?;
        let pack = self.pack_of_incident(&whole)?;
        let (job, title) = match pack.forms.first().filter(|form| !has_adopted_paper(form)) {
            Some(form) => {
                let view = self.plain_form_view(&whole, pack, form, personnel, self.now())?;
                (Job::PlainForm { view: Box::new(view) }, form.title.en.as_str())
            }
            None => {
                let view = Box::new(self.form_view(&whole, pack, personnel, self.now())?);
                let edition = edition_named(&pack.edition.name);
                (Job::ReportOfSecurityIncident { edition, view }, "Report of Security Incident")
            }
        };
        let bytes = self.typesetter().typeset(job).await?;
        let name = format!("{} {title}.pdf", row.reference);
        let file = self.keep_file(tenant, incident.into(), &name, &bytes).await?;
        let id: DocumentId = self.draw();
        self.act_as(Actor::Account(by), &row, None, |state, _| {
            if done(state) {
                return Err(Trouble::NotFound);
            }
            Ok(Command::IssueDocument(Document { id, kind, file: file.clone(), of_version: version }))
        })
        .await
        .map(|_| ())
    }

    /// What is printed: finished words for every box. The personnel part stands in the personnel copy alone.
    pub fn form_view(
        &self,
        incident: &Incident,
        pack: &Pack,
        personnel: bool,
        now: Instant,
    ) -> Result<FormView, Trouble> {
        let opening = incident.opening.as_ref().ok_or(Trouble::NotFound)?;
        let form = &incident.form;
        let zone = &pack.zone;
        let directory = self.directory();
        let facility = directory.unit(opening.unit).map(|u| u.profile.name.en.clone()).unwrap_or_default();
        let covered = pack.forms.first().map(|f| form.covered(f, Party::OfficerCompleted));
        let digest = crate::changing::digest_of(&covered)?;
        let text = |id: &str| box_text(form, id);
        let signed = |party: Party| signature(form, party, zone);
        Ok(FormView {
            reference: opening.reference.to_string(),
            form_id: format!("{}-RSI-{}", opening.reference, form.number.max(1)),
            version: form.number.max(1),
            document_hash: digest,
            link: format!("{}/incidents/{}/form", self.settings().public_address, opening.reference),
            issued_at: now,
            issued: say(now, zone),
            numbering: Numbering::AsAdopted,
            amends: form.originals.last().map(|original| Amends {
                version: original.number,
                date: original.signatures.last().map(|(_, at)| say(*at, zone)).unwrap_or_default(),
            }),
            banner: String::new(),
            facility: Some(text("FACILITY")).filter(|name| !name.is_empty()).unwrap_or(facility),
            receipt: signed(Party::OfficerReceived),
            received_date: text("HEAD-RECEIVED"),
            reporter: ReporterPart {
                acts: acts(&text("I")),
                type_of_incident: text("II"),
                date_and_time: text("III"),
                system_and_damage: text("IV"),
                employees_involved: text("V"),
                initial_action: text("VI"),
                remedy: text("VII"),
                remedy_date: text("VIII"),
                reported_to_officer: text("IX"),
                person_reporting: signed(Party::Reporter),
                work_location: text("X-LOCATION"),
            },
            officer: Section::Shown(OfficerPart {
                follow_up: text("XI"),
                reported_to_superintendent: text("XII-1"),
                reported_to_privacy_officer: text("XII-2"),
                signature: signed(Party::OfficerCompleted),
                documentation: attached(incident, pack),
            }),
            personnel: if personnel {
                Section::Shown(vec![PersonnelAction { action: text("XV"), date: text("XVI") }])
            } else {
                Section::Withheld
            },
        })
    }
}

/// The paper of an edition.
pub(crate) fn edition_named(name: &str) -> Edition {
    if name == "2004" { Edition::Dmh2004 } else { Edition::Dmh2016 }
}

/// What box I says the acts or omissions led to.
pub const ACTS: [(&str, &str); 2] = [
    ("handling", "Unauthorized handling of information, tried or done"),
    ("interference", "Interference with a system"),
];

fn acts(text: &str) -> Acts {
    Acts { unauthorized_handling: text.contains(ACTS[0].1), interference: text.contains(ACTS[1].1) }
}

pub(crate) fn box_text(form: &Filled, id: &str) -> String {
    let Ok(id) = BoxId::parse(id) else { return String::new() };
    let text = form.boxes.get(&id).map(ToString::to_string);
    text.or_else(|| form.not_applicable.get(&id).map(|why| format!("Does not apply: {why}"))).unwrap_or_default()
}

/// The papers that go with the form, each with its digest; or the statement that there are none.
pub(crate) fn attached(incident: &Incident, pack: &Pack) -> String {
    let papers = incident.files.iter().map(|file| format!("{} (SHA-256 {})", file.what.name, file.what.digest));
    let papers: Vec<String> = papers.collect();
    if !papers.is_empty() {
        return format!("Attached: {}", papers.join("; "));
    }
    no_papers(incident, pack).map_or_else(|| "No papers are attached.".to_owned(), ToString::to_string)
}

/// The statement that the investigation left no papers of its own.
pub(crate) fn no_papers<'a>(incident: &'a Incident, pack: &Pack) -> Option<&'a Note> {
    let asks = |e: &Evidence| matches!(e, Evidence::Attached { .. });
    let mut rules = pack.obligations.iter().filter(|rule| rule.evidence.iter().any(asks));
    rules.find_map(|rule| incident.duties.get(&rule.id)?.met.as_ref()?.what.words.as_ref())
}

pub(crate) fn say(at: Instant, zone: &Zone) -> String {
    crate::moments::said(Language::English, at, zone)
}
