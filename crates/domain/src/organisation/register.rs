//! The register of an agency: who is designated to which office from when to when, who is away, which units a policy
//! leaves out, which address a role had on which day, and what the state told. Days are civil days of the agency.

use super::reviews::{Looked, RoundOpened, RoundTold, Summary, Threshold};
use crate::ids::{AccountId, EntryId, UnitId};
use crate::pack::{Office, RoleId};
use crate::text::{Line, Note};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// Somebody designated to an office.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Designation {
    /// The office: a role of the policy.
    pub office: RoleId,
    /// Where it is held; the agency's head for an office of the whole agency.
    pub unit: UnitId,
    /// Who holds it.
    pub holder: AccountId,
    /// The first day.
    pub from: Date,
    /// The last day; `None` while it lasts.
    pub until: Option<Date>,
    /// Who designated them, where that is on record.
    pub by: Option<Line<120>>,
}

impl Designation {
    /// Whether it covers that day.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|last| day <= last)
    }
}

/// Somebody who is not there, first and last day included.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Absence {
    /// The entry.
    pub id: EntryId,
    /// Who is away.
    pub person: AccountId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Who acts in their place.
    pub acting: Option<AccountId>,
}

impl Absence {
    /// Whether it covers that day.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

/// The address at which a role is reached from a day on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Channel {
    /// The role.
    pub role: RoleId,
    /// The unit for which it holds; `None` for the whole agency.
    pub unit: Option<UnitId>,
    /// Its mail address.
    pub mail: Line<254>,
    /// The first day.
    pub from: Date,
}

/// A unit that a law leaves out of the policy for a time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LeftOut {
    /// The entry.
    pub id: EntryId,
    /// The unit, and every unit below it.
    pub unit: UnitId,
    /// The first day.
    pub from: Date,
    /// The last day; `None` while it lasts.
    pub until: Option<Date>,
    /// The law that says so.
    pub reference: Line<200>,
}

impl LeftOut {
    /// Whether it covers that day.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|last| day <= last)
    }
}

/// A notice of the state about the threat level, as it was received.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StateNotice {
    /// The entry.
    pub id: EntryId,
    /// The body whose notice it is.
    pub source: RoleId,
    /// The day of the notice.
    pub on: Date,
    /// Its time of day.
    pub at: Option<Time>,
    /// Its reference.
    pub reference: Option<Line<120>>,
    /// The numbered level, where the policy has a scale.
    pub level: Option<u8>,
    /// What it says.
    pub says: Note,
    /// By which channel it came.
    #[serde(default)]
    pub channel: Option<Line<80>>,
    /// Who sent it.
    #[serde(default)]
    pub sender: Option<Line<120>>,
}

/// What can happen to the register.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "entry", content = "of", rename_all = "snake_case")]
pub enum Change {
    /// Somebody was designated.
    Designated(Designation),
    /// A designation ends on that day.
    Ended {
        /// The office.
        office: RoleId,
        /// Where.
        unit: UnitId,
        /// Who held it.
        holder: AccountId,
        /// From when, which tells two terms of one person apart.
        from: Date,
        /// The last day.
        last: Date,
    },
    /// Somebody will be, or was, away.
    Away(Absence),
    /// They are back, or never went.
    Back {
        /// The absence.
        id: EntryId,
        /// The last day away; before its first day the absence is taken out.
        last: Date,
    },
    /// A role is reached elsewhere from a day on.
    Reached(Channel),
    /// A unit is left out of the policy.
    LeftOut(LeftOut),
    /// The policy binds the unit again after that day.
    BoundAgain {
        /// The entry.
        id: EntryId,
        /// The last day on which it was left out.
        last: Date,
    },
    /// A notice of the state was received.
    Notice(StateNotice),
    /// The channels by which such notices come, all of them.
    NoticeChannels(Vec<Line<80>>),
    /// A round of summaries was opened.
    RoundOpened(RoundOpened),
    /// A unit sent its summary.
    SummarySent(Summary),
    /// The trends of a round were told to somebody.
    RoundTold(RoundTold),
    /// A unit took its routine look.
    Looked(Looked),
    /// A threshold was set.
    ThresholdSet(Threshold),
    /// A threshold counts no more after that day.
    ThresholdEnded {
        /// The entry.
        id: EntryId,
        /// The last day.
        last: Date,
    },
}

