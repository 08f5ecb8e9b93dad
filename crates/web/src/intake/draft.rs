//! The pages of a report that is being written: shown from the draft, saved before they are judged.

use super::{
    Intake, answers,
    asked::Asked,
    flow,
    flow::Stop,
    form::{FilePlace, Posted, Unread},
    page::Shown,
    printed, sizes, sorry,
};
use crate::screens::{
    frame::Problem,
    public::{doors::Saved, mend::Mend},
    show as show_page,
};
use crate::words;
use app::Trouble;
use app::directory::{Agency, Unit};
use app::draft::{Fields, OpenDraft};
use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};
use domain::ids::{FileId, UnitId};
use domain::pack::{Pack, QuestionKind};
use domain::report::FileAdded;
use domain::time::{Instant, Zone};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// A draft with everything that its pages need.
pub struct Place<'a> {
    /// The service.
    pub intake: &'a Intake,
    /// The request.
    pub asked: &'a Asked,
    /// The draft.
    pub open: OpenDraft,
    /// The policy under which it is taken.
    pub pack: &'a Pack,
    /// The unit at which it was begun.
    pub unit: Unit,
    /// Its agency.
    pub agency: Agency,
    /// Files that have arrived.
    pub files: Vec<FileAdded>,
    /// The present.
    pub now: Instant,
}

impl Intake {
    /// Finds the draft of a token. A draft that was sent leads to its receipt, whatever was asked.
    async fn place<'a>(&'a self, asked: &'a Asked, token: &str) -> Result<Place<'a>, Response> {
        let open = match self.app.draft(token).await {
            Ok(open) => open,
            Err(Trouble::NotFound) => return Err(sorry::ended(asked)),
            Err(trouble) => return Err(sorry::sorry(self, asked, None, &trouble)),
        };
        if open.draft.sent.is_some() {
            return Err(sorry::see(&asked.link(&format!("/report/d/{token}/{}", flow::RECEIVED))));
        }
        self.place_of(asked, open).await.map_err(|trouble| sorry::sorry(self, asked, None, &trouble))
    }

    async fn place_of<'a>(&'a self, asked: &'a Asked, open: OpenDraft) -> Result<Place<'a>, Trouble> {
        let directory = self.app.directory();
        let unit = directory.unit(open.draft.unit).ok_or(Trouble::NotFound)?.clone();
        let agency = directory.agency(unit.tenant).ok_or(Trouble::NotFound)?.clone();
        let now = self.app.now();
        let pack = self.app.pack_for_report(unit.id, now)?;
        let files = self.app.files_of(open.owner()).await?;
        Ok(Place { intake: self, asked, open, pack, unit, agency, files, now })
    }

    /// “20 files, 500 MB each”.
    pub fn file_limits(&self, asked: &Asked) -> String {
        let settings = self.app.settings();
        let (count, size) = (settings.files_per_report.to_string(), sizes::size(settings.file_limit));
        asked.language.say_with("file-limits", &[("count", &count), ("size", &size)])
    }
}

