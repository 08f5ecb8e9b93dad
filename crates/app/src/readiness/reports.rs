//! Reports of changes of level: what is filled in beforehand, to whom they go, how they read and what they are as data.

use super::letters::officers;
use super::{Board, only_the};
use crate::directory::Directory;
use crate::mail::Letter;
use crate::{App, Trouble};
use domain::ids::EntryId;
use domain::organisation::readiness::decide::mend;
use domain::organisation::readiness::{
    Change, Delivered, Draft, Issued, Left, Outcome, ReportKind, Sent, Step, Value, Values, Why,
};
use domain::pack::{FilledWith, Language, Level, ReportField, ReportFieldKind};
use domain::permission::Viewer;
use domain::text::{Line, Name, Note};
use domain::time::Instant;

/// A report as somebody writes it.
#[derive(Clone, Debug)]
pub struct Writing {
    /// The change it reports.
    pub step: EntryId,
    /// Whether it is a summary while the level lasts.
    pub kind: ReportKind,
    /// What it says.
    pub values: Values,
    /// Whom it leaves out: keys of recipients.
    pub left_out: Vec<String>,
    /// Why.
    pub why: Option<Note>,
}

/// A line of a report: what is asked and what stands there, one text a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What is asked.
    pub label: String,
    /// What stands there.
    pub lines: Vec<String>,
}

/// What a recipient is called in forms.
pub fn key(who: &Sent) -> String {
    who.person.map_or_else(|| who.role.to_string(), |person| person.to_string())
}

