//! The eight questions of a report, one per page, and the branch for something lost or stolen.

use askama::Template;

use super::Step;
use crate::screens::{
    frame::{Choice, Frame},
    pages,
};

/// 1: what happened. Sends `what`, once per tile chosen.
#[derive(Debug, Template)]
#[template(path = "public/what.html")]
pub struct What {
    /// The frame.
    pub frame: Frame,
    /// Where this question stands.
    pub step: Step,
    /// The pack's kinds of event.
    pub kinds: Vec<Choice>,
}

/// 2: is it still going on. Three buttons that send `now` = `yes`, `no` or `unsure` and move on by themselves.
#[derive(Debug, Template)]
#[template(path = "public/now.html")]
pub struct Now {
    /// The frame.
    pub frame: Frame,
    /// Where this question stands.
    pub step: Step,
    /// The present answer, in words, or empty.
    pub answered: String,
}

/// 3: where. Sends `unit` (a value of `units`, `elsewhere` for another), `elsewhere` and `place`.
#[derive(Debug, Template)]
#[template(path = "public/where.html")]
pub struct Where {
    /// The frame.
    pub frame: Frame,
    /// Where this question stands.
    pub step: Step,
    /// This unit, its neighbours, and somewhere else.
    pub units: Vec<Choice>,
    /// The name of another place.
    pub elsewhere: String,
    /// Building, room, vehicle, website.
    pub place: String,
}

/// 4: own words and files. A multipart form: `words`, `files`; `then` may be `upload`; `remove` names a file to take out.
#[derive(Debug, Template)]
#[template(path = "public/own_words.html")]
pub struct OwnWords {
    /// The frame.
    pub frame: Frame,
    /// Where this question stands.
    pub step: Step,
    /// What was written.
    pub words: String,
    /// What was attached.
    pub files: Vec<File>,
    /// “20 files, 500 MB each”, in words.
    pub limits: String,
    /// The largest file in bytes, for the script that names a file too large before it is sent.
    pub largest: u64,
    /// Whether this person may have made an honest mistake, and should hear that this is all right.
    pub mistake: bool,
}

/// A file that has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// What removes it: the value of the `remove` button. Empty where files can no longer be removed.
    pub id: String,
    /// Its name as the person knows it.
    pub name: String,
    /// “2.4 MB”
    pub size: String,
    /// “Received and sealed”
    pub state: String,
}

/// 5: when. Sends `when` (a value of `quick`), and `month`, `day`, `year`, `time` when it is `date`.
#[derive(Debug, Template)]
#[template(path = "public/when.html")]
pub struct When {
    /// The frame; problems may stand on `when`, `day` (for the date as a whole) and `time`.
    pub frame: Frame,
    /// Where this question stands.
    pub step: Step,
    /// Just now, today, yesterday, another day, not known.
    pub quick: Vec<Choice>,
    /// 1–12 as typed.
    pub month: String,
    /// As typed.
    pub day: String,
    /// As typed.
    pub year: String,
    /// As typed: “3 p.m.”, “15:00”.
    pub time: String,
    /// Today, said in full with the zone.
    pub today: String,
    /// When it was noticed: at that moment, or later. Sends `noticed`, `n-month`, `n-day`, `n-year`, `n-time`.
    pub noticed: Vec<Choice>,
    /// Month, day, year and time of noticing, as typed.
    pub noticed_date: [String; 4],
}

/// 6: who or what is affected. Sends `things` (many), `people` (one), `systems`.
#[derive(Debug, Template)]
#[template(path = "public/affected.html")]
pub struct Affected {
    /// The frame.
    pub frame: Frame,
    /// Where this question stands.
    pub step: Step,
    /// The pack's kinds of thing: information about people, a computer, a building.
    pub things: Vec<Choice>,
    /// About how many people: none, 1, 2–10 …, not known.
    pub people: Vec<Choice>,
    /// Names of systems, in own words.
    pub systems: String,
    /// Whether “I don't know yet” is ticked, where it is offered.
    pub unknown: Option<bool>,
}

