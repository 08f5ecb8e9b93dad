//! The Report of Security Incident on the screen: boxes in the order of the paper, filled by what is known, signed.

use std::collections::BTreeMap;

use app::form::{Linked, Signing, with_linked};
use app::issue_form::ACTS;
use app::sign_in::Password;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::actor::Section;
use domain::form::{BoxText, Filled, Filling, Party};
use domain::incident::{Command, Incident, Standing};
use domain::pack::{BoxId, BoxKind, Form, FormBox, FormPart};
use domain::permission::Action;
use domain::text::Line;
use serde::Deserialize;

use super::{Case, personnel};
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

/// `/incidents/{reference}/form`
#[derive(Debug, Template)]
#[template(path = "staff/form.html")]
pub struct FormPage {
    /// The desk.
    pub desk: Desk,
    /// The incident's reference.
    pub reference: String,
    /// Its page.
    pub address: String,
    /// The form's title.
    pub title: String,
    /// Who issued it, and which edition.
    pub issuer: String,
    /// “Form 2, amends form 1: …”, or empty.
    pub number: String,
    /// Head, reporter's and officer's boxes in the order of the paper.
    pub parts: Vec<Part>,
    /// Who has signed.
    pub signatures: Vec<String>,
    /// The personnel part as others may know it.
    pub personnel: String,
    /// Whether boxes can be written in.
    pub writes: bool,
    /// Whether it can be signed by this person now.
    pub signs: bool,
    /// Whether it can be amended by this person now.
    pub amends: bool,
    /// Boxes that still stand in the way of signing.
    pub missing: Vec<String>,
    /// Version of the incident.
    pub version: u32,
    /// Whether the reporter's own signature, or the reason for its absence, is on record.
    pub reporter_done: bool,
    /// Whether the person who reported can be asked for their signature now.
    pub asks: bool,
    /// “Asked by mail on …; the link signs until …”, or empty.
    pub asked: String,
    /// What was typed in a refused form.
    pub typed: Typed,
    /// The form that was refused.
    pub opened: String,
    /// The name to sign with.
    pub signer: String,
}

desks!(FormPage);

/// One hand's part of the form.
#[derive(Debug, Clone)]
pub struct Part {
    /// “To be filled by the person who reports”
    pub title: &'static str,
    /// Its boxes.
    pub boxes: Vec<BoxView>,
}

/// One box.
#[derive(Debug, Clone, Default)]
pub struct BoxView {
    /// Its id and field name.
    pub id: String,
    /// `XII`
    pub numeral: String,
    /// The caption as adopted.
    pub label: String,
    /// Help beside it.
    pub help: String,
    /// What stands in it.
    pub text: String,
    /// Where that comes from while it is linked, or empty.
    pub link: &'static str,
    /// Characters that fit, 0 for none.
    pub limit: usize,
    /// “fits the box, 214 of 600”
    pub fits: String,
    /// Lines to give it.
    pub rows: u8,
    /// `text`, `line`, `ticks`, `signature`, `withheld`
    pub kind: &'static str,
    /// Ticks.
    pub ticks: Vec<Choice>,
    /// Whether it must be filled before signing and is not.
    pub needed: bool,
    /// Why it does not apply.
    pub not_applicable: String,
    /// Whether a reason can stand in its place.
    pub or_reason: bool,
    /// Whether it can be written in.
    pub open: bool,
}

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: String,
}

