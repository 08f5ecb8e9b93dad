//! One proposed text: what it would change against the edition in force, and the decision about it.

use app::policies::compare::Part;
use app::policies::install::Behind;
use app::policies::kept::{Authority, Fate, Text};
use app::policies::text::File;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::permission::Allowed;
use serde::Deserialize;

use super::packs::{may_keep, refused};
use crate::{
    screens::staff::{
        desk::{Desk, Flash, Staff, desks, go, page as shown},
        sorry::{Answer, refusal},
    },
    times,
    typed::{Typed, problem},
};

/// `/admin/packs/{digest}`, and what a text would change before it is proposed.
#[derive(Debug, Default, Template)]
#[template(path = "admin/pack.html")]
pub struct Proposal {
    /// The desk.
    pub desk: Desk,
    /// Its title.
    pub title: String,
    /// Its id.
    pub pack: String,
    /// From when.
    pub from: String,
    /// The edition it is compared with, or empty.
    pub against: String,
    /// What would change.
    pub parts: Vec<PartRow>,
    /// The units it would bind.
    pub units: Vec<String>,
    /// The agency has no edition of its series.
    pub new_series: bool,
    /// The policy that goes on taking the reports.
    pub behind: Option<Behind>,
    /// The office whose approval it needs, or empty.
    pub office: String,
    /// What the approval of the office says, or empty while there is none.
    pub authority: String,
    /// Its address; empty when it is not proposed yet.
    pub href: String,
    /// Its whole digest.
    pub digest: String,
    /// Who proposed it, when and why.
    pub proposed: String,
    /// How it stands, in a sentence.
    pub fate: String,
    /// Whether it waits.
    pub waits: bool,
    /// Whether this person proposed it.
    pub own: bool,
    /// Whether this person may put it in force or decline it.
    pub decides: bool,
    /// Whether this person holds the office that it waits for.
    pub authorizes: bool,
    /// Its files.
    pub files: Vec<File>,
    /// What was typed.
    pub typed: Typed,
}

desks!(Proposal);

/// A kind of items with what would happen to them.
#[derive(Debug, Clone)]
pub struct PartRow {
    /// “Duties”
    pub title: &'static str,
    /// How many of each, in words.
    pub count: String,
    /// One line for each item: what happens, its id, its label, and the differences.
    pub lines: Vec<LineRow>,
}

/// An item that would come, go or read differently.
#[derive(Debug, Clone)]
pub struct LineRow {
    /// “New”, “Gone”, “Changed”
    pub mark: &'static str,
    /// Its id.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// What about it, how it reads now, how it would read.
    pub what: Vec<(String, String, String)>,
}

/// The parts of a comparison for a page.
pub fn parts(parts: Vec<Part>) -> Vec<PartRow> {
    let row = |part: Part| {
        let mut counts = Vec::new();
        for (number, word) in [(part.added.len(), "new"), (part.removed.len(), "gone"), (part.changed.len(), "changed")]
        {
            if number > 0 {
                counts.push(format!("{number} {word}"));
            }
        }
        let plain = |mark: &'static str| {
            move |item: app::policies::compare::Item| LineRow { mark, id: item.id, label: item.label, what: Vec::new() }
        };
        let mut lines: Vec<LineRow> = part.removed.into_iter().map(plain("Gone")).collect();
        lines.extend(part.changed.into_iter().map(|changed| LineRow {
            mark: "Changed",
            id: changed.item.id,
            label: changed.item.label,
            what: changed.what,
        }));
        lines.extend(part.added.into_iter().map(plain("New")));
        PartRow { title: part.title, count: counts.join(", "), lines }
    };
    parts.into_iter().map(row).collect()
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

fn found(app: &App, staff: &Staff, digest: &str) -> Result<Text, Trouble> {
    app.kept(staff.who.viewer.tenant).text(digest).cloned().ok_or(Trouble::NotFound)
}

