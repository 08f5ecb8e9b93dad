//! Which edition of a policy governs a day.

use super::{ClauseId, Pack, SeriesId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Standing of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It binds.
    InForce,
    /// Not yet law.
    Proposed,
    /// A later edition took its place.
    Superseded,
    /// Withdrawn.
    Repealed,
    /// Its own end date has passed; the product warns and keeps working.
    Expired,
}

/// Days for which an edition governs although its wording is known to have changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flag {
    /// First such day.
    pub from: Date,
    /// Last such day.
    pub until: Date,
    /// What people are told.
    pub says: String,
}

/// When an edition is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edition {
    /// Year or number that tells it from others: `2016`.
    pub name: String,
    /// First day; `None` where the source states none, which the pack has to say in words.
    pub from: Option<Date>,
    /// Last day; `None` while open.
    pub until: Option<Date>,
    /// Standing.
    pub status: Status,
    /// A sunset or review date the text gives itself.
    pub sunset: Option<Date>,
    /// Days with a warning.
    pub flags: Vec<Flag>,
    /// The clauses that give these dates.
    pub clauses: Vec<ClauseId>,
}

impl Edition {
    /// The text itself covers that day.
    pub fn covers(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// The edition that governs a day, and what to say about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Governing<'a> {
    /// In force, plainly.
    InForce(&'a Pack),
    /// In force, though its wording is known to have changed by then.
    Flagged(&'a Pack, &'a str),
    /// Its end date has passed and no other edition follows: work goes on under it, with a warning.
    Expired(&'a Pack, Date),
    /// No edition reaches back so far.
    None,
}

impl<'a> Governing<'a> {
    /// The pack to work under, if there is one.
    pub fn pack(self) -> Option<&'a Pack> {
        match self {
            Governing::InForce(pack) | Governing::Flagged(pack, _) | Governing::Expired(pack, _) => Some(pack),
            Governing::None => None,
        }
    }

    /// What people have to be told about the text, if anything.
    pub fn warning(self) -> Option<String> {
        match self {
            Governing::Flagged(_, says) => Some(says.to_owned()),
            Governing::Expired(pack, last) => Some(format!(
                "The text of {} was in force until {}. Check with its issuer; work goes on under it.",
                pack.title,
                crate::obligation::say_day(last)
            )),
            Governing::InForce(_) | Governing::None => None,
        }
    }
}

/// The edition of a series that governs reports first made on `day`: of those that cover the day, the one that came
/// last, which takes the place of what was in force before. Proposed and repealed texts never govern.
pub fn in_force<'a>(packs: impl IntoIterator<Item = &'a Pack>, series: &SeriesId, day: Date) -> Governing<'a> {
    let binding = |p: &&Pack| p.series == *series && !matches!(p.edition.status, Status::Proposed | Status::Repealed);
    let editions: Vec<&Pack> = packs.into_iter().filter(binding).collect();
    let covering = editions.iter().filter(|p| p.edition.covers(day));
    if let Some(pack) = covering.max_by_key(|p| p.edition.from) {
        return match pack.edition.flags.iter().find(|f| f.from <= day && day <= f.until) {
            Some(flag) => Governing::Flagged(pack, &flag.says),
            None => Governing::InForce(pack),
        };
    }
    let ended = editions.iter().filter_map(|p| Some((p.edition.until.filter(|last| *last < day)?, *p)));
    match ended.max_by_key(|(last, _)| *last) {
        Some((last, pack)) => Governing::Expired(pack, last),
        None => Governing::None,
    }
}