impl Place<'_> {
    /// Where days begin.
    pub fn zone(&self) -> &Zone {
        &self.agency.profile.zone
    }

    /// The address of a page of this draft.
    pub fn address(&self, page: &str, to_check: bool) -> String {
        let query = if to_check { "?to=check" } else { "" };
        format!("{}{query}", self.asked.link(&format!("/report/d/{}/{page}", self.open.token)))
    }

    /// The units offered as places: the whole agency where it is small, else this unit, those above and beside it.
    pub fn neighbours(&self) -> Vec<Unit> {
        const FEW: usize = 12;
        let directory = self.intake.app.directory();
        let all = directory.units_of(self.unit.tenant);
        let above = directory.ancestry(self.unit.id);
        let near = |unit: &&&Unit| all.len() <= FEW || above.contains(&unit.id) || unit.parent == self.unit.parent;
        all.iter().filter(near).take(40).map(|unit| (*unit).clone()).collect()
    }

    /// Reads the draft as it would be filed.
    pub fn read(&self) -> answers::Read {
        answers::read(&self.open.draft, self.files.clone(), &self.against(&self.unit_named()))
    }

    fn unit_named(&self) -> impl Fn(&str) -> Option<UnitId> + use<> {
        let (directory, tenant) = (self.intake.app.directory(), self.unit.tenant);
        move |code| directory.unit_by_code(code).filter(|unit| unit.tenant == tenant).map(|unit| unit.id)
    }

    fn against<'u>(&'u self, units: &'u dyn Fn(&str) -> Option<UnitId>) -> answers::Against<'u> {
        let kinds = self.intake.app.kinds_for(self.unit.id, self.now).into_iter().map(|(id, _)| id).collect();
        answers::Against { pack: self.pack, unit: self.unit.id, units, kinds, zone: self.zone(), now: self.now }
    }

    fn problems(&self, wrong: &[answers::Wrong]) -> Vec<Problem> {
        wrong.iter().map(|w| w.mend.at(&w.field, self.asked.language)).collect()
    }

    fn shown(&self, stop: Stop<'_>, known: Fields) -> Response {
        let fields = if known.is_empty() { self.open.draft.fields(stop.name()) } else { &known };
        self.page(stop, &Shown { fields, problems: Vec::new(), another: false }, StatusCode::OK)
    }

    /// What the directory says of somebody who is signed in, for the page about who reports, until they filled it
    /// themselves. It is a help in typing: what they leave standing is what the report keeps.
    async fn known_reporter(&self, stop: Stop<'_>) -> Fields {
        let contact = matches!(stop, Stop::Question(q) if q.kind == QuestionKind::Contact);
        let Some(session) = self.asked.session.as_ref().filter(|_| contact && self.open.draft.seen(stop.name()) == 0)
        else {
            return Vec::new();
        };
        let app = &self.intake.app;
        let Ok(Some(who)) = app.signed_in(&session.0).await else { return Vec::new() };
        let directory = app.directory();
        let Some(person) = directory.person(who.viewer.account) else { return Vec::new() };
        let place = who.viewer.grants.iter().find_map(|grant| directory.unit(*grant.units.first()?));
        let fields = [
            ("name", Some(person.profile.name.clone())),
            ("phone", person.profile.phone.clone()),
            ("email", Some(person.profile.email.clone())),
            ("work", place.map(|unit| unit.profile.name.text(self.asked.spoken()).to_owned())),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }

    fn saved(&self, spoken: String) -> Response {
        let settings = self.intake.app.settings();
        let path = self.asked.link(&format!("/report/d/{}", self.open.token));
        let link = format!("{}{path}", settings.public_address);
        let kept_until = words::moment(self.asked.language, &self.open.expires_at.in_zone(self.zone()));
        let frame = self.asked.frame(self.intake, Some(&self.unit), self.say("saved-title"));
        let (qr, remove) = (printed::qr(&link), self.address(flow::REMOVE, false));
        show_page(StatusCode::OK, &Saved { frame, link, qr, spoken, kept_until, remove })
    }
}

/// `GET /report/d/{token}`: the first page that was not answered yet.
pub async fn carry_on(State(intake): State<Intake>, asked: Asked, Path(token): Path<String>) -> Response {
    let place = match intake.place(&asked, &token).await {
        Ok(place) => place,
        Err(answer) => return answer,
    };
    let stops = flow::stops(place.pack, &place.open.draft);
    let next = stops.iter().find(|stop| place.open.draft.seen(stop.name()) == 0).map_or(flow::CHECK, Stop::name);
    sorry::see(&place.address(next, false))
}

/// `GET /report/d/{token}/{page}`.
pub async fn show(State(intake): State<Intake>, asked: Asked, Path((token, page)): Path<(String, String)>) -> Response {
    if page == flow::RECEIVED {
        return super::received::show(&intake, &asked, &token).await;
    }
    let place = match intake.place(&asked, &token).await {
        Ok(place) => place,
        Err(answer) => return answer,
    };
    match page.as_str() {
        flow::SEND => place.send_now(&place.early(), StatusCode::OK),
        flow::CHECK => place.check(&[]),
        flow::SAVED | flow::REMOVE => match intake.app.words_for_draft(&place.open).await {
            Ok(spoken) => place.saved(spoken),
            Err(trouble) => sorry::sorry(&intake, &asked, Some(&place.unit), &trouble),
        },
        name => match flow::stop(place.pack, name) {
            Some(stop) => {
                let known = place.known_reporter(stop).await;
                place.shown(stop, known)
            }
            None => sorry::sorry(&intake, &asked, Some(&place.unit), &Trouble::NotFound),
        },
    }
}