impl Change {
    /// The kind as it stands in the header of the journal entry.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Designated(_) => "administration.office_designated",
            Self::Ended { .. } => "administration.office_ended",
            Self::Away(_) => "administration.absence_marked",
            Self::Back { .. } => "administration.absence_ended",
            Self::Reached(_) => "administration.channel_set",
            Self::LeftOut(_) => "administration.unit_left_out",
            Self::BoundAgain { .. } => "administration.unit_bound_again",
            Self::Notice(_) => "administration.state_notice",
            Self::NoticeChannels(_) => "administration.notice_channels",
            Self::RoundOpened(_) => "administration.round_opened",
            Self::SummarySent(_) => "administration.summary_sent",
            Self::RoundTold(_) => "administration.round_told",
            Self::Looked(_) => "administration.routine_review",
            Self::ThresholdSet(_) => "administration.threshold_set",
            Self::ThresholdEnded { .. } => "administration.threshold_ended",
        }
    }
}

/// Why a change is not made, in words that name what to do.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// The policy says who designates.
    #[error("Write who designates: the policy in force names them.")]
    NoDesignator,
    /// The last day lies before the first.
    #[error("The last day lies before the first.")]
    Backwards,
    /// They hold the office on that day.
    #[error("They hold this office on that day already.")]
    AlreadyHeld,
    /// Somebody follows later, and the new designation has no end.
    #[error("Somebody else is designated from {0} on. Write a last day before that.")]
    Followed(Date),
    /// Nobody acts for themselves.
    #[error("Choose somebody else to act: nobody stands in for themselves.")]
    ActsForThemselves,
    /// There is no such entry.
    #[error("There is no such entry any more. Look at the page again.")]
    NoSuchEntry,
    /// It would begin before the one that holds.
    #[error("An address holds from {0} on. Write that day or a later one.")]
    BeforeTheLast(Date),
    /// Only one body's notices are taken down, with all that the policy wants of them.
    #[error("{0}")]
    NoticeLacks(&'static str),
    /// A channel that is not on the list.
    #[error("Choose the channel from the list. An administrator can add one.")]
    UnknownChannel,
    /// The policy holds no such round, or nobody has opened it.
    #[error("There is no round for {0}.")]
    NoRound(i16),
    /// There is one.
    #[error("The round for {0} is open already; there is one each year.")]
    RoundOpen(i16),
    /// One summary for each unit and round.
    #[error("The summary of this unit has been sent already.")]
    SentAlready,
    /// Something has to be said of every part.
    #[error("Write what you found about {0}, or that nothing was found.")]
    PartEmpty(String),
    /// One incident is no pattern.
    #[error("A threshold counts at least two incidents within at least one day.")]
    NoThreshold,
}

/// The register as its changes tell it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Register {
    /// Designations, in order of recording.
    pub designations: Vec<Designation>,
    /// Absences, in order of recording.
    pub absences: Vec<Absence>,
    /// Addresses of roles, in order of their days.
    pub channels: Vec<Channel>,
    /// Units left out.
    pub left_out: Vec<LeftOut>,
    /// Notices of the state, in order of recording.
    pub notices: Vec<StateNotice>,
    /// The channels by which such notices come.
    pub notice_channels: Vec<Line<80>>,
    /// Rounds that were opened.
    pub rounds: Vec<RoundOpened>,
    /// Summaries, in order of arrival.
    pub summaries: Vec<Summary>,
    /// Whom the trends of rounds were told to.
    pub told: Vec<RoundTold>,
    /// Routine looks, in order of recording.
    pub looks: Vec<Looked>,
    /// Thresholds, in order of setting.
    pub thresholds: Vec<Threshold>,
}

