//! What is wrong with a pack, where, and what to write instead.

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use std::{fmt, ops::Range, sync::Arc};

/// The kinds of mistake a pack can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Problem {
    /// The file is not TOML.
    Syntax,
    /// A key that the language does not have.
    UnknownKey,
    /// A key is missing, or its value is of the wrong kind.
    WrongShape,
    /// No `pack.toml`, or more than one.
    NoPackFile,
    /// An included file is not there.
    MissingInclude,
    /// No `[pack]` table.
    MissingHead,
    /// No `[source]` table or no SOURCES.md.
    MissingSource,
    /// No first day of force, and no word that the text states none.
    MissingEffectiveDate,
    /// A single table stands twice.
    TableTwice,
    /// Two items of one kind share an id.
    DuplicateId,
    /// The text is not a possible name.
    BadName,
    /// A clause id that the pack does not list.
    UnknownClause,
    /// A reference to some other item that is not there.
    UnknownReference,
    /// An item that cites no clause.
    NoClause,
    /// A role that nobody can be reached in.
    UnreachableRole,
    /// An obligation that nothing can prove.
    NoEvidence,
    /// A rule of law about which nobody says how it was checked.
    Unverified,
    /// A number without a unit.
    ThresholdWithoutUnit,
    /// A term, condition, date or other small phrase that cannot be read.
    Unreadable,
    /// Duties that wait for each other.
    Cycle,
    /// Two editions of one policy in force on one day.
    OverlappingEditions,
    /// Public text without Spanish or without English.
    MissingLanguage,
    /// Advice that is not three to five lines.
    AdviceLength,
    /// No worked case.
    NoWorkedCase,
    /// A worked case comes out differently.
    CaseDiffers,
    /// No route that takes every report.
    NoRoute,
    /// Text that does not fit where it is shown.
    TooLong,
    /// A playbook without steps.
    NoStep,
}

impl Problem {
    /// A stable name for documentation and tests: `policy::unknown-clause`.
    pub fn code(self) -> &'static str {
        match self {
            Problem::Syntax => "policy::syntax",
            Problem::UnknownKey => "policy::unknown-key",
            Problem::WrongShape => "policy::wrong-shape",
            Problem::NoPackFile => "policy::no-pack-file",
            Problem::MissingInclude => "policy::missing-include",
            Problem::MissingHead => "policy::missing-head",
            Problem::MissingSource => "policy::missing-source",
            Problem::MissingEffectiveDate => "policy::missing-effective-date",
            Problem::TableTwice => "policy::table-twice",
            Problem::DuplicateId => "policy::duplicate-id",
            Problem::BadName => "policy::bad-name",
            Problem::UnknownClause => "policy::unknown-clause",
            Problem::UnknownReference => "policy::unknown-reference",
            Problem::NoClause => "policy::no-clause",
            Problem::UnreachableRole => "policy::unreachable-role",
            Problem::NoEvidence => "policy::no-evidence",
            Problem::Unverified => "policy::unverified",
            Problem::ThresholdWithoutUnit => "policy::threshold-without-unit",
            Problem::Unreadable => "policy::unreadable",
            Problem::Cycle => "policy::cycle",
            Problem::OverlappingEditions => "policy::overlapping-editions",
            Problem::MissingLanguage => "policy::missing-language",
            Problem::AdviceLength => "policy::advice-length",
            Problem::NoWorkedCase => "policy::no-worked-case",
            Problem::CaseDiffers => "policy::case-differs",
            Problem::NoRoute => "policy::no-route",
            Problem::TooLong => "policy::too-long",
            Problem::NoStep => "policy::no-step",
        }
    }
}

/// Bytes of a line that are shown in full.
const WIDEST: usize = 400;

/// Letters of a sentence that quotes what somebody wrote.
const LONGEST: usize = 1_000;

