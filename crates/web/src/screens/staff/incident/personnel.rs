//! The personnel part of the form: read and written by human resources alone, who see nothing else of the incident.

use std::collections::BTreeMap;

use app::form::{Signing, day_words};
use app::sign_in::Password;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, State};
use domain::actor::Section;
use domain::form::{BoxText, Party};
use domain::pack::{BoxId, BoxKind};
use domain::permission::{Action, decide};
use domain::text::{Line, TextError};
use domain::time::{Instant, Zone};

use super::form::mend;
use super::personnel_file;
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            report::{File, file},
            sorry::{Answer, sentence},
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
    /// Its own sheets, or empty.
    pub file: String,
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
    /// What can be chosen, with the words beside it in `text`; empty for a box without a choice.
    pub choices: Vec<Choice>,
}

/// The page.
pub async fn page(app: &App, staff: &Staff, reference: &str, done: &str) -> Answer {
    let mut page = match view(app, staff, reference, Typed::default()).await {
        Ok(page) => page,
        Err(Trouble::NotFound) => return Ok(go(&personnel_file::instead(app, staff, reference).await?)),
        Err(other) => return Err(other.into()),
    };
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
        let (chosen, words) =
            b.chosen(&stored).map_or(("", stored.as_str()), |(choice, words)| (choice.id.as_str(), words));
        let chosen = typed.raw(&id).unwrap_or(chosen);
        let choice = |c: &domain::pack::BoxChoice| {
            Choice::new(c.id.as_str(), c.label.en.clone()).chosen_if(c.id.as_str() == chosen)
        };
        let choices: Vec<Choice> = b.choices.iter().map(choice).collect();
        let field = if choices.is_empty() { id.clone() } else { format!("{id}.words") };
        Own {
            text: typed.raw(&field).map_or_else(|| words.to_owned(), str::to_owned),
            choices,
            numeral: b.numeral.clone(),
            label: b.label.en.clone(),
            help: b.help.clone().unwrap_or_default(),
            line: matches!(b.kind, BoxKind::Date | BoxKind::Place),
            id,
        }
    };
    let exports = decide(viewer, Action::Export, may.object().clone(), Section::Personnel).is_ok();
    Ok(Personnel {
        desk: staff.desk(app, format!("Human resources part, {}", row.reference)).under("/home", "Home"),
        address: format!("/incidents/{}", row.reference),
        unit: app.directory().unit(slice.unit).map(|u| u.profile.name.en.clone()).unwrap_or_default(),
        file: if slice.sheets { format!("/incidents/{}/personnel", row.reference) } else { String::new() },
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

/// What changed, with days as days and a choice in front of its words.
fn read(
    slice: &app::form::PersonnelSlice,
    typed: &Typed,
    now: Instant,
    zone: &Zone,
) -> Result<BTreeMap<BoxId, Option<BoxText>>, Problem> {
    let mut boxes = BTreeMap::new();
    for b in slice.boxes.iter().filter(|b| b.kind != BoxKind::Signature) {
        let beside = typed.raw(&format!("{}.words", b.id)).map(|_| "");
        let Some(text) = typed.raw(b.id.as_str()).or(beside) else { continue };
        let choice = b.choices.iter().find(|c| c.id.as_str() == text);
        let text = match (choice, typed.get(&format!("{}.words", b.id))) {
            (Some(choice), "") => choice.label.en.clone(),
            (Some(choice), words) => format!("{}: {words}", choice.label.en),
            (None, words) if !b.choices.is_empty() && !words.is_empty() => {
                return Err(problem(b.id.as_str(), "Choose what was done first; the words belong to it."));
            }
            (None, _) if b.kind == BoxKind::Date && !text.trim().is_empty() => {
                times::read_day(text, now, zone).map(day_words).map_err(|e| {
                    problem(
                        b.id.as_str(),
                        &format!("“{}” could not be read as a day. Write it like “Jul 1, 2016”.", e.0),
                    )
                })?
            }
            (None, _) => text.to_owned(),
        };
        let text = match BoxText::parse(&text) {
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
    let pack = app.packs().get(&slice.pack).ok_or(Trouble::NotFound)?;
    let form = pack.forms.first().ok_or(Trouble::NotFound)?;
    let boxes = match read(&slice, &typed, staff.now(), &pack.zone) {
        Ok(boxes) => boxes,
        Err(wrong) => return again(&app, &staff, &reference, typed, vec![wrong]).await,
    };
    if !boxes.is_empty()
        && let Err(trouble) = app.fill_personnel(&may, &row, boxes).await
    {
        let problems = mend(form, trouble)?;
        return again(&app, &staff, &reference, typed, problems).await;
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
            let problems = mend(form, trouble)?;
            again(&app, &staff, &reference, typed, problems).await
        }
    }
}
