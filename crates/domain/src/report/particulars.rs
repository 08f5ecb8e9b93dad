//! How complete a report is: which of the policy's particulars it gives, which it says are not known yet, which it leaves
//! open. Nothing is refused for a gap; the person who reported is asked for it afterwards.

use super::Report;
use crate::pack::{Pack, Particular, Question, QuestionKind};
use crate::time::When;

/// Whether a particular was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// With the report, or later.
    Yes,
    /// It was said that nobody knows yet.
    NotKnown,
    /// Nothing was said.
    No,
}

/// The policy's particulars, each with whether this report gives it. For a reader who may not know who reported, the
/// ways to reach them count as given: a report is not sent without one.
pub fn particulars<'p>(report: &Report, pack: &'p Pack) -> Vec<(&'p Particular, Told)> {
    let given = |particular: &'p Particular| {
        let of = particular.questions.iter().filter_map(|id| pack.questions.iter().find(|q| q.id == *id));
        let answers: Vec<Told> = of.map(|question| answered(report, question)).collect();
        let first = [Told::Yes, Told::NotKnown].into_iter().find(|state| answers.contains(state));
        (particular, first.unwrap_or(Told::No))
    };
    pack.particulars.iter().map(given).collect()
}

fn answered(report: &Report, question: &Question) -> Told {
    let Some(said) = report.filed.as_ref().map(|filed| &filed.submission) else { return Told::No };
    if report.messages.iter().any(|m| m.about.as_ref() == Some(&question.id)) {
        return Told::Yes;
    }
    let own = || said.answers.iter().filter(|a| a.question == question.id);
    let unknown = |id: &str| matches!(id, "unknown" | "not-known" | "unsure");
    let says = own().any(|a| a.words.is_some() || a.choices.iter().any(|c| !unknown(c.as_str())));
    let filled = match question.kind {
        QuestionKind::Tiles => !said.happened.is_empty(),
        QuestionKind::Place => said.place.is_some(),
        QuestionKind::LongText => said.words.is_some(),
        QuestionKind::When => said.when != When::Unknown,
        QuestionKind::Affected => !said.systems.is_empty() || said.affected.is_some() || says,
        QuestionKind::Loss => !said.lost.is_empty(),
        QuestionKind::Done => [&said.done, &said.done_by_staff, &said.done_by_others].into_iter().any(Option::is_some),
        QuestionKind::Contact => {
            report.reporter.as_ref().is_none_or(|r| r.name.is_some() && (r.phone.is_some() || r.email.is_some()))
        }
        QuestionKind::YesNoUnsure
        | QuestionKind::ShortText
        | QuestionKind::ChooseOne
        | QuestionKind::ChooseMany
        | QuestionKind::Named => says,
    };
    match filled {
        true => Told::Yes,
        false if own().next().is_some() => Told::NotKnown,
        false => Told::No,
    }
}