/// 6, the branch: what was lost or stolen. Each item sends `item-N-kind`, `item-N-holds` (many), and the pack's further
/// questions as `item-N-q-` with their name. `then` may be `another`; `remove` names an item to take out.
#[derive(Debug, Template)]
#[template(path = "public/lost.html")]
pub struct Lost {
    /// The frame.
    pub frame: Frame,
    /// Where this question stands.
    pub step: Step,
    /// Who will be told, in the pack's words.
    pub says: String,
    /// At least one.
    pub items: Vec<Item>,
}

/// One thing that was lost or stolen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// From 1.
    pub number: usize,
    /// Laptop, phone, USB, paper, badge …
    pub kinds: Vec<Choice>,
    /// What is on it.
    pub holds: Vec<Choice>,
    /// What the pack asks about it besides.
    pub fields: Vec<Field>,
}

/// A question of the pack that has no page of its own design.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// The name of the field.
    pub name: String,
    /// The question.
    pub label: String,
    /// A line under it, or empty.
    pub hint: String,
    /// What was typed, where it is a line of text.
    pub text: String,
    /// The choices, where there are any.
    pub choices: Vec<Choice>,
    /// Whether several may be chosen.
    pub many: bool,
}

/// A question that only this pack asks: one line, or choices. Sends `answer`, `answer-words` and `unknown`.
#[derive(Debug, Template)]
#[template(path = "public/plain.html")]
pub struct Plain {
    /// The frame.
    pub frame: Frame,
    /// Where this question stands.
    pub step: Step,
    /// The question.
    pub field: Field,
    /// What asks for words beside the answer, or empty where none are needed.
    pub says: String,
    /// Those words, as typed.
    pub words: String,
    /// Whether “I don't know yet” is ticked, where it is offered.
    pub unknown: Option<bool>,
}

/// 6, further: what had a part in it, by name. Each item sends `item-N-kind`, `item-N-name` and `item-N-part`; `none`
/// (many) names what certainly had no part. `then` may be `another`; `remove` names an item to take out.
#[derive(Debug, Template)]
#[template(path = "public/named.html")]
pub struct Named {
    /// The frame.
    pub frame: Frame,
    /// Where this question stands.
    pub step: Step,
    /// At least one.
    pub items: Vec<NamedItem>,
    /// What had no part in it.
    pub none: Vec<Choice>,
}

/// A thing by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedItem {
    /// From 1.
    pub number: usize,
    /// What it is.
    pub kinds: Vec<Choice>,
    /// Its name, as typed.
    pub name: String,
    /// Its part in it.
    pub parts: Vec<Choice>,
}

/// 7: what has been done so far. Sends `yours`, `staff` and `others`, each with `-when`, and `unknown`.
#[derive(Debug, Template)]
#[template(path = "public/done.html")]
pub struct Done {
    /// The frame.
    pub frame: Frame,
    /// Where this question stands.
    pub step: Step,
    /// By the person who reports.
    pub yours: String,
    /// By technical staff.
    pub staff: String,
    /// By anyone else.
    pub others: String,
    /// When each was done, as typed.
    pub times: [String; 3],
    /// Whether “I don't know yet” is ticked, where it is offered.
    pub unknown: Option<bool>,
}

/// 8: who you are. Sends `name`, `phone`, `email`, `work`, `kind`, `hide` (= `yes`), `conflict` (= `yes`).
#[derive(Debug, Template)]
#[template(path = "public/you.html")]
pub struct You {
    /// The frame.
    pub frame: Frame,
    /// Where this question stands.
    pub step: Step,
    /// Employee, contractor, volunteer … of the pack.
    pub kinds: Vec<Choice>,
    /// As typed.
    pub name: String,
    /// As typed.
    pub phone: String,
    /// As typed.
    pub email: String,
    /// Place of work, as typed.
    pub work: String,
    /// What the pack says about names.
    pub says: String,
    /// Whether the pack takes a report without a name.
    pub may_be_blank: bool,
    /// Whether the pack lets a name be kept from the facility.
    pub may_hide: bool,
    /// Present answer.
    pub hide: bool,
    /// “The person I report to is involved”.
    pub conflict: bool,
    /// Whether name and numbers stand there from the directory.
    pub known: bool,
}

pages!(What, Now, Where, OwnWords, When, Affected, Lost, Named, Plain, Done, You);