impl Register {
    /// Takes in one change.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Designated(new) => self.designations.push(new.clone()),
            Change::Ended { office, unit, holder, from, last } => {
                let same = |d: &&mut Designation| {
                    d.office == *office && d.unit == *unit && d.holder == *holder && d.from == *from
                };
                if let Some(ended) = self.designations.iter_mut().find(same) {
                    ended.until = Some(*last);
                }
                // What ends before it begins never was.
                self.designations.retain(|d| d.until.is_none_or(|last| d.from <= last));
            }
            Change::Away(absence) => self.absences.push(absence.clone()),
            Change::Back { id, last } => {
                if let Some(absence) = self.absences.iter_mut().find(|a| a.id == *id) {
                    absence.until = *last;
                }
                self.absences.retain(|a| a.from <= a.until);
            }
            Change::Reached(channel) => {
                self.channels.push(channel.clone());
                self.channels.sort_by_key(|c| c.from);
            }
            Change::LeftOut(left_out) => self.left_out.push(left_out.clone()),
            Change::BoundAgain { id, last } => {
                if let Some(entry) = self.left_out.iter_mut().find(|l| l.id == *id) {
                    entry.until = Some(*last);
                }
                self.left_out.retain(|l| l.until.is_none_or(|last| l.from <= last));
            }
            Change::Notice(notice) => self.notices.push(notice.clone()),
            Change::NoticeChannels(channels) => self.notice_channels.clone_from(channels),
            Change::RoundOpened(round) => self.rounds.push(round.clone()),
            Change::SummarySent(summary) => self.summaries.push(summary.clone()),
            Change::RoundTold(told) => self.told.push(told.clone()),
            Change::Looked(look) => self.looks.push(look.clone()),
            Change::ThresholdSet(threshold) => self.thresholds.push(threshold.clone()),
            Change::ThresholdEnded { id, last } => {
                if let Some(threshold) = self.thresholds.iter_mut().find(|t| t.id == *id) {
                    threshold.until = Some(*last);
                }
            }
        }
    }

    /// Who is designated to an office on a day.
    pub fn holder_on(&self, office: &RoleId, unit: UnitId, day: Date) -> Option<&Designation> {
        self.terms(office, unit).into_iter().rev().find(|d| d.covers(day))
    }

    /// Everybody ever designated to an office, by their first day.
    pub fn terms(&self, office: &RoleId, unit: UnitId) -> Vec<&Designation> {
        let mut terms: Vec<_> = self.designations.iter().filter(|d| d.office == *office && d.unit == unit).collect();
        terms.sort_by_key(|d| d.from);
        terms
    }

    /// The absence that covers a person on a day.
    pub fn away_on(&self, person: AccountId, day: Date) -> Option<&Absence> {
        self.absences.iter().rev().find(|a| a.person == person && a.covers(day))
    }

    /// The mail address of a role for a unit on a day; `line` is the unit and everything above it, nearest first.
    pub fn mail_of(&self, role: &RoleId, line: &[UnitId], day: Date) -> Option<&Line<254>> {
        let held = |unit: Option<UnitId>| {
            self.channels.iter().rev().find(|c| c.role == *role && c.unit == unit && c.from <= day)
        };
        line.iter().find_map(|unit| held(Some(*unit))).or_else(|| held(None)).map(|c| &c.mail)
    }

    /// The entry that leaves a unit out on a day; `line` is the unit and everything above it.
    pub fn left_out_on(&self, line: &[UnitId], day: Date) -> Option<&LeftOut> {
        self.left_out.iter().find(|l| line.contains(&l.unit) && l.covers(day))
    }

    /// Designates somebody: whoever held the office ends on the day before.
    pub fn designate(&self, new: Designation, office: &Office) -> Result<Vec<Change>, Refusal> {
        if office.designator_required && new.by.is_none() {
            return Err(Refusal::NoDesignator);
        }
        if new.until.is_some_and(|last| last < new.from) {
            return Err(Refusal::Backwards);
        }
        let before = new.from.yesterday().unwrap_or(new.from);
        let mut changes = Vec::new();
        for term in self.terms(&new.office, new.unit) {
            if term.from >= new.from {
                if term.from == new.from && term.holder == new.holder {
                    return Err(Refusal::AlreadyHeld);
                }
                if new.until.is_none_or(|last| last >= term.from) {
                    return Err(Refusal::Followed(term.from));
                }
            } else if term.covers(new.from) {
                if term.holder == new.holder {
                    return Err(Refusal::AlreadyHeld);
                }
                changes.push(Change::Ended {
                    office: term.office.clone(),
                    unit: term.unit,
                    holder: term.holder,
                    from: term.from,
                    last: before,
                });
            }
        }
        changes.push(Change::Designated(new));
        Ok(changes)
    }

    /// Ends a designation on a day; before its first day it is taken out.
    pub fn end(&self, office: &RoleId, unit: UnitId, on: Date, last: Date) -> Result<Vec<Change>, Refusal> {
        let term = self.holder_on(office, unit, on).ok_or(Refusal::NoSuchEntry)?;
        let (holder, from) = (term.holder, term.from);
        Ok(vec![Change::Ended { office: office.clone(), unit, holder, from, last }])
    }

    /// Marks somebody as away.
    pub fn mark_away(&self, absence: Absence) -> Result<Vec<Change>, Refusal> {
        if absence.until < absence.from {
            return Err(Refusal::Backwards);
        }
        if absence.acting == Some(absence.person) {
            return Err(Refusal::ActsForThemselves);
        }
        Ok(vec![Change::Away(absence)])
    }

    /// Ends an absence: they are back on `today`.
    pub fn back(&self, id: EntryId, today: Date) -> Result<Vec<Change>, Refusal> {
        self.absences.iter().find(|a| a.id == id && a.until >= today).ok_or(Refusal::NoSuchEntry)?;
        Ok(vec![Change::Back { id, last: today.yesterday().unwrap_or(today) }])
    }

    /// Sets where a role is reached from a day on. Earlier days keep the address they had.
    pub fn reach(&self, channel: Channel) -> Result<Vec<Change>, Refusal> {
        let last = self.channels.iter().rev().find(|c| c.role == channel.role && c.unit == channel.unit);
        match last {
            Some(last) if last.from > channel.from => Err(Refusal::BeforeTheLast(last.from)),
            Some(last) if last.mail == channel.mail => Ok(Vec::new()),
            _ => Ok(vec![Change::Reached(channel)]),
        }
    }

    /// Leaves a unit out of the policy.
    pub fn leave_out(&self, new: LeftOut) -> Result<Vec<Change>, Refusal> {
        if new.until.is_some_and(|last| last < new.from) {
            Err(Refusal::Backwards)
        } else {
            Ok(vec![Change::LeftOut(new)])
        }
    }

    /// The policy binds a unit again after a day.
    pub fn bind_again(&self, id: EntryId, last: Date) -> Result<Vec<Change>, Refusal> {
        self.left_out.iter().find(|l| l.id == id).ok_or(Refusal::NoSuchEntry)?;
        Ok(vec![Change::BoundAgain { id, last }])
    }

    /// Sets the channels by which notices of the state come.
    pub fn set_notice_channels(&self, mut channels: Vec<Line<80>>) -> Vec<Change> {
        channels.dedup();
        if channels == self.notice_channels { Vec::new() } else { vec![Change::NoticeChannels(channels)] }
    }

    /// Takes down a notice of the state, as the policy wants it.
    pub fn take_notice(
        &self,
        notice: StateNotice,
        rules: &crate::pack::StateNotices,
        today: Date,
    ) -> Result<Vec<Change>, Refusal> {
        if notice.source != rules.source {
            return Err(Refusal::NoticeLacks("Only notices of the state office that the policy names are taken down."));
        }
        if rules.exact && notice.at.is_none() {
            return Err(Refusal::NoticeLacks("Write the time of the notice, such as 3:30 pm."));
        }
        if rules.exact && notice.reference.is_none() {
            return Err(Refusal::NoticeLacks("Write the reference of the notice, as it stands on it."));
        }
        if rules.channels && notice.sender.is_none() {
            return Err(Refusal::NoticeLacks("Write who sent the notice."));
        }
        let listed = |channel: &Line<80>| self.notice_channels.contains(channel);
        if rules.channels && !notice.channel.as_ref().is_some_and(listed) {
            return Err(Refusal::UnknownChannel);
        }
        let known = notice.level.is_none_or(|level| (1..=rules.levels.len()).contains(&usize::from(level)));
        if rules.levels.is_empty() != notice.level.is_none() || !known {
            return Err(Refusal::NoticeLacks("Choose the level that the notice tells."));
        }
        if notice.on > today {
            return Err(Refusal::NoticeLacks("The day of the notice can’t be in the future."));
        }
        Ok(vec![Change::Notice(notice)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn id<T: From<uuid::Uuid>>(n: u128) -> T {
        T::from(uuid::Uuid::from_u128(n))
    }

    fn term(holder: u128, from: Date, until: Option<Date>) -> Designation {
        let office = RoleId::parse("cso").expect("a name");
        Designation { office, unit: id(1), holder: id(holder), from, until, by: None }
    }

    fn taken(register: &mut Register, changes: Vec<Change>) {
        changes.iter().for_each(|change| register.apply(change));
    }

    const FREE: Office = Office { designator_required: false, each: Vec::new() };

    #[test]
    fn a_second_chief_ends_the_first_on_the_day_before_and_history_knows_every_day() {
        let mut register = Register::default();
        let first = register.designate(term(7, date(2004, 9, 1), None), &FREE).expect("designated");
        taken(&mut register, first);
        let second = register.designate(term(8, date(2005, 2, 1), None), &FREE).expect("designated");
        taken(&mut register, second);
        let office = RoleId::parse("cso").expect("a name");
        for (day, holder) in [
            (date(2004, 8, 31), None),
            (date(2004, 9, 1), Some(7)),
            (date(2005, 1, 31), Some(7)),
            (date(2005, 2, 1), Some(8)),
            (date(2016, 7, 1), Some(8)),
        ] {
            let held = register.holder_on(&office, id(1), day).map(|d| d.holder);
            assert_eq!(held, holder.map(id), "{day}");
        }
        assert_eq!(register.terms(&office, id(1))[0].until, Some(date(2005, 1, 31)));
        let again = register.designate(term(8, date(2005, 3, 1), None), &FREE);
        assert_eq!(again, Err(Refusal::AlreadyHeld));
        let earlier = register.designate(term(9, date(2004, 12, 1), None), &FREE);
        assert_eq!(earlier, Err(Refusal::Followed(date(2005, 2, 1))));
    }

    #[test]
    fn where_the_policy_names_who_designates_the_record_does_too() {
        let named = Office { designator_required: true, each: Vec::new() };
        let without = Register::default().designate(term(7, date(2004, 9, 1), None), &named);
        assert_eq!(without, Err(Refusal::NoDesignator));
    }

    #[test]
    fn an_address_holds_from_its_day_and_earlier_days_keep_theirs() {
        let mut register = Register::default();
        let role = RoleId::parse("ismo").expect("a name");
        let at = |mail: &str, from| Channel {
            role: role.clone(),
            unit: None,
            mail: Line::parse(mail).expect("a line"),
            from,
        };
        for channel in [at("old@example.gov", date(2024, 1, 1)), at("new@example.gov", date(2024, 5, 1))] {
            let set = register.reach(channel).expect("set");
            taken(&mut register, set);
        }
        let mail = |day| register.mail_of(&role, &[id(1)], day).map(ToString::to_string);
        assert_eq!(mail(date(2023, 12, 31)), None);
        assert_eq!(mail(date(2024, 4, 30)).as_deref(), Some("old@example.gov"));
        assert_eq!(mail(date(2024, 5, 1)).as_deref(), Some("new@example.gov"));
        assert_eq!(
            register.reach(at("x@example.gov", date(2024, 2, 1))),
            Err(Refusal::BeforeTheLast(date(2024, 5, 1)))
        );
    }
}
