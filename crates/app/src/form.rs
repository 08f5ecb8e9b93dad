//! The Report of Security Incident while it is worked on: what the incident already knows fills its boxes, the parts
//! are closed to each other, and a signature covers exactly what stood there.

use crate::changing::digest_of;
use crate::jobs::Work;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::form::{BoxText, Filled, Filling, Party, Signature};
use domain::incident::{Command, Incident};
use domain::pack::{BoxId, BoxKind, Form, FormPart, Moment, Pack, Start};
use domain::permission::{Action, Allowed, Reading, Viewer, reading};
use domain::report::Report;
use domain::text::{Line, Note};
use domain::time::{Instant, When, Zone};
use std::collections::BTreeMap;
use store::{Change, IncidentRow};

/// A box that takes its text from the incident until somebody writes in it or the form is signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Linked {
    /// The text.
    pub text: BoxText,
    /// Where it comes from, in words.
    pub from: &'static str,
}

/// What the incident knows for the boxes of its form. A function of its arguments alone.
pub fn linked(incident: &Incident, report: Option<&Report>, unit: &str, pack: &Pack) -> BTreeMap<BoxId, Linked> {
    let Some(form) = pack.forms.first() else { return BTreeMap::new() };
    let zone = &pack.zone;
    let known = |b: &domain::pack::FormBox| -> Option<(String, &'static str)> {
        let said = report.and_then(|r| r.filed.as_ref()).map(|f| &f.submission);
        match (b.kind, b.id.as_str()) {
            (BoxKind::Unit, _) => Some((unit.to_owned(), "from the organization")),
            (BoxKind::Categories, _) => Some((categories(incident, pack), "from the classification")),
            (BoxKind::DateTime, _) => Some((when(&incident.opening.as_ref()?.occurred, zone), "from the incident")),
            (BoxKind::Date, "HEAD-RECEIVED" | "IX") => {
                Some((moment(incident, Moment::OfficerTold, zone)?, "from the report"))
            }
            (BoxKind::Date, id) if id.starts_with("XII") => {
                Some((told(incident, pack, &b.id)?, "from the duty that was answered for"))
            }
            (BoxKind::Text, "IV") => Some((damage(incident, report, pack), "from the report and the systems affected")),
            (BoxKind::Text, "VI") => Some((first_action(incident, said?, zone), "from the report and the timeline")),
            (BoxKind::People, _) => {
                let shielded = said.is_some_and(|s| s.shielded);
                let name = report?.reporter.as_ref()?.name.as_ref().filter(|_| !shielded)?;
                Some((format!("{name} (person who reported)"), "from the report"))
            }
            (BoxKind::Place, _) => {
                let place = report?.reporter.as_ref().and_then(|r| r.work_place.as_ref().map(ToString::to_string));
                Some((place.or_else(|| said?.place.as_ref().map(ToString::to_string))?, "from the report"))
            }
            (BoxKind::Entries, _) => Some((entries(incident, zone), "from the timeline")),
            _ => None,
        }
    };
    let boxes = form.boxes.iter().filter(|b| b.part != FormPart::Hr);
    boxes
        .filter_map(|b| {
            let (text, from) = known(b)?;
            Some((b.id.clone(), Linked { text: BoxText::parse(&text).ok()?, from }))
        })
        .collect()
}

/// The civil day in words, as forms write it.
pub fn day_words(day: jiff::civil::Date) -> String {
    day.strftime("%a, %b %-d, %Y").to_string()
}

fn moment_words(at: Instant, zone: &Zone) -> String {
    let local = at.in_zone(zone).strftime("%a, %b %-d, %Y, %-I:%M %p %Z").to_string();
    local.replace(" AM ", " a.m. ").replace(" PM ", " p.m. ")
}

fn when(when: &When, zone: &Zone) -> String {
    match when {
        When::Exact { at } => moment_words(*at, zone),
        When::About { at } => format!("about {}", moment_words(*at, zone)),
        When::Day { on } => day_words(*on),
        When::Unknown => "Not known".to_owned(),
    }
}

fn categories(incident: &Incident, pack: &Pack) -> String {
    let chosen = incident.opening.iter().flat_map(|o| o.categories.iter());
    chosen.filter_map(|id| pack.category(id)).map(|c| c.label.en.as_str()).collect::<Vec<_>>().join("; ")
}

fn moment(incident: &Incident, moment: Moment, zone: &Zone) -> Option<String> {
    let day = match domain::incident::facts(incident).moments.get(&moment)?.when {
        Start::Day(day) => day,
        Start::At(at) => at.day_in(zone),
    };
    Some(day_words(day))
}