/// `POST /report/d/{token}/{page}`.
pub async fn post(
    State(intake): State<Intake>,
    asked: Asked,
    Path((token, page)): Path<(String, String)>,
    request: Request,
) -> Response {
    let place = match intake.place(&asked, &token).await {
        Ok(place) => place,
        Err(answer) => return answer,
    };
    match page.as_str() {
        flow::SEND => place.post_send(request).await,
        flow::CHECK => place.post_check(request).await,
        flow::REMOVE => match intake.app.remove_draft(&place.open).await {
            Ok(()) => sorry::see(&asked.link("/gone")),
            Err(trouble) => sorry::sorry(&intake, &asked, Some(&place.unit), &trouble),
        },
        name => match flow::stop(place.pack, name) {
            Some(stop) => place.post_stop(stop, request).await,
            None => sorry::sorry(&intake, &asked, Some(&place.unit), &Trouble::NotFound),
        },
    }
}

/// What a form of ours wants besides saving.
struct Wish {
    then: String,
    remove: Option<String>,
    seen: Option<u32>,
}

impl Wish {
    fn take(posted: &mut Posted) -> Self {
        let then = posted.take("then").unwrap_or_default();
        let (remove, seen) = (posted.take("remove"), posted.take("seen").and_then(|seen| seen.parse().ok()));
        Self { then, remove, seen }
    }
}

impl<'a> Place<'a> {
    async fn post_stop(mut self, stop: Stop<'_>, request: Request) -> Response {
        let (intake, asked) = (self.intake, self.asked);
        let takes_files =
            matches!(stop, Stop::DoNow) || matches!(stop, Stop::Question(q) if q.kind == QuestionKind::LongText);
        let saved_early = Arc::new(AtomicBool::new(false));
        let read = if takes_files {
            let room = intake.app.settings().files_per_report.saturating_sub(self.files.len());
            let place = FilePlace { tenant: self.open.tenant, owner: self.open.owner(), room };
            let mut early = self.save_early(stop, Arc::clone(&saved_early));
            intake.read_with_files(asked, request, place, &mut early).await
        } else {
            intake.read_fields(request).await
        };
        let mut posted = match read {
            Ok(posted) => posted,
            Err(unread) => return self.unread(&unread),
        };
        let wish = Wish::take(&mut posted);
        let fields = self.fields_of(stop, std::mem::take(&mut posted.fields));
        let seen = wish.seen.filter(|_| !saved_early.load(Ordering::Relaxed));
        match self.save(stop.name(), fields.clone(), seen).await {
            Ok(true) => {}
            Ok(false) => return self.two_windows(stop, &fields),
            Err(trouble) => return sorry::sorry(intake, asked, Some(&self.unit), &trouble),
        }
        self.go_on(stop, wish, posted.problems).await
    }

