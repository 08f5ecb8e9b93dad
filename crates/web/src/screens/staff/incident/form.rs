//! The Report of Security Incident on the screen: boxes in the order of the paper, filled by what is known, signed.

mod boxes;
mod original;
mod reading;

pub use boxes::BoxView;
pub use original::original;

use app::form::{Signing, Signings, with_linked};
use app::sign_in::Password;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::actor::Section;
use domain::form::Party;
use domain::incident::{Command, Incident, Refusal, Standing};
use domain::pack::{BoxId, Evidence, Form, FormPart, Pack, Step};
use domain::permission::{Action, decide};
use domain::text::{Line, Note};
use serde::Deserialize;

use super::sheets::{self, SheetLine};
use super::{Case, personnel};
use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            sorry::{Answer, refusal},
        },
    },
    times,
    typed::{Typed, problem},
};
use boxes::See;

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
    /// Who alone fills and signs the officer's part, for those who do not; or empty.
    pub others_part: String,
    /// Where the papers of the investigation stand; empty where the policy asks for none.
    pub papers: String,
    /// Whether they still have to be attached, or said not to exist.
    pub papers_open: bool,
    /// Forms that were signed and amended: number and when they were signed.
    pub originals: Vec<(u32, String)>,
    /// Boxes that still stand in the way of signing.
    pub missing: Vec<String>,
    /// Version of the incident.
    pub version: u32,
    /// Whether the reporter's own signature, or the reason for its absence, is on record.
    pub reporter_done: bool,
    /// Whether the person who reported can be asked for their signature now.
    pub asks: bool,
    /// Whether this person may have it as a paper.
    pub prints: bool,
    /// “Asked by mail on …; the link signs until …”, or empty.
    pub asked: String,
    /// What was typed in a refused form.
    pub typed: Typed,
    /// The form that was refused.
    pub opened: String,
    /// The name to sign with.
    pub signer: String,
    /// What the policy asks for beside the form and has no answer yet.
    pub beside: Vec<SheetLine>,
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
        "handed-in" => Flash::says("Box X is on record. The reporter’s part stands as it is now."),
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
    let may_sign = case.allow(staff, Action::Sign, Section::Officer).is_ok() && incident.standing == Standing::Open;
    let see =
        See { pack, form, filled: &incident.form, whole: &whole, links: &links, works, may_sign, knows, typed: &typed };
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
    let missing = whole.missing(form, Party::OfficerCompleted, |fact| incident.says_yes(fact));
    let signature_box = |id: &BoxId| form.signs(id).is_some();
    let (papers, papers_open) = papers(incident, pack);
    let signed_on = |original: &domain::form::Filled| {
        let last = original.signatures.last().map(|(_, at)| times::stamp(*at, now, &zone).words);
        (original.number, last.unwrap_or_default())
    };
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
        personnel: personnel_marker(app, staff, incident, form),
        writes: works && !completed,
        signs: may_sign && !completed,
        asks: may_sign && reporter_box.is_some() && !excused && incident.form.signed_by(Party::Reporter).is_none(),
        asked: super::ask::told(app, staff, incident),
        prints: knows
            && case.allow(staff, Action::Export, Section::Officer).is_ok()
            && case.allow(staff, Action::Read, Section::Evidence).is_ok(),
        amends: may_sign && (completed || incident.form.signed_by(Party::Reporter).is_some()),
        others_part: if works && !may_sign { others_part(app, case, pack) } else { String::new() },
        papers,
        papers_open,
        originals: incident.form.originals.iter().map(signed_on).collect(),
        missing: missing.iter().filter(|id| !signature_box(id)).map(|id| box_name(form, id)).collect(),
        version: incident.version,
        reporter_done: reporter_box.is_none() || excused || incident.form.signed_by(Party::Reporter).is_some(),
        signer: staff.who.name.clone(),
        beside: sheets::lines(app, staff, case, pack).into_iter().filter(|line| !line.asks.is_empty()).collect(),
        opened: opened.to_owned(),
        address,
        typed,
    })
}

/// “VII Remedy Implemented”
fn box_name(form: &Form, id: &BoxId) -> String {
    form.form_box(id).map_or_else(|| id.to_string(), |b| format!("{} {}", b.numeral, b.label.en).trim().to_owned())
}

