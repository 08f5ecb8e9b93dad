//! One report: everything that was said, who said it for those who may know, and what can be decided about it.

pub mod told;

use told::{answer, channel, from, lost, own_reasons};
pub use told::{file, reason, size, went};

use app::{App, ReportRow, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::actor::{Actor, Section};
use domain::incident::FactValue;
use domain::pack::{Language, Pack};
use domain::permission::{Action, Object, decide};
use domain::report::{GoingOn, KeptWhy, Report, SetAside, SetAsideReason, Standing, Submission, Told, particulars};
use domain::time::{Instant, Zone};
use serde::Deserialize;

use super::desk::{Desk, Flash, Staff, desks, page as shown};
use super::inbox::{Sign, sign, tiles};
use super::sorry::Answer;
use crate::{
    screens::frame::{Choice, Problem},
    times::{self, Stamp},
    typed::Typed,
};

/// `/inbox/{reference}`
#[derive(Debug, Template)]
#[template(path = "staff/report.html")]
pub struct ReportPage {
    /// The desk.
    pub desk: Desk,
    /// The report.
    pub view: ReportView,
    /// The form that was refused, so that it stays open.
    pub opened: String,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(ReportPage);

/// Everything about one report that this person may see.
#[derive(Debug, Clone)]
pub struct ReportView {
    /// `R-7KQ4-M2XD`
    pub reference: String,
    /// What happened, as chosen.
    pub what: String,
    /// When it arrived.
    pub received: Stamp,
    /// How it came in.
    pub channel: String,
    /// The policy edition it was taken under.
    pub policy: String,
    /// What has to be known about that edition on the day of the report, or empty.
    pub remark: String,
    /// Where it stands, in words.
    pub standing: String,
    /// Marks with words.
    pub signals: Vec<Sign>,
    /// The first words, for the pane beside the list.
    pub gist: String,
    /// The language it was written in when it was not English.
    pub spanish: bool,
    /// Everything that was said.
    pub said: Vec<Said>,
    /// Who reported; `None` for those who may not know.
    pub reporter: Option<Vec<Said>>,
    /// A sentence about the reporter's identity.
    pub identity: String,
    /// Where it went when it was filed.
    pub went: Vec<Said>,
    /// Files.
    pub files: Vec<File>,
    /// Questions and answers.
    pub letters: Vec<Letter>,
    /// Who is reading it.
    pub claimed: String,
    /// The incident it became part of: address and reference.
    pub incident: Option<(String, String)>,
    /// Duties that accepting would start: title, and by when.
    pub would_start: Vec<(String, String)>,
    /// Whether this person may decide, and nobody has.
    pub decides: bool,
    /// Whether this person may ask the reporter.
    pub asks: bool,
    /// The reasons for setting it aside.
    pub reasons: Vec<Choice>,
    /// What was found by those who looked into it.
    pub findings: Vec<Letter>,
    /// Who is kept from it: a sentence, and for a name that may be theirs the account and the field of the reason.
    pub kept: Vec<(String, Option<(String, String)>)>,
    /// Whether this person records a finding.
    pub finds: bool,
    /// Whose finding is missing before it can be set aside, or empty.
    pub finding_missing: String,
    /// Units it can be handed to.
    pub units: Vec<Choice>,
    /// Who decided about it, when, and what they added; empty while nobody has.
    pub decided: String,
    /// “3 of 4 particulars”, or empty where the policy counts none.
    pub complete: String,
    /// The policy's particulars, each with how it stands.
    pub particulars: Vec<(String, Sign)>,
    /// The questions of the policy's definition of an incident.
    pub definition: Vec<(String, String, &'static str)>,
    /// What the definition makes of the answers, or empty.
    pub finding: String,
    /// Whether accepting it would overrule the definition.
    pub overrules: bool,
    /// Where its forms go: `/inbox/R-7KQ4-M2XD`.
    pub address: String,
}

/// A question and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What was asked.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// `es` when it is in Spanish.
    pub lang: &'static str,
    /// Whether the answer is the reporter's own prose.
    pub own_words: bool,
}

/// A file of a report or incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, never a path.
    pub name: String,
    /// “1.4 MB”
    pub size: String,
    /// SHA-256 in hexadecimal.
    pub digest: String,
    /// Where it can be fetched, or empty.
    pub href: String,
}

/// A message between officer and reporter.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Who wrote it.
    pub from: String,
    /// When.
    pub at: Stamp,
    /// The words.
    pub words: String,
    /// Whether the office wrote it.
    pub ours: bool,
}