    /// Saves the words of a page before its files are read.
    fn save_early(
        &self,
        stop: Stop<'_>,
        done: Arc<AtomicBool>,
    ) -> impl FnMut(&Fields) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> + Send + use<'a> {
        let (app, token, name) = (self.intake.app.clone(), self.open.token.clone(), stop.name().to_owned());
        let keeps = keeper(stop);
        move |fields: &Fields| {
            let (app, token, name, done) = (app.clone(), token.clone(), name.clone(), Arc::clone(&done));
            let seen: Option<u32> = fields.iter().find(|(n, _)| n == "seen").and_then(|(_, v)| v.parse().ok());
            let fields: Fields = fields.iter().filter(|(n, _)| keeps(n)).cloned().collect();
            Box::pin(async move {
                let saved = app
                    .change_draft(&token, |draft| {
                        let mine = seen.is_none_or(|seen| seen == draft.seen(&name));
                        if mine && !fields.is_empty() {
                            draft.put(&name, fields.clone());
                        }
                        mine
                    })
                    .await;
                // Should this fail, the same words are saved again after the files.
                done.store(matches!(saved, Ok((_, true))), Ordering::Relaxed);
            })
        }
    }

    /// The fields that a page keeps, with the moment they were said where they are counted from it.
    fn fields_of(&self, stop: Stop<'_>, sent: Fields) -> Fields {
        let keeps = keeper(stop);
        let mut fields: Fields = sent.into_iter().filter(|(name, _)| keeps(name)).collect();
        if matches!(stop, Stop::Question(q) if matches!(q.kind, QuestionKind::When | QuestionKind::Done)) {
            fields.push(("said-at".to_owned(), self.now.micros().to_string()));
        }
        fields
    }

    /// Saves a page; `false` when another window changed it since this one was shown.
    async fn save(&mut self, name: &str, fields: Fields, seen: Option<u32>) -> Result<bool, Trouble> {
        let language = self.asked.spoken();
        let (open, mine) = self
            .intake
            .app
            .change_draft(&self.open.token, |draft| {
                let mine = seen.is_none_or(|seen| seen == draft.seen(name)) || same(draft.fields(name), &fields);
                if mine {
                    draft.put(name, fields.clone());
                    draft.language = language;
                }
                mine
            })
            .await?;
        self.open = open;
        self.files = self.intake.app.files_of(self.open.owner()).await?;
        Ok(mine)
    }

    /// Keeps both: what the other window saved stays in the draft until this one is sent again.
    fn two_windows(&self, stop: Stop<'_>, fields: &Fields) -> Response {
        let field = fields.first().map_or("main", |(name, _)| name.as_str());
        let problems = vec![Mend::TwoWindows.at(field, self.asked.language)];
        self.page(stop, &Shown { fields, problems, another: false }, StatusCode::CONFLICT)
    }

    async fn go_on(mut self, stop: Stop<'_>, wish: Wish, of_files: Vec<Mend>) -> Response {
        let name = stop.name();
        let to_check = self.asked.has("to=check");
        let stops = flow::stops(self.pack, &self.open.draft);
        match wish.then.as_str() {
            "language" => {
                let other = self.asked.language.other().path(&self.asked.path);
                let query = if to_check { "?to=check" } else { "" };
                return sorry::see(&format!("{other}{query}"));
            }
            "back" if to_check => return sorry::see(&self.address(flow::CHECK, false)),
            "back" => {
                let before = flow::beside(&stops, name, false);
                let start = || self.asked.link(&format!("/r/{}", self.unit.code));
                return sorry::see(&before.map_or_else(start, |stop| self.address(stop.name(), false)));
            }
            "save" if of_files.is_empty() => return sorry::see(&self.address(flow::SAVED, false)),
            _ => {}
        }
        if let Some(removed) = wish.remove {
            if let Err(trouble) = self.remove(name, &removed).await {
                return sorry::sorry(self.intake, self.asked, Some(&self.unit), &trouble);
            }
            return sorry::see(&self.address(name, to_check));
        }
        let mut problems: Vec<Problem> = of_files.iter().map(|mend| mend.at("files", self.asked.language)).collect();
        let stays = matches!(wish.then.as_str(), "upload" | "another");
        if let (Stop::Question(question), false, false) = (stop, stays, wish.then == "send") {
            let fields = self.open.draft.fields(name);
            let wrong = answers::judge(question, &self.open.draft, fields, &self.against(&self.unit_named()));
            problems.extend(self.problems(&wrong));
        }
        if !problems.is_empty() || wish.then == "another" {
            let another = wish.then == "another";
            let shown = Shown { fields: self.open.draft.fields(name), problems, another };
            return self.page(stop, &shown, StatusCode::OK);
        }
        match wish.then.as_str() {
            "upload" => sorry::see(&self.address(name, to_check)),
            "send" => sorry::see(&self.address(flow::SEND, false)),
            _ => sorry::see(&self.after(name, to_check, &stops)),
        }
    }

    /// Where the way leads after a page that is in order.
    fn after(&self, name: &str, to_check: bool, stops: &[Stop<'_>]) -> String {
        let next = flow::beside(stops, name, true);
        if !to_check {
            return self.address(next.map_or(flow::CHECK, |stop| stop.name()), false);
        }
        let hurry = name == flow::GOING_ON && flow::going_on(&self.open.draft);
        if hurry {
            return self.address(flow::DO_NOW, true);
        }
        // A changed answer can open questions that were never asked.
        let unseen = |stop: &&Stop<'_>| self.open.draft.seen(stop.name()) == 0;
        let opened =
            |s: &&Stop<'_>| matches!(s, Stop::Question(q) if q.kind == QuestionKind::Loss || !q.tiles.is_empty());
        match stops.iter().filter(opened).find(unseen) {
            Some(stop) => self.address(stop.name(), true),
            None => self.address(flow::CHECK, false),
        }
    }

    async fn remove(&mut self, page: &str, what: &str) -> Result<(), Trouble> {
        if let Ok(file) = what.parse::<FileId>() {
            self.intake.app.remove_draft_file(&self.open, file).await?;
            return Ok(());
        }
        let Ok(number) = what.parse::<usize>() else { return Ok(()) };
        let fields = without_item(self.open.draft.fields(page), number);
        self.save(page, fields, None).await.map(drop)
    }

    /// The page for a form that could not be read.
    pub fn unread(&self, unread: &Unread) -> Response {
        self.intake.unread(self.asked, Some(&self.unit), unread)
    }

    /// What the page that sends early shows: its own fields, or what is known from elsewhere.
    pub fn early(&self) -> Shown<'_> {
        Shown { fields: self.open.draft.fields(flow::SEND), problems: Vec::new(), another: false }
    }
}

