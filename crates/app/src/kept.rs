//! Who is kept from a report before anybody is told of it: whoever would get it and is involved, and whoever bears a name
//! that stands in it, until somebody else has looked.
//!
//! Keeping somebody out is a row that every query obeys and an event that says who and why, written in the commit that
//! files the report.

use crate::directory::Directory;
use crate::{App, Trouble};
use domain::actor::{Actor, Section};
use domain::ids::{AccountId, StreamId, TenantId, UnitId};
use domain::pack::{Facts, Pack};
use domain::permission::{Action, Allowed, Role, Viewer, allows};
use domain::report::{self, Command, Given, Kept, KeptWhy, Submission};
use domain::text::Note;
use domain::time::Instant;
use store::{Change, ReportRow, RowChange};
use unicode_normalization::UnicodeNormalization;

impl App {
    /// Who is kept from a report that is being filed, and whose officers get it then: those of the first unit upwards in
    /// which somebody is left who may decide about it.
    pub(crate) fn keep_at_filing(
        &self,
        pack: &Pack,
        said: &Submission,
        facts: &Facts,
        by: Actor,
        now: Instant,
    ) -> (Vec<Kept>, UnitId) {
        let directory = self.directory();
        let Some(tenant) = directory.unit(said.unit).map(|unit| unit.tenant) else {
            return (Vec::new(), said.handling_unit);
        };
        let mut kept: Vec<Kept> = Vec::new();
        if said.recipient_involved {
            // Whom the policy names first, or who stands in for them: whom the reporter chose instead is not who is meant.
            let mut people = self.routing(pack, said.unit, facts, now, None).to.people;
            if people.is_empty() {
                people = directory.holders(Role::LocalOfficer, said.unit, now).into_iter().cloned().collect();
            }
            // Whoever takes the call by which somebody is reported is not the one who is reported.
            let involved = people.iter().map(|person| person.id).filter(|id| by != Actor::Account(*id));
            kept.extend(involved.map(|account| Kept { account, why: KeptWhy::Involved }));
        }
        for account in self.named_in(tenant, &texts(said), by) {
            if kept.iter().all(|known| known.account != account) {
                kept.push(Kept { account, why: KeptWhy::Named });
            }
        }
        if kept.is_empty() {
            return (kept, said.handling_unit);
        }
        let out: Vec<AccountId> = kept.iter().map(|kept| kept.account).collect();
        let levels = directory.ancestry(said.handling_unit);
        let level = levels.iter().find(|unit| somebody_decides(&directory, tenant, **unit, &out, now));
        (kept, level.copied().unwrap_or(said.handling_unit))
    }

    /// People of the agency whose name stands in a text, but for the one who typed it.
    pub(crate) fn named_in(&self, tenant: TenantId, texts: &[&str], by: Actor) -> Vec<AccountId> {
        let directory = self.directory();
        let people = directory.people_of(tenant).into_iter().filter(|person| by != Actor::Account(person.id));
        let named = people.filter(|person| texts.iter().any(|text| names(text, &person.profile.name)));
        named.filter(|person| person.active).map(|person| person.id).collect()
    }

    /// Whether anybody at all may decide about this report now.
    pub(crate) fn somebody_decides(&self, row_unit: UnitId, tenant: TenantId, out: &[AccountId], now: Instant) -> bool {
        somebody_decides(&self.directory(), tenant, row_unit, out, now)
    }

    /// The report is not about this person after all: they may learn of it again. Whoever decides about it says so, and
    /// how they know.
    pub async fn let_in(
        &self,
        may: &Allowed,
        row: &ReportRow,
        account: AccountId,
        reason: Note,
    ) -> Result<(), Trouble> {
        if may.action() != Action::Triage || may.stream() != Some(row.id.into()) || may.by() == account {
            return Err(Trouble::NotFound);
        }
        let given = Given { actor: Actor::Account(may.by()), now: self.now() };
        let mut loaded = self.whole_report(row).await?;
        let events = report::decide(&loaded.state, Command::LetIn(account, reason), given)?;
        let mut change = Change::default();
        self.change_report(&mut change, &mut loaded, row, &events, given.actor, given.now)?;
        if !loaded.state.kept_from().contains(&account) {
            change.rows.push(RowChange::Readmit(row.id.into(), account));
        }
        self.store().commit(change).await?;
        Ok(())
    }
}