/// The officer's page, or for human resources the personnel part; nothing for anybody else.
pub async fn page(
    State(app): State<App>,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Answer {
    let case = match Case::find(&app, &staff, &reference).await {
        Ok(case) => case,
        Err(Trouble::NotFound) => return personnel::page(&app, &staff, &reference, &asked.done).await,
        Err(other) => return Err(other.into()),
    };
    app.note_look(&case.may).await?;
    let mut page = view(&app, &staff, &case, Typed::default(), "").await?;
    page.desk.flash = match asked.done.as_str() {
        "saved" => Flash::says("Saved."),
        "signed" => Flash::says("Signed. The document is being made and will stand with the incident."),
        "asked" => Flash::says("The person who reported is asked by mail. Their part stands as it is now."),
        "ask-ended" => Flash::says("The request is ended. Its link signs nothing any more."),
        "received" => Flash::says("Receipt is signed."),
        "amended" => Flash::says("An amended form is open. The signed one stays beside it."),
        "pdf" => Flash::says("The PDF is being made. It will stand under Documents in a moment."),
        _ => None,
    };
    Ok(shown(&page))
}

/// The page again, with what was wrong and what was typed in the form `opened`.
pub(super) async fn again(
    app: &App,
    staff: &Staff,
    reference: &str,
    opened: &str,
    typed: Typed,
    problems: Vec<Problem>,
) -> Answer {
    let case = Case::find(app, staff, reference).await?;
    let mut page = view(app, staff, &case, typed, opened).await?;
    page.desk.frame.problems = problems;
    Ok(shown(&page))
}

async fn view(app: &App, staff: &Staff, case: &Case, typed: Typed, opened: &str) -> Result<FormPage, Trouble> {
    let incident = &case.incident;
    let pack = app.pack_of_incident(incident)?;
    let form = pack.forms.first().ok_or(Trouble::NotFound)?;
    let links = app.linked_boxes(&staff.who.viewer, &case.row, incident).await?;
    let whole = with_linked(&incident.form, &links, form);
    let works = case.works(staff) && incident.standing == Standing::Open;
    let knows = case.allow(staff, Action::Read, Section::Reporter).is_ok();
    let see = See { form, filled: &incident.form, whole: &whole, links: &links, works, knows, typed: &typed };
    let head: Vec<_> = form.boxes.iter().filter(|b| b.numeral.is_empty()).collect();
    let of = |part| form.boxes.iter().filter(move |b| b.part == part && !b.numeral.is_empty());
    let parts = vec![
        Part { title: "Head of the form", boxes: head.into_iter().map(|b| see.one(b)).collect() },
        Part { title: "The person who reports", boxes: of(FormPart::Reporter).map(|b| see.one(b)).collect() },
        Part { title: "The security officer", boxes: of(FormPart::Officer).map(|b| see.one(b)).collect() },
    ];
    let (now, zone) = (staff.now(), staff.zone(app));
    let signatures = Party::ALL.iter().filter(|p| **p != Party::HumanResources).filter_map(|p| {
        let (signature, at) = incident.form.signed_by(*p)?;
        let at = times::stamp(*at, now, &zone).words;
        let digest: String = signature.digest.as_str().chars().take(16).collect();
        Some(format!("{}: {}, {at} (covers {digest}…)", signature.capacity, signature.name))
    });
    let completed = incident.form.signed_by(Party::OfficerCompleted).is_some();
    let missing = whole.missing(form, Party::OfficerCompleted);
    let signature_box = |id: &BoxId| form.signs(id).is_some();
    let name = |id: &BoxId| {
        form.form_box(id).map_or_else(|| id.to_string(), |b| format!("{} {}", b.numeral, b.label.en).trim().to_owned())
    };
    let may_sign = case.allow(staff, Action::Sign, Section::Officer).is_ok() && incident.standing == Standing::Open;
    let reporter_box = form.boxes.iter().find(|b| form.signs(&b.id) == Some(Party::Reporter));
    let excused = reporter_box.is_some_and(|b| incident.form.not_applicable.contains_key(&b.id));
    let address = format!("/incidents/{}", case.row.reference);
    Ok(FormPage {
        desk: staff.desk(app, format!("{} {}", form.title.en, case.row.reference)).under(&address, &case.row.reference),
        reference: case.row.reference.clone(),
        title: form.title.en.clone(),
        issuer: format!("{}, {}", form.issuer, form.edition),
        number: incident.form.amends.as_ref().map_or_else(String::new, |why| {
            format!("Form {}, amends form {}: {why}", incident.form.number, incident.form.number - 1)
        }),
        parts,
        signatures: signatures.collect(),
        personnel: personnel_marker(app, staff, incident),
        writes: works && !completed,
        signs: may_sign && !completed,
        asks: may_sign && reporter_box.is_some() && !excused && incident.form.signed_by(Party::Reporter).is_none(),
        asked: super::ask::told(app, staff, incident),
        amends: may_sign && completed,
        missing: missing.iter().filter(|id| !signature_box(id)).map(name).collect(),
        version: incident.version,
        reporter_done: reporter_box.is_none() || excused || incident.form.signed_by(Party::Reporter).is_some(),
        signer: staff.who.name.clone(),
        opened: opened.to_owned(),
        address,
        typed,
    })
}

/// Where the personnel part stands, for those who may know that and nothing more.
pub(super) fn personnel_marker(app: &App, staff: &Staff, incident: &Incident) -> String {
    match (incident.personnel_done, incident.form.signed_by(Party::OfficerCompleted)) {
        (Some(at), _) => {
            let at = times::short(at, staff.now(), &staff.zone(app)).words;
            format!("With human resources: done, {at}. Only they can read their part.")
        }
        (None, Some(_)) => "With human resources: not done yet. Only they can read their part.".to_owned(),
        (None, None) => {
            "Goes to human resources once you have signed for completion. Only they can read it.".to_owned()
        }
    }
}

struct See<'a> {
    form: &'a Form,
    filled: &'a Filled,
    whole: &'a Filled,
    links: &'a BTreeMap<BoxId, Linked>,
    works: bool,
    knows: bool,
    typed: &'a Typed,
}

