//! The Report of Security Incident while it is worked on: what the incident already knows fills its boxes, the parts
//! are closed to each other, and a signature covers exactly what stood there.

mod linked;

pub use linked::{Linked, day_words, linked, when_words, with_linked};

use crate::changing::digest_of;
use crate::jobs::Work;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::form::{BoxText, Filled, Filling, Party, Signature};
use domain::incident::{Command, DutyMet, Incident, Proof};
use domain::pack::{BoxId, BoxKind, Evidence, FormPart, ObligationRule, Pack, Step};
use domain::permission::{Action, Allowed, Reading, Viewer, reading};
use domain::report::Report;
use domain::text::{Line, Note};
use domain::time::Instant;
use std::collections::BTreeMap;
use store::{Change, IncidentRow};

/// What a person gives with a signature.
#[derive(Clone, Debug)]
pub struct Signing {
    /// As whom.
    pub party: Party,
    /// The typed name.
    pub name: Line<200>,
    /// How they proved who they are: `password`, or `paper` for a signature on paper that the officer records.
    pub proof: Line<60>,
}

/// Everything that one press of a button signs and states, in this order, or not at all.
#[derive(Clone, Debug, Default)]
pub struct Signings {
    /// Why the person who reported does not sign.
    pub excused: Option<Note>,
    /// That the investigation left no papers of its own.
    pub no_papers: Option<Note>,
    /// The signatures.
    pub steps: Vec<Signing>,
}

impl App {
    /// The boxes that the incident knows, as far as this viewer may read the report behind it.
    pub async fn linked_boxes(
        &self,
        viewer: &Viewer,
        row: &IncidentRow,
        incident: &Incident,
    ) -> Result<BTreeMap<BoxId, Linked>, Trouble> {
        let report = match incident.reports.first() {
            // Whoever is excluded from a report is excluded from what came of it, and was turned away before this.
            Some(id) => match reading(viewer, (*id).into(), row.tenant, row.unit, false) {
                Ok(reading) => Some(self.load_report(&reading).await?.state),
                Err(_) => None,
            },
            None => None,
        };
        self.link(incident, report.as_ref())
    }

    fn link(&self, incident: &Incident, report: Option<&Report>) -> Result<BTreeMap<BoxId, Linked>, Trouble> {
        let pack = self.pack_of_incident(incident)?;
        let unit = incident.opening.as_ref().map(|o| o.unit).ok_or(Trouble::NotFound)?;
        let unit = self.directory().unit(unit).map(|u| u.profile.name.en.clone()).unwrap_or_default();
        Ok(linked(incident, report, &unit, pack))
    }

    /// The form as it would be signed now: for documents and signatures, never shown to a person as it is.
    pub(crate) async fn whole_form(&self, row: &IncidentRow, incident: &Incident) -> Result<Filled, Trouble> {
        let report = match incident.reports.first() {
            Some(id) => Some(self.load_report(&Reading::by_the_product((*id).into(), row.tenant)).await?.state),
            None => None,
        };
        let links = self.link(incident, report.as_ref())?;
        let pack = self.pack_of_incident(incident)?;
        let form = pack.forms.first().ok_or(Trouble::NotFound)?;
        Ok(with_linked(&incident.form, &links, form))
    }

    /// Writes what the incident knows into the boxes that are still linked, so that a signature covers it and nothing
    /// moves under it afterwards. Boxes that the party still misses are told before anything is written.
    pub(crate) async fn settle_links(&self, may: &Allowed, row: &IncidentRow, party: Party) -> Result<(), Trouble> {
        let incident = self.whole_incident(row).await?.state;
        let whole = self.whole_form(row, &incident).await?;
        let paper = self.pack_of_incident(&incident)?.forms.first().ok_or(Trouble::NotFound)?;
        let missing = whole.missing(paper, party, |fact| incident.says_yes(fact));
        if !missing.is_empty() {
            return Err(Trouble::Incident(domain::incident::Refusal::BoxesEmpty(missing)));
        }
        // Receipt is signed before the work begins: what is linked goes on following the incident.
        if party == Party::OfficerReceived {
            return Ok(());
        }
        // The reporter reads their own part alone; the officer's goes on following the incident.
        let officers = (party != Party::Reporter).then_some(FormPart::Officer);
        for part in std::iter::once(FormPart::Reporter).chain(officers) {
            let form = self.pack_of_incident(&incident)?.forms.first().ok_or(Trouble::NotFound)?;
            let fresh = whole.boxes.iter().filter(|(id, text)| incident.form.boxes.get(*id) != Some(*text));
            let of_part = fresh.filter(|(id, _)| form.form_box(id).is_some_and(|b| b.part == part));
            let boxes: BTreeMap<_, _> = of_part.map(|(id, text)| (id.clone(), Some(text.clone()))).collect();
            if !boxes.is_empty() {
                let filling = Filling { part, boxes, not_applicable: BTreeMap::new() };
                self.act(may, row, None, |_, _| Ok(Command::SettleForm(filling.clone()))).await?;
            }
        }
        Ok(())
    }

