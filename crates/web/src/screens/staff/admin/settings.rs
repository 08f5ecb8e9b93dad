//! What the installation was configured with, to read: where mail goes and what the public pages take. It is changed in
//! the configuration on the machine, where whoever changes it can also start the product again.

use app::factors::Wanted;
use app::{App, MailRoute};
use askama::Template;
use axum::extract::{Query, State};
use domain::permission::Action;
use serde::Deserialize;

use super::keeps;
use crate::{
    screens::staff::{
        desk::{Desk, Flash, Staff, desks, go, page as shown},
        report::size,
        sorry::{Answer, refusal},
    },
    typed::{problem, thousands},
};

/// `/admin/settings`
#[derive(Debug, Template)]
#[template(path = "admin/settings.html")]
pub struct Settings {
    /// The desk.
    pub desk: Desk,
    /// Mail: label and value.
    pub mail: Vec<(&'static str, String)>,
    /// Whether any mail leaves.
    pub mails: bool,
    /// What staff need at the door: label and value.
    pub door: Vec<(&'static str, String)>,
    /// The public pages: label and value.
    pub limits: Vec<(&'static str, String)>,
    /// The installation: label and value.
    pub place: Vec<(&'static str, String)>,
    /// The administrator's own address.
    pub own: String,
}

desks!(Settings);

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// The page. One statement of the store.
pub async fn page(State(app): State<App>, Query(done): Query<Done>, staff: Staff) -> Answer {
    keeps(&app, &staff)?;
    let mut page = view(&app, &staff);
    if done.done == "sent" {
        page.desk.flash =
            Flash::says(format!("A message to {} is on its way. It should be there in a minute.", page.own));
    }
    Ok(shown(&page))
}

fn view(app: &App, staff: &Staff) -> Settings {
    let chosen = app.settings();
    let limits = &chosen.limits;
    let each = |count: u32| format!("{} in {} minutes", thousands(count), limits.window / 60);
    let own = app.directory().person(staff.who.viewer.account).map(|p| p.profile.email.clone()).unwrap_or_default();
    Settings {
        desk: staff.desk(app, "Settings"),
        mail: mail(&chosen.mail),
        mails: !matches!(chosen.mail, MailRoute::None),
        door: door(app),
        limits: vec![
            ("Files with one report", chosen.files_per_report.to_string()),
            ("Size of one file", size(chosen.file_limit)),
            ("Text of one page", size(limits.text as u64)),
            ("Reports from one network", each(limits.reports_per_network)),
            ("Reports at one unit", each(limits.reports_per_unit)),
            ("Files from one network", each(limits.files_per_network)),
            ("Codes tried from one network", each(limits.codes_per_network)),
            ("PDFs for one network", each(limits.papers_per_network)),
        ],
        place: vec![
            ("Address", chosen.public_address.clone()),
            ("Name of the log", chosen.log_origin.clone()),
            (
                "Signed checkpoints are copied to",
                chosen.checkpoints.as_ref().map_or_else(|| "nowhere".to_owned(), |folder| folder.display().to_string()),
            ),
        ],
        own,
    }
}

/// What staff need to get in.
fn door(app: &App) -> Vec<(&'static str, String)> {
    let rules = app.settings().sign_in;
    let second = match rules.second_factor {
        Wanted::Required => "of everybody",
        Wanted::Offered => "of those who set one up",
    };
    let passkeys = match (rules.passkeys, app.passkeys_work()) {
        (_, false) => "not possible: they need an address with a name and TLS",
        (Wanted::Required, true) => "of administrators, human resources and counsel",
        (Wanted::Offered, true) => "offered, and needed by nobody",
    };
    vec![("A second step is asked", second.to_owned()), ("Passkeys are asked", passkeys.to_owned())]
}

/// Where mail goes; the server says of itself what may be shown, which is never its password.
fn mail(route: &MailRoute) -> Vec<(&'static str, String)> {
    match route {
        MailRoute::Smtp(server) => {
            vec![("Server", server.to_string()), ("Sender", server.sender().to_string())]
        }
        MailRoute::DemonstrationMailbox => vec![("Server", "the demonstration’s own mailbox, /demo/mail".to_owned())],
        MailRoute::None => vec![("Server", "none: no mail leaves, and people look at their Home page".to_owned())],
    }
}

/// Sends a message to the administrator who asks.
pub async fn test_mail(State(app): State<App>, staff: Staff) -> Answer {
    keeps(&app, &staff)?;
    let may = app.allow_administering(&staff.who.viewer, Action::SeeHealth)?;
    match app.send_test_mail(&may).await.map_err(refusal) {
        Ok(_) => Ok(go("/admin/settings?done=sent")),
        Err(Ok(words)) => {
            let page = view(&app, &staff);
            let desk = page.desk.clone().mend(vec![problem("mail", &words)]);
            Ok(shown(&Settings { desk, ..page }))
        }
        Err(Err(trouble)) => Err(app::Trouble::into(trouble)),
    }
}