impl See<'_> {
    fn one(&self, b: &FormBox) -> BoxView {
        let id = b.id.to_string();
        let withheld = b.kind == BoxKind::People && !self.knows;
        let text = self.whole.boxes.get(&b.id).map(ToString::to_string).unwrap_or_default();
        let text = self.typed.raw(&id).map_or(text, str::to_owned);
        let length = text.chars().count();
        let limit = b.limit.map_or(0, |l| l as usize);
        let kind = match b.kind {
            _ if withheld => "withheld",
            BoxKind::Signature => "signature",
            BoxKind::Instruction => "ticks",
            BoxKind::Text | BoxKind::Entries | BoxKind::People => "text",
            BoxKind::Unit | BoxKind::Categories | BoxKind::Date | BoxKind::DateTime | BoxKind::Place => "line",
        };
        let held = self.whole.boxes.contains_key(&b.id) || self.whole.not_applicable.contains_key(&b.id);
        BoxView {
            numeral: b.numeral.clone(),
            label: b.label.en.clone(),
            help: b.help.clone().unwrap_or_default(),
            link: if self.filled.boxes.contains_key(&b.id) { "" } else { self.links.get(&b.id).map_or("", |l| l.from) },
            limit,
            fits: match limit {
                0 => String::new(),
                limit if length <= limit => format!("fits the box, {length} of {limit}"),
                limit => format!("{} over {limit}: the rest prints on a continuation sheet", length - limit),
            },
            rows: if limit > 800 { 8 } else { 4 },
            ticks: ticks(b.kind, &text, self.typed, &id),
            needed: (b.required_to_sign || b.required_to_complete) && kind != "signature" && !held,
            not_applicable: self.filled.not_applicable.get(&b.id).map(ToString::to_string).unwrap_or_default(),
            or_reason: b.or_reason,
            open: self.works && self.filled.open(b.part),
            text: if kind == "signature" { self.signature(&b.id) } else { text },
            kind,
            id,
        }
    }

    fn signature(&self, id: &BoxId) -> String {
        let signed = self.form.signs(id).and_then(|party| self.filled.signed_by(party));
        match (signed, self.filled.not_applicable.get(id)) {
            (Some((signature, _)), _) => signature.name.to_string(),
            (None, Some(why)) => format!("Not signed: {why}"),
            (None, None) => "Not signed yet".to_owned(),
        }
    }
}