    /// Writes into a part of the form. The officer's part takes the right to sign it: it is theirs alone.
    pub async fn fill_form(
        &self,
        may: &Allowed,
        row: &IncidentRow,
        seen: Option<u32>,
        filling: &Filling,
    ) -> Result<(), Trouble> {
        let right = match filling.part {
            FormPart::Reporter => {
                may.section() == Section::Officer && matches!(may.action(), Action::Work | Action::Sign)
            }
            FormPart::Officer => may.section() == Section::Officer && may.action() == Action::Sign,
            FormPart::Hr => false,
        };
        if !right {
            return Err(Trouble::NotFound);
        }
        self.act(may, row, seen, |_, _| Ok(Command::FillForm(filling.clone()))).await.map(|_| ())
    }

    /// States that the investigation left no papers to attach: answers for every open duty that holds completion up
    /// until a file is there.
    pub async fn state_no_papers(&self, may: &Allowed, row: &IncidentRow, words: &Note) -> Result<(), Trouble> {
        let incident = self.whole_incident(row).await?.state;
        let pack = self.pack_of_incident(&incident)?;
        for met in no_papers(&incident, pack, words, self.now()) {
            self.act(may, row, None, |_, _| Ok(met.clone())).await?;
        }
        Ok(())
    }

    /// Signs and states everything, or refuses before anything is written.
    pub async fn sign_all(&self, may: &Allowed, row: &IncidentRow, all: &Signings) -> Result<(), Trouble> {
        self.rehearse_signing(row, all).await?;
        if let Some(why) = &all.excused {
            self.excuse_reporter(may, row, why).await?;
        }
        if let Some(words) = &all.no_papers {
            self.state_no_papers(may, row, words).await?;
        }
        for step in &all.steps {
            self.sign_form(may, row, step).await?;
        }
        Ok(())
    }

    /// Whether all of this can be written, one after the other; nothing is.
    pub async fn rehearse_filling(&self, row: &IncidentRow, fillings: &[Filling]) -> Result<(), Trouble> {
        let copy = self.whole_incident(row).await?.state;
        self.rehearse(copy, fillings.iter().cloned().map(Command::FillForm).collect())
    }

    /// Goes through what is to be signed, with what the incident knows written into its boxes.
    async fn rehearse_signing(&self, row: &IncidentRow, all: &Signings) -> Result<(), Trouble> {
        let mut copy = self.whole_incident(row).await?.state;
        let form = self.whole_form(row, &copy).await?;
        copy.form = form;
        let pack = self.pack_of_incident(&copy)?;
        let now = self.now();
        let mut commands: Vec<Command> = Vec::new();
        if let Some(why) = &all.excused {
            commands.push(excuse(pack, why)?);
        }
        if let Some(words) = &all.no_papers {
            commands.extend(no_papers(&copy, pack, words, now));
        }
        for step in &all.steps {
            commands.push(Command::SignForm(Signature {
                party: step.party,
                name: step.name.clone(),
                capacity: capacity(step.party, pack),
                form: copy.form.number.max(1),
                digest: Line::dash(),
                proof: step.proof.clone(),
            }));
        }
        self.rehearse(copy, commands)
    }