/// The rows by which people are kept from a stream.
pub(crate) fn rows(stream: StreamId, people: impl IntoIterator<Item = AccountId>) -> Vec<RowChange> {
    people.into_iter().map(|account| RowChange::Exclude(stream, account)).collect()
}

/// Everything in a report that somebody wrote freely.
fn texts(said: &Submission) -> Vec<&str> {
    let mut texts: Vec<&str> = said.words.iter().map(domain::text::Narrative::as_str).collect();
    let notes = [&said.affected, &said.done, &said.done_by_staff, &said.done_by_others];
    texts.extend(notes.into_iter().flatten().map(|note| note.as_str()));
    texts.extend(said.place.iter().map(|place| place.as_str()));
    texts.extend(said.systems.iter().filter_map(|system| system.description.as_ref()).map(|words| words.as_str()));
    texts.extend(said.answers.iter().filter_map(|answer| answer.words.as_ref()).map(|words| words.as_str()));
    texts
}

fn somebody_decides(directory: &Directory, tenant: TenantId, unit: UnitId, out: &[AccountId], now: Instant) -> bool {
    let mut people = directory.people_of(tenant).into_iter().filter(|p| p.active && !out.contains(&p.id));
    people.any(|person| {
        let viewer = Viewer { account: person.id, tenant, grants: directory.grants_of(person.id), now };
        let mut held = viewer.grants.iter().filter(|grant| grant.holds(now) && grant.reaches(unit));
        held.any(|grant| allows(grant.role, Action::Triage, Section::Report))
    })
}

/// Whether a text names this person: their last name written as a name, or beside their first one or its initial. In a
/// text without any capital letter, the last name alone.
pub fn names(text: &str, name: &str) -> bool {
    let parts = split(name);
    let Some((_, last)) = parts.last().filter(|(_, last)| last.chars().count() > 1) else { return false };
    let first = parts.first().filter(|_| parts.len() > 1).map(|(_, first)| first.as_str()).unwrap_or_default();
    let of_first = |word: Option<&(String, String)>| {
        word.is_some_and(|(_, word)| {
            !first.is_empty() && (word == first || first.starts_with(word.as_str()) && word.len() == 1)
        })
    };
    // “Security officer RVB” ends in a code: alone it stands on every tag.
    let code = parts.last().is_some_and(|(written, _)| written.chars().all(|c| !c.is_lowercase()))
        && parts.iter().any(|(written, _)| written.chars().any(char::is_lowercase));
    let words = split(text);
    let plain = !code && !text.chars().any(char::is_uppercase);
    words.iter().enumerate().filter(|(_, (_, word))| word == last).any(|(at, (written, _))| {
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        plain || (!code && written.starts_with(char::is_uppercase)) || of_first(before) || of_first(words.get(at + 1))
    })
}

/// The words of a text, as they are written and without case and accents.
fn split(text: &str) -> Vec<(String, String)> {
    let plain: String = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| (word.to_owned(), word.to_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_people_write_it_and_a_word_is_no_name() {
        for (text, name) in [
            ("Ortiz copied the files", "A. Ortiz"),
            ("I saw A. Ortiz at the console", "A. Ortiz"),
            ("it was ortiz, a colleague said", "A. Ortiz"),
            ("I saw a ortiz there. Yes", "A. Ortiz"),
            ("Mr ORTIZ", "Ana Ortiz"),
            ("Peña took it", "R. Pena"),
            ("I gave it to Ana Lee", "Ana LEE"),
            ("the officer (Stone) sells records", "M. Stone"),
        ] {
            assert!(names(text, name), "{text}");
        }
        for (text, name) in [
            ("The laptop lay under a stone.", "M. Stone"),
            ("A note was left in ward 2", "K. Ward"),
            ("Somebody took it", "A. Ortiz"),
            ("Ortizville is flooded", "A. Ortiz"),
            ("A long story", "A."),
            ("Laptop with tag RVB-44721", "Local security officer RVB"),
        ] {
            assert!(!names(text, name), "{text}");
        }
    }
}