fn ticks(kind: BoxKind, text: &str, typed: &Typed, id: &str) -> Vec<Choice> {
    if kind != BoxKind::Instruction {
        return Vec::new();
    }
    ACTS.iter()
        .map(|(value, label)| Choice::new(value, *label).chosen_if(text.contains(label) || typed.has(id, value)))
        .collect()
}

/// Keeps what was typed. Sends every open box by its id, `na.{id}` for a reason in its place, and `seen`.
pub async fn save(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let case = Case::find(&app, &staff, &reference).await?;
    let may = case.allow(&staff, Action::Work, Section::Officer)?;
    let pack = app.pack_of_incident(&case.incident)?;
    let form = pack.forms.first().ok_or(Trouble::NotFound)?.clone();
    let links = app.linked_boxes(&staff.who.viewer, &case.row, &case.incident).await?;
    let mut problems = Vec::new();
    let mut fillings = Vec::new();
    for part in [FormPart::Reporter, FormPart::Officer] {
        let filling = filling(part, &form, &case.incident.form, &links, &typed, &mut problems);
        if !filling.boxes.is_empty() || !filling.not_applicable.is_empty() {
            fillings.push(filling);
        }
    }
    if !problems.is_empty() {
        return again(&app, &staff, &reference, "form", typed, problems).await;
    }
    // Only the first change is held against the version in front of the person: the second follows on it.
    let mut seen = typed.get("seen").parse().ok();
    for filling in fillings {
        let done = app.act(&may, &case.row, seen.take(), |_, _| Ok(Command::FillForm(filling.clone()))).await;
        if let Err(trouble) = done {
            let words = refusal(trouble)?;
            return again(&app, &staff, &reference, "form", typed, vec![problem("form-title", &words)]).await;
        }
    }
    let next = if typed.get("then") == "sign" { "?done=saved#sign" } else { "?done=saved" };
    Ok(go(&format!("/incidents/{}/form{next}", case.row.reference)))
}

fn filling(
    part: FormPart,
    form: &Form,
    filled: &Filled,
    links: &BTreeMap<BoxId, Linked>,
    typed: &Typed,
    problems: &mut Vec<Problem>,
) -> Filling {
    let mut boxes = BTreeMap::new();
    let mut not_applicable = BTreeMap::new();
    for b in form.part(part).filter(|b| b.kind != BoxKind::Signature) {
        let id = b.id.to_string();
        match typed.prose(&format!("na.{id}")) {
            Ok(Some(why)) if filled.not_applicable.get(&b.id) != Some(&why) => {
                not_applicable.insert(b.id.clone(), why);
            }
            Ok(_) => {}
            Err(wrong) => problems.push(wrong),
        }
        let text = if b.kind == BoxKind::Instruction {
            if typed.raw("ticks").is_none() {
                continue;
            }
            let ticked = ACTS.iter().filter(|(value, _)| typed.has(&id, value)).map(|(_, label)| *label);
            ticked.collect::<Vec<_>>().join("; ")
        } else {
            match typed.raw(&id) {
                Some(text) => text.trim().replace("\r\n", "\n"),
                None => continue,
            }
        };
        let stored = filled.boxes.get(&b.id);
        let linked = links.get(&b.id).map(|l| l.text.as_str());
        let unchanged = match stored {
            Some(stored) => stored.as_str() == text,
            // What still says the same as the incident stays linked to it.
            None => text.is_empty() || linked == Some(text.as_str()),
        };
        if unchanged {
            continue;
        }
        match BoxText::parse(&text) {
            Ok(text) => {
                boxes.insert(b.id.clone(), Some(text));
            }
            Err(domain::text::TextError::Empty) => {
                boxes.insert(b.id.clone(), None);
            }
            Err(long) => problems.push(problem(&id, &crate::screens::staff::sorry::sentence(&long.to_string()))),
        }
    }
    Filling { part, boxes, not_applicable }
}