    fn rehearse(&self, mut copy: Incident, commands: Vec<Command>) -> Result<(), Trouble> {
        let pack = self.pack_of_incident(&copy)?;
        let laws = self.laws_of_incident(&copy);
        let now = self.now();
        let given = domain::incident::Given { actor: domain::actor::Actor::System, now, pack, laws: &laws };
        for command in commands {
            for event in domain::incident::decide(&copy, command, given)? {
                copy.apply(&event, given.actor, now);
            }
        }
        Ok(())
    }

    /// Signs a part of the form. The signature covers the digest of what stands in the boxes that the party reads.
    /// When the officer completes the form, its document is made by itself.
    pub async fn sign_form(&self, may: &Allowed, row: &IncidentRow, signing: &Signing) -> Result<(), Trouble> {
        let section = if signing.party == Party::HumanResources { Section::Personnel } else { Section::Officer };
        if may.action() != Action::Sign || may.section() != section {
            return Err(Trouble::NotFound);
        }
        if signing.party != Party::HumanResources {
            self.settle_links(may, row, signing.party).await?;
        }
        let signed = self
            .act(may, row, None, |incident, pack| {
                let form = pack.forms.first().ok_or(Trouble::NotFound)?;
                let covered = incident.form.covered(form, signing.party);
                let digest = Line::parse(&digest_of(&covered)?).map_err(|e| Trouble::fault("writing a digest", e))?;
                Ok(Command::SignForm(Signature {
                    party: signing.party,
                    name: signing.name.clone(),
                    capacity: capacity(signing.party, pack),
                    form: incident.form.number.max(1),
                    digest,
                    proof: signing.proof.clone(),
                }))
            })
            .await?;
        match signing.party {
            Party::OfficerCompleted => self.ask_for_form(may, row, signed.version, false).await,
            Party::HumanResources => self.ask_for_form(may, row, signed.version, true).await,
            Party::Reporter | Party::OfficerReceived => Ok(()),
        }
    }

    /// Asks for the form's document to be made, as it stands at a version.
    pub async fn ask_for_form(
        &self,
        may: &Allowed,
        row: &IncidentRow,
        version: u32,
        personnel: bool,
    ) -> Result<(), Trouble> {
        if may.stream() != Some(row.id.into()) {
            return Err(Trouble::NotFound);
        }
        let work = Work::IssueForm { tenant: row.tenant, incident: row.id, version, by: may.by(), personnel };
        let jobs = vec![self.job(&work, self.now())?];
        self.store().commit(Change { jobs, ..Change::default() }).await?;
        Ok(())
    }

    /// What human resources may see of an incident: where, the boxes V to VII, and its own part. Nothing else leaves.
    pub async fn personnel_slice(&self, may: &Allowed, row: &IncidentRow) -> Result<PersonnelSlice, Trouble> {
        if may.section() != Section::Personnel || may.stream() != Some(row.id.into()) {
            return Err(Trouble::NotFound);
        }
        let incident = self.whole_incident(row).await?.state;
        let pack = self.pack_of_incident(&incident)?;
        let form = pack.forms.first().ok_or(Trouble::NotFound)?;
        if !incident.open_to_personnel(pack) {
            return Err(Trouble::NotFound);
        }
        let whole = self.whole_form(row, &incident).await?;
        let shown = ["V", "VI", "VII"];
        let seen = form.boxes.iter().filter(|b| shown.contains(&b.id.as_str())).map(|b| {
            // A name that only the report knows is the reporter's: it stands here once the officer has signed for it.
            let own = b.kind != BoxKind::People || incident.form.boxes.contains_key(&b.id);
            let text = whole.boxes.get(&b.id).filter(|_| own).map(ToString::to_string).unwrap_or_default();
            (b.numeral.clone(), b.label.en.clone(), text)
        });
        let documents =
            incident.documents.iter().filter(|d| d.what.kind == domain::incident::DocumentKind::PersonnelCopy);
        Ok(PersonnelSlice {
            unit: row.unit,
            pack: pack.id.clone(),
            seen: seen.collect(),
            boxes: form.part(FormPart::Hr).cloned().collect(),
            filled: incident
                .form
                .boxes
                .iter()
                .filter(|(id, _)| form.form_box(id).is_some_and(|b| b.part == FormPart::Hr))
                .map(|(id, t)| (id.clone(), t.clone()))
                .collect(),
            signed: incident.form.signed_by(Party::HumanResources).cloned(),
            completed: incident.form.signed_by(Party::OfficerCompleted).map(|(_, at)| *at),
            documents: documents.cloned().collect(),
            sheets: pack.sheets.iter().any(|sheet| sheet.section == Section::Personnel),
            version: incident.version,
        })
    }