/// Who alone fills and signs the officer's part, and what to do when nobody does.
fn others_part(app: &App, case: &Case, pack: &Pack) -> String {
    let officer = pack.forms.first().and_then(|form| pack.role(&form.send_to));
    let officer = officer.map_or_else(|| "security officer".to_owned(), |role| role.title.en.to_lowercase());
    let unit = app.directory().unit(case.row.unit).map(|u| u.profile.name.en.clone()).unwrap_or_default();
    format!(
        "Only the {officer} of {unit} fills and signs the officer’s part. If somebody stands in, an administrator \
         records them in that role first."
    )
}

/// Where the papers of the investigation stand, and whether something has to be done about them.
fn papers(incident: &Incident, pack: &Pack) -> (String, bool) {
    let asks = |e: &Evidence| matches!(e, Evidence::Attached { .. });
    let rules = pack.obligations.iter().filter(|rule| rule.evidence.iter().any(asks));
    let mut duties = rules.filter(|r| r.blocks.contains(&Step::Completion)).filter_map(|r| incident.duties.get(&r.id));
    let Some(duty) = duties.next() else { return (String::new(), false) };
    match (&duty.met, incident.files.len()) {
        (_, 1) => ("1 file is attached to the incident and goes with the form.".to_owned(), false),
        (_, n @ 2..) => (format!("{n} files are attached to the incident and go with the form."), false),
        (Some(met), _) => (met.what.words.as_ref().map(|w| w.gist(200)).unwrap_or_default(), false),
        (None, _) => ("No file is attached to the incident yet.".to_owned(), true),
    }
}

/// What has to be mended before a form is saved or signed, box by box.
pub(super) fn mend(form: &Form, trouble: Trouble) -> Result<Vec<Problem>, Trouble> {
    let name = |id: &BoxId| box_name(form, id);
    let at = |id: &BoxId, words: String| vec![problem(id.as_str(), &words)];
    Ok(match trouble {
        Trouble::Incident(Refusal::BoxesEmpty(ids)) => {
            let one = |id: &BoxId| match form.signs(id) {
                Some(_) => problem(
                    "reporter",
                    &format!(
                        "Box {} is not signed. Choose how the person who reported signed, or say why they did not.",
                        name(id)
                    ),
                ),
                None if form.form_box(id).is_some_and(|b| b.reason_unless.is_some()) => problem(
                    id.as_str(),
                    &format!("Fill in box {}. A reason does not do when health information is involved.", name(id)),
                ),
                None => problem(id.as_str(), &format!("Fill in box {}.", name(id))),
            };
            ids.iter().map(one).collect()
        }
        Trouble::Incident(Refusal::BoxUnfit(id, says)) => at(&id, format!("Box {} {says}.", name(&id))),
        Trouble::Incident(Refusal::DayTooEarly(id, before)) => {
            at(&id, format!("Box {} cannot name a day before that of box {}.", name(&id), name(&before)))
        }
        Trouble::Incident(Refusal::GoesWith(id, other)) => {
            at(&id, format!("Fill in box {} too, because box {} names an action.", name(&id), name(&other)))
        }
        Trouble::Incident(Refusal::NotWritten(id)) => {
            at(&id, format!("Box {} is not written by hand: it says what the record says.", name(&id)))
        }
        Trouble::Incident(Refusal::CompletionHeld(titles)) => {
            let words = titles.iter().map(|t| crate::screens::staff::sorry::sentence(t)).collect::<Vec<_>>().join(" ");
            vec![problem("papers", &words)]
        }
        other => vec![problem("form-title", &refusal(other)?)],
    })
}