/// Signs. Sends `name`, `password`, `party` (`received` or `completed`), and for the reporter's box `reporter`
/// (`paper` or `excused`), `reporter-name`, `reporter-why`.
pub async fn sign(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Sign, Section::Officer).await?;
    let wrong = |field: &str, words: String| vec![problem(field, &words)];
    let name: Line<200> = match typed.needed_line("name", "Write your name: it stands on the form.") {
        Ok(name) => name,
        Err(wrong) => return again(&app, &staff, &reference, "sign", typed, vec![wrong]).await,
    };
    let password = Password::typed(typed.raw("password").unwrap_or_default().to_owned());
    let none = password.is_none();
    match app.prove_again(&staff.who, password).await {
        Ok(()) => {}
        Err(Trouble::Refused(words)) => {
            let words =
                if none { "Write your password once more: it stands for your signature.".to_owned() } else { words };
            return again(&app, &staff, &reference, "sign", typed, wrong("password", words)).await;
        }
        Err(other) => return Err(other.into()),
    }
    let by_password: Line<60> = Line::parse("password").map_err(|e| Trouble::fault("naming a proof", e))?;
    let on_paper: Line<60> = Line::parse("paper").map_err(|e| Trouble::fault("naming a proof", e))?;
    let completes = typed.get("party") != "received";
    let mut steps: Vec<Signing> = Vec::new();
    if completes {
        match typed.get("reporter") {
            "paper" => match typed.needed_line("reporter-name", "Write the name that stands on the paper.") {
                Ok(name) => steps.push(Signing { party: Party::Reporter, name, proof: on_paper }),
                Err(wrong) => return again(&app, &staff, &reference, "sign", typed, vec![wrong]).await,
            },
            "excused" => {
                let why = match typed.needed_prose("reporter-why", "Write why there is no signature in box X.") {
                    Ok(why) => why,
                    Err(wrong) => return again(&app, &staff, &reference, "sign", typed, vec![wrong]).await,
                };
                if let Err(trouble) = app.excuse_reporter(&may, &row, &why).await {
                    let words = refusal(trouble)?;
                    return again(&app, &staff, &reference, "sign", typed, wrong("reporter-why", words)).await;
                }
            }
            _ => {}
        }
    }
    let received = app.whole_incident(&row).await?.state.form.signed_by(Party::OfficerReceived).is_some();
    if !received {
        steps.push(Signing { party: Party::OfficerReceived, name: name.clone(), proof: by_password.clone() });
    }
    if completes {
        steps.push(Signing { party: Party::OfficerCompleted, name, proof: by_password });
    }
    for step in &steps {
        if let Err(trouble) = app.sign_form(&may, &row, step).await {
            let words = match trouble {
                Trouble::Incident(domain::incident::Refusal::BoxesEmpty(_)) => {
                    "Some boxes are still empty. They are marked below.".to_owned()
                }
                other => refusal(other)?,
            };
            return again(&app, &staff, &reference, "sign", typed, wrong("form-title", words)).await;
        }
    }
    Ok(go(&format!("/incidents/{}/form?done={}", row.reference, if completes { "signed" } else { "received" })))
}

/// Opens a signed form for an amendment. Sends `why`.
pub async fn amend(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Sign, Section::Officer).await?;
    let why = match typed.needed_prose("why", "Write why the form is amended.") {
        Ok(why) => why,
        Err(wrong) => return again(&app, &staff, &reference, "amend", typed, vec![wrong]).await,
    };
    match app.act(&may, &row, None, |_, _| Ok(Command::AmendForm(why.clone()))).await {
        Ok(_) => Ok(go(&format!("/incidents/{}/form?done=amended", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "amend", typed, vec![problem("why", &words)]).await
        }
    }
}

/// Asks for the document as the form stands now.
pub async fn pdf(State(app): State<App>, Path(reference): Path<String>, staff: Staff) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Export, Section::Officer).await?;
    app.ask_for_form(&may, &row, row.version, false).await?;
    Ok(go(&format!("/incidents/{}/form?done=pdf", row.reference)))
}
