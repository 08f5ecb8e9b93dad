//! Builds the page of a question from what was typed so far: nothing is judged here, everything is shown again.

use super::{answers::PEOPLE, draft::Place, flow, flow::Stop, own, sizes};
use crate::{
    screens::{
        frame::{Choice, Frame, Problem},
        public::{
            Step,
            advice::{Advice, SendNow},
            questions::{
                Affected, Done, Field, File, Item, Lost, Named, NamedItem, Now, OwnWords, Plain, What, When, Where, You,
            },
        },
        show,
    },
    words,
};
use axum::{http::StatusCode, response::Response};
use domain::pack::{Question, QuestionKind};
use domain::report::FileAdded;

/// What is shown on a page: fields as typed, and what to mend.
pub struct Shown<'a> {
    /// As typed.
    pub fields: &'a [(String, String)],
    /// What to mend.
    pub problems: Vec<Problem>,
    /// Whether another item is asked for on the page of things lost.
    pub another: bool,
}

impl Shown<'_> {
    fn one(&self, name: &str) -> String {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }
    fn is(&self, name: &str, value: &str) -> bool {
        self.fields.iter().any(|(field, given)| field == name && given == value)
    }
}

impl Place<'_> {
    /// The page of a stop.
    pub fn page(&self, stop: Stop<'_>, shown: &Shown<'_>, status: StatusCode) -> Response {
        match stop {
            Stop::Question(question) => self.question(question, shown, status),
            Stop::DoNow => self.do_now(shown, status),
        }
    }

    fn frame(&self, title: &str, shown: &Shown<'_>) -> Frame {
        let mut frame = self.asked.frame(self.intake, Some(&self.unit), title);
        frame.holds_answers = true;
        frame.problems.clone_from(&shown.problems);
        frame
    }

    fn step(&self, name: &str, hint: &str) -> Step {
        let stops = flow::stops(self.pack, &self.open.draft);
        let (number, total) = flow::count(&stops, name);
        let to_check = self.asked.has("to=check");
        Step {
            number,
            total,
            hint: hint.to_owned(),
            seen: self.open.draft.seen(name).to_string(),
            action: self.address(name, to_check),
            back: flow::beside(&stops, name, false).is_some(),
            send_now: flow::may_send_now(self.pack, &self.open.draft) && !to_check,
            to_check,
        }
    }

    fn question(&self, question: &Question, shown: &Shown<'_>, status: StatusCode) -> Response {
        let language = self.asked.spoken();
        let title = question.title.text(language);
        let hint = question.hint.as_ref().map_or("", |hint| hint.text(language));
        let (frame, step) = (self.frame(title, shown), self.step(question.id.as_str(), hint));
        match question.kind {
            QuestionKind::Tiles => show(status, &What { kinds: self.tiles(shown), frame, step }),
            QuestionKind::YesNoUnsure => show(status, &Now { answered: self.answered(shown), frame, step }),
            QuestionKind::Place => show(status, &self.place(frame, step, shown)),
            QuestionKind::LongText => show(status, &self.own_words(frame, step, shown)),
            QuestionKind::When => show(status, &self.when(frame, step, shown)),
            QuestionKind::Affected => show(status, &self.affected(question, frame, step, shown)),
            QuestionKind::Named => show(status, &self.named(question, frame, step, shown)),
            QuestionKind::Loss => show(status, &self.lost(frame, step, shown)),
            QuestionKind::Done => {
                let (yours, staff, others) = (shown.one("yours"), shown.one("staff"), shown.one("others"));
                let times = ["yours-when", "staff-when", "others-when"].map(|name| shown.one(name));
                let unknown = question.or_unknown.then(|| shown.is("unknown", "yes"));
                show(status, &Done { frame, step, yours, staff, others, times, unknown })
            }
            QuestionKind::Contact => show(status, &self.you(question.id.as_str(), frame, step, shown)),
            QuestionKind::ShortText | QuestionKind::ChooseOne | QuestionKind::ChooseMany => {
                show(status, &self.plain(question, frame, step, shown))
            }
        }
    }

    fn tiles(&self, shown: &Shown<'_>) -> Vec<Choice> {
        let choice = |tile: &domain::pack::Tile| {
            let (value, label) = (tile.id.as_str(), tile.label.text(self.asked.spoken()));
            Choice::new(value, label).chosen_if(shown.is("what", value))
        };
        self.pack.tiles.iter().map(choice).collect()
    }

    fn answered(&self, shown: &Shown<'_>) -> String {
        match shown.one("now").as_str() {
            "yes" => self.say("now-yes"),
            "no" => self.say("now-no"),
            "unsure" => self.say("now-unsure"),
            _ => String::new(),
        }
    }

    fn place(&self, frame: Frame, step: Step, shown: &Shown<'_>) -> Where {
        let given = shown.one("unit");
        let mut units: Vec<Choice> = self
            .neighbours()
            .iter()
            .map(|unit| {
                let chosen = if given.is_empty() { unit.id == self.unit.id } else { given == unit.code };
                Choice::new(&unit.code, unit.profile.name.text(self.asked.spoken())).chosen_if(chosen)
            })
            .collect();
        units.push(Choice::new("elsewhere", self.say("where-other")).chosen_if(given == "elsewhere"));
        Where { frame, step, units, elsewhere: shown.one("elsewhere"), place: shown.one("place") }
    }

    fn own_words(&self, frame: Frame, step: Step, shown: &Shown<'_>) -> OwnWords {
        let mistakes = ["wrong-person", "lost-or-stolen", "strange-message", "password"];
        let mistake = flow::chosen(self.pack, &self.open.draft).iter().any(|tile| mistakes.contains(tile));
        OwnWords {
            frame,
            step,
            words: shown.one("words"),
            files: self.files.iter().map(|file| self.file(file, true)).collect(),
            limits: self.intake.file_limits(self.asked),
            largest: self.intake.app.settings().file_limit,
            mistake,
        }
    }

    /// A file as the person knows it.
    fn file(&self, file: &FileAdded, removable: bool) -> File {
        File {
            id: if removable { file.id.to_string() } else { String::new() },
            name: file.name.to_string(),
            size: sizes::size(file.size),
            state: self.say("file-sealed"),
        }
    }

    fn when(&self, frame: Frame, step: Step, shown: &Shown<'_>) -> When {
        let quick = [
            ("now", self.say("when-now")),
            ("today", self.say("when-earlier-today")),
            ("yesterday", self.say("when-yesterday")),
            ("date", self.say("when-other")),
            ("unknown", self.say("when-unknown")),
        ];
        let quick = quick
            .into_iter()
            .map(|(value, label)| Choice::new(value, label).chosen_if(shown.is("when", value)))
            .collect();
        When {
            frame,
            step,
            quick,
            month: shown.one("month"),
            day: shown.one("day"),
            year: shown.one("year"),
            time: shown.one("time"),
            today: words::moment(self.asked.language, &self.now.in_zone(self.zone())),
            noticed: [("same", "noticed-same"), ("later", "noticed-later")]
                .into_iter()
                .map(|(value, key)| Choice::new(value, self.say(key)).chosen_if(shown.is("noticed", value)))
                .collect(),
            noticed_date: ["n-month", "n-day", "n-year", "n-time"].map(|name| shown.one(name)),
        }
    }

    fn plain(&self, question: &Question, frame: Frame, step: Step, shown: &Shown<'_>) -> Plain {
        let mut field = self.field(question, "answer", shown);
        let marked = flow::marked(question, &flow::chosen(self.pack, &self.open.draft));
        if self.open.draft.seen(question.id.as_str()) == 0 && !shown.fields.iter().any(|(name, _)| name == "answer") {
            for choice in &mut field.choices {
                choice.chosen |= marked.contains(&choice.value.as_str());
            }
        }
        let words = shown.one("answer-words");
        let says = if question.words_with.is_empty() { String::new() } else { self.say("say-which") };
        let says = if frame.wrong("answer-words") || !words.is_empty() { self.say("say-more") } else { says };
        let unknown = question.or_unknown.then(|| shown.is("unknown", "yes"));
        Plain { frame, step, field, says, words, unknown }
    }

    fn named(&self, question: &Question, frame: Frame, step: Step, shown: &Shown<'_>) -> Named {
        let language = self.asked.spoken();
        let kinds = |name: &str| {
            let choice = |c: &domain::pack::Item| {
                Choice::new(c.id.as_str(), c.label.text(language)).chosen_if(shown.is(name, c.id.as_str()))
            };
            question.choices.iter().map(choice).collect::<Vec<_>>()
        };
        let item = |number: usize| {
            let part = format!("item-{number}-part");
            let parts = own::PARTS.iter();
            NamedItem {
                number,
                kinds: kinds(&format!("item-{number}-kind")),
                name: shown.one(&format!("item-{number}-name")),
                parts: parts.map(|(v, key)| Choice::new(v, self.say(key)).chosen_if(shown.is(&part, v))).collect(),
            }
        };
        let count = own::items(shown.fields).max(1) + usize::from(shown.another);
        let items = (1..=count.min(own::MOST_ITEMS)).map(item).collect();
        Named { frame, step, items, none: kinds("none") }
    }

    fn affected(&self, question: &Question, frame: Frame, step: Step, shown: &Shown<'_>) -> Affected {
        let thing = |system: &domain::pack::SystemClass| {
            let (value, label) = (system.id.as_str(), system.label.text(self.asked.spoken()));
            Choice::new(value, label).chosen_if(shown.is("things", value))
        };
        let people =
            PEOPLE.iter().map(|(value, key)| Choice::new(value, self.say(key)).chosen_if(shown.is("people", value)));
        let (things, people) = (self.pack.systems.iter().map(thing).collect(), people.collect());
        let unknown = question.or_unknown.then(|| shown.is("unknown", "yes"));
        Affected { frame, step, things, people, systems: shown.one("systems"), unknown }
    }

    fn lost(&self, frame: Frame, step: Step, shown: &Shown<'_>) -> Lost {
        let says = self.pack.loss.as_ref().map(|loss| loss.says.text(self.asked.spoken()).to_owned());
        let count = own::items(shown.fields).max(1) + usize::from(shown.another);
        let items = (1..=count.min(own::MOST_ITEMS)).map(|number| self.item(number, shown)).collect();
        Lost { frame, step, says: says.unwrap_or_default(), items }
    }

    fn item(&self, number: usize, shown: &Shown<'_>) -> Item {
        let Some(loss) = &self.pack.loss else { return Item { number, ..Item::default() } };
        let choices = |list: &[domain::pack::Item], field: &str| {
            let name = format!("item-{number}-{field}");
            let choice = |item: &domain::pack::Item| {
                Choice::new(item.id.as_str(), item.label.text(self.asked.spoken()))
                    .chosen_if(shown.is(&name, item.id.as_str()))
            };
            list.iter().map(choice).collect()
        };
        let fields =
            loss.questions.iter().map(|q| self.field(q, &format!("item-{number}-q-{}", q.id), shown)).collect();
        Item { number, kinds: choices(&loss.items, "kind"), holds: choices(&loss.contents, "holds"), fields }
    }

    fn field(&self, question: &Question, name: &str, shown: &Shown<'_>) -> Field {
        let language = self.asked.spoken();
        let choices = match question.kind {
            QuestionKind::YesNoUnsure => vec![
                Choice::new("yes", self.say("now-yes")),
                Choice::new("no", self.say("now-no")),
                Choice::new("unsure", self.say("now-unsure")),
            ],
            _ => question.choices.iter().map(|c| Choice::new(c.id.as_str(), c.label.text(language))).collect(),
        };
        let choices = choices.into_iter().map(|c| Choice { chosen: shown.is(name, &c.value), ..c }).collect();
        Field {
            name: name.to_owned(),
            label: question.title.text(language).to_owned(),
            hint: question.hint.as_ref().map(|hint| hint.text(language).to_owned()).unwrap_or_default(),
            text: shown.one(name),
            choices,
            many: question.kind == QuestionKind::ChooseMany,
        }
    }

    fn you(&self, step_name: &str, frame: Frame, step: Step, shown: &Shown<'_>) -> You {
        let identity = &self.pack.identity;
        let kind = |(id, label): (domain::pack::WorkforceId, domain::pack::Words)| {
            Choice::new(id.as_str(), label.text(self.asked.spoken())).chosen_if(shown.is("kind", id.as_str()))
        };
        You {
            frame,
            step,
            kinds: self.intake.app.kinds_for(self.unit.id, self.now).into_iter().map(kind).collect(),
            name: shown.one("name"),
            phone: shown.one("phone"),
            email: shown.one("email"),
            work: shown.one("work"),
            says: identity.says.text(self.asked.spoken()).to_owned(),
            may_be_blank: identity.anonymous,
            may_hide: identity.can_be_shielded,
            hide: shown.is("hide", "yes"),
            conflict: self.open.draft.conflict || shown.is("conflict", "yes"),
            known: self.open.draft.seen(step_name) == 0 && !shown.one("email").is_empty(),
        }
    }

    fn do_now(&self, shown: &Shown<'_>, status: StatusCode) -> Response {
        let title = self.say("advice-title");
        let (frame, step) = (self.frame(&title, shown), self.step(flow::DO_NOW, ""));
        let advice = flow::advice(self.pack, &self.open.draft);
        let lines = advice.map(|a| a.lines.iter().map(|l| l.text(self.asked.spoken()).to_owned()).collect());
        let camera = flow::going_on(&self.open.draft);
        let (lines, followed) = (lines.unwrap_or_default(), shown.is("followed", "yes"));
        show(status, &Advice { frame, step, lines, source: String::new(), camera, followed })
    }

    /// The page that sends early.
    pub fn send_now(&self, shown: &Shown<'_>, status: StatusCode) -> Response {
        let title = self.say("send-now-title");
        let step = Step { send_now: false, back: true, ..self.step(flow::SEND, "") };
        let frame = self.frame(&title, shown);
        let (phone, words, sent_to) = (shown.one("phone"), shown.one("words"), self.sent_to().0);
        show(status, &SendNow { frame, step, phone, words, sent_to })
    }

    /// A message in the language of the page.
    pub fn say(&self, key: &str) -> String {
        self.asked.language.say(key)
    }
}