impl Board<'_> {
    /// Whether the level was raised by the state’s and not by a declaration.
    pub fn raised_by_floor(&self, step: &Step) -> bool {
        step.why == Why::RaisedByFloor
    }

    /// Everybody who gets a report today: the bodies that the policy names, and everybody who holds a role it names.
    pub fn recipients(&self, directory: &Directory, now: Instant) -> Vec<Sent> {
        let mut all = Vec::new();
        let today = now.day_in(&self.zone);
        for role in self.rules.reported_to.iter().filter_map(|id| self.pack.role(id)) {
            if role.level == Level::State {
                let register = directory.agency(self.tenant).map(|agency| &agency.register);
                let kept = register.and_then(|register| register.mail_of(&role.id, &[self.head], today)).cloned();
                let printed = role.reach.as_ref().and_then(|reach| reach.mail.as_deref());
                let mail = kept.or_else(|| printed.and_then(|mail| Line::parse(mail).ok()));
                let name = Name::parse(&role.title.en).unwrap_or_else(|_| Name::dash());
                all.push(Sent { role: role.id.clone(), person: None, name, mail });
                continue;
            }
            for (person, unit) in officers(directory, self, role.capacity, now) {
                let name = Name::parse(&format!("{}, {unit}", person.profile.name)).unwrap_or_else(|_| Name::dash());
                let mail = Line::parse(&person.profile.email).ok();
                all.push(Sent { role: role.id.clone(), person: Some(person.id), name, mail });
            }
        }
        all
    }

    /// Why a level holds, in one text: the reason of its declaration, or the notice that raised it.
    pub fn reason(&self, step: &Step) -> String {
        if let Some(declaration) = self.readiness.declaration(step.id) {
            return declaration.reason.to_string();
        }
        let notice = self.notices.iter().find(|notice| notice.id == step.id);
        let reference = notice.and_then(|notice| notice.reference.as_ref());
        let reference = reference.map(|r| format!(", {r}")).unwrap_or_default();
        format!(
            "The state’s level rose to {}{reference}; the department’s is never lower.",
            self.rules.says(step.level)
        )
    }

    /// What a declaration rests on, as a report prints it; what only the declarer reads is not in it.
    pub fn basis(&self, step: &Step) -> Vec<Said> {
        let Some(declaration) = self.readiness.declaration(step.id) else {
            return vec![Said { label: "Raised by".to_owned(), lines: vec![self.reason(step)] }];
        };
        let mut said = Vec::new();
        for factor in self.rules.factors.iter().filter(|factor| !factor.restricted) {
            let words = declaration.factors.get(&factor.id).and_then(Option::as_ref);
            let words = words.map_or_else(|| "unchanged".to_owned(), ToString::to_string);
            said.push(Said { label: format!("Factor: {}", factor.says), lines: vec![words] });
        }
        for weighed in &self.rules.weighed {
            let words = declaration.weighed.get(&weighed.id).and_then(Option::as_ref);
            let words = words.map_or_else(|| "not known".to_owned(), ToString::to_string);
            said.push(Said { label: weighed.says.clone(), lines: vec![words] });
        }
        let named: Vec<String> =
            declaration.activities.iter().filter_map(|id| self.rules.activity(id)).map(|a| a.says.clone()).collect();
        if !named.is_empty() {
            said.push(Said { label: "Activity".to_owned(), lines: named });
        }
        said
    }

    /// The measures that some unit did while a level lasted, each once.
    pub fn measures_done(&self, step: &Step) -> Vec<String> {
        let mut done: Vec<String> = Vec::new();
        for measure in self.readiness.measures_at(step.level, Some(step.at), step.until) {
            let was = self
                .readiness
                .answers
                .iter()
                .any(|a| a.step == step.id && a.measure == measure.id && a.outcome == Outcome::Done);
            if was {
                done.push(measure.what.to_string());
            }
        }
        done
    }

    /// How a value reads.
    pub fn read(&self, field: &ReportField, value: Option<&Value>, level: u8) -> Said {
        let lines = match (field.kind, value) {
            (ReportFieldKind::Level, _) => vec![self.rules.says(level)],
            (_, None) => Vec::new(),
            (_, Some(Value::Words(words))) => vec![words.to_string()],
            (_, Some(Value::Chosen(id))) => {
                field.choices.iter().filter(|choice| choice.id == *id).map(|choice| choice.says.clone()).collect()
            }
            (_, Some(Value::Day(day))) => vec![day.to_string()],
            (_, Some(Value::Time(time))) => vec![format!("{} {}", time.strftime("%H:%M"), self.zone.name())],
            (_, Some(Value::List(things))) => things.iter().map(ToString::to_string).collect(),
            (_, Some(Value::Rows(rows))) => {
                rows.iter()
                    .map(|row| {
                        let cells =
                            field.columns.iter().zip(row).filter_map(|(column, cell)| {
                                cell.as_ref().map(|cell| format!("{}: {cell}", column.says))
                            });
                        cells.collect::<Vec<_>>().join("; ")
                    })
                    .collect()
            }
            (_, Some(Value::Ranked(things))) => {
                let mut things: Vec<_> = things.iter().collect();
                things.sort_by_key(|thing| thing.rank);
                things.into_iter().map(|thing| format!("{}. {}", thing.rank, thing.what)).collect()
            }
            (_, Some(Value::Nothing)) => field.or_none.iter().cloned().collect(),
        };
        Said { label: field.label.clone(), lines }
    }

    /// A report line by line, as it prints.
    pub fn lines(&self, report: &Issued) -> Vec<Said> {
        let fields = self.rules.fields_at(report.level);
        let said = fields.map(|field| self.read(field, report.values.get(&field.id), report.level));
        let said = said.filter(|said| !said.lines.is_empty());
        let basis = self.timeline.step(report.step).map(|step| self.basis(step)).unwrap_or_default();
        said.chain(basis).collect()
    }

    /// A report as data: every field by its id, the level by number and name, the moment with its offset.
    pub fn as_data(&self, report: &Issued, agency: &str) -> serde_json::Value {
        let fields: serde_json::Map<String, serde_json::Value> = self
            .rules
            .fields_at(report.level)
            .map(|field| {
                let said = self.read(field, report.values.get(&field.id), report.level);
                (field.id.to_string(), serde_json::json!({ "label": said.label, "says": said.lines }))
            })
            .collect();
        let basis: Vec<serde_json::Value> = self
            .timeline
            .step(report.step)
            .map(|step| self.basis(step))
            .unwrap_or_default()
            .into_iter()
            .map(|said| serde_json::json!({ "label": said.label, "says": said.lines }))
            .collect();
        let dated = report.dated(self.rules, &self.zone);
        serde_json::json!({
            "report": report.id.to_string(),
            "agency": agency,
            "scheme": self.rules.title,
            "policy": self.pack.id.to_string(),
            "kind": report.kind,
            "level": report.level,
            "level_name": self.rules.level(report.level).map(|level| level.name.en.as_str()),
            "reported_at": dated.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
            "zone": self.zone.name(),
            "fields": fields,
            "basis": basis,
            "sent_to": report.sent.iter().map(|to| to.name.as_str()).collect::<Vec<_>>(),
        })
    }
}

impl App {
    /// What a report says before anybody has written in it: what is known, and what the last one said of its writer.
    pub fn filled_report(&self, viewer: &Viewer, board: &Board<'_>, step: &Step) -> Values {
        if let Some(draft) = board.readiness.draft_of(step.id) {
            return draft.values.clone();
        }
        let directory = self.directory();
        let person = directory.person(viewer.account);
        let now = viewer.now.in_zone(&board.zone);
        let words = |text: &str| Note::parse(text).ok().map(Value::Words);
        let fill = |field: &ReportField| -> Option<Value> {
            match field.filled_with? {
                FilledWith::Organization => words(&directory.agency(board.tenant)?.profile.name.en),
                FilledWith::Location => match board.readiness.last_said(&field.id) {
                    Some(said) => Some(said.clone()),
                    None => words(&directory.unit(board.head)?.profile.name.en),
                },
                FilledWith::Now if field.kind == ReportFieldKind::Day => Some(Value::Day(now.date())),
                FilledWith::Now => {
                    let minute = jiff::civil::Time::new(now.hour(), now.minute(), 0, 0).ok()?;
                    Some(Value::Time(minute))
                }
                FilledWith::Reason => words(&board.reason(step)),
                FilledWith::MeasuresDone => None,
                FilledWith::ContactName => words(&person?.profile.name),
                FilledWith::ContactTitle => words(board.decider()),
                FilledWith::ContactReach => {
                    let profile = &person?.profile;
                    let phone = profile.phone.as_ref().map(|phone| format!(", {phone}")).unwrap_or_default();
                    words(&format!("{}{phone}", profile.email))
                }
            }
        };
        let fields = board.rules.fields_at(step.level);
        fields.filter_map(|field| Some((field.id.clone(), fill(field)?))).collect()
    }

