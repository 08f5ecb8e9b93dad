//! How the installation stands: the same findings as `tocsin doctor`, and messages that need a person.

use app::App;
use app::health::{Finding, State as Stands};
use askama::Template;
use axum::extract::State;
use domain::permission::Action;

use crate::{
    screens::staff::{
        desk::{Desk, Staff, desks, page as shown},
        sorry::Answer,
    },
    times::{self, Stamp},
};

/// `/admin/health`
#[derive(Debug, Template)]
#[template(path = "admin/health.html")]
pub struct Health {
    /// The desk.
    pub desk: Desk,
    /// The version of the product.
    pub version: &'static str,
    /// In one sentence.
    pub verdict: String,
    /// What was looked at, the worst first.
    pub findings: Vec<Row>,
    /// Messages that need a person.
    pub stuck: Vec<Message>,
}

desks!(Health);

/// One thing that was looked at.
#[derive(Debug, Clone)]
pub struct Row {
    /// The mark beside it.
    pub mark: &'static str,
    /// The word in the mark.
    pub stands: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What was found.
    pub found: String,
    /// What to do, or empty.
    pub mend: String,
}

/// A message that nobody knows to have arrived.
#[derive(Debug, Clone)]
pub struct Message {
    /// When it was written.
    pub at: Stamp,
    /// “perhaps sent”, “refused”
    pub stands: &'static str,
    /// Attempts.
    pub attempts: u32,
    /// The server's last answer.
    pub answer: String,
}

/// The page. Eight statements of the store: it looks at everything, and nobody opens it in a hurry twice.
pub async fn page(State(app): State<App>, staff: Staff) -> Answer {
    let may = app.allow_administering(&staff.who.viewer, Action::SeeHealth)?;
    let (now, zone) = (staff.now(), staff.zone(&app));
    let mut found = app.health(&may).await?;
    found.sort_by_key(|finding| match finding.state {
        Stands::Bad => 0,
        Stands::Advice => 1,
        Stands::Good => 2,
    });
    let bad = found.iter().filter(|finding| finding.state == Stands::Bad).count();
    let verdict = match bad {
        0 => "Nothing is wrong.".to_owned(),
        1 => "One thing is wrong.".to_owned(),
        n => format!("{n} things are wrong."),
    };
    let stuck = app.stuck_mail(&may).await?.into_iter().map(|mail| Message {
        at: times::stamp(mail.at, now, &zone),
        stands: if mail.in_doubt { "perhaps sent" } else { "refused" },
        attempts: mail.attempts,
        answer: mail.answer,
    });
    Ok(shown(&Health {
        desk: staff.desk(&app, "Health"),
        version: env!("CARGO_PKG_VERSION"),
        verdict,
        findings: found.into_iter().map(row).collect(),
        stuck: stuck.collect(),
    }))
}

fn row(finding: Finding) -> Row {
    let (mark, stands) = match finding.state {
        Stands::Good => ("met", "Good"),
        Stands::Advice => ("soon", "Advice"),
        Stands::Bad => ("overdue", "Wrong"),
    };
    Row { mark, stands, name: finding.name, found: finding.found, mend: finding.mend.unwrap_or_default() }
}
