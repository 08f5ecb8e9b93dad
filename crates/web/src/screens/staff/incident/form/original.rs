//! A form that was signed and later amended, to read as it was signed.

use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, State};
use domain::actor::Section;
use domain::form::Party;
use domain::permission::Action;

use super::super::Case;
use super::boxes::as_it_stood;
use crate::{
    screens::staff::{
        desk::{Desk, Staff, desks, page as shown},
        sorry::Answer,
    },
    times,
};

/// `/incidents/{reference}/form/{number}`
#[derive(Debug, Template)]
#[template(path = "staff/form_original.html")]
pub struct OriginalPage {
    /// The desk.
    pub desk: Desk,
    /// “Form 1”
    pub title: String,
    /// Who issued it, and which edition.
    pub issuer: String,
    /// The page of the form as it stands now.
    pub form: String,
    /// Why it was amended.
    pub amended: String,
    /// Numeral, caption and text of each box.
    pub boxes: Vec<(String, String, String)>,
    /// Who had signed it.
    pub signatures: Vec<String>,
}

desks!(OriginalPage);

/// The page.
pub async fn original(State(app): State<App>, Path((reference, number)): Path<(String, u32)>, staff: Staff) -> Answer {
    let case = Case::find(&app, &staff, &reference).await?;
    app.note_look(&case.may).await?;
    let pack = app.pack_of_incident(&case.incident)?;
    let form = pack.forms.first().ok_or(Trouble::NotFound)?;
    let now = &case.incident.form;
    let original = now.originals.iter().find(|o| o.number == number).ok_or(Trouble::NotFound)?;
    let next = now.originals.iter().chain([now]).find(|o| o.number == number + 1);
    let knows = case.allow(&staff, Action::Read, Section::Reporter).is_ok();
    let seen = original.signatures.iter().filter(|(s, _)| s.party != Party::HumanResources);
    let signature = |(s, at): &(domain::form::Signature, domain::time::Instant)| {
        let at = times::stamp(*at, staff.now(), &staff.zone(&app)).words;
        let digest: String = s.digest.as_str().chars().take(16).collect();
        format!("{}: {}, {at} (covers {digest}…)", s.capacity, s.name)
    };
    let address = format!("/incidents/{}/form", case.row.reference);
    Ok(shown(&OriginalPage {
        desk: staff
            .desk(&app, format!("{}, form {number}, {}", form.title.en, case.row.reference))
            .under(&address, &case.row.reference),
        title: format!("{}, form {number}", form.title.en),
        issuer: format!("{}, {}", form.issuer, form.edition),
        amended: next.and_then(|o| o.amends.as_ref()).map(ToString::to_string).unwrap_or_default(),
        boxes: as_it_stood(form, original, knows),
        signatures: seen.map(signature).collect(),
        form: address,
    }))
}