/// How closely a report is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Beside the list: nothing is noted.
    Glance,
    /// On its page: noted as opened.
    Open,
}

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// What has just been done.
    #[serde(default)]
    done: String,
    /// The form to open.
    #[serde(default, rename = "do")]
    act: String,
}

/// The page.
pub async fn page(
    State(app): State<App>,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Answer {
    let view = look(&app, &staff, &reference, Look::Open).await?.ok_or(Trouble::NotFound)?;
    let mut desk = staff.desk(&app, title(&view)).under("/inbox", "Inbox");
    desk.flash = match asked.done.as_str() {
        "asked" => Flash::says("Your question is on the reporter’s status page, and they were told to look."),
        "found" => Flash::says("The finding is on record."),
        "let-in" => Flash::says("They learn of it from now on. Your reason stays with the report."),
        "undone" => Flash::says("Undone. The report is waiting again."),
        "corrected" => Flash::says("On record. The first words stay beside it."),
        "weighed" => Flash::says("The answers are on record."),
        _ => None,
    };
    Ok(shown(&ReportPage { desk, view, opened: asked.act, typed: Typed::default() }))
}

/// The page again, with what was wrong and what was typed.
pub async fn again(
    app: &App,
    staff: &Staff,
    reference: &str,
    form: &str,
    typed: Typed,
    problems: Vec<Problem>,
) -> Answer {
    let view = look(app, staff, reference, Look::Glance).await?.ok_or(Trouble::NotFound)?;
    let desk = staff.desk(app, title(&view)).under("/inbox", "Inbox").mend(problems);
    Ok(shown(&ReportPage { desk, view, opened: form.to_owned(), typed }))
}

fn title(view: &ReportView) -> String {
    format!("{} {}", view.reference, view.what)
}

/// A report as this person may see it; `None` when there is nothing for them.
pub async fn look(app: &App, staff: &Staff, reference: &str, how: Look) -> Result<Option<ReportView>, Trouble> {
    let viewer = &staff.who.viewer;
    let (may, row) = match app.allow_on_report(viewer, reference, Action::Read, Section::Report).await {
        Ok(found) => found,
        Err(Trouble::NotFound) => return Ok(None),
        Err(other) => return Err(other),
    };
    let report = app.read_report(viewer, &may, &row).await?;
    let triages = decide(viewer, Action::Triage, may.object().clone(), Section::Report);
    if let Look::Open = how {
        app.note_look(&may).await?;
        if let (Ok(triage), false) = (&triages, report.readers.contains(&viewer.account)) {
            app.open_report(triage, &row).await?;
        }
    }
    let knows = decide(viewer, Action::Read, may.object().clone(), Section::Reporter).is_ok();
    let copies = decide(viewer, Action::Export, may.object().clone(), Section::Evidence).is_ok();
    let incident = match row.incident {
        // Whoever takes part came from the incident; asking for it again would be one statement too many.
        Some(id)
            if !matches!(may.object(), Object::Case { invited: true, .. })
                && decide(viewer, Action::Read, may.object().clone(), Section::Officer).is_ok() =>
        {
            let found = app.store().incident(row.tenant, id).await?;
            found.map(|i| (format!("/incidents/{}", i.reference), i.reference))
        }
        _ => None,
    };
    let view = View { app, staff, row: &row, report: &report, zone: staff.zone(app), now: staff.now() };
    view.make(knows, copies, triages.is_ok(), incident).map(Some)
}

/// What was said and who said it, for a page that decides nothing.
pub fn said_in(app: &App, staff: &Staff, row: &ReportRow, report: &Report, pack: &Pack) -> (Vec<Said>, Vec<Said>) {
    let view = View { app, staff, row, report, zone: staff.zone(app), now: staff.now() };
    let said = report.filed.as_ref().map(|filed| view.said(&filed.submission, pack)).unwrap_or_default();
    (said, view.reporter(pack))
}

struct View<'a> {
    app: &'a App,
    staff: &'a Staff,
    row: &'a ReportRow,
    report: &'a Report,
    zone: Zone,
    now: Instant,
}

