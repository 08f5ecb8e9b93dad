//! Signing an entry of a sheet: the password once more, and nothing of it changes afterwards.

use app::sign_in::Password;
use app::{App, Trouble};
use axum::extract::{Path, State};
use domain::ids::EntryId;
use domain::incident::Refusal;
use domain::permission::Action;
use domain::text::Line;

use super::sheets::{find, show};
use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Staff, go, page as shown},
            sorry::{Answer, refusal},
        },
    },
    typed::{Typed, problem},
};

/// Signs an entry. Sends `entry`, `name`, and `password` once more.
pub async fn sign(
    State(app): State<App>,
    Path((reference, sheet)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let found = find(&app, &staff, &reference, &sheet).await?;
    found.case.allow(&staff, Action::Sign, found.sheet.section)?;
    let again = |wrong| Ok(shown(&show(&app, &staff, &found, "", typed.clone(), vec![wrong])?));
    let entry: EntryId = typed.get("entry").parse().map_err(|_| Trouble::NotFound)?;
    let name: Line<200> = match typed.needed_line("name", "Write your name: it stands under the entry.") {
        Ok(name) => name,
        Err(wrong) => return again(Problem { field: "sign".into(), ..wrong }),
    };
    let password = Password::typed(typed.raw("password").unwrap_or_default().to_owned());
    match app.prove_again(&staff.who, password).await {
        Ok(()) => {}
        Err(Trouble::Refused(words)) => return again(problem("sign", &words)),
        Err(other) => return Err(other.into()),
    }
    let proof = Line::parse("password").map_err(|e| Trouble::fault("naming a proof", e))?;
    match app.sign_entry(&staff.who.viewer, &reference, &found.sheet, entry, (name, proof)).await {
        Ok(()) => Ok(go(&format!("/incidents/{}/sheets/{}?done=signed", found.case.row.reference, found.sheet.id))),
        Err(Trouble::Incident(Refusal::FieldsEmpty(fields))) => {
            let labels: Vec<&str> = fields.iter().map(|(_, label)| label.as_str()).collect();
            again(problem("sign", &format!("Fill this in before you sign: {}", labels.join("; "))))
        }
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(problem("sign", &words))
        }
    }
}