/// A sentence that quotes something endless ends early.
fn told(words: String) -> String {
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

/// One mistake: file, place, what is wrong, what to write instead.
#[derive(Clone, thiserror::Error)]
#[error("{says}")]
pub struct Report {
    /// Its kind.
    pub problem: Problem,
    /// The file it is in.
    pub path: String,
    /// What is wrong, in a sentence.
    pub says: String,
    /// What to write instead.
    pub help: String,
    /// The place in the file, in bytes.
    pub place: Range<usize>,
    /// A word at the caret.
    label: String,
    text: Arc<NamedSource<Arc<str>>>,
}

impl Report {
    pub(crate) fn new(problem: Problem, file: &File, place: Range<usize>, says: String, help: String) -> Report {
        let end = file.text.len();
        let place = place.start.min(end)..place.end.min(end);
        let label = "here".to_owned();
        let (says, help) = (told(says), told(help));
        Report { problem, path: file.path.clone(), says, help, place, label, text: file.named.clone() }
    }

    /// Line of the place, counted from 1.
    pub fn line(&self) -> usize {
        let text: &str = self.text.inner();
        1 + text.bytes().take(self.place.start).filter(|b| *b == b'\n').count()
    }

    /// The same under the name by which the reader knows the file.
    #[must_use]
    pub fn named(&self, path: &str) -> Report {
        let text = Arc::new(NamedSource::new(path, self.text.inner().clone()).with_language("toml"));
        Report { path: path.to_owned(), text, ..self.clone() }
    }

    /// The diagnostic as it is printed on a terminal: file, line, caret and help, without colours. Of a very long line
    /// only the part around the place is shown.
    pub fn render(&self) -> String {
        match self.narrowed() {
            Some(narrow) => narrow.printed(),
            None => self.printed(),
        }
    }

    /// With every line cut that is too long to be read, which the printer cannot count the columns of either.
    fn narrowed(&self) -> Option<Report> {
        let text: &str = self.text.inner();
        if text.lines().all(|line| line.len() <= WIDEST) {
            return None;
        }
        let whole = |at: usize| (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        let mut narrow = String::new();
        let mut place = 0..0;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let (next, end) = (at + line.len(), at + line.trim_end_matches('\n').len());
            let (first, last) = if end - at <= WIDEST {
                (at, end)
            } else {
                let near = self.place.start.clamp(at, end).max(at + WIDEST / 2) - WIDEST / 2;
                (whole(near), whole((near + WIDEST).min(end)))
            };
            let lead = if first > at { "…" } else { "" };
            let start = narrow.len() + lead.len();
            let moved = |position: usize| start + position.clamp(first, last) - first;
            if (at..=next).contains(&self.place.start) {
                place.start = moved(self.place.start);
            }
            if (at..=next).contains(&self.place.end) {
                place.end = moved(self.place.end);
            }
            narrow.push_str(lead);
            narrow.push_str(&text[first..last]);
            narrow.push_str(if last < end { "…" } else { "" });
            narrow.push_str(&text[end..next]);
            at = next;
        }
        let place = place.start..place.end.max(place.start);
        let text = Arc::new(NamedSource::new(&self.path, Arc::from(narrow)).with_language("toml"));
        Some(Report { place, text, ..self.clone() })
    }

    fn printed(&self) -> String {
        let mut out = String::new();
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
        match handler.render_report(&mut out, self) {
            Ok(()) => out,
            Err(fmt::Error) => format!("{}:{}: {self}\n  {}\n", self.path, self.line(), self.help),
        }
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} ({})", self.path, self.line(), self.says, self.problem.code())
    }
}

impl Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.problem.code()))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = (self.place.start, self.place.len());
        Some(Box::new(std::iter::once(LabeledSpan::new(Some(self.label.clone()), span.0, span.1))))
    }
}

/// A file as the compiler holds it.
pub(crate) struct File {
    pub path: String,
    pub text: Arc<str>,
    named: Arc<NamedSource<Arc<str>>>,
}

impl File {
    pub fn new(path: &str, text: &str) -> File {
        let text: Arc<str> = Arc::from(text);
        let named = Arc::new(NamedSource::new(path, text.clone()).with_language("toml"));
        File { path: path.to_owned(), text, named }
    }
}
