//! What surrounds every signed-in page: who works here, where they may go, and what has just happened.

use app::App;
use app::sign_in::SignedIn;
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::actor::Section;
use domain::permission::{Action, Role};
use domain::time::{Instant, Zone};

use crate::{
    screens::frame::{Frame, Problem},
    times,
    words::Language,
};

/// A person with a live session, asking for something.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Who.
    pub who: SignedIn,
    /// What they asked for, with the query.
    pub asked: String,
}

impl FromRequestParts<App> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Response> {
        let asked = parts.uri.path_and_query().map_or("/home", |all| all.as_str()).to_owned();
        let who = parts.extensions.get::<SignedIn>().cloned();
        who.map(|who| Self { who, asked }).ok_or_else(|| Redirect::to("/sign-in").into_response())
    }
}

impl Staff {
    /// The moment of the request.
    pub fn now(&self) -> Instant {
        self.who.viewer.now
    }

    /// The zone of the agency.
    pub fn zone(&self, app: &App) -> Zone {
        app.zone_of(self.who.viewer.tenant)
    }

    /// Whether some role of theirs allows it somewhere.
    pub fn may(&self, action: Action, section: Section) -> bool {
        self.who.viewer.scope(action, section).is_none_or(|units| !units.is_empty())
    }

    /// The desk around a page.
    pub fn desk(&self, app: &App, title: impl Into<String>) -> Desk {
        let directory = app.directory();
        let agency = directory.agency(self.who.viewer.tenant);
        let path = self.asked.split('?').next().unwrap_or_default();
        let mut frame = Frame::new(Language::English, path, title);
        frame.organisation = agency.map(|a| a.profile.name.en.clone()).unwrap_or_default();
        let roles: Vec<&str> = self.who.viewer.roles().into_iter().map(role_title).collect();
        let zone = self.zone(app);
        Desk {
            frame,
            person: self.who.name.clone(),
            roles: roles.join(", "),
            now: times::stamp(self.now(), self.now(), &zone),
            rooms: self.rooms(app, path),
            searches: self.may(Action::Read, Section::Officer),
            words: String::new(),
            flash: None,
            crumbs: Vec::new(),
        }
    }

    fn rooms(&self, app: &App, path: &str) -> Vec<Room> {
        let at = |prefix: &str| path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'));
        let keeps = self.may(Action::Administer, Section::Officer);
        let all = [
            ("/home", "Home", "home", true, Show::Always),
            ("/inbox", "Inbox", "inbox", self.may(Action::ReadInbox, Section::Report), Show::Always),
            ("/incidents", "Incidents", "cases", self.may(Action::Read, Section::Officer), Show::Always),
            ("/duties", "Duties", "clock", self.may(Action::Read, Section::Officer), Show::Wide),
            ("/intake", "New call", "phone", self.may(Action::TakeCall, Section::Report), Show::Wide),
            ("/policy", "Policy", "policy", true, Show::Wide),
            ("/records", "Records", "lock", self.may(Action::ReviewDisposal, Section::Officer), Show::Wide),
            ("/records/holds", "Holds", "lock", self.may(Action::LiftHold, Section::Officer), Show::Wide),
            ("/desk", "Your desk", "inbox", self.may(Action::TakeAddressed, Section::Report), Show::Always),
            (
                "/organisation",
                "Organization",
                "person",
                self.may(Action::SeeOrganisation, Section::Officer),
                Show::Wide,
            ),
            ("/readiness", "Readiness", "bell", app.has_readiness(&self.who.viewer), Show::Wide),
            ("/stats", "Statistics", "bars", self.may(Action::Statistics, Section::Report), Show::Wide),
            ("/admin", "Administration", "keep", keeps, Show::Always),
            (
                "/admin/journal",
                "Changes",
                "keep",
                !keeps && self.may(Action::ReadAdministration, Section::Officer),
                Show::Wide,
            ),
            ("/me", "More", "more", true, Show::Narrow),
        ];
        all.into_iter()
            .filter(|(.., allowed, _)| *allowed)
            .map(|(href, label, icon, _, show)| Room { href, label, icon, here: at(href), show })
            .collect()
    }
}

/// The desk of one page. Every text in it is finished.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// Title, path and what must be mended.
    pub frame: Frame,
    /// “A. Ortiz”
    pub person: String,
    /// “Local security officer”
    pub roles: String,
    /// The moment the page was made.
    pub now: times::Stamp,
    /// Where this person may go.
    pub rooms: Vec<Room>,
    /// Whether there is something for them to search.
    pub searches: bool,
    /// What was searched for.
    pub words: String,
    /// What has just happened.
    pub flash: Option<Flash>,
    /// The way back: address and words.
    pub crumbs: Vec<(String, String)>,
}

impl Desk {
    /// The same desk with the way back.
    pub fn under(mut self, href: &str, words: &str) -> Self {
        self.crumbs.push((href.to_owned(), words.to_owned()));
        self
    }

    /// The same desk with things to mend.
    pub fn mend(mut self, problems: Vec<Problem>) -> Self {
        self.frame.problems = problems;
        self
    }
}

/// A place in the rail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its address.
    pub href: &'static str,
    /// Its name.
    pub label: &'static str,
    /// The picture beside it.
    pub icon: &'static str,
    /// Whether this page is in it.
    pub here: bool,
    /// On which screens the rail has it.
    pub show: Show,
}

/// On which screens something is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// On all.
    Always,
    /// Where there is a rail at the side.
    Wide,
    /// Where there is a bar at the bottom.
    Narrow,
}

/// One sentence on what has just been done, with a way to take it back where there is one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flash {
    /// The sentence.
    pub words: String,
    /// What follows from it, one line each.
    pub lines: Vec<String>,
    /// Where the post goes that takes it back; empty when nothing can.
    pub undo: String,
    /// Seconds for which it can still be taken back.
    pub seconds: i64,
}

impl Flash {
    /// A sentence that cannot be taken back.
    pub fn says(words: impl Into<String>) -> Option<Self> {
        Some(Self { words: words.into(), ..Self::default() })
    }
}

/// A role as people call it.
pub const fn role_title(role: Role) -> &'static str {
    match role {
        Role::WorkforceMember => "Workforce member",
        Role::HelpDesk => "Help desk",
        Role::LocalOfficer => "Local security officer",
        Role::ChiefOfficer => "Chief security officer",
        Role::PrivacyOfficer => "Privacy officer",
        Role::HumanResources => "Human resources",
        Role::Investigator => "Investigator",
        Role::Counsel => "Counsel",
        Role::Communications => "Communications",
        Role::Records => "Records officer",
        Role::StatewideOffice => "Statewide security office",
        Role::CsirtMember => "Response team member",
        Role::Executive => "Executive",
        Role::Auditor => "Auditor",
        Role::Administrator => "Administrator",
        Role::Outside => "Outside",
    }
}

/// Ties view structs to their desk's frame.
macro_rules! desks {
    ($($page:ty),+ $(,)?) => {
        $(impl crate::screens::Page for $page {
            fn frame(&self) -> &crate::screens::frame::Frame {
                &self.desk.frame
            }
        })+
    };
}
pub(crate) use desks;

/// The answer that shows a page; 422 with things to mend, 200 otherwise.
pub fn page(page: &impl crate::screens::Page) -> Response {
    crate::screens::show(StatusCode::OK, page)
}

/// After a change: the page to look at next.
pub fn go(to: &str) -> Response {
    Redirect::to(to).into_response()
}