    fn writer(&self, viewer: &Viewer) -> Result<Board<'_>, Trouble> {
        let board = self.readiness(viewer)?;
        if self.declares(viewer, &board) { Ok(board) } else { Err(only_the(&board, "send", "Ask them to.")) }
    }

    /// Keeps a report that is not finished.
    pub async fn save_report(&self, viewer: &Viewer, writing: &Writing) -> Result<(), Trouble> {
        self.writer(viewer)?;
        let by = viewer.account;
        self.change_readiness(viewer.tenant, by, |standing, board| {
            let step = board.timeline.step(writing.step).ok_or(Trouble::NotFound)?;
            let draft = Draft { step: step.id, values: writing.values.clone(), by, at: standing.now };
            Ok((board.readiness.draft(draft, step, board.rules, &board.zone)?, Vec::new()))
        })
        .await
    }

    /// Sends a report to everybody whom the policy names, except those who were left out with a reason.
    pub async fn issue_report(&self, viewer: &Viewer, writing: &Writing) -> Result<EntryId, Trouble> {
        self.writer(viewer)?;
        let (id, by): (EntryId, _) = (self.draw(), viewer.account);
        self.change_readiness(viewer.tenant, by, |standing, board| {
            let step = board.timeline.step(writing.step).ok_or(Trouble::NotFound)?;
            let all = board.recipients(standing.directory, standing.now);
            let (left, sent): (Vec<Sent>, Vec<Sent>) =
                all.into_iter().partition(|who| writing.left_out.contains(&key(who)));
            let left_out = match &writing.why {
                None if left.is_empty() => Vec::new(),
                Some(why) => left.into_iter().map(|who| Left { who, why: why.clone() }).collect(),
                None => {
                    let always = left.iter().find(|who| board.rules.always_told.contains(&who.role));
                    return Err(match always {
                        Some(who) => vec![mend("leave-out", format!("{} always gets the report.", who.name))],
                        None => vec![mend("leave-out-why", "Write why somebody is left out.")],
                    }
                    .into());
                }
            };
            let report = Issued {
                id,
                step: step.id,
                kind: writing.kind,
                level: step.level,
                values: writing.values.clone(),
                sent,
                left_out,
                by,
                at: standing.now,
            };
            let changes = board.readiness.issue(report.clone(), board.rules, &board.zone)?;
            let letters = self.report_letters(standing.directory, board, &report);
            Ok((changes, letters))
        })
        .await?;
        Ok(id)
    }

    /// Officers get a link; a body outside has no account and gets the report itself.
    fn report_letters(&self, directory: &Directory, board: &Board<'_>, report: &Issued) -> Vec<Letter> {
        let agency = directory.agency(board.tenant).map(|agency| agency.profile.name.en.clone()).unwrap_or_default();
        let kind = match report.kind {
            ReportKind::Change => "report of a change",
            ReportKind::Summary => "summary report",
        };
        let subject = format!("{agency}: {} {}, {kind}", board.rules.title, board.rules.says(report.level));
        let link = format!("{}/readiness/reports/{}", self.settings().public_address, report.id);
        let whole: String = board
            .lines(report)
            .iter()
            .map(|said| format!("{}:\n  {}\n\n", said.label, said.lines.join("\n  ")))
            .collect();
        let letter = |who: &Sent| {
            let words = if who.person.is_some() {
                format!("A {kind} was sent.\n\nRead it: {link}\n\nSign in to read it.\n")
            } else {
                format!("{subject}\n\n{whole}")
            };
            let to = who.mail.as_ref()?.to_string();
            Some(Letter { to, subject: subject.clone(), words, language: Language::English })
        };
        report.sent.iter().filter_map(letter).collect()
    }

    /// Records that a report was brought to somebody who has no address.
    pub async fn delivered_by_hand(
        &self,
        viewer: &Viewer,
        report: EntryId,
        to: &Name,
        how: &Line<300>,
    ) -> Result<(), Trouble> {
        self.writer(viewer)?;
        let by = viewer.account;
        self.change_readiness(viewer.tenant, by, |standing, board| {
            let known = board.readiness.reports.iter().find(|known| known.id == report).ok_or(Trouble::NotFound)?;
            if known.sent.iter().all(|who| who.name != *to) {
                return Err(Trouble::NotFound);
            }
            let delivered = Delivered { report, to: to.clone(), how: how.clone(), by, at: standing.now };
            Ok((vec![Change::Delivered(delivered)], Vec::new()))
        })
        .await
    }
}