impl Intake {
    /// The page for a form that could not be read.
    pub fn unread(&self, asked: &Asked, unit: Option<&Unit>, unread: &Unread) -> Response {
        use crate::screens::apology::{self, Apology};
        match unread {
            Unread::Unreadable => apology::answer(&asked.path, &Apology::Unreadable),
            Unread::TooLarge(most) => apology::answer(&asked.path, &Apology::TooLarge { most: most.clone() }),
            Unread::Trouble(trouble) => sorry::sorry(self, asked, unit, trouble),
        }
    }
}

/// Equal but for the moment at which they were sent.
fn same(left: &[(String, String)], right: &[(String, String)]) -> bool {
    let said = |fields: &[(String, String)]| -> Vec<(String, String)> {
        fields.iter().filter(|(name, _)| name != "said-at").cloned().collect()
    };
    said(left) == said(right)
}

/// Which fields belong to a page: whatever else is sent is not kept.
fn keeper(stop: Stop<'_>) -> impl Fn(&str) -> bool + Send + Clone + use<> {
    let (names, items): (&'static [&'static str], bool) = match stop {
        Stop::DoNow => (&["followed"], false),
        Stop::Question(question) => match question.kind {
            QuestionKind::Tiles => (&["what"], false),
            QuestionKind::YesNoUnsure => (&["now"], false),
            QuestionKind::Place => (&["unit", "elsewhere", "place"], false),
            QuestionKind::LongText => (&["words"], false),
            QuestionKind::When => {
                (&["when", "month", "day", "year", "time", "noticed", "n-month", "n-day", "n-year", "n-time"], false)
            }
            QuestionKind::Affected => (&["things", "people", "systems", "unknown"], false),
            QuestionKind::Loss => (&[], true),
            QuestionKind::Done => {
                (&["yours", "staff", "others", "yours-when", "staff-when", "others-when", "unknown"], false)
            }
            QuestionKind::Named => (&["none"], true),
            QuestionKind::Contact => (&["name", "phone", "email", "work", "kind", "hide", "conflict"], false),
            QuestionKind::ShortText | QuestionKind::ChooseOne | QuestionKind::ChooseMany => {
                (&["answer", "answer-words", "unknown"], false)
            }
        },
    };
    move |name: &str| names.contains(&name) || (items && name.starts_with("item-"))
}

/// The fields of things lost without one item, the later ones moved up.
fn without_item(fields: &[(String, String)], gone: usize) -> Fields {
    let renamed = |(name, value): &(String, String)| {
        if !name.starts_with("item-") {
            return Some((name.clone(), value.clone()));
        }
        let (number, rest) = name.strip_prefix("item-")?.split_once('-')?;
        let number: usize = number.parse().ok()?;
        let moved = match number.cmp(&gone) {
            std::cmp::Ordering::Less => number,
            std::cmp::Ordering::Equal => return None,
            std::cmp::Ordering::Greater => number - 1,
        };
        Some((format!("item-{moved}-{rest}"), value.clone()))
    };
    fields.iter().filter_map(renamed).collect()
}