/// The day on which the duty that this box proves was answered for by other means.
fn told(incident: &Incident, pack: &Pack, id: &BoxId) -> Option<String> {
    use domain::pack::Evidence;
    let fills = |e: &Evidence| matches!(e, Evidence::Filled { in_box, .. } if in_box == id);
    let rules = pack.obligations.iter().filter(|rule| rule.evidence.iter().any(fills));
    let met = rules.filter_map(|rule| incident.duties.get(&rule.id)?.met.as_ref()).next()?;
    use domain::incident::Proof;
    match met.what.by {
        Proof::NotApplicable | Proof::Waived => None,
        Proof::Delivered | Proof::Recorded | Proof::Called | Proof::Signed | Proof::Decided => {
            Some(day_words(met.what.at.day_in(&pack.zone)))
        }
    }
}

fn damage(incident: &Incident, report: Option<&Report>, pack: &Pack) -> String {
    let class = |id: &domain::pack::SystemId| {
        pack.systems.iter().find(|s| s.id == *id).map_or_else(|| id.to_string(), |s| s.label.en.clone())
    };
    let mut parts: Vec<String> = incident.systems.iter().map(|s| s.description.to_string()).collect();
    if let Some(said) = report.and_then(|r| r.filed.as_ref()).map(|f| &f.submission) {
        let systems = said
            .systems
            .iter()
            .map(|s| s.description.as_ref().map_or_else(|| class(&s.class), |d| format!("{}: {d}", class(&s.class))));
        parts.extend(systems);
        for item in &said.lost {
            let label = pack.loss.as_ref().and_then(|l| l.items.iter().find(|i| i.id == item.item));
            let label = label.map_or_else(|| item.item.to_string(), |i| i.label.en.clone());
            parts.push(item.tag.as_ref().map_or_else(|| label.clone(), |tag| format!("{label}, tag {tag}")));
        }
        parts.extend(said.words.as_ref().map(|w| w.gist(400)));
        parts.extend(said.affected.as_ref().map(|a| a.gist(200)));
    }
    parts.join(". ")
}

fn first_action(incident: &Incident, said: &domain::report::Submission, zone: &Zone) -> String {
    use domain::incident::EntryKind;
    let by = [("", &said.done), ("Technical staff: ", &said.done_by_staff), ("Others: ", &said.done_by_others)];
    let reported = by.into_iter().filter_map(|(who, what)| Some(format!("{who}{}", what.as_ref()?)));
    let actions = incident
        .timeline
        .iter()
        .filter(|e| e.what.kind == EntryKind::Action && !incident.corrected(e.what.id))
        .map(|e| format!("{}: {}", when(&e.what.happened, zone), e.what.words));
    reported.chain(actions).collect::<Vec<_>>().join("\n")
}

fn entries(incident: &Incident, zone: &Zone) -> String {
    use domain::incident::EntryKind;
    let told = |kind: EntryKind| matches!(kind, EntryKind::Finding | EntryKind::Contact | EntryKind::Note);
    let lines = incident
        .timeline
        .iter()
        .filter(|e| told(e.what.kind) && !incident.corrected(e.what.id))
        .map(|e| format!("{}: {}", when(&e.what.happened, zone), e.what.words));
    lines.collect::<Vec<_>>().join("\n")
}

/// The form with what the incident knows in every box that is still empty and still open.
pub fn with_linked(filled: &Filled, links: &BTreeMap<BoxId, Linked>, form: &Form) -> Filled {
    let mut whole = filled.clone();
    for (id, link) in links {
        let open = form.form_box(id).is_some_and(|b| filled.open(b.part));
        let empty = !filled.boxes.contains_key(id) && !filled.not_applicable.contains_key(id);
        if open && empty {
            whole.boxes.insert(id.clone(), link.text.clone());
        }
    }
    whole
}

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
        let missing = whole.missing(paper, party);
        if !missing.is_empty() {
            return Err(Trouble::Incident(domain::incident::Refusal::BoxesEmpty(missing)));
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
                self.act(may, row, None, |_, _| Ok(Command::FillForm(filling.clone()))).await?;
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
        let whole = self.whole_form(row, &incident).await?;
        let shown = ["V", "VI", "VII"];
        let seen = form.boxes.iter().filter(|b| shown.contains(&b.id.as_str())).map(|b| {
            let text = whole.boxes.get(&b.id).map(ToString::to_string).unwrap_or_default();
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
        self.act(may, row, None, |_, pack| {
            let form = pack.forms.first().ok_or(Trouble::NotFound)?;
            let signs = form.boxes.iter().find(|b| form.signs(&b.id) == Some(Party::Reporter));
            let not_applicable = signs.map(|b| (b.id.clone(), why.clone())).into_iter().collect();
            Ok(Command::FillForm(Filling { part: FormPart::Reporter, boxes: BTreeMap::new(), not_applicable }))
        })
        .await
        .map(|_| ())
    }
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
