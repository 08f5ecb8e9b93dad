//! The questions of the public report as they stand on paper: the pack's own words, with room for a pen.

use crate::directory::{Agency, Unit};
use documents::{BlankReportView, Question, Space};
use domain::pack::{self, Language, Pack, QuestionKind, Words};
use domain::time::Instant;

/// The paper form, still without its day.
pub fn blank_view(
    pack: &Pack,
    agency: &Agency,
    unit: &Unit,
    language: Language,
    hand_in: String,
    link: String,
) -> BlankReportView {
    let say = Said { language };
    let introduction = [
        say.one("Write clearly. You don’t have to be sure.", "Escriba con letra clara. No tiene que estar seguro."),
        say.one(
            "Leave out passwords and anyone’s medical details.",
            "No incluya contraseñas ni datos médicos de nadie.",
        ),
        say.words(&pack.identity.says),
    ];
    BlankReportView {
        language: super::printed(language),
        agency: say.words(&agency.profile.name),
        unit: say.words(&unit.profile.name),
        title: say.one("Report a security problem", "Informe de un problema de seguridad"),
        introduction: introduction.into(),
        // Finer questions, and things one by one, are for a screen or for the officer who calls back.
        questions: (pack.questions.iter())
            .filter(|question| question.tiles.is_empty() && question.kind != QuestionKind::Named)
            .flat_map(|question| say.asked(pack, question))
            .collect(),
        hand_in,
        link,
        imprint: format!("{} · {}", unit.code, pack.title),
        issued_at: Instant::from_micros(0),
    }
}

struct Said {
    language: Language,
}

impl Said {
    fn one(&self, english: &str, spanish: &str) -> String {
        match self.language {
            Language::English => english.to_owned(),
            Language::Spanish => spanish.to_owned(),
        }
    }

    fn words(&self, words: &Words) -> String {
        words.text(self.language).to_owned()
    }

    /// One question; what is asked about things lost comes as several.
    fn asked(&self, pack: &Pack, question: &pack::Question) -> Vec<Question> {
        let labels = |items: &[pack::Item]| items.iter().map(|item| self.words(&item.label)).collect::<Vec<_>>();
        let space = match question.kind {
            QuestionKind::Tiles => {
                Space::AnyOf { choices: pack.tiles.iter().map(|tile| self.words(&tile.label)).collect() }
            }
            QuestionKind::Affected if !pack.systems.is_empty() => {
                Space::AnyOf { choices: pack.systems.iter().map(|system| self.words(&system.label)).collect() }
            }
            QuestionKind::YesNoUnsure => Space::OneOf {
                choices: vec![self.one("Yes", "Sí"), self.one("No", "No"), self.one("Not sure", "No estoy seguro")],
            },
            QuestionKind::ChooseOne => Space::OneOf { choices: labels(&question.choices) },
            QuestionKind::ChooseMany => Space::AnyOf { choices: labels(&question.choices) },
            QuestionKind::Loss => {
                let items = pack.loss.as_ref().map(|loss| labels(&loss.items)).unwrap_or_default();
                Space::AnyOf { choices: items }
            }
            QuestionKind::LongText => Space::Lines { lines: 10 },
            QuestionKind::Done | QuestionKind::Contact => Space::Lines { lines: 4 },
            QuestionKind::Place | QuestionKind::Affected | QuestionKind::Named => Space::Lines { lines: 2 },
            QuestionKind::ShortText | QuestionKind::When => Space::Lines { lines: 1 },
        };
        let mut hint = question.hint.as_ref().map(|hint| self.words(hint)).unwrap_or_default();
        if question.kind == QuestionKind::Contact {
            hint = self.one(
                "Name, telephone, e-mail, and where you work.",
                "Nombre, teléfono, correo electrónico y dónde trabaja.",
            );
        }
        let mut all = vec![Question { question: self.words(&question.title), hint, space }];
        if question.kind == QuestionKind::Loss
            && let Some(loss) = &pack.loss
        {
            all.extend(loss.questions.iter().flat_map(|asked| self.asked(pack, asked)));
        }
        all
    }
}