    /// Writes into the personnel part.
    pub async fn fill_personnel(
        &self,
        may: &Allowed,
        row: &IncidentRow,
        boxes: BTreeMap<BoxId, Option<BoxText>>,
    ) -> Result<(), Trouble> {
        if may.section() != Section::Personnel {
            return Err(Trouble::NotFound);
        }
        let filling = Filling { part: FormPart::Hr, boxes, not_applicable: BTreeMap::new() };
        self.act(may, row, None, |_, _| Ok(Command::FillForm(filling.clone()))).await.map(|_| ())
    }

    /// Says why the person who reported does not sign: the reason stands in place of the signature.
    pub async fn excuse_reporter(&self, may: &Allowed, row: &IncidentRow, why: &Note) -> Result<(), Trouble> {
        self.act(may, row, None, |_, pack| excuse(pack, why)).await.map(|_| ())
    }
}

/// The reason in place of the reporter's signature.
fn excuse(pack: &Pack, why: &Note) -> Result<Command, Trouble> {
    let form = pack.forms.first().ok_or(Trouble::NotFound)?;
    let signs = form.boxes.iter().find(|b| form.signs(&b.id) == Some(Party::Reporter));
    let not_applicable = signs.map(|b| (b.id.clone(), why.clone())).into_iter().collect();
    Ok(Command::FillForm(Filling { part: FormPart::Reporter, boxes: BTreeMap::new(), not_applicable }))
}

/// Answers for every open duty that holds completion up until papers are attached.
fn no_papers(incident: &Incident, pack: &Pack, words: &Note, at: Instant) -> Vec<Command> {
    let asks = |e: &Evidence| matches!(e, Evidence::Attached { or_reason: true, .. });
    let open = |rule: &&ObligationRule| {
        rule.blocks.contains(&Step::Completion)
            && rule.evidence.iter().any(asks)
            && incident.duties.get(&rule.id).is_some_and(|duty| duty.met.is_none())
    };
    let met = |rule: &ObligationRule| {
        let words = Some(words.clone());
        Command::MeetDuty(DutyMet { rule: rule.id.clone(), by: Proof::NotApplicable, at, words })
    };
    pack.obligations.iter().filter(open).map(met).collect()
}

/// What human resources may see of an incident.
#[derive(Clone, Debug)]
pub struct PersonnelSlice {
    /// The unit.
    pub unit: domain::ids::UnitId,
    /// The policy edition.
    pub pack: domain::pack::PackId,
    /// Boxes V to VII: numeral, caption, text.
    pub seen: Vec<(String, String, String)>,
    /// Its own boxes.
    pub boxes: Vec<domain::pack::FormBox>,
    /// What stands in them.
    pub filled: BTreeMap<BoxId, BoxText>,
    /// Its signature.
    pub signed: Option<(Signature, Instant)>,
    /// When the officer completed the form.
    pub completed: Option<Instant>,
    /// Copies made for it.
    pub documents: Vec<domain::incident::Recorded<domain::incident::Document>>,
    /// Whether the policy has sheets that human resources alone read.
    pub sheets: bool,
    /// The version of the incident.
    pub version: u32,
}

pub(crate) fn capacity(party: Party, pack: &Pack) -> Line<120> {
    let officer = pack.forms.first().and_then(|f| pack.role(&f.send_to)).map(|r| r.title.en.as_str());
    let words = match party {
        Party::Reporter => "Person reporting",
        Party::OfficerReceived | Party::OfficerCompleted => officer.unwrap_or("Local Security Officer"),
        Party::HumanResources => "Human Resources",
    };
    let short: String = words.chars().take(120).collect();
    Line::parse(&short).unwrap_or_else(|_| Line::dash())
}
