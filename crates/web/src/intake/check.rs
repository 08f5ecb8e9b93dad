//! Everything that was answered on one page, and the two ways of sending: after the check, or early with a number.

use super::{answers, answers::PEOPLE, draft::Place, flow, flow::Stop, own, page::Shown, sizes, sorry};
use crate::screens::{
    frame::{Choice, Problem},
    public::{
        answers::{Answer, Check},
        mend::Mend,
    },
    show,
};
use app::Trouble;
use app::limits::Counted;
use axum::{extract::Request, http::StatusCode, response::Response};
use domain::pack::{Question, QuestionKind, RoleId};
use domain::report::{Reporter, Submission};
use domain::text::{Line, Prose};

impl Place<'_> {
    /// The check page, with what is still to mend.
    pub fn check(&self, wrong: &[answers::Wrong]) -> Response {
        let mut frame = self.asked.frame(self.intake, Some(&self.unit), self.say("check-title"));
        frame.problems = wrong.iter().map(|w| w.mend.at(&w.page, self.asked.language)).collect();
        // One line per page: the page itself says the rest.
        frame.problems.dedup_by(|a, b| a.field == b.field);
        let (sent_to, clause) = self.sent_to();
        let (action, once) = (self.address(flow::CHECK, false), self.open.version.to_string());
        let (recipients, absent) = self.recipients();
        let answers = self.answered_list();
        show(StatusCode::OK, &Check { frame, action, answers, sent_to, clause, once, recipients, absent })
    }

    fn answered_list(&self) -> Vec<Answer> {
        let row = |stop: Stop<'_>| match stop {
            Stop::DoNow => None,
            Stop::Question(question) => Some(Answer {
                id: question.id.to_string(),
                question: question.title.text(self.asked.spoken()).to_owned(),
                answer: self.in_words(question),
                change: self.address(question.id.as_str(), true),
            }),
        };
        flow::stops(self.pack, &self.open.draft).into_iter().filter_map(row).collect()
    }

    /// Whom the reporter may choose, the first of them marked; and a sentence when whom the policy names is not there.
    fn recipients(&self) -> (Vec<Choice>, String) {
        let said = self.read().submission;
        let facts = app::routing::facts_of_submission(&said, self.pack, self.now);
        let unit = self.handled_by(&said);
        let offered = self.intake.app.recipients_offered(self.pack, unit, &facts, self.now);
        let language = self.asked.spoken();
        let choice = |(at, c): (usize, app::routing::Choice)| {
            Choice::new(c.to.as_str(), c.says.text(language).to_owned()).chosen_if(at == 0)
        };
        let absent = match offered.away {
            None => String::new(),
            Some((who, Some(day))) => {
                let day = crate::words::day(self.asked.language, day);
                self.asked.language.say_with("check-away", &[("who", who.text(language)), ("day", &day)])
            }
            Some((who, None)) => self.asked.language.say_with("check-nobody", &[("who", who.text(language))]),
        };
        (offered.all.into_iter().enumerate().map(choice).collect(), absent)
    }

    fn handled_by(&self, said: &Submission) -> domain::ids::UnitId {
        let directory = self.intake.app.directory();
        if said.recipient_involved { directory.one_level_up(said.unit) } else { said.unit }
    }

    /// Who will read it, and the clause that says so.
    pub fn sent_to(&self) -> (String, String) {
        let app = &self.intake.app;
        let said = self.read().submission;
        let directory = app.directory();
        let unit = self.handled_by(&said);
        let facts = app::routing::facts_of_submission(&said, self.pack, self.now);
        let language = self.asked.spoken();
        let role = app.routing(self.pack, unit, &facts, self.now, None).to.role;
        let place = directory.unit(unit).map(|u| u.profile.name.text(language).to_owned()).unwrap_or_default();
        let route = self.pack.routes.iter().find(|route| facts.satisfy(&route.when));
        let cited = route.and_then(|route| route.clauses.first()).and_then(|id| self.pack.clause(id));
        (format!("{}, {place}", role.text(language)), cited.map(|clause| clause.cite.clone()).unwrap_or_default())
    }

    /// An answer in words; empty when there is none.
    fn in_words(&self, question: &Question) -> String {
        let language = self.asked.spoken();
        let fields = self.open.draft.fields(question.id.as_str());
        let one = |name: &str| fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim());
        let is = |name: &str, value: &str| fields.iter().any(|(n, v)| n == name && v == value);
        let not_known = || if is("unknown", "yes") { self.say("not-known-yet") } else { String::new() };
        let joined =
            |parts: Vec<String>| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
        match question.kind {
            QuestionKind::Tiles => {
                let tiles = self.pack.tiles.iter().filter(|tile| is("what", tile.id.as_str()));
                joined(tiles.map(|tile| tile.label.text(language).to_owned()).collect())
            }
            QuestionKind::YesNoUnsure => match one("now") {
                "yes" => self.say("now-yes"),
                "no" => self.say("now-no"),
                "unsure" => self.say("now-unsure"),
                _ => String::new(),
            },
            QuestionKind::Place => {
                let unit = self.neighbours().into_iter().find(|unit| unit.code == one("unit"));
                let unit = unit.map(|unit| unit.profile.name.text(language).to_owned()).unwrap_or_default();
                joined(vec![unit, one("elsewhere").to_owned(), one("place").to_owned()])
            }
            QuestionKind::LongText => {
                let files = match self.files.len() {
                    0 => String::new(),
                    count => self.asked.language.say_with("check-files", &[("count", &count.to_string())]),
                };
                [shortened(one("words")), files]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(" · ")
            }
            QuestionKind::When => self.when_in_words(fields),
            QuestionKind::Affected => {
                let things = self.pack.systems.iter().filter(|system| is("things", system.id.as_str()));
                let mut parts: Vec<String> = things.map(|system| system.label.text(language).to_owned()).collect();
                let people = PEOPLE.iter().find(|(value, _)| *value == one("people"));
                let people = people.map(|(_, key)| self.say(key));
                parts.extend(people.map(|people| self.asked.language.say_with("check-people", &[("people", &people)])));
                parts.push(one("systems").to_owned());
                parts.push(not_known());
                joined(parts)
            }
            QuestionKind::Loss => self.lost_in_words(fields),
            QuestionKind::Done => {
                let part = |name: &str| {
                    let when = one(&format!("{name}-when"));
                    let words = shortened(one(name));
                    if when.is_empty() || words.is_empty() { words } else { format!("{words} ({when})") }
                };
                let mut parts = ["yours", "staff", "others"].map(part).to_vec();
                parts.push(not_known());
                joined(parts)
            }
            QuestionKind::Named => self.named_in_words(question, fields),
            QuestionKind::Contact => {
                let hidden = if is("hide", "yes") { self.say("you-hide") } else { String::new() };
                let mut parts: Vec<String> =
                    ["name", "phone", "email", "work"].map(|name| one(name).to_owned()).to_vec();
                parts.push(hidden);
                joined(parts)
            }
            QuestionKind::ShortText => joined(vec![one("answer").to_owned(), not_known()]),
            QuestionKind::ChooseOne | QuestionKind::ChooseMany => {
                let chosen = question.choices.iter().filter(|choice| is("answer", choice.id.as_str()));
                let chosen = chosen.map(|choice| choice.label.text(language).to_owned());
                joined(chosen.chain([shortened(one("answer-words"))]).collect())
            }
        }
    }

    fn named_in_words(&self, question: &Question, fields: &[(String, String)]) -> String {
        let language = self.asked.spoken();
        let label = |value: &str| {
            let choice = question.choices.iter().find(|choice| choice.id.as_str() == value);
            choice.map(|choice| choice.label.text(language).to_owned()).unwrap_or_default()
        };
        let item = |number: usize| {
            let one = |name: &str| {
                let name = format!("item-{number}-{name}");
                fields.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v.trim())
            };
            let part = own::PARTS.iter().find(|(value, _)| *value == one("part"));
            let part = part.map(|(_, key)| self.say(key)).unwrap_or_default();
            let parts = [one("name").to_owned(), label(one("kind")), part];
            let said = !one("name").is_empty();
            let parts: Vec<String> = parts.into_iter().filter(|part| said && !part.is_empty()).collect();
            parts.join(", ")
        };
        let none = fields.iter().filter(|(name, _)| name == "none").map(|(_, value)| label(value));
        let none = none.map(|kind| self.asked.language.say_with("named-none-of", &[("kind", &kind)]));
        let all = (1..=own::items(fields)).map(item).chain(none);
        all.filter(|said| !said.is_empty()).collect::<Vec<_>>().join("; ")
    }

    fn when_in_words(&self, fields: &[(String, String)]) -> String {
        let one = |name: &str| fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim());
        let quick = match one("when") {
            "now" => self.say("when-now"),
            "today" => self.say("when-earlier-today"),
            "yesterday" => self.say("when-yesterday"),
            "unknown" => self.say("when-unknown"),
            _ => String::new(),
        };
        let meant = match self.read().submission.when {
            domain::time::When::Day { on } => crate::words::day(self.asked.language, on),
            domain::time::When::About { at } | domain::time::When::Exact { at } => {
                crate::words::moment(self.asked.language, &at.in_zone(self.zone()))
            }
            domain::time::When::Unknown => String::new(),
        };
        let happened = match (quick.is_empty(), meant.is_empty()) {
            (false, false) => format!("{quick} ({meant})"),
            (_, true) => quick,
            (true, false) => meant,
        };
        let noticed = match self.read().submission.noticed {
            _ if one("noticed") == "same" => self.say("noticed-same"),
            domain::time::When::Day { on } => crate::words::day(self.asked.language, on),
            domain::time::When::About { at } | domain::time::When::Exact { at } => {
                crate::words::moment(self.asked.language, &at.in_zone(self.zone()))
            }
            domain::time::When::Unknown => return happened,
        };
        [happened, format!("{} {noticed}", self.say("noticed-title"))]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn lost_in_words(&self, fields: &[(String, String)]) -> String {
        let Some(loss) = &self.pack.loss else { return String::new() };
        let language = self.asked.spoken();
        let item = |number: usize| {
            let one = |name: &str| {
                let name = format!("item-{number}-{name}");
                fields.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v.trim())
            };
            let kind = loss.items.iter().find(|item| item.id.as_str() == one("kind"));
            let kind = kind.map(|item| item.label.text(language)).unwrap_or_default();
            let parts = [kind, one("q-tag"), one("q-last-seen"), one("q-last-place")];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        };
        (1..=own::items(fields)).map(item).filter(|said| !said.is_empty()).collect::<Vec<_>>().join("; ")
    }

    /// Sends after the check.
    pub async fn post_check(&self, request: Request) -> Response {
        let mut posted = match self.intake.read_fields(request).await {
            Ok(posted) => posted,
            Err(unread) => return self.unread(&unread),
        };
        match posted.take("then").as_deref() {
            Some("save") => return sorry::see(&self.address(flow::SAVED, false)),
            Some("language") => return sorry::see(&self.asked.language.other().path(&self.asked.path)),
            _ => {}
        }
        let chosen = posted.take("to").and_then(|to| RoleId::parse(&to).ok());
        let read = self.read();
        if !read.wrong.is_empty() {
            return self.check(&read.wrong);
        }
        self.send(read.submission, read.reporter, chosen).await
    }

    /// Sends early: what is known so far, and a number to call.
    pub async fn post_send(mut self, request: Request) -> Response {
        let mut posted = match self.intake.read_fields(request).await {
            Ok(posted) => posted,
            Err(unread) => return self.unread(&unread),
        };
        let then = posted.take("then").unwrap_or_default();
        let fields: Vec<_> =
            posted.fields.into_iter().filter(|(n, _)| matches!(n.as_str(), "phone" | "words")).collect();
        let language = self.asked.spoken();
        let saved = self.intake.app.change_draft(&self.open.token, |draft| {
            draft.put(flow::SEND, fields.clone());
            draft.language = language;
        });
        match saved.await {
            Ok((open, ())) => self.open = open,
            Err(trouble) => return sorry::sorry(self.intake, self.asked, Some(&self.unit), &trouble),
        }
        match then.as_str() {
            "save" => return sorry::see(&self.address(flow::SAVED, false)),
            "language" => return sorry::see(&self.asked.language.other().path(&self.asked.path)),
            "back" => {
                let before = if flow::going_on(&self.open.draft) { flow::DO_NOW } else { flow::CHECK };
                return sorry::see(&self.address(before, false));
            }
            _ => {}
        }
        let mut read = self.read();
        let problems = self.complete_early(&fields, &mut read);
        if !problems.is_empty() {
            return self.send_now(&Shown { fields: &fields, problems, another: false }, StatusCode::OK);
        }
        read.wrong.retain(|wrong| !wrong.mend.only_missing());
        if !read.wrong.is_empty() {
            return self.check(&read.wrong);
        }
        read.submission.sent_early = true;
        self.send(read.submission, read.reporter, None).await
    }

    /// Adds what the page of sending early asks for; gives back what is wrong with it.
    fn complete_early(&self, fields: &[(String, String)], read: &mut answers::Read) -> Vec<Problem> {
        let one = |name: &str| fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
        let mut problems = Vec::new();
        match Line::parse(one("phone")) {
            Ok(phone) => {
                let phone: Line<40> = phone;
                if answers::is_phone(phone.as_str()) {
                    read.reporter.phone = Some(phone);
                } else {
                    problems.push(Mend::PhoneUnreadable.at("phone", self.asked.language));
                }
            }
            Err(domain::text::TextError::Empty) => {
                let reachable = read.reporter.phone.is_some() || read.reporter.email.is_some();
                if !reachable && !self.pack.identity.anonymous {
                    problems.push(Mend::Unreachable.at("phone", self.asked.language));
                }
            }
            Err(_) => problems.push(Mend::PhoneUnreadable.at("phone", self.asked.language)),
        }
        let earlier = read.submission.words.as_ref().map(ToString::to_string);
        let both: Vec<&str> =
            earlier.as_deref().into_iter().chain(Some(one("words"))).filter(|w| !w.trim().is_empty()).collect();
        match Prose::parse(&both.join("\n\n")) {
            Ok(words) => read.submission.words = Some(words),
            Err(domain::text::TextError::Empty) => {}
            Err(domain::text::TextError::TooLong { length, limit }) => {
                let mend = Mend::TooLong { length: sizes::thousands(length), most: sizes::thousands(limit) };
                problems.push(mend.at("words", self.asked.language));
            }
        }
        problems
    }

    async fn send(&self, submission: Submission, reporter: Reporter, chosen: Option<RoleId>) -> Response {
        if let Err(trouble) = self.intake.count(self.asked, Counted::Report).await {
            return sorry::sorry(self.intake, self.asked, Some(&self.unit), &trouble);
        }
        let reporter = (reporter != Reporter::default()).then_some(reporter);
        match self.intake.app.send_draft(&self.open, submission, reporter, chosen).await {
            Ok(_) => sorry::see(&self.address(flow::RECEIVED, false)),
            // Its file was taken out in another window a moment ago: what is there now can be sent.
            Err(Trouble::Moved) => self.check(&[]),
            Err(trouble) => sorry::sorry(self.intake, self.asked, Some(&self.unit), &trouble),
        }
    }
}

/// Long words are shown by their beginning; all of them are sent.
fn shortened(words: &str) -> String {
    const SHOWN: usize = 600;
    if words.chars().count() <= SHOWN {
        return words.to_owned();
    }
    let beginning: String = words.chars().take(SHOWN).collect();
    format!("{beginning} …")
}
