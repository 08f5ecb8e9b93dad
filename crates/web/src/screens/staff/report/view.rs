//! One report as finished words, as far as this person may know it.

use super::told::{answer, channel, file, from, lost, own_reasons, reason, went};
use super::{Letter, ReportView, Said};
use crate::screens::frame::Choice;
use crate::screens::staff::desk::Staff;
use crate::screens::staff::inbox::{Sign, sign, tiles};
use crate::times;
use app::{App, ReportRow, Trouble};
use domain::actor::Actor;
use domain::incident::FactValue;
use domain::pack::{Language, Pack};
use domain::report::{GoingOn, KeptWhy, Report, SetAside, SetAsideReason, Standing, Submission, Told, particulars};
use domain::time::{Instant, Zone};

/// A report and who looks at it.
pub(super) struct View<'a> {
    pub app: &'a App,
    pub staff: &'a Staff,
    pub row: &'a ReportRow,
    pub report: &'a Report,
    pub zone: Zone,
    pub now: Instant,
}

impl View<'_> {
    pub fn make(
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
        let by = crate::screens::staff::home::actor(self.app, *by);
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

    pub fn said(&self, said: &Submission, pack: &Pack) -> Vec<Said> {
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

    pub fn reporter(&self, pack: &Pack) -> Vec<Said> {
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
            from: crate::screens::staff::home::actor(self.app, found.by),
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