/// What the page says. Two statements of the store: session and text.
async fn view(app: &App, staff: &Staff, text: &Text, may: Option<&Allowed>) -> Result<Proposal, Trouble> {
    let viewer = &staff.who.viewer;
    let (pack, files) = app.pack_of_text(viewer.tenant, text).await?;
    let preview = app.preview(viewer.tenant, &pack);
    let (now, zone) = (staff.now(), staff.zone(app));
    let on = |at| times::stamp(at, now, &zone).words;
    let waits = text.fate == Fate::Proposed;
    let own = text.by == viewer.account;
    let authority = |given: &Authority| format!("{}, {}: {}", app.name_of(given.by), on(given.at), given.reason);
    let holds = preview.office.as_ref().is_some_and(|office| app.holds_office(viewer, office));
    let agreed = text.authority.as_ref().is_some_and(|authority| authority.by == viewer.account);
    Ok(Proposal {
        desk: staff.desk(app, text.title.clone()),
        title: text.title.clone(),
        pack: text.pack.to_string(),
        from: times::day(text.from),
        against: preview.against.unwrap_or_default(),
        parts: parts(preview.parts),
        units: preview.units,
        new_series: preview.new_series,
        office: preview.office.map(|office| office.role.title.en).unwrap_or_default(),
        behind: preview.behind.filter(|_| matches!(text.fate, Fate::Proposed | Fate::Approved { .. })),
        authority: text.authority.as_ref().map(authority).unwrap_or_default(),
        href: String::new(),
        digest: text.digest.clone(),
        proposed: format!("{}, {}: {}", app.name_of(text.by), on(text.at), text.note),
        fate: match &text.fate {
            Fate::Proposed => "It waits for a second administrator and binds nobody yet.".to_owned(),
            Fate::Approved { by, at, reason } => format!(
                "In force from {}. Approved by {}, {}: {reason}",
                times::day(text.from),
                app.name_of(*by),
                on(*at)
            ),
            Fate::Declined { by, at, reason } => format!("Declined by {}, {}: {reason}", app.name_of(*by), on(*at)),
            Fate::Withdrawn { at } => format!("Taken back by whoever proposed it, {}.", on(*at)),
        },
        waits,
        own: own && may.is_some(),
        decides: may.is_some() && !own && !agreed,
        authorizes: waits && holds && text.authority.is_none() && !own,
        files,
        typed: Typed::default(),
    })
}

/// The page for administrators of the whole agency.
pub async fn page(
    State(app): State<App>,
    Path(digest): Path<String>,
    Query(done): Query<Done>,
    staff: Staff,
) -> Answer {
    let may = may_keep(&app, &staff)?.ok_or(Trouble::NotFound)?;
    let text = found(&app, &staff, &digest)?;
    let mut page = admin(&app, &staff, &text, &may).await?;
    page.desk.flash = match done.done.as_str() {
        "proposed" => Flash::says("Proposed. It binds nobody until a second administrator approves it."),
        "approved" => Flash::says("Approved. Every server takes it up from its day on."),
        _ => None,
    };
    Ok(shown(&page))
}

async fn admin(app: &App, staff: &Staff, text: &Text, may: &Allowed) -> Result<Proposal, Trouble> {
    let page = view(app, staff, text, Some(may)).await?;
    let desk = page.desk.clone().under("/admin/packs", "Policies");
    Ok(Proposal { desk, href: format!("/admin/packs/{}", &text.digest[..16]), authorizes: false, ..page })
}

/// The page for whoever holds the office that a text needs: `/policy/proposals/{digest}`.
pub async fn office_page(State(app): State<App>, Path(digest): Path<String>, staff: Staff) -> Answer {
    app.allow_enacting(&staff.who.viewer)?;
    let text = found(&app, &staff, &digest)?;
    Ok(shown(&office(&app, &staff, &text).await?))
}

async fn office(app: &App, staff: &Staff, text: &Text) -> Result<Proposal, Trouble> {
    let page = view(app, staff, text, None).await?;
    let desk = page.desk.clone().under("/policy", "Policy");
    Ok(Proposal { desk, href: format!("/policy/proposals/{}", &text.digest[..16]), ..page })
}

/// The office that a policy names approves a text. Sends `reason`.
pub async fn authorize(State(app): State<App>, Path(digest): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let viewer = &staff.who.viewer;
    let may = app.allow_enacting(viewer)?;
    let text = found(&app, &staff, &digest)?;
    match app.authorize_text(&may, viewer, &text.digest, typed.get("reason")).await.map_err(refusal) {
        Ok(()) => Ok(go("/policy?done=authorized")),
        Err(Ok(words)) => {
            let page = office(&app, &staff, &text).await?;
            let desk = page.desk.clone().mend(vec![problem("reason", &words)]);
            Ok(shown(&Proposal { desk, typed, ..page }))
        }
        Err(Err(trouble)) => Err(trouble.into()),
    }
}

/// A second administrator decides. Sends `reason` and `then` = `approve` or `decline`.
pub async fn decide(State(app): State<App>, Path(digest): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let Some(may) = may_keep(&app, &staff)? else {
        return refused(&app, &staff, "decide on a text of policy").await;
    };
    let text = found(&app, &staff, &digest)?;
    let reason = typed.get("reason");
    let (done, to) = match typed.get("then") {
        "approve" => {
            let to = format!("/admin/packs/{}?done=approved", &text.digest[..16]);
            (app.approve_text(&may, &text.digest, reason).await, to)
        }
        "decline" => (app.decline_text(&may, &text.digest, reason).await, "/admin/packs?done=declined".to_owned()),
        "withdraw" => (app.withdraw_text(&may, &text.digest).await, "/admin/packs?done=withdrawn".to_owned()),
        _ => return Err(Trouble::NotFound.into()),
    };
    match done.map_err(refusal) {
        Ok(()) => Ok(go(&to)),
        Err(Ok(words)) => {
            let page = admin(&app, &staff, &text, &may).await?;
            let desk = page.desk.clone().mend(vec![problem("reason", &words)]);
            Ok(shown(&Proposal { desk, typed, ..page }))
        }
        Err(Err(trouble)) => Err(trouble.into()),
    }
}
