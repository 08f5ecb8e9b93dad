//! Asking the person who reported for their signature: by mail, or by a link on paper that is shown once.

use app::sign_by_link::SigningLink;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, State};
use domain::actor::Section;
use domain::form::AskWay;
use domain::incident::Incident;
use domain::permission::Action;

use super::form::{again, mend};
use crate::{
    intake::qr,
    screens::staff::{
        desk::{Desk, Staff, desks, go, page as shown},
        sorry::{Answer, refusal},
    },
    times,
    typed::{Typed, problem},
};

/// A link to hand over, shown once.
#[derive(Debug, Template)]
#[template(path = "staff/signing_link.html")]
pub struct LinkPage {
    /// The desk.
    pub desk: Desk,
    /// The form's page.
    pub form: String,
    /// The whole link.
    pub link: String,
    /// The same as a QR code: an `svg` element made by this program.
    pub qr: String,
    /// Until when it signs.
    pub until: String,
}

desks!(LinkPage);

/// Asks. Sends `way`: `mail` or `hand`.
pub async fn ask(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Sign, Section::Officer).await?;
    let way = if typed.get("way") == "mail" { AskWay::Mail } else { AskWay::ByHand };
    let form = format!("/incidents/{}/form", row.reference);
    match app.ask_reporter_to_sign(&may, &row, way).await {
        Ok(_) if way == AskWay::Mail => Ok(go(&format!("{form}?done=asked"))),
        Ok(SigningLink { address, until }) => Ok(shown(&LinkPage {
            desk: staff.desk(&app, "Link for a signature").under(&form, &row.reference),
            qr: qr(&address),
            link: address,
            until: times::stamp(until, staff.now(), &staff.zone(&app)).words,
            form,
        })),
        Err(Trouble::Incident(wrong)) => {
            let incident = app.read_incident(viewer, &may, &row).await?;
            let form = app.pack_of_incident(&incident)?.forms.first().ok_or(Trouble::NotFound)?;
            let problems = mend(form, Trouble::Incident(wrong))?;
            again(&app, &staff, &reference, "ask", typed, problems).await
        }
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, "ask", typed, vec![problem("ask", &words)]).await
        }
    }
}

/// Ends the request.
pub async fn end(State(app): State<App>, Path(reference): Path<String>, staff: Staff) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Sign, Section::Officer).await?;
    app.end_signature_ask(&may, &row).await?;
    Ok(go(&format!("/incidents/{}/form?done=ask-ended", row.reference)))
}

/// What the form's page says about an open request; empty without one.
pub fn told(app: &App, staff: &Staff, incident: &Incident) -> String {
    let Some(asked) = incident.signature_ask.as_ref().filter(|_| incident.open_ask(staff.now()).is_some()) else {
        return String::new();
    };
    let say = |at| times::stamp(at, staff.now(), &staff.zone(app)).words;
    let way = match asked.what.way {
        AskWay::Mail => "by e-mail",
        AskWay::ByHand => "by a link to hand over",
    };
    format!(
        "The person who reported was asked {way} {}. The link signs until {}.",
        say(asked.at),
        say(asked.what.until)
    )
}
