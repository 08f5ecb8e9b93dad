//! The personnel part of the form: read and written by human resources alone, who see nothing else of the incident.

use std::collections::BTreeMap;

use app::form::Signing;
use app::sign_in::Password;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, State};
use domain::actor::Section;
use domain::form::{BoxText, Party};
use domain::pack::{BoxId, BoxKind};
use domain::permission::{Action, decide};
use domain::text::{Line, TextError};

use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            report::{File, file},
            sorry::{Answer, refusal, sentence},
        },
    },
    times,
    typed::{Typed, problem},
};

/// The page for human resources. Sends its boxes by id, and for the signature `name` and `password`.
#[derive(Debug, Template)]
#[template(path = "staff/personnel.html")]
pub struct Personnel {
    /// The desk.
    pub desk: Desk,
    /// The incident's reference.
    pub reference: String,
    /// Where forms go.
    pub address: String,
    /// The unit.
    pub unit: String,
    /// Boxes V to VII: numeral, caption, text.
    pub seen: Vec<(String, String, String)>,
    /// Its own boxes: id, numeral, caption, help, text, whether a line is enough.
    pub boxes: Vec<Own>,
    /// “Signed …”, or empty.
    pub signed: String,
    /// Whether it can be written in.
    pub open: bool,
    /// Copies made.
    pub documents: Vec<(File, times::Stamp)>,
    /// The name to sign with.
    pub signer: String,
    /// What was typed.
    pub typed: Typed,
}

desks!(Personnel);

/// A box of the personnel part.
#[derive(Debug, Clone)]
pub struct Own {
    /// Its id and field name.
    pub id: String,
    /// `XV`
    pub numeral: String,
    /// The caption.
    pub label: String,
    /// Help beside it.
    pub help: String,
    /// What stands in it.
    pub text: String,
    /// Whether one line is enough.
    pub line: bool,
}

/// The page.
pub async fn page(app: &App, staff: &Staff, reference: &str, done: &str) -> Answer {
    let mut page = view(app, staff, reference, Typed::default()).await?;
    page.desk.flash = match done {
        "saved" => Flash::says("Saved. Only human resources can read it."),
        "signed" => Flash::says("Signed. Your copy is being made."),
        _ => None,
    };
    Ok(shown(&page))
}

async fn view(app: &App, staff: &Staff, reference: &str, typed: Typed) -> Result<Personnel, Trouble> {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, reference, Action::Read, Section::Personnel).await?;
    let slice = app.personnel_slice(&may, &row).await?;
    app.note_look(&may).await?;
    let (now, zone) = (staff.now(), staff.zone(app));
    let own = |b: &domain::pack::FormBox| {
        let id = b.id.to_string();
        let stored = slice.filled.get(&b.id).map(ToString::to_string).unwrap_or_default();
        Own {
            text: typed.raw(&id).map_or(stored, str::to_owned),
            numeral: b.numeral.clone(),
            label: b.label.en.clone(),
            help: b.help.clone().unwrap_or_default(),
            line: b.kind != BoxKind::Text,
            id,
        }
    };
    let exports = decide(viewer, Action::Export, may.object().clone(), Section::Personnel).is_ok();
    Ok(Personnel {
        desk: staff.desk(app, format!("Human resources part, {}", row.reference)).under("/home", "Home"),
        address: format!("/incidents/{}", row.reference),
        unit: app.directory().unit(slice.unit).map(|u| u.profile.name.en.clone()).unwrap_or_default(),
        boxes: slice.boxes.iter().filter(|b| b.kind != BoxKind::Signature).map(own).collect(),
        signed: slice.signed.as_ref().map_or_else(String::new, |(signature, at)| {
            format!("Signed by {}, {}", signature.name, times::stamp(*at, now, &zone).words)
        }),
        open: slice.signed.is_none(),
        documents: slice
            .documents
            .iter()
            .map(|d| (file(&d.what.file, exports.then_some(&row.reference)), times::stamp(d.at, now, &zone)))
            .collect(),
        seen: slice.seen,
        signer: staff.who.name.clone(),
        reference: row.reference,
        typed,
    })
}

async fn again(app: &App, staff: &Staff, reference: &str, typed: Typed, problems: Vec<Problem>) -> Answer {
    let mut page = view(app, staff, reference, typed).await?;
    page.desk.frame.problems = problems;
    Ok(shown(&page))
}

fn read(slice: &app::form::PersonnelSlice, typed: &Typed) -> Result<BTreeMap<BoxId, Option<BoxText>>, Problem> {
    let mut boxes = BTreeMap::new();
    for b in slice.boxes.iter().filter(|b| b.kind != BoxKind::Signature) {
        let Some(text) = typed.raw(b.id.as_str()) else { continue };
        let text = match BoxText::parse(text) {
            Ok(text) => Some(text),
            Err(TextError::Empty) => None,
            Err(long) => return Err(problem(b.id.as_str(), &sentence(&long.to_string()))),
        };
        if slice.filled.get(&b.id) != text.as_ref() {
            boxes.insert(b.id.clone(), text);
        }
    }
    Ok(boxes)
}

/// Keeps the personnel part; with `then=sign` signs it as well.
pub async fn save(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Work, Section::Personnel).await?;
    let slice = app.personnel_slice(&may, &row).await?;
    let boxes = match read(&slice, &typed) {
        Ok(boxes) => boxes,
        Err(wrong) => return again(&app, &staff, &reference, typed, vec![wrong]).await,
    };
    if !boxes.is_empty()
        && let Err(trouble) = app.fill_personnel(&may, &row, boxes).await
    {
        let words = refusal(trouble)?;
        return again(&app, &staff, &reference, typed, vec![problem("personnel-title", &words)]).await;
    }
    if typed.get("then") != "sign" {
        return Ok(go(&format!("/incidents/{}/form?done=saved", row.reference)));
    }
    let may = decide(viewer, Action::Sign, may.object().clone(), Section::Personnel).map_err(Trouble::from)?;
    let name: Line<200> = match typed.needed_line("name", "Write your name: it stands on the form.") {
        Ok(name) => name,
        Err(wrong) => return again(&app, &staff, &reference, typed, vec![wrong]).await,
    };
    let password = Password::typed(typed.raw("password").unwrap_or_default().to_owned());
    match app.prove_again(&staff.who, password).await {
        Ok(()) => {}
        Err(Trouble::Refused(words)) => {
            return again(&app, &staff, &reference, typed, vec![problem("password", &words)]).await;
        }
        Err(other) => return Err(other.into()),
    }
    let proof = Line::parse("password").map_err(|e| Trouble::fault("naming a proof", e))?;
    match app.sign_form(&may, &row, &Signing { party: Party::HumanResources, name, proof }).await {
        Ok(()) => Ok(go(&format!("/incidents/{}/form?done=signed", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, typed, vec![problem("personnel-title", &words)]).await
        }
    }
}