impl View<'_> {
    fn make(
        &self,
        knows: bool,
        copies: bool,
        triages: bool,
        incident: Option<(String, String)>,
    ) -> Result<ReportView, Trouble> {
        let filed = self.report.filed.as_ref().ok_or(Trouble::NotFound)?;
        let pack = self.app.pack_of_report(self.report)?;
        let said = &filed.submission;
        let listing = self.report.listing().ok_or(Trouble::NotFound)?;
        let undecided = matches!(self.report.standing, Standing::Waiting | Standing::Asked);
        let what = tiles(pack, &said.happened);
        let address = format!("/inbox/{}", self.row.reference);
        Ok(ReportView {
            reference: self.row.reference.clone(),
            what: if what.is_empty() { "Report".to_owned() } else { what },
            received: times::stamp(filed.at, self.now, &self.zone),
            channel: channel(said.channel, filed.by, self.app),
            policy: pack.title.clone(),
            remark: pack.remark_on(filed.at.day_in(&self.zone)).unwrap_or_default(),
            standing: self.standing(),
            signals: listing.summary.signals.iter().copied().map(sign).collect(),
            gist: said.words.as_ref().map(|w| w.gist(400)).unwrap_or_default(),
            spanish: said.language == Language::Spanish,
            said: self.said(said, pack),
            reporter: knows.then(|| self.reporter(pack)),
            identity: self.identity(knows, said),
            went: went(self.app, self.report, pack, self.now, &self.zone),
            files: self.report.files.iter().map(|f| file(f, copies.then_some(&self.row.reference))).collect(),
            letters: self.letters(),
            claimed: self.claimed(),
            incident,
            would_start: if triages && undecided { self.would_start(pack)? } else { Vec::new() },
            decides: triages && undecided,
            asks: triages,
            findings: self.findings(),
            kept: self.kept(),
            finds: triages && undecided && self.app.finds(&self.staff.who.viewer, self.row, pack) == Some(true),
            finding_missing: self.finding_missing(pack),
            reasons: SetAsideReason::ALL.iter().map(|r| reason(*r)).chain(own_reasons(pack)).collect(),
            units: self.units(),
            decided: self.decided(),
            complete: self.complete(pack),
            particulars: self.particulars(pack),
            definition: self.definition(pack),
            finding: self.finding(),
            overrules: self.report.weighed.as_ref().is_some_and(|(weighing, ..)| weighing.incident == Some(false)),
            address,
        })
    }

    fn standing(&self) -> String {
        match self.report.standing {
            Standing::Waiting => "Waiting for a decision".to_owned(),
            Standing::Asked => "Waiting for the reporter’s answer".to_owned(),
            Standing::Accepted => "Part of an incident".to_owned(),
            Standing::SetAside => {
                let why = self.report.set_aside.as_ref().map(|w| self.why_aside(w)).unwrap_or_default();
                format!("Not an incident: {why}")
            }
        }
    }

    fn decided(&self) -> String {
        let Some((by, at)) = self.report.decided else { return String::new() };
        let note = self.report.set_aside.as_ref().and_then(|why| why.note.as_ref());
        let note = note.map(|note| format!(" – {note}")).unwrap_or_default();
        format!("Decided by {}, {}{note}", self.app.name_of(by), times::stamp(at, self.now, &self.zone).words)
    }

    fn complete(&self, pack: &Pack) -> String {
        let all = particulars(self.report, pack);
        let given = all.iter().filter(|(_, told)| *told == Told::Yes).count();
        if all.is_empty() { String::new() } else { format!("{given} of {} particulars", all.len()) }
    }

    fn particulars(&self, pack: &Pack) -> Vec<(String, Sign)> {
        let sign = |told| match told {
            Told::Yes => Sign { mark: "met", words: "Given" },
            Told::NotKnown => Sign { mark: "running", words: "Not known yet; asked for on the status page" },
            Told::No => Sign { mark: "soon", words: "Open; asked for on the status page" },
        };
        particulars(self.report, pack).into_iter().map(|(p, told)| (p.title.en.clone(), sign(told))).collect()
    }

    /// The questions: id, words, and the answer given.
    fn definition(&self, pack: &Pack) -> Vec<(String, String, &'static str)> {
        let given = self.report.weighed.as_ref().map(|(weighing, ..)| weighing.answers.as_slice()).unwrap_or_default();
        let answer = |id: &domain::pack::FactId| match given.iter().find(|a| a.fact == *id).map(|a| a.answer) {
            Some(FactValue::Yes) => "yes",
            Some(FactValue::No) => "no",
            Some(_) => "unknown",
            None => "",
        };
        let asks = pack.definition.iter().flat_map(|definition| &definition.asks);
        let row = |id: &domain::pack::FactId| {
            (id.to_string(), pack.fact(id).map(|f| f.asks.clone()).unwrap_or_default(), answer(id))
        };
        asks.map(row).collect()
    }

    fn finding(&self) -> String {
        let Some((weighing, by, at)) = &self.report.weighed else { return String::new() };
        let found = match weighing.incident {
            Some(true) => "By the policy’s definition this is an incident.",
            Some(false) => "By the policy’s definition this is not an incident.",
            None => "Too little is known to say what the policy’s definition makes of it.",
        };
        let by = super::home::actor(self.app, *by);
        format!("{found} Answered by {by}, {}.", times::short(*at, self.now, &self.zone).words)
    }

    /// The reason in words; a reason of the policy's own with who confirmed it, as what, when, and their words.
    fn why_aside(&self, why: &SetAside) -> String {
        let pack = self.app.pack_of_report(self.report).ok();
        let rule = why.rule.as_ref().and_then(|id| pack?.no_incident.iter().find(|rule| rule.id == *id));
        let Some(rule) = rule else { return reason(why.reason).label };
        let role = why.confirmed_as.as_ref().and_then(|id| pack?.role(id)).map(|role| role.title.en.to_lowercase());
        let who = self.report.decided.zip(role).map(|((by, at), role)| {
            let at = times::short(at, self.now, &self.zone).words;
            let words = why.note.as_ref().map(|note| format!(": “{note}”")).unwrap_or_default();
            format!(". Confirmed {at} by {}, {role}{words}", self.app.name_of(by))
        });
        format!("{}{}", rule.says, who.unwrap_or_default())
    }

    fn claimed(&self) -> String {
        match self.report.opened {
            Some((by, _)) if by == self.staff.who.viewer.account => String::new(),
            Some((by, at)) => format!("{} opened this {}.", self.app.name_of(by), times::ago(at, self.now)),
            None => String::new(),
        }
    }

    fn said(&self, said: &Submission, pack: &Pack) -> Vec<Said> {
        let lang = if said.language == Language::Spanish { "es" } else { "" };
        let mut all = Vec::new();
        let mut add = |question: &str, answer: String| {
            if !answer.is_empty() {
                all.push(Said { question: question.to_owned(), answer, lang: "", own_words: false });
            }
        };
        add("What happened", tiles(pack, &said.happened));
        let going_on = match said.going_on {
            Some(GoingOn::Yes) => "Yes",
            Some(GoingOn::No) => "No",
            Some(GoingOn::NotSure) => "Not sure",
            None => "",
        };
        add("Still going on", going_on.to_owned());
        let unit = |id| self.app.directory().unit(id).map(|u| u.profile.name.en.clone()).unwrap_or_default();
        let place = said.place.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
        add("Where", format!("{}{place}", unit(said.unit)));
        let when = times::when(&said.when, self.now, &self.zone).words;
        let typed = said.when_typed.as_ref().map(|t| format!(" (typed: “{t}”)")).unwrap_or_default();
        add("When", format!("{when}{typed}"));
        if said.noticed != domain::time::When::Unknown {
            add("Noticed", times::when(&said.noticed, self.now, &self.zone).words);
        }
        let systems = said.systems.iter().map(|s| {
            let class = pack.systems.iter().find(|c| c.id == s.class).map_or(s.class.as_str(), |c| c.label.en.as_str());
            s.description.as_ref().map_or_else(|| class.to_owned(), |d| format!("{class}: {d}"))
        });
        add("Systems", systems.collect::<Vec<_>>().join("\n"));
        for (at, item) in said.lost.iter().enumerate() {
            add(&format!("Lost or stolen, item {}", at + 1), lost(item, pack));
        }
        if said.recipient_involved {
            add("Who is involved", "The person they report to is involved; this went one level up.".to_owned());
        }
        let mut own = |question: &str, answer: Option<String>| {
            if let Some(answer) = answer {
                all.push(Said { question: question.to_owned(), answer, lang, own_words: true });
            }
        };
        own("In their own words", said.words.as_ref().map(ToString::to_string));
        for message in self.report.messages.iter().filter(|m| m.about.is_some()) {
            let title =
                pack.questions.iter().find(|q| message.about.as_ref() == Some(&q.id)).map(|q| q.title.en.as_str());
            let at = times::short(message.at, self.now, &self.zone).words;
            let label = format!(
                "{}, added or corrected by {}, {at}",
                title.unwrap_or("Another question"),
                from(self.app, message.by)
            );
            own(&label, Some(message.words.to_string()));
        }
        own("People and information affected", said.affected.as_ref().map(ToString::to_string));
        let done = [
            ("Done so far by the reporter", "yours", &said.done),
            ("Done so far by technical staff", "staff", &said.done_by_staff),
            ("Done so far by others", "others", &said.done_by_others),
        ];
        for (label, part, words) in done {
            let time = said.times.iter().find(|t| t.part.as_ref().is_some_and(|p| p.as_str() == part));
            let time =
                time.map(|t| format!("\n{}", times::when(&t.when, self.now, &self.zone).words)).unwrap_or_default();
            own(label, words.as_ref().map(|words| format!("{words}{time}")));
        }
        for answered in &said.answers {
            let question = pack.questions.iter().find(|q| q.id == answered.question);
            own(question.map_or("Another question", |q| q.title.en.as_str()), Some(answer(answered, pack)));
        }
        all
    }

    fn reporter(&self, pack: &Pack) -> Vec<Said> {
        let Some(reporter) = &self.report.reporter else { return Vec::new() };
        let kind = reporter.workforce.as_ref().and_then(|id| {
            let of_pack = pack.workforce.iter().find(|w| w.id == *id);
            let outside = of_pack.is_some_and(|w| w.external);
            let own = || self.app.kinds_for(self.row.unit, self.row.received_at).into_iter().find(|(own, _)| own == id);
            let label = of_pack.map(|w| w.label.en.clone()).or_else(|| own().map(|(_, label)| label.en))?;
            Some(if outside { format!("{label} (external: the policy does not bind them)") } else { label })
        });
        [
            ("Name", reporter.name.as_ref().map(ToString::to_string)),
            ("Telephone", reporter.phone.as_ref().map(ToString::to_string)),
            ("E-mail", reporter.email.as_ref().map(ToString::to_string)),
            ("Kind of work", kind),
            ("Place of work", reporter.work_place.as_ref().map(ToString::to_string)),
        ]
        .into_iter()
        .filter_map(|(question, answer)| {
            Some(Said { question: question.to_owned(), answer: answer?, lang: "", own_words: false })
        })
        .collect()
    }

    fn identity(&self, knows: bool, said: &Submission) -> String {
        match (knows, self.report.reporter.is_some(), said.shielded) {
            (false, ..) => "Only those who handle the report see who reported it.".to_owned(),
            (true, true, true) => "They ask that only those who handle this learn their name.".to_owned(),
            (true, true, false) => String::new(),
            (true, false, _) => "No name was given. You can ask questions through the status page.".to_owned(),
        }
    }

    fn letters(&self) -> Vec<Letter> {
        let letter = |m: &domain::report::Message| Letter {
            from: from(self.app, m.by),
            at: times::short(m.at, self.now, &self.zone),
            words: m.words.to_string(),
            ours: matches!(m.by, Actor::Account(_)),
        };
        self.report.messages.iter().map(letter).collect()
    }

    /// Who is kept from it now, and why.
    fn kept(&self) -> Vec<(String, Option<(String, String)>)> {
        let now = self.report.kept.iter().filter(|kept| kept.let_in.is_none());
        now.map(|kept| {
            let (account, name) = (kept.who.account, self.app.name_of(kept.who.account));
            let says = match kept.who.why {
                KeptWhy::Involved => format!("{name}: the person who reported says that they are involved."),
                KeptWhy::Named => {
                    format!("{name}: a name in the report may be theirs. They see nothing of it until you say so.")
                }
                KeptWhy::Said => format!("{name}: kept from it by whoever works on it."),
            };
            (says, kept.can_be_let_in().then(|| (account.to_string(), format!("let-in-{account}"))))
        })
        .collect()
    }

    fn findings(&self) -> Vec<Letter> {
        let letter = |found: &domain::report::Finding| Letter {
            from: super::home::actor(self.app, found.by),
            at: times::short(found.at, self.now, &self.zone),
            words: found.words.to_string(),
            ours: true,
        };
        self.report.findings.iter().map(letter).collect()
    }

    fn finding_missing(&self, pack: &Pack) -> String {
        let role = pack.set_aside.as_ref().and_then(|rule| pack.role(&rule.needs_finding_by));
        match role {
            Some(role) if self.report.findings.is_empty() => {
                format!(
                    "{} has not recorded a finding yet. Without one this report cannot be set aside.",
                    role.title.en
                )
            }
            _ => String::new(),
        }
    }

    fn would_start(&self, pack: &Pack) -> Result<Vec<(String, String)>, Trouble> {
        let duties = self.app.foresee_accepting(self.report, self.row)?;
        let words = |d: &domain::incident::Duty| {
            let by = match (d.due.day, d.due.by) {
                (Some(day), _) => format!("by {}", times::day(day)),
                (None, Some(by)) if by <= self.now => "now".to_owned(),
                (None, Some(by)) => format!("by {}", times::short(by, self.now, &self.zone).words),
                (None, None) => "no fixed date".to_owned(),
            };
            let cite = d.clauses.first().and_then(|c| pack.clause(c)).map(|c| format!(" ({})", c.cite));
            (d.title.to_string(), format!("{by}, owed by {}{}", d.owed_by, cite.unwrap_or_default()))
        };
        Ok(duties.iter().map(words).collect())
    }

    fn units(&self) -> Vec<Choice> {
        let directory = self.app.directory();
        let units = directory.units_of(self.row.tenant).into_iter();
        units
            .filter(|u| u.id != self.row.handling_unit)
            .map(|u| Choice::new(&u.id.to_string(), u.profile.name.en.clone()))
            .collect()
    }
}