/// Where the personnel part stands, for those who may know that and nothing more; nothing where the form has none.
pub(super) fn personnel_marker(app: &App, staff: &Staff, incident: &Incident, form: &Form) -> String {
    if form.part(FormPart::Hr).next().is_none() {
        return String::new();
    }
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

/// Keeps what was typed. Sends every open box by its id, `na.{id}` for a reason in its place, and `seen`.
pub async fn save(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let case = Case::find(&app, &staff, &reference).await?;
    let may_work = case.allow(&staff, Action::Work, Section::Officer)?;
    let may_sign = case.allow(&staff, Action::Sign, Section::Officer);
    let pack = app.pack_of_incident(&case.incident)?;
    let form = pack.forms.first().ok_or(Trouble::NotFound)?;
    let links = app.linked_boxes(&staff.who.viewer, &case.row, &case.incident).await?;
    let zone = pack.zone.clone();
    let reading = reading::Reading {
        pack,
        form,
        filled: &case.incident.form,
        links: &links,
        typed: &typed,
        now: staff.now(),
        zone: &zone,
    };
    let (fillings, mut problems) = reading.all();
    let theirs = fillings.iter().find(|f| f.part == FormPart::Officer);
    if let (Some(filling), Err(_)) = (theirs, &may_sign) {
        let field = filling.boxes.keys().chain(filling.not_applicable.keys()).next().map(ToString::to_string);
        problems.push(problem(&field.unwrap_or_default(), &others_part(&app, &case, pack)));
    }
    if !problems.is_empty() {
        return again(&app, &staff, &reference, "form", typed, problems).await;
    }
    if let Err(trouble) = app.rehearse_filling(&case.row, &fillings).await {
        return again(&app, &staff, &reference, "form", typed, mend(form, trouble)?).await;
    }
    // Only the first change is held against the version in front of the person: the second follows on it.
    let mut seen = typed.get("seen").parse().ok();
    for filling in &fillings {
        let may = if filling.part == FormPart::Officer { may_sign.as_ref().unwrap_or(&may_work) } else { &may_work };
        if let Err(trouble) = app.fill_form(may, &case.row, seen.take(), filling).await {
            let problems = mend(form, trouble)?;
            return again(&app, &staff, &reference, "form", typed, problems).await;
        }
    }
    let next = if typed.get("then") == "sign" { "?done=saved#sign" } else { "?done=saved" };
    Ok(go(&format!("/incidents/{}/form{next}", case.row.reference)))
}

/// Signs. Sends `name`, `password`, `party` (`received`, `completed`, or `reporter` to record theirs alone), for the
/// reporter's box `reporter` (`paper` or `excused`), `reporter-name`, `reporter-why`, and `papers` = `none` where the
/// investigation left nothing to attach.
pub async fn sign(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let case = Case::find(&app, &staff, &reference).await?;
    let pack = app.pack_of_incident(&case.incident)?;
    let form = pack.forms.first().ok_or(Trouble::NotFound)?;
    let row = &case.row;
    let wrong = |field: &str, words: String| vec![problem(field, &words)];
    let Ok(may) = case.allow(&staff, Action::Sign, Section::Officer) else {
        let words = others_part(&app, &case, pack);
        return again(&app, &staff, &reference, "sign", typed, wrong("sign", words)).await;
    };
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
    let (completes, reporters) = (typed.get("party") == "completed", typed.get("party") == "reporter");
    let mut all = Signings::default();
    let unsigned = case.incident.form.signed_by(Party::Reporter).is_none();
    if (completes || reporters) && unsigned {
        match typed.get("reporter") {
            "paper" => match typed.needed_line("reporter-name", "Write the name that stands on the paper.") {
                Ok(name) => all.steps.push(Signing { party: Party::Reporter, name, proof: on_paper }),
                Err(wrong) => return again(&app, &staff, &reference, "sign", typed, vec![wrong]).await,
            },
            "excused" => match typed.needed_prose("reporter-why", "Write why there is no signature in box X.") {
                Ok(why) => all.excused = Some(why),
                Err(wrong) => return again(&app, &staff, &reference, "sign", typed, vec![wrong]).await,
            },
            _ if reporters => {
                let words = "Choose how the person who reported signed, or say why they did not.".to_owned();
                return again(&app, &staff, &reference, "sign", typed, wrong("reporter", words)).await;
            }
            _ => {}
        }
    }
    if completes && typed.get("papers") == "none" {
        all.no_papers =
            Some(Note::parse(NO_PAPERS).map_err(|e| Trouble::fault("stating that nothing is attached", e))?);
    }
    let received = case.incident.form.signed_by(Party::OfficerReceived).is_some();
    if !reporters && (!received || !completes) {
        all.steps.push(Signing { party: Party::OfficerReceived, name: name.clone(), proof: by_password.clone() });
    }
    if completes {
        all.steps.push(Signing { party: Party::OfficerCompleted, name, proof: by_password });
    }
    if let Err(trouble) = app.sign_all(&may, row, &all).await {
        let problems = mend(form, trouble)?;
        return again(&app, &staff, &reference, "sign", typed, problems).await;
    }
    let done = match typed.get("party") {
        "completed" => "signed",
        "reporter" => "handed-in",
        _ => "received",
    };
    Ok(go(&format!("/incidents/{}/form?done={done}", row.reference)))
}

/// What stands on the form where the investigation left no papers of its own.
const NO_PAPERS: &str = "No separate documentation of the investigation.";

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
    // The paper names whoever reported and lists the evidence.
    for part in [Section::Reporter, Section::Evidence] {
        decide(viewer, Action::Read, may.object().clone(), part).map_err(Trouble::from)?;
    }
    app.ask_for_form(&may, &row, row.version, false).await?;
    Ok(go(&format!("/incidents/{}/form?done=pdf", row.reference)))
}
